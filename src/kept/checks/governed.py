"""Which datasets a promise on storage periods governs, and where the clock of each is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kept.checks.event import ENDS_ALL, GENERAL, event_of
from kept.checks.overdue import Rows
from kept.checks.port import SettledTerms, View
from kept.checks.scope import covers_any, listed, speaks_of
from kept.inventory.dataset import (
    Dataset,
    DatasetId,
    Direction,
    Erasing,
    Field,
    Reference,
    Whose,
)
from kept.promises.promise import Promise
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

_EVERYTHING = frozenset({DataCategory.USER})


class Way(StrEnum):
    """How the rows of a dataset come by their clock."""

    OWN = "own field"
    BELOW = "the row that they refer to"
    ABOVE = "the rows that refer to them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One dataset that a promise governs, and how its rows come by their clock.

    Attributes:
        dataset: The dataset.
        way: How.
        clock: For `OWN`, the field that holds the time.
        by: For the others, the dataset whose clock counts.
        reference: The reference along which it counts.
        counted: Whether its rows are governed, or it is only a step on the way.
    """

    dataset: Dataset
    way: Way
    clock: str = ""
    by: DatasetId | None = None
    reference: Reference | None = None
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """What a promise governs.

    Attributes:
        nodes: Datasets with a clock, each after the one whose clock it takes.
        unclocked: Datasets that it governs and that have no clock.
        kept: Datasets that it would govern and that are kept for a reason of their own.
    """

    nodes: tuple[Node, ...] = ()
    unclocked: tuple[Dataset, ...] = ()
    kept: tuple[Dataset, ...] = ()


def names_data(promise: Promise) -> bool:
    """Return whether the promise names kinds of data, rather than all of it."""
    return bool(set(promise.data) - _EVERYTHING)


def governed_by(promise: Promise, terms: SettledTerms, view: View) -> Governed:
    """Return what `promise` governs.

    A promise that names data governs the datasets that hold it; one that speaks of
    everything governs what no other promise names. One that speaks of accounts governs
    the rows that tell when an account was closed, whatever they hold. A period that is counted from an
    event of some rows alone, such as the closing of a ticket, governs those rows and
    what hangs on them.
    """
    people = [
        each
        for each in view.inventory.datasets
        if speaks_of(each) and listed(each) and each.personal
    ]
    clocks = _clocks(terms.counted_from, people)
    governed: dict[DatasetId, Dataset] = {}
    kept: list[Dataset] = []
    for dataset in people:
        if not (_names(promise, dataset, view) or _is_account(promise, clocks.get(dataset.id))):
            continue
        if dataset.on_erasure is Erasing.KEEP and dataset.minimum is None:
            kept.append(dataset)
        elif dataset.id in clocks or terms.counted_from in GENERAL:
            governed[dataset.id] = dataset
    return Governed(
        nodes=tuple(_ordered(clocks, governed)),
        unclocked=tuple(each for each in governed.values() if each.id not in clocks),
        kept=tuple(kept),
    )


def rows_of(dataset: Dataset, view: View) -> Rows:
    """Return what must be known of `dataset` to judge its rows."""
    nullable: set[str] = set()
    catalog = view.catalogs.get(dataset.id.store)
    for table in catalog.tables if catalog else ():
        if table.name == dataset.id.name:
            nullable = {each.name for each in table.columns if each.nullable and not each.key}
    personal = tuple(each.name for each in dataset.fields if each.personal)
    return Rows(
        dataset=dataset.id,
        personal=personal,
        nullable=tuple(name for name in personal if name in nullable),
        minimum=dataset.minimum,
    )


def _names(promise: Promise, dataset: Dataset, view: View) -> bool:
    if names_data(promise):
        return _holds(promise, dataset)
    return not any(
        other is not promise and names_data(other) and _holds(other, dataset)
        for other in view.register.promises
        if Duty.RETENTION in other.duties
    )


def _is_account(promise: Promise, node: Node | None) -> bool:
    speaks_of_accounts = DataCategory.USER_ACCOUNT in promise.data
    return speaks_of_accounts and node is not None and node.way is Way.OWN


def _holds(promise: Promise, dataset: Dataset) -> bool:
    wanted = set(promise.data) - _EVERYTHING
    return any(covers_any(wanted, each.holds) for each in dataset.fields)


def _clocks(event: str, people: list[Dataset]) -> dict[DatasetId, Node]:
    """Return how each dataset that has a clock for `event` comes by it, nearest way first."""
    clocks: dict[DatasetId, Node] = {}
    for dataset in people:
        own = _anchor(dataset, event)
        if own is not None:
            clocks[dataset.id] = Node(dataset=dataset, way=Way.OWN, clock=own.name)
    owners = {each.id: each for each in people}
    for node in list(clocks.values()) if event in ENDS_ALL else ():
        for reference in _owned(node.dataset):
            if reference.to in owners and reference.to not in clocks:
                clocks[reference.to] = Node(
                    dataset=owners[reference.to],
                    way=Way.ABOVE,
                    by=node.dataset.id,
                    reference=reference,
                )
    added = True
    while added:
        added = False
        for dataset in people:
            if dataset.id in clocks:
                continue
            for reference in _owned(dataset):
                if reference.to in clocks:
                    clocks[dataset.id] = Node(
                        dataset=dataset, way=Way.BELOW, by=reference.to, reference=reference
                    )
                    added = True
                    break
    return clocks


def _anchor(dataset: Dataset, event: str) -> Field | None:
    return next(
        (each for each in dataset.fields if each.anchor and event_of(each.anchor) == event), None
    )


def _owned(dataset: Dataset) -> Iterator[Reference]:
    for reference in dataset.references:
        if reference.whose is Whose.OWNED and reference.direction is Direction.BACKWARD:
            yield reference


def _ordered(
    clocks: Mapping[DatasetId, Node], governed: Mapping[DatasetId, Dataset]
) -> Iterator[Node]:
    """Yield the nodes that are needed, each after the one whose clock it takes."""
    needed: dict[DatasetId, None] = {}
    for dataset in governed:
        way: list[DatasetId] = []
        at: DatasetId | None = dataset
        while at is not None and at in clocks:
            way.append(at)
            at = clocks[at].by
        needed.update(dict.fromkeys(reversed(way)))
    for dataset in needed:
        node = clocks[dataset]
        yield node if dataset in governed else _step(node)


def _step(node: Node) -> Node:
    return Node(
        dataset=node.dataset,
        way=node.way,
        clock=node.clock,
        by=node.by,
        reference=node.reference,
        counted=False,
    )
