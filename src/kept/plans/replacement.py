"""What stands where a personal value stood, in a column that may not be empty."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from uuid import UUID

from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.vocabulary.data_category import DataCategory

_FIRST_DAY = date(1900, 1, 1)
_DAYS = 60_000
_NUMERIC = re.compile(r"\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_ATTEMPTS = 8
_BITS = (("TINY", 7), ("SMALL", 15), ("MEDIUM", 23))


class Shape(Enum):
    """What kind of value a column takes."""

    TEXT = auto()
    INTEGER = auto()
    NUMBER = auto()
    DAY = auto()
    INSTANT = auto()
    TIME = auto()
    TRUTH = auto()
    BINARY = auto()
    UUID = auto()
    JSON = auto()


_SHAPES: tuple[tuple[str, Shape], ...] = (
    ("UUID", Shape.UUID),
    ("UNIQUEIDENTIFIER", Shape.UUID),
    ("JSON", Shape.JSON),
    ("BOOL", Shape.TRUTH),
    ("DATETIME", Shape.INSTANT),
    ("TIMESTAMP", Shape.INSTANT),
    ("DATE", Shape.DAY),
    ("TIME", Shape.TIME),
    ("CHAR", Shape.TEXT),
    ("TEXT", Shape.TEXT),
    ("CLOB", Shape.TEXT),
    ("STRING", Shape.TEXT),
    ("INT", Shape.INTEGER),
    ("SERIAL", Shape.INTEGER),
    ("BLOB", Shape.BINARY),
    ("BINARY", Shape.BINARY),
    ("BYTEA", Shape.BINARY),
    ("REAL", Shape.NUMBER),
    ("FLOA", Shape.NUMBER),
    ("DOUB", Shape.NUMBER),
    ("NUMERIC", Shape.NUMBER),
    ("DECIMAL", Shape.NUMBER),
)


_OF_TYPE: dict[str, tuple[str, ...]] = {
    "inet": ("192.0.2.0",),
    "cidr": ("0.0.0.0/0",),
    "inet4": ("192.0.2.0",),
    "inet6": ("::",),
    "macaddr": ("00:00:00:00:00:00",),
    "macaddr8": ("00:00:00:00:00:00:00:00",),
    "interval": ("00:00:00",),
    "money": ("0",),
    "xml": ("<erased/>",),
    "tsvector": ("",),
    "tsquery": ("",),
    "hstore": ("",),
    "point": ("(0,0)",),
    "line": ("{1,0,0}",),
    "lseg": ("[(0,0),(0,0)]",),
    "box": ("(0,0),(0,0)",),
    "path": ("[(0,0)]",),
    "polygon": ("((0,0))",),
    "circle": ("<(0,0),0>",),
    "year": ("1970", "1901"),
    "oid": ("0",),
}
"""What stands in columns of types that take no text and no plain number."""


def shape_of(declared: str) -> Shape:
    """Return what kind of value a column of this declared type takes.

    Examples:
        >>> shape_of("NVARCHAR(40)"), shape_of("BIGINT"), shape_of("DATETIME")
        (<Shape.TEXT: 1>, <Shape.INTEGER: 2>, <Shape.INSTANT: 5>)
    """
    upper = declared.upper()
    return next((shape for word, shape in _SHAPES if word in upper), Shape.TEXT)


def must_differ(table: Table, column: str) -> bool:
    """Return whether two rows may not have the same value in `column`."""
    return any(column in names for names in (*table.uniques, table.key))


def replacements(
    table: Table,
    column: Column,
    categories: frozenset[DataCategory],
    seed: str,
) -> Iterator["Replacement"]:
    """Yield what may stand in `column`, the best first.

    Each is true to the column's type and declared length, and made without looking at
    the value that stood there. NULL comes first where it is allowed.

    Args:
        table: The column's table.
        column: The column.
        categories: What the column holds.
        seed: Names the erasure and the column: the same seed gives the same values.
    """
    if column.nullable and not column.key:
        yield Replacement(None, "")
    known = _of_type(column)
    if known is not None:
        # All rows alike: of such a type no value is made for each.
        if not must_differ(table, column.name):
            yield from (Replacement(each, "") for each in known)
        return
    email = DataCategory.USER_CONTACT_EMAIL in categories
    shape = Shape.JSON if column.json else shape_of(column.type)
    if must_differ(table, column.name) or email:
        for attempt in range(_ATTEMPTS):
            yield Replacement(_Unique(shape, column, email=email, attempt=attempt), seed)
    if not must_differ(table, column.name):
        seen: list[Value] = []
        for value in _constants(shape, column):
            if value not in seen:
                seen.append(value)
                yield Replacement(value, "")


def _of_type(column: Column) -> tuple[str, ...] | None:
    """Return what a column of a type with rules of its own takes; ``None`` where it has none."""
    bare = column.type.partition("(")[0].strip().lower()
    if column.array:
        return ("[]",) if column.type.isupper() else ("{}",)
    if column.enumerated:
        return column.enumerated
    if bare.endswith("multirange"):
        return ("{}",)
    if bare.endswith("range"):
        return ("empty",)
    if bare in {"bit", "bit varying", "varbit"}:
        return ("0" * int("".join(filter(str.isdigit, column.type)) or 1),)
    return _OF_TYPE.get(bare)


class Replacement:
    """What to write into one column: one value for all rows, or one for each."""

    def __init__(self, value: "Value | _Unique", seed: str) -> None:
        self._value = value
        self._seed = seed

    def __repr__(self) -> str:
        return f"Replacement({'per row' if self.per_row else 'one'})"

    @property
    def per_row(self) -> bool:
        """Whether each row gets a value of its own."""
        return isinstance(self._value, _Unique)

    def value(self, key: Key) -> Value:
        """Return what the row named `key` gets."""
        if not isinstance(self._value, _Unique):
            return self._value
        # A hash of the key and not the key: a key may itself be a person's number.
        text = f"{self._seed}\x00{self._value.attempt}\x00{key!r}"
        return self._value.made(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())


class _Unique:
    """How a value of its own is made for each row, from a hash."""

    def __init__(self, shape: Shape, column: Column, *, email: bool, attempt: int) -> None:
        self.shape = shape
        self.column = column
        self.email = email
        self.attempt = attempt

    def made(self, digest: str) -> Value:
        number = int(digest[:12], 16)
        instant = datetime.combine(_FIRST_DAY, time.min) + timedelta(
            seconds=number % (_DAYS * 86_400)
        )
        made: Value = self._text(digest)
        match self.shape:
            case Shape.INTEGER:
                kind = self.column.type.upper()
                bits = next((bits for word, bits in _BITS if word in kind), 31)
                sign = 1 if self.attempt % 2 or kind.startswith("U") or "UNSIGNED" in kind else -1
                made = (number % (2**bits - 1) + 1) * sign
            case Shape.NUMBER:
                made = number % int("1" + "0" * _digits(self.column))
            case Shape.DAY:
                made = instant.date().isoformat()
            case Shape.INSTANT:
                made = instant.isoformat(sep=" ")
            case Shape.TIME:
                made = instant.time().isoformat()
            case Shape.TRUTH:
                made = number % 2
            case Shape.BINARY:
                made = bytes.fromhex(digest)[: self.column.length or 16]
            case Shape.UUID:
                made = str(UUID(digest[:32]))
            case Shape.JSON:
                made = json.dumps(made)
            case Shape.TEXT:
                pass
        return made

    def _text(self, digest: str) -> str:
        length = self.column.length
        if self.email:
            for made in (
                f"erased-{digest[:16]}@invalid.invalid",
                f"{digest[:12]}@x.invalid",
                f"{digest[:6]}@x.invalid",
            ):
                if length is None or len(made) <= length:
                    return made
        made = f"erased-{digest[:16]}"
        return made if length is None or len(made) <= length else digest[:length]


def _constants(shape: Shape, column: Column) -> Iterator[Value]:
    match shape:
        case Shape.TEXT:
            yield from _texts(column.length)
        case Shape.INTEGER | Shape.NUMBER | Shape.TRUTH:
            yield from (0, 1, -1)
            if shape is not Shape.TRUTH:
                yield from (100, 1900, 1970, 9999, 1_000_000)
        case Shape.DAY:
            yield from ("1970-01-01", "1900-01-01", "2000-01-01", "9999-12-31")
        case Shape.INSTANT:
            yield from ("1970-01-01 00:00:00", "1900-01-01 00:00:00", "9999-12-31 00:00:00")
        case Shape.TIME:
            yield "00:00:00"
        case Shape.BINARY:
            yield from (b"", b"\x00" * (column.length or 16))
        case Shape.UUID:
            yield "00000000-0000-0000-0000-000000000000"
        case Shape.JSON:
            yield from ("null", "{}", "[]", '""')


def _texts(length: int | None) -> Iterator[str]:
    known = (
        *("erased", "Erased", "", "erased@invalid.invalid", "0000000000", "+10000000000"),
        "1970-01-01",
    )
    yield from (each for each in known if length is None or len(each) <= length)
    yield from ("0", "X", "https://invalid.invalid/", "{}")
    if length is not None:
        # A fixed width is as common a check as a longest one.
        yield from ("0" * length, "X" * length)


def _digits(column: Column) -> int:
    found = _NUMERIC.search(column.type)
    if found is None:
        return 9
    return max(1, int(found[1]) - int(found[2] or 0))
