"""The door to a data store for requests: reading a person's rows, and erasing them.

Each is a protocol of its own: what a store cannot do becomes a task for a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from kept.errors import KeptError, RefusedError
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.identity import Candidate, Mark
from kept.plans.plan import DatasetCounts, Hidden, Remark, StorePart, Task
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Who:
    """The person that a request is about, as far as one store must be told.

    Never shows in ``repr``.

    Attributes:
        given: Identifiers that the request names.
        fitting: Rows of other stores that fit them.
        others: Rows of other stores that carry an identifier of the person.
        reached: Keys of the person's rows in other stores, by dataset and fields, where
            rows of this store are reached through them.
        tested: Kinds by which other stores can tell people apart.
    """

    given: tuple[Identifier, ...]
    fitting: tuple[Candidate, ...] = ()
    others: tuple[Candidate, ...] = ()
    reached: Mapping[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]] = field(
        default_factory=dict
    )
    tested: frozenset[IdentifierKind] = frozenset()

    def __repr__(self) -> str:
        return f"Who({', '.join(sorted(each.kind.value for each in self.given))})"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a person, as it leaves a store. Never shows in ``repr``.

    Attributes:
        dataset: Where it is.
        values: By field, in the table's order. Dates and decimals as ISO text.
        hidden: Fields that are not the person's to see, and why.
        shared: Whether the row is about others too.
    """

    dataset: DatasetId
    values: Mapping[str, Value]
    hidden: Mapping[str, Hidden] = field(default_factory=dict)
    shared: bool = False

    def __repr__(self) -> str:
        return f"Record({self.dataset})"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one store knows of who fits some identifiers. Never shows in ``repr``.

    Attributes:
        fitting: Rows that fit the identifiers given.
        others: Rows that carry an identifier of a row that fits.
    """

    fitting: tuple[Candidate, ...] = ()
    others: tuple[Candidate, ...] = ()

    def __repr__(self) -> str:
        return f"Sight({len(self.fitting)} rows)"


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one store holds of a person, from one snapshot.

    Attributes:
        records: The rows, in the plan's order of datasets.
        counts: Rows found, by dataset, 0 included.
        remarks: What the answer must say of itself.
        marks: Identifiers of the person that nobody else has.
        others: Names of other people whom these rows refer to, to be redacted.
        reached: Keys by which rows of other stores are reached.
        tasks: What people must look up themselves, because the store cannot.
    """

    records: tuple[Record, ...]
    counts: tuple[DatasetCounts, ...]
    remarks: tuple[Remark, ...] = ()
    marks: frozenset[Mark] = frozenset()
    others: frozenset[str] = frozenset()
    reached: Mapping[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]] = field(
        default_factory=dict
    )
    tasks: tuple[Task, ...] = ()

    def __repr__(self) -> str:
        return f"Reading({len(self.records)} records)"


@dataclass(frozen=True, slots=True)
class Touched:
    """One row that an erasure writes, so that it can be asked for later. Personal data.

    Never shows in ``repr``.

    Attributes:
        dataset: Where it is.
        key: The columns that name it, and their values.
        after: What its fields hold once it is blanked; ``None`` where it is deleted.
        traces: Hashes of the personal values that the row had, by column: a key may be
            given to another person's row, and stores spell alike values otherwise.
    """

    dataset: DatasetId
    key: tuple[tuple[str, Value], ...]
    after: Mapping[str, Value] | None = None
    traces: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Touched({self.dataset})"


@dataclass(frozen=True, slots=True)
class Done:
    """What one store did in one transaction.

    Attributes:
        operation: The caller's key; an erasure is repeatable under it.
        counts: What happened, by dataset, 0 included.
        remarks: What the receipt must say of itself.
        marks: Identifiers of the person that nobody else has. Personal data.
        erased: Primary keys of the rows deleted or blanked. Personal data.
        touched: Every row written. Personal data.
        tasks: What people must do themselves, because the store cannot. The request is not
            complete before they have.
    """

    operation: str
    counts: tuple[DatasetCounts, ...]
    remarks: tuple[Remark, ...] = ()
    marks: frozenset[Mark] = frozenset()
    erased: tuple[tuple[DatasetId, Key], ...] = ()
    touched: tuple[Touched, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __repr__(self) -> str:
        return f"Done({self.operation})"


@runtime_checkable
class Reads(Protocol):
    """Reads one store's part of a plan. Changes nothing."""

    def sight(self, part: StorePart, who: Who) -> Sight:
        """Return which rows fit the identifiers, before anything is followed.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
            UnavailableError: The store did not answer; calling again is safe.
        """
        ...

    def read(self, part: StorePart, who: Who) -> Reading:
        """Return every record of the person: one statement per dataset, in one snapshot.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
            CatalogChangedError: The structure is not what the plan was made on.
            UnavailableError: The store did not answer; calling again is safe.
        """
        ...


@runtime_checkable
class Erases(Protocol):
    """Carries out one store's part of an erasure, whole or not at all."""

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        """Do everything that `erase` does, and take it all back.

        What it returns is what `erase` would do now; what it raises, `erase` would raise.
        """
        ...

    def erase(
        self,
        part: StorePart,
        who: Who,
        *,
        operation: str,
        today: date,
        before_commit: Callable[[Done], None] | None = None,
    ) -> Done:
        """Lock, check the catalog, find, write, verify and commit in one transaction.

        Args:
            part: The plan's part for this store.
            who: The person.
            operation: Names this erasure; replacement values are made from it.
            today: The day on which statutory minimums are judged.
            before_commit: Told what will be done, before anybody can see any of it. What
                it raises takes everything back.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; nothing
                changed. Plan again.
            RefusedError: Something forbids it; nothing changed.
            UnavailableError: The store did not answer; nothing changed.
        """
        ...

    def left(self, touched: Sequence[Touched]) -> int:
        """Return how many rows are still as they were before an erasure wrote them.

        Only reads, with the reading credentials.

        Raises:
            RefusedError: The rows cannot be asked for any more.
            UnavailableError: The store did not answer; calling again is safe.
        """
        ...


@runtime_checkable
class ReadsMany(Protocol):
    """Reads one store's part of a plan for many people at once. Changes nothing."""

    def read_all(
        self, part: StorePart, people: Sequence[Who]
    ) -> tuple[Reading | RefusedError, ...]:
        """Return every record of each person, or why that one's cannot be told, in order.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on.
            UnavailableError: The store did not answer; calling again is safe.
        """
        ...


@runtime_checkable
class ErasesMany(Protocol):
    """Carries out one store's part of many people's erasures, in as few transactions as can be."""

    def erase_all(
        self,
        part: StorePart,
        people: Sequence[tuple[Who, str]],
        *,
        today: date,
        before_commit: Callable[[Mapping[int, Done]], None] | None = None,
    ) -> tuple[Done | KeptError, ...]:
        """Return what was done for each person, or why nothing was, in order.

        One person's refusal stops nobody else.

        Args:
            part: The plan's part for this store.
            people: Each person, with the operation that names their erasure.
            today: The day on which statutory minimums are judged.
            before_commit: Told what will be done for whom, by place in `people`, before
                anybody can see any of it; once for each transaction.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; plan again
                for those of whom `before_commit` was not told.
            UnavailableError: The store did not answer before anything was done.
        """
        ...
