"""Which real people a check looks for, and what a plan would find of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from kept.checks.port import Located, Reach
from kept.errors import RefusedError, UnavailableError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Sample, Value
from kept.inventory.dataset import Dataset, DatasetId, Inventory
from kept.plans.connector import Reading
from kept.plans.errors import IdentityAmbiguousError, IdentityUnknownError
from kept.plans.identity import Mark
from kept.plans.plan import Plan, Step
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.request_ports import Store
from kept.workflows.request_stores import read_everywhere

PEOPLE = 30
"""How many people a run looks for: enough to show a field or a table that answers miss."""

_BEST_FIRST = (
    IdentifierKind.EMAIL,
    IdentifierKind.NATIONAL_ID,
    IdentifierKind.ACCOUNT_ID,
    IdentifierKind.USERNAME,
    IdentifierKind.PHONE,
    IdentifierKind.DEVICE_ID,
)


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
    ways = list(_ways(planned))
    datasets = {each.id: each for each in inventory.datasets}
    population = sum(datasets[step.dataset].rows or 0 for step, _, _ in ways)
    if not ways:
        return Reach(fields=fields, missing="no dataset says by which field people are found")
    located: list[Located] = []
    ambiguous = 0
    try:
        for identifier in _chosen(ways, stores, people=people, seed=seed):
            try:
                located.append(_located(identifier, planned, stores, datasets))
            except (IdentityAmbiguousError, IdentityUnknownError):
                # Two people behind one identifier, or a row that went in between.
                ambiguous += 1
    except (UnavailableError, RefusedError) as error:
        missing = f"a store could not be read ({error.code})"
        return Reach(fields=fields, population=population, missing=missing)
    return Reach(
        fields=fields,
        people=tuple(located),
        population=population,
        ambiguous=ambiguous,
        missing="" if located else _nobody(ambiguous),
    )


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


def _chosen(
    ways: Sequence[tuple[Step, IdentifierKind, str]],
    stores: Mapping[str, ReadsPeople],
    *,
    people: int,
    seed: int,
) -> Iterator[Identifier]:
    share = max(1, people // len(ways))
    for step, kind, name in ways:
        sample = stores[step.dataset.store].sample(
            step.dataset.name, [name], limit=share, seed=seed
        )
        for value in sample.values[name]:
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                yield Identifier(kind, str(value))


def _located(
    identifier: Identifier,
    planned: Plan,
    stores: Mapping[str, ReadsPeople],
    datasets: Mapping[DatasetId, Dataset],
) -> Located:
    readings = read_everywhere(stores, planned, (identifier,))
    marks = {mark for reading in readings for mark in reading.marks}
    return Located(identifiers=frozenset(_identifiers(marks)), rows=_rows(readings, datasets))


def _identifiers(marks: set[Mark]) -> Iterator[Identifier]:
    for kind, text in marks:
        yield Identifier(kind, text)


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
