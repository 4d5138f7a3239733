"""Which rows of a store are whose, of many people at once: one statement a dataset for all.

Each person's search is the same as if nobody else asked; only the statements are shared.
What a shared statement finds is told apart by the values that led to it. Where a store finds
values equal that are not the same, nobody guesses: each person is asked for alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from kept.connectors.sql.compile import may_carry
from kept.connectors.sql.locate import As, Found, Locating, Ways
from kept.connectors.sql.locate_person import Wanted, rows_of_people, texts
from kept.connectors.sql.located import Located
from kept.connectors.sql.transaction import Transaction, source_of
from kept.errors import RefusedError
from kept.inventory.connector import Value
from kept.inventory.dataset import Direction
from kept.plans.connector import Key, Who
from kept.plans.identity import Mark, Resolution
from kept.plans.plan import Sought, Step, StorePart
from kept.subjects.identifier import normalise

Row = tuple[Key, tuple[Value, ...]]


def can_be_shared(part: StorePart) -> bool:
    """Return whether statements of several people can be shared.

    Not where datasets reach each other in a circle, and not where a row is reached forward:
    then what one person's erasure does decides about another's.
    """
    return all(len(group) == 1 for group in part.groups) and not any(
        link.direction is Direction.FORWARD or link.origin == step.dataset
        for step in part.steps
        for link in step.links
    )


def locate_all(
    transaction: Transaction, part: StorePart, people: Sequence[Who], *, thorough: bool = False
) -> list[Located | RefusedError]:
    """Return every row of each person, or why that person's cannot be told, in order.

    Args:
        transaction: The transaction.
        part: The plan's part for the store; `can_be_shared` of it.
        people: The people.
        thorough: Whether to learn of every identifier whether others have it too.
    """
    return _Together(transaction, part, people, thorough=thorough).located()


class _Together:
    """One search for many: a value of one transaction."""

    def __init__(
        self, transaction: Transaction, part: StorePart, people: Sequence[Who], *, thorough: bool
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._people = dict(enumerate(people))
        self._each = {
            at: Locating(transaction, part, who, thorough=thorough)
            for at, who in self._people.items()
        }
        self._refused: dict[int, RefusedError] = {}

    def located(self) -> list[Located | RefusedError]:
        found = self._look()
        for at, resolution in found.items():
            self._each[at].begin(resolution)
        for step in self._part.steps:
            ways = {at: self._each[at].ways(step, set(), who) for at, who in found.items()}
            self._follow(step, {at: each for at, each in ways.items() if each})
        results: dict[int, Located | RefusedError] = {
            at: self._each[at].end(resolution) for at, resolution in found.items()
        }
        results.update(self._refused)
        return [results[at] for at in self._people]

    # ── who is meant ─────────────────────────────────────────────────────────

    def _look(self) -> dict[int, Resolution]:
        roots = [step for step in self._part.steps if step.root]
        for step in roots:
            self._fit(step)
        found: dict[int, Resolution] = {}
        unsure = set(self._people)
        while unsure:
            for at in sorted(unsure):
                try:
                    found[at] = self._each[at].seeing.resolved(self._people[at])
                except RefusedError as refused:
                    self._refused[at] = refused
                    unsure.discard(at)
                    found.pop(at, None)
            # Everybody asks of every dataset, whatever another one told.
            told = [self._ask(step, {at: found[at] for at in unsure}) for step in roots]
            unsure = set().union(*told) if told else set()
        return found

    def _fit(self, step: Step) -> None:
        wanted = {at: self._each[at].seeing.wanted(step) for at in self._people}
        wanted = {at: each for at, each in wanted.items() if each}
        for at, rows in self._rows(step, wanted).items():
            self._each[at].seeing.take(step, rows)

    def _ask(self, step: Step, found: Mapping[int, Resolution]) -> set[int]:
        """Look for others behind what people carry; return for whom something new was seen."""
        wanted = {
            at: self._each[at].seeing.wanted_of_others(step, resolution)
            for at, resolution in found.items()
        }
        wanted = {at: each for at, each in wanted.items() if each}
        return {
            at
            for at, rows in self._rows(step, wanted).items()
            if self._each[at].seeing.take_others(step, wanted[at], rows)
        }

    def _rows(self, step: Step, wanted: Mapping[int, Wanted]) -> dict[int, list[Row]]:
        """Return, for each person, the rows that carry something of what that one wants."""
        if not wanted:
            return {}
        union = _union(wanted.values())
        tests = (may_carry(self._transaction, step.table, *each) for each in union.items())
        behind: dict[Mark, list[int]] = defaultdict(list)
        for at, each in wanted.items():
            for _, marks in each:
                for mark in marks:
                    behind[mark].append(at)
        columns = [column.name for column in step.table.columns]
        found: dict[int, list[Row]] = {at: [] for at in wanted}
        for row in rows_of_people(self._transaction, step, sa.or_(*tests)):
            held = dict(zip(columns, row[1], strict=True))
            carried = {mark for way in union for mark in _marks(way, held)}
            for at in {at for mark in carried for at in behind.get(mark, ())}:
                found[at].append(row)
        return found

    # ── what is theirs ───────────────────────────────────────────────────────

    def _follow(self, step: Step, ways: Mapping[int, Ways]) -> None:
        """Run one statement of a step for everybody, and give each what is theirs."""
        shared = _Shared(step, ways)
        found: list[dict[int, list[Found]]] = []
        if shared.union:
            tests = (
                may_carry(self._transaction, step.table, *each) for each in shared.union.items()
            )
            found.append(shared.carrying(rows_of_people(self._transaction, step, sa.or_(*tests))))
        if shared.behind:
            source = source_of(step.table)
            behind = (
                self._transaction.among(source, fields, list(keys))
                for (_, fields), keys in shared.behind.items()
            )
            linked = shared.linked(rows_of_people(self._transaction, step, sa.or_(*behind)))
            if linked is None:
                for at, each in ways.items():
                    self._each[at].ask(step, each)
                return
            found.append(linked)
        for some in found:
            for at, rows in some.items():
                self._each[at].take(step, rows)


class _Shared:
    """How many people's rows of one dataset are found by one statement, and told apart."""

    def __init__(self, step: Step, ways: Mapping[int, Ways]) -> None:
        self._ways = ways
        self._columns = [column.name for column in step.table.columns]
        self.behind: dict[tuple[As, tuple[str, ...]], dict[Key, list[int]]] = {}
        for at, each in ways.items():
            for kind, fields, keys in each.links:
                behind = self.behind.setdefault((kind, fields), {})
                for key in keys:
                    behind.setdefault(key, []).append(at)
        self.union = _union(group for each in ways.values() for group in each.asked())
        self._carried: dict[Mark, set[int]] = defaultdict(set)
        for at, each in ways.items():
            for group in each.told:
                for _, marks in group:
                    for mark in marks:
                        self._carried[mark].add(at)

    def carrying(self, rows: Iterable[Row]) -> dict[int, list[Found]]:
        """Return the rows that carry what finds them, by whose they are."""
        found: dict[int, list[Found]] = defaultdict(list)
        for key, values in rows:
            held = dict(zip(self._columns, values, strict=True))
            marks = {mark for way in self.union for mark in _marks(way, held)}
            for at in {at for mark in marks for at in self._carried.get(mark, ())}:
                if self._ways[at].carries(held):
                    found[at].append((key, values, True, False, False))
        return found

    def linked(self, rows: Iterable[Row]) -> dict[int, list[Found]] | None:
        """Return the rows that links lead to; ``None`` where one does not tell whose it is."""
        found: dict[int, list[Found]] = defaultdict(list)
        places = [
            (kind, [self._columns.index(name) for name in fields], behind)
            for (kind, fields), behind in self.behind.items()
        ]
        for key, values in rows:
            whose: dict[int, set[As]] = {}
            for kind, at_columns, behind in places:
                for at in behind.get(tuple(values[each] for each in at_columns), ()):
                    whose.setdefault(at, set()).add(kind)
            if not whose:
                return None
            for at, kinds in whose.items():
                found[at].append((key, values, As.OWN in kinds, False, As.SHARED in kinds))
        return found


def _union(wanted: Iterable[Wanted]) -> dict[Sought, frozenset[Mark]]:
    union: dict[Sought, set[Mark]] = {}
    for each in wanted:
        for way, marks in each:
            union.setdefault(way, set()).update(marks)
    return {way: frozenset(marks) for way, marks in union.items()}


def _marks(way: Sought, held: Mapping[str, Value]) -> set[Mark]:
    return {(way.kind, normalise(way.kind, text)) for _, text in texts(way, held)}
