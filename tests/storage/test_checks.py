"""The history of verdicts says since when something is so."""

from datetime import UTC, datetime, timedelta

import pytest

from kept.promises.verdict import DutyVerdict, Finding, PromiseVerdict, Verdict
from kept.storage.checks import DjangoChecks
from kept.storage.database import Database
from kept.vocabulary.duty import Duty

AT = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def checks(database: Database) -> DjangoChecks:
    return DjangoChecks(database)


def run(day: int, verdict: Verdict, *counts: int) -> PromiseVerdict:
    duty = DutyVerdict(
        duty=Duty.RETENTION,
        verdict=verdict,
        check="retention/1",
        at=AT + day * DAY,
        findings=tuple(
            Finding(code="retention.overdue", count=each, message="m", remedy="r")
            for each in counts
        ),
    )
    return PromiseVerdict(promise="3f2a9c01b7de", quote="q", verdict=verdict, duties=(duty,))


def test_what_was_said_is_found_newest_first(checks: DjangoChecks) -> None:
    assert checks.record([run(0, Verdict.KEPT)]) == 1
    checks.record([run(1, Verdict.BROKEN, 3, 4)])
    newest, oldest = checks.history("3f2a9c01b7de", Duty.RETENTION)
    assert (newest.verdict, newest.findings, newest.counted) == (Verdict.BROKEN, 2, 7)
    assert (oldest.verdict, oldest.at, oldest.check) == (Verdict.KEPT, AT, "retention/1")
    assert len(checks.history("3f2a9c01b7de", Duty.RETENTION, limit=1)) == 1
    assert checks.latest_at() == AT + DAY


def test_a_verdict_holds_since_it_last_changed(checks: DjangoChecks) -> None:
    said = [Verdict.BROKEN, Verdict.KEPT, Verdict.BROKEN, Verdict.BROKEN]
    for day, verdict in enumerate(said):
        checks.record([run(day, verdict)])
    assert checks.since("3f2a9c01b7de", Duty.RETENTION) == AT + 2 * DAY


def test_what_was_never_checked_has_no_history(checks: DjangoChecks) -> None:
    assert checks.record([]) == 0
    assert checks.history("3f2a9c01b7de", Duty.CONSENT) == ()
    assert checks.since("3f2a9c01b7de", Duty.CONSENT) is None
    assert checks.latest_at() is None
