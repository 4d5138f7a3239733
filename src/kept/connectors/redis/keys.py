"""Which keys are one dataset: those that differ only in what names a thing or a person.

Pure: keys in, patterns out. What may be personal never becomes part of a pattern, because
patterns are shown: what is no word of a known vocabulary, and has brothers, is a value.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kept.inventory.classification.lexicon import known_words, lexicon
from kept.inventory.classification.people import names

_WHOLE = re.compile(
    r"(?P<email>[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?P<id>[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"
    r"|(?P<ip>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})"
    r"|(?P<phone>\+\d[\d-]{6,18}\d)"
    r"|(?P<date>(?<!\d)\d{4}-\d{2}-\d{2}(?!\d))"
)
_CUT = re.compile(r"([:/._|#{}-]+|-)")
_NUMBERED = re.compile(r"([^\W\d_]{2,})(\d{3,})")
_HEX = re.compile(r"(?=.*\d)[0-9a-fA-F]{8,}")
_SIGNS = frozenset("@-.+")
_COLONS = 7
_LONG = 16
_SHORT = 2
_BROTHERS = 3
_MOST_SEGMENTS = 12
_HOLDERS = frozenset(
    (
        *("user", "users", "customer", "customers", "account", "accounts", "session", "sessions"),
        *("profile", "profiles", "member", "members", "person", "people", "client", "clients"),
        *("login", "logins", "username", "usernames", "patient", "patients", "employee", "player"),
    )
)

Pattern = tuple[str, ...]
"""Literal segments, delimiters, and placeholders like ``"{id}"``, in order."""


@dataclass(frozen=True, slots=True)
class Read:
    """One key, taken apart.

    Attributes:
        pattern: What it has in common with its brothers.
        values: What stands at its placeholders, in order.
    """

    pattern: Pattern
    values: tuple[str, ...]


def read_key(key: str) -> Read:
    """Return a key taken apart by what its segments look like.

    Examples:
        >>> "".join(read_key("user:4711:profile").pattern)
        'user:{id}:profile'
        >>> read_key("login:ana@example.com").values
        ('ana@example.com',)
    """
    pattern: list[str] = []
    values: list[str] = []

    def placed(kind: str, value: str) -> None:
        pattern.append(f"{{{kind}}}")
        values.append(value)

    at = 0
    # Most keys have none of these signs, and a search for what has them is slow.
    if not _SIGNS.isdisjoint(key) or key.count(":") >= _COLONS:
        for found in _WHOLE.finditer(key):
            _segments(key[at : found.start()], pattern, placed)
            placed(found.lastgroup or "id", found[0])
            at = found.end()
    _segments(key[at:], pattern, placed)
    if len(pattern) > _MOST_SEGMENTS * 2:
        return Read(("{id}",), (key,))
    return Read(tuple(pattern), tuple(values))


def _segments(text: str, pattern: list[str], placed: Callable[[str, str], None]) -> None:
    for at, part in enumerate(_CUT.split(text)):
        if at % 2 or not part.strip():
            if part:
                pattern.append(part)
        elif _is_id(part) or not part.isprintable() or _is_name(part):
            placed("id", part)
        elif not part.isalpha() and (numbered := _NUMBERED.fullmatch(part)):
            pattern.append(numbered[1])
            placed("id", numbered[2])
        else:
            pattern.append(part)


def _is_id(part: str) -> bool:
    if part.isalpha():
        return False
    return (
        part.isdigit()
        or _HEX.fullmatch(part) is not None
        or (len(part) >= _LONG and any(map(str.isdigit, part)) and any(map(str.isalpha, part)))
    )


@lru_cache(maxsize=8_192)
def _is_word(part: str) -> bool:
    """Return whether a segment is a word that programs use, and nobody's name."""
    words = known_words(part)
    vocabulary = lexicon().vocabulary
    return bool(words) and all(word in vocabulary for word in words)


@lru_cache(maxsize=8_192)
def _is_name(part: str) -> bool:
    known = names()
    plain = part.lower()
    return len(plain) > _SHORT and plain in known.given and not _is_word(part)


def grouped(found: Collection[Pattern]) -> dict[Pattern, Pattern]:
    """Return for each pattern the one that its keys are listed under.

    A segment that is no known word becomes a placeholder where it has brothers: other
    patterns that differ from it there alone; after a word for a person it needs none.
    """
    into = {each: each for each in found}
    for at in range(max(map(len, found), default=0)):
        brothers: dict[Pattern, set[Pattern]] = defaultdict(set)
        for now in set(into.values()):
            if at < len(now) and _is_open(now[at]):
                brothers[(*now[:at], "{id}", *now[at + 1 :])].add(now)
        for joined, those in brothers.items():
            if len(those) >= _BROTHERS or _after_person(joined, at) or joined in into.values():
                into = {each: joined if now in those else now for each, now in into.items()}
    return into


def listed_under(raw: Pattern, known: Mapping[Pattern, Pattern]) -> Pattern:
    """Return which of the patterns `known` a new one belongs to, or itself."""
    for at, segment in enumerate(raw):
        if _is_open(segment):
            joined = (*raw[:at], "{id}", *raw[at + 1 :])
            if joined in known:
                return known[joined]
    return raw


def _is_open(segment: str) -> bool:
    return not segment.startswith("{") and not _CUT.fullmatch(segment) and not _is_word(segment)


def _after_person(pattern: Pattern, at: int) -> bool:
    before = [each for each in pattern[:at] if not _CUT.fullmatch(each)]
    return bool(before) and before[-1].lower() in _HOLDERS


def values_in(read: Read, pattern: Pattern) -> tuple[str, ...]:
    """Return what stands at the placeholders of `pattern` in a key that is listed under it."""
    own = iter(read.values)
    found: list[str] = []
    for segment, told in zip(pattern, read.pattern, strict=False):
        if told.startswith("{"):
            found.append(next(own, ""))
        elif segment != told:
            found.append(told)
    return tuple(found)


def fields_of(pattern: Pattern) -> tuple[str, ...]:
    """Return the names of the fields that a key's own placeholders are.

    Examples:
        >>> fields_of(("user", ":", "{id}", ":", "{email}", ":", "{id}"))
        ('key:id', 'key:email', 'key:id 2')
    """
    counts: dict[str, int] = defaultdict(int)
    named = []
    for segment in pattern:
        if segment.startswith("{"):
            kind = segment.strip("{}")
            counts[kind] += 1
            named.append(f"key:{kind}" if counts[kind] == 1 else f"key:{kind} {counts[kind]}")
    return tuple(named)


def glob_of(pattern: Pattern) -> str:
    """Return what SCAN is asked to match: wider than the pattern, never narrower."""
    return "".join(
        "*" if each.startswith("{") else re.sub(r"([*?\[\]\\^])", r"\\\1", each) for each in pattern
    )


def shown(pattern: Sequence[str]) -> str:
    """Return a pattern as a dataset's name."""
    return "".join(pattern)
