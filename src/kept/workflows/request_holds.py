"""Which holds an erasure meets: when it is planned, and again right before it commits."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from kept.errors import RefusedError
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Reading, Record
from kept.plans.plan import DatasetCounts, Plan, Task
from kept.rights.hold import Hold, hashes_of, holding, reason_of
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Digest
from kept.workflows.request_ports import Holds, Mapped

ACTION = "erase-after-hold"
"""What is to be done by hand, once a hold ended, with the rows that it held."""


class HeldMeanwhileError(RefusedError):
    """A hold covers rows that an erasure was about to change; they were not changed."""

    code: ClassVar[str] = "requests.held"
    remedy: str = "Run the erasure again: what is held stays, and the rest is erased."


class Holding:
    """The holds that one erasure has met so far: a value of one call.

    Args:
        holds: Where holds are.
        identifiers: Who the person is.
        at: When the request was received.
    """

    def __init__(self, holds: Holds, identifiers: Iterable[Identifier], at: datetime) -> None:
        self._holds, self._at = holds, at
        self._given = hashes_of(holds.hashes, identifiers)
        self._looked: set[str] = set()
        self._met: dict[str, Hold] = {}
        for each in holds.standing(at):
            if not each.rows and each.concerns(self._given):
                self._met[each.id] = each

    @property
    def met(self) -> tuple[Hold, ...]:
        """The holds that keep rows of this person."""
        return tuple(self._met.values())

    def applied(self, mapped: Mapped) -> Mapped:
        """Return what the stores hold, where what is held is kept."""
        return replace(mapped, inventory=holding(mapped.inventory, self.met))

    def look(self, plan: Plan, read: Callable[[], tuple[Reading, ...]]) -> None:
        """Look, where holds stand, whether rows of the person are held by what is in them.

        A hold may name the person by another identifier than the request does.

        Raises:
            HeldMeanwhileError: Some are: plan again.
        """
        steps = [step for part in plan.parts for step in part.steps if step.kept is None]
        asked = [
            each
            for each in self._holds.standing(self._at)
            if each.id not in self._met
            and each.id not in self._looked
            and any(each.covers(step.dataset) for step in steps)
        ]
        if not asked:
            return
        readings = read()
        people = self._given | self._named(plan, readings)
        records = [record for reading in readings for record in reading.records]
        for hold in asked:
            self._looked.add(hold.id)
            if hold.concerns(people) and self._holds_any(hold, records):
                self._met[hold.id] = hold
        if any(hold.id in self._met for hold in asked):
            raise HeldMeanwhileError("a hold covers rows of this person")

    def check(self, done: Done) -> None:
        """Compare what is about to be committed with the holds as they are now.

        Raises:
            HeldMeanwhileError: One that nobody looked at may cover it: plan again.
        """
        written = [each.dataset for each in done.counts if each.erased or each.blanked]
        for each in self._holds.standing(self._at):
            # One that was met keeps what it covers in the plan: it is looked for all the same.
            if each.id in self._looked and each.id not in self._met:
                continue
            if any(each.covers(dataset) for dataset in written):
                raise HeldMeanwhileError("a hold was added while the erasure ran")

    def _holds_any(self, hold: Hold, records: Iterable[Record]) -> bool:
        if not hold.rows:
            return True
        hashes = self._holds.hashes
        return any(
            hold.covers(each.dataset) and hold.holds_row(hashes, each.values) for each in records
        )

    def _named(self, plan: Plan, readings: Iterable[Reading]) -> frozenset[Digest]:
        """Return the hashes of everything in the person's rows that names them."""
        ways = {step.dataset: step.sought for part in plan.parts for step in part.steps}
        found: set[Identifier] = set()
        for reading in readings:
            found.update(Identifier(kind, value) for kind, value in reading.marks)
            for record in reading.records:
                for way in ways.get(record.dataset, ()):
                    values = [record.values.get(name) for name in way.fields]
                    parts = [record.values.get(name) for name in way.parts]
                    values.append(" ".join(str(each) for each in parts if each is not None))
                    found.update(Identifier(way.kind, str(each)) for each in values if each)
        return hashes_of(self._holds.hashes, found)

    def tasks(self, counts: Iterable[DatasetCounts]) -> Iterator[Task]:
        """Yield what is still to be done once the holds end: so far, nothing is complete."""
        for each in counts:
            reasons = {kept.reason for kept in each.retained}
            for hold in self.met:
                if hold.covers(each.dataset) and reason_of(hold) in reasons:
                    yield _task(each.dataset, hold)

    def expected(self, plan: Plan) -> Iterator[Task]:
        """Yield what will be left to do as far as the plan tells, should a crash come first."""
        for part in plan.parts:
            for step in part.steps:
                for hold in self.met:
                    if step.kept is not None and step.kept.reason == reason_of(hold):
                        yield _task(step.dataset, hold)


def _task(dataset: DatasetId, hold: Hold) -> Task:
    return Task(
        store=dataset.store,
        dataset=dataset.name,
        action=ACTION,
        message=f"rows of {dataset} are under the hold {hold.id}: erase them when it ends",
    )
