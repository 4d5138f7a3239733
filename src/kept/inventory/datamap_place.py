"""Where in ``datamap.toml`` something stands, and whether it is what it should be."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from kept.inventory.errors import DataMapError, DataMapKeyError

_Member = TypeVar("_Member", bound=StrEnum)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return one sentence that names the known word closest to `word`, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"The nearest known one is {close[0]!r}." if close else ""


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

    def wrong(self, key: str, says: str, remedy: str | None = None) -> DataMapError:
        """Return the error that says what is wrong with `key`."""
        return DataMapError(f"datamap.toml: {self.at(key)} {says}", remedy=remedy)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that is not `known`, naming the nearest that is."""
        for key in self.table:
            if key not in known:
                hint = nearest(key, sorted(known))
                raise DataMapKeyError(
                    f"datamap.toml: the key {self.at(key)!r} is not known",
                    remedy=f"{hint} docs/reference/datamap.md lists every key.".strip(),
                )

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text of `key`; without a default it must be there and not empty."""
        value = self.table.get(key, default)
        if value is None or (value == "" and default is None):
            raise self.wrong(key, "is missing")
        if not isinstance(value, str):
            raise self.wrong(key, "must be text in quotes")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return whether `key` is true."""
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts of `key`; empty where it is not there."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(key, 'must be a list of texts, for example ["one", "two"]')
        return tuple(value)

    def pairs(self, key: str) -> dict[str, str]:
        """Return a table of texts; empty where it is not there."""
        below = self.below(key)
        return {name: below.text(name) for name in below.table}

    def below(self, key: str) -> "Place":
        """Return the table of `key`; an empty one where it is not there."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Place(self.at(key), value)

    def each(self, key: str) -> Iterator[tuple[str, "Place"]]:
        """Yield the tables of `key` by name."""
        inside = self.below(key)
        for name in inside.table:
            yield name, inside.below(name)

    def list(self, key: str) -> Iterator["Place"]:
        """Yield the tables in the list of `key`."""
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list")
        for number, each in enumerate(value, 1):
            if not isinstance(each, dict):
                raise self.wrong(key, f"must be a list of tables, and entry {number} is none")
            yield Place(f"{self.at(key)}[{number}]", each)

    def member(self, key: str, kind: type[_Member], default: _Member) -> _Member:
        """Return the member of `kind` that `key` names."""
        value = self.text(key, default.value)
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(repr(each.value) for each in kind)
            raise self.wrong(key, f"must be one of {allowed}") from None
