"""A database in memory that holds the rows of one person while they are judged."""

import math
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool

from kept.connectors.sql.dialects.sqlite import Sqlite
from kept.connectors.sql.store import SqlStore
from kept.connectors.staged.gather import Gathered
from kept.connectors.staged.held import Held
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Touched
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import StorePart

_BIGINT = range(-(2**63), 2**63)
_AFFINITIES = {"INTEGER": "INTEGER", "BOOLEAN": "INTEGER", "REAL": "REAL", "TEXT": "TEXT"}
_ROW = "rowid"


class _InMemory(Sqlite):
    """SQLite, on a connection that is open already."""

    words: ClassVar = Sqlite.words

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def open(self, store: str, url: str, *, writes: bool) -> Engine:  # noqa: ARG002 - one for both
        """Return an engine on the one connection."""
        return create_engine(
            "sqlite+pysqlite://",
            creator=lambda: self._connection,
            poolclass=StaticPool,
            hide_parameters=True,
        )


class _StagedSql(SqlStore):
    """An SQL store whose structure is known, because it was just made."""

    def __init__(
        self, name: str, connection: sqlite3.Connection, tables: tuple[Table, ...]
    ) -> None:
        super().__init__(name, "sqlite:///memory")
        self.sql.dialect = _InMemory(connection)
        self._made = Catalog(store=name, engine="sqlite", tables=tables)

    def _as_it_is(self, connection: Connection) -> Catalog:  # noqa: ARG002 - it was made here
        return self._made


@dataclass(slots=True)
class Stage:
    """Some rows of a store in a database of their own, and the plan's part for it.

    Attributes:
        sql: The database.
        part: The part, as it is for the database.
    """

    sql: SqlStore
    part: StorePart
    _connection: sqlite3.Connection
    _rows: dict[DatasetId, list[Held]]

    def __repr__(self) -> str:
        return f"Stage({self.part.store!r})"

    def row(self, touched: Touched) -> Held:
        """Return the row that was written, as its store holds it."""
        rows = self._rows[touched.dataset]
        names = tuple(name for name, _ in touched.key)
        values = tuple(value for _, value in touched.key)
        if names == (_ROW,):
            return rows[int(str(values[0])) - 1]
        return next(
            each
            for each in rows
            if tuple(_stored(each.values.get(name)) for name in names) == values
        )

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()


def staged(part: StorePart, gathered: Gathered) -> Stage:
    """Return a database with the rows that can matter, and nothing else.

    Raises:
        PlanRefusedError: Fields of a dataset cannot be told apart there.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    tables = {table.name: _own(table, number) for number, table in enumerate(part.tables)}
    rows: dict[DatasetId, list[Held]] = {}
    for name, table in tables.items():
        dataset = DatasetId(part.store, name)
        rows[dataset] = list(gathered.rows.get(dataset, {}).values())
        _fill(connection, dataset, table, rows[dataset])
    made = tuple(tables.values())
    own = replace(
        part,
        engine="sqlite",
        tables=made,
        groups=tuple(
            tuple(replace(step, table=tables[step.table.name]) for step in group)
            for group in part.groups
        ),
        # Whoever carried an identifier in a field that is searched was gathered.
        searched=tuple(replace(each, indexed=True) for each in part.searched),
    )
    return Stage(_StagedSql(part.store, connection, made), own, connection, rows)


def _own(table: Table, number: int) -> Table:
    """Return a table as it is made in memory: under a plain name, its rows numbered."""
    columns = tuple(
        Column(name=each.name, type=_AFFINITIES.get(each.type, ""), json=each.json, key=each.key)
        for each in table.columns
    )
    return Table(
        name=table.name,
        columns=columns,
        key=table.key,
        own_name=f"dataset {number}",
        row_number=_ROW,
        strict=True,
    )


def _fill(
    connection: sqlite3.Connection, dataset: DatasetId, table: Table, rows: list[Held]
) -> None:
    names = [each.name for each in table.columns]
    taken = {_ROW, "oid", "_rowid_"} & {each.lower() for each in names}
    if len({each.lower() for each in names}) < len(names) or taken or not names:
        if not names:
            return
        raise PlanRefusedError(
            f"{dataset} has fields whose names differ only in capital letters, or are a row's own",
            remedy="Rename the fields, or carry the request out by hand in this dataset.",
        )
    told = ", ".join(f"{_quoted(each.name)} {each.type}" for each in table.columns)
    connection.execute(f"CREATE TABLE {_quoted(table.own_name)} ({told})")
    marks = ", ".join("?" * len(names))
    connection.executemany(
        f"INSERT INTO {_quoted(table.own_name)} VALUES ({marks})",
        ([_stored(row.values.get(name)) for name in names] for row in rows),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _stored(value: Value) -> Value:
    """Return a value as SQLite can hold it."""
    match value:
        case bool():
            return int(value)
        case int() if value not in _BIGINT:
            return str(value)
        case float() if not math.isfinite(value):
            return str(value)
        case str():
            return value.encode("utf-8", "replace").decode()
        case _:
            return value


def as_shown(values: Mapping[str, Value], table: Table) -> dict[str, Value]:
    """Return the values of a row as its store has them: SQLite knows no truth values."""
    truths = {each.name for each in table.columns if each.type == "BOOLEAN"}
    return {
        name: bool(value) if name in truths and value in (0, 1) and value is not None else value
        for name, value in values.items()
    }


def key_of(row: Held, named: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """Return by what a row is known again after a crash: where it was, and what it held."""
    return (*sorted(named.items()), ("row", row.digest))
