"""What the checks said, run after run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.promises.verdict import PromiseVerdict, Verdict
from kept.storage.database import Database
from kept.storage.errors import told_apart
from kept.vocabulary.duty import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """What one check said of one duty of one promise, once.

    Attributes:
        at: When it was checked (UTC).
        promise: Id of the promise.
        duty: Which duty.
        verdict: What was said.
        check: Name and version of the check, or empty where there was none.
        findings: How many findings there were.
        counted: How many rows, people or places they counted together.
    """

    at: datetime
    promise: str
    duty: Duty
    verdict: Verdict
    check: str
    findings: int
    counted: int


class DjangoChecks:
    """The history of verdicts in our own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, verdicts: Iterable[PromiseVerdict]) -> int:
        """Keep what one run of the checks said; return how many rows that made."""
        from kept.storage.models import CheckRow

        rows = [
            CheckRow(
                at=duty.at,
                promise=each.promise,
                duty=duty.duty.value,
                verdict=duty.verdict.value,
                check=duty.check,
                findings=len(duty.findings),
                counted=sum(finding.count for finding in duty.findings),
            )
            for each in verdicts
            for duty in each.duties
        ]
        with told_apart():
            self._rows().bulk_create(rows, batch_size=500)
        return len(rows)

    def history(self, promise: str, duty: Duty, *, limit: int = 100) -> tuple[CheckRun, ...]:
        """Return the latest runs for one duty of one promise, newest first."""
        with told_apart():
            rows = self._rows().filter(promise=promise, duty=duty.value).order_by("-at", "-id")
            return tuple(_run(row) for row in rows[:limit])

    def since(self, promise: str, duty: Duty) -> datetime | None:
        """Return since when the latest verdict has been said without a break.

        ``None`` where the duty was never checked.
        """
        with told_apart():
            rows = self._rows().filter(promise=promise, duty=duty.value)
            latest = rows.order_by("-at", "-id").first()
            if latest is None:
                return None
            other = rows.exclude(verdict=latest.verdict).order_by("-at", "-id").first()
            streak = rows if other is None else rows.filter(at__gt=other.at)
            first: datetime | None = streak.order_by("at").values_list("at", flat=True).first()
        return first

    def latest_at(self) -> datetime | None:
        """Return when checks last ran, or ``None`` if they never did."""
        with told_apart():
            at: datetime | None = self._rows().order_by("-at").values_list("at", flat=True).first()
        return at

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import CheckRow

        return CheckRow.objects.using(self._database.alias)


def _run(row: Any) -> CheckRun:  # noqa: ANN401 - a row of Django's
    return CheckRun(
        at=row.at,
        promise=row.promise,
        duty=Duty(row.duty),
        verdict=Verdict(row.verdict),
        check=row.check,
        findings=row.findings,
        counted=row.counted,
    )
