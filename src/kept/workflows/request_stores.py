"""How one plan is carried out in several stores, each in a transaction of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from kept.errors import KeptError
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Key, Reading, Sight, Who
from kept.plans.identity import Candidate
from kept.plans.plan import Plan, StorePart
from kept.subjects.identifier import Identifier
from kept.workflows.request_ports import Store

Reached = Mapping[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A store that did not do its part after others had done theirs.

    Attributes:
        store: Its name.
        error: Why.
    """

    store: str
    error: KeptError


@dataclass(frozen=True, slots=True)
class Erased:
    """How far an erasure has come.

    Attributes:
        done: What each store did, in order.
        failures: Stores that did not.
        of: How many stores there are.
    """

    done: tuple[Done, ...] = ()
    failures: tuple[Failure, ...] = ()
    of: int = 0


def read_everywhere(
    stores: Mapping[str, Store], plan: Plan, given: tuple[Identifier, ...]
) -> tuple[Reading, ...]:
    """Return what every store holds of the person; those reached through others come later."""
    people = _people(stores, plan, given)
    reached: dict[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]] = {}
    readings = []
    for part in _origins_first(plan):
        who = replace(people[part.store], reached=dict(reached))
        reading = stores[part.store].read(part, who)
        reached.update(reading.reached)
        readings.append(reading)
    return tuple(readings)


def erase_everywhere(
    stores: Mapping[str, Store],
    plan: Plan,
    given: tuple[Identifier, ...],
    *,
    operation: str,
    today: date,
    before_commit: Callable[[str, Done], None],
    done: Callable[[str, Erased], None],
) -> Erased:
    """Erase the person in every store, and return what was done and what was not.

    Nothing starts anywhere until every store passed a rehearsal. What fails after that is
    a failure in the result, once a store has committed; before, it is raised.

    Args:
        stores: By name.
        plan: The plan.
        given: Who the person is.
        operation: Names the erasure; each store's is made from it.
        today: The day on which statutory minimums are judged.
        before_commit: Called in each store's transaction, before anybody sees what it did;
            what it raises takes that back.
        done: Called after each store's commit, before the next store starts.

    Raises:
        KeptError: A store refused or did not answer, and nothing was changed anywhere.
    """
    people = _people(stores, plan, given)
    reached = _reached_everywhere(stores, plan, people)
    people = {store: replace(who, reached=reached) for store, who in people.items()}
    erased = Erased(of=len(plan.parts))
    if len(plan.parts) > 1:
        for part in plan.parts:
            stores[part.store].rehearse(
                part, people[part.store], operation=f"{operation}/{part.store}", today=today
            )
    for part in plan.parts:
        try:
            result = stores[part.store].erase(
                part,
                people[part.store],
                operation=f"{operation}/{part.store}",
                today=today,
                before_commit=partial(before_commit, part.store),
            )
        except KeptError as error:
            if not erased.done:
                raise
            failure = Failure(part.store, error)
            erased = replace(erased, failures=(*erased.failures, failure))
        else:
            erased = replace(erased, done=(*erased.done, result))
            done(part.store, erased)
    return erased


def rehearse_everywhere(
    stores: Mapping[str, Store],
    plan: Plan,
    given: tuple[Identifier, ...],
    *,
    operation: str,
    today: date,
) -> tuple[Done, ...]:
    """Return what an erasure would do in every store now, and change nothing.

    Raises:
        KeptError: A store would refuse, or did not answer.
    """
    people = _people(stores, plan, given)
    reached = _reached_everywhere(stores, plan, people)
    return tuple(
        stores[part.store].rehearse(
            part,
            replace(people[part.store], reached=reached),
            operation=f"{operation}/{part.store}",
            today=today,
        )
        for part in plan.parts
    )


def _people(
    stores: Mapping[str, Store], plan: Plan, given: tuple[Identifier, ...]
) -> dict[str, Who]:
    """Return, for each store, the person with what the other stores know of them."""
    tested = frozenset(
        way.kind for part in plan.parts for step in part.steps if step.root for way in step.sought
    )
    people = {part.store: Who(given, tested=tested) for part in plan.parts}
    if len(plan.parts) == 1:
        return people
    # The first look finds who fits; the second, who carries what the first found.
    for _ in range(2):
        sights = {
            part.store: stores[part.store].sight(part, people[part.store]) for part in plan.parts
        }
        people = {
            store: Who(
                given,
                fitting=_of_others(sights, store, lambda sight: sight.fitting),
                others=_of_others(sights, store, lambda sight: sight.others),
                tested=tested,
            )
            for store in people
        }
    return people


def _of_others(
    sights: Mapping[str, Sight], store: str, which: Callable[[Sight], tuple[Candidate, ...]]
) -> tuple[Candidate, ...]:
    return tuple(each for name, sight in sights.items() if name != store for each in which(sight))


def _reached_everywhere(
    stores: Mapping[str, Store], plan: Plan, people: Mapping[str, Who]
) -> Reached:
    """Return the keys through which rows of other stores are reached, before any is gone."""
    reached: dict[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]] = {}
    if not _crosses(plan):
        return reached
    for part in _origins_first(plan):
        who = replace(people[part.store], reached=dict(reached))
        reached.update(stores[part.store].read(part, who).reached)
    return reached


def _crosses(plan: Plan) -> bool:
    return any(
        link.origin.store != part.store
        for part in plan.parts
        for step in part.steps
        for link in step.links
    )


def _origins_first(plan: Plan) -> tuple[StorePart, ...]:
    """Return the parts so that stores through which others are reached come first."""
    waiting = list(plan.parts)
    order: list[StorePart] = []
    while waiting:
        placed = {part.store for part in order}
        ready = next(
            (
                part
                for part in waiting
                if all(
                    link.origin.store in placed or link.origin.store == part.store
                    for step in part.steps
                    for link in step.links
                )
            ),
            waiting[0],
        )
        order.append(ready)
        waiting.remove(ready)
    return tuple(order)
