"""The door to a data store for looking: its structure, a sample, every value.

Each thing that a store can do is a protocol of its own. A connector implements
those that its store can honour and no others. What requests ask of a store
(read, erase) is in ``plans/connector.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kept.inventory.catalog import Catalog

Value = str | int | float | bytes | bool | None
"""What a field can hold as it leaves a connector. Dates and decimals come as ISO text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some values of one dataset, for classification.

    Attributes:
        dataset: Its name in the store.
        rows: How many rows the dataset has.
        read: How many rows were read.
        values: Per field, up to the limit of distinct non-null values, in a fixed order.
        nulls: Per field, how many of the rows read were null or empty.
        distinct: Per field, how many distinct values there were among the rows read.
    """

    dataset: str
    rows: int
    read: int
    values: dict[str, tuple[Value, ...]]
    nulls: dict[str, int]
    distinct: dict[str, int]


@runtime_checkable
class Describes(Protocol):
    """Tells the structure of its store. Changes nothing."""

    name: str
    engine: str

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
