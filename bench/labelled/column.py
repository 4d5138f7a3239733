"""What a labelled column is, and how a kind of column is described."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from faker import Faker

from kept.inventory.connector import Value

LONG_LIST = 130

Make = Callable[[Faker, random.Random], Value]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of column: what makes its values, what people call it, what it holds.

    `decides` says whether a careful person could tell it from its values alone.
    `also` may be found besides, and is neither asked for nor counted against.
    """

    kind: str
    make: Make
    names: Mapping[str, Sequence[str]]
    holds: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    decides: bool = True
    tables: Sequence[str] = ()
    languages: frozenset[str] = frozenset()
    most: int = 200


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column as it is given to whoever is judged."""

    kind: Kind
    language: str
    table: str
    name: str
    opaque: str
    values: tuple[Value, ...] = field(repr=False)

    def distinct(self, rows: int) -> int:
        """Return how many different values so many rows have: all, but of short lists."""
        return len(self.values) if self.kind.most < LONG_LIST else rows


def personal(
    kind: str, holds: str, make: Make, names: Mapping[str, Sequence[str]], **more: object
) -> Kind:
    return Kind(kind=kind, make=make, names=names, holds=frozenset(holds.split()), **more)  # type: ignore[arg-type] # passed on


def other(kind: str, names: str, tables: str, make: Make, **more: object) -> Kind:
    """Return a kind that holds nothing of a person; names and tables are split at commas."""
    split = [each.strip() for each in names.split(",")]
    return Kind(
        kind=kind,
        make=make,
        names={"en": split},
        tables=[each.strip() for each in tables.split(",")],
        **more,  # type: ignore[arg-type] # passed on
    )
