"""What a full scan proves for a check that reads no more than a part, and until when."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.checks.authentication import CHECK as AUTHENTICATION
from kept.checks.card_number import Lean
from kept.checks.card_tokenisation import CHECK as CARDS
from kept.checks.card_watch import CardWatch, cards_in, tried_in
from kept.checks.covered_systems import CHECK as COVERED_SYSTEMS
from kept.checks.declared_data import CHECK as DECLARED_DATA
from kept.checks.port import Check
from kept.checks.proof import share
from kept.checks.watch import FieldCounts, Watch
from kept.checks.watches import watches_of
from kept.inventory.classification.tally import Tally
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, State
from kept.inventory.scanned import Memory, Scanned
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import NOW, CheckBench, held
from kept.vocabulary.data_category import DataCategory as C

CARD = "4111 1111 1111 1111"
ROWS = 2_000
PART = 100
MD5 = "5f4dcc3b5aa765d61d8327deb882cf99"
ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b3dWRWJTmaaJObG"


def scan_of(dataset: Dataset, rows: Sequence[tuple[Value, ...]], **more: object) -> Scanned:
    """Return what a full scan of `rows` leaves, in two runs."""
    watches = watches_of(dataset)
    names = [each.name for each in dataset.fields]
    tally = Tally({})
    for part in (rows[: len(rows) // 3], rows[len(rows) // 3 :]):
        carried = [(each.counts(), each.memory()) for each in watches]
        watches = watches_of(dataset)
        tally.add(names, part)
        for watch, (counts, memory) in zip(watches, carried, strict=True):
            watch.resume(counts, memory)
            show(watch, names, part)
    scan = Scanned(
        structure="",
        rows=len(rows),
        read=len(rows),
        found=tally.counts,
        counted={each.check: each.counts() for each in watches},
        begun=NOW - timedelta(hours=6),
        at=NOW - timedelta(hours=5),
        ended=NOW - timedelta(hours=5),
    )
    return replace(scan, **more)  # type: ignore[arg-type]  # fields of Scanned


def show(watch: Watch, names: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
    columns = [[row[names.index(each)] for row in rows] for each in watch.fields]
    watch.observe(columns)


def bench_of(check: Check, last: Value, *, name: str = "note") -> tuple[CheckBench, Dataset]:
    """Return a company with one large table, in whose last row alone `last` stands."""
    bench = CheckBench(part=PART)
    bench.promise(check.duty, data=[C.USER_NAME])
    fields = [held("id"), held(name)] if check is CARDS else [held("id"), held(name, score=0.0)]
    usual = ARGON2 if check is AUTHENTICATION else "left at the door"
    rows = [(number, usual) for number in range(ROWS - 1)]
    return bench, bench.dataset("orders", fields, [*rows, (ROWS, last)])


CASES = [
    (CARDS, "note", CARD, "left at the door", Verdict.BROKEN),
    (AUTHENTICATION, "password", MD5, ARGON2, Verdict.BROKEN),
    (DECLARED_DATA, "note", CARD, "left at the door", Verdict.UNPROVEN),
]
EACH = pytest.mark.parametrize(("check", "name", "bad", "good", "worst"), CASES)


def said(check: Check, bench: CheckBench) -> DutyVerdict:
    return bench.said(check)


@EACH
def test_what_a_part_does_not_show_is_unproven_and_says_how_much_was_read_and_what_proves_it(
    check: Check, name: str, bad: str, good: str, worst: Verdict
) -> None:
    del worst
    for last in (bad, good):
        bench, _ = bench_of(check, last, name=name)
        if check is AUTHENTICATION:
            bench.datasets[0] = replace(
                bench.datasets[0],
                fields=(held("id"), held(name, C.USER_AUTHORIZATION_PASSWORD)),
            )
        verdict = said(check, bench)
        assert verdict.verdict is Verdict.UNPROVEN
        assert "app.orders, 5 % read" in verdict.reason
        assert "kept map --full" in verdict.reason
        assert (verdict.coverage["rows_read"], verdict.coverage["rows"]) == (PART, ROWS)


@EACH
def test_a_full_scan_within_the_cadence_keeps_what_is_clean_and_breaks_what_is_not(
    check: Check, name: str, bad: str, good: str, worst: Verdict
) -> None:
    for last, expected in ((good, Verdict.KEPT), (bad, worst)):
        bench, dataset = bench_of(check, last, name=name)
        if check is AUTHENTICATION:
            dataset = replace(
                dataset, fields=(held("id"), held(name, C.USER_AUTHORIZATION_PASSWORD))
            )
            bench.datasets[0] = dataset
        bench.scans[dataset.id] = scan_of(dataset, bench.content["orders"])
        verdict = said(check, bench)
        assert verdict.verdict is expected, verdict
        assert verdict.coverage["rows_read"] == verdict.coverage["rows"] == ROWS
        assert verdict.coverage["datasets_fully_scanned"] == 1
        if expected is Verdict.BROKEN:
            assert [each.count for each in verdict.findings] == [1]
            assert "kept map --full --again" in verdict.findings[0].remedy
        assert bad not in repr(verdict)


AGED = [
    ({"begun": NOW - timedelta(days=2)}, "older than 1 day"),
    ({"begun": NOW - timedelta(days=1, seconds=1)}, "older than 1 day"),
    ({"ended": None, "read": 1_999}, "come to 99 %"),
    ({"cut": 1}, "too long"),
    ({"unreadable": ("note",)}, "may not read"),
    ({"counted": {}}, "did not count"),
    ({"counted": {"card-numbers/1": {"id": {}}}}, "did not count"),
]


@pytest.mark.parametrize(("change", "why"), AGED)
def test_an_old_or_partial_scan_proves_nothing_and_the_reason_says_so(
    change: dict[str, object], why: str
) -> None:
    bench, dataset = bench_of(CARDS, "left at the door")
    whole = scan_of(dataset, bench.content["orders"])
    bench.scans[dataset.id] = replace(whole, begun=NOW - timedelta(days=1))
    assert bench.said(CARDS).verdict is Verdict.KEPT
    bench.scans[dataset.id] = replace(whole, **change)  # type: ignore[arg-type]
    verdict = bench.said(CARDS)
    assert verdict.verdict is Verdict.UNPROVEN
    assert why in verdict.reason


def test_what_a_fresh_part_of_a_scan_found_breaks_and_what_an_old_one_found_does_not() -> None:
    bench, dataset = bench_of(CARDS, CARD)
    whole = scan_of(dataset, bench.content["orders"])
    bench.scans[dataset.id] = replace(whole, ended=None, rows=3 * ROWS)
    verdict = bench.said(CARDS)
    assert verdict.verdict is Verdict.BROKEN
    assert "at least 1 row" in verdict.findings[0].message
    bench.scans[dataset.id] = replace(whole, begun=NOW - timedelta(days=9))
    assert bench.said(CARDS).verdict is Verdict.UNPROVEN


def test_while_tonights_scan_runs_last_nights_still_counts() -> None:
    bench, dataset = bench_of(CARDS, "left at the door")
    before = scan_of(dataset, bench.content["orders"])
    now = replace(before, begun=NOW, read=10, ended=None, before=before)
    bench.scans[dataset.id] = now
    assert bench.said(CARDS).verdict is Verdict.KEPT
    stale = replace(before, begun=NOW - timedelta(days=3))
    bench.scans[dataset.id] = replace(now, before=stale)
    assert bench.said(CARDS).verdict is Verdict.UNPROVEN


def test_a_scan_holds_however_a_person_labels_the_field_afterwards() -> None:
    generator = random.Random(3)  # noqa: S311 - reproducible, not secret
    numbers = [str(4 * 10**15 + generator.randrange(10**15)) for _ in range(ROWS)]
    rows = [(place, number) for place, number in enumerate(numbers)]
    for field in (held("ref"), held("order_no"), held("ref", C.USER_FINANCIAL_CREDIT_CARD)):
        bench = CheckBench(part=PART)
        bench.promise(CARDS.duty)
        dataset = bench.dataset("orders", [held("id"), field], rows)
        scanned = replace(dataset, fields=(held("id"), held(field.name)))
        bench.scans[dataset.id] = scan_of(scanned, rows)
        assert bench.said(CARDS).verdict is Verdict.KEPT, field


def test_what_a_small_dataset_holds_now_counts_and_not_what_a_scan_found_once() -> None:
    bench = CheckBench()
    bench.promise(CARDS.duty)
    dataset = bench.dataset("orders", [held("id"), held("note")], [(1, "gone")] * 9)
    bench.scans[dataset.id] = scan_of(dataset, [(1, CARD)] * 9)
    assert bench.said(CARDS).verdict is Verdict.KEPT


def test_words_that_nobody_decided_about_stay_unproven_whatever_was_scanned() -> None:
    bench = CheckBench(part=PART)
    bench.promise(DECLARED_DATA.duty, data=[C.USER_NAME])
    rows = [(number, "Ana Silva") for number in range(ROWS)]
    fields = [held("id", score=0.0), held("x", score=0.0)]
    more = {"state": State.UNLISTED, "only_sampled": True}
    dataset = bench.dataset("odd", fields, rows, **more)
    bench.scans[dataset.id] = scan_of(dataset, rows)
    verdict = bench.said(DECLARED_DATA)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "stand words" in verdict.reason
    numbers = [(number, number) for number in range(ROWS)]
    bench.content["odd"] = list(numbers)
    bench.scans[dataset.id] = scan_of(dataset, numbers)
    assert bench.said(DECLARED_DATA).verdict is Verdict.KEPT


NUMBERS = st.sampled_from(
    ["4111111111111111", CARD, "order 4532015112830366", "4111111111111112", "x", "", None, 7]
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(NUMBERS, max_size=30), cut=st.integers(0, 30))
def test_a_scan_in_two_runs_counts_what_one_run_counts(rows: list[Value], cut: int) -> None:
    dataset = DatasetId("app", "orders")
    whole = CardWatch.of_all(dataset, ("note",))
    whole.observe([rows])
    first = CardWatch.of_all(dataset, ("note",))
    first.observe([rows[:cut]])
    second = CardWatch.of_all(dataset, ("note",))
    second.resume(first.counts(), first.memory())
    second.observe([rows[cut:]])
    assert second.counts() == whole.counts()
    assert "4111" not in repr(second.counts())


@pytest.mark.parametrize("check", [CARDS, DECLARED_DATA, AUTHENTICATION, COVERED_SYSTEMS])
def test_a_schema_that_may_not_be_read_leaves_absence_unproven(check: Check) -> None:
    for unread, expected in (((), Verdict.KEPT), ((("hr", "permission denied"),), None)):
        bench = CheckBench(unread=unread)
        bench.promise(check.duty, data=[C.USER_NAME])
        fields = [held("id"), held("password", C.USER_AUTHORIZATION_PASSWORD)]
        bench.claimed = frozenset({AUTHENTICATION.duty})
        bench.dataset("t", fields, [(1, ARGON2)])
        verdict = bench.said(check)
        assert verdict.verdict is (expected or Verdict.UNPROVEN), verdict.reason
        assert bool(unread) == ("app.hr, where it was not read" in verdict.reason)


def test_a_number_that_is_seen_again_in_the_next_night_counts_once() -> None:
    counts: FieldCounts = {}
    memory: Memory = {}
    for _ in range(5):
        watch = CardWatch.of_all(DatasetId("app", "orders"), ("merchant_id",))
        watch.resume(counts, memory)
        # It passes the check digit, as one number in ten does.
        watch.observe([["4532015112830366"] * 1_000])
        counts, memory = watch.counts(), watch.memory()
    assert tried_in(counts["merchant_id"], Lean.OTHER) == {"candidates": 1, "passing": 1}
    assert cards_in([counts["merchant_id"]], Lean.OTHER) == 0
    assert sum(map(len, memory.values())) < 10


def test_a_share_is_never_rounded_up_to_all_nor_down_to_nothing() -> None:
    assert share(20_000, 5_000_000) == "0.4 %"
    assert share(4_999_999, 5_000_000) == "99.9 %"
    assert share(1, 5_000_000) == "0.00002 %"
    assert share(0, 5) == "0 %"
