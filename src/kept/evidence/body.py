"""What an entry of the log may say, and in which bytes it is said.

Entries outlive the data that they speak of, so they hold ids, counts and codes.
Canonical JSON makes the same entry the same bytes everywhere.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import cast

from kept.evidence.errors import EntryRefusedError

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""What a body holds. No floats: a count is whole, and floats print differently elsewhere."""

# Without what lies beyond the first plane of Unicode, ordering by code point, as Python does,
# is ordering by UTF-16, as RFC 8785 asks.
_KEY = re.compile(r"[^\x00-\x1f\ud800-\udfff\U00010000-\U0010ffff]{1,200}")
_FIELD = re.compile(r"[a-z][a-z_]{0,39}")
_SAFE = 2**53 - 1
_DEPTH = 32
_LONGEST = 2_000

_Where = tuple[str | None, ...]
"""The way to a value: keys, and ``None`` for a place in a list. Said only in a refusal."""

# A last line of defence, not a detector: the two shapes that slip in by accident.
_NAMES_A_PERSON = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]|^\s*\+\d[\d\s().-]{6,}$")

_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def checked(value: object) -> Json:
    """Return `value` as plain JSON of its own, independent of the argument.

    Raises:
        EntryRefusedError: It holds something other than text, whole numbers, truth
            values, lists and objects; or a key or text that is too long, or looks like
            a mail address or a telephone number. The message says where, never what.
    """
    return _checked(value, ("body",))


def canonical(value: Json) -> bytes:
    """Return `value` as canonical JSON in UTF-8.

    For what `checked` lets through, Python's own encoder gives the bytes that
    RFC 8785 asks for, several times faster than a general implementation: both order
    the keys alike, and numbers are whole and exact.

    Raises:
        EntryRefusedError: A text holds half of a surrogate pair.

    Source: RFC 8785.
    """
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        raise EntryRefusedError("An entry holds text that is no Unicode.") from None


def _checked(value: object, where: _Where) -> Json:
    # By exact type first: nearly all that comes is one of these, and an abstract class is
    # slower to ask than all the rest together.
    kind = type(value)
    if kind is str:
        return _text(cast("str", value), where)
    if value is None or kind is bool:
        return cast("bool | None", value)
    if kind is int:
        return _number(cast("int", value), where)
    return _other(value, where)


def _other(value: object, where: _Where) -> Json:
    """Check a list, an object, or a member of an enum."""
    if len(where) > _DEPTH + 1:
        raise EntryRefusedError(f"{_said(where)} is nested too deeply for an entry.")
    match value:
        case str():
            return _text(value, where)
        case int():
            return _number(value, where)
        case Mapping():
            return {_key(key, where): _checked(each, (*where, key)) for key, each in value.items()}
        case bytes() | bytearray():
            raise EntryRefusedError(f"{_said(where)} is binary; an entry holds JSON.")
        case Sequence():
            return [_checked(each, (*where, None)) for each in value]
        case _:
            raise EntryRefusedError(
                f"{_said(where)} is a {type(value).__name__}; an entry holds JSON."
            )


def _key(key: object, where: _Where) -> str:
    if not isinstance(key, str) or not _is_plain(key):
        raise EntryRefusedError(f"{_said(where)} has a key that is no short plain text.")
    return str.__str__(key)


@lru_cache(maxsize=1_000)
def _is_plain(key: str) -> bool:
    return bool(_KEY.fullmatch(key)) and not _NAMES_A_PERSON.search(key)


def _said(where: _Where) -> str:
    """Say where, without a key that might be a person's: one that is no plain field name."""
    return "".join(
        "[]" if each is None else f".{each}" if _FIELD.fullmatch(each) else ".…" for each in where
    ).removeprefix(".")


def _number(value: int, where: _Where) -> int:
    if abs(value) > _SAFE:
        raise EntryRefusedError(f"{_said(where)} is a number that JSON cannot hold exactly.")
    return int(value)


def _text(value: str, where: _Where) -> str:
    if len(value) > _LONGEST:
        raise EntryRefusedError(f"{_said(where)} is longer than {_LONGEST} characters.")
    if ("@" in value or "+" in value) and _NAMES_A_PERSON.search(value):
        raise EntryRefusedError(f"{_said(where)} looks like a mail address or a telephone number.")
    # The text itself, also of an enum's member.
    return str.__str__(value)
