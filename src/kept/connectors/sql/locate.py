"""Which rows of a store are a person's: found along the plan's links, one statement a dataset."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import chain

import sqlalchemy as sa

from kept.connectors.sql.compile import may_carry
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.locate_person import Seeing, Wanted, texts
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
    return Locating(transaction, part, who, thorough=thorough).located()


class As(Enum):
    """What a row is, that was found along a link."""

    OWN = auto()
    FORWARD = auto()
    SHARED = auto()


Found = tuple[Key, tuple[Value, ...], bool, bool, bool]
"""A row, and whether it is the person's own, reached forward, or shared."""


@dataclass(slots=True)
class Ways:
    """How rows of one dataset are found.

    Attributes:
        links: What a row is whose fields hold one of some keys.
        told: Groups of identifiers: a row that carries something of each of a group is the
            person's.
    """

    links: list[tuple[As, tuple[str, ...], Sequence[Key]]] = field(default_factory=list)
    told: list[Wanted] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.links or self.told)

    def carries(self, held: Mapping[str, Value]) -> bool:
        """Return whether a row carries what some group wants."""
        return any(all(_carries(way, wanted, held) for way, wanted in group) for group in self.told)

    def asked(self) -> Iterator[Wanted]:
        """Yield of each group what finds rows by itself."""
        for group in self.told:
            yield [each for each in group if each[0].locates] or group


@dataclass(slots=True)
class _Fresh:
    """Rows of one dataset that were found and not yet followed."""

    own: set[Key] = field(default_factory=set)
    shared: set[Key] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.own or self.shared)


