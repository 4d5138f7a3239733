"""Which rows of a store fit identifiers, before any reference is followed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from kept.connectors.sql.compile import may_carry
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.connector import Value
from kept.plans.connector import Key, Who
from kept.plans.identity import Candidate, Mark, Resolution, resolve
from kept.plans.plan import Sought, Step, StorePart
from kept.subjects.identifier import normalise
from kept.vocabulary.identifier_kind import IdentifierKind

if TYPE_CHECKING:
    from kept.inventory.dataset import DatasetId


Wanted = list[tuple[Sought, frozenset[Mark]]]
"""By which ways which identifiers are wanted."""


class Seeing:
    """One look at a store for the rows of people: a value of one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        part: StorePart,
        given: frozenset[Mark],
        *,
        thorough: bool,
        scans: bool = True,
    ) -> None:
        """Prepare to look.

        Args:
            transaction: The transaction.
            part: The plan's part.
            given: Identifiers that the request names.
            thorough: Whether to learn of every identifier whether others have it too,
                and not only of those that could find rows elsewhere.
            scans: Whether to read a whole dataset for an identifier that was not given, and
                that nothing else is looked for by: what was not looked for is `unasked`.
        """
        self._transaction = transaction
        self.roots = tuple(step for step in part.steps if step.root)
        self._others = tuple(step for step in part.steps if step.sought and not step.root)
        self._given = given
        self._thorough = thorough
        self._scans = scans
        self._searched = frozenset(each.kind for each in part.searched if each.indexed)
        self._tested = frozenset(way.kind for step in self.roots for way in step.sought)
        self._asked: set[tuple[str, Mark]] = set()
        self.values: dict[tuple[DatasetId, Key], tuple[Value, ...]] = {}
        self.spellings: set[tuple[Mark, str]] = set()
        self.unasked: set[Mark] = set()
        self.fitting: list[Candidate] = []
        self.others: list[Candidate] = []

    def look(self, who: Who) -> Resolution:
        """Return who is meant, with what other stores know.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
        """
        for step in self.roots:
            wanted = self.wanted(step)
            if wanted:
                tests = (may_carry(self._transaction, step.table, *each) for each in wanted)
                self.take(step, rows_of_people(self._transaction, step, sa.and_(*tests)))
        while True:
            found = self.resolved(who)
            asked = [self._ask(step, found) for step in self.roots]
            if not any(asked):
                return found

    def resolved(self, who: Who) -> Resolution:
        """Return who is meant, as far as is known by now.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
        """
        return resolve(
            self._given,
            (*self.fitting, *who.fitting),
            (*self.others, *who.others),
            tested=self._tested | who.tested,
        )

    def wanted(self, step: Step) -> Wanted:
        """Return what rows of people must carry to fit: something of each; nothing to ask, nothing."""
        ways = self._given_ways(step)
        return [(way, self._kind(way.kind)) for way in ways if way.locates]

    def take(self, step: Step, rows: Iterable[tuple[Key, tuple[Value, ...]]]) -> None:
        """Take the rows that fit, among all that may."""
        ways = self._given_ways(step)
        kinds = {way.kind for way in ways}
        for key, row in rows:
            candidate = self._candidate(step, key, row)
            if kinds <= {kind for kind, _ in candidate.fits}:
                self.values[step.dataset, key] = row
                self.fitting.append(candidate)
        if len(ways) == 1:
            # Nothing narrowed the search: every row that carries these has been seen.
            self._asked.update((str(step.dataset), mark) for mark in self._kind(ways[0].kind))

    def _given_ways(self, step: Step) -> list[Sought]:
        ways = [way for way in step.sought if self._kind(way.kind)]
        return ways if any(way.locates for way in ways) else []

    def _ask(self, step: Step, found: Resolution) -> bool:
        """Look for rows that carry an identifier of the person and do not fit themselves."""
        wanted = self.wanted_of_others(step, found)
        if not wanted:
            return False
        tests = (may_carry(self._transaction, step.table, *each) for each in wanted)
        return self.take_others(
            step, wanted, rows_of_people(self._transaction, step, sa.or_(*tests))
        )

    def wanted_of_others(self, step: Step, found: Resolution) -> Wanted:
        """Return what rows carry that may be of others, any of it; each is wanted once."""
        carried = {mark for each in self.fitting for mark in each.marks} | self._given
        carried |= found.marks
        wanted = {
            mark
            for mark in carried
            if mark[0].locates
            and (str(step.dataset), mark) not in self._asked
            and self._matters(step, mark[0])
        }
        self._asked.update((str(step.dataset), mark) for mark in wanted)
        spared = {mark for mark in wanted if self._is_spared(step, mark)}
        self.unasked |= spared
        wanted -= spared
        return [
            (way, frozenset(of_kind))
            for way in step.sought
            if way.locates and (of_kind := {mark for mark in wanted if mark[0] is way.kind})
        ]

    def take_others(
        self, step: Step, wanted: Wanted, rows: Iterable[tuple[Key, tuple[Value, ...]]]
    ) -> bool:
        """Take the rows that carry what was wanted; return whether there are any new ones."""
        known = {(each.dataset, each.row) for each in (*self.fitting, *self.others)}
        marks = frozenset[Mark]().union(*(each for _, each in wanted))
        fresh = []
        for key, row in rows:
            if (step.dataset, key) not in known:
                candidate = self._candidate(step, key, row)
                if candidate.marks & marks:
                    self.values[step.dataset, key] = row
                    fresh.append(candidate)
        self.others += fresh
        return bool(fresh)

    def _matters(self, step: Step, kind: IdentifierKind) -> bool:
        """Return whether it matters who else carries an identifier of this kind."""
        return self._thorough or self._finds_elsewhere(step, kind)

    def _finds_elsewhere(self, step: Step, kind: IdentifierKind) -> bool:
        return any(
            way.kind is kind and way.locates and each.dataset != step.dataset
            for each in (*self.roots, *self._others)
            for way in each.sought
        )

    def _is_spared(self, step: Step, mark: Mark) -> bool:
        """Return whether a whole dataset would be read for what decides nothing."""
        kind = mark[0]
        if self._scans or mark in self._given or kind in self._searched:
            return False
        table = step.table
        leading = {names[0] for names in (*table.indexes, *table.uniques, table.key) if names}
        fields = {name for way in step.sought if way.kind is kind for name in way.fields}
        return not fields <= leading and not self._finds_elsewhere(step, kind)

    def _kind(self, kind: IdentifierKind) -> frozenset[Mark]:
        return frozenset(mark for mark in self._given if mark[0] is kind)

    def _candidate(self, step: Step, key: Key, row: tuple[Value, ...]) -> Candidate:
        marks: set[Mark] = set()
        numbered: set[Mark] = set()
        names: set[frozenset[str]] = set()
        born: set[str] = set()
        carried: set[Mark] = set()
        held = dict(zip((column.name for column in step.table.columns), row, strict=True))
        for way in step.sought:
            for field, text in texts(way, held):
                mark = (way.kind, normalise(way.kind, text))
                if not mark[1]:
                    continue
                carried.add(mark)
                if way.kind is IdentifierKind.NAME:
                    names.add(_words(mark[1]))
                elif way.kind is IdentifierKind.DATE_OF_BIRTH:
                    born.add(mark[1])
                elif way.locates or way.kind is IdentifierKind.NATIONAL_ID or mark in self._given:
                    marks.add(mark)
                    self.spellings.add((mark, text))
                if step.table.key == (field,):
                    numbered.add(mark)
        fits = {mark for mark in self._given if _carries(mark, carried, names)}
        misfits = {kind for kind, _ in carried - numbered} & {kind for kind, _ in self._given}
        return Candidate(
            dataset=step.dataset,
            row=key,
            person=step.person,
            marks=frozenset(marks),
            numbered=frozenset(numbered),
            names=frozenset(name for name in names if name),
            born=frozenset(born),
            fits=frozenset(fits),
            misfits=bool(misfits - {kind for kind, _ in fits}),
        )


