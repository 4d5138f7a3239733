"""Where in ``promises.toml`` something stands, and whether it is what it should be."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from kept.promises.review_errors import ReviewError, ReviewKeyError

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Place:
    """One table of the file.

    Attributes:
        path: Its keys from the top, joined by dots, as messages show them.
        table: What it says.
    """

    path: str
    table: Mapping[str, object]

    def at(self, key: str) -> str:
        """Return the path of `key` in here."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, says: str, remedy: str | None = None) -> ReviewError:
        """Return the error that says what is wrong with `key`."""
        return ReviewError(f"promises.toml: {self.at(key)} {says}", remedy=remedy)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that is not `known`, naming the nearest that is."""
        for key in self.table:
            if key not in known:
                raise ReviewKeyError(
                    f"promises.toml: the key {self.at(key)!r} is not known",
                    remedy=f"{_nearest(key, known)} docs/reference/promises.md lists every key.",
                )

    def inside(self, key: str) -> "Place":
        """Return the table `key`, empty where there is none."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Place(self.at(key), value)

    def each(self, key: str) -> "Iterator[Place]":
        """Yield each of the tables ``[[key]]``."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.wrong(key, f"must be written as [[{key}]], once for each")
        for index, table in enumerate(value, 1):
            yield Place(f"{key} {index}", table)

    def text(self, key: str) -> str:
        """Return the text of `key`, empty where there is none."""
        value = self.table.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, "must be text in quotes")
        return value

    def member(self, kind: type[_Member], key: str) -> _Member | None:
        """Return the value of `key` as a member of `kind`, or ``None`` where there is none."""
        return self._member(kind, key, self.table[key]) if key in self.table else None

    def required(self, kind: type[_Member], key: str) -> _Member:
        """Return the value of `key` as a member of `kind`; it must be there."""
        if key not in self.table:
            raise self.wrong(key, "is missing")
        return self._member(kind, key, self.table[key])

    def members(self, kind: type[_Member], key: str) -> tuple[_Member, ...] | None:
        """Return the list of `key` as members of `kind`, or ``None`` where there is none."""
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list")
        return tuple(dict.fromkeys(self._member(kind, key, each) for each in value))

    def _member(self, kind: type[_Member], key: str, value: object) -> _Member:
        known = [each.value for each in kind]
        if not isinstance(value, str) or value not in known:
            remedy = f"{_nearest(str(value), known)} docs/reference/promises.md says where all are."
            raise self.wrong(key, f"says {value!r}, which is not known", remedy)
        return kind(value)


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.0)
    return f"The nearest known one is {close[0]!r}."
