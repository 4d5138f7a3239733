"""What an entry of the log may say, and in which bytes it is said.

Entries outlive the data that they speak of, so they hold ids, counts and codes.
Canonical JSON makes the same entry the same bytes everywhere.
"""

import json
import re
from collections.abc import Mapping, Sequence

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
    return _checked(value, "body", 0)


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


def _checked(value: object, where: str, depth: int) -> Json:
    if depth > _DEPTH:
        raise EntryRefusedError(f"{where} is nested too deeply for an entry.")
    match value:
        case None | bool():
            return value
        case str():
            return _text(value, where)
        case int():
            if abs(value) > _SAFE:
                raise EntryRefusedError(f"{where} is a number that JSON cannot hold exactly.")
            return int(value)
        case Mapping():
            return {
                _key(key, where): _checked(each, f"{where}.{_shown(key)}", depth + 1)
                for key, each in value.items()
            }
        case bytes() | bytearray():
            raise EntryRefusedError(f"{where} is binary; an entry holds JSON.")
        case Sequence():
            return [_checked(each, f"{where}[]", depth + 1) for each in value]
        case _:
            raise EntryRefusedError(f"{where} is a {type(value).__name__}; an entry holds JSON.")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key) or _NAMES_A_PERSON.search(key):
        raise EntryRefusedError(f"{where} has a key that is no short plain text.")
    return str.__str__(key)


def _shown(key: str) -> str:
    """Return a key as a message may say it: one that is no plain field name might be a person's."""
    return key if _FIELD.fullmatch(key) else "…"


def _text(value: str, where: str) -> str:
    if len(value) > _LONGEST:
        raise EntryRefusedError(f"{where} is longer than {_LONGEST} characters.")
    if _NAMES_A_PERSON.search(value):
        raise EntryRefusedError(f"{where} looks like a mail address or a telephone number.")
    # The text itself, also of an enum's member.
    return str.__str__(value)
