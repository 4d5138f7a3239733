"""Which of a person's rows are deleted, which are blanked, which stay, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located, Rows
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.catalog import ForeignKey, Table
from kept.inventory.dataset import DatasetId, Erasing, Minimum
from kept.jurisdictions.minimum import kept_until
from kept.plans.catalog_check import blanking_obstacles, unreviewed_triggers
from kept.plans.connector import Key
from kept.plans.errors import PlanRefusedError, refusal
from kept.plans.plan import Retained, Step, StorePart

_OTHERS_POINT = "a row of another person refers to it"
_ABOUT_OTHERS = "it is about others too, and nothing in it is this person's alone"
_NOT_PERSONAL = "nothing in it is personal"
_DECIDED = "decided"


@dataclass(slots=True)
class Fate:
    """What happens to the rows found in one dataset.

    Attributes:
        rows: The rows.
        delete: Rows that go.
        blank: Rows that stay, by the fields that are emptied.
        retained: Rows that stay as they are: why, and until when.
        protected: Those of them that law or a decision keeps.
        spared: Rows to delete that are blanked, because something that stays refers to them.
        moved: Where rows lie since they were written, where that is what names them.
    """

    rows: Rows
    delete: set[Key] = field(default_factory=set)
    blank: dict[Key, frozenset[str]] = field(default_factory=dict)
    retained: dict[Key, tuple[str, str, date | None]] = field(default_factory=dict)
    protected: set[Key] = field(default_factory=set)
    spared: set[Key] = field(default_factory=set)
    moved: dict[Key, Key] = field(default_factory=dict)

    def place(self, key: Key) -> Key:
        """Return what names a row now."""
        return self.moved.get(key, key)

    def counted(self) -> tuple[Retained, ...]:
        """Return how many rows stay, by reason; the end is that of the last to go."""
        groups: dict[tuple[str, str], list[date | None]] = {}
        for reason, source, until in self.retained.values():
            groups.setdefault((reason, source), []).append(until)
        return tuple(
            Retained(
                count=len(ends),
                reason=reason,
                source=source,
                until=None if None in ends else max(end for end in ends if end is not None),
            )
            for (reason, source), ends in sorted(groups.items())
        )


def fates(
    transaction: Transaction, part: StorePart, located: Located, owners: Owners, *, today: date
) -> dict[DatasetId, Fate]:
    """Return what happens to every row found, before anything is written.

    Raises:
        PlanRefusedError: A row that must stay could not be blanked.
    """
    return _Judging(transaction, part, located, owners, today).fates()


def referred_to(
    transaction: Transaction,
    step: Step,
    part: StorePart,
    mine: Mapping[DatasetId, Collection[Key]],
) -> sa.ColumnElement[bool]:
    """Return the condition that a row which is not the person's refers to a row of `step`.

    Args:
        transaction: The transaction.
        step: Whose rows are referred to.
        part: The plan's part.
        mine: The person's own rows, by dataset.
    """
    source = source_of(step.table)
    tables = {table.name: table for table in part.tables}
    conditions: list[sa.ColumnElement[bool]] = []
    for reference in step.referrers:
        if reference.dataset.store != step.dataset.store:
            # What another store's rows point at cannot be tested from here.
            conditions.append(sa.true())
            continue
        to = [source.c[name] for name in reference.to_fields]
        conditions.append(
            _points(
                transaction,
                tables[reference.dataset.name],
                reference.fields,
                to,
                mine.get(reference.dataset, ()),
            )
        )
    return sa.or_(sa.false(), *conditions)


class _Judging:
    """One judgement: a value of one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        part: StorePart,
        located: Located,
        owners: Owners,
        today: date,
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._owners = owners
        self._today = today
        self._fates = {each: Fate(rows) for each, rows in located.rows.items()}

    def fates(self) -> dict[DatasetId, Fate]:
        for group in self._part.groups:
            for step in group:
                self._judge(step)
        self._spare()
        return self._fates

    # ── each row by itself ───────────────────────────────────────────────────

    def _judge(self, step: Step) -> None:
        fate = self._fates[step.dataset]
        rows = fate.rows
        own, shared = rows.own - rows.foreign, rows.shared - rows.own
        if step.kept is not None:
            why = (step.kept.reason, step.kept.source, _day(step.kept.until))
            fate.retained.update(dict.fromkeys(own | shared, why))
            fate.protected |= own | shared
            return
        if step.minimum is not None:
            fate.retained.update(self._within(step.minimum, rows, own))
        fate.retained.update(self._parts_of_kept(step, own - fate.retained.keys()))
        fate.protected |= fate.retained.keys()
        fate.retained.update(self._pointed_at(step, (rows.forward & own) - fate.retained.keys()))
        free = own - fate.retained.keys()
        if step.erasing is Erasing.DELETE:
            fate.delete |= free
        elif step.erasing is Erasing.BLANK:
            self._blank(step, fate, free)
        else:
            reason = _NOT_PERSONAL if step.minimum is None else _DECIDED
            fate.retained.update(dict.fromkeys(free, (reason, "", None)))
        self._blank_shared(step, fate, shared)

    def _within(
        self, minimum: Minimum, rows: Rows, keys: Iterable[Key]
    ) -> Iterator[tuple[Key, tuple[str, str, date | None]]]:
        for key, (anchor,) in rows.of(keys, (minimum.counted_from,)):
            day = _day(anchor)
            until = (
                None
                if day is None
                else kept_until(minimum.keep_for, day, from_year_end=minimum.from_year_end)
            )
            # Without a day the period cannot be judged: what law protects is kept.
            if until is None or until >= self._today:
                yield key, (minimum.reason, minimum.provision, until)

    def _pointed_at(self, step: Step, keys: set[Key]) -> dict[Key, tuple[str, str, date | None]]:
        """Return rows reached forward that some row of another person refers to as well."""
        found: set[Key] = set()
        if keys:
            mine = {each: fate.rows.own for each, fate in self._fates.items()}
            condition = referred_to(self._transaction, step, self._part, mine)
            found = self._which(step, keys, condition)
        return dict.fromkeys(found, (_OTHERS_POINT, "", None))

    def _parts_of_kept(self, step: Step, keys: set[Key]) -> dict[Key, tuple[str, str, date | None]]:
        """Return rows with nothing personal that belong to a row which law makes us keep.

        The lines of an invoice are the invoice: without them it is no document.
        """
        if any(part.erased for part in step.fields):
            return {}
        found: dict[Key, tuple[str, str, date | None]] = {}
        for reference in step.owners:
            parent = self._fates.get(reference.to)
            if parent is None or not parent.protected:
                continue
            why = {
                value: parent.retained[key]
                for key, value in parent.rows.of(parent.protected, reference.to_fields)
            }
            for key, value in self._fates[step.dataset].rows.of(keys, reference.fields):
                if value in why:
                    found[key] = why[value]
        return found

    # ── blanking ─────────────────────────────────────────────────────────────

    def _blank(self, step: Step, fate: Fate, keys: set[Key]) -> None:
        """Note which fields of the person's own rows are emptied: not those of others."""
        plain = frozenset(
            part.name
            for part in step.fields
            if part.erased and part.of is None and part.author is None
        )
        others = any(part.erased and (part.of or part.author) for part in step.fields)
        if plain and not others:
            fate.blank.update(dict.fromkeys(keys, plain))
            return
        per_row = {key: set(plain) for key in keys}
        for part in step.fields:
            if part.erased and (part.of or part.author):
                for key in self._mine(step, part.name, keys):
                    per_row[key].add(part.name)
        for key, names in per_row.items():
            if names:
                fate.blank[key] = frozenset(names)
            else:
                fate.retained[key] = (_NOT_PERSONAL, "", None)

    def _blank_shared(self, step: Step, fate: Fate, keys: set[Key]) -> None:
        """Note which fields of shared rows are the person's; the rest is not ours to touch."""
        per_row: dict[Key, set[str]] = {key: set() for key in keys}
        if step.erasing is not Erasing.KEEP:
            for part in step.fields:
                if part.erased and (part.of or part.author):
                    for key in self._mine(step, part.name, keys):
                        per_row[key].add(part.name)
        for key, names in per_row.items():
            if names:
                fate.blank[key] = frozenset(names)
            else:
                fate.retained[key] = (_ABOUT_OTHERS, "", None)

    def _mine(self, step: Step, name: str, keys: Iterable[Key]) -> set[Key]:
        """Return the rows in which a field is about the person, and was written by them."""
        part = next(each for each in step.fields if each.name == name)
        found = set(keys)
        rows = self._fates[step.dataset].rows
        for reference in (part.of, part.author):
            if reference is None:
                continue
            values = {
                key: value for key, value in rows.of(found, reference.fields) if None not in value
            }
            mine = self._owners.mine(reference, tuple(dict.fromkeys(values.values())))
            found = {key for key, value in values.items() if value in mine}
        return found

    # ── what stays keeps what it refers to ───────────────────────────────────

    def _spare(self) -> None:
        """Blank instead of deleting whatever a row that stays refers to, until nothing changes."""
        changed = True
        while changed:
            changed = False
            for dataset in self._part.erasing:
                changed |= self._spare_in(self._fates[dataset])

    def _spare_in(self, fate: Fate) -> bool:
        step = fate.rows.step
        staying: set[Key] = set()
        for table in self._part.tables:
            for key in table.foreign_keys:
                if key.to == step.table.name and fate.delete and _leads_somewhere(step, key):
                    staying |= self._still_referred_to(step, fate.delete, table, key)
        if not staying:
            return False
        fate.delete -= staying
        fate.spared |= staying
        obstacles = list(blanking_obstacles(step, self._part))
        if obstacles:
            raise refusal(obstacles)
        names = unreviewed_triggers(step, "UPDATE")
        if names:
            raise PlanRefusedError(
                f"{step.dataset} has a trigger {names[0]!r} on UPDATE that nobody reviewed"
            )
        self._blank(step, fate, staying)
        return True

    def _still_referred_to(
        self, step: Step, keys: set[Key], table: Table, key: ForeignKey
    ) -> set[Key]:
        here = DatasetId(self._part.store, table.name)
        child = self._fates.get(here)
        gone = set() if child is None else child.delete
        if child is not None and gone == child.rows.own and _all_are_owned(child, step, key):
            return set()
        source = source_of(step.table)
        asked = [source.c[name] for name in key.to_fields]
        return self._which(step, keys, _points(self._transaction, table, key.fields, asked, gone))

    def _which(
        self, step: Step, keys: Iterable[Key], condition: sa.ColumnElement[bool]
    ) -> set[Key]:
        """Return those of `keys` of whose rows a condition is true."""
        source = source_of(step.table)
        names = self._transaction.read(source, self._transaction.words.handle(step.table))
        named = self._transaction.named(source, step.table, keys)
        return set(self._transaction.rows(sa.select(*names).where(named, condition)))


