"""How every row of a table is read: as a stream, in one snapshot, in bounded memory."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.names import table_of
from kept.connectors.sql.value import leaving
from kept.inventory.catalog import Table
from kept.inventory.connector import Value


def count(connection: Connection, table: Table) -> int:
    """Return how many rows `table` has now."""
    source = table_of(table)
    return int(connection.execute(sa.select(sa.func.count()).select_from(source)).scalar_one())


def shown_fields(
    dialect: Dialect, table: Table, fields: Sequence[str]
) -> "list[sa.ColumnElement[Any]]":
    """Return what reads `fields` whole, in the form in which they leave."""
    source = table_of(table)
    return [dialect.whole(source.c[field], table.column(field)) for field in fields]


def scan(
    connection: Connection,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    *,
    batch: int,
) -> Iterator[list[tuple[Value, ...]]]:
    """Yield every row of `table`, `fields` only, in the store's own order.

    Without `fields` each row is an empty tuple.
    """
    shown = shown_fields(dialect, table, fields) or [sa.literal(0)]
    wanted = sa.select(*shown).select_from(table_of(table))
    dialect.streams(connection)
    rows = connection.execution_options(stream_results=True).execute(wanted)
    try:
        for part in rows.partitions(batch):
            yield leaving(part) if fields else [()] * len(part)
    finally:
        # A scan left early ends its cursor on the server at once.
        rows.close()
