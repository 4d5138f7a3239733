"""From a step of a plan to statements: tables, keys as one value, identifiers in any spelling."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import operators

from kept.connectors.sql.compile_spelling import can_walk, spellings
from kept.inventory.catalog import Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.identity import Mark
from kept.plans.plan import Sought
from kept.subjects.identifier import normalise
from kept.vocabulary.identifier_kind import IdentifierKind

Condition = sa.ColumnElement[bool]

_WALKS = "kept walks"
_SQLITE_INTEGERS = range(-(2**63), 2**63)
_CASELESS = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.USERNAME,
        IdentifierKind.NAME,
    }
)


def prepared(connection: Connection) -> Connection:
    """Teach a connection the comparison of identifiers, and return it."""
    driver: Any = connection.connection.driver_connection
    create: Callable[..., None] = driver.create_function
    create("kept_normalised", 2, _normalised, deterministic=True)
    # Text in another encoding is not ordered by its characters.
    encoding = connection.exec_driver_sql("PRAGMA encoding").scalar_one()
    connection.info[_WALKS] = encoding == "UTF-8"
    return connection


def walks(connection: Connection) -> bool:
    """Return whether indexes of a prepared connection are ordered by characters."""
    return bool(connection.info.get(_WALKS))


def handle(table: Table) -> tuple[str, ...]:
    """Return the columns that name a row inside one transaction.

    SQLite's row number comes first: a declared key may hold NULL there, and a row that
    cannot be named cannot be erased.
    """
    return (table.row_number,) if table.row_number else table.key


def among(columns: Sequence[sa.ColumnElement[Any]], keys: Iterable[Key]) -> Condition:
    """Return the condition that `columns` are one of `keys`, with all keys as one value.

    NULL is never among them. Keys that JSON cannot hold exactly are bound one by one.
    """
    wanted = [key for key in keys if None not in key]
    if not wanted:
        return sa.false()
    if not all(_fits_json(value) for key in wanted for value in key):
        if len(columns) == 1:
            return columns[0].in_([key[0] for key in wanted])
        return sa.tuple_(*columns).in_(wanted)
    if len(columns) == 1:
        each = listed([key[0] for key in wanted])
        return columns[0].in_(sa.select(_bare(each.c.value)))
    each = listed(wanted)
    parts = [sa.func.json_extract(each.c.value, f"$[{at}]") for at in range(len(columns))]
    return sa.tuple_(*columns).in_(sa.select(*parts))


def _bare(value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a value that takes the type of what it is compared with, as a bound one does."""
    return sa.UnaryExpression(value, operator=operators.custom_op("+"))


def listed(values: Sequence[object]) -> sa.TableValuedAlias:
    """Return a table of `values`, sent as one: ``key`` is the place, ``value`` the value."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return sa.func.json_each(sa.bindparam(None, text, unique=True)).table_valued("key", "value")


def fits_json(keys: Iterable[Key]) -> bool:
    """Return whether all `keys` survive as JSON exactly."""
    return all(_fits_json(value) for key in keys for value in key)


def carries(
    source: sa.TableClause, table: Table, way: Sought, wanted: Iterable[Mark], *, walk: bool
) -> Condition:
    """Return the condition that a row carries one of the identifiers, however spelt.

    Equal means equal after `normalise`. Where an index begins with the field it is used;
    elsewhere what plain SQL can compare it compares, and only text with characters beyond
    ASCII is handed to `normalise` itself.

    Args:
        source: The table in the statement.
        table: Its structure.
        way: Which fields hold which kind.
        wanted: The identifiers; those of other kinds are left out.
        walk: Whether indexes are ordered by characters.
    """
    values = sorted({value for kind, value in wanted if kind is way.kind and value})
    if not values:
        return sa.false()
    tests = [
        _walked(source, name, way.kind, values)
        if walk and all(can_walk(table, name, way.kind, value) for value in values)
        else _equal(source.c[name], table.column(name).type, way.kind, values)
        for name in way.fields
    ]
    if way.parts:
        first, last = (
            sa.func.coalesce(sa.cast(source.c[name], sa.Text), "") for name in way.parts[:2]
        )
        spelt = (first.concat(" ").concat(last), last.concat(" ").concat(first))
        tests += [_equal(name, "TEXT", way.kind, values) for name in spelt]
    return sa.or_(*tests)


def _walked(
    source: sa.TableClause, name: str, kind: IdentifierKind, values: list[str]
) -> Condition:
    column = source.c[name]
    spelt = (column.in_(spellings(source, name, kind, value)) for value in values)
    return sa.and_(sa.or_(*spelt), _normal(kind, column).in_(values))


def _equal(
    column: sa.ColumnElement[Any], declared: str, kind: IdentifierKind, values: list[str]
) -> Condition:
    if "INT" in declared.upper() and kind in {IdentifierKind.ACCOUNT_ID, IdentifierKind.DEVICE_ID}:
        numbers = [int(each) for each in values if _is_integer(each)]
        return among((column,), ((each,) for each in numbers))
    exact = _normal(kind, column).in_(values)
    beyond = column.op("GLOB")("*[^ -~]*")
    if not all(each.isascii() and " " not in each for each in values) and kind is not (
        IdentifierKind.NAME
    ):
        return exact
    if kind in _CASELESS and kind is not IdentifierKind.NAME:
        plain = sa.func.lower(sa.func.trim(column)).in_(values)
        return sa.or_(plain, sa.and_(beyond, exact))
    # A necessary condition that the engine tests by itself: the same letters and digits
    # in the same order, whatever stands between them.
    ordered = [
        column.like("%" + "%".join(each for each in value if each.isalnum()) + "%")
        for value in values
        if value.isascii()
    ]
    if len(ordered) < len(values):
        return exact
    return sa.and_(sa.or_(*ordered, beyond), exact)


def _normalised(kind: str, value: Value) -> str | None:
    if value is None:
        return None
    # Handed over as bytes: text that is no UTF-8 would otherwise stop the statement.
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return normalise(IdentifierKind(kind), text)


def _normal(kind: IdentifierKind, column: sa.ColumnElement[Any]) -> sa.Function[Any]:
    return sa.func.kept_normalised(kind.value, sa.cast(column, sa.LargeBinary))


def _is_integer(text: str) -> bool:
    return text.lstrip("-").isdigit() and text.isascii() and int(text) in _SQLITE_INTEGERS


def _fits_json(value: Value) -> bool:
    match value:
        case bool() | float() | bytes() | None:
            return False
        case int():
            return value in _SQLITE_INTEGERS
        case str():
            return "\x00" not in value and not any("\ud800" <= each <= "\udfff" for each in value)