def _leads_somewhere(step: Step, key: ForeignKey) -> bool:
    """Return whether a reference names columns that are there: SQLite does not insist."""
    columns = {column.name for column in step.table.columns}
    return bool(key.to_fields) and columns.issuperset(key.to_fields)


def _all_are_owned(child: Fate, step: Step, key: ForeignKey) -> bool:
    """Return whether every row that refers by `key` was found, because it is owned by it."""
    return any(
        owner.to == step.dataset and owner.fields == key.fields and owner.to_fields == key.to_fields
        for owner in child.rows.step.owners
    )


def _points(
    transaction: Transaction,
    table: Table,
    fields: tuple[str, ...],
    to: Sequence[sa.ColumnElement[Any]],
    leaving_out: Iterable[Key],
) -> sa.ColumnElement[bool]:
    """Return the condition that a row of `table`, some rows left out, refers to ``to``."""
    referring = source_of(table).alias("referring")
    conditions = [referring.c[name] == each for name, each in zip(fields, to, strict=True)]
    left_out = list(leaving_out)
    if left_out and transaction.words.handle(table):
        conditions.append(sa.not_(transaction.named(referring, table, left_out)))
    return sa.exists(sa.select(sa.literal(1)).select_from(referring).where(*conditions))


def _day(value: object) -> date | None:
    """Return the day that a stored value begins with, or ``None`` where it is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
