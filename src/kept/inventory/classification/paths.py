"""What stands at each path of a field that holds JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from kept.inventory.classification.lexicon import known_words, lexicon
from kept.inventory.classification.profile import LONGEST
from kept.inventory.connector import Value

_LONGEST_DOCUMENT = 200_000
_DEEPEST = 6
_MOST_PATHS = 200
_TRIED = 100
_FIRST = 8
_MOSTLY = 0.6
_KEY = re.compile(r"[@$_]?[^\W\d][\w:$-]{0,39}")
_ANY = "*"


def leaves(values: Sequence[Value]) -> dict[str, tuple[Value, ...]]:
    """Return, per path, the distinct values there, where most of `values` are JSON objects.

    Paths join keys with dots and leave out positions in lists: ``"customer.email"``.
    What is no name of a field (a mail address as a key) is a value, at the path ``"*"``.
    Empty where most values are no JSON objects or lists of them.
    """
    if not any(isinstance(each, str | bytes) and _starts(each) for each in values[:_FIRST]):
        return {}
    tried = [each for each in values if isinstance(each, str | bytes)][:_TRIED]
    found: dict[str, dict[Value, None]] = {}
    parsed = 0
    for text in tried:
        document = _parsed(text)
        if not isinstance(document, dict | list):
            continue
        parsed += 1
        for path, value in _walk(document, "", 0):
            if path in found or len(found) < _MOST_PATHS:
                found.setdefault(path, {})[value] = None
    if parsed < len(tried) * _MOSTLY:
        return {}
    return {path: tuple(each) for path, each in found.items() if path}


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def shown(path: str) -> str:
    """Return `path` with only those keys that the lexicon knows: others may be values.

    Examples:
        >>> shown("user.scores.Zaphod")
        'user.scores.*'
    """
    vocabulary = lexicon().vocabulary
    return ".".join(
        key if key and all(word in vocabulary for word in known_words(key)) else _ANY
        for key in path.split(".")
    )


def _starts(text: str | bytes) -> bool:
    first = text.lstrip()[:1]
    return first in ("{", "[", b"{", b"[")


def _parsed(text: str | bytes) -> object:
    if len(text) > _LONGEST_DOCUMENT or not _starts(text):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _walk(document: object, path: str, depth: int) -> Iterator[tuple[str, Value]]:
    """Yield every leaf with its path, down to a bounded depth."""
    if depth > _DEEPEST:
        return
    children: Iterable[tuple[str, object]]
    if isinstance(document, dict):
        for key in document:
            if not _KEY.fullmatch(key):
                yield _below(path, _ANY), key[:LONGEST]
        children = (
            (_below(path, key if _KEY.fullmatch(key) else _ANY), value)
            for key, value in document.items()
        )
    elif isinstance(document, list):
        children = ((path, value) for value in document[:_TRIED])
    else:
        if isinstance(document, str):
            yield path, document[:LONGEST]
        elif isinstance(document, int | float | bool):
            yield path, document
        return
    for below, value in children:
        yield from _walk(value, below, depth + 1)
