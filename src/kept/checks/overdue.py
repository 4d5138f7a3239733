"""Which rows have outlived a period: read as a stream, from where the clock is to what hangs on it.

Only keys of overdue rows are remembered, so that a company that keeps its word costs
one pass and no memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kept.checks.emptiness import is_empty
from kept.checks.instant import day_of
from kept.checks.port import Columns
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Minimum
from kept.jurisdictions.minimum import kept_until
from kept.jurisdictions.period import Period

REMEMBERED = 1_000_000
"""Keys of overdue rows that are remembered at most, to look at what hangs on them."""

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What must be known of a dataset to judge its rows.

    Attributes:
        dataset: Its name.
        personal: Its personal fields: a row in which all that may be empty are empty
            was blanked, and holds nothing.
        nullable: Those of them that may be empty.
        minimum: Statutory minimum that excuses a row while it runs.
    """

    dataset: DatasetId
    personal: tuple[str, ...]
    nullable: tuple[str, ...]
    minimum: Minimum | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields to read."""
        anchor = (self.minimum.counted_from,) if self.minimum else ()
        return (*(self.nullable or self.personal), *anchor)

    def blank(self, row: Mapping[str, Value]) -> bool:
        """Return whether the row holds nothing personal."""
        return all(is_empty(row[name]) for name in self.nullable or self.personal)

    def excused(self, row: Mapping[str, Value], today: date) -> bool:
        """Return whether law makes us keep the row today."""
        if self.minimum is None:
            return False
        start = day_of(row[self.minimum.counted_from])
        if start is None:
            return False
        last = kept_until(self.minimum.keep_for, start, from_year_end=self.minimum.from_year_end)
        return last >= today


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was seen of one dataset.

    Attributes:
        overdue: Rows past the promise and past every minimum, that hold something.
        excused: Rows past the promise that law makes us keep.
        running: Rows whose period runs.
        waiting: Rows whose clock has not started.
        unreadable: Rows whose clock holds something that is no time.
        since: Day by whose end the first overdue row should have gone.
        keys: By the fields that others refer to, keys of rows past the promise.
        full: Whether more keys were seen than are remembered.
    """

    overdue: int = 0
    excused: int = 0
    running: int = 0
    waiting: int = 0
    unreadable: int = 0
    since: date | None = None
    keys: dict[tuple[str, ...], set[Key]] = field(default_factory=dict)
    full: bool = False

    def remember(self, fields: tuple[str, ...], key: Key) -> None:
        """Remember the key of a row past the promise; a key with a gap leads nowhere."""
        if None in key:
            return
        keys = self.keys.setdefault(fields, set())
        if len(keys) < REMEMBERED:
            keys.add(key)
        elif key not in keys:
            self.full = True


@dataclass(slots=True, kw_only=True)
class AtClock:
    """Judges the rows of a dataset that holds the clock itself."""

    rows: Rows
    clock: str
    keep_for: Period
    today: date
    wanted: tuple[tuple[str, ...], ...]
    tally: Tally = field(default_factory=Tally)

    @property
    def dataset(self) -> DatasetId:
        """The dataset."""
        return self.rows.dataset

    @property
    def fields(self) -> tuple[str, ...]:
        """The clock first, then what tells whether a row counts, and the keys wanted."""
        others = (*self.rows.fields, *(name for each in self.wanted for name in each))
        return tuple(dict.fromkeys((self.clock, *others)))

    def observe(self, columns: Columns) -> None:
        """Judge one batch. Rows whose period runs are told by a comparison of days alone."""
        names = self.fields
        last_good = self.keep_for.before(self.today)
        for place, value in enumerate(columns[0]):
            day = day_of(value)
            if day is None:
                self.tally.waiting += value in (None, "")
                self.tally.unreadable += value not in (None, "")
            elif day > last_good or (due := self.keep_for.after(day)) >= self.today:
                self.tally.running += 1
            else:
                row = {name: columns[at][place] for at, name in enumerate(names)}
                _past(self.rows, row, self.tally, self.wanted, self.today, due)


@dataclass(slots=True, kw_only=True)
class BelowClock:
    """Judges the rows that refer to rows past the promise."""

    rows: Rows
    refer: tuple[str, ...]
    past: frozenset[Key]
    today: date
    since: date | None
    wanted: tuple[tuple[str, ...], ...]
    tally: Tally = field(default_factory=Tally)

    @property
    def dataset(self) -> DatasetId:
        """The dataset."""
        return self.rows.dataset

    @property
    def fields(self) -> tuple[str, ...]:
        """The references first, then what tells whether a row counts, and the keys wanted."""
        others = (*self.rows.fields, *(name for each in self.wanted for name in each))
        return tuple(dict.fromkeys((*self.refer, *others)))

    def observe(self, columns: Columns) -> None:
        """Judge one batch."""
        names = self.fields
        for place, key in enumerate(_keys(columns, len(self.refer))):
            if key not in self.past:
                self.tally.running += 1
                continue
            row = {name: columns[at][place] for at, name in enumerate(names)}
            _past(self.rows, row, self.tally, self.wanted, self.today, self.since)


@dataclass(slots=True, kw_only=True)
class StillLive:
    """Takes off the keys of rows that another row, not past the promise, keeps alive."""

    dataset: DatasetId
    clock: str
    refer: tuple[str, ...]
    keep_for: Period
    today: date
    past: set[Key]

    @property
    def fields(self) -> tuple[str, ...]:
        """The references, then the clock."""
        return tuple(dict.fromkeys((*self.refer, self.clock)))

    def observe(self, columns: Columns) -> None:
        """Look at one batch."""
        clock = columns[self.fields.index(self.clock)]
        for key, value in zip(_keys(columns, len(self.refer)), clock, strict=True):
            if key in self.past:
                day = day_of(value)
                if day is None or self.keep_for.after(day) >= self.today:
                    self.past.discard(key)


def _past(
    rows: Rows,
    row: Mapping[str, Value],
    tally: Tally,
    wanted: Sequence[tuple[str, ...]],
    today: date,
    due: date | None,
) -> None:
    """Count one row that is past the promise, and remember its keys."""
    for fields in wanted:
        tally.remember(fields, tuple(row[name] for name in fields))
    if rows.excused(row, today):
        tally.excused += 1
    elif not rows.blank(row):
        tally.overdue += 1
        if due is not None and (tally.since is None or due < tally.since):
            tally.since = due


def _keys(columns: Columns, size: int) -> Iterator[Key]:
    return iter(zip(*columns[:size], strict=True))
