"""How MariaDB and MySQL tell keys, lock, and compare identifiers for a person's request."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.request_words import (
    Columns,
    Condition,
    Paired,
    WalksNothing,
    told_of,
)
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import StorePart

AT_ONCE = 500
"""Rows that one statement gives values of their own, or keys that it looks up one by one."""

_TEXTS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
_BYTES = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
_NUMBERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint", "year"})
_FLOATS = frozenset({"float", "double"})
_INTEGERS = range(-(2**63), 2**64)
_WHOLE = re.compile(r"0|-?[1-9]\d{0,19}")
_DECIMAL = re.compile(r"-?\d{1,65}(?:\.\d{1,30})?")
_INSTANTS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?"),
    "timestamp": re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?"),
}
_COLLISIONS = frozenset({1213})
_REFUSALS = frozenset(
    {1048, 1062, 1264, 1265, 1292, 1364, 1366, 1406, 1451, 1452, 3140, 3819, 4025, 1411, 1690}
)

# Who may not make triggers is not told of them, and would erase past one unseen.
_SAFE = r"""
SELECT
 (SELECT group_concat(TABLE_NAME SEPARATOR ', ') FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = database() AND TABLE_NAME IN %(names)s AND ENGINE <> 'InnoDB'),
 (SELECT group_concat(TABLE_NAME SEPARATOR ', ') FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = database() AND TABLE_NAME IN %(names)s
    AND TABLE_TYPE = 'SYSTEM VERSIONED'),
 (SELECT count(*) FROM (
    SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
    UNION ALL
    SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES
    WHERE database() LIKE TABLE_SCHEMA
  ) granted
  WHERE GRANTEE = concat('\'', replace(current_user(), '@', '\'@\''), '\'')
    AND PRIVILEGE_TYPE = 'TRIGGER')
