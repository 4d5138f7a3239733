"""Whether a row that was found belongs to somebody else, or to somebody else too."""

from collections.abc import Iterable, Mapping

from kept.connectors.sql.located import Rows
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.catalog import Table
from kept.inventory.dataset import DatasetId, Reference
from kept.plans.connector import Key, Who
from kept.plans.identity import Mark
from kept.plans.plan import Step, StorePart
from kept.subjects.identifier import normalise


class Owners:
    """Answers of one transaction about who owns rows."""

    def __init__(
        self,
        transaction: Transaction,
        part: StorePart,
        rows: Mapping[DatasetId, Rows],
        who: Who,
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._rows = rows
        self._who = who
        self._tables = {table.name: table for table in part.tables}

    def foreign(self, step: Step, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` whose owner, by some reference, is somebody else."""
        found: set[Key] = set()
        wanted = set(keys)
        if not wanted or self._settled(step, wanted):
            return found
        for reference in step.owners:
            found |= self.elsewhere(step, reference, wanted - found)
        return found

    def strangers(
        self, step: Step, keys: Iterable[Key], spellings: Iterable[tuple[Mark, str]]
    ) -> set[Key]:
        """Return those of `keys`, which were reached forward, that are somebody else's.

        A row is somebody else's when an owner of it is, when it is a person itself, or
        when it carries an identifier and none of the person's.
        """
        wanted = set(keys)
        if step.person:
            return wanted
        found: set[Key] = set()
        for reference in step.owners:
            found |= self.elsewhere(step, reference, wanted - found)
        mine = {mark for mark, _ in spellings}
        rows = self._rows[step.dataset]
        for way in step.sought:
            if not way.locates:
                continue
            for key, values in rows.of(wanted - found, way.fields):
                carried = {
                    (way.kind, normalise(way.kind, str(value)))
                    for value in values
                    if value not in (None, "")
                }
                if carried and not carried & mine:
                    found.add(key)
        return found

    def elsewhere(self, step: Step, reference: Reference, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` whose row refers to a row that exists and is not the person's."""
        by_value: dict[Key, set[Key]] = {}
        for key, value in self._rows[step.dataset].of(keys, reference.fields):
            if None not in value:
                by_value.setdefault(value, set()).add(key)
        mine = self.mine(reference, tuple(by_value), missing_is_mine=True)
        return {key for value, each in by_value.items() if value not in mine for key in each}

    def mine(
        self, reference: Reference, values: tuple[Key, ...], *, missing_is_mine: bool = False
    ) -> set[Key]:
        """Return those of `values` by which `reference` refers to a row of the person.

        Args:
            reference: The reference.
            values: What the referring fields hold.
            missing_is_mine: What to say of a value that refers to no row at all.
        """
        target = self._rows.get(reference.to)
        if target is None:
            return self._outside(reference, values, missing_is_mine=missing_is_mine)
        held = {
            _as_is(each)
            for each in target.distinct(target.own | target.shared, reference.to_fields)
        }
        # A value that looks the same is the same; for others the store's own comparison
        # decides, which may take '7' for 7.
        found = {value for value in values if _as_is(value) in held}
        unknown = [value for value in values if value not in found]
        if unknown:
            theirs = self._parents(target.step.table, reference.to_fields, unknown)
            for value in unknown:
                parents = theirs.get(value, set())
                if parents & (target.own | target.shared) or (missing_is_mine and not parents):
                    found.add(value)
        return found

    def _outside(
        self, reference: Reference, values: tuple[Key, ...], *, missing_is_mine: bool
    ) -> set[Key]:
        reached = set(self._who.reached.get((reference.to, reference.to_fields), ()))
        if reference.to.store != self._part.store or not missing_is_mine:
            return {value for value in values if value in reached}
        table = self._tables.get(reference.to.name)
        if table is None:
            return set(values)
        theirs = self._parents(table, reference.to_fields, list(values))
        return {value for value in values if not theirs.get(value)}

    def _settled(self, step: Step, keys: set[Key]) -> bool:
        """Return whether the one way to each row is its one owner, so that none is left to ask.

        Rows that a store finds equal without their being the same are asked after: a text
        without case may stand for two owners.
        """
        if step.sought or len(step.owners) != 1 or len(step.links) != 1:
            return False
        link, owner = step.links[0], step.owners[0]
        if link.origin != owner.to or link.fields != owner.fields:
            return False
        if link.origin_fields != owner.to_fields:
            return False
        values = [value for _, value in self._rows[step.dataset].of(keys, owner.fields)]
        origin = self._rows.get(link.origin)
        if origin is None:
            # Another store's: it may write a number as a text, and no more than that.
            reached = self._who.reached.get((link.origin, link.origin_fields), ())
            spelt = {tuple(map(str, each)) for each in reached}
            return all(tuple(map(str, value)) in spelt for value in values)
        held = {_as_is(each) for each in origin.distinct(origin.own, link.origin_fields)}
        return all(_as_is(value) in held for value in values)

    def _parents(
        self, table: Table, fields: tuple[str, ...], values: list[Key]
    ) -> dict[Key, set[Key]]:
        """Return the rows that each value refers to, as the store itself compares."""
        source = source_of(table)
        found: dict[Key, set[Key]] = {}
        for statement in self._transaction.words.matches(
            self._transaction.handle(source, table), [source.c[name] for name in fields], values
        ):
            for at, *key in self._transaction.rows(statement):
                found.setdefault(values[int(str(at))], set()).add(tuple(key))
        return found


def _as_is(key: Key) -> tuple[tuple[type, object], ...]:
    """Return `key` so that 1 and ``'1'`` differ, and 0 and ``''`` too."""
    return tuple((type(value), value) for value in key)
