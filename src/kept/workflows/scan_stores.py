"""From stores to what every row of them holds, in parts that may lie nights apart.

After each part it is on disk how far the scan has come: whatever ends the process, the
next run goes on with the next row. What is kept is counts, never a value: what each field
holds by its form, and what checks count (`kept.checks.watch`), so that they need not read a
large dataset again.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from kept.checks.watch import Watch
from kept.errors import KeptError, UnavailableError
from kept.inventory.catalog import Catalog, Table
from kept.inventory.classification.tally import Tally
from kept.inventory.connector import Batch, Resumes, Scans, Store
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned

FRESH = timedelta(hours=12)
"""How long what was read to its end is not read again: the next night's run does."""

RULES = "2"
"""Version of what a scan looks for in the rows: what an older one found says nothing."""

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
        watches: What checks count in the rows of a dataset.
        again: Whether to read anew what was read to its end a short while ago.
    """

    stores: Mapping[str, Store]
    catalogs: Mapping[str, Catalog]
    rows: Mapping[DatasetId, int]
    progress: Progress
    clock: Callable[[], datetime]
    until: datetime | None = None
    tell: Callable[[DatasetId, Scanned], None] = lambda _dataset, _scanned: None
    watches: Callable[[DatasetId], Sequence[Watch]] = lambda _dataset: ()
    again: bool = False

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
    """Return the last scan of each dataset, as far as it is of the structure there is now.

    While one is under way, the one before it is known too.
    """
    found: dict[DatasetId, Scanned] = {}
    for catalog in catalogs.values():
        for table in catalog.tables:
            dataset = DatasetId(catalog.store, table.name)
            last = progress.last(dataset)
            structure = structure_of(catalog, table)
            if last is not None and last.structure == structure:
                known = last.before is not None and last.before.structure == structure
                found[dataset] = last if known else replace(last, before=None)
    return found


def structure_of(catalog: Catalog, table: Table) -> str:
    """Return the fingerprint of one dataset: another one's change is none of its own."""
    own = replace(catalog, tables=(table,), unread=()).fingerprint
    return hashlib.sha256(f"{RULES} {own}".encode()).hexdigest()


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
            elif reading.again or now - last.ended >= FRESH or _lacks(reading, dataset, last):
                wanted.append((2, last.ended.isoformat(), dataset, table))
    wanted.sort(key=lambda each: each[:3])
    return [(dataset, table) for _, _, dataset, table in wanted]


def _lacks(reading: Reading, dataset: DatasetId, last: Scanned) -> bool:
    """Return whether a check asks for counts that the last scan did not make."""
    return any(
        each.fields and not set(each.fields) <= set(last.counted.get(each.check, {}))
        for each in reading.watches(dataset)
    )


def _scan(reading: Reading, dataset: DatasetId, table: Table) -> bool:
    """Read one dataset; return whether to its end."""
    structure = structure_of(reading.catalogs[dataset.store], table)
    last = reading.progress.last(dataset)
    if last is not None and _goes_on(reading, dataset, last, structure):
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
        before=_ended_before(last, structure),
    )
    return _go_on(reading, dataset, table, begun)


def _goes_on(reading: Reading, dataset: DatasetId, last: Scanned, structure: str) -> bool:
    """Return whether a scan can go on where it stands, and counts all that is asked for."""
    stands = last.structure == structure and last.ended is None and bool(last.after)
    return stands and not _lacks(reading, dataset, last)


def _ended_before(last: Scanned | None, structure: str) -> Scanned | None:
    """Return the last scan of this structure that has ended."""
    if last is None or last.structure != structure:
        return None
    return replace(last, before=None) if last.ended is not None else last.before


def _go_on(reading: Reading, dataset: DatasetId, table: Table, scanned: Scanned) -> bool:
    fields = [each.name for each in table.columns if each.name not in table.unreadable]
    tally = Tally({name: Counter(counts) for name, counts in scanned.found.items()})
    watches = _resumed(reading, dataset, fields, scanned)
    for part in _parts(reading.stores[dataset.store], dataset, fields, scanned.after):
        columns = list(zip(*part.rows, strict=True))
        if columns:
            tally.add_columns(fields, columns)
            places = {name: place for place, name in enumerate(fields)}
            for each in watches:
                each.observe([columns[places[name]] for name in each.fields])
        read = scanned.read + len(part.rows)
        scanned = replace(
            scanned,
            read=read,
            rows=max(scanned.rows, read),
            cut=scanned.cut + part.cut,
            found={name: dict(counts) for name, counts in tally.counts.items()},
            counted={each.check: each.counts() for each in watches},
            at=reading.clock(),
            after=part.at,
            memory=_memory(watches) if part.at else {},
        )
        reading.progress.record(dataset, scanned)
        reading.tell(dataset, scanned)
        if reading.over and part.at:
            # Where no place can be found again, stopping would throw away what was read.
            return _has_ended(reading, dataset, fields, scanned)
    return _end(reading, dataset, scanned)


def _resumed(
    reading: Reading, dataset: DatasetId, fields: Sequence[str], scanned: Scanned
) -> list[Watch]:
    """Return what checks want counted, going on from where the scan stands."""
    watches = [each for each in reading.watches(dataset) if set(each.fields) <= set(fields)]
    for each in watches:
        if scanned.read:
            own = {
                name: hashes
                for key, hashes in scanned.memory.items()
                for check, _, name in (key.partition(" "),)
                if check == each.check
            }
            each.resume(scanned.counted.get(each.check, {}), own)
    return watches


def _memory(watches: Sequence[Watch]) -> dict[str, Sequence[int]]:
    return {
        f"{each.check} {name}": hashes for each in watches for name, hashes in each.memory().items()
    }


def _has_ended(reading: Reading, dataset: DatasetId, fields: list[str], scanned: Scanned) -> bool:
    """Return whether nothing comes after the last part, and note it."""
    for _ in _parts(reading.stores[dataset.store], dataset, fields, scanned.after, rows=1):
        return False
    return _end(reading, dataset, scanned)


def _end(reading: Reading, dataset: DatasetId, scanned: Scanned) -> bool:
    ended = reading.clock()
    scanned = replace(scanned, rows=scanned.read, at=ended, ended=ended, after="")
    scanned = replace(scanned, memory={}, before=None)
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