def _words(name: str) -> frozenset[str]:
    return frozenset(name.replace(",", " ").split())


def _carries(mark: Mark, carried: set[Mark], names: set[frozenset[str]]) -> bool:
    """Return whether a row carries an identifier; a name in whatever order its words stand."""
    return mark in carried or (mark[0] is IdentifierKind.NAME and _words(mark[1]) in names)


def rows_of_people(
    transaction: Transaction, step: Step, condition: sa.ColumnElement[bool]
) -> list[tuple[Key, tuple[Value, ...]]]:
    """Return the rows of a dataset of which a condition is true, each with its key."""
    source = source_of(step.table)
    names = transaction.words.handle(step.table)
    columns = transaction.read(source, (*names, *(each.name for each in step.table.columns)))
    asked = transaction.rows_to_write if step.kept is None else transaction.rows
    read = asked(sa.select(*columns).where(condition))
    return [(key, values) for key, values, _ in transaction.keyed(step.table, read)]


def texts(way: Sought, held: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Return the texts by which a row tells whose it is in one way, each with its field."""
    found = [
        (name, str(held[name]))
        for name in way.fields
        if held[name] is not None and not isinstance(held[name], bytes)
    ]
    if way.parts:
        whole = " ".join(str(held[name]) for name in way.parts if held[name] is not None)
        found.append(("", whole))
    return found