"""

_HASHED = "coalesce(bit_xor(cast(conv(left(md5({told}), 16), 16, 10) AS unsigned)), 0)"
_STRUCTURE_OF = {
    "TABLES": (
        "TABLE_SCHEMA",
        ("TABLE_NAME", "TABLE_TYPE", "coalesce(ENGINE, '')"),
    ),
    "COLUMNS": (
        "TABLE_SCHEMA",
        (
            "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION", "COLUMN_TYPE", "IS_NULLABLE",
            "coalesce(COLUMN_DEFAULT, '')", "COLUMN_DEFAULT IS NULL", "EXTRA",
            "coalesce(COLLATION_NAME, '')", "coalesce(GENERATION_EXPRESSION, '')",
        ),
    ),
    "STATISTICS": (
        "TABLE_SCHEMA",
        (
            "TABLE_NAME", "INDEX_NAME", "NON_UNIQUE", "SEQ_IN_INDEX", "coalesce(COLUMN_NAME, '')",
            "coalesce(SUB_PART, 0)", "INDEX_TYPE",
        ),
    ),
    "KEY_COLUMN_USAGE": (
        "TABLE_SCHEMA",
        (
            "TABLE_NAME", "CONSTRAINT_NAME", "COLUMN_NAME", "ORDINAL_POSITION",
            "coalesce(REFERENCED_TABLE_SCHEMA, '')", "coalesce(REFERENCED_TABLE_NAME, '')",
            "coalesce(REFERENCED_COLUMN_NAME, '')",
        ),
    ),
    "REFERENTIAL_CONSTRAINTS": (
        "CONSTRAINT_SCHEMA",
        ("TABLE_NAME", "CONSTRAINT_NAME", "DELETE_RULE", "UPDATE_RULE"),
    ),
    "TRIGGERS": (
        "EVENT_OBJECT_SCHEMA",
        (
            "EVENT_OBJECT_TABLE", "TRIGGER_NAME", "EVENT_MANIPULATION", "ACTION_TIMING",
            "ACTION_STATEMENT",
        ),
    ),
    "CHECK_CONSTRAINTS": ("CONSTRAINT_SCHEMA", ("CONSTRAINT_NAME", "CHECK_CLAUSE")),
    "PARTITIONS": (
        "TABLE_SCHEMA",
        ("TABLE_NAME", "coalesce(SUBPARTITION_NAME, PARTITION_NAME, '')"),
    ),
}  # fmt: skip
_STRUCTURE = "SELECT concat_ws(';', {})".format(
    ", ".join(
        f"(SELECT concat(count(*), ':', {_HASHED.format(told=f'''concat_ws('|', {', '.join(told)})''')})"
        f" FROM information_schema.{view} WHERE {schema} = database())"
        for view, (schema, told) in _STRUCTURE_OF.items()
    )
)


class MariadbWords(WalksNothing):
    """MariaDB and MySQL: keys are lists of values, and references are checked row by row."""

    failure_ends_transaction: ClassVar[bool] = False
    defers_references: ClassVar[bool] = False
    checks_each_row: ClassVar[bool] = True
    hides_triggers: ClassVar[bool] = True

    def prepare(self, connection: Connection) -> None:
        """Do nothing: the engine hides no rows."""

    def lock(self, connection: Connection, part: StorePart) -> None:
        """Read from every table: that keeps its structure until the transaction ends.

        Raises:
            PlanRefusedError: A table takes nothing back, keeps what was erased, or could have
                triggers that this account is not told of.
        """
        tables = [step.table.name for step in part.steps]
        if not tables:
            return
        quoted = sorted("`" + name.replace("`", "``").replace("%", "%%") + "`" for name in tables)
        held = " UNION ALL ".join(f"(SELECT 1 FROM {name} LIMIT 0)" for name in quoted)
        connection.exec_driver_sql(held).all()
        written = [step.table for step in part.steps if step.kept is None]
        names = tuple(sorted(table.name for table in written)) or ("",)
        other, versioned, triggers = connection.exec_driver_sql(_SAFE, {"names": names}).one()
        if other:
            raise PlanRefusedError(
                f"the tables {other} of {part.store} are of an engine that takes nothing back",
                remedy="Convert them to InnoDB, or set on_erasure to keep with a reason.",
            )
        if versioned:
            raise PlanRefusedError(
                f"the tables {versioned} of {part.store} keep every earlier version of a row",
                remedy="Drop the system versioning, or set on_erasure to keep with a reason.",
            )
        if not triggers:
            raise PlanRefusedError(
                f"the account that writes {part.store} is not told of triggers",
                remedy="Grant it TRIGGER on the database: only then does it see what fires.",
            )

    def locked(self, statement: "sa.Select[Any]") -> "sa.Select[Any]":
        """Return a statement that locks the rows which it reads."""
        return statement.with_for_update()

    def put_off(self, connection: Connection) -> None:
        """Do nothing: the engine puts nothing off."""

    def check_now(self, connection: Connection) -> None:
        """Do nothing: all was checked at once."""

    def collided(self, error: BaseException) -> bool:
        """Return whether the server chose this transaction to give way."""
        return bool(error.args) and error.args[0] in _COLLISIONS

    def refused(self, error: BaseException) -> bool:
        """Return whether a constraint, or a column's type, did not take a value."""
        return bool(error.args) and error.args[0] in _REFUSALS

    def said(self, error: BaseException) -> str:
        """Return what an error says of its cause, without the statement. It goes nowhere."""
        return str(error)

    def structure(self, connection: Connection) -> str:
        """Return a hash over what the server tells of the structure of the database."""
        return str(connection.exec_driver_sql(_STRUCTURE).scalar_one())

    def handle(self, table: Table) -> tuple[str, ...]:
        """Return the key, unless it has parts that are not found again exactly."""
        return () if any(_bare(table.column(name)) in _FLOATS for name in table.key) else table.key

    def read(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return what reads a value: numbers, texts and bytes as they are, else text."""
        bare = _bare(told)
        if bare == "bit":
            return column.op("+")(sa.literal_column("0"))
        as_it_is = bare in _TEXTS | _BYTES | _NUMBERS | _FLOATS
        return column if as_it_is else sa.cast(column, sa.CHAR)

    def alike(self, told: Column) -> str:
        """Return the kind that a value leaves as: most are text."""
        bare = _bare(told)
        if bare in _NUMBERS | {"bit"}:
            return "int"
        if bare in _FLOATS:
            return "float"
        return "bytes" if bare in _BYTES else "text"

    def among(self, columns: Columns, keys: Iterable[Key]) -> Condition:
        """Return the condition that `columns` are one of `keys`, which are listed.

        Only what is of a column's own type is compared with it: a number that is compared
        with a text is equal to every text that begins with it.
        """
        made = [_as_compared(column) for column in columns]
        wanted = [
            tuple(fits(value) for (_, fits), value in zip(made, key, strict=True))
            for key in keys
            if None not in key
        ]
        wanted = [key for key in wanted if None not in key]
        if not wanted:
            return sa.false()
        compared = [column for column, _ in made]
        first = compared[0].in_(list(dict.fromkeys(key[0] for key in wanted)))
        if len(columns) == 1:
            return first
        if all(_is_unicode(column) for column in columns):
            # The engine searches no index for a comparison of several columns.
            return sa.and_(first, sa.tuple_(*compared).in_(wanted))
        # Among several, it does not convert a text to the column's characters.
        each = (
            sa.and_(*(column == value for column, value in zip(compared, key, strict=True)))
            for key in wanted
        )
        return sa.and_(first, sa.or_(*each))

    def bound(self, column: sa.ColumnElement[Any], value: Value) -> sa.ColumnElement[Any]:
        """Return a value, of no type but its own."""
        del column
        return sa.null() if value is None else sa.literal(value)

    def differs(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that `column` holds something else than `value`."""
        compared = sa.cast(column, sa.CHAR) if _bare(told_of(column)) == "json" else column
        return compared.is_distinct_from(value)

    def paired(
        self, names: Columns, columns: Columns, rows: Mapping[Key, tuple[Value, ...]]
    ) -> Iterator[Paired]:
        """Yield some hundred rows at a time, each told apart by its key."""
        left = iter(rows.items())
        while some := dict(islice(left, AT_ONCE)):
            tests = [self.among(names, [key]) for key in some]
            yield Paired(
                self.among(names, some),
                tuple(
                    sa.case(
                        *(
                            (test, self.bound(column, values[at]))
                            for test, values in zip(tests, some.values(), strict=True)
                        )
                    )
                    for at, column in enumerate(columns)
                ),
            )

    def matches(self, names: Columns, columns: Columns, keys: Sequence[Key]) -> Iterator[Any]:
        """Yield a statement for some hundred keys: a value is compared as it would be alone."""
        read = [self.read(name, told_of(name)) for name in names]
        for start in range(0, len(keys), AT_ONCE):
            parts = [
                sa.select(sa.literal(start + at), *read).where(self.among(columns, [key]))
                for at, key in enumerate(keys[start : start + AT_ONCE])
            ]
            yield sa.union_all(*parts) if len(parts) > 1 else parts[0]

    def can_hold(self, text: str) -> bool:
        """Return whether a text can stand in a store of this engine, and be sent to it."""
        return not any("\ud800" <= each <= "\udfff" for each in text)

    def text(self, column: sa.ColumnElement[Any], told: Column) -> sa.ColumnElement[Any]:
        """Return a column as a text of any characters."""
        if _bare(told) in _TEXTS and told.collation.startswith("utf8mb4"):
            return column
        if _bare(told) in _TEXTS | _BYTES:
            return sa.func.convert(column.op("USING")(sa.literal_column("utf8mb4")))
        return sa.cast(column, sa.CHAR)

    def beyond(self, text: sa.ColumnElement[Any]) -> Condition:
        """Return the condition that a text has a character that is not printable ASCII.

        Not by a range of letters: some signs count there as the letters they resemble.
        """
        plain = sa.func.convert(text.op("USING")(sa.literal_column("ascii")))
        again = sa.func.convert(plain.op("USING")(sa.literal_column("utf8mb4")))
        control: sa.ColumnElement[str] = sa.literal_column("'[[:cntrl:]]'")
        return sa.or_(text != again, text.op("REGEXP", is_comparison=True)(control))

    def character(self, number: int) -> sa.ColumnElement[str]:
        """Return the text that is one character, by its number."""
        return sa.func.char(sa.literal_column(str(number)))

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return _bare(told) in _NUMBERS


def _bare(told: Column) -> str:
    return told.type.partition("(")[0].partition(" ")[0].lower()


def _is_unicode(column: sa.ColumnElement[Any]) -> bool:
    told = told_of(column)
    return _bare(told) not in _TEXTS or told.collation.startswith("utf8mb4")


def _as_compared(
    column: sa.ColumnElement[Any],
) -> tuple[sa.ColumnElement[Any], Callable[[Value], Any]]:
    """Return a column as it is compared, and what makes a value one that it can be equal to."""
    bare = _bare(told_of(column))
    if bare in _NUMBERS:
        return column, _whole
    if bare == "bit":
        return column.op("+")(sa.literal_column("0")), _whole
    if bare in _INSTANTS:
        return column, _like(_INSTANTS[bare])
    if bare == "decimal":
        return column, _decimal
    fits: Callable[[Value], Any] = _bytes if bare in _BYTES else _text
    return (column if bare in _TEXTS | _BYTES else sa.cast(column, sa.CHAR)), fits


def _like(pattern: re.Pattern[str]) -> Callable[[Value], Any]:
    return lambda value: value if isinstance(value, str) and pattern.fullmatch(value) else None


def _bytes(value: Value) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _whole(value: Value) -> int | None:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    return value if type(value) is int and value in _INTEGERS else None


def _text(value: Value) -> str | None:
    if isinstance(value, bool | bytes):
        return None
    text = str(value)
    return None if any("\ud800" <= each <= "\udfff" for each in text) else text


def _decimal(value: Value) -> Decimal | None:
    text = str(value)
    return Decimal(text) if _DECIMAL.fullmatch(text) and not isinstance(value, bytes) else None
