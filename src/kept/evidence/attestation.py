"""What only people can state: that a training was held, or an assessment made.

A statement is proof of who stood for what and when, never of the thing itself. It names a
role and no person, and a document by its hash, and it runs out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kept.evidence.body import Json
from kept.evidence.entry import Entry
from kept.evidence.errors import EntryRefusedError

TYPE = "attestation"
REMIND = timedelta(days=30)
"""How long before a statement runs out its owner is reminded."""

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_SLUG = 60
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_DAYS = 3_700


class Standing(StrEnum):
    """How a statement stands on a day."""

    VALID = "valid"
    DUE = "due"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """One statement that one role stands for.

    Attributes:
        subject: What is stated, as a code: ``"staff-training"``.
        owner: Role that stands for it, as a code: ``"privacy-officer"``. Never a person.
        made: Day on which it was made.
        every_days: Cadence: after so many days it must be made anew.
        file_sha256: Hash of the document that it rests on, hexadecimal; empty if there is none.
        withdrawn: Whether the owner took the statement back.

    Raises:
        EntryRefusedError: Something of it is no code, hash or cadence.
    """

    subject: str
    owner: str
    made: date
    every_days: int
    file_sha256: str = ""
    withdrawn: bool = False

    def __post_init__(self) -> None:
        for what, value in (("subject", self.subject), ("owner", self.owner)):
            if not _SLUG.fullmatch(value) or len(value) > _LONGEST_SLUG:
                raise EntryRefusedError(f"An attestation's {what} is a short code in lower case.")
        if not 1 <= self.every_days <= _MOST_DAYS:
            raise EntryRefusedError(f"An attestation's cadence is 1 to {_MOST_DAYS} days.")
        if self.file_sha256 and not _HASH.fullmatch(self.file_sha256):
            raise EntryRefusedError("An attestation's file is named by its SHA-256.")

    @property
    def expires(self) -> date:
        """The last day on which the statement still stands."""
        return self.made + timedelta(days=self.every_days)

    def standing(self, today: date) -> Standing:
        """Return how the statement stands on `today`."""
        if self.withdrawn:
            return Standing.WITHDRAWN
        if today > self.expires:
            return Standing.EXPIRED
        return Standing.DUE if today >= self.expires - REMIND else Standing.VALID

    def entry(self, at: datetime) -> Entry:
        """Return the log's entry of it, made at the instant `at`.

        The same statement of the same instant is the same operation: repeating it logs nothing.
        """
        body: dict[str, Json] = {
            "subject": self.subject,
            "owner": self.owner,
            "made": self.made.isoformat(),
            "every_days": self.every_days,
            "expires": self.expires.isoformat(),
            "file_sha256": self.file_sha256,
            "withdrawn": self.withdrawn,
        }
        stamp = at.strftime("%Y%m%dT%H%M%S%f")
        return Entry(type=TYPE, at=at, operation=f"{TYPE}/{self.subject}/{stamp}", body=body)

    @classmethod
    def read(cls, body: Mapping[str, Json]) -> "Attestation":
        """Return the statement that an entry's body holds.

        Raises:
            EntryRefusedError: It holds none.
        """
        match body:
            case {
                "subject": str(subject),
                "owner": str(owner),
                "made": str(made),
                "every_days": int(days),
                "file_sha256": str(digest),
                "withdrawn": bool(withdrawn),
            }:
                try:
                    day = date.fromisoformat(made)
                except ValueError:
                    raise EntryRefusedError("An attestation's day is none.") from None
                return cls(
                    subject=subject,
                    owner=owner,
                    made=day,
                    every_days=days,
                    file_sha256=digest,
                    withdrawn=withdrawn,
                )
            case _:
                raise EntryRefusedError("The entry holds no attestation.")


def standing_statements(entries: Iterable[Entry]) -> tuple[Attestation, ...]:
    """Return the latest statement on each subject, by subject, from a log's entries in order."""
    latest: dict[str, Attestation] = {}
    for entry in entries:
        if entry.type == TYPE:
            statement = Attestation.read(entry.body)
            latest[statement.subject] = statement
    return tuple(latest[each] for each in sorted(latest))
