"""What proposals look at: datasets, their structure, a sample, and who refers to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kept.inventory.catalog import Table
from kept.inventory.connector import Sample, Value
from kept.inventory.dataset import Dataset, DatasetId, Field, Whose
from kept.inventory.proposing.words import Words, singular_words

Contained = Callable[[DatasetId, str, Sequence[Value]], int]
"""Tells how many of some values occur in a field of a dataset."""


_LOW, _SPARSE = 1_000_000, 100
"""A counter stays below the first, or below the rows times the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen in the stores.

    Attributes:
        samples: By dataset.
        contained: Looks values up in a store; ``None`` where no store can be asked.
        unerasable: Names of the stores in which no erasure can be carried out.
    """

    samples: Mapping[DatasetId, Sample] = field(default_factory=dict)
    contained: Contained | None = None
    unerasable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One dataset with its structure and the words of its name.

    Attributes:
        referring: Its fields that refer to a key of another dataset.
    """

    dataset: Dataset
    table: Table
    sample: Sample | None = None
    referring: frozenset[str] = frozenset()

    @property
    def held(self) -> tuple[Field, ...]:
        """Its fields that hold something personal; a counter holds nothing by itself.

        A field that only points at a table of medicines is no medication.
        """
        return tuple(
            each for each in self.dataset.fields if each.personal and not self.counts(each.name)
        )

    @property
    def personal(self) -> bool:
        """Whether any of its fields holds something about a person."""
        return bool(self.held)

    def counts(self, name: str) -> bool:
        """Return whether a field is a counter: a key in whole numbers, here or elsewhere."""
        if name not in self.table.key and name not in self.referring:
            return False
        values = self.values(name)
        if not values:
            return "INT" in self.table.column(name).type.upper()
        # Numbers far beyond the rows are numbers of something: a state gives them.
        highest = max(_LOW, _SPARSE * (self.sample.rows if self.sample else 0))
        return all(isinstance(value, int) and abs(value) <= highest for value in values)

    @property
    def id(self) -> DatasetId:
        """Its name."""
        return self.dataset.id

    @property
    def words(self) -> Words:
        """The words of its name in the singular, without its schema."""
        return singular_words(self.id.name.rpartition(".")[2])

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the sampled values of a field; empty where nothing was sampled."""
        return () if self.sample is None else self.sample.values.get(name, ())

    def repeats(self, name: str) -> bool:
        """Return whether a value of the field was seen in more than one row."""
        if self.sample is None:
            return True
        filled = self.sample.read - self.sample.nulls.get(name, 0)
        return self.sample.distinct.get(name, 0) < filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One reference, declared by the store or seen in names and values.

    Attributes:
        declared: Whether the store enforces it.
        natural: Whether it goes by an identifier of the person instead of a key.
        guessed: Whether only the name of a role says so: ``owner_id``.
        contained: Share of the sampled values that exist where it points; ``None``
            where that was not looked up.
        words: The words of its fields without those that make a key of them.
        required: Whether every row must have it.
        in_key: Whether its fields are part of the row's own key.
        decided: What a person decided about it, or ``None``.
    """

    dataset: DatasetId
    fields: tuple[str, ...]
    to: DatasetId
    to_fields: tuple[str, ...]
    declared: bool = False
    natural: bool = False
    guessed: bool = False
    contained: float | None = None
    words: Words = ()
    required: bool = False
    in_key: bool = False
    decided: Whose | None = None
