"""How a bounded number of rows is read so that they speak for the whole table."""

import heapq
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.names import table_of
from kept.connectors.sql.scan import count
from kept.inventory.catalog import Table
from kept.inventory.connector import Sample, Value

ROWS = 1_000
"""Rows read of a table: about five for each distinct value asked for."""

PLACES = 40
"""Places of a large table at which rows are read: old rows differ from new ones."""

WIDTH = 500
"""Fields read in one statement."""

CELL = 4_096
"""Characters or bytes of one cell that are read. What a field holds shows before that."""

COUNTED = 200_000
"""Rows that the engine believes in, from which on it is believed: counting reads them all."""

_Rows = list[tuple[Value, ...]]


def sample(
    connection: Connection,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    *,
    limit: int,
    seed: int,
) -> Sample:
    """Return up to `limit` distinct non-null values of each of `fields`.

    The same content, seed and limit give the same sample. Where most of the rows read
    are empty in a field, rows that are not are looked for.
    """
    rows, exact = _count(connection, table)
    look = _Look(connection, dialect, table)
    read = _read_all(look, fields, rows=rows, seed=seed)
    seen: dict[str, dict[Value, None]] = {}
    nulls: dict[str, int] = {}
    for place, field in enumerate(fields):
        filled = [row[place] for row in read if not _empty(row[place])]
        seen[field] = dict.fromkeys(filled)
        nulls[field] = len(read) - len(filled)
    if len(read) < rows:
        sparse = [
            field
            for field in fields
            if len(seen[field]) < limit
            and nulls[field] * 2 >= len(read)
            and field not in table.always_null
        ]
        for field in look.not_empty(sparse):
            seen[field] |= dict.fromkeys(look.filled(field, limit=limit * 2))
    return Sample(
        dataset=table.name,
        rows=max(rows, len(read)),
        read=len(read),
        values={field: _chosen(seen[field], limit=limit, seed=seed) for field in fields},
        nulls=nulls,
        distinct={field: len(seen[field]) for field in fields},
        rows_exact=exact,
    )


def _count(connection: Connection, table: Table) -> tuple[int, bool]:
    """Return how many rows a table has, and whether they were counted."""
    if table.rows_estimate is not None and table.rows_estimate >= COUNTED:
        return table.rows_estimate, False
    return count(connection, table), True


def _read_all(look: "_Look", fields: Sequence[str], *, rows: int, seed: int) -> _Rows:
    """Read the same rows of all fields, some fields at a time: engines bound a row's width."""
    parts = [
        look.read(fields[start : start + WIDTH], rows=rows, seed=seed)
        for start in range(0, len(fields), WIDTH)
    ]
    return [tuple(chain.from_iterable(row)) for row in zip(*parts, strict=True)]


