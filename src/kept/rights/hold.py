"""Which rows an erasure must leave alone although nothing else protects them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, Erasing, Inventory
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Digest, Suppression

HELD = "legal hold: "
"""How the reason of what a hold keeps begins, in an answer and in the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldField:
    """What a field must hold for its row to be held.

    Attributes:
        name: The field.
        digest: Keyed hash of the value.
    """

    name: str
    digest: Digest = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Somebody's instruction to keep rows: it beats an erasure for as long as it stands.

    People and values are keyed hashes: nothing here names anybody.

    Attributes:
        id: Its own id.
        reason: Why, in words that the person may be told.
        source: The provision or the case.
        since: From when (UTC).
        people: Hashes of identifiers: whose rows. Empty: everybody's.
        datasets: Which datasets; a name ``"*"`` is the whole store. Empty: all of them.
        rows: What a row must hold besides: all of it. Only with one dataset.
        added_at: When it was added (UTC).
        ended_at: When it was ended (UTC), ``None`` while it stands.
    """

    id: str
    reason: str
    source: str
    since: datetime
    people: frozenset[Digest] = field(default=frozenset(), repr=False)
    datasets: tuple[DatasetId, ...] = ()
    rows: tuple[HeldField, ...] = ()
    added_at: datetime
    ended_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Return whether it holds anything at an instant, or began to after it.

        Who began before a hold was added must not overlook it: that it was added is enough.
        """
        begun = self.since <= max(at, self.added_at)
        return begun and (self.ended_at is None or at < self.ended_at)

    def concerns(self, people: frozenset[Digest]) -> bool:
        """Return whether it is about somebody who has these identifiers."""
        return not self.people or bool(self.people & people)

    def covers(self, dataset: DatasetId) -> bool:
        """Return whether it is about rows of a dataset."""
        whole = DatasetId(dataset.store, "*")
        return not self.datasets or dataset in self.datasets or whole in self.datasets

    def holds_row(self, hashes: Suppression, values: Mapping[str, Value]) -> bool:
        """Return whether a row holds everything that the hold asks of it."""
        dataset = self.datasets[0] if self.datasets else DatasetId("", "")
        return all(
            each.name in values
            and value_hash(hashes, dataset, each.name, values[each.name]) == each.digest
            for each in self.rows
        )


def hashes_of(hashes: Suppression, identifiers: Iterable[Identifier]) -> frozenset[Digest]:
    """Return the hashes under which holds know people."""
    return frozenset(hashes.identifier(each) for each in identifiers)


def value_hash(hashes: Suppression, dataset: DatasetId, name: str, value: Value) -> Digest:
    """Return the hash of what a field holds; numbers and texts that read alike are alike."""
    text = value if isinstance(value, bytes | None) else str(value).strip()
    return hashes.row(dataset.store, dataset.name, (name, text))


def holding(inventory: Inventory, holds: Iterable[Hold]) -> Inventory:
    """Return the inventory in which everything that `holds` cover is kept, and why.

    What a person decided to keep anyway stays as it was decided.
    """
    standing = tuple(holds)
    return replace(inventory, datasets=tuple(_held(each, standing) for each in inventory.datasets))


def is_held(dataset: Dataset, holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Return the holds that keep a dataset's rows from an erasure that would change them."""
    if dataset.on_erasure is Erasing.KEEP and dataset.minimum is None:
        return ()
    return tuple(each for each in holds if each.covers(dataset.id))


def _held(dataset: Dataset, holds: tuple[Hold, ...]) -> Dataset:
    found = is_held(dataset, holds)
    if not found:
        return dataset
    first = found[0]
    return replace(
        dataset,
        on_erasure=Erasing.KEEP,
        minimum=None,
        keep_reason=reason_of(first),
        keep_provision=first.source,
        keep_until="",
    )


def reason_of(hold: Hold) -> str:
    """Return why rows stay, as an answer and the log say it."""
    return f"{HELD}{hold.reason}"
