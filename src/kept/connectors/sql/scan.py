"""How every row of a table is read: as a stream, in one snapshot, in bounded memory."""

from collections.abc import Iterator, Sequence

from sqlalchemy.engine import Connection

from kept.connectors.sql.engine import quoted
from kept.inventory.connector import Value


def count(connection: Connection, dataset: str) -> int:
    """Return how many rows `dataset` has now."""
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(dataset)}").scalar_one())


def scan(
    connection: Connection, dataset: str, fields: Sequence[str], *, batch: int
) -> Iterator[list[tuple[Value, ...]]]:
    """Yield every row of `dataset`, `fields` only, in the store's own order.

    Without `fields` each row is an empty tuple.
    """
    listed = ", ".join(quoted(field) for field in fields) or "NULL"
    rows = connection.exec_driver_sql(f"SELECT {listed} FROM {quoted(dataset)}")
    for part in rows.partitions(batch):
        yield [tuple(row) for row in part] if fields else [()] * len(part)
