"""How rows that refer to each other in a circle are deleted where nothing can be put off."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from kept.connectors.sql.erase_fate import Fate
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.catalog import ForeignKey, Table
from kept.inventory.dataset import DatasetId
from kept.plans.catalog_check import unreviewed_triggers
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import StorePart


def loosen(transaction: Transaction, part: StorePart, fates: Mapping[DatasetId, Fate]) -> None:
    """Empty references from rows that are deleted later to rows that are deleted before.

    Raises:
        PlanRefusedError: A trigger would fire that nobody reviewed.
    """
    if transaction.words.defers_references:
        return
    for fate, key in _in_the_way(transaction, part, fates):
        table = fate.rows.step.table
        source = source_of(table)
        names = unreviewed_triggers(fate.rows.step, "UPDATE")
        if names:
            raise PlanRefusedError(
                f"{fate.rows.step.dataset} has a trigger {names[0]!r} on UPDATE that nobody reviewed"
            )
        columns = [name for name in key.fields if table.column(name).nullable]
        transaction.connection.execute(
            sa.update(source)
            .where(transaction.named(source, table, fate.delete))
            .values({source.c[name]: sa.null() for name in columns})
        )


def _in_the_way(
    transaction: Transaction, part: StorePart, fates: Mapping[DatasetId, Fate]
) -> Iterator[tuple[Fate, ForeignKey]]:
    place = {dataset: at for at, dataset in enumerate(part.erasing)}
    for dataset, fate in fates.items():
        table = fate.rows.step.table
        for key in table.foreign_keys if fate.delete else ():
            parent = DatasetId(part.store, key.to)
            gone = fates[parent].delete if parent in fates else set()
            if not gone or key.deferrable or not _can_be_empty(table, key):
                continue
            itself = parent == dataset and transaction.words.checks_each_row
            if itself or place[parent] < place[dataset]:
                yield fate, key


def _can_be_empty(table: Table, key: ForeignKey) -> bool:
    """Return whether emptying a part of a reference empties it, and leaves the row its name."""
    names = [name for name in key.fields if table.column(name).nullable]
    return bool(names) and not set(names) & set(table.key) and not table.place
