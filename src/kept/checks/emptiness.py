"""Which values stand for nothing: empty ones, and what an erasure wrote into a column."""

import re
from collections.abc import Sequence

from kept.inventory.connector import Value

_REPLACED = re.compile(r"erased(?:-[0-9a-f]{4,16})?|[\w.-]{4,30}@(?:invalid|x)\.invalid")


def is_empty(value: Value) -> bool:
    """Return whether `value` holds nothing: null, blank, or what an erasure put there.

    A column that may not be empty gets a replacement that says so by itself
    (`kept.plans.replacement`); no mailbox can have the name ``invalid`` (RFC 2606).

    Examples:
        >>> is_empty(None), is_empty("  "), is_empty("erased-0123456789abcdef"), is_empty("Ana")
        (True, True, True, False)
    """
    if value is None:
        return True
    if isinstance(value, str):
        return value == "" or value.isspace() or _REPLACED.fullmatch(value) is not None
    return value == b""


def populated(values: Sequence[Value]) -> int:
    """Return how many of `values` hold something."""
    return sum(1 for value in values if not is_empty(value))
