"""What an SQL engine must say before a person's rows can be read and erased in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.names import exact
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.plan import StorePart

Condition = sa.ColumnElement[bool]
Columns = Sequence[sa.ColumnElement[Any]]

BIGINT = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Paired:
    """Rows of a table, each with values of its own, as one statement can tell them.

    Attributes:
        condition: What is true of the rows.
        values: What each row gets, in the order in which it was asked.
    """

    condition: Condition
    values: tuple[sa.ColumnElement[Any], ...]


class RequestWords(Protocol):
    """One engine, as far as requests need it.

    A key is told by the values that `read` makes of its columns: what an engine reads so,
    it must find again exactly, and nothing else.
    """

    @property
    def failure_ends_transaction(self) -> bool:
        """Whether a statement that a constraint refused takes its transaction with it."""
        ...

    @property
    def defers_references(self) -> bool:
        """Whether every reference can be checked at the end of a transaction."""
        ...

    @property
    def checks_each_row(self) -> bool:
        """Whether a reference is checked as each row goes, and not after each statement."""
        ...

    @property
    def hides_triggers(self) -> bool:
        """Whether accounts that only read are not told of triggers."""
        ...

    def prepare(self, connection: Connection) -> None:
        """Make a transaction one in which nothing is hidden from it."""
        ...

    def lock(self, connection: Connection, part: StorePart) -> None:
        """Keep everybody from changing the structure of a plan's tables until the end.

        Raises:
            PlanRefusedError: The engine cannot write them safely; nothing was changed.
        """
        ...

    def locked(self, statement: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return a statement that keeps the rows which it reads as they are."""
        ...

    def put_off(self, connection: Connection) -> None:
        """Let references be checked at the end of the transaction, where they can be."""
        ...

    def check_now(self, connection: Connection) -> None:
        """Check what was put off."""
        ...

    def collided(self, error: BaseException) -> bool:
        """Return whether two transactions stood in each other's way: trying again is right."""
        ...

    def refused(self, error: BaseException) -> bool:
        """Return whether a constraint, or a column's type, did not take a value."""
        ...

    def said(self, error: BaseException) -> str:
        """Return what an error says of its cause, without the statement. It goes nowhere."""
        ...

    def structure(self, connection: Connection) -> str:
        """Return what changes whenever the structure of the store does: one statement."""
        ...

    def handle(self, table: Table) -> tuple[str, ...]:
        """Return the columns that name a row inside one transaction; none where none do."""
        ...

    def read(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return what reads a value so that it can be told again."""
        ...

    def alike(self, told: Column) -> str:
        """Return a name of the type that `read` makes: columns of one name can be united."""
        ...

    def among(self, columns: Columns, keys: Iterable[Key]) -> Condition:
        """Return the condition that `columns` are one of `keys`; NULL is never among them."""
        ...

    def bound(self, column: sa.ColumnElement[Any], value: Value) -> sa.ColumnElement[Any]:
        """Return a value as one that can be written into `column`."""
        ...

    def differs(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that `column` holds something else than `value`."""
        ...

    def paired(
        self, names: Columns, columns: Columns, rows: Mapping[Key, tuple[Value, ...]]
    ) -> Iterator[Paired]:
        """Yield rows with what each gets, in as few parts as the engine needs.

        Args:
            names: The columns that name a row.
            columns: The columns that get something.
            rows: By key, a value for each of `columns`.
        """
        ...

    def matches(self, names: Columns, columns: Columns, keys: Sequence[Key]) -> Iterator[Any]:
        """Yield statements that tell which rows each of `keys` is, as the engine compares.

        Each row of an answer is the place of a key, and the values of `names`.
        """
        ...

    def can_hold(self, text: str) -> bool:
        """Return whether a text can stand in a store of this engine, and be sent to it."""
        ...

    def text(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return a column as a text that can be compared with texts."""
        ...

    def beyond(self, text: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that a text has a character that is not printable ASCII."""
        ...

    def walks(self, connection: Connection, told: Column) -> bool:
        """Return whether an index on a column is ordered by the numbers of characters."""
        ...

    def numbered(self, values: Sequence[int]) -> sa.FromClause:
        """Return numbers as rows: each one's place, ``key``, and the number, ``value``."""
        ...

    def following(
        self, steps: str, walk: sa.ColumnElement[Any], at: sa.ColumnElement[Any]
    ) -> sa.TableValuedAlias:
        """Return as rows the texts at one place of one of many lists of lists, told as JSON."""
        ...

    def is_listed(self, column: sa.ColumnElement[Any], texts: "sa.Select[Any]") -> Condition:
        """Return the condition that `column` is one of few texts that a statement lists."""
        ...

    def character(self, number: int) -> sa.ColumnElement[str]:
        """Return the text that is one character, by its number."""
        ...

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        ...


class WalksNothing:
    """What an engine says of whose indexes none is walked letter by letter.

    DuckDB reads columns fast enough as they are; no index of MariaDB is ordered by the
    numbers of characters alone.
    """

    def walks(self, connection: Connection, told: Column) -> bool:  # noqa: ARG002
        """Return false: a column is read, or its index looked into, as it is."""
        return False

    def numbered(self, values: Sequence[int]) -> sa.FromClause:
        """Never asked: nothing is walked."""
        raise NotImplementedError

    def following(
        self, steps: str, walk: sa.ColumnElement[Any], at: sa.ColumnElement[Any]
    ) -> sa.TableValuedAlias:
        """Never asked: nothing is walked."""
        raise NotImplementedError

    def is_listed(self, column: sa.ColumnElement[Any], texts: "sa.Select[Any]") -> Condition:
        """Return the condition that `column` is one of few texts that a statement lists."""
        return column.in_(texts)


class Told(sa.types.UserDefinedType[Any]):
    """The type of a column as its store declares it. It says nothing in a statement."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.column: Column | None = None

    def get_col_spec(self, **_: object) -> str:
        """Return the name: nothing asks for it."""
        return self.kind


def told_of(column: sa.ColumnElement[Any]) -> Column:
    """Return what the store declares of a column of `source_of`."""
    kind = column.type
    if isinstance(kind, Told) and kind.column is not None:
        return kind.column
    raise TypeError("a column of a table was expected")


def told_type(column: Column) -> Told:
    """Return the type that remembers `column`."""
    made = Told(column.type)
    made.column = column
    return made


def named(table: Table) -> str:
    """Return a table's name as statements that are not compiled spell it: quoted with ``"``."""
    parts = [each for each in (table.schema, table.own_name or table.name) if each]
    return ".".join('"' + exact(each).replace('"', '""') + '"' for each in parts)
