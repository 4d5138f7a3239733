"""Which rows of a store are back although an erasure removed them, and which only look so."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from kept.checks.creation import creation_field
from kept.checks.instant import instant_of
from kept.checks.right_erasure import kinds_in
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, Erasing
from kept.plans.connector import Key
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind

_DAY = 10


class Verdict(StrEnum):
    """What is to be done with a row that looks like an erased one."""

    BACK = "back"
    SINCE = "made-since"
    AGE_UNKNOWN = "age-unknown"
    NEW_KEY = "new-key"
    OTHER_COPY = "other-copy"
    NAMELESS = "nameless"

    @property
    def asks(self) -> bool:
        """Whether a person must decide."""
        return self in _ASKED


_ASKED = frozenset({Verdict.AGE_UNKNOWN, Verdict.NEW_KEY, Verdict.OTHER_COPY, Verdict.NAMELESS})

WHY: Mapping[Verdict, str] = {
    Verdict.AGE_UNKNOWN: "are an erased person's, and nothing tells whether they were there "
    "before that instant: name the field under anchors in datamap.toml, or decide by hand",
    Verdict.NEW_KEY: "hold an erased person's identifier under a key that was not erased, and "
    "were there before that instant: an import may have brought them; decide by hand",
    Verdict.OTHER_COPY: "were erased, are back, and cannot come from a copy made at that "
    "instant: run it again with the instant of the copy they come from, or decide by hand",
    Verdict.NAMELESS: "have the key of erased rows and name nobody, and nobody they belong to "
    "was brought back with them: decide by hand",
}


class Known(Protocol):
    """What is known of an erasure."""

    @property
    def request(self) -> str:
        """Id of the request."""
        ...

    @property
    def erased_at(self) -> datetime:
        """When it was carried out (UTC)."""
        ...


class Recognises(Protocol):
    """Recognises erased people and rows by their keyed hashes."""

    def identifiers(
        self, kind: IdentifierKind, values: Sequence[Value]
    ) -> Mapping[int, Sequence[Known]]:
        """Return, by place, the erasures of the people that `values` name."""
        ...

    def rows(self, dataset: DatasetId, keys: Sequence[Key]) -> Mapping[int, Sequence[Known]]:
        """Return, by place, the erasures that removed the rows with `keys`."""
        ...


@dataclass(frozen=True, slots=True)
class Back:
    """One row that is back. Personal data; never shows in ``repr``.

    Attributes:
        dataset: Where.
        key: Its key.
        identifiers: What it holds of an erased person.
        request: The erasure that removed it.
    """

    dataset: DatasetId
    key: Key
    identifiers: tuple[Identifier, ...]
    request: str

    def __repr__(self) -> str:
        return f"Back({self.dataset})"


@dataclass(slots=True)
class Judging:
    """Judges the rows of one dataset, batch by batch.

    Attributes:
        dataset: The dataset.
        erased: Recognises what was erased.
        since: The instant of the copy: what was made later was not in it.
        counts: How many rows got which verdict.
    """

    dataset: Dataset
    erased: Recognises = field(repr=False)
    since: datetime
    counts: dict[Verdict, int] = field(default_factory=dict)

    @property
    def sought(self) -> tuple[tuple[str, IdentifierKind], ...]:
        """The fields that can name somebody."""
        return tuple((each.name, kind) for each in self.dataset.fields for kind in kinds_in(each))

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that must be read."""
        created = creation_field(self.dataset)
        names = (*self.dataset.key, *(name for name, _ in self.sought))
        return tuple(dict.fromkeys((*names, *((created.name,) if created else ()))))

    def rows(self, batch: Sequence[Sequence[Value]]) -> Iterator[Back]:
        """Yield the rows of a batch that are to be erased again; count all others."""
        place = {name: at for at, name in enumerate(self.fields)}
        keys = [tuple(row[place[name]] for name in self.dataset.key) for row in batch]
        rows = self.erased.rows(self.dataset.id, keys) if self.dataset.key else {}
        named: dict[int, list[tuple[Identifier, Known]]] = {}
        for name, kind in self.sought:
            values = [row[place[name]] for row in batch]
            for at, found in self.erased.identifiers(kind, values).items():
                named.setdefault(at, []).append((Identifier(kind, str(values[at])), found[0]))
        created = creation_field(self.dataset)
        for at in sorted(rows.keys() | named.keys()):
            made = batch[at][place[created.name]] if created else None
            verdict = self._judge(rows.get(at, ()), named.get(at, ()), made)
            if verdict is None:
                continue
            self.counts[verdict] = self.counts.get(verdict, 0) + 1
            if verdict is Verdict.BACK:
                whose = tuple(dict.fromkeys(each for each, _ in named[at]))
                yield Back(self.dataset.id, keys[at], whose, rows[at][0].request)

    def _judge(
        self,
        row: Sequence[Known],
        named: Sequence[tuple[Identifier, Known]],
        made: Value,
    ) -> Verdict | None:
        if not named:
            # Rows that name nobody are told by their owner; what was blanked stands there still.
            nameless = not self.sought and self.dataset.on_erasure is Erasing.DELETE
            return Verdict.NAMELESS if row and nameless else None
        last = instant_of(made)
        if last is not None and len(str(made).strip()) == _DAY:
            # A day alone: the row may have been made at its end.
            last += timedelta(days=1) if last.date() >= self.since.date() else timedelta()
        if last is None:
            return Verdict.AGE_UNKNOWN
        if not row:
            return Verdict.SINCE if last > self.since else Verdict.NEW_KEY
        erased_at = row[0].erased_at
        if last > erased_at:
            return Verdict.SINCE
        return Verdict.BACK if last <= self.since <= erased_at else Verdict.OTHER_COPY


def people_first(datasets: Iterable[Dataset]) -> tuple[Dataset, ...]:
    """Return datasets so that those that others belong to come first."""
    every = tuple(datasets)
    referred = {reference.to for each in every for reference in each.references}
    return tuple(sorted(every, key=lambda each: (each.id not in referred, each.id)))
