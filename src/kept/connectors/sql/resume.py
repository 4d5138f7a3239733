"""How every row is read in parts that may lie hours apart, and none of them twice.

Rows are read in the order of the table's key, and each part begins after the last key
of the one before: rows that come or go meanwhile move no other row. Order and comparison
are the store's own, under the same collation.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.errors import StoreChangedError, StoreTooLargeError
from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.names import table_of
from kept.connectors.sql.scan import CELL, HELD, scan, shown_fields, streamed
from kept.connectors.sql.value import longer_than, size_of
from kept.inventory.catalog import Table
from kept.inventory.connector import Batch, Value


class Snapshots(Protocol):
    """Opens a snapshot of its own for each part."""

    def __call__(self) -> AbstractContextManager[Connection]:
        """Open one."""
        ...


@dataclass(frozen=True, slots=True)
class _Key:
    """What orders the rows of a table.

    Attributes:
        names: Its columns.
        columns: The same, as they are compared.
        shown: The same, as the text that comes back exactly.
        types: As what that text is compared.
    """

    names: tuple[str, ...]
    columns: tuple["sa.ColumnElement[Any]", ...]
    shown: tuple["sa.ColumnElement[Any]", ...]
    types: tuple["sa.types.TypeEngine[Any]", ...]


def scan_from(
    snapshots: Snapshots,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    *,
    after: str,
    batch: int,
) -> Iterator[Batch]:
    """Yield every row of `table` after `after`, each part in a short snapshot of its own.

    Raises:
        StoreChangedError: `after` belongs to another dataset, or to another key of it.
    """
    key = _key(dialect, table)
    place = _Place(table, key)
    last = place.read(after) if after else None
    if last == ():
        return
    if key is None:
        yield from _as_one(snapshots, dialect, table, fields, place, batch=batch)
        return
    wanted = (
        sa.select(*shown_fields(dialect, table, fields), *key.shown)
        .select_from(table_of(table))
        .order_by(*key.columns)
    )
    limit = batch
    while True:
        giants = 0
        try:
            rows = _part(snapshots, wanted, dialect, key, last, limit)
        except StoreTooLargeError:
            if limit > 1:
                limit = max(1, limit // 10)
                continue
            rows, giants = _one_row(snapshots, dialect, table, fields, key, last)
        if not rows:
            return
        last = rows[-1][len(fields) :]
        told = [row[: len(fields)] for row in rows]
        large = size_of(told) >= HELD
        ended = len(rows) < limit and not large and not giants
        at = place.written(() if ended else last)
        yield Batch(rows=told, at=at, cut=_cut(told) + giants)
        if ended:
            return
        limit = min(batch, max(1, 2 * len(rows)))


def _part(
    snapshots: Snapshots,
    wanted: "sa.Select[Any]",
    dialect: Dialect,
    key: _Key,
    last: tuple[Value, ...] | None,
    limit: int,
) -> list[tuple[Value, ...]]:
    """Return the next rows, `limit` at most."""
    following = wanted.limit(limit)
    if last is not None:
        following = following.where(dialect.follows(key.columns, _bound(key, last)))
    with (
        snapshots() as connection,
        closing(streamed(connection, following, batch=limit)) as stream,
    ):
        # What is larger than it may be is ended early, and goes on after its last key.
        return next(stream, [])


def _one_row(
    snapshots: Snapshots,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    key: _Key,
    last: tuple[Value, ...] | None,
) -> tuple[list[tuple[Value, ...]], int]:
    """Return the next row without the values that are too large, and how many those are."""
    source = table_of(table)
    shown = dict(zip(fields, shown_fields(dialect, table, fields), strict=True))
    found: list[Value] = []
    giants = 0
    for field in (*fields, None):
        columns = key.shown if field is None else (shown[field],)
        wanted = sa.select(*columns).select_from(source).order_by(*key.columns)
        try:
            rows = _part(snapshots, wanted, dialect, key, last, 1)
        except StoreTooLargeError:
            if field is None:
                raise
            found.append(None)
            giants += 1
            continue
        if not rows:
            return [], 0
        found += rows[0]
    return [tuple(found)], giants


def _cut(rows: Sequence[Sequence[Value]]) -> int:
    return longer_than(CELL, rows) if size_of(rows) > CELL else 0


def _as_one(
    snapshots: Snapshots,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    place: "_Place",
    *,
    batch: int,
) -> Iterator[Batch]:
    """Yield a table without a key: no place in it can be found again but its end."""
    with snapshots() as connection:
        held: list[tuple[Value, ...]] | None = None
        for rows in scan(connection, dialect, table, fields, batch=batch):
            if held is not None:
                yield Batch(rows=held, at="", cut=_cut(held))
            held = rows
    if held is not None:
        yield Batch(rows=held, at=place.written(()), cut=_cut(held))


def _key(dialect: Dialect, table: Table) -> _Key | None:
    names = (table.row_number,) if table.row_number else table.key
    types: list[sa.types.TypeEngine[Any]] = []
    for name in names:
        if name in table.unreadable:
            return None
        kind = sa.types.NULLTYPE if table.row_number else dialect.key_type(table.column(name))
        if kind is None:
            return None
        types.append(kind)
    if not names:
        return None
    source = table_of(table)
    columns = tuple(source.c[name] for name in names)
    shown = (
        columns
        if table.row_number
        else tuple(dialect.whole(source.c[name], table.column(name)) for name in names)
    )
    labelled = tuple(each.label(f"kept key {at}") for at, each in enumerate(shown))
    return _Key(tuple(names), columns, labelled, tuple(types))


def _bound(key: _Key, values: Sequence[Value]) -> "list[sa.ColumnElement[Any]]":
    found: list[sa.ColumnElement[Any]] = []
    for value, kind in zip(values, key.types, strict=True):
        given = sa.bindparam(None, value, type_=_carried(value))
        found.append(given if isinstance(kind, sa.types.NullType) else sa.cast(given, kind))
    return found


def _carried(value: Value) -> "sa.types.TypeEngine[Any]":
    """Return the type as which a value travels to the store."""
    match value:
        case bool():
            return sa.Boolean()
        case int():
            return sa.BigInteger()
        case bytes():
            return sa.LargeBinary()
        case float():
            return sa.Double()
        case _:
            return sa.Text()


class _Place:
    """Writes down where a scan stands, and reads it back."""

    def __init__(self, table: Table, key: _Key | None) -> None:
        told = [table.name, *((name, _type(table, name)) for name in (key.names if key else ()))]
        self._table = table
        self._length = len(key.names) if key else 0
        self._mark = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def written(self, values: Sequence[Value]) -> str:
        """Return the place after the row with this key; the end, where there is none."""
        told = [["b", each.hex()] if isinstance(each, bytes) else ["v", each] for each in values]
        return json.dumps({"of": self._mark, "after": told})

    def read(self, text: str) -> tuple[Value, ...]:
        """Return the key that `text` holds; empty at the end.

        Raises:
            StoreChangedError: It was not written for this dataset and this key.
        """
        try:
            told = json.loads(text)
            values = [(kind, value) for kind, value in told["after"]]
            if told["of"] == self._mark and len(values) in {0, self._length}:
                return tuple(
                    bytes.fromhex(value) if kind == "b" else value for kind, value in values
                )
        except (ValueError, TypeError, KeyError):
            pass
        raise StoreChangedError(
            f"the place at which a scan of {self._table.name!r} ended is no longer there",
            remedy="Begin the scan of this dataset again.",
        )


def _type(table: Table, name: str) -> str:
    return "" if name == table.row_number else table.column(name).type
