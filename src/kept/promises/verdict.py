"""What is said of a promise: kept, at risk, broken, unproven or impossible, and from what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kept.vocabulary.duty import Duty


class Verdict(StrEnum):
    """What is said of a promise, worst first."""

    BROKEN = "broken"
    IMPOSSIBLE = "impossible"
    UNPROVEN = "unproven"
    AT_RISK = "at_risk"
    KEPT = "kept"


class Basis(StrEnum):
    """What a finding contradicts: the words published, or the law behind them."""

    PROMISE = "promise"
    LAW = "law"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One cause that a check found. Never carries a value, only where and how many.

    Attributes:
        code: Stable dotted name, for example ``"declared-data.unstated-category"``.
        basis: Whether it contradicts the words or the law. Only `PROMISE` breaks.
        store: Name of the store, or empty.
        dataset: Name of the dataset, or empty.
        field: Name of the field, or empty.
        count: How many rows, people or places.
        since: Since when it has been so, where that is known (UTC).
        until: Until when it was so, where it has ended (UTC).
        message: One sentence for the person who reads the scoreboard.
        remedy: One sentence: what to do.
    """

    code: str
    basis: Basis = Basis.PROMISE
    store: str = ""
    dataset: str = ""
    field: str = ""
    count: int = 0
    since: datetime | None = None
    until: datetime | None = None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyVerdict:
    """What one check says of one duty of one promise.

    Attributes:
        duty: Which duty.
        verdict: What the check says.
        check: Name and version of the check, or empty where none exists.
        at: When it was checked (UTC).
        coverage: What was looked at, JSON values: stores, rows seen of rows.
        evidence: What the verdict rests on, JSON values.
        findings: What was found.
        reason: One sentence that says why, for verdicts other than kept.
    """

    duty: Duty
    verdict: Verdict
    check: str
    at: datetime
    coverage: Mapping[str, object] = field(default_factory=dict)
    evidence: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseVerdict:
    """What is said of one promise.

    Attributes:
        promise: Its identifier.
        quote: Its words.
        verdict: The worst of its duties; ``None`` for a clause that promises nothing.
        duties: What each check said.
    """

    promise: str
    quote: str
    verdict: Verdict | None
    duties: tuple[DutyVerdict, ...]


_WORST_FIRST = tuple(Verdict)


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the worst of `verdicts`, or ``None`` of none: an empty list is never kept.

    Examples:
        >>> worst([Verdict.KEPT, Verdict.UNPROVEN])
        <Verdict.UNPROVEN: 'unproven'>
        >>> worst([]) is None
        True
    """
    return min(verdicts, key=_WORST_FIRST.index, default=None)
