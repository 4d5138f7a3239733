"""Which rows of a store can matter for one person: a superset, found by following what they hold.

Never too few: a row that carries an identifier of the person, that a link leads to, that
owns such a row, or that refers to it, is there. What else is there harms nothing: whose
each row is gets judged afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kept.connectors.errors import StoreTooLargeError
from kept.connectors.staged.held import Held, Holds, Wanted
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Direction, Reference
from kept.plans.connector import Key, Who
from kept.plans.plan import Step, StorePart
from kept.subjects.identifier import normalise
from kept.vocabulary.identifier_kind import IdentifierKind

MOST_ROWS = 1_000_000
"""Rows of one person, and around them, that are held in memory at once."""

_Fields = tuple[str, ...]


@dataclass(slots=True)
class _Sought:
    """By what rows of one dataset are found.

    Attributes:
        ways: Fields that hold an identifier, by kind.
        keys: What fields together must hold, as texts; and whether such a row is followed.
        asked: How much was wanted when the dataset was last read.
    """

    ways: dict[IdentifierKind, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[_Fields, set[Key]] = field(default_factory=lambda: defaultdict(set))
    witnesses: dict[_Fields, set[Key]] = field(default_factory=lambda: defaultdict(set))
    asked: int = -1


@dataclass(slots=True)
class Gathered:
    """The rows that can matter, by dataset and place."""

    rows: dict[DatasetId, dict[Key, Held]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Gathered({sum(map(len, self.rows.values()))} rows)"


def gather(store: Holds, part: StorePart, who: Who) -> Gathered:
    """Return every row of `store` that can matter for a person, and some that do not.

    Raises:
        StoreTooLargeError: There are more of them than are held in memory.
        UnavailableError: The store did not answer.
    """
    return _Gathering(store, part, who).gathered()


class _Gathering:
    """One search: a value that lives as long as one call."""

    def __init__(self, store: Holds, part: StorePart, who: Who) -> None:
        self._store = store
        self._steps: dict[DatasetId, Step] = {step.dataset: step for step in part.steps}
        self._sought: dict[DatasetId, _Sought] = defaultdict(_Sought)
        self._marks: dict[IdentifierKind, set[str]] = defaultdict(set)
        self._texts: dict[IdentifierKind, set[str]] = defaultdict(set)
        self._found: dict[DatasetId, dict[Key, Held]] = defaultdict(dict)
        self._followed: set[tuple[DatasetId, Key]] = set()
        self._count = 0
        for each in who.given:
            self._learn(each.kind, each.value)
        for candidate in (*who.fitting, *who.others):
            for kind, value in candidate.marks:
                if kind.locates:
                    self._learn(kind, value)
        self._ways(part)
        self._from_elsewhere(who)

    def gathered(self) -> Gathered:
        while True:
            waiting = [
                each for each in self._sought if self._amount(each) > self._sought[each].asked
            ]
            if not waiting:
                return Gathered({each: self._found.get(each, {}) for each in self._sought})
            for dataset in waiting:
                self._read(dataset)

    # ── what is wanted ───────────────────────────────────────────────────────

    def _ways(self, part: StorePart) -> None:
        for step in part.steps:
            sought = self._sought[step.dataset]
            for way in step.sought:
                if way.locates:
                    sought.ways[way.kind].update(way.fields)
        for each in part.searched:
            self._sought[each.dataset].ways[each.kind].add(each.field)

    def _from_elsewhere(self, who: Who) -> None:
        for step in self._steps.values():
            for link in step.links:
                if link.origin not in self._steps:
                    keys = who.reached.get((link.origin, link.origin_fields), ())
                    self._sought[step.dataset].keys[link.fields].update(map(_spelt, keys))

    def _amount(self, dataset: DatasetId) -> int:
        """Return how much is wanted of a dataset: it only grows."""
        sought = self._sought[dataset]
        marks = sum(len(self._marks[kind]) for kind in sought.ways)
        keys = sum(len(each) for held in (sought.keys, sought.witnesses) for each in held.values())
        return marks + keys

    def _learn(self, kind: IdentifierKind, text: str) -> None:
        value = normalise(kind, text)
        if value:
            self._marks[kind].add(value)
            self._texts[kind].update((text, value))

    # ── reading ──────────────────────────────────────────────────────────────

    def _read(self, dataset: DatasetId) -> None:
        sought = self._sought[dataset]
        sought.asked = self._amount(dataset)
        if not sought.asked:
            return
        keys: dict[_Fields, frozenset[Key]] = {}
        for held in (sought.keys, sought.witnesses):
            for fields, values in held.items():
                keys[fields] = keys.get(fields, frozenset()) | values
        wanted = Wanted(
            fields={kind: tuple(sorted(fields)) for kind, fields in sought.ways.items()},
            texts={kind: frozenset(self._texts[kind]) for kind in sought.ways},
            keys={fields: values for fields, values in keys.items() if values},
        )
        for row in self._store.held(dataset.name, wanted):
            self._take(dataset, sought, row)

    def _take(self, dataset: DatasetId, sought: _Sought, row: Held) -> None:
        if (dataset, row.place) in self._followed:
            return
        follows = self._carries(sought, row) or _holds(sought.keys, row)
        if not follows and not _holds(sought.witnesses, row):
            return
        if row.place not in self._found[dataset]:
            self._count += 1
            if self._count > MOST_ROWS:
                raise StoreTooLargeError(
                    f"one person has more than {MOST_ROWS:,} rows in the store {self._store.name!r}",
                    remedy="Carry the request out by hand in this store.",
                )
        self._found[dataset][row.place] = row
        step = self._steps.get(dataset)
        if follows and step is not None:
            self._followed.add((dataset, row.place))
            self._follow(step, row)

    def _carries(self, sought: _Sought, row: Held) -> bool:
        return any(
            (text := _text(row.values.get(name))) and normalise(kind, text) in self._marks[kind]
            for kind, names in sought.ways.items()
            if self._marks[kind]
            for name in names
        )

    # ── following ────────────────────────────────────────────────────────────

    def _follow(self, step: Step, row: Held) -> None:
        for way in step.sought:
            if way.locates:
                for name in way.fields:
                    self._learn(way.kind, _text(row.values.get(name)))
        for other in self._steps.values():
            for link in other.links:
                if link.origin == step.dataset:
                    self._want(other.dataset, link.fields, row, link.origin_fields, follow=True)
        for reference in self._about_others(step):
            self._want(reference.to, reference.to_fields, row, reference.fields)
        if any(link.direction is Direction.FORWARD for link in step.links):
            for reference in step.referrers:
                if reference.dataset.store == step.dataset.store:
                    self._want(reference.dataset, reference.fields, row, reference.to_fields)

    def _about_others(self, step: Step) -> Iterator[Reference]:
        """Yield the references by which a row may name somebody else as its owner."""
        yield from (each for each in step.owners if each.to.store == step.dataset.store)
        for part in step.fields:
            for reference in (part.of, part.author):
                if reference is not None and reference.to.store == step.dataset.store:
                    yield reference

    def _want(
        self,
        dataset: DatasetId,
        fields: _Fields,
        row: Held,
        origin_fields: _Fields,
        *,
        follow: bool = False,
    ) -> None:
        key = tuple(row.values.get(name) for name in origin_fields)
        if None not in key:
            sought = self._sought[dataset]
            (sought.keys if follow else sought.witnesses)[fields].add(_spelt(key))


def _holds(wanted: Mapping[_Fields, set[Key]], row: Held) -> bool:
    return any(
        keys and _spelt(tuple(row.values.get(name) for name in fields)) in keys
        for fields, keys in wanted.items()
    )


def _spelt(key: Iterable[Value]) -> Key:
    """Return a key as texts: 7, 7.0 and '7' are one."""
    return tuple(_text(each) for each in key)


def _text(value: Value) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
