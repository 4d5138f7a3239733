"""What a sample, or a part of the rows, may say and may not."""

from pathlib import Path

import pytest

from kept.checks.covered_systems import CHECK as COVERED_SYSTEMS
from kept.checks.declared_data import CHECK as DECLARED_DATA
from kept.checks.port import Check
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Sample
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import DatasetId, State
from kept.inventory.discovery import inventory_of
from kept.inventory.scanned import Scanned
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import DataCategory

C = DataCategory
BOTH = pytest.mark.parametrize("check", [DECLARED_DATA, COVERED_SYSTEMS])
FIELDS = [held("id"), held("name", C.USER_NAME)]
ROWS = [(number, f"Ana {number}") for number in range(3_000)]


def said(check: Check, bench: CheckBench, **dataset: object) -> DutyVerdict:
    bench.promise(check.duty, data=[C.USER_NAME])
    rows = dataset.pop("with_rows", ROWS)
    bench.dataset("customers", FIELDS, ROWS)
    if dataset:
        bench.dataset("prices", [held("price", score=0.0)], rows, **dataset)  # type: ignore[arg-type]
    return bench.said(check)


@BOTH
def test_reading_a_part_of_the_rows_keeps_nothing(check: Check) -> None:
    partly = said(check, CheckBench(row_budget=100))
    assert partly.verdict is Verdict.UNPROVEN
    assert "app.customers" in partly.reason
    assert "row budget" in partly.reason
    assert said(check, CheckBench(row_budget=3_000)).verdict is Verdict.KEPT
    assert said(check, CheckBench()).verdict is Verdict.KEPT


@BOTH
def test_a_part_of_the_rows_can_break_all_the_same(check: Check) -> None:
    bench = CheckBench(row_budget=100)
    fields = [held("mail", C.USER_CONTACT_EMAIL, score=0.99)]
    rows = [("ana@example.com",)] * 500
    bench.dataset("guests", fields, rows, state=State.UNLISTED)
    assert said(check, bench).verdict is Verdict.BROKEN


@BOTH
def test_what_nobody_decided_and_only_a_sample_showed_keeps_nothing(check: Check) -> None:
    rows = [("a note",)] * 3_000
    unseen = said(check, CheckBench(), state=State.UNLISTED, only_sampled=True, with_rows=rows)
    assert unseen.verdict is Verdict.UNPROVEN
    assert "app.prices" in unseen.reason
    assert "sample" in unseen.reason
    whole = said(check, CheckBench(), state=State.UNLISTED, only_sampled=False, with_rows=rows)
    assert whole.verdict is Verdict.KEPT


@BOTH
def test_what_nobody_decided_and_holds_no_words_is_proved_by_reading_all_of_it(
    check: Check,
) -> None:
    more = {"state": State.UNLISTED, "only_sampled": True}
    for value in (1, "2026-11-22T09:00:00Z", "550e8400-e29b-41d4-a716-446655440000", None):
        numbers = said(check, CheckBench(), with_rows=[(value,)] * 3_000, **more)
        assert numbers.verdict is Verdict.KEPT, value
    mail = [*[(1,)] * 2_999, ("ana@example.com",)]
    found = said(check, CheckBench(), with_rows=mail, **more)
    assert found.verdict is Verdict.UNPROVEN
    assert "app.prices" in found.reason


@BOTH
def test_what_a_person_decided_was_looked_at_and_the_evidence_counts_it(check: Check) -> None:
    verdict = said(check, CheckBench(), only_sampled=True, with_rows=[(1,)] * 3_000)
    assert verdict.verdict is Verdict.KEPT
    if check is DECLARED_DATA:
        assert verdict.evidence["fields_accepted"] == 1


def test_a_clause_that_denies_a_category_is_not_kept_by_a_sample() -> None:
    bench = CheckBench()
    bench.promise(DECLARED_DATA.duty, data=[C.USER_NAME])
    denial = bench.promise(DECLARED_DATA.duty, terms={"denied": ["user.demographic"]})
    bench.dataset(
        "prices",
        [held("price", score=0.0)],
        [("nine",)] * 9,
        state=State.UNLISTED,
        only_sampled=True,
    )
    assert bench.said(DECLARED_DATA, denial).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("rows", "read", "distinct", "partly"),
    [(3, 3, 3, False), (3_000, 1_000, 3, True), (300, 300, 300, True), (0, 0, 0, False)],
)
def test_discovery_says_whether_it_saw_every_value(
    rows: int, read: int, distinct: int, *, partly: bool
) -> None:
    values = tuple(f"v{number}" for number in range(min(distinct, 200)))
    table = Table(name="t", columns=(Column(name="x", type="TEXT"),))
    sample = Sample(
        dataset="t",
        rows=rows,
        read=read,
        values={"x": values},
        nulls={"x": 0},
        distinct={"x": distinct},
    )
    catalog = Catalog(store="app", engine="memory", tables=(table,))
    datamap = parse_datamap("", stores={"app": Path()})
    found = inventory_of([catalog], datamap, {DatasetId("app", "t"): sample})
    assert found.datasets[0].only_sampled is partly
    assert inventory_of([catalog], datamap).datasets[0].only_sampled


def _scan(read: int, found: dict[str, dict[DataCategory, int]]) -> Scanned:
    at = CheckBench().now
    ended = at if read == 3_000 else None
    counted = {"words/1": {name: {} for name in ("note", "price")}}
    return Scanned(
        structure="", rows=3_000, read=read, found=found, counted=counted, begun=at, at=at,
        ended=ended,
    )  # fmt: skip


def test_what_a_full_scan_saw_and_no_clause_states_has_to_be_decided() -> None:
    bench = CheckBench(part=100)
    promise = bench.promise(DECLARED_DATA.duty, data=[C.USER_NAME])
    note = held("note", score=0.0)
    made = bench.dataset("notes", [held("id"), note], [(1, "x")] * 3_000)
    bench.scans[made.id] = _scan(3_000, {})
    assert bench.said(DECLARED_DATA, promise).verdict is Verdict.KEPT
    bench.scans[made.id] = _scan(3_000, {"note": {C.USER_FINANCIAL_CREDIT_CARD: 1}})
    found = bench.said(DECLARED_DATA, promise)
    assert found.verdict is Verdict.UNPROVEN
    assert "app.notes.note" in found.reason


def test_a_verdict_that_a_part_leaves_open_says_how_much_was_read() -> None:
    bench = CheckBench(part=12)
    promise = bench.promise(DECLARED_DATA.duty, data=[C.USER_NAME])
    rows = [(1,)] * 3_000
    made = bench.dataset("prices", [held("price", score=0.0)], rows, state=State.UNLISTED)
    reason = bench.said(DECLARED_DATA, promise).reason
    assert "app.prices, 0.4 % read: `kept map --full` reads every row" in reason
    bench.scans[made.id] = _scan(1_500, {})
    assert "50 % read, a full scan has come to 50 %" in bench.said(DECLARED_DATA, promise).reason
