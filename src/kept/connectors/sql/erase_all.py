"""What happens in the transaction that erases many people, statements shared among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kept.connectors.sql.erase_fate import Fate
from kept.connectors.sql.erase_one import Fates, done, judge, write_and_verify
from kept.connectors.sql.locate_all import locate_all
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located, Rows
from kept.connectors.sql.transaction import Transaction
from kept.connectors.sql.verify import Search
from kept.connectors.sql.verify_hits import hits_of_all
from kept.errors import RefusedError
from kept.plans.connector import Done, Key, Who
from kept.plans.plan import Step, StorePart

MOST_ROWS = 50_000
"""How many rows of several people one transaction writes at the most."""


@dataclass(slots=True)
class Outcome:
    """What became of whom, by place among those who were asked for.

    Attributes:
        done: What was done.
        refused: Why nothing was; nothing of theirs was written.
    """

    done: dict[int, Done] = field(default_factory=dict)
    refused: dict[int, RefusedError] = field(default_factory=dict)


@dataclass(slots=True)
class _Person:
    """One person, as far as the erasure has come."""

    operation: str
    located: Located
    owners: Owners
    fates: Fates


def erase_together(
    transaction: Transaction,
    part: StorePart,
    people: Sequence[tuple[Who, str]],
    *,
    today: date,
    careful: bool,
) -> Outcome:
    """Find, judge, write and verify the rows of all people who do not stand in each other's way.

    Who is in neither part of the outcome is to be erased alone.

    Raises:
        RefusedError: Something forbids the whole: nothing may be committed.
    """
    outcome = Outcome()
    located = locate_all(transaction, part, [who for who, _ in people], thorough=True)
    some: dict[int, _Person] = {}
    for at, each in enumerate(located):
        if isinstance(each, RefusedError):
            outcome.refused[at] = each
            continue
        who, operation = people[at]
        owners = Owners(transaction, part, each.rows, who)
        try:
            fates = judge(transaction, part, each, owners, today=today)
        except RefusedError as refused:
            outcome.refused[at] = refused
        else:
            some[at] = _Person(operation, each, owners, fates)
    some = _apart(some)
    if some:
        outcome.done = _written(transaction, part, some, careful=careful)
    return outcome


def _apart(people: Mapping[int, _Person]) -> dict[int, _Person]:
    """Return those whose rows nobody before them has too, as many as one transaction takes."""
    taken: dict[object, set[Key]] = {}
    kept: dict[int, _Person] = {}
    left = MOST_ROWS
    for at, person in people.items():
        rows = {dataset: fate.delete | fate.blank.keys() for dataset, fate in person.fates.items()}
        count = sum(map(len, rows.values()))
        if kept and count > left:
            continue
        if any(keys & taken.get(dataset, set()) for dataset, keys in rows.items()):
            continue
        left -= count
        for dataset, keys in rows.items():
            taken.setdefault(dataset, set()).update(keys)
        kept[at] = person
    return kept


def _written(
    transaction: Transaction, part: StorePart, people: Mapping[int, _Person], *, careful: bool
) -> dict[int, Done]:
    judged = {step.dataset: _merged(step, people) for step in part.steps}
    # Values that must differ are made from a row's key: one name for all will do.
    seed = next(iter(people.values())).operation
    chosen = write_and_verify(transaction, part, judged, {}, seed=seed, careful=careful)
    searches = {}
    for at, person in people.items():
        for dataset, fate in person.fates.items():
            fate.moved = judged[dataset].moved
        searches[at] = Search(transaction, part, person.located, person.fates, person.owners)
    hits = hits_of_all(transaction, part, searches)
    return {
        at: done(
            transaction,
            person.operation,
            person.located,
            person.fates,
            chosen,
            tuple(searches[at].run(hits[at])),
        )
        for at, person in people.items()
    }


def _merged(step: Step, people: Mapping[int, _Person]) -> Fate:
    """Return everybody's rows of one dataset as if they were one person's."""
    columns = tuple(column.name for column in step.table.columns)
    merged = Fate(Rows(step=step, columns=columns))
    for person in people.values():
        fate = person.fates[step.dataset]
        merged.rows.values.update(fate.rows.values)
        merged.rows.own |= fate.rows.own
        merged.delete |= fate.delete
        merged.blank.update(fate.blank)
    return merged
