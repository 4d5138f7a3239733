"""Whether the date that a policy states of itself is true of its text."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from kept.checks.port import Check, Cost, Observer, Read, Sees, View
from kept.checks.ruling import ruled
from kept.inventory.dataset import DatasetId
from kept.jurisdictions.period import Period, Unit
from kept.promises.coverage import Coverage
from kept.promises.promise import Document, Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.promises.version import PolicyVersion
from kept.vocabulary.duty import Duty

NAME = "policy-version/1"
SILENT_EDIT = "policy-version.silent-edit"
UNDATED_EDIT = "policy-version.undated-edit"
BACKDATED = "policy-version.backdated"


@dataclass(frozen=True, slots=True)
class Told:
    """What the earlier sightings tell of a text.

    Attributes:
        code: Code of the finding, or empty where nothing is wrong.
        since: Since when the text that is wrong has been seen.
        doubt: Why nothing can be told, or empty.
    """

    code: str = ""
    since: datetime | None = None
    doubt: str = ""


def told_by(document: Document, text: str, seen: Sequence[PolicyVersion]) -> Told:
    """Return what earlier sightings of `document` tell of its text and date.

    The first text seen under a date is the version of that date; another text under the
    same date is a silent edit until the date changes or the text is put back. A new date
    on the same text is lawful: a review may end so.

    Args:
        document: The document as it was read now.
        text: Hash of its text now, as the sightings hold it. The hash of its bytes, which
            an earlier sighting may hold instead, counts as well.
        seen: Earlier sightings of it, in the order in which they began.
    """
    if not seen:
        return Told(doubt="This text is seen for the first time: there is nothing to compare with.")
    same = {text, document.sha256}
    since = _since(document, same, seen)
    dated = [each for each in seen if each.version_date == document.version_date]
    if document.version_date is None:
        if any(each.sha256 not in same for each in seen):
            return Told(UNDATED_EDIT, since)
        return Told(doubt="The text states no date, so nobody could tell when it changed.")
    if dated:
        return Told() if dated[0].sha256 in same else Told(SILENT_EDIT, since)
    known = any(each.sha256 in same for each in seen)
    later = [each for each in seen if _is_later(each.version_date or "", document.version_date)]
    return Told(BACKDATED, since) if later and not known else Told()


def _is_later(one: str, other: str) -> bool:
    """Return whether one date is after another of the same calendar: "1446-09-15 AH"."""
    return one > other and one.endswith("AH") == other.endswith("AH")


def _since(
    document: Document, same: AbstractSet[str], seen: Sequence[PolicyVersion]
) -> datetime | None:
    """Return when this text was first seen under this date, ``None`` where it is new."""
    last = seen[-1]
    unchanged = last.sha256 in same and last.version_date == document.version_date
    return last.first_seen if unchanged else None


_MESSAGES: Mapping[str, str] = {
    SILENT_EDIT: "The text of {name} changed and its date did not: it still says {date}.",
    UNDATED_EDIT: "The text of {name} changed, and it states no date at all.",
    BACKDATED: "The text of {name} is new, and its date {date} is older than one it stated before.",
}


@dataclass(slots=True)
class _Run:
    """One run: every document's date against what was seen before."""

    view: View

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return nothing: no store is looked at."""
        del read
        return ()

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict for every document that the promise stands in."""
        del read
        names = {promise.clause.document, *(each.document for each in promise.parallel)}
        documents = [each for each in self.view.register.documents if each.name in names]
        findings, doubts, versions = [], [], 0
        for document in documents:
            seen = [each for each in self.view.versions if each.document == document.name]
            versions += len(seen)
            text = self.view.texts.get(document.name, document.sha256)
            told = told_by(document, text, seen)
            if told.code:
                findings.append(
                    Finding(
                        code=told.code,
                        count=1,
                        since=told.since or self.view.now,
                        message=_MESSAGES[told.code].format(
                            name=document.name, date=document.version_date
                        ),
                        remedy="State the day of this text in it, or put the earlier text back.",
                    )
                )
            elif told.doubt:
                doubts.append(told.doubt)
        return ruled(
            self.view,
            Duty.POLICY_VERSION,
            NAME,
            coverage=Coverage(measures={"documents": len(documents)}),
            findings=findings,
            doubts=doubts,
            evidence={
                "versions_seen": versions,
                "stated": {each.name: each.version_date for each in documents},
            },
        )


CHECK = Check(
    duty=Duty.POLICY_VERSION,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.NOTHING,
    sees=frozenset({Sees.REGISTER, Sees.POLICY_VERSIONS}),
    privileges=frozenset(),
    proves="No text of a policy differs from the one that was first seen under the date that it "
    "states.",
    begin=_Run,
)
