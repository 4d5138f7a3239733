"""What happens in the transaction that erases one person, once it may be written in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from kept.connectors.sql.erase_blank import Chosen, blank
from kept.connectors.sql.erase_fate import Fate, fates, referred_to
from kept.connectors.sql.erase_order import loosen
from kept.connectors.sql.erase_trace import written
from kept.connectors.sql.locate import locate
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located
from kept.connectors.sql.transaction import Transaction, source_of
from kept.connectors.sql.verify import Search, verify_generated, verify_rows
from kept.connectors.sql.verify_hits import hits_of_all
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Key, Who
from kept.plans.errors import RowsOfTwoError
from kept.plans.plan import DatasetCounts, Remark, RemarkCode, StorePart

Fates = dict[DatasetId, Fate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be erased, and how.

    Attributes:
        part: The plan's part.
        who: The person.
        operation: Names the erasure.
        today: The day on which minimums are judged.
        careful: Whether to guard each statement that a constraint may refuse.
    """

    part: StorePart
    who: Who
    operation: str
    today: date
    careful: bool


class Erasing:
    """One erasure: a value of one transaction."""

    def __init__(self, transaction: Transaction, asked: Asked) -> None:
        self._transaction = transaction
        self._asked = asked
        self._part = asked.part

    def run(self) -> Done:
        """Find, judge, write and verify.

        Raises:
            RefusedError: Something forbids it.
        """
        transaction, part = self._transaction, self._part
        located = locate(transaction, part, self._asked.who, thorough=True)
        owners = Owners(transaction, part, located.rows, self._asked.who)
        judged = judge(transaction, part, located, owners, today=self._asked.today)
        only = {dataset: self._only(fate, judged) for dataset, fate in judged.items()}
        chosen = write_and_verify(
            transaction, part, judged, only, seed=self._asked.operation, careful=self._asked.careful
        )
        search = Search(transaction, part, located, judged, owners)
        found = tuple(search.run(hits_of_all(transaction, part, {0: search})[0]))
        return done(transaction, self._asked.operation, located, judged, chosen, found)

    def _only(self, fate: Fate, judged: dict[DatasetId, Fate]) -> sa.ColumnElement[bool] | None:
        """Return what must still be true of a row as it is written.

        A row that was reached forward goes only while no row of another person refers to
        it, and the statement that writes it tests that itself.
        """
        step = fate.rows.step
        if not fate.rows.forward:
            return None
        source = source_of(step.table)
        mine = {each: other.rows.own for each, other in judged.items()}
        return sa.or_(
            sa.not_(self._transaction.named(source, step.table, fate.rows.forward)),
            sa.not_(referred_to(self._transaction, step, self._part, mine)),
        )


def judge(
    transaction: Transaction, part: StorePart, located: Located, owners: Owners, *, today: date
) -> Fates:
    """Return what happens to every row that was found, before anything is written.

    Raises:
        RefusedError: Rows are somebody else's too, or may neither go nor stay.
    """
    require_one_owner(located)
    return fates(transaction, part, located, owners, today=today)


def write_and_verify(
    transaction: Transaction,
    part: StorePart,
    judged: Fates,
    only: Mapping[DatasetId, sa.ColumnElement[bool] | None],
    *,
    seed: str,
    careful: bool,
) -> dict[DatasetId, Chosen]:
    """Delete and blank rows, look each of them up again, and return what stands there now.

    Args:
        transaction: The transaction.
        part: The plan's part.
        judged: What happens to which rows.
        only: What must still be true of a row of a dataset as it is written.
        seed: Names the erasure.
        careful: Whether to guard each statement that a constraint may refuse.

    Raises:
        RefusedError: No value fits a column, or something was still there after writing.
    """
    loosen(transaction, part, judged)
    chosen: dict[DatasetId, Chosen] = {}
    for dataset in part.erasing:
        fate = judged.get(dataset)
        if fate is None:
            continue
        condition = only.get(dataset)
        if fate.delete:
            source = source_of(fate.rows.step.table)
            named = transaction.named(source, fate.rows.step.table, fate.delete)
            statement = sa.delete(source).where(named)
            if condition is not None:
                statement = statement.where(condition)
            # Rows that a cascade takes first are not counted here: what is left is asked after.
            transaction.connection.execute(statement)
        chosen[dataset] = (
            blank(transaction, fate, seed=seed, only=condition, careful=careful)
            if fate.blank
            else {}
        )
    verify_rows(transaction, judged, chosen)
    verify_generated(transaction, judged)
    return chosen


def done(
    transaction: Transaction,
    operation: str,
    located: Located,
    judged: Fates,
    chosen: Mapping[DatasetId, Chosen],
    found: tuple[Remark, ...],
) -> Done:
    """Return what was done for one person."""
    return Done(
        operation=operation,
        counts=tuple(_counts(dataset, fate) for dataset, fate in judged.items()),
        remarks=tuple(sorted({*found, *_remarks(judged), *shared_remarks(located)})),
        marks=located.marks | (located.given - located.shared),
        erased=tuple(_erased_keys(judged)),
        touched=tuple(written(transaction, judged, chosen)),
    )


def require_one_owner(located: Located) -> None:
    """Refuse to touch rows that somebody else owns too.

    Raises:
        RowsOfTwoError: There are such rows; the message says where and how many.
    """
    found = [(dataset, len(rows.foreign)) for dataset, rows in located.rows.items() if rows.foreign]
    if found:
        named = ", ".join(f"{count} in {dataset}" for dataset, count in found)
        raise RowsOfTwoError(f"rows belong to this person and to another: {named}")


def shared_remarks(located: Located) -> Iterator[Remark]:
    """Yield what an answer says of identifiers that somebody else has too."""
    for kind in sorted({kind for kind, _ in located.shared}):
        yield Remark(
            code=RemarkCode.IDENTIFIER_SHARED,
            count=sum(each is kind for each, _ in located.shared),
            message=f"somebody else has this person's {kind.value} too: "
            "it was not used to find rows elsewhere",
        )


def _remarks(judged: dict[DatasetId, Fate]) -> Iterator[Remark]:
    for dataset, fate in judged.items():
        if fate.spared:
            yield Remark(
                code=RemarkCode.BLANKED_NOT_DELETED,
                store=dataset.store,
                dataset=dataset.name,
                count=len(fate.spared),
                message=f"rows of {dataset} were blanked and not deleted: "
                "rows that stay refer to them",
            )


def _counts(dataset: DatasetId, fate: Fate) -> DatasetCounts:
    return DatasetCounts(
        dataset=dataset,
        located=len(fate.rows.found),
        erased=len(fate.delete),
        blanked=len(fate.blank),
        retained=fate.counted(),
    )


def _erased_keys(judged: dict[DatasetId, Fate]) -> Iterator[tuple[DatasetId, Key]]:
    for dataset, fate in judged.items():
        table = fate.rows.step.table
        if table.key:
            # Rows that are about others too are not gone: only the person's own are.
            keys = (fate.delete | fate.blank.keys()) & fate.rows.own
            yield from ((dataset, value) for _, value in fate.rows.of(keys, table.key))
