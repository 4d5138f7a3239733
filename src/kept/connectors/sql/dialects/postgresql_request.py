"""How PostgreSQL tells keys, locks, and compares identifiers for a person's request."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import NULLTYPE

from kept.connectors.sql.dialects.named_type import EscapedNamedType
from kept.connectors.sql.dialects.postgresql_statements import STRUCTURE
from kept.connectors.sql.dialects.request_words import (
    BIGINT,
    Columns,
    Condition,
    Paired,
    named,
    told_of,
)
from kept.connectors.sql.value import is_text_of_unicode
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.plan import StorePart

_MODIFIER = re.compile(r"\(\s*-?\d+(?:\s*,\s*-?\d+)?\s*\)")
_WHOLE = re.compile(r"0|-?[1-9]\d{0,18}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?")
_INSTANT_ZONE = re.compile(rf"{_INSTANT.pattern}\+00")
_PLACE = re.compile(r"\(\d{1,10},\d{1,5}\)")
_LEAVES_AS_IT_IS = frozenset(
    {
        "smallint", "integer", "bigint", "real", "double precision", "boolean", "bytea", "text",
        "character varying", "name",
    }
)  # fmt: skip
_COMPARED_AS_IT_IS = _LEAVES_AS_IT_IS | {
    "bpchar", "numeric", "date", "timestamp without time zone", "timestamp with time zone",
    "time without time zone", "uuid", "jsonb",
}  # fmt: skip
_COLLISIONS = ("40001", "40P01")


class PostgresqlWords:
    """PostgreSQL: keys are arrays of the columns' real types."""

    failure_ends_transaction: ClassVar[bool] = True
    defers_references: ClassVar[bool] = False
    checks_each_row: ClassVar[bool] = False
    hides_triggers: ClassVar[bool] = False

    def prepare(self, connection: Connection) -> None:
        """Have a row that row-level security would hide raise an error."""
        connection.exec_driver_sql("SET LOCAL row_security = off")

    def lock(self, connection: Connection, part: StorePart) -> None:
        """Take the locks that writing takes, before anything is looked at."""
        written = [step.table for step in part.steps if step.kept is None]
        kept = [step.table for step in part.steps if step.kept is not None]
        for tables, mode in ((written, "ROW EXCLUSIVE"), (kept, "ACCESS SHARE")):
            if tables:
                names = ", ".join(sorted(named(table) for table in tables))
                connection.exec_driver_sql(f"LOCK TABLE {names} IN {mode} MODE")

    def locked(self, statement: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return a statement that locks the rows it reads, also against new rows under them."""
        return statement.with_for_update()

    def put_off(self, connection: Connection) -> None:
        """Put off what is declared deferrable; the rest is checked after each statement."""
        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def check_now(self, connection: Connection) -> None:
        """Check what was put off."""
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")

    def collided(self, error: BaseException) -> bool:
        """Return whether the server chose this transaction to give way."""
        return getattr(error, "sqlstate", None) in _COLLISIONS

    def refused(self, error: BaseException) -> bool:
        """Return whether a constraint, or a column's type, did not take a value."""
        return (getattr(error, "sqlstate", None) or "").startswith(("22", "23", "42804"))

    def said(self, error: BaseException) -> str:
        """Return what an error says of its cause, without the statement. It goes nowhere."""
        told: Any = getattr(error, "diag", None)
        # The driver's own text quotes the statement, which names every column.
        detail = str(getattr(told, "message_detail", None) or "")
        keys = detail.partition("=")[0] if detail.startswith("Key (") else ""
        primary = (getattr(told, name, None) for name in ("message_primary", "column_name"))
        return " ".join([*(str(each) for each in primary if each), keys])

    def structure(self, connection: Connection) -> str:
        """Return a hash over which transaction wrote each row of the system catalogs last."""
        return str(connection.exec_driver_sql(STRUCTURE).scalar_one())

    def handle(self, table: Table) -> tuple[str, ...]:
        """Return the key, or else where a row lies."""
        return table.key or ((table.place,) if table.place else ())

    def read(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return what reads a value: what the driver and the server agree on, else its text."""
        if told.array:
            return sa.cast(sa.func.to_json(column), sa.Text)
        return column if _bare(told) in _LEAVES_AS_IT_IS else sa.cast(column, sa.Text)

    def alike(self, told: Column) -> str:
        """Return the type that a value leaves in: most are text."""
        bare = "" if told.array else _bare(told)
        return bare if bare in _LEAVES_AS_IT_IS else "text"

    def among(self, columns: Columns, keys: Iterable[Key]) -> Condition:
        """Return the condition that `columns` are one of `keys`, an array for each column."""
        compared, arrays = _arrays(columns, [key for key in keys if None not in key])
        if not arrays:
            return sa.false()
        if len(columns) == 1:
            return compared[0] == sa.any_(arrays[0])
        each = _table(arrays, [f"v{at}" for at in range(len(arrays))])
        return sa.tuple_(*compared).in_(sa.select(*each.c))

    def bound(self, column: sa.ColumnElement[Any], value: Value) -> sa.ColumnElement[Any]:
        """Return a value of the column's type, whose length the column itself checks."""
        return sa.cast(_value(_written(value)), EscapedNamedType(_loose(told_of(column))))

    def differs(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that `column` holds something else; as text where types insist."""
        if not told_of(column).array and _bare(told_of(column)) in _COMPARED_AS_IT_IS:
            return column.is_distinct_from(value)
        return sa.cast(column, sa.Text).is_distinct_from(sa.cast(value, sa.Text))

    def paired(
        self, names: Columns, columns: Columns, rows: Mapping[Key, tuple[Value, ...]]
    ) -> Iterator[Paired]:
        """Yield all rows at once."""
        compared, keys = _arrays(names, list(rows))
        news = [
            _news(column, [each[at] for each in rows.values()]) for at, column in enumerate(columns)
        ]
        labels = [f"k{at}" for at in range(len(keys))] + [f"n{at}" for at in range(len(news))]
        each = _table([*keys, *news], labels)
        yield Paired(
            sa.and_(*(name == each.c[f"k{at}"] for at, name in enumerate(compared))),
            tuple(
                sa.cast(each.c[f"n{at}"], EscapedNamedType(_loose(told_of(column))))
                for at, column in enumerate(columns)
            ),
        )

    def matches(self, names: Columns, columns: Columns, keys: Sequence[Key]) -> Iterator[Any]:
        """Yield one statement for all keys."""
        places = [at for at, key in enumerate(keys) if None not in key]
        places, compared, arrays = _placed(columns, keys, places)
        if not places:
            return
        numbers = sa.cast(_value(places), EscapedNamedType("integer[]"))
        each = _table([numbers, *arrays], ["at", *(f"v{at}" for at in range(len(arrays)))])
        joined = sa.and_(*(column == each.c[f"v{at}"] for at, column in enumerate(compared)))
        yield sa.select(each.c.at, *(self.read(name, told_of(name)) for name in names)).where(
            joined
        )

    def can_hold(self, text: str) -> bool:
        """Return whether a text can stand in a store of this engine, and be sent to it."""
        return is_text_of_unicode(text)

    def text(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return a column as text."""
        plain = not told.array and _bare(told) in {"text", "character varying"}
        return column if plain else sa.cast(column, sa.Text)

    def beyond(self, text: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that a text has a character that is not printable ASCII."""
        return text.op("~", is_comparison=True)("[^ -~]")

    def walks(self, connection: Connection, told: Column) -> bool:  # noqa: ARG002 - the column tells
        """Return whether the column is one of text, in a collation that orders by number."""
        ordered = told.collation in {"C", "POSIX"} or told.collation.startswith("C.")
        return ordered and not told.array and _bare(told) in {"text", "character varying"}

    def numbered(self, values: Sequence[int]) -> sa.FromClause:
        """Return numbers as rows: each one's place, ``key``, and the number, ``value``."""
        arrays = [
            sa.cast(_value(each), EscapedNamedType("integer[]"))
            for each in (list(range(len(values))), list(values))
        ]
        return _table(arrays, ["key", "value"])

    def following(
        self, steps: str, walk: sa.ColumnElement[Any], at: sa.ColumnElement[Any]
    ) -> sa.TableValuedAlias:
        """Return as rows the texts at one place of one of many lists of lists."""
        told = sa.cast(_value(steps), EscapedNamedType("jsonb")).op("->")(walk).op("->")(at)
        return sa.func.jsonb_array_elements_text(told).table_valued("value").render_derived()

    def is_listed(self, column: sa.ColumnElement[Any], texts: "sa.Select[Any]") -> Condition:
        """Return the condition that `column` is one of few texts that a statement lists."""
        # As an array: nobody guesses then that they are many, and reads all rows instead.
        listed = sa.literal_column("ARRAY").op("")(texts.scalar_subquery())
        return column == sa.any_(listed)

    def character(self, number: int) -> sa.ColumnElement[str]:
        """Return the text that is one character, by its number."""
        return sa.func.chr(sa.literal_column(str(number)))

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return not told.array and told.type in {"smallint", "integer", "bigint"}


def _bare(told: Column) -> str:
    """Return a type's name without its length, fixed texts by the name that needs none."""
    kind = _loose(told)
    return "bpchar" if kind == "character" else kind


def _loose(told: Column) -> str:
    """Return a type without its length: a cast to one with a length would cut in silence."""
    if told.type.startswith('"') or '."' in told.type:
        return told.type
    kind = _MODIFIER.sub("", told.type)
    for word, loose in (("character", "bpchar"), ("bit", "bit varying")):
        if kind in {word, f"{word}[]"}:
            return kind.replace(word, loose)
    return kind


def _value(value: object) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True, type_=NULLTYPE)


def _table(arrays: Sequence[sa.ColumnElement[Any]], labels: Sequence[str]) -> sa.TableValuedAlias:
    return sa.func.unnest(*arrays).table_valued(*labels).render_derived()


def _arrays(
    columns: Columns, keys: Sequence[Key]
) -> tuple[list[sa.ColumnElement[Any]], list[sa.ColumnElement[Any]]]:
    """Return the columns as they are compared, and an array of the keys' values for each."""
    _, compared, arrays = _placed(columns, keys, range(len(keys)))
    return compared, arrays


def _placed(
    columns: Columns, keys: Sequence[Key], places: Iterable[int]
) -> tuple[list[int], list[sa.ColumnElement[Any]], list[sa.ColumnElement[Any]]]:
    """Return likewise, and which of the keys can be equal to the columns at all."""
    kept = list(places)
    compared: list[sa.ColumnElement[Any]] = []
    told: list[tuple[list[Any], str]] = []
    for at, column in enumerate(columns):
        values, kind = _as_compared(told_of(column), [keys[each][at] for each in kept])
        if kind == "text" and not _is_text(told_of(column)):
            column = sa.cast(column, sa.Text)  # noqa: PLW2901 - the same column, as it is compared
        if None in values:
            there = [place for place, value in enumerate(values) if value is not None]
            kept = [kept[place] for place in there]
            values = [values[place] for place in there]
            told = [([each[place] for place in there], kind_) for each, kind_ in told]
        compared.append(column)
        told.append((values, kind))
    if not kept:
        return [], compared, []
    return (
        kept,
        compared,
        [sa.cast(_value(values), EscapedNamedType(f"{kind}[]")) for values, kind in told],
    )


def _as_compared(told: Column, values: Sequence[Value]) -> tuple[list[Any], str]:
    """Return values as what a column is compared with, ``None`` where it cannot be equal."""
    bare = "" if told.array else _bare(told)
    fits, kind = _EXACT.get(bare, (_text, "text"))
    if told.enumerated:
        fits, kind = (lambda value: value if value in told.enumerated else None), _loose(told)
    elif bare in _READ_FROM_TEXT:
        fits, kind = _READ_FROM_TEXT[bare], bare
    found = [fits(value) for value in values]
    if None in found and (told.enumerated or bare in _READ_FROM_TEXT):
        # A day before Christ, an infinity: what the server wrote it compares as text.
        return [_text(value) for value in values], "text"
    return found, kind


def _is_text(told: Column) -> bool:
    return not told.array and _bare(told) in {"text", "character varying"}


def _text(value: Value) -> str | None:
    if isinstance(value, bool | bytes | float):
        return None
    text = str(value)
    return text if is_text_of_unicode(text) else None


def _whole(value: Value) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    return value if type(value) is int and value in BIGINT else None


def _decimal(value: Value) -> str | None:
    if isinstance(value, bool | bytes):
        return None
    try:
        return str(value) if Decimal(str(value)).is_finite() else None
    except InvalidOperation:
        return None


def _real(value: Value) -> float | None:
    if isinstance(value, float) or type(value) is int:
        return float(value)
    return float(value) if value in {"nan", "inf", "-inf"} else None


def _uuid(value: Value) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _like(pattern: re.Pattern[str]) -> Callable[[Value], Any]:
    return lambda value: value if isinstance(value, str) and pattern.fullmatch(value) else None


_EXACT: dict[str, tuple[Callable[[Value], Any], str]] = {
    "smallint": (_whole, "bigint"),
    "integer": (_whole, "bigint"),
    "bigint": (_whole, "bigint"),
    "real": (_real, "real"),
    "double precision": (_real, "double precision"),
    "boolean": ((lambda value: value if isinstance(value, bool) else None), "boolean"),
    "bytea": ((lambda value: value if isinstance(value, bytes) else None), "bytea"),
    "bpchar": (_text, "bpchar"),
    "citext": (_text, "citext"),
}
_READ_FROM_TEXT: dict[str, Callable[[Value], Any]] = {
    "numeric": _decimal,
    "uuid": _uuid,
    "date": _like(_DAY),
    "timestamp without time zone": _like(_INSTANT),
    "timestamp with time zone": _like(_INSTANT_ZONE),
    "tid": _like(_PLACE),
}


def _written(value: Value) -> str | bytes | None:
    """Return a value as the text that every type reads it from; bytes as they are."""
    if value is None or isinstance(value, bytes):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _news(column: sa.ColumnElement[Any], values: Sequence[Value]) -> sa.ColumnElement[Any]:
    kind = "bytea" if _bare(told_of(column)) == "bytea" else "text"
    return sa.cast(_value([_written(each) for each in values]), EscapedNamedType(f"{kind}[]"))
