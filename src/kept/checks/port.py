"""What a check may see, and what it must be able to say.

A check is pure: everything that it looks at comes to it through this module, and it
changes nothing. The workflow that runs the checks fills the ports.

A run of a check goes in rounds. In each round it names the fields that it wants to
see, every dataset is read once for all checks together, and the rows are handed to
the observers in batches. When it asks for nothing more, it says its verdicts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from kept.inventory.catalog import Catalog
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Inventory
from kept.inventory.scanned import Scanned
from kept.jurisdictions.period import Period
from kept.promises.coverage import Gap
from kept.promises.promise import Promise, Register
from kept.promises.verdict import DutyVerdict
from kept.promises.version import PolicyVersion
from kept.subjects.identifier import Identifier
from kept.vocabulary.duty import Duty
from kept.vocabulary.identifier_kind import IdentifierKind


class Cost(StrEnum):
    """What a check costs the stores that it looks at."""

    NOTHING = "nothing"
    CATALOG = "catalog"
    PART = "part of the rows"
    FULL_SCAN = "full scan"


class Sees(StrEnum):
    """What a check must be given to say anything."""

    REGISTER = "register"
    INVENTORY = "inventory"
    ROWS = "rows"
    POLICY_VERSIONS = "policy versions"
    ERASED = "erased"
    REACH = "reach"


class Privilege(StrEnum):
    """What the account that a check uses must be allowed. A check only reads."""

    READ_CATALOG = "read catalog"
    READ_ROWS = "read rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """An erasure that was carried out and has a receipt.

    Attributes:
        request: Identifier of the request: no name, no identifier of the person.
        erased_at: When it was carried out (UTC).
    """

    request: str
    erased_at: datetime


class Erased(Protocol):
    """Remembers erased people as keyed hashes: it recognises, it cannot tell."""

    @property
    def any(self) -> bool:
        """Whether anybody was erased."""
        ...

    def identifiers(
        self, kind: IdentifierKind, values: Sequence[Value], /
    ) -> Mapping[int, Sequence[Erasure]]:
        """Return, by place, the erasures of people who had these identifiers, in any spelling."""
        ...

    def rows(
        self, dataset: DatasetId, keys: Sequence[tuple[Value, ...]], /
    ) -> Mapping[int, Sequence[Erasure]]:
        """Return, by place, the erasures that removed or blanked the rows with these keys."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One real person of the reconciliation, and the rows that a plan for them finds.

    Never shows in ``repr``.

    Attributes:
        identifiers: What the person's own rows name them by.
        rows: Keys of the rows found, by dataset; a dataset without a key is left out.
    """

    identifiers: frozenset[Identifier] = field(repr=False)
    rows: Mapping[DatasetId, frozenset[tuple[Value, ...]]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What answers to access requests contain.

    Attributes:
        fields: Fields that an answer shows, by dataset that it reaches.
        people: A random sample of real people, with what a plan finds of each.
        population: How many people there are to choose from.
        ambiguous: How many of those chosen could not be told from others, and were left.
        missing: Why nobody was chosen, empty where somebody was.
    """

    fields: Mapping[DatasetId, frozenset[str]] = field(default_factory=dict)
    people: Sequence[Located] = ()
    population: int = 0
    ambiguous: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledTerms:
    """What a person settled in ``[terms]`` for a promise, or what its words state.

    Attributes:
        at_most: The longest storage period, where one is known.
        counted_from: The event that starts it, or empty.
        age: The age limit in years, where one is known.
        settled: Whether a person settled any of it.
        invalid: What is wrong with the settled terms, empty where nothing is.
    """

    at_most: Period | None = None
    counted_from: str = ""
    age: int | None = None
    settled: bool = False
    invalid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything that the checks of one run are given.

    Attributes:
        now: The instant of the run (UTC).
        today: Its day in the controller's time zone.
        register: What the policies promise.
        inventory: What the stores hold, with what people decided merged in.
        catalogs: The structure of every store that answered, by name.
        unanswered: Stores that did not answer, and why.
        terms: What ``[terms]`` settles, by promise id.
        laws: Identifiers of the laws that apply.
        versions: Texts of the policies that earlier runs saw, in the order of sighting.
        texts: Hash of each document's text, by name, as `versions` hold it; where a
            document is missing, the hash of its bytes counts.
        erased: Who was erased; ``None`` where that is not known.
        unsettled: How many erasures are under way, or were interrupted and not finished.
        unconfirmed: How many processors have not confirmed an erasure in time.
        reach: What answers contain; ``None`` where no plan can be made.
        checked: Duties that the register creates and that a check exists for.
        row_budget: The most rows that are read of one dataset; ``None`` reads all.
        scans: The last full scan of each dataset that has one, of the structure there is.
    """

    now: datetime
    today: date
    register: Register
    inventory: Inventory
    catalogs: Mapping[str, Catalog] = field(default_factory=dict)
    unanswered: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    laws: tuple[str, ...] = ()
    versions: Sequence[PolicyVersion] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    erased: Erased | None = None
    unsettled: int = 0
    unconfirmed: int = 0
    reach: Reach | None = None
    checked: frozenset[Duty] = frozenset()
    row_budget: int | None = None
    scans: Mapping[DatasetId, Scanned] = field(default_factory=dict)

    @property
    def stores(self) -> tuple[str, ...]:
        """Every store that the settings name and the checks know of, in order."""
        return tuple(sorted({*self.catalogs, *self.unanswered}))


Columns = Sequence[Sequence[Value]]
"""A batch of rows, column by column, in the order of the fields asked for."""


class Observer(Protocol):
    """Sees some fields of every row of one dataset."""

    @property
    def dataset(self) -> DatasetId:
        """The dataset it wants to see."""
        ...

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it wants to see, in the order it wants them."""
        ...

    def observe(self, columns: Columns, /) -> None:
        """Take one batch: one sequence per field, all of the same length.

        Keeps counts and never values that leave the run.
        """
        ...