class Locating:
    """One search: a value of one transaction."""

    def __init__(
        self, transaction: Transaction, part: StorePart, who: Who, *, thorough: bool
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._who = who
        self._given = marks_of(who.given)
        self.seeing = Seeing(transaction, part, self._given, thorough=thorough, scans=False)
        self._rows = {
            step.dataset: Rows(
                step=step, columns=tuple(column.name for column in step.table.columns)
            )
            for step in part.steps
        }
        self._owners = Owners(transaction, part, self._rows, who)

    def located(self) -> Located:
        """Return every row of the person."""
        found = self.seeing.look(self._who)
        self.begin(found)
        for group in self._part.groups:
            self._group(group, found)
        return self.end(found)

    def begin(self, found: Resolution) -> None:
        """Take the rows that are the person."""
        for (dataset, key), values in self.seeing.values.items():
            if (dataset, key) in found.rows:
                rows = self._rows[dataset]
                rows.values[key] = values
                rows.own.add(key)

    def end(self, found: Resolution) -> Located:
        """Return what was found, once everything was followed."""
        for rows in self._rows.values():
            rows.foreign = self._owners.foreign(rows.step, rows.own - rows.forward)
        return Located(
            rows=self._rows,
            marks=found.marks - self.seeing.unasked,
            shared=found.shared,
            spellings=frozenset(
                (mark, text) for mark, text in self.seeing.spellings if mark in found.marks
            ),
            given=self._given,
            unasked=frozenset(kind for kind, _ in self.seeing.unasked),
        )

    def _group(self, group: tuple[Step, ...], found: Resolution) -> None:
        inside = {step.dataset for step in group}
        fresh = {step.dataset: self._first(step, inside, found) for step in group}
        while any(fresh.values()):
            following = {step.dataset: self._next(step, fresh) for step in group}
            fresh = following

    def _first(self, step: Step, inside: set[DatasetId], found: Resolution) -> _Fresh:
        fresh = self.ask(step, self.ways(step, inside, found))
        fresh.own |= self._rows[step.dataset].own
        return fresh

    def ways(self, step: Step, inside: set[DatasetId], found: Resolution) -> Ways:
        """Return what identifiers, and the datasets before this group, lead to."""
        ways = self._by_identifier(step, found)
        for link in step.links:
            if link.origin in inside:
                continue
            if link.origin in self._rows:
                origin = self._rows[link.origin]
                self._along(link, ways, origin.own, origin.shared - origin.own)
            else:
                keys = self._who.reached.get((link.origin, link.origin_fields), ())
                _reached(link, ways, keys, Whose.OWNED)
        return ways

    def _next(self, step: Step, fresh: dict[DatasetId, _Fresh]) -> _Fresh:
        ways = Ways()
        for link in step.links:
            new = fresh.get(link.origin)
            if new:
                self._along(link, ways, new.own, new.shared)
        return self.ask(step, ways)

    def _by_identifier(self, step: Step, found: Resolution) -> Ways:
        """Return how rows that are no people are found by what they carry themselves.

        An identifier that the person's rows carry finds by itself; identifiers given
        that no row of a person confirms must all fit; one that somebody else has too
        finds nothing.
        """
        ways = Ways()
        if step.root or not step.locates:
            return ways
        for way in step.sought:
            known = frozenset(mark for mark in found.marks if mark[0] is way.kind)
            if known:
                ways.told.append([(way, known)])
        asked = [way for way in step.sought if any(kind is way.kind for kind, _ in self._given)]
        kinds = {way.kind for way in asked}
        relevant = {mark for mark in self._given if mark[0] in kinds}
        new = bool(relevant - found.shared) and not relevant <= found.marks
        if new and found.unconfirmed <= kinds:
            ways.told.append(
                [(way, frozenset(m for m in relevant if m[0] is way.kind)) for way in asked]
            )
        return ways

    def _along(self, link: Link, ways: Ways, own: Iterable[Key], shared: Iterable[Key]) -> None:
        origin = self._rows[link.origin]
        _reached(link, ways, origin.distinct(own, link.origin_fields), Whose.OWNED)
        _reached(link, ways, origin.distinct(shared, link.origin_fields), Whose.SHARED)

    def ask(self, step: Step, ways: Ways) -> _Fresh:
        """Run the one statement of a step, and return what it found anew."""
        if not ways:
            return _Fresh()
        source, rows = source_of(step.table), self._rows[step.dataset]
        kinds: list[list[sa.ColumnElement[bool]]] = [
            [
                sa.and_(*(may_carry(self._transaction, step.table, *each) for each in group))
                for group in ways.asked()
            ]
        ]
        for kind in As:
            links = (link for link in ways.links if link[0] is kind)
            kinds.append(
                [self._transaction.among(source, fields, keys) for _, fields, keys in links]
            )
        several = sum(map(bool, kinds)) > 1
        flags = [
            sa.case((sa.or_(*each), sa.literal_column("1")), else_=sa.literal_column("0"))
            if several and each
            else sa.literal_column(str(int(bool(each))))
            for each in kinds
        ]
        names = self._transaction.words.handle(step.table)
        read = self._transaction.read(source, (*names, *rows.columns))
        statement = sa.select(*read, *flags).where(sa.or_(*chain.from_iterable(kinds)))
        asked = self._transaction.rows_to_write if step.kept is None else self._transaction.rows
        return self.take(
            step,
            (
                (
                    key,
                    values,
                    bool(own) or bool(told and ways.carries(self._held(rows, values))),
                    bool(forward),
                    bool(shared),
                )
                for key, values, (told, own, forward, shared) in self._transaction.keyed(
                    step.table, asked(statement), flags=len(flags)
                )
            ),
        )

    def _held(self, rows: Rows, values: tuple[Value, ...]) -> dict[str, Value]:
        return dict(zip(rows.columns, values, strict=True))

    def take(self, step: Step, found: Iterable[Found]) -> _Fresh:
        """Take rows, and return what is new among them."""
        fresh = _Fresh()
        rows = self._rows[step.dataset]
        pending: list[Key] = []
        for key, values, own, forward, shared in found:
            if own:
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
        strangers = self._owners.strangers(rows.step, keys, self.seeing.spellings)
        for key in keys:
            if key in strangers:
                if key not in rows.shared:
                    del rows.values[key]
                continue
            rows.own.add(key)
            rows.forward.add(key)
            rows.shared.discard(key)
            fresh.own.add(key)


def _reached(link: Link, ways: Ways, keys: Sequence[Key], as_whose: Whose) -> None:
    if not keys:
        return
    if Whose.SHARED in (as_whose, link.whose):
        kind = As.SHARED
    elif link.direction is Direction.FORWARD:
        kind = As.FORWARD
    else:
        kind = As.OWN
    ways.links.append((kind, link.fields, keys))


def _carries(way: Sought, wanted: frozenset[Mark], held: Mapping[str, Value]) -> bool:
    return any((way.kind, normalise(way.kind, text)) in wanted for _, text in texts(way, held))
