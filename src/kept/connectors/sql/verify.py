"""Whether an erasure left nothing behind: asked in its own transaction, before it commits.

It does not start from what was just erased. The keys collected before are looked up again,
and each identifier of the person is searched wherever an index makes that cheap, also in
datasets that the plan does not reach.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from kept.connectors.sql.erase_blank import Chosen, written_otherwise
from kept.connectors.sql.erase_fate import Fate
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Key
from kept.plans.errors import NotErasedError
from kept.plans.plan import Remark, RemarkCode, Searched, Step, StorePart
from kept.vocabulary.identifier_kind import IdentifierKind

_COUNTS_AT_ONCE = 100


def verify_rows(
    transaction: Transaction,
    fates: Mapping[DatasetId, Fate],
    chosen: Mapping[DatasetId, Chosen],
) -> None:
    """Look up every row that was written, all datasets in one statement.

    Raises:
        NotErasedError: A row is still there, or still holds something.
    """
    asked: list[tuple[DatasetId, str]] = []
    counts: list[sa.Select[Any]] = []
    for dataset, fate in fates.items():
        step = fate.rows.step
        source = source_of(step.table)
        if fate.delete:
            asked.append((dataset, "deleted"))
            counts.append(_count(source, transaction.named(source, step.table, fate.delete)))
        if fate.blank and chosen.get(dataset):
            for each in written_otherwise(transaction, fate, chosen[dataset]):
                asked.append((dataset, "blanked"))
                counts.append(each)
    if not counts:
        return
    for start in range(0, len(counts), _COUNTS_AT_ONCE):
        here = slice(start, start + _COUNTS_AT_ONCE)
        statement = sa.select(*(each.scalar_subquery() for each in counts[here]))
        for (dataset, what), left in zip(
            asked[here], transaction.connection.execute(statement).one(), strict=True
        ):
            if left:
                raise NotErasedError(f"{left} rows of {dataset} are not {what} after writing")


def verify_generated(transaction: Transaction, fates: Mapping[DatasetId, Fate]) -> None:
    """Check columns that the store computes: they must not still show what they showed.

    Raises:
        NotErasedError: One does; the message names it.
    """
    for dataset, fate in fates.items():
        step = fate.rows.step
        computed = [
            part.name
            for part in step.fields
            if part.erased and step.table.column(part.name).generated
        ]
        if not computed or not fate.blank:
            continue
        before = dict(fate.rows.of(fate.blank, computed))
        source = source_of(step.table)
        names = transaction.words.handle(step.table)
        statement = sa.select(*transaction.read(source, (*names, *computed))).where(
            transaction.named(source, step.table, map(fate.place, fate.blank))
        )
        was = {new: old for old, new in fate.moved.items()}
        for row in transaction.rows(statement):
            key, after = row[: len(names)], row[len(names) :]
            key = was.get(key, key)
            for name, old, new in zip(computed, before[key], after, strict=True):
                if new is not None and new == old:
                    raise NotErasedError(
                        f"the column {name!r} of {dataset} is computed, and still shows what it did"
                    )


class Search:
    """The search for a person's identifiers after an erasure: a value of one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        part: StorePart,
        located: Located,
        fates: Mapping[DatasetId, Fate],
        owners: Owners,
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._located = located
        self._fates = fates
        self._owners = owners
        # Identifiers that are the person's alone.
        self.mine = frozenset(
            mark for mark in located.marks | (located.given - located.shared) if mark[0].locates
        )

    def looked(self) -> list[Searched]:
        """Return the fields in which the person's identifiers are looked for."""
        kinds = {kind for kind, _ in self.mine}
        return [each for each in self._part.searched if each.indexed and each.kind in kinds]

    def spelt(self, kind: IdentifierKind) -> set[str]:
        """Return every known spelling of the person's identifiers of a kind."""
        found = {text for known, text in self.mine if known is kind}
        return found | {
            text for mark, text in self._located.spellings if mark in self.mine and mark[0] is kind
        }

    def run(self, hits: Mapping[Searched, set[Key]]) -> Iterator[Remark]:
        """Yield what the receipt must say: where nothing was looked at, and what others keep.

        Args:
            hits: Rows in which an identifier is left, by the field that it is left in.

        Raises:
            NotErasedError: An identifier of the person is left where nothing explains it.
        """
        kinds = {kind for kind, _ in self.mine} | self._located.unasked
        yield from self._left_in_others(hits)
        for each in self._part.searched:
            if not each.indexed and each.kind in kinds and not self._settled(each):
                yield Remark(
                    code=RemarkCode.NOT_LOOKED_AT,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=each.field,
                    message=f"{each.dataset}.{each.field} has no index and was not searched "
                    f"for the person's {each.kind.value}",
                )

    def _settled(self, each: Searched) -> bool:
        """Return whether the rows were found by this very field, so that all were seen."""
        step = self._part.step(each.dataset)
        if each.kind in self._located.unasked:
            return False
        return step is not None and any(
            way.locates and way.kind is each.kind and each.field in way.fields
            for way in step.sought
        )

    def _left_in_others(self, hits: Mapping[Searched, set[Key]]) -> Iterator[Remark]:
        for each, keys in hits.items():
            left = keys - self._explained(each, keys)
            others = self._of_others(each, left)
            if left - others:
                raise NotErasedError(
                    f"the person's {each.kind.value} is left in {len(left - others)} rows of "
                    f"{each.dataset}, field {each.field!r}, which the plan does not erase",
                    remedy=f"Decide in datamap.toml whose the rows of {each.dataset} are, "
                    "or keep them with a reason.",
                )
            if others:
                yield Remark(
                    code=RemarkCode.OWNED_BY_ANOTHER,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=each.field,
                    count=len(others),
                    message=f"rows of other people in {each.dataset} hold the person's "
                    f"{each.kind.value}, and were not changed",
                )

    def before(self, dataset: DatasetId, key: Key) -> Key:
        """Return what named a row before it was written."""
        fate = self._fates.get(dataset)
        moved = fate.moved if fate is not None else {}
        return next((old for old, new in moved.items() if new == key), key) if moved else key

    def _explained(self, each: Searched, keys: set[Key]) -> set[Key]:
        """Return the rows that stay for a reason that was said."""
        if each.kept:
            return set(keys)
        fate = self._fates.get(each.dataset)
        if fate is None:
            return set()
        untouched = {
            key
            for key in keys & fate.rows.shared
            if each.field not in fate.blank.get(key, frozenset())
        }
        return (keys & fate.retained.keys()) | untouched

    def _of_others(self, each: Searched, keys: set[Key]) -> set[Key]:
        """Return the rows that are other people's: they are not ours to change."""
        step = self._part.step(each.dataset)
        if step is None or not keys:
            return set()
        fate = self._fates[each.dataset]
        strange = keys - fate.rows.own
        if step.root:
            return strange
        self._load(step, strange)
        found: set[Key] = set()
        for reference in step.owners:
            found |= self._owners.elsewhere(step, reference, strange - found)
        return found

    def _load(self, step: Step, keys: set[Key]) -> None:
        rows = self._fates[step.dataset].rows
        source = source_of(step.table)
        names = self._transaction.words.handle(step.table)
        columns = self._transaction.read(source, (*names, *rows.columns))
        named = self._transaction.named(source, step.table, keys)
        for row in self._transaction.rows(sa.select(*columns).where(named)):
            rows.values.setdefault(row[: len(names)], row[len(names) :])


def _count(source: sa.TableClause, condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(source).where(condition)
