"""Where in a TOML file of ours something stands, and whether it is what it should be.

`kept.toml`, `datamap.toml` and `promises.toml` are read through it: each with its own errors,
all with the same words.
"""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self, TypeVar

from kept.errors import RefusedError

Member = TypeVar("Member", bound=StrEnum)


def nearest(word: str, known: Iterable[str], *, least: float = 0.5) -> str:
    """Return one sentence that names the known word closest to `word`, or nothing.

    Args:
        word: What was written.
        known: What could have been.
        least: How alike they must be, from 0 to 1.

    Examples:
        >>> nearest("controler", ["policies", "controller"])
        "The nearest known one is 'controller'."
    """
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=least)
    return f"The nearest known one is {close[0]!r}." if close else ""


@dataclass(frozen=True, slots=True)
class Place:
    """One table of a file.

    Attributes:
        path: Its keys from the top, joined by dots, as messages show them.
        table: What it says.
        file: What the file is called in messages.
    """

    path: str
    table: Mapping[str, object]
    file: str

    error: ClassVar[type[RefusedError]]
    unknown: ClassVar[type[RefusedError]]
    reference: ClassVar[str]

    @classmethod
    def top(cls, text: str, file: str) -> Self:
        """Return what the text of a file says at its top.

        Raises:
            RefusedError: It is not TOML, or nested deeper than anybody writes.
        """
        try:
            return cls("", tomllib.loads(text), file)
        except tomllib.TOMLDecodeError as error:
            raise cls.error(f"{file} is not valid TOML: {error}") from None
        except RecursionError:
            raise cls.error(f"{file} is not valid TOML: it is nested too deep") from None

    def at(self, key: str) -> str:
        """Return the path of `key` in here."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, says: str, remedy: str | None = None) -> RefusedError:
        """Return the error that says what is wrong with `key`."""
        return self.error(f"{self.file}: {self.at(key)} {says}", remedy=remedy)

    def only(self, known: Collection[str]) -> None:
        """Refuse a key that is not `known`, naming the nearest that is."""
        for key in self.table:
            if key not in known:
                raise self.unknown(
                    f"{self.file}: the key {self.at(key)!r} is not known",
                    remedy=f"{nearest(key, known, least=0.0)} {self.reference} lists every key.".strip(),
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

    def below(self, key: str) -> Self:
        """Return the table of `key`; an empty one where it is not there."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return type(self)(self.at(key), value, self.file)

    def each(self, key: str) -> Iterator[tuple[str, Self]]:
        """Yield the tables of `key` by name."""
        inside = self.below(key)
        for name in inside.table:
            yield name, inside.below(name)

    def list(self, key: str) -> Iterator[Self]:
        """Yield the tables in the list of `key`."""
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list")
        for number, each in enumerate(value, 1):
            if not isinstance(each, dict):
                raise self.wrong(key, f"must be a list of tables, and entry {number} is none")
            yield type(self)(f"{self.at(key)}[{number}]", each, self.file)

    def member(self, key: str, kind: type[Member], default: Member) -> Member:
        """Return the member of `kind` that `key` names."""
        value = self.text(key, default.value)
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(repr(each.value) for each in kind)
            raise self.wrong(key, f"must be one of {allowed}") from None

    def one_of(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return the text of `key`, one of `allowed` or the default."""
        value = self.text(key, default)
        if value != default and value not in allowed:
            raise self.wrong(key, f"must be one of {', '.join(map(repr, allowed))}")
        return value
