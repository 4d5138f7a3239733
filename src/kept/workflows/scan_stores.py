"""From stores to what every row of them holds, in parts that may lie nights apart.

After each part it is on disk how far the scan has come: whatever ends the process, the
next run goes on with the next row. What is kept is counts, never a value.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from kept.errors import KeptError, UnavailableError
from kept.inventory.catalog import Catalog, Table
from kept.inventory.classification.tally import Tally
from kept.inventory.connector import Batch, Resumes, Scans, Store
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned

FRESH = timedelta(hours=12)
"""How long what was read to its end is not read again: the next night's run does."""

_CHANGED = "stores.changed"
_DOWN = "stores.unreachable"


class Progress(Protocol):
    """Remembers how far scans have come."""

    def last(self, dataset: DatasetId) -> Scanned | None:
        """Return the last scan of `dataset`, ``None`` where there was none."""
        ...

    def record(self, dataset: DatasetId, scanned: Scanned) -> None:
        """Remember how far the scan of `dataset` is, durably."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a run reads with.

    Attributes:
        stores: Where rows are read, by name.
        catalogs: Their structure, of those that answered.
        rows: About how many rows each dataset has, where that is known.
        progress: What remembers how far it is.
        clock: Tells the instant (UTC).
        until: When to stop, after the part that is being read; ``None`` reads to the end.
        tell: Is told how far a dataset is, after each part.
    """

    stores: Mapping[str, Store]
    catalogs: Mapping[str, Catalog]
    rows: Mapping[DatasetId, int]
    progress: Progress
    clock: Callable[[], datetime]
    until: datetime | None = None
    tell: Callable[[DatasetId, Scanned], None] = lambda _dataset, _scanned: None

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.until is not None and self.clock() >= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRun:
    """What one run did.

    Attributes:
        failures: Why a dataset was not read to its end, besides the time being up.
        left: Datasets that are not read to their end, in the order of the next run.
    """

    failures: Mapping[DatasetId, KeptError]
    left: tuple[DatasetId, ...]


def scan_stores(reading: Reading) -> ScanRun:
    """Read every dataset to its end, or as far as the time allows.

    First what an earlier run began, then what was never read, then what was read longest
    ago. One that fails is noted, and the others are read. Nothing is changed in a store.
    """
    failures: dict[DatasetId, KeptError] = {}
    left: list[DatasetId] = []
    down: dict[str, KeptError] = {}
    for dataset, table in _in_order(reading):
        if reading.over or dataset.store in down:
            left.append(dataset)
            continue
        try:
            if not _scan(reading, dataset, table):
                left.append(dataset)
        except KeptError as error:
            failures[dataset] = error
            left.append(dataset)
            if isinstance(error, UnavailableError) and error.code == _DOWN:
                down[dataset.store] = error
    return ScanRun(failures=failures, left=tuple(left))


def scans_of(catalogs: Mapping[str, Catalog], progress: Progress) -> dict[DatasetId, Scanned]:
    """Return the last scan of each dataset, as far as it is of the structure there is now."""
    found: dict[DatasetId, Scanned] = {}
    for catalog in catalogs.values():
        for table in catalog.tables:
            dataset = DatasetId(catalog.store, table.name)
            last = progress.last(dataset)
            if last is not None and last.structure == structure_of(catalog, table):
                found[dataset] = last
    return found


def structure_of(catalog: Catalog, table: Table) -> str:
    """Return the fingerprint of one dataset: another one's change is none of its own."""
    return replace(catalog, tables=(table,), unread=()).fingerprint


def _in_order(reading: Reading) -> list[tuple[DatasetId, Table]]:
    known = scans_of(reading.catalogs, reading.progress)
    now = reading.clock()
    wanted: list[tuple[int, str, DatasetId, Table]] = []
    for name, catalog in reading.catalogs.items():
        if not isinstance(reading.stores.get(name), Resumes | Scans):
            continue
        for table in catalog.tables:
            dataset = DatasetId(name, table.name)
            last = known.get(dataset)
            if not table.columns or (table.view and not table.materialised):
                continue
            if last is None:
                wanted.append((1, "", dataset, table))
            elif last.ended is None:
                wanted.append((0, "", dataset, table))
            elif now - last.ended >= FRESH:
                wanted.append((2, last.ended.isoformat(), dataset, table))
    wanted.sort(key=lambda each: each[:3])
    return [(dataset, table) for _, _, dataset, table in wanted]


def _scan(reading: Reading, dataset: DatasetId, table: Table) -> bool:
    """Read one dataset; return whether to its end."""
    structure = structure_of(reading.catalogs[dataset.store], table)
    last = reading.progress.last(dataset)
    if last is not None and last.structure == structure and last.ended is None and last.after:
        try:
            return _go_on(reading, dataset, table, last)
        except KeptError as error:
            # The place is of no use any more, although the structure looks the same.
            if error.code != _CHANGED:
                raise
    now = reading.clock()
    begun = Scanned(
        structure=structure,
        rows=reading.rows.get(dataset, table.rows_estimate or 0),
        unreadable=table.unreadable,
        begun=now,
        at=now,
    )
    return _go_on(reading, dataset, table, begun)


def _go_on(reading: Reading, dataset: DatasetId, table: Table, scanned: Scanned) -> bool:
    fields = [each.name for each in table.columns if each.name not in table.unreadable]
    tally = Tally({name: Counter(counts) for name, counts in scanned.found.items()})
    for part in _parts(reading.stores[dataset.store], dataset, fields, scanned.after):
        tally.add(fields, part.rows)
        read = scanned.read + len(part.rows)
        scanned = replace(
            scanned,
            read=read,
            rows=max(scanned.rows, read),
            cut=scanned.cut + part.cut,
            found={name: dict(counts) for name, counts in tally.counts.items()},
            at=reading.clock(),
            after=part.at,
        )
        reading.progress.record(dataset, scanned)
        reading.tell(dataset, scanned)
        if reading.over and part.at:
            # Where no place can be found again, stopping would throw away what was read.
            return _has_ended(reading, dataset, fields, scanned)
    return _end(reading, dataset, scanned)


def _has_ended(reading: Reading, dataset: DatasetId, fields: list[str], scanned: Scanned) -> bool:
    """Return whether nothing comes after the last part, and note it."""
    for _ in _parts(reading.stores[dataset.store], dataset, fields, scanned.after, rows=1):
        return False
    return _end(reading, dataset, scanned)


def _end(reading: Reading, dataset: DatasetId, scanned: Scanned) -> bool:
    ended = reading.clock()
    scanned = replace(scanned, rows=scanned.read, at=ended, ended=ended, after="")
    reading.progress.record(dataset, scanned)
    reading.tell(dataset, scanned)
    return True


def _parts(
    store: Store, dataset: DatasetId, fields: list[str], after: str, rows: int = 5_000
) -> Iterator[Batch]:
    """Yield the parts; of a store that cannot go on, none knows where it ends."""
    if not fields:
        return
    if isinstance(store, Resumes):
        yield from store.scan_from(dataset.name, fields, after=after, batch=rows)
    elif isinstance(store, Scans):
        for told in store.scan(dataset.name, fields, batch=rows):
            yield Batch(rows=told, at="")
