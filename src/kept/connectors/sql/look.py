"""Which statements read a part of one table. There are few, however large it is."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.names import table_of
from kept.connectors.sql.patience import Patience
from kept.connectors.sql.value import leaving
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value

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

WIDE = 20
"""How many times as many rows are looked at for fields that are nearly always empty."""

Rows = list[tuple[Value, ...]]

_Numbers = tuple["sa.ColumnElement[int]", int, int]


class Look:
    """Statements that read a part of one table, as long as the patience for it lasts."""

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        table: Table,
        patience: Patience | None = None,
    ) -> None:
        self._connection = connection
        self._patience = patience
        self._dialect = dialect
        self._table = table
        self._source = table_of(table)
        self._number: _Numbers | None = None
        self._exact = True

    def count(self) -> tuple[int, bool]:
        """Return how many rows the table has, and whether they were counted.

        Where a column numbers the rows, its ends are learnt at the same time.
        """
        estimate = self._table.rows_estimate
        self._exact = estimate is None or estimate < COUNTED
        number = self._numbered_by()
        told: list[sa.ColumnElement[Any]] = [sa.func.count()] if self._exact else []
        if number is not None and (self._exact or self._blocks(ROWS, estimate or 0, 0) is None):
            told += [sa.func.min(number), sa.func.max(number)]
        if not told:
            return estimate or 0, False
        found = list(self._rows(sa.select(*told).select_from(self._source))[0])
        if number is not None and len(found) > 1:
            high, low = found.pop(), found.pop()
            if isinstance(low, int) and isinstance(high, int):
                self._number = number, low, high
        counted = found[0] if found else estimate
        return (counted if isinstance(counted, int) else 0), self._exact

    def read(self, fields: Sequence[str], *, rows: int, seed: int) -> Rows:
        """Return some rows of the table, all of them where there are few."""
        wanted = self._wanted(fields)
        if rows <= ROWS:
            return self._rows(wanted.limit(ROWS))
        blocks = self._blocks(ROWS, rows, seed)
        if blocks is not None:
            read = self._rows(self._wanted(fields, blocks).limit(ROWS * 2))
        elif self._number is not None:
            read = self._by_number(fields, self._number, rows=rows, seed=seed)
        elif (share := self._dialect.thinned(0.9 * ROWS / rows, seed)) is not None:
            read = self._rows(wanted.where(share).limit(ROWS))
        else:
            return self._by_place(wanted, rows, seed)
        # Blocks may be empty, numbers may leave gaps: then the first rows do.
        return read if len(read) >= ROWS // 4 else self._rows(wanted.limit(ROWS))

    def sparse(
        self, fields: Sequence[str], *, rows: int, seed: int, limit: int
    ) -> dict[str, list[Value]]:
        """Return values of those of `fields` that hold any, of a wider part of the table."""
        source = self._wide(fields, rows=rows, seed=seed)
        found: dict[str, list[Value]] = defaultdict(list)
        for start in range(0, len(fields), WIDTH):
            there = self._not_empty(fields[start : start + WIDTH], source)
            for field, value in self._filled(there, source, limit=limit):
                found[field].append(value)
        return found

    def _wide(self, fields: Sequence[str], *, rows: int, seed: int) -> "sa.FromClause":
        """Return the part of the table in which values that are rare are looked for."""
        wide = ROWS * WIDE
        if rows <= wide:
            return self._source
        blocks = self._blocks(wide, rows, seed)
        if blocks is not None:
            return blocks
        if self._exact:
            return self._source
        # Nobody waits until a table is read whole that is too large even to be counted.
        part = sa.select(*(self._source.c[field] for field in fields))
        if self._number is not None:
            part = part.where(_near(self._number, wide, rows=rows, seed=seed))
        return part.limit(wide).subquery()

    def _blocks(self, rows: int, of: int, seed: int) -> "sa.FromClause | None":
        return self._dialect.blocks(self._source, self._table, rows=rows, of=of, seed=seed)

    def _wanted(
        self, fields: Sequence[str], source: "sa.FromClause | None" = None
    ) -> "sa.Select[Any]":
        source = self._source if source is None else source
        return sa.select(*(self._cut(field, source) for field in fields)).select_from(source)

    def _numbered_by(self) -> "sa.ColumnElement[int] | None":
        """Return a column that numbers the rows and is searched without a scan."""
        if self._table.row_number:
            return self._source.c[self._table.row_number]
        for name in self._table.key[:1]:
            if self._dialect.is_number(self._column(name)) and name not in self._table.unreadable:
                return self._source.c[name]
        return None

    def _by_number(
        self, fields: Sequence[str], numbers: "_Numbers", *, rows: int, seed: int
    ) -> Rows:
        """Read some rows at each of `PLACES` places between two row numbers, in one statement."""
        near = _near(numbers, ROWS, rows=rows, seed=seed)
        column = numbers[0]
        return self._rows(self._wanted(fields).where(near).order_by(column).limit(ROWS))

    def _by_place(self, wanted: "sa.Select[Any]", rows: int, seed: int) -> Rows:
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

    def _not_empty(self, fields: Sequence[str], source: "sa.FromClause") -> list[str]:
        """Return those of `fields` that hold anything; one pass tells of many."""
        told = [
            sa.func.max(sa.case((self._is_filled(field, source), 1), else_=0)) for field in fields
        ]
        (found,) = self._rows(sa.select(*told).select_from(source))
        return [field for field, any_ in zip(fields, found, strict=True) if any_]

    def _filled(
        self, fields: Sequence[str], source: "sa.FromClause", *, limit: int
    ) -> Iterator[tuple[str, Value]]:
        """Yield values of `fields` that are not empty: of all that are of one type, at once."""
        kinds: dict[str, list[str]] = defaultdict(list)
        for field in fields:
            kinds[self._dialect.leaves_as(self._column(field))].append(field)
        for alike in kinds.values():
            parts = [
                sa.select(sa.literal(place).label("place"), self._cut(field, source).label("value"))
                .select_from(source)
                .where(self._is_filled(field, source))
                .limit(limit)
                .subquery()
                for place, field in enumerate(alike)
            ]
            for place, value in self._rows(sa.union_all(*(sa.select(part) for part in parts))):
                if isinstance(place, int):
                    yield alike[place], value

    def _is_filled(self, field: str, source: "sa.FromClause") -> "sa.ColumnElement[bool]":
        column = source.c[field]
        there = column.is_not(None)
        if self._dialect.is_text(self._column(field)):
            return sa.and_(there, column != "")
        return there

    def _cut(self, field: str, source: "sa.FromClause") -> "sa.ColumnElement[Value]":
        """Return what reads a field and leaves the rest of a huge cell where it is."""
        return self._dialect.cut(source.c[field], self._column(field), CELL)

    def _column(self, field: str) -> Column:
        return self._table.column(field)

    def _rows(self, wanted: "sa.Select[Any] | sa.CompoundSelect[Any]") -> Rows:
        if self._patience is not None:
            self._patience.check()
        return leaving(self._connection.execute(wanted).all())


def hash_of(seed: int, text: str) -> int:
    """Return a number that `seed` and `text` alone decide."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"), zlib.crc32(str(seed).encode()))


def _near(numbers: _Numbers, wanted: int, *, rows: int, seed: int) -> "sa.ColumnElement[bool]":
    """Return what is true of about `wanted` rows, at `PLACES` places of their numbers."""
    column, low, high = numbers
    width = max(1, (high - low + 1) // PLACES)
    # As wide as about so many rows are, where numbers leave gaps.
    span = min(width, max(1, (high - low + 1) * (wanted // PLACES) // max(1, rows)))
    starts = [
        low + place * width + _jitter(seed, place) % (width - span + 1) for place in range(PLACES)
    ]
    return sa.or_(*(column.between(start, start + span - 1) for start in starts))


def _jitter(seed: int, place: int) -> int:
    return hash_of(seed, str(place))
