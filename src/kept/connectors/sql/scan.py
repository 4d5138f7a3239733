"""How every row of a table is read: as a stream, in one snapshot, in bounded memory."""

from collections.abc import Generator, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.names import table_of
from kept.connectors.sql.value import leaving, size_of
from kept.inventory.catalog import Table
from kept.inventory.connector import Value

CELL = 1_000_000
"""Characters or bytes of one cell that a scan reads: a cell may be as large as the memory."""

FETCHED = 100
"""Rows that are fetched before their size is known."""

HELD = 16_000_000
"""Characters and bytes that end a batch before its number of rows does."""


def count(connection: Connection, table: Table) -> int:
    """Return how many rows `table` has now."""
    source = table_of(table)
    return int(connection.execute(sa.select(sa.func.count()).select_from(source)).scalar_one())


def shown_fields(
    dialect: Dialect, table: Table, fields: Sequence[str]
) -> "list[sa.ColumnElement[Any]]":
    """Return what reads `fields`, in the form in which they leave."""
    source = table_of(table)
    return [dialect.cut(source.c[field], table.column(field), CELL + 1) for field in fields]


def scan(
    connection: Connection,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    *,
    batch: int,
) -> Iterator[list[tuple[Value, ...]]]:
    """Yield every row of `table`, `fields` only, in the store's own order.

    Without `fields` each row is an empty tuple. Of a cell no more than `CELL` is read.
    """
    shown = shown_fields(dialect, table, fields) or [sa.literal(0)]
    dialect.streams(connection)
    for part in streamed(connection, sa.select(*shown).select_from(table_of(table)), batch=batch):
        yield part if fields else [()] * len(part)


def streamed(
    connection: Connection, wanted: "sa.Select[Any]", *, batch: int
) -> Generator[list[tuple[Value, ...]]]:
    """Yield rows in batches of no more than `batch`, of fewer where their cells are large."""
    rows = connection.execution_options(stream_results=True).execute(wanted)
    try:
        held: list[tuple[Value, ...]] = []
        size = 0
        while part := leaving(rows.fetchmany(min(batch - len(held), FETCHED))):
            held += part
            size += size_of(part)
            if len(held) == batch or size >= HELD:
                yield held
                held, size = [], 0
        if held:
            yield held
    finally:
        # A scan left early ends its cursor on the server at once.
        rows.close()
