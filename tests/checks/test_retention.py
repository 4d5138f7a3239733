from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks.overdue import AtClock, Rows
from kept.checks.retention import CHECK, MINIMUM_LONGER, TOO_LONG
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Erasing, Minimum
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Category, Promise
from kept.promises.verdict import Verdict
from kept.testing.check_bench import NOW, CheckBench, held, owned
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

C = DataCategory

TERMS = {"at_most": "24 months", "counted_from": "account closed"}
OLD, RECENT = "2024-11-21", "2024-11-22"
"""Two years before the day of the run ended yesterday, and end today."""


def promise(bench: CheckBench, *, data: Sequence[DataCategory] = (), **more: object) -> Promise:
    more.setdefault("terms", TERMS)
    return bench.promise(
        Duty.RETENTION,
        data=data,
        category=Category.RETENTION,
        **more,  # type: ignore[arg-type]
    )


def accounts(bench: CheckBench, *rows: tuple[Value, ...], **more: object) -> None:
    fields = [
        held("id"),
        held("name", C.USER_NAME),
        held("closed", anchor="account closed"),
    ]
    bench.dataset("accounts", fields, rows, **more)  # type: ignore[arg-type]


def test_accounts_closed_beyond_the_period_are_counted_from_the_day_after_it() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", OLD), (2, "Bo", "2023-01-01 10:00:00"), (3, "Cy", RECENT))
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert (finding.code, finding.dataset, finding.field) == (TOO_LONG, "accounts", "closed")
    assert finding.count == 2
    assert finding.since is not None
    assert finding.since.date() == date(2025, 1, 2)


def test_open_accounts_and_those_within_the_period_are_kept() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", None), (2, "Bo", RECENT), (3, "Cy", "2026-11-01T08:00:00Z"))
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["not_started"] == 1


def test_a_row_that_was_blanked_holds_nothing_that_could_be_kept_too_long() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, None, OLD))
    assert bench.said(CHECK).verdict is Verdict.KEPT
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "erased-0123456789abcdef", OLD), required=["name"])
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_what_hangs_on_an_overdue_row_is_overdue_too_and_what_hangs_on_others_is_not() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", OLD), (2, "Bo", None))
    orders = [held("id"), held("account_id"), held("note", C.USER_CONTENT)]
    rows = [(10, 1, "door"), (11, 2, "bell"), (12, 1, None), (13, None, "lost")]
    bench.dataset("orders", orders, rows, references=(owned("orders", "account_id", "accounts"),))
    lines = [held("id"), held("order_id"), held("text", C.USER_CONTENT)]
    bench.dataset(
        "lines",
        lines,
        [(20, 10, "a"), (21, 11, "b"), (22, 12, "c")],
        references=(owned("lines", "order_id", "orders"),),
    )
    counts = {each.dataset: each.count for each in bench.said(CHECK).findings}
    assert counts == {"accounts": 1, "orders": 1, "lines": 2}


def test_a_person_whose_accounts_are_all_closed_is_overdue_and_one_with_an_open_one_is_not() -> (
    None
):
    bench = CheckBench()
    promise(bench)
    bench.dataset(
        "people",
        [held("id"), held("mail", C.USER_CONTACT_EMAIL)],
        [(1, "a@example.com"), (2, "b@example.com"), (3, "c@example.com")],
    )
    fields = [
        held("id"),
        held("person"),
        held("nick", C.USER_ACCOUNT),
        held("closed", anchor="account closed"),
    ]
    rows = [(1, 1, "a", OLD), (2, 2, "b", OLD), (3, 2, "b2", None), (4, 3, "c", None)]
    bench.dataset("accounts", fields, rows, references=(owned("accounts", "person", "people"),))
    counts = {each.dataset: each.count for each in bench.said(CHECK).findings}
    assert counts == {"accounts": 2, "people": 1}


def minimum(years: int, *, from_year_end: bool = True) -> Minimum:
    return Minimum(
        keep_for=Period(years, Unit.YEAR),
        counted_from="issued",
        from_year_end=from_year_end,
        reason="tax",
        provision="§ 147 AO",
    )


