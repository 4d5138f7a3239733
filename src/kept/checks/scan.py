"""How every row is read once for all checks that want to see it, and large datasets in part."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from kept.checks.port import Columns, Observer, ObservesInPart, Read
from kept.errors import RefusedError, UnavailableError
from kept.inventory.connector import Scans, Value
from kept.inventory.dataset import DatasetId
from kept.promises.coverage import Gap

BATCH = 5_000
"""Rows handed to the observers at a time: memory is this many rows of one dataset."""

PART = 100_000
"""Rows of a dataset that observers see who want a part; a smaller dataset they see whole."""

VOLUME = 128_000_000
"""Likewise, characters and bytes: rows may be as large as documents are."""

LONGEST = 1_000_000
"""Characters or bytes of one value that connectors read; a longer one is cut there."""

Progress = Callable[[DatasetId, int], None]
"""Told the dataset and how many of its rows were read, now and then."""


@dataclass(slots=True)
class _Pass:
    """How far one pass over a dataset has come.

    Attributes:
        read: Rows read.
        part: Rows that those saw who want a part.
        size: Characters and bytes in `part`.
        cut: Values in `part` that are longer than what is read of one.
        ended: Whether the last row was read.
    """

    read: int = 0
    part: int = 0
    size: int = 0
    cut: int = 0
    ended: bool = False

    def take(self, columns: Columns, rows: int) -> None:
        """Note what was shown to those who want a part."""
        self.part += rows
        for column in columns:
            for value in column:
                if isinstance(value, str | bytes):
                    self.size += len(value)
                    self.cut += len(value) > LONGEST

    def left(self, part: int) -> int:
        """Return how many rows more are shown to those who want a part."""
        return 0 if self.size >= VOLUME else max(0, part - self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a round of observers is shown the rows that they want.

    Attributes:
        stores: Where rows are read, by name of store.
        row_budget: The most rows to read of one dataset; ``None`` reads all for those
            observers that want all.
        progress: Told how far it is.
        rows: About how many rows datasets have, where that is known.
        part: The most rows that are shown to observers which want a part.
    """

    stores: Mapping[str, Scans]
    row_budget: int | None = None
    progress: Progress | None = None
    rows: Mapping[DatasetId, int] = field(default_factory=dict)
    part: int = PART

    def show(self, observers: Iterable[Observer]) -> dict[DatasetId, Read]:
        """Read each dataset that any observer wants, once, and show it to all of those.

        Datasets are read in the order in which they are first wanted. A dataset that
        cannot be read to its end gives a gap that says why, and the others go on. A large
        one is read to its end only in the fields that observers want every row of.
        """
        wanted: dict[DatasetId, list[Observer]] = defaultdict(list)
        for each in observers:
            wanted[each.dataset].append(each)
        return {dataset: self._one(dataset, group) for dataset, group in wanted.items()}

    def _one(self, dataset: DatasetId, observers: Sequence[Observer]) -> Read:
        store = self.stores.get(dataset.store)
        done = _Pass()
        if store is None:
            return _failed(dataset, done, "no connector reads its rows")
        try:
            return self._read(store, dataset, observers, done)
        except UnavailableError as error:
            return _failed(dataset, done, f"the store did not answer ({error.code})")
        except RefusedError as error:
            return _failed(dataset, done, f"the store refused to be read ({error.code})")

    def _read(
        self, store: Scans, dataset: DatasetId, observers: Sequence[Observer], done: _Pass
    ) -> Read:
        partly = [each for each in observers if isinstance(each, ObservesInPart) and each.in_part]
        wholly = [each for each in observers if each not in partly]
        if self.row_budget is not None:
            self._pass(store, dataset, (partly, wholly), done)
            return self._within_budget(store, dataset, done)
        if partly and wholly and self.rows.get(dataset, 0) > self.part:
            self._pass(store, dataset, ((), wholly), done)
            only = _Pass()
            self._pass(store, dataset, (partly, ()), only)
            return Read(
                rows=max(done.read, only.part), read=done.read, part=only.part, cut=only.cut
            )
        self._pass(store, dataset, (partly, wholly), done)
        if not partly:
            return Read(rows=done.read, read=done.read)
        rows = done.read
        if not done.ended:
            known = self.rows.get(dataset, 0)
            # An estimate that was exceeded already says nothing of how much is left.
            rows = known if known > done.read else store.count(dataset.name)
            rows = max(rows, done.read + 1)
        return Read(rows=rows, read=done.read, part=done.part, cut=done.cut)

    def _within_budget(self, store: Scans, dataset: DatasetId, done: _Pass) -> Read:
        rows = max(done.read, store.count(dataset.name))
        part = done.part if done.part < done.read else None
        if done.read < rows:
            percent = done.read * 100 // rows
            reason = f"only {percent} % of its rows were read, as the row budget says"
            gap = _as_gap(dataset, reason)
            return Read(rows=rows, read=done.read, gap=gap, part=part, cut=done.cut)
        return Read(rows=rows, read=done.read, part=part, cut=done.cut)

    def _pass(
        self,
        store: Scans,
        dataset: DatasetId,
        observers: tuple[Sequence[Observer], Sequence[Observer]],
        done: _Pass,
    ) -> None:
        """Show batch after batch to those who want a part, and to those who want every row."""
        partly, wholly = observers
        fields = tuple(dict.fromkeys(name for each in (*partly, *wholly) for name in each.fields))
        places = {name: place for place, name in enumerate(fields)}
        if self._most(done, wholly) == 0:
            return
        # Closing ends the store's snapshot where a bound ends the reading.
        with closing(_closable(store.scan(dataset.name, fields, batch=BATCH))) as batches:
            for rows in batches:
                most = self._most(done, wholly)
                if most == 0:
                    return
                taken = rows if most is None else rows[:most]
                self._show(taken, places, observers, done)
                if self.progress is not None:
                    self.progress(dataset, done.read)
                if len(taken) < len(rows):
                    return
        done.ended = True

    def _most(self, done: _Pass, wholly: Sequence[Observer]) -> int | None:
        """Return how many rows more are read, ``None`` for all."""
        if self.row_budget is not None:
            return self.row_budget - done.read
        return None if wholly else done.left(self.part)

    def _show(
        self,
        rows: Sequence[tuple[Value, ...]],
        places: Mapping[str, int],
        observers: tuple[Sequence[Observer], Sequence[Observer]],
        done: _Pass,
    ) -> None:
        partly, wholly = observers
        columns: Columns = list(zip(*rows, strict=True))
        left = len(rows) if self.row_budget is not None else done.left(self.part)
        shown = columns if left >= len(rows) else [column[:left] for column in columns]
        done.read += len(rows)
        if partly and left:
            wanted = {places[name] for each in partly for name in each.fields}
            done.take(
                [shown[place] for place in sorted(wanted)] if shown else [], min(left, len(rows))
            )
        if not columns:
            return
        for group, seen in ((partly, shown if left else ()), (wholly, columns)):
            for observer in group if seen else ():
                observer.observe([seen[places[name]] for name in observer.fields])


def _closable(
    batches: Iterator[list[tuple[Value, ...]]],
) -> Generator[list[tuple[Value, ...]], None, None]:
    yield from batches


def _as_gap(dataset: DatasetId, reason: str) -> Gap:
    return Gap(store=dataset.store, dataset=dataset.name, reason=reason)


def _failed(dataset: DatasetId, done: _Pass, reason: str) -> Read:
    gap = _as_gap(dataset, reason)
    return Read(rows=done.read, read=done.read, gap=gap, part=done.part, failed=True)
