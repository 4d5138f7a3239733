"""How DuckDB tells keys, locks, and compares identifiers for a person's request."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import NULLTYPE

from kept.connectors.sql.dialects.duckdb_catalog import is_nested
from kept.connectors.sql.dialects.named_type import NamedType
from kept.connectors.sql.dialects.request_words import (
    BIGINT,
    Columns,
    Condition,
    Paired,
    WalksNothing,
    told_of,
)
from kept.connectors.sql.value import is_text_of_unicode
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.inventory.dataset import Erasing
from kept.plans.connector import Key
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import StorePart

_NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
_PLAIN = _NUMBERS | {"FLOAT", "DOUBLE", "VARCHAR", "BOOLEAN", "BLOB"}
_WHOLE = re.compile(r"0|-?[1-9]\d{0,18}")

_STRUCTURE = """
SELECT concat_ws(';',
  (SELECT concat(count(*), ':', coalesce(bit_xor(hash(schema_name, table_name, sql)), 0))
   FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal
   AND NOT temporary),
  (SELECT concat(count(*), ':', coalesce(bit_xor(hash(schema_name, view_name, sql)), 0))
   FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
   AND NOT temporary),
  (SELECT concat(count(*), ':', coalesce(bit_xor(hash(schema_name, index_name, sql)), 0))
   FROM duckdb_indexes() WHERE database_name = current_database()))
