"""How SQLite tells keys, locks, and compares identifiers for a person's request."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import operators

from kept.connectors.sql.dialects.request_words import (
    BIGINT,
    Columns,
    Condition,
    Paired,
)
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.plan import StorePart

_ORDERED = "kept ordered"
_TEXTS = ("CHAR", "TEXT", "CLOB")


class SqliteWords:
    """SQLite: any column may hold any value, and its transactions are alone in the file."""

    failure_ends_transaction: ClassVar[bool] = False
    defers_references: ClassVar[bool] = True
    checks_each_row: ClassVar[bool] = False
    hides_triggers: ClassVar[bool] = False

    def prepare(self, connection: Connection) -> None:
        """Learn how texts are ordered: those in another encoding are not by their characters."""
        encoding = connection.exec_driver_sql("PRAGMA encoding").scalar_one()
        connection.info[_ORDERED] = encoding == "UTF-8"

    def lock(self, connection: Connection, part: StorePart) -> None:
        """Do nothing: ``BEGIN IMMEDIATE`` keeps all others out."""

    def locked(self, statement: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return `statement`: nobody else writes."""
        return statement

    def put_off(self, connection: Connection) -> None:
        """Let references be checked at the commit: circles can be deleted in any order."""
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")

    def check_now(self, connection: Connection) -> None:
        """Do nothing: only the commit checks what was put off."""

    def collided(self, error: BaseException) -> bool:  # noqa: ARG002
        """Return false: who writes is alone from the beginning."""
        return False

    def refused(self, error: BaseException) -> bool:
        """Return whether a constraint, or a column's type, did not take a value."""
        return (getattr(error, "sqlite_errorname", None) or "").startswith(
            ("SQLITE_CONSTRAINT", "SQLITE_MISMATCH")
        )

    def said(self, error: BaseException) -> str:
        """Return what an error says of its cause, without the statement. It goes nowhere."""
        return str(error)

    def structure(self, connection: Connection) -> str:
        """Return the number that SQLite raises with every change of structure."""
        return str(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())

    def handle(self, table: Table) -> tuple[str, ...]:
        """Return the row number, or else the key.

        The number comes first: a declared key may hold NULL, and a row that cannot be
        named cannot be erased.
        """
        return (table.row_number,) if table.row_number else table.key

    def read(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:  # noqa: ARG002
        """Return `column`: every value leaves as it is."""
        return column

    def alike(self, told: Column) -> str:  # noqa: ARG002
        """Return one name for all: a statement may mix them."""
        return ""

    def among(self, columns: Columns, keys: Iterable[Key]) -> Condition:
        """Return the condition that `columns` are one of `keys`, all of them one value.

        Keys that JSON cannot hold exactly are bound one by one.
        """
        wanted = [key for key in keys if None not in key]
        if not wanted:
            return sa.false()
        if not _fit_json(wanted):
            if len(columns) == 1:
                return columns[0].in_([key[0] for key in wanted])
            return sa.tuple_(*columns).in_(wanted)
        if len(columns) == 1:
            each = _listed([key[0] for key in wanted])
            return columns[0].in_(sa.select(_bare(each.c.value)))
        each = _listed(wanted)
        parts = [sa.func.json_extract(each.c.value, f"$[{at}]") for at in range(len(columns))]
        return sa.tuple_(*columns).in_(sa.select(*parts))

    def bound(self, column: sa.ColumnElement[Any], value: Value) -> sa.ColumnElement[Any]:  # noqa: ARG002
        """Return `value`."""
        return sa.null() if value is None else sa.literal(value)

    def differs(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that `column` holds something else than `value`."""
        return column.is_distinct_from(value)

    def paired(
        self, names: Columns, columns: Columns, rows: Mapping[Key, tuple[Value, ...]]
    ) -> Iterator[Paired]:
        """Yield all rows at once, or one by one where JSON cannot hold them exactly."""
        if not _fit_json([*rows, *rows.values()]):
            for key, values in rows.items():
                yield Paired(
                    self.among(names, [key]),
                    tuple(
                        self.bound(column, each)
                        for column, each in zip(columns, values, strict=True)
                    ),
                )
            return
        each = _listed([[*key, *values] for key, values in rows.items()])

        def part(at: int) -> sa.Function[object]:
            return sa.func.json_extract(each.c.value, f"$[{at}]")

        made = sa.select(
            *(part(at).label(f"k{at}") for at in range(len(names))),
            *(part(len(names) + at).label(f"n{at}") for at in range(len(columns))),
        ).subquery()
        yield Paired(
            sa.and_(*(name == made.c[f"k{at}"] for at, name in enumerate(names))),
            tuple(made.c[f"n{at}"] for at in range(len(columns))),
        )

    def matches(self, names: Columns, columns: Columns, keys: Sequence[Key]) -> Iterator[Any]:
        """Yield one statement for all keys, or one for each where JSON cannot hold them."""
        if not _fit_json(keys):
            for at, key in enumerate(keys):
                yield sa.select(sa.literal(at), *names).where(self.among(columns, [key]))
            return
        each = _listed([list(key) for key in keys])
        joined = sa.and_(
            *(
                column == sa.func.json_extract(each.c.value, f"$[{at}]")
                for at, column in enumerate(columns)
            )
        )
        yield sa.select(each.c.key, *names).where(joined)

    def can_hold(self, text: str) -> bool:
        """Return whether a text can stand in a store of this engine, and be sent to it."""
        return not any("\ud800" <= each <= "\udfff" for each in text)

    def text(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:  # noqa: ARG002
        """Return `column`: SQLite's functions take everything as a text."""
        return column

    def beyond(self, text: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that a text has a character that is not printable ASCII."""
        return text.op("GLOB")("*[^ -~]*")

    def walks(self, connection: Connection, told: Column) -> bool:
        """Return whether the column is declared as one of text, and texts are in UTF-8."""
        declared = told.type.upper()
        texts = "INT" not in declared and any(word in declared for word in _TEXTS)
        return texts and bool(connection.info.get(_ORDERED))

    def numbered(self, values: Sequence[int]) -> sa.FromClause:
        """Return numbers as rows: each one's place, ``key``, and the number, ``value``."""
        return _listed(values)

    def following(
        self, steps: str, walk: sa.ColumnElement[Any], at: sa.ColumnElement[Any]
    ) -> sa.TableValuedAlias:
        """Return as rows the texts at one place of one of many lists of lists."""
        told: sa.BindParameter[str] = sa.bindparam(None, steps, unique=True)
        place = sa.literal("$[").concat(walk).concat("][").concat(at).concat("]")
        return sa.func.json_each(told, place).table_valued("value")

    def is_listed(self, column: sa.ColumnElement[Any], texts: "sa.Select[Any]") -> Condition:
        """Return the condition that `column` is one of few texts that a statement lists."""
        return column.in_(texts)

    def character(self, number: int) -> sa.ColumnElement[str]:
        """Return the text that is one character, by its number."""
        return sa.func.char(sa.literal_column(str(number)))

    def is_number(self, told: Column) -> bool:
        """Return whether the column is declared as one of whole numbers."""
        return "INT" in told.type.upper()


def _listed(values: Sequence[object]) -> sa.TableValuedAlias:
    """Return a table of `values`, sent as one: ``key`` is the place, ``value`` the value."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return sa.func.json_each(sa.bindparam(None, text, unique=True)).table_valued("key", "value")


def _bare(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a value that takes the type of what it is compared with, as a bound one does."""
    return sa.UnaryExpression(value, operator=operators.custom_op("+"))


def _fit_json(keys: Iterable[Sequence[Value]]) -> bool:
    """Return whether all values survive as JSON exactly."""
    return all(_fits_json(value) for key in keys for value in key)


def _fits_json(value: Value) -> bool:
    match value:
        case bool() | float() | bytes() | None:
            return False
        case int():
            return value in BIGINT
        case str():
            return "\x00" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