@runtime_checkable
class ObservesInPart(Observer, Protocol):
    """Wants no more than a part of a large dataset: a full scan reads the whole of it."""

    @property
    def in_part(self) -> bool:
        """True."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How far one dataset was read.

    Attributes:
        rows: How many rows it has.
        read: How many of them the observers saw that want every row.
        gap: Why it was not read to its end; ``None`` where it was.
        part: How many of them the observers saw that want no more than a part of a large
            dataset; ``None`` where those saw as many as the others.
        failed: Whether the store failed, and no bound ended the reading.
        cut: How many values were longer than what is read of one.
    """

    rows: int
    read: int
    gap: Gap | None = None
    part: int | None = None
    failed: bool = False
    cut: int = 0

    @property
    def seen(self) -> int:
        """How many rows the observers saw that want no more than a part."""
        return self.read if self.part is None else self.part

    @property
    def whole(self) -> bool:
        """Whether those saw everything: every row, and every value to its end."""
        return self.gap is None and not self.cut and (self.part is None or self.part >= self.rows)


class Run(Protocol):
    """One run of one check over one view."""

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return what the run wants to see next; empty where it has seen enough.

        Args:
            read: How far the datasets of the rounds before were read.
        """
        ...

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict of the check's duty for `promise`, once nothing more is wanted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Proves one duty from real systems.

    Attributes:
        duty: The duty that it proves.
        version: Version of its decision, counted up when the decision changes.
        cadence: How long its verdict is fresh.
        cost: What it costs the stores.
        sees: What it must be given.
        privileges: What its account must be allowed.
        proves: What it proves, in one sentence, for the reference.
        begin: Starts a run over a view.
    """

    duty: Duty
    version: int
    cadence: Period
    cost: Cost
    sees: frozenset[Sees]
    privileges: frozenset[Privilege]
    proves: str
    begin: Callable[[View], Run]

    @property
    def name(self) -> str:
        """The name and version under which verdicts cite the check."""
        return f"{self.duty}/{self.version}"
