"""In which form a value of a driver leaves a connector."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

from kept.inventory.connector import Value

_LEAVE_AS_THEY_ARE = frozenset({str, int, float, bytes, bool, type(None)})
_NEVER_CHANGED = _LEAVE_AS_THEY_ARE - {float}


def leaving(rows: Sequence[Sequence[Any]]) -> list[tuple[Value, ...]]:
    """Return rows whose values are all of `Value`.

    What is no number among the floating-point numbers becomes a text: it is unequal to
    itself, and JSON has no word for it.
    """
    kinds = set(map(type, chain.from_iterable(rows)))
    if kinds <= _NEVER_CHANGED:
        return [tuple(row) for row in rows]
    return [tuple(map(_leaving, row)) for row in rows]


def size_of(rows: Sequence[Sequence[Value]]) -> int:
    """Return how many characters and bytes the rows hold."""
    return sum(len(each) for row in rows for each in row if isinstance(each, str | bytes))


def longer_than(size: int, rows: Sequence[Sequence[Value]]) -> int:
    """Return how many values of the rows are longer than `size`."""
    return sum(len(each) > size for row in rows for each in row if isinstance(each, str | bytes))


def _leaving(value: Any) -> Value:  # noqa: ANN401 - whatever a driver makes
    kind = type(value)
    if kind is float and not math.isfinite(value):
        return str(value)
    if kind in _LEAVE_AS_THEY_ARE:
        return value  # type: ignore[no-any-return]  # one of Value, as was just seen
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return str(value)


def is_text_of_unicode(value: object) -> bool:
    """Return whether a value is a text that can be sent to a store: whole, without a null."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