"""


class DuckdbWords(WalksNothing):
    """DuckDB: keys are lists, and a row cannot go together with those that refer to it."""

    failure_ends_transaction: ClassVar[bool] = True
    defers_references: ClassVar[bool] = False
    checks_each_row: ClassVar[bool] = True
    hides_triggers: ClassVar[bool] = False

    def prepare(self, connection: Connection) -> None:
        """Do nothing: the engine hides no rows."""

    def lock(self, connection: Connection, part: StorePart) -> None:  # noqa: ARG002
        """Lock nothing: one program writes a file at a time, and the others are kept out.

        Raises:
            PlanRefusedError: A row and what refers to it would have to go in one transaction.
        """
        deleted = {step.table.name for step in part.steps if step.erasing is Erasing.DELETE}
        for table in part.tables:
            for key in table.foreign_keys:
                if key.to in deleted:
                    raise PlanRefusedError(
                        f"DuckDB cannot delete rows of {part.store}.{key.to} in the transaction"
                        f" in which rows of {table.name} that refer to them go",
                        remedy=f"Set on_erasure of {key.to} to blank in datamap.toml, or drop the"
                        " reference.",
                    )

    def locked(self, statement: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return `statement`: nobody else writes."""
        return statement

    def put_off(self, connection: Connection) -> None:
        """Do nothing: the engine puts nothing off."""

    def check_now(self, connection: Connection) -> None:
        """Do nothing: all was checked at once."""

    def collided(self, error: BaseException) -> bool:
        """Return whether another transaction of the same program wrote first."""
        return type(error).__name__ == "TransactionException"

    def refused(self, error: BaseException) -> bool:
        """Return whether a constraint, or a column's type, did not take a value."""
        return type(error).__name__ in {"ConstraintException", "ConversionException"}

    def said(self, error: BaseException) -> str:
        """Return what an error says of its cause, without the statement. It goes nowhere."""
        return str(error)

    def structure(self, connection: Connection) -> str:
        """Return a hash over the statements that make everything in the file."""
        return str(connection.exec_driver_sql(_STRUCTURE).scalar_one())

    def handle(self, table: Table) -> tuple[str, ...]:
        """Return the key."""
        return table.key

    def read(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return what reads a value: numbers, texts and bytes as they are, else text."""
        if is_nested(told.type):
            return sa.cast(sa.func.to_json(column), sa.Text)
        return column if _bare(told) in _PLAIN else sa.cast(column, sa.Text)

    def alike(self, told: Column) -> str:
        """Return the type that a value leaves in: most are text."""
        bare = _bare(told)
        return bare if bare in _PLAIN else "text"

    def among(self, columns: Columns, keys: Iterable[Key]) -> Condition:
        """Return the condition that `columns` are one of `keys`, a list for each column."""
        made = [_as_compared(column) for column in columns]
        wanted = _fitting(made, [key for key in keys if None not in key])
        if not wanted:
            return sa.false()
        lists = _lists(made, wanted)
        compared = [column for column, _, _ in made]
        if len(columns) == 1:
            return compared[0].in_(sa.select(sa.func.unnest(lists[0])))
        return sa.tuple_(*compared).in_(sa.select(*(sa.func.unnest(each) for each in lists)))

    def bound(self, column: sa.ColumnElement[Any], value: Value) -> sa.ColumnElement[Any]:
        """Return a value of the column's type."""
        return sa.cast(_value(value), NamedType(told_of(column).type))

    def differs(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that `column` holds something else than `value`."""
        return column.is_distinct_from(value)

    def paired(
        self, names: Columns, columns: Columns, rows: Mapping[Key, tuple[Value, ...]]
    ) -> Iterator[Paired]:
        """Yield all rows at once."""
        made = [_as_compared(name) for name in names]
        lists = _lists(made, list(rows))
        news = [
            sa.cast(
                _value([each[at] for each in rows.values()]), NamedType(f"{told_of(column).type}[]")
            )
            for at, column in enumerate(columns)
        ]
        each = sa.select(
            *(sa.func.unnest(one).label(f"k{at}") for at, one in enumerate(lists)),
            *(sa.func.unnest(one).label(f"n{at}") for at, one in enumerate(news)),
        ).subquery()
        yield Paired(
            sa.and_(*(name == each.c[f"k{at}"] for at, (name, _, _) in enumerate(made))),
            tuple(each.c[f"n{at}"] for at in range(len(columns))),
        )

    def matches(self, names: Columns, columns: Columns, keys: Sequence[Key]) -> Iterator[Any]:
        """Yield one statement for all keys."""
        made = [_as_compared(column) for column in columns]
        fit = {
            at: found[0]
            for at, key in enumerate(keys)
            if None not in key and (found := _fitting(made, [key]))
        }
        if not fit:
            return
        lists = _lists(made, list(fit.values()))
        each = sa.select(
            sa.func.unnest(sa.cast(_value(list(fit)), NamedType("BIGINT[]"))).label("at"),
            *(sa.func.unnest(one).label(f"v{at}") for at, one in enumerate(lists)),
        ).subquery()
        joined = sa.and_(*(column == each.c[f"v{at}"] for at, (column, _, _) in enumerate(made)))
        read = (self.read(name, told_of(name)) for name in names)
        yield sa.select(each.c.at, *read).where(joined)

    def can_hold(self, text: str) -> bool:
        """Return whether a text can stand in a store of this engine, and be sent to it."""
        return is_text_of_unicode(text)

    def text(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return a column as text."""
        return column if told.type == "VARCHAR" else sa.cast(column, sa.Text)

    def beyond(self, text: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that a text has a character that is not printable ASCII."""
        return sa.func.regexp_matches(text, "[^ -~]", type_=sa.Boolean)

    def character(self, number: int) -> sa.ColumnElement[str]:
        """Return the text that is one character, by its number."""
        return sa.func.chr(sa.literal_column(str(number)))

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return told.type in _NUMBERS


_Made = tuple[sa.ColumnElement[Any], Callable[[Value], Any], str]


def _bare(told: Column) -> str:
    return told.type.partition("(")[0] if not told.array else ""


def _value(value: object) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True, type_=NULLTYPE)


def _as_compared(column: sa.ColumnElement[Any]) -> _Made:
    """Return a column as it is compared, what makes a value fit, and as which type."""
    bare = _bare(told_of(column))
    if bare in _NUMBERS:
        return column, _whole, "HUGEINT"
    if bare in {"FLOAT", "DOUBLE"}:
        return column, (lambda value: value if isinstance(value, float) else None), bare
    if bare == "BOOLEAN":
        return column, (lambda value: value if isinstance(value, bool) else None), bare
    if bare == "BLOB":
        return column, (lambda value: value if isinstance(value, bytes) else None), bare
    return (column if bare == "VARCHAR" else sa.cast(column, sa.Text)), _text, "VARCHAR"


def _fitting(made: Sequence[_Made], keys: Sequence[Key]) -> list[Key]:
    fit = (
        tuple(fits(value) for (_, fits, _), value in zip(made, key, strict=True)) for key in keys
    )
    return [key for key in fit if None not in key]


def _lists(made: Sequence[_Made], keys: Sequence[Key]) -> list[sa.ColumnElement[Any]]:
    return [
        sa.cast(_value([key[at] for key in keys]), NamedType(f"{kind}[]"))
        for at, (_, _, kind) in enumerate(made)
    ]


def _whole(value: Value) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    return value if type(value) is int and value in BIGINT else None


def _text(value: Value) -> str | None:
    if isinstance(value, bool | bytes):
        return None
    text = str(value)
    return None if any("\ud800" <= each <= "\udfff" for each in text) else text
