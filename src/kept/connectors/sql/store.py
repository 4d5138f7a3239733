"""A store that speaks SQL, with everything that it can do."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.errors import StoreChangedError
from kept.connectors.sql import sample as sampling
from kept.connectors.sql import scan as scanning
from kept.connectors.sql.catalog import read_catalog
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase import SqlErases
from kept.connectors.sql.names import table_of
from kept.connectors.sql.read import SqlReads
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Capabilities, Sample, Value

_VALUES_AT_ONCE = 500


class SqlStore(SqlReads, SqlErases):
    """One SQL database: described, sampled, scanned, read for a person, and erased from.

    Attributes:
        name: Name of the store in ``kept.toml``.
        engine: ``"sqlite"``, ``"postgresql"`` …
        sql: How it is opened.
    """

    def __init__(self, name: str, url: str, write_url: str = "") -> None:
        self.name = name
        self.sql = SqlEngine(name, url, write_url)
        self.engine = self.sql.dialect.engine
        self._known: tuple[str, Catalog] | None = None

    def __repr__(self) -> str:
        return f"SqlStore({self.name!r}, {self.engine!r})"

    @property
    def shown(self) -> str:
        """The reading address without secrets."""
        return self.sql.shown

    @property
    def capabilities(self) -> Capabilities:
        """What can be honoured of a store on this engine."""
        return self.sql.dialect.capabilities

    def catalog(self) -> Catalog:
        """Return the store's structure as it is now.

        Raises:
            UnavailableError: The store did not answer; calling again is safe.
            RefusedError: The store is no such store, or may not be read.
        """
        with self.sql.snapshot() as connection:
            return self._catalog(connection)

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return up to `limit` distinct non-null values of each field.

        The same store content, seed and limit give the same sample.
        """
        with self.sql.snapshot() as connection:
            table = self._table(connection, dataset, fields)
            return sampling.sample(
                connection, self.sql.dialect, table, fields, limit=limit, seed=seed
            )

    def count(self, dataset: str) -> int:
        """Return how many rows `dataset` has now."""
        with self.sql.snapshot() as connection:
            return scanning.count(connection, self._table(connection, dataset))

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield every row of `dataset`, `fields` only, in batches and in one snapshot.

        Dates, times and decimals come as ISO text, binary as bytes. The snapshot ends
        when the stream is read to its end or closed.
        """
        with self.sql.snapshot() as connection:
            table = self._table(connection, dataset, fields)
            yield from scanning.scan(connection, self.sql.dialect, table, fields, batch=batch)

    def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
        """Return how many of `values` occur in a field of `dataset`."""
        found = 0
        with self.sql.snapshot() as connection:
            table = self._table(connection, dataset, (field,))
            column, values = self.sql.dialect.comparable(
                table_of(table).c[field], table.column(field), values
            )
            for start in range(0, len(values), _VALUES_AT_ONCE):
                part = values[start : start + _VALUES_AT_ONCE]
                # Of no type: the values of one field may be of several.
                given = sa.bindparam(None, part, expanding=True, type_=sa.types.NULLTYPE)
                wanted = sa.select(sa.func.count(column.distinct())).where(column.in_(given))
                found += connection.execute(wanted).scalar_one()
        return found

    def _catalog(self, connection: Connection) -> Catalog:
        stamp = self.sql.dialect.stamp(connection)
        if self._known is None or not stamp or self._known[0] != stamp:
            self._known = stamp, read_catalog(self.sql, connection)
        return self._known[1]

    def _table(self, connection: Connection, dataset: str, fields: Sequence[str] = ()) -> Table:
        """Return the table called so, which has all of `fields`.

        Quoting alone does not make a name safe in SQLite: a quoted name that is no
        column reads as a string. What is not in the catalog is never asked for.
        """
        try:
            table = self._catalog(connection).table(dataset)
            for field in fields:
                table.column(field)
        except KeyError:
            raise StoreChangedError(
                f"the store {self.name!r} has no table {dataset!r} with the fields asked for"
            ) from None
        return table
