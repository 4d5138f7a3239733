"""How far a full scan has come in one dataset, and what it found there: counts, never a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kept.vocabulary.data_category import DataCategory

Counts = Mapping[str, Mapping[DataCategory, int]]
"""By field, in how many rows something of a category stands."""

Counted = Mapping[str, Mapping[str, Mapping[str, int]]]
"""What checks counted: by check, by field, by what each check calls its counts."""

Memory = Mapping[str, Sequence[int]]
"""What a count of distinct values must know to go on: short hashes, by what they are of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan of one dataset, under way or ended.

    Attributes:
        structure: Fingerprint of the dataset's structure when the scan began: of another
            structure nothing that was found holds.
        rows: How many rows there were, or about how many; exact once the scan has ended.
        read: How many of them were read.
        cut: How many values were longer than what is read of one.
        unreadable: Fields that the account may not read.
        found: What the rows read hold, by field.
        counted: What checks counted in the rows read, so that they need not read them.
        begun: When the scan began (UTC).
        at: When its last part was read.
        ended: When every row had been read, ``None`` as long as some are left.
        after: Where it goes on. It may hold a key of a row: it is kept encrypted, and
            never shown. Empty where it can only begin anew.
        memory: What the counts need to go on. Kept like `after`, and gone with it.
        before: The scan that had ended when this one began: until this one has ended, it
            is what is known of every row.
    """

    structure: str
    rows: int
    read: int = 0
    cut: int = 0
    unreadable: tuple[str, ...] = ()
    found: Counts = field(default_factory=dict)
    counted: Counted = field(default_factory=dict)
    begun: datetime
    at: datetime
    ended: datetime | None = None
    after: str = field(default="", repr=False)
    memory: Memory = field(default_factory=dict, repr=False)
    before: "Scanned | None" = None

    @property
    def complete(self) -> bool:
        """Whether every row was read, and everything that stands in it."""
        return self.ended is not None and not self.cut and not self.unreadable

    @property
    def percent(self) -> int:
        """How much was read, in whole per cent: 100 only where no row is left."""
        if self.ended is not None:
            return 100
        return min(99, self.read * 100 // self.rows) if self.rows else 0

    def as_json(self) -> dict[str, object]:
        """Return what may be shown: where the scan stands is left out."""
        return {
            "rows": self.rows,
            "read": self.read,
            "at": self.at.isoformat(),
            "complete": self.complete,
            "begun": self.begun.isoformat(),
            "ended": None if self.ended is None else self.ended.isoformat(),
            "cut": self.cut,
            "unreadable": list(self.unreadable),
            "found": {
                name: {category.value: rows for category, rows in sorted(counts.items())}
                for name, counts in self.found.items()
                if counts
            },
        }
