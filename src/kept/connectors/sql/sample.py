"""How a bounded number of rows is read so that they speak for the whole table."""

import heapq
import zlib
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter

from sqlalchemy.engine import Connection

from kept.connectors.sql.engine import quoted
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


def sample(
    connection: Connection, table: Table, fields: Sequence[str], *, limit: int, seed: int
) -> Sample:
    """Return up to `limit` distinct non-null values of each of `fields`.

    The same content, seed and limit give the same sample. Where most of the rows read
    are empty in a field, rows that are not are looked for.
    """
    rows = count(connection, table.name)
    read = _read_all(connection, table, fields, rows=rows, seed=seed)
    seen: dict[str, dict[Value, None]] = {}
    nulls: dict[str, int] = {}
    for place, field in enumerate(fields):
        filled = [row[place] for row in read if not _empty(row[place])]
        seen[field] = dict.fromkeys(filled)
        nulls[field] = len(read) - len(filled)
    if len(read) < rows:
        sparse = [
            field for field in fields if len(seen[field]) < limit and nulls[field] * 2 >= len(read)
        ]
        for field in _not_empty(connection, table, sparse):
            seen[field] |= dict.fromkeys(_filled(connection, table, field, limit=limit))
    return Sample(
        dataset=table.name,
        rows=rows,
        read=len(read),
        values={field: _chosen(seen[field], limit=limit, seed=seed) for field in fields},
        nulls=nulls,
        distinct={field: len(seen[field]) for field in fields},
    )


def _read_all(
    connection: Connection, table: Table, fields: Sequence[str], *, rows: int, seed: int
) -> list[tuple[Value, ...]]:
    """Read the same rows of all fields, some fields at a time: engines bound a row's width."""
    parts = [
        _read(connection, table, fields[start : start + WIDTH], rows=rows, seed=seed)
        for start in range(0, len(fields), WIDTH)
    ]
    return [tuple(chain.from_iterable(row)) for row in zip(*parts, strict=True)]


def _read(
    connection: Connection, table: Table, fields: Sequence[str], *, rows: int, seed: int
) -> list[tuple[Value, ...]]:
    listed = ", ".join(_cut(field) for field in fields)
    source = quoted(table.name)
    if rows <= ROWS:
        return _tuples(connection, f"SELECT {listed} FROM {source} LIMIT {ROWS}", ())
    number = _numbered_by(connection, table)
    if number is None:
        step = max(1, rows // PLACES)
        return [
            row
            for place in range(PLACES)
            for row in _tuples(
                connection,
                f"SELECT {listed} FROM {source} LIMIT ? OFFSET ?",
                (
                    ROWS // PLACES,
                    place * step + _jitter(seed, place) % max(1, step - ROWS // PLACES),
                ),
            )
        ]
    column, low, high = number
    return _by_number(
        connection, f"SELECT {column}, {listed} FROM {source}", column, low, high, seed
    )


def _by_number(
    connection: Connection, select: str, column: str, low: int, high: int, seed: int
) -> list[tuple[Value, ...]]:
    """Read some rows at each of `PLACES` places between two row numbers."""
    found: list[tuple[Value, ...]] = []
    width = max(1, (high - low) // PLACES)
    last = low - 1
    for place in range(PLACES):
        start = max(last + 1, low + place * width + _jitter(seed, place) % max(1, width // 2))
        part = _tuples(
            connection,
            f"{select} WHERE {column} >= ? ORDER BY {column} LIMIT ?",
            (start, ROWS // PLACES),
        )
        if part and isinstance(part[-1][0], int):
            last = part[-1][0]
        found.extend(row[1:] for row in part)
    return found


def _numbered_by(connection: Connection, table: Table) -> tuple[str, int, int] | None:
    """Return a column that numbers the rows and is searched without a scan, and its ends."""
    columns = [table.row_number] if table.row_number else list(table.key[:1])
    for column in columns:
        ends = _tuples(
            connection,
            f"SELECT min({quoted(column)}), max({quoted(column)}) FROM {quoted(table.name)}",
            (),
        )
        low, high = ends[0]
        if isinstance(low, int) and isinstance(high, int):
            return quoted(column), low, high
    return None


def _not_empty(connection: Connection, table: Table, fields: Sequence[str]) -> Iterable[str]:
    """Yield those of `fields` that hold anything at all; one pass tells of many."""
    for start in range(0, len(fields), WIDTH):
        part = fields[start : start + WIDTH]
        listed = ", ".join(f"max({quoted(field)} <> '')" for field in part)
        (found,) = _tuples(connection, f"SELECT {listed} FROM {quoted(table.name)}", ())
        yield from (field for field, any_ in zip(part, found, strict=True) if any_)


def _filled(connection: Connection, table: Table, field: str, *, limit: int) -> Iterable[Value]:
    rows = _tuples(
        connection,
        f"SELECT {_cut(field)} FROM {quoted(table.name)}"
        f" WHERE {quoted(field)} IS NOT NULL AND {quoted(field)} <> '' LIMIT ?",
        (limit * 2,),
    )
    return [row[0] for row in rows if not _empty(row[0])]


def _cut(field: str) -> str:
    """Return the expression that reads a field and leaves the rest of a huge cell where it is."""
    name = quoted(field)
    return (
        f"CASE WHEN typeof({name}) IN ('text', 'blob') AND length({name}) > {CELL}"
        f" THEN substr({name}, 1, {CELL}) ELSE {name} END"
    )


def _tuples(
    connection: Connection, statement: str, values: tuple[int, ...]
) -> list[tuple[Value, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(statement, values).all()]


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