def invoices(bench: CheckBench, *rows: tuple[Value, ...], years: int) -> None:
    fields = [
        held("id"),
        held("billing", C.USER_NAME),
        held("closed", anchor="account closed"),
        held("issued"),
    ]
    bench.dataset("invoices", fields, rows, on_erasure=Erasing.KEEP, minimum=minimum(years))


def test_rows_that_law_makes_us_keep_are_no_violation_until_the_law_lets_go() -> None:
    bench = CheckBench()
    promise(bench)
    bench.promise(Duty.LEGAL_HOLD, category=Category.RETENTION)
    invoices(bench, (1, "Ana", "2020-05-05", "2019-03-01"), years=8)
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["kept_by_law"] == 1
    bench.content["invoices"] = [(1, "Ana", "2020-05-05", "2017-03-01")]
    assert bench.said(CHECK).verdict is Verdict.BROKEN


def test_a_legal_minimum_longer_than_the_words_breaks_them_unless_they_leave_room_for_law() -> None:
    bench = CheckBench()
    promise(bench)
    invoices(bench, (1, "Ana", None, "2026-03-01"), years=8)
    verdict = bench.said(CHECK)
    assert [each.code for each in verdict.findings] == [MINIMUM_LONGER]
    bench.promise(Duty.LEGAL_HOLD, category=Category.RETENTION)
    assert bench.said(CHECK).findings == ()
    bench = CheckBench()
    promise(bench, terms={**TERMS, "at_most": "10 years"})
    invoices(bench, (1, "Ana", None, "2026-03-01"), years=8)
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_rows_kept_for_a_reason_of_their_own_are_named_and_left_alone() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", None))
    fields = [held("id"), held("name", C.USER_NAME), held("closed", anchor="account closed")]
    bench.dataset("suits", fields, [(1, "Bo", OLD)], on_erasure=Erasing.KEEP, keep_reason="claims")
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.KEPT
    assert verdict.coverage["datasets_kept_for_a_reason"] == 1


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({}, "state no period"),
        ({"at_most": "2 years"}, "from when"),
        ({"at_most": "soon", "counted_from": "account closed"}, "cannot be used"),
    ],
)
def test_vague_words_that_nobody_settled_are_unproven(terms: dict[str, object], says: str) -> None:
    bench = CheckBench()
    promise(bench, terms=terms)
    accounts(bench, (1, "Ana", OLD))
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert says in verdict.reason
    assert '[terms]."000000000000"' in verdict.reason


def test_settled_terms_fill_in_what_the_words_leave_open_and_never_loosen_them() -> None:
    bench = CheckBench(terms={"000000000000": TERMS})
    promise(bench, terms={})
    accounts(bench, (1, "Ana", OLD))
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.BROKEN
    assert verdict.evidence["settled_by_a_person"] is True
    bench = CheckBench(terms={"000000000000": {**TERMS, "at_most": "30 years"}})
    promise(bench)
    accounts(bench, (1, "Ana", OLD))
    assert bench.said(CHECK).verdict is Verdict.BROKEN


def test_a_dataset_with_no_clock_is_named_with_what_to_declare() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", None))
    bench.dataset("leads", [held("id"), held("name", C.USER_NAME)], [(1, "Bo")])
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "app.leads" in verdict.reason
    assert "leads.anchors" in verdict.reason


def test_a_promise_on_closed_tickets_speaks_of_tickets_and_what_hangs_on_them_alone() -> None:
    bench = CheckBench()
    promise(bench, terms={"at_most": "3 years", "counted_from": "ticket closed"})
    bench.dataset("people", [held("id"), held("name", C.USER_NAME)], [(1, "Ana")])
    tickets = [held("id"), held("subject", C.USER_CONTENT), held("closed", anchor="case closed")]
    bench.dataset("tickets", tickets, [(1, "help", "2026-01-01"), (2, "hm", "2020-01-01")])
    verdict = bench.said(CHECK)
    assert {each.dataset: each.count for each in verdict.findings} == {"tickets": 1}
    bench.content["tickets"] = [(1, "help", "2026-01-01")]
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_an_event_that_only_the_map_knows_is_found_in_the_words() -> None:
    bench = CheckBench()
    promise(bench, terms={"at_most": "90 days"}, quote="we delete them 90 days after the sign-in")
    fields = [held("id"), held("ip", C.USER_DEVICE_IP_ADDRESS), held("at", anchor="sign-in")]
    bench.dataset(
        "logins", fields, [(1, "192.0.2.1", "2026-08-23"), (2, "192.0.2.2", "2026-11-01")]
    )
    verdict = bench.said(CHECK)
    assert verdict.evidence["counted_from"] == "sign in"
    assert [each.count for each in verdict.findings] == [1]


