"""One transaction in which a person's rows are read or erased, in the words of its engine."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.request_words import (
    Condition,
    RequestWords,
    told_of,
    told_type,
)
from kept.connectors.sql.names import exact
from kept.connectors.sql.value import leaving
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key

_ROW_NUMBER = "INTEGER"
_PLACE = "tid"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction, and what its engine says.

    Attributes:
        connection: In a transaction.
        words: The engine's.
        writes: Whether rows that are read are to be written, and must stay as they are.
    """

    connection: Connection
    words: RequestWords
    writes: bool = False

    def rows(self, statement: sa.Executable) -> list[tuple[Value, ...]]:
        """Return the rows of an answer, their values as they leave a connector."""
        with self.connection.execute(statement) as result:
            # The driver's own rows: there may be very many, and places tell their values.
            cursor: Any = result.cursor
            return leaving(cursor.fetchall())

    def rows_to_write(self, statement: "sa.Select[Any]") -> list[tuple[Value, ...]]:
        """Return likewise, and keep the rows from others where they are to be written."""
        return self.rows(self.words.locked(statement) if self.writes else statement)

    def handle(self, source: sa.FromClause, table: Table) -> list[sa.ColumnElement[Any]]:
        """Return the columns that name a row of `table` inside this transaction."""
        return [source.c[name] for name in self.words.handle(table)]

    def read(self, source: sa.FromClause, names: Iterable[str]) -> list[sa.ColumnElement[Any]]:
        """Return what reads columns so that their values can be told again."""
        return [self.words.read(source.c[name], told_of(source.c[name])) for name in names]

    def keyed(
        self, table: Table, rows: Iterable[tuple[Value, ...]], *, flags: int = 0
    ) -> Iterator[tuple[Key, tuple[Value, ...], tuple[Value, ...]]]:
        """Yield rows that begin with what names them: the key, the values, and the flags.

        A row that nothing names is told by all that it holds, and among rows that hold the
        same by its place: so it can be shown, and never written.

        Args:
            table: Whose rows.
            rows: What was read: the handle, the values, the flags.
            flags: How many values at the end of each row are flags.
        """
        width = len(self.words.handle(table))
        seen: Counter[Key] = Counter()
        for row in rows:
            end = len(row) - flags
            key, values = row[:width], row[width:end]
            if not width:
                seen[values] += 1
                key = (*values, seen[values])
            yield key, values, row[end:]

    def among(self, source: sa.FromClause, names: Sequence[str], keys: Iterable[Key]) -> Condition:
        """Return the condition that columns are one of `keys`."""
        return self.words.among([source.c[name] for name in names], keys)

    def named(self, source: sa.FromClause, table: Table, keys: Iterable[Key]) -> Condition:
        """Return the condition that a row is named by one of `keys`."""
        return self.words.among(self.handle(source, table), keys)


@contextmanager
def many_rows() -> Iterator[None]:
    """Let no rubbish be collected while the rows of many people are held: none of it is any.

    What is made here stays until the end, and looking at it again and again would take as
    long as the work itself.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@lru_cache(maxsize=5_000)
def source_of(table: Table) -> sa.TableClause:
    """Return `table` with every column, each of which knows what the store declares of it.

    The same table gives the same object: two would be two tables in one statement.
    """
    columns = list(table.columns)
    if table.row_number:
        columns.append(Column(name=table.row_number, type=_ROW_NUMBER, nullable=False))
    if table.place:
        columns.append(Column(name=table.place, type=_PLACE, nullable=False))
    return sa.table(
        exact(table.own_name or table.name),
        *(sa.column(exact(each.name), told_type(each)) for each in columns),
        schema=exact(table.schema) if table.schema else None,
    )
