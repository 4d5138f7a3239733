"""A store that speaks SQL, with everything that it can do."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.errors import StoreChangedError
from kept.connectors.sql import sample as sampling
from kept.connectors.sql import scan as scanning
from kept.connectors.sql.catalog import read_catalog
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase import SqlErases
from kept.connectors.sql.names import table_of
from kept.connectors.sql.patience import TABLE_SECONDS, Patience, reading_no_giants
from kept.connectors.sql.read import SqlReads
from kept.connectors.sql.resume import scan_from
from kept.errors import UnavailableError
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Batch, Capabilities, Sample, Value

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
        self._known: Catalog | None = None
        self._stamp = ""
        self._tables: dict[str, Table] = {}
        self._seen: tuple[str, Catalog] | None = None

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
        table = self._table(dataset, fields)

        patience = Patience(self.name, dataset, TABLE_SECONDS)

        def read(some: Sequence[str]) -> Sample:
            with self.sql.snapshot() as connection, patience.ending(connection):
                return sampling.sample(
                    connection,
                    self.sql.dialect,
                    table,
                    some,
                    limit=limit,
                    seed=seed,
                    patience=patience,
                )

        with self._noticing():
            try:
                return sampling.sample_what_can_be_read(table, fields, read)
            except UnavailableError as error:
                raise patience.instead_of(error) from None

    def count(self, dataset: str) -> int:
        """Return how many rows `dataset` has now."""
        table = self._table(dataset)
        with self._noticing(), self.sql.snapshot() as connection:
            return scanning.count(connection, table)

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield every row of `dataset`, `fields` only, in batches and in one snapshot.

        Dates, times and decimals come as ISO text, binary as bytes. The snapshot ends
        when the stream is read to its end or closed.
        """
        table = self._table(dataset, fields)
        with self._noticing(), self._without_giants() as connection:
            yield from scanning.scan(connection, self.sql.dialect, table, fields, batch=batch)

    def scan_from(
        self, dataset: str, fields: Sequence[str], *, after: str = "", batch: int = 5_000
    ) -> Iterator[Batch]:
        """Yield every row of `dataset` that comes after `after`, in the order of its key.

        Each batch is read in a snapshot of its own. A dataset without a key is read in
        one snapshot: only its last batch says where the scan stands, at the end.

        Raises:
            StoreChangedError: `after` belongs to another dataset, or to another structure.
        """
        table = self._table(dataset, fields)
        with self._noticing():
            yield from scan_from(
                self._without_giants, self.sql.dialect, table, fields, after=after, batch=batch
            )

    def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
        """Return how many of `values` occur in a field of `dataset`."""
        found = 0
        table = self._table(dataset, (field,))
        with self._noticing(), self.sql.snapshot() as connection:
            column, values = self.sql.dialect.comparable(
                table_of(table).c[field], table.column(field), list(dict.fromkeys(values))
            )
            for start in range(0, len(values), _VALUES_AT_ONCE):
                part = values[start : start + _VALUES_AT_ONCE]
                # Of no type: the values of one field may be of several.
                given = sa.bindparam(None, part, expanding=True, type_=sa.types.NULLTYPE)
                wanted = sa.select(sa.func.count(column.distinct())).where(column.in_(given))
                found += connection.execute(wanted).scalar_one()
        return found

    def _as_it_is(self, connection: Connection) -> Catalog:
        """Return the structure as a transaction sees it, read anew only where it changed."""
        stamp = self.sql.dialect.words.structure(connection)
        if self._seen is None or self._seen[0] != stamp:
            self._seen = stamp, read_catalog(self.sql, connection)
        return self._seen[1]

    @contextmanager
    def _without_giants(self) -> Iterator[Connection]:
        with self.sql.snapshot() as connection, reading_no_giants(connection):
            yield connection

    def _catalog(self, connection: Connection) -> Catalog:
        stamp = self.sql.dialect.stamp(connection)
        if self._known is None or not stamp or self._stamp != stamp:
            self._remember(read_catalog(self.sql, connection), stamp)
        return self._known or read_catalog(self.sql, connection)

    def _remember(self, catalog: Catalog | None, stamp: str = "") -> None:
        self._known, self._stamp = catalog, stamp
        self._tables = {table.name: table for table in catalog.tables} if catalog else {}

    def _table(self, dataset: str, fields: Sequence[str] = ()) -> Table:
        """Return the table called so, which has all of `fields`.

        Quoting alone does not make a name safe in SQLite: a quoted name that is no
        column reads as a string. What is not in the catalog is never asked for. An engine
        that does not tell when its structure changes is believed not to have changed: it
        refuses what it no longer has, and is then looked at anew.
        """
        if self._stamp or not self._has(dataset, fields):
            self.catalog()
        if not self._has(dataset, fields):
            raise StoreChangedError(
                f"the store {self.name!r} has no table {dataset!r} with the fields asked for"
            )
        return self._tables[dataset]

    def _has(self, dataset: str, fields: Sequence[str]) -> bool:
        table = self._tables.get(dataset)
        return table is not None and table.has(fields)

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Forget the structure as soon as the store shows that it has changed."""
        try:
            yield
        except StoreChangedError:
            self._remember(None)
            raise
