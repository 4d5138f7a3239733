"""How rows that an erasure wrote are told, after a crash, from rows that it did not."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice

import sqlalchemy as sa

from kept.connectors.errors import StoreChangedError
from kept.connectors.sql.erase_blank import Chosen
from kept.connectors.sql.erase_fate import Fate
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Key, Touched

_AT_ONCE = 500
_NOTHING = (None, "", b"")


def written(
    transaction: Transaction,
    fates: Mapping[DatasetId, Fate],
    chosen: Mapping[DatasetId, Chosen],
) -> Iterator[Touched]:
    """Yield every row that is written, with what it will be known by."""
    for dataset, fate in fates.items():
        columns = {name: at for at, name in enumerate(fate.rows.columns)}
        names = _Names(transaction, fate)
        personal = [part.name for part in fate.rows.step.fields if part.erased]
        traced = [(name, columns[name]) for name in personal if name in columns]
        for row in sorted(fate.delete, key=repr):
            before = fate.rows.values[row]
            traces = {name: _trace(before[at]) for name, at in traced if before[at] not in _NOTHING}
            yield Touched(dataset, names.of(row, frozenset()), traces=traces)
        values = chosen.get(dataset, {})
        alike: dict[frozenset[str], list[str]] = {}
        for row, fields in fate.blank.items():
            blanked = alike.get(fields)
            if blanked is None:
                blanked = alike[fields] = sorted(fields & values.keys())
            before = fate.rows.values[row]
            after: dict[str, Value] = {}
            traces = {}
            for name in blanked:
                # What was empty before tells nothing about whether it was emptied.
                old = before[columns[name]]
                if old is not None and old != (new := values[name].value(row)):
                    after[name] = new
                    traces[name] = _trace(old)
            if after:
                changed = names.written & after.keys() if names.written else frozenset()
                key = names.of(row, frozenset(changed))
                if key:
                    yield Touched(dataset, key, after=after, traces=traces)


def left(transaction: Transaction, catalog: Catalog, touched: Sequence[Touched]) -> int:
    """Return how many rows are still as they were before they were written.

    A row that was to be deleted is left where its key is there and at least half of its
    personal values are: a key that is given out again names another person's row. A row that
    was to be blanked is left where a field of it holds what it held before.

    Raises:
        StoreChangedError: A table or column is gone.
    """
    found = 0
    ordered = sorted(touched, key=lambda each: (str(each.dataset), _named(each)))
    for (_, names), group in groupby(ordered, key=lambda each: (each.dataset, _named(each))):
        rows = list(group)
        try:
            table = catalog.table(rows[0].dataset.name)
        except KeyError:
            raise StoreChangedError(f"the table {rows[0].dataset} is gone") from None
        asked = sorted({name for each in rows for name in (*each.traces, *(each.after or {}))})
        known = {*(column.name for column in table.columns), table.row_number, table.place}
        if not {*names, *asked} <= known:
            raise StoreChangedError(f"columns of {rows[0].dataset} are gone")
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            found += _left_of(transaction, table, names, asked, part)
    return found


def _left_of(
    transaction: Transaction,
    table: Table,
    names: tuple[str, ...],
    asked: Sequence[str],
    rows: Sequence[Touched],
) -> int:
    source = source_of(table)
    wanted = {tuple(value for _, value in each.key): each for each in rows}
    columns = transaction.read(source, (*names, *asked))
    statement = sa.select(*columns).where(transaction.among(source, names, wanted))
    count = 0
    for row in transaction.rows(statement):
        values = iter(row)
        each = wanted.get(tuple(islice(values, len(names))))
        if each is not None:
            count += _is_left(each, dict(zip(asked, values, strict=True)))
    return count


def _is_left(each: Touched, now: Mapping[str, Value]) -> bool:
    if each.after is not None:
        return any(_trace(now[name]) == trace for name, trace in each.traces.items())
    same = sum(_trace(now[name]) == trace for name, trace in each.traces.items())
    return 2 * same >= len(each.traces)


class _Names:
    """What names rows of one dataset after they were written.

    A declared key outlives a table that is written anew, which a row number does not; but
    it may hold NULL in SQLite, or be emptied itself.
    """

    def __init__(self, transaction: Transaction, fate: Fate) -> None:
        table = fate.rows.step.table
        self._rows = fate.rows
        self._place = table.place
        self._key = table.key
        self._at = [fate.rows.columns.index(name) for name in table.key]
        self._handle = transaction.words.handle(table)
        # Where a row lies changes with whatever is written into it.
        names = {*self._key, *self._handle}
        self.written = frozenset(fate.rows.columns) if table.place else frozenset(names)

    def of(self, row: Key, changed: frozenset[str]) -> tuple[tuple[str, Value], ...]:
        """Return columns that name a row, and their values; none where none do any more."""
        if self._at and not (changed and changed & set(self._key)):
            values = self._rows.values[row]
            if len(self._at) == 1 and (only := values[self._at[0]]) is not None:
                return ((self._key[0], only),)
            key = tuple(values[at] for at in self._at)
            if None not in key:
                return tuple(zip(self._key, key, strict=True))
        moved = bool(self._place and changed)
        if moved or changed & set(self._handle):
            return ()
        return tuple(zip(self._handle, row, strict=True))


def _named(each: Touched) -> tuple[str, ...]:
    return tuple(name for name, _ in each.key)


def _trace(value: Value) -> str:
    text = repr(value).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(text, digest_size=16).hexdigest()
