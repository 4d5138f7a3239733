"""Which datasets the keys of a Redis make, found in one bounded walk over them."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kept.connectors.open_rows import MOST_FIELDS, OTHER, learnt
from kept.connectors.redis.keys import (
    Pattern,
    fields_of,
    grouped,
    listed_under,
    read_key,
    shown,
    values_in,
)
from kept.connectors.redis.server import Server
from kept.connectors.redis.values import FIELD, VALUE, Row, look
from kept.connectors.row_sample import ROWS, rank
from kept.inventory.catalog import Column

MOST_KEYS = 2_000_000
"""Keys that are walked over; beyond them the catalog says that it did not look."""

KEPT = 500
"""Keys of one dataset that are remembered: those whose digest is smallest, at any time."""

_PATTERNS = 2_000
_AT_ONCE = 100
_FIELDS = 50
_SHARE = 0.2


@dataclass(slots=True)
class Keys:
    """The keys of one dataset: how many, and some of them.

    Attributes:
        count: How many were met.
        some: Up to `KEPT` of them, by their digest.
    """

    count: int = 0
    some: dict[bytes, int] = field(default_factory=dict)

    def add(self, key: bytes) -> None:
        """Take note of a key."""
        self.count += 1
        if key not in self.some:
            self.some[key] = rank(0, repr(key))
            if len(self.some) > KEPT * 2:
                self._shrink()

    def join(self, other: "Keys") -> None:
        """Take over the keys of another dataset."""
        self.count += other.count
        self.some |= other.some
        self._shrink()

    def _shrink(self) -> None:
        kept = heapq.nsmallest(KEPT, self.some.items(), key=lambda each: (each[1], each[0]))
        self.some = dict(kept)

    def chosen(self) -> list[bytes]:
        """Return the keys that are remembered, in an order that they alone decide."""
        self._shrink()
        return list(self.some)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGroup:
    """One dataset.

    Attributes:
        pattern: What its keys have in common.
        keys: Some of them.
        count: How many there are.
        columns: What the key says, and the fields of what stands there.
        listed: Whether each entry of a hash is a row: its fields are no names.
        expires: Whether all that was looked at will vanish by itself.
        unread: Why some of it could not be read, or empty.
    """

    pattern: Pattern
    keys: tuple[bytes, ...]
    count: int
    columns: tuple[Column, ...]
    listed: bool = False
    expires: bool = False
    unread: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return shown(self.pattern)

    def rows(self, key: bytes, read: Sequence[Row]) -> Iterator[Row]:
        """Yield rows with what the key says in front."""
        told = read_key(decoded(key))
        said: Row = dict(zip(fields_of(self.pattern), values_in(told, self.pattern), strict=False))
        for row in read:
            if self.listed and not row.keys() <= {VALUE}:
                yield from ({**said, FIELD: name, VALUE: value} for name, value in row.items())
            else:
                yield {**said, **row}


@dataclass(slots=True)
class Index:
    """All datasets of one server, as one walk found them.

    Attributes:
        groups: By name.
        whole: Whether every key was met.
    """

    groups: dict[str, KeyGroup] = field(default_factory=dict)
    whole: bool = True
    _into: dict[Pattern, Pattern] = field(default_factory=dict)

    def pattern(self, key: bytes) -> Pattern:
        """Return what a key is listed under."""
        raw = read_key(decoded(key)).pattern
        return self._into.get(raw) or listed_under(raw, self._into)


def walk(server: Server) -> Index:
    """Walk over the keys, and look at some of each dataset."""
    found, into, whole = _walked(server)
    index = Index(whole=whole, _into=into)
    for pattern, keys in sorted(found.items(), key=lambda each: shown(each[0])):
        group = _described(server, pattern, keys)
        index.groups.setdefault(group.name, group)
    return index


def _walked(server: Server) -> tuple[dict[Pattern, Keys], dict[Pattern, Pattern], bool]:
    found: dict[Pattern, Keys] = {}
    into: dict[Pattern, Pattern] = {}
    cursor, met = 0, 0
    while True:
        cursor, page = server.page(cursor)
        for key in page:
            raw = read_key(decoded(key)).pattern
            pattern = into.get(raw) or listed_under(raw, into)
            found.setdefault(pattern, Keys()).add(key)
        met += len(page)
        if len(found) > _PATTERNS:
            found, into = _joined(found, into)
        if not cursor or met >= MOST_KEYS:
            break
    found, into = _joined(found, into)
    return found, into, not cursor


def _joined(
    found: dict[Pattern, Keys], before: dict[Pattern, Pattern]
) -> tuple[dict[Pattern, Keys], dict[Pattern, Pattern]]:
    """Return the datasets after those are joined that differ by a value alone."""
    into = grouped(found.keys())
    joined: dict[Pattern, Keys] = {}
    for pattern in sorted(found):
        joined.setdefault(into[pattern], Keys()).join(found[pattern])
    known = {raw: into.get(pattern, pattern) for raw, pattern in before.items() if raw == pattern}
    return joined, {**known, **into, **{each: each for each in joined}}


def _described(server: Server, pattern: Pattern, keys: Keys) -> KeyGroup:
    chosen = keys.chosen()
    most = max(5, ROWS // max(1, len(chosen)))
    rows: list[Row] = []
    why, lasting, looked = "", False, 0
    for start in range(0, len(chosen), _AT_ONCE):
        for each in look(server, chosen[start : start + _AT_ONCE], most):
            rows += each.rows
            why = why or each.unread
            lasting |= not each.expires
            looked += 1
    listed = _names_nothing(rows)
    own = fields_of(pattern)
    columns = [Column(name=each, type="KEY", nullable=False, identity=True) for each in own]
    if listed:
        columns += [Column(name=FIELD, type="TEXT"), _valued(rows)]
    else:
        columns += [each for each in learnt(rows) if each.name not in own]
        if len(chosen) < keys.count and any(len(row) > 1 for row in rows):
            columns.append(Column(name=OTHER, type="JSON", json=True))
    return KeyGroup(
        pattern=pattern,
        keys=tuple(chosen),
        count=keys.count,
        columns=tuple(columns),
        listed=listed,
        expires=bool(looked) and not lasting,
        unread=why,
    )


def _valued(rows: Sequence[Row]) -> Column:
    found = learnt({VALUE: value} for row in rows for value in row.values())
    return found[0] if found else Column(name=VALUE, type="TEXT")


def _names_nothing(rows: Sequence[Row]) -> bool:
    """Return whether what stands for names of fields are values: ids, addresses, persons."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row:
            counts[name] = counts.get(name, 0) + 1
            if len(counts) > MOST_FIELDS:
                return True
    if not counts:
        return False
    strange = sum(bool(read_key(name).values) or not name.isprintable() for name in counts)
    rare = sum(count <= max(1, len(rows) * _SHARE) for count in counts.values())
    return strange > len(counts) * _SHARE or (
        len(counts) > _FIELDS and rare > len(counts) * (1 - _SHARE)
    )


def decoded(key: bytes) -> str:
    """Return a key as text."""
    return key.decode("utf-8", "backslashreplace")
