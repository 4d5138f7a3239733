"""What a store that speaks no SQL must do so that requests can be carried out in it.

The store hands out rows, and writes what it is told to. Whose the rows are, which of them
go, and whether all is gone is judged in memory, by what judges rows of SQL stores too.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kept.inventory.catalog import Catalog
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.plan import Retained, Task
from kept.vocabulary.identifier_kind import IdentifierKind


@dataclass(frozen=True, slots=True)
class Held:
    """One row as its store holds it. Personal data; never shows in ``repr``.

    Attributes:
        place: What names it in its dataset, until something is written there.
        values: By field of the dataset.
        content: By name as it stands in the store, where fields are learnt from rows.
    """

    place: Key
    values: Mapping[str, Value] = field(repr=False)
    content: Mapping[str, Value] | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return "Held()"

    @property
    def digest(self) -> str:
        """SHA-256 of the values that it holds.

        Names do not count: which fields a file or a Redis has is learnt from its rows, and
        is learnt anew when some of them are gone.
        """
        held = self.values if self.content is None else self.content
        spelt = sorted(repr(value) for value in held.values() if value is not None)
        text = json.dumps(spelt, ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Wanted:
    """By what rows of one dataset are looked for. Personal data; never shows in ``repr``.

    Attributes:
        fields: Which fields hold which kind of identifier.
        texts: Identifiers, in every spelling that is known.
        keys: What fields together hold.
    """

    fields: Mapping[IdentifierKind, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[IdentifierKind, frozenset[str]] = field(default_factory=dict)
    keys: Mapping[tuple[str, ...], frozenset[Key]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "Wanted()"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of rows of one dataset.

    Attributes:
        dataset: Its name in the store.
        delete: Rows that go.
        blank: Rows that stay, each with what its fields are to hold.
    """

    dataset: str
    delete: tuple[Held, ...] = ()
    blank: tuple[tuple[Held, Mapping[str, Value]], ...] = ()

    def __repr__(self) -> str:
        return f"Change({self.dataset!r}, {len(self.delete)} deleted, {len(self.blank)} blanked)"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a store cannot do to rows of one dataset, although it was decided.

    Attributes:
        retained: Why the rows stay, where they may; then a count of them is the answer.
        task: What a person must do, where they may not.
    """

    retained: Retained | None = None
    task: Task | None = None


class Holds(Protocol):
    """A store whose rows are handed out, and written one by one."""

    name: str
    engine: str

    def catalog(self) -> Catalog:
        """Return the structure as it is now."""
        ...

    def held(self, dataset: str, wanted: Wanted) -> Iterator[Held]:
        """Yield every row that may be wanted; others too, where the store cannot tell.

        Raises:
            UnavailableError: The store did not answer.
        """
        ...

    def held_again(self, dataset: str, keys: Sequence[Mapping[str, Value]]) -> Iterator[Held]:
        """Yield what stands now where rows stood that were written; others too.

        Args:
            dataset: Its name.
            keys: What `named` returned for each of them.
        """
        ...

    def named(self, dataset: str, row: Held) -> Mapping[str, Value]:
        """Return by what a row can be asked for after it was written; it may be nothing."""
        ...

    def blind(self, dataset: str, kinds: tuple[IdentifierKind, ...]) -> tuple[IdentifierKind, ...]:
        """Return by which kinds of identifier rows of a dataset cannot be looked for."""
        ...

    def refusal(self, dataset: str, *, blank: bool) -> Refusal | None:
        """Return what the store cannot do to rows of a dataset, or ``None`` where it can."""
        ...

    def prepare(self, changes: Sequence[Change]) -> None:
        """Refuse what could not be written, before anything is.

        Raises:
            RefusedError: The store does not allow it.
        """
        ...

    def write(self, changes: Sequence[Change], *, operation: str) -> None:
        """Write it all. Repeating it under the same operation changes nothing more.

        Raises:
            RefusedError: Rows changed meanwhile, or may not be written.
            UnavailableError: The store did not answer; what was written is told by `left`.
        """
        ...


def handed_over(store: str, dataset: str, why: str) -> Refusal:
    """Return the task that somebody erases in a dataset by hand, with the reason."""
    return Refusal(
        task=Task(
            store=store,
            dataset=dataset,
            action="erase-by-hand",
            message=f"{store}.{dataset} {why}: erase the person there by hand",
        )
    )
