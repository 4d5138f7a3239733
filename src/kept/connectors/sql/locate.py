"""Which rows of a store are a person's: found along the plan's links, one statement a dataset."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from kept.connectors.sql.compile import may_carry
from kept.connectors.sql.dialects.request_words import Condition
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.locate_person import Seeing, texts
from kept.connectors.sql.located import Located, Rows
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Direction, Whose
from kept.plans.connector import Key, Who
from kept.plans.identity import Mark, Resolution, marks_of
from kept.plans.plan import Link, Sought, Step, StorePart
from kept.subjects.identifier import normalise


def locate(
    transaction: Transaction, part: StorePart, who: Who, *, thorough: bool = False
) -> Located:
    """Return every row of the person, as the transaction sees them.

    One statement for each dataset; datasets that reach each other in a circle are asked
    again until nothing new is found.

    Args:
        transaction: The transaction.
        part: The plan's part for the store.
        who: The person.
        thorough: Whether to learn of every identifier whether others have it too.

    Raises:
        IdentityAmbiguousError: The identifiers fit more than one person.
    """
    return _Locating(transaction, part, who, thorough=thorough).located()


@dataclass(slots=True)
class _Ways:
    """Conditions under which rows of one dataset are found, by what they are then.

    Attributes:
        own: Of these, a row is the person's.
        forward: A row of the person refers to it.
        shared: It is about others too.
        told: It may carry identifiers: which all of one group must turn out to be there.
        marks: These groups.
    """

    own: list[Condition] = field(default_factory=list)
    forward: list[Condition] = field(default_factory=list)
    shared: list[Condition] = field(default_factory=list)
    told: list[Condition] = field(default_factory=list)
    marks: list[list[tuple[Sought, frozenset[Mark]]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.own or self.forward or self.shared or self.told)

    def carries(self, held: Mapping[str, Value]) -> bool:
        """Return whether a row carries what some group wants."""
        return any(
            all(_carries(way, wanted, held) for way, wanted in group) for group in self.marks
        )


@dataclass(slots=True)
class _Fresh:
    """Rows of one dataset that were found and not yet followed."""

    own: set[Key] = field(default_factory=set)
    shared: set[Key] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.own or self.shared)


class _Locating:
    """One search: a value of one transaction."""

    def __init__(
        self, transaction: Transaction, part: StorePart, who: Who, *, thorough: bool
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._who = who
        self._given = marks_of(who.given)
        self._seeing = Seeing(transaction, part, self._given, thorough=thorough, scans=False)
        self._rows = {
            step.dataset: Rows(
                step=step, columns=tuple(column.name for column in step.table.columns)
            )
            for step in part.steps
        }
        self._owners = Owners(transaction, part, self._rows, who)

    def located(self) -> Located:
        found = self._seeing.look(self._who)
        for (dataset, key), values in self._seeing.values.items():
            if (dataset, key) in found.rows:
                rows = self._rows[dataset]
                rows.values[key] = values
                rows.own.add(key)
        for group in self._part.groups:
            self._group(group, found)
        for rows in self._rows.values():
            rows.foreign = self._owners.foreign(rows.step, rows.own - rows.forward)
        return Located(
            rows=self._rows,
            marks=found.marks - self._seeing.unasked,
            shared=found.shared,
            spellings=frozenset(
                (mark, text) for mark, text in self._seeing.spellings if mark in found.marks
            ),
            given=self._given,
            unasked=frozenset(kind for kind, _ in self._seeing.unasked),
        )

    def _group(self, group: tuple[Step, ...], found: Resolution) -> None:
        inside = {step.dataset for step in group}
        fresh = {step.dataset: self._first(step, inside, found) for step in group}
        while any(fresh.values()):
            following = {step.dataset: self._next(step, fresh) for step in group}
            fresh = following

    def _first(
        self,
        step: Step,
        inside: set[DatasetId],
        found: Resolution,
    ) -> _Fresh:
        """Find what identifiers and the datasets before this group lead to."""
        rows = self._rows[step.dataset]
        ways = self._by_identifier(step, found)
        for link in step.links:
            if link.origin in inside:
                continue
            if link.origin in self._rows:
                origin = self._rows[link.origin]
                self._along(step, link, ways, origin.own, origin.shared - origin.own)
            else:
                keys = self._who.reached.get((link.origin, link.origin_fields), ())
                self._reached(step, link, ways, keys, Whose.OWNED)
        fresh = self._ask(step, ways)
        fresh.own |= rows.own
        return fresh

    def _next(self, step: Step, fresh: dict[DatasetId, _Fresh]) -> _Fresh:
        ways = _Ways()
        for link in step.links:
            new = fresh.get(link.origin)
            if new:
                self._along(step, link, ways, new.own, new.shared)
        return self._ask(step, ways)

    def _by_identifier(self, step: Step, found: Resolution) -> _Ways:
        """Return how rows that are no people are found by what they carry themselves.

        An identifier that the person's rows carry finds by itself; identifiers given
        that no row of a person confirms must all fit; one that somebody else has too
        finds nothing.
        """
        ways = _Ways()
        if step.root or not step.locates:
            return ways
        for way in step.sought:
            known = frozenset(mark for mark in found.marks if mark[0] is way.kind)
            if known:
                self._told(step, ways, [(way, known)])
        asked = [way for way in step.sought if any(kind is way.kind for kind, _ in self._given)]
        kinds = {way.kind for way in asked}
        relevant = {mark for mark in self._given if mark[0] in kinds}
        new = bool(relevant - found.shared) and not relevant <= found.marks
        if new and found.unconfirmed <= kinds:
            self._told(
                step,
                ways,
                [(way, frozenset(m for m in relevant if m[0] is way.kind)) for way in asked],
            )
        return ways

    def _told(self, step: Step, ways: _Ways, group: list[tuple[Sought, frozenset[Mark]]]) -> None:
        source = source_of(step.table)
        asked = [each for each in group if each[0].locates] or group
        tests = (may_carry(self._transaction, source, step.table, *each) for each in asked)
        ways.told.append(sa.and_(*tests))
        ways.marks.append(group)

    def _along(
        self, step: Step, link: Link, ways: _Ways, own: Iterable[Key], shared: Iterable[Key]
    ) -> None:
        origin = self._rows[link.origin]
        self._reached(step, link, ways, origin.distinct(own, link.origin_fields), Whose.OWNED)
        self._reached(step, link, ways, origin.distinct(shared, link.origin_fields), Whose.SHARED)

    def _reached(
        self, step: Step, link: Link, ways: _Ways, keys: Sequence[Key], as_whose: Whose
    ) -> None:
        if not keys:
            return
        condition = self._transaction.among(source_of(step.table), link.fields, keys)
        if Whose.SHARED in (as_whose, link.whose):
            ways.shared.append(condition)
        elif link.direction is Direction.FORWARD:
            ways.forward.append(condition)
        else:
            ways.own.append(condition)

    def _ask(self, step: Step, ways: _Ways) -> _Fresh:
        """Run the one statement of a step, and return what it found anew."""
        fresh = _Fresh()
        if not ways:
            return fresh
        rows = self._rows[step.dataset]
        names = self._transaction.words.handle(step.table)
        source = source_of(step.table)
        kinds = (ways.told, ways.own, ways.forward, ways.shared)
        several = sum(map(bool, kinds)) > 1
        flags = [
            sa.case((sa.or_(*each), sa.literal_column("1")), else_=sa.literal_column("0"))
            if several and each
            else sa.literal_column(str(int(bool(each))))
            for each in kinds
        ]
        read = self._transaction.read(source, (*names, *rows.columns))
        statement = sa.select(*read, *flags).where(
            sa.or_(*ways.told, *ways.own, *ways.forward, *ways.shared)
        )
        writes = step.kept is None
        asked = self._transaction.rows_to_write if writes else self._transaction.rows
        pending: list[Key] = []
        for key, values, (told, own, forward, shared) in self._transaction.keyed(
            step.table, asked(statement), flags=len(flags)
        ):
            if own or (told and ways.carries(dict(zip(rows.columns, values, strict=True)))):
                self._take_own(rows, key, values, fresh)
            elif forward and key not in rows.own:
                rows.values.setdefault(key, values)
                pending.append(key)
            if shared and not own and key not in rows.own and key not in rows.shared:
                rows.values[key] = values
                rows.shared.add(key)
                fresh.shared.add(key)
        self._take_forward(rows, pending, fresh)
        return fresh

    def _take_own(self, rows: Rows, key: Key, values: tuple[Value, ...], fresh: _Fresh) -> None:
        rows.forward.discard(key)
        if key not in rows.own:
            rows.values[key] = values
            rows.own.add(key)
            fresh.own.add(key)

    def _take_forward(self, rows: Rows, keys: list[Key], fresh: _Fresh) -> None:
        """Take rows that the person's rows refer to, unless they are somebody else's."""
        if not keys:
            return
        strangers = self._owners.strangers(rows.step, keys, self._seeing.spellings)
        for key in keys:
            if key in strangers:
                if key not in rows.shared:
                    del rows.values[key]
                continue
            rows.own.add(key)
            rows.forward.add(key)
            rows.shared.discard(key)
            fresh.own.add(key)


def _carries(way: Sought, wanted: frozenset[Mark], held: Mapping[str, Value]) -> bool:
    return any((way.kind, normalise(way.kind, text)) in wanted for _, text in texts(way, held))
