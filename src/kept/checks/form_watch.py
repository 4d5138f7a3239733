"""What stands in the fields of a dataset by its form, and where there are words that have none."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from kept.checks.emptiness import populated
from kept.checks.port import Columns, Read, View
from kept.checks.proof import Proof, proof_of
from kept.checks.watch import FieldCounts, of_field
from kept.inventory.classification.tally import Tally
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId
from kept.inventory.scanned import Memory
from kept.jurisdictions.period import Period
from kept.vocabulary.data_category import DataCategory

WORDS = "words/1"
FILLED = "filled/1"

_WORD = re.compile(r"(?<![\w])[^\W\d_]{2,}(?![\w])")
_CODE = re.compile(r"[0-9a-fA-F{}-]{16,}")


@dataclass(slots=True)
class WordWatch:
    """Notes the fields in which words stand: whether one is a name, no form can tell."""

    check: ClassVar[str] = WORDS
    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    there: set[str] = field(default_factory=set)

    def observe(self, columns: Columns) -> None:
        """Look until a field is known to hold words."""
        for name, column in zip(self.fields, columns, strict=True):
            if name not in self.there and any(map(_is_worded, column)):
                self.there.add(name)

    def counts(self) -> FieldCounts:
        """Return 1 for each field with words."""
        return {name: {"worded": 1} if name in self.there else {} for name in self.fields}

    def memory(self) -> Memory:
        """Return nothing."""
        return {}

    def resume(self, counts: FieldCounts, memory: Memory) -> None:
        """Go on from what an earlier run noted."""
        del memory
        self.there = {name for name in self.fields if counts.get(name)}


@dataclass(slots=True)
class FilledWatch:
    """Counts the rows in which each of some fields holds something."""

    check: ClassVar[str] = FILLED
    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    rows: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [0] * len(self.fields)

    def observe(self, columns: Columns) -> None:
        """Count the values that are not empty."""
        self.rows = [have + populated(each) for have, each in zip(self.rows, columns, strict=True)]

    def counts(self) -> FieldCounts:
        """Return how many rows are filled, by field."""
        return {name: {"rows": rows} for name, rows in zip(self.fields, self.rows, strict=True)}

    def memory(self) -> Memory:
        """Return nothing."""
        return {}

    def resume(self, counts: FieldCounts, memory: Memory) -> None:
        """Go on from what an earlier run counted."""
        del memory
        self.rows = [counts.get(name, {}).get("rows", 0) for name in self.fields]


@dataclass(slots=True)
class FormWatch:
    """Counts what stands in a dataset by its form, as a full scan does."""

    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    tally: Tally = field(default_factory=lambda: Tally({}))

    def observe(self, columns: Columns) -> None:
        """Count one batch."""
        self.tally.add_columns(self.fields, columns)

    def found(self) -> Mapping[str, Collection[DataCategory]]:
        """Return the categories found, by field."""
        return self.tally.counts


@dataclass(slots=True)
class Looked:
    """One dataset of which somebody must know what every row holds, field by field.

    Attributes:
        dataset: Which.
        fields: Its fields of which no person said what they hold.
        forms: What has a form, by this run's own reading.
        words: Where words stand, likewise.
    """

    dataset: Dataset
    fields: tuple[str, ...]
    forms: FormWatch
    words: WordWatch

    @classmethod
    def at(cls, dataset: Dataset, fields: Sequence[str]) -> "Looked":
        """Return what looks at some fields of `dataset`."""
        names = tuple(fields)
        return cls(dataset, names, FormWatch(dataset.id, names), WordWatch(dataset.id, names))

    @property
    def observers(self) -> tuple[FormWatch, WordWatch]:
        """What is shown the rows."""
        return self.forms, self.words

    def proof(self, view: View, read: Mapping[DatasetId, Read], cadence: Period) -> Proof:
        """Return how far it was looked at."""
        counts = {WORDS: self.fields}
        return proof_of(
            view, self.dataset, read.get(self.dataset.id), cadence=cadence, counts=counts
        )

    def found(self, proof: Proof) -> dict[str, frozenset[DataCategory]]:
        """Return the categories that stand in each field by their form."""
        looks = [self.forms.found(), *(each.found for each in proof.scans)]
        return {
            name: frozenset(category for look in looks for category in look.get(name, ()))
            for name in self.fields
        }

    def worded(self, proof: Proof) -> tuple[str, ...]:
        """Return the fields in which words stand."""
        looks = [self.words.counts(), *proof.counted(WORDS)]
        return tuple(name for name in self.fields if any(of_field(looks, name)))


def _is_worded(value: Value) -> bool:
    if isinstance(value, bytes):
        return not value.isdigit() and bool(value)
    return (
        isinstance(value, str)
        and _WORD.search(value) is not None
        and _CODE.fullmatch(value) is None
    )
