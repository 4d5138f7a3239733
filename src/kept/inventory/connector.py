"""The door to a data store for looking: its structure, a sample, every value.

Each thing that a store can do is a protocol of its own. A connector implements
those that its store can honour and no others. What requests ask of a store
(read, erase) is in ``plans/connector.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from kept.inventory.catalog import Catalog

Value = str | int | float | bytes | bool | None
"""What a field can hold as it leaves a connector. Dates and decimals come as ISO text."""


class SamplesBy(StrEnum):
    """How the rows of a sample are chosen.

    `ALL`: every row is looked at. `KEY`: at many places of the key. `BLOCK`: at random
    blocks of the engine. `PREFIX`: the first that come.
    """

    ALL = "all"
    KEY = "key"
    BLOCK = "block"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a connector can honour of its store. The contract suite tests exactly this.

    Attributes:
        engine: What the catalog calls the engine.
        samples_by: How the rows of a sample are chosen.
        reads_snapshot: Whether one scan sees one state of the store.
        exact_counts: Whether `Scans.count` is exact.
        resumes: Whether a scan that ended early can go on (`Resumes`).
        declares_references: Whether the store can declare that rows refer to others.
        tells_reads: Whether the store tells which datasets nobody reads.
        times_out: Whether a statement that takes too long is ended by the store itself.
        answers_requests: Whether requests can be carried out in it.
        finds_by_reading: Whether every row is read to find one person's.
        readers: How many datasets may be sampled at once.
    """

    engine: str
    samples_by: SamplesBy
    reads_snapshot: bool = False
    exact_counts: bool = True
    resumes: bool = False
    declares_references: bool = False
    tells_reads: bool = False
    times_out: bool = False
    answers_requests: bool = False
    finds_by_reading: bool = False
    readers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some values of one dataset, for classification.

    Attributes:
        dataset: Its name in the store.
        rows: How many rows the dataset has, or about how many.
        read: How many rows were read.
        values: Per field, up to the limit of distinct non-null values, in a fixed order.
        nulls: Per field, how many of the rows read were null or empty.
        distinct: Per field, how many distinct values there were among the rows read.
        rows_exact: Whether `rows` was counted, and is no estimate of the engine.
        unread: Why a field could not be read, by field: ``"permission denied"``,
            ``"timed out"``, ``"invalid UTF-8"``. Such a field has no values.
    """

    dataset: str
    rows: int
    read: int
    values: dict[str, tuple[Value, ...]]
    nulls: dict[str, int]
    distinct: dict[str, int]
    rows_exact: bool = True
    unread: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_nothing(cls, dataset: str) -> "Sample":
        """Return the sample of a dataset of which nothing was read."""
        return cls(dataset=dataset, rows=0, read=0, values={}, nulls={}, distinct={})


@runtime_checkable
class Describes(Protocol):
    """Tells the structure of its store. Changes nothing."""

    name: str
    engine: str

    @property
    def shown(self) -> str:
        """The address that reads, without anything secret."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this connector can honour of its store."""
        ...

    def catalog(self) -> Catalog:
        """Return the store's structure as it is now.

        Raises:
            UnavailableError: The store did not answer; calling again is safe.
            RefusedError: The store is no such store, or may not be read.
        """
        ...


@runtime_checkable
class Samples(Protocol):
    """Reads a bounded number of rows. Changes nothing."""

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return up to `limit` distinct non-null values of each field.

        The same store content, seed and limit give the same sample.
        """
        ...


@runtime_checkable
class Scans(Protocol):
    """Reads everything, as a stream in bounded memory. Changes nothing."""

    def count(self, dataset: str) -> int:
        """Return how many rows `dataset` has now."""
        ...

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield every row of `dataset`, `fields` only, in batches and in one snapshot.

        Dates, times and decimals come as ISO text, binary as bytes.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of a scan that can go on where it ended.

    Attributes:
        rows: The rows, the fields asked for only.
        at: Where the scan stands after them. It may hold a key of a row: it is kept
            encrypted, and never shown. Empty where no place can be found again: then
            the scan begins anew, and only its last batch tells that it is complete.
        cut: How many of the values were longer than what is read of one.
    """

    rows: list[tuple[Value, ...]]
    at: str = field(repr=False)
    cut: int = 0


@runtime_checkable
class Resumes(Protocol):
    """Reads everything, in parts that may lie hours apart. Changes nothing."""

    def scan_from(
        self, dataset: str, fields: Sequence[str], *, after: str = "", batch: int = 5_000
    ) -> Iterator[Batch]:
        """Yield every row of `dataset` that comes after `after`; all of them where it is empty.

        Where nothing changed meanwhile, a scan in parts reads each row exactly once.

        Raises:
            StoreChangedError: `after` belongs to another dataset, or to another structure.
        """
        ...


@runtime_checkable
class Contains(Protocol):
    """Looks values up. Changes nothing."""

    def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
        """Return how many of `values` occur in a field of `dataset`."""
        ...


@runtime_checkable
class Store(Describes, Samples, Protocol):
    """What every store can do at least. What else it can is asked with `isinstance`."""