def test_two_promises_on_different_data_are_judged_apart() -> None:
    bench = CheckBench()
    short = promise(bench, data=[C.USER_CONTENT], terms={**TERMS, "at_most": "1 month"})
    general = promise(bench)
    accounts(bench, (1, "Ana", "2026-10-01"))
    fields = [held("id"), held("text", C.USER_CONTENT), held("closed", anchor="account closed")]
    bench.dataset("chats", fields, [(1, "hello", "2026-10-01")])
    assert bench.said(CHECK, short).verdict is Verdict.BROKEN
    assert bench.said(CHECK, general).verdict is Verdict.KEPT


def test_a_clock_that_cannot_be_read_is_a_doubt() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", "some time ago"))
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "no time" in verdict.reason


def test_staff_and_clients_rows_are_not_held_against_the_policy() -> None:
    bench = CheckBench()
    promise(bench)
    accounts(bench, (1, "Ana", OLD), about="staff")
    assert bench.said(CHECK).findings == ()


@given(
    st.dates(date(1990, 1, 1), date(2026, 11, 22)),
    st.builds(Period, st.integers(0, 40), st.sampled_from(Unit)),
)
def test_a_row_is_overdue_exactly_when_its_last_day_has_passed(closed: date, keep: Period) -> None:
    today = NOW.date()
    rows = Rows(dataset=DatasetId("app", "accounts"), personal=("name",), nullable=("name",))
    clock = AtClock(rows=rows, clock="closed", keep_for=keep, today=today, wanted=())
    clock.observe([[closed.isoformat()], ["Ana"]])
    assert clock.tally.overdue == (keep.after(closed) < today)
    assert clock.tally.overdue + clock.tally.running == 1
    if clock.tally.since is not None:
        assert clock.tally.since + timedelta(days=1) <= today


def test_a_promise_on_accounts_governs_the_rows_that_tell_when_one_was_closed() -> None:
    bench = CheckBench()
    promise(bench, data=[C.USER_ACCOUNT])
    accounts(bench, (1, "Ana", OLD))
    bench.dataset("leads", [held("id"), held("name", C.USER_NAME)], [(1, "Bo")])
    verdict = bench.said(CHECK)
    assert [(each.dataset, each.count) for each in verdict.findings] == [("accounts", 1)]


def test_whoever_opened_tickets_that_were_all_closed_long_ago_is_still_a_customer() -> None:
    bench = CheckBench()
    promise(bench, terms={"at_most": "3 years", "counted_from": "ticket closed"})
    bench.dataset("people", [held("id"), held("name", C.USER_NAME)], [(1, "Ana")])
    fields = [
        held("id"),
        held("person"),
        held("text", C.USER_CONTENT),
        held("closed", anchor="ticket closed"),
    ]
    rows = [(1, 1, "help", "2020-01-01")]
    bench.dataset("tickets", fields, rows, references=(owned("tickets", "person", "people"),))
    assert [each.dataset for each in bench.said(CHECK).findings] == ["tickets"]


def test_an_event_that_was_read_and_that_no_field_holds_gives_way_to_one_in_the_words() -> None:
    bench = CheckBench()
    words = "we delete them 90 days after the sign-in"
    promise(bench, terms={"at_most": "90 days", "counted_from": "collected"}, quote=words)
    fields = [held("id"), held("ip", C.USER_DEVICE_IP_ADDRESS), held("at", anchor="sign-in")]
    bench.dataset("logins", fields, [(1, "192.0.2.1", "2026-11-01")])
    assert bench.said(CHECK).verdict is Verdict.KEPT
