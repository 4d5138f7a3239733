"""Which real people a check looks for, and what a plan would find of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kept.checks.port import Located, Reach
from kept.checks.scope import speaks_of
from kept.errors import RefusedError, UnavailableError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Describes, Sample, Value
from kept.inventory.dataset import Dataset, DatasetId, Inventory
from kept.plans.connector import Reading
from kept.plans.errors import IdentityAmbiguousError, IdentityUnknownError
from kept.plans.plan import Plan, Step
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.request_ports import Store
from kept.workflows.request_stores import read_everywhere

if TYPE_CHECKING:
    from kept.plans.identity import Mark

PEOPLE = 30
"""How many people a run looks for: enough to show a field or a table that answers miss."""

_ROWS_READ = 6_000_000
"""Rows that are read in all, of stores in which nothing but reading finds a person."""

_LOOKS = 4
"""How often such a store is read through for one person at the most, as a rule."""

_BEST_FIRST = (
    IdentifierKind.EMAIL,
    IdentifierKind.NATIONAL_ID,
    IdentifierKind.ACCOUNT_ID,
    IdentifierKind.USERNAME,
    IdentifierKind.PHONE,
    IdentifierKind.DEVICE_ID,
)


@runtime_checkable
class ReadsPeople(Store, Protocol):
    """A store that people can be chosen from and read in. Nothing is ever written."""

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return up to `limit` distinct values of each field."""
        ...


def reach_of(
    inventory: Inventory,
    catalogs: Mapping[str, Catalog],
    stores: Mapping[str, ReadsPeople],
    *,
    people: int,
    seed: int,
) -> Reach:
    """Return what answers to access requests contain, for a random sample of real people.

    Nothing is changed, and nothing leaves memory: the people are named by their own
    identifiers for as long as the run takes.

    Args:
        inventory: What the stores hold.
        catalogs: Structure of the stores that answered.
        stores: Where people are read.
        people: How many to choose.
        seed: Chooses them; the same seed and content choose the same people.
    """
    planned = plan(Right.ACCESS, inventory, catalogs.values())
    fields = {
        step.dataset: frozenset(each.name for each in step.fields if each.hidden is None)
        for part in planned.parts
        for step in part.steps
    }
    datasets = {each.id: each for each in inventory.datasets}
    ways = [way for way in _ways(planned) if speaks_of(datasets[way[0].dataset])]
    population = sum(datasets[step.dataset].rows or 0 for step, _, _ in ways)
    if not ways:
        return Reach(fields=fields, missing="no dataset says by which field people are found")
    people = _affordable(people, inventory, stores)
    if not people:
        missing = "a store is too large to be read through for single people"
        return Reach(fields=fields, population=population, missing=missing)
    chosen = _Chosen(planned, stores, datasets)
    try:
        for identifier in _drawn(ways, stores, people=people, seed=seed):
            if len(chosen.located) < people:
                chosen.take(identifier)
    except (UnavailableError, RefusedError) as error:
        missing = f"a store could not be read ({error.code})"
        return Reach(fields=fields, population=population, missing=missing)
    return Reach(
        fields=fields,
        people=tuple(chosen.located),
        population=population,
        ambiguous=chosen.ambiguous,
        missing="" if chosen.located else _nobody(chosen.ambiguous),
    )


def _affordable(people: int, inventory: Inventory, stores: Mapping[str, ReadsPeople]) -> int:
    """Return for how many people stores that are read through can be read through."""
    through = {
        name
        for name, store in stores.items()
        if isinstance(store, Describes) and store.capabilities.finds_by_reading
    }
    rows = sum(each.rows or 0 for each in inventory.datasets if each.id.store in through)
    return min(people, _ROWS_READ // (rows * _LOOKS)) if rows else people


class _Chosen:
    """The people chosen so far: each once, however many datasets name them."""

    def __init__(
        self,
        planned: Plan,
        stores: Mapping[str, ReadsPeople],
        datasets: Mapping[DatasetId, Dataset],
    ) -> None:
        self.located: list[Located] = []
        self.ambiguous = 0
        self._planned, self._stores, self._datasets = planned, stores, datasets
        self._known: set[Mark] = set()

    def take(self, identifier: Identifier) -> None:
        """Locate the person with `identifier`, who may be there already."""
        if (identifier.kind, identifier.normalised) in self._known:
            return
        try:
            readings = read_everywhere(self._stores, self._planned, (identifier,))
        except (IdentityAmbiguousError, IdentityUnknownError):
            # Two people behind one identifier, or a row that went in between.
            self.ambiguous += 1
            return
        marks = {mark for reading in readings for mark in reading.marks}
        if not marks & self._known:
            identifiers = frozenset(Identifier(*mark) for mark in marks)
            rows = _rows(readings, self._datasets)
            self.located.append(Located(identifiers=identifiers, rows=rows))
        self._known |= marks


def _nobody(ambiguous: int) -> str:
    if ambiguous:
        return f"none of the {ambiguous} people chosen could be told from others"
    return "no row tells anybody's identifier"


def _ways(planned: Plan) -> Iterator[tuple[Step, IdentifierKind, str]]:
    """Yield, for each dataset whose rows are people, the best field to find them by."""
    for part in planned.parts:
        for step in part.steps:
            if not step.person:
                continue
            kinds = {way.kind: way.fields for way in step.sought if way.locates and way.fields}
            for kind in _BEST_FIRST:
                if kind in kinds:
                    yield step, kind, kinds[kind][0]
                    break


def _drawn(
    ways: Sequence[tuple[Step, IdentifierKind, str]],
    stores: Mapping[str, ReadsPeople],
    *,
    people: int,
    seed: int,
) -> Iterator[Identifier]:
    """Yield identifiers of people, from each dataset in turn."""
    drawn = [
        [
            Identifier(kind, str(value))
            for value in stores[step.dataset.store]
            .sample(step.dataset.name, [name], limit=people, seed=seed)
            .values[name]
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()
        ]
        for step, kind, name in ways
    ]
    for together in zip_longest(*drawn):
        yield from (each for each in together if each is not None)


def _rows(
    readings: Iterable[Reading], datasets: Mapping[DatasetId, Dataset]
) -> dict[DatasetId, frozenset[tuple[Value, ...]]]:
    rows: dict[DatasetId, set[tuple[Value, ...]]] = {}
    for reading in readings:
        for record in reading.records:
            key = datasets[record.dataset].key
            if key and all(name in record.values for name in key):
                rows.setdefault(record.dataset, set()).add(
                    tuple(record.values[name] for name in key)
                )
    return {dataset: frozenset(keys) for dataset, keys in rows.items()}
