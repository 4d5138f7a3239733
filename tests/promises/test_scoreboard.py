from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kept.promises.coverage import Coverage, Gap
from kept.promises.promise import Category, Clause, Kind, Promise
from kept.promises.scoreboard import scoreboard, verdict_of
from kept.promises.verdict import DutyVerdict, Verdict
from kept.vocabulary.duty import Duty

AT = datetime(2026, 11, 22, tzinfo=UTC)
VERDICTS = st.lists(st.sampled_from(Verdict), max_size=4)


def promise(number: int, *duties: Duty, impossible: str = "") -> Promise:
    return Promise(
        id=f"{number:012x}",
        clause=Clause(document="p.md", start=0, end=1, quote="x", language="en"),
        category=Category.COLLECT,
        kind=Kind.FIRM,
        duties=duties,
        impossible=impossible,
    )


def said(duty: Duty, verdict: Verdict) -> DutyVerdict:
    return DutyVerdict(duty=duty, verdict=verdict, check="x/1", at=AT)


@given(st.lists(VERDICTS, max_size=8))
def test_every_clause_is_counted_once(boards: list[list[Verdict]]) -> None:
    promises, verdicts = [], {}
    for number, each in enumerate(boards):
        duties = list(Duty)[: len(each)]
        made = promise(number, *duties)
        promises.append(made)
        verdicts[made.id] = [said(*pair) for pair in zip(duties, each, strict=True)]
    board = scoreboard(promises, verdicts)
    assert sum(board.summary.values()) == len(boards)
    assert board.summary["no_promise"] == sum(not each for each in boards)
    assert [len(group) for _, group in board.worst_first] == [
        board.summary[verdict] for verdict in Verdict if board.summary[verdict]
    ]


def test_the_summary_has_every_key_in_its_order() -> None:
    assert list(scoreboard([], {}).summary) == [
        "kept",
        "at_risk",
        "broken",
        "unproven",
        "impossible",
        "no_promise",
    ]


def test_words_that_nothing_can_keep_are_impossible_and_still_broken_where_a_duty_is() -> None:
    words = promise(1, Duty.ENCRYPTION_AT_REST, impossible="Absolute security cannot be had.")
    for duty, expected in (
        (Verdict.KEPT, Verdict.IMPOSSIBLE),
        (Verdict.UNPROVEN, Verdict.IMPOSSIBLE),
        (Verdict.BROKEN, Verdict.BROKEN),
    ):
        assert verdict_of(words, [said(Duty.ENCRYPTION_AT_REST, duty)]).verdict is expected


def test_a_duty_of_which_nothing_was_said_is_never_kept() -> None:
    words = promise(1, Duty.RETENTION, Duty.CONSENT)
    assert verdict_of(words, [said(Duty.RETENTION, Verdict.KEPT)]).verdict is Verdict.UNPROVEN
    assert verdict_of(words, []).verdict is Verdict.UNPROVEN


def test_a_clause_that_promises_nothing_has_no_verdict() -> None:
    assert verdict_of(promise(1), []).verdict is None


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_coverage_is_complete_only_if_every_row_was_read(read: int, rows: int) -> None:
    coverage = Coverage(rows_read=read, rows=rows)
    assert coverage.complete == (read >= rows)
    assert (coverage.percent == 100) == (read >= rows)
    assert coverage.as_json()["complete"] is coverage.complete


def test_a_gap_leaves_coverage_incomplete_and_is_told() -> None:
    gap = Gap(store="crm", reason="it did not answer")
    coverage = Coverage(stores=("app",), gaps=(gap,), measures={"fields": 3})
    assert not coverage.complete
    assert gap.where == "crm"
    assert coverage.as_json()["gaps"] == [
        {"store": "crm", "dataset": "", "reason": "it did not answer"}
    ]
    assert coverage.as_json()["fields"] == 3