class _Look:
    """Statements that read a part of one table."""

    def __init__(self, connection: Connection, dialect: Dialect, table: Table) -> None:
        self._connection = connection
        self._dialect = dialect
        self._table = table
        self._source = table_of(table)

    def read(self, fields: Sequence[str], *, rows: int, seed: int) -> _Rows:
        """Return some rows of the table, all of them where there are few."""
        shown = [self._cut(field) for field in fields]
        wanted = sa.select(*shown).select_from(self._source)
        if rows <= ROWS:
            return self._rows(wanted.limit(ROWS))
        blocks = self._dialect.blocks(self._source, self._table, rows=ROWS, of=rows, seed=seed)
        if blocks is not None:
            columns = [self._cut(field, blocks) for field in fields]
            read = self._rows(sa.select(*columns).select_from(blocks).limit(ROWS * 2))
            if len(read) >= ROWS // 4:
                return read
        number = self._numbered_by()
        if number is not None:
            column, low, high = number
            return self._by_number(wanted, column, low, high, seed)
        return self._by_place(wanted, rows, seed)

    def _by_place(self, wanted: "sa.Select[Any]", rows: int, seed: int) -> _Rows:
        """Read some rows at each of `PLACES` places of the table's own order."""
        step = max(1, rows // PLACES)
        most = max(1, step - ROWS // PLACES)
        return [
            row
            for place in range(PLACES)
            for row in self._rows(
                wanted.limit(ROWS // PLACES).offset(place * step + _jitter(seed, place) % most)
            )
        ]

    def _by_number(
        self,
        wanted: "sa.Select[Any]",
        column: "sa.ColumnElement[int]",
        low: int,
        high: int,
        seed: int,
    ) -> _Rows:
        """Read some rows at each of `PLACES` places between two row numbers."""
        found: _Rows = []
        width = max(1, (high - low) // PLACES)
        last = low - 1
        numbered = wanted.add_columns(column.label("kept number")).order_by(column)
        for place in range(PLACES):
            start = max(last + 1, low + place * width + _jitter(seed, place) % max(1, width // 2))
            part = self._rows(numbered.where(column >= start).limit(ROWS // PLACES))
            if part and isinstance(part[-1][-1], int):
                last = part[-1][-1]
            found.extend(row[:-1] for row in part)
        return found

    def _numbered_by(self) -> "tuple[sa.ColumnElement[int], int, int] | None":
        """Return a column that numbers the rows and is searched without a scan, and its ends."""
        table = self._table
        columns = [table.row_number] if table.row_number else list(table.key[:1])
        for name in columns:
            column = self._source.c[name]
            if not table.row_number and not self._dialect.is_number(table.column(name)):
                continue
            ends = self._rows(
                sa.select(sa.func.min(column), sa.func.max(column)).select_from(self._source)
            )
            low, high = ends[0]
            if isinstance(low, int) and isinstance(high, int):
                return column, low, high
        return None

    def not_empty(self, fields: Sequence[str]) -> Iterable[str]:
        """Yield those of `fields` that hold anything at all; one pass tells of many."""
        for start in range(0, len(fields), WIDTH):
            part = fields[start : start + WIDTH]
            told = [sa.func.max(sa.case((self._is_filled(field), 1), else_=0)) for field in part]
            (found,) = self._rows(sa.select(*told).select_from(self._source))
            yield from (field for field, any_ in zip(part, found, strict=True) if any_)

    def filled(self, field: str, *, limit: int) -> Iterator[Value]:
        """Yield up to `limit` values of a field that are not empty."""
        wanted = sa.select(self._cut(field)).select_from(self._source)
        for (value,) in self._rows(wanted.where(self._is_filled(field)).limit(limit)):
            if not _empty(value):
                yield value

    def _is_filled(self, field: str) -> "sa.ColumnElement[bool]":
        column = self._source.c[field]
        there = column.is_not(None)
        if self._dialect.is_text(self._table.column(field)):
            return sa.and_(there, column != "")
        return there

    def _cut(self, field: str, source: "sa.FromClause | None" = None) -> "sa.ColumnElement[Value]":
        """Return what reads a field and leaves the rest of a huge cell where it is."""
        columns = self._source.c if source is None else source.c
        return self._dialect.cut(columns[field], self._table.column(field), CELL)

    def _rows(self, wanted: "sa.Select[Any]") -> _Rows:
        return [tuple(row) for row in self._connection.execute(wanted).all()]


def _empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _chosen(seen: Iterable[Value], *, limit: int, seed: int) -> tuple[Value, ...]:
    """Return `limit` of the values seen, in an order that the seed and they alone decide."""
    ranked = [(_hash(seed, text := repr(value)), text, value) for value in seen]
    return tuple(each[2] for each in heapq.nsmallest(limit, ranked, key=itemgetter(0, 1)))


def _jitter(seed: int, place: int) -> int:
    return _hash(seed, str(place))


def _hash(seed: int, text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"), zlib.crc32(str(seed).encode()))
