"""How one store's part of an erasure is carried out: whole, or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from kept.connectors.errors import StoreLockedError
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase_blank import Chosen, blank
from kept.connectors.sql.erase_check import require_named, unchanged_part
from kept.connectors.sql.erase_fate import Fate, fates, referred_to
from kept.connectors.sql.erase_order import loosen
from kept.connectors.sql.erase_trace import left, written
from kept.connectors.sql.locate import locate
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located
from kept.connectors.sql.transaction import Transaction, source_of
from kept.connectors.sql.verify import Search, verify_generated, verify_rows
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Key, Touched, Who
from kept.plans.errors import RowsOfTwoError
from kept.plans.plan import DatasetCounts, Remark, RemarkCode, StorePart

_ATTEMPTS = 5


class _CollidedError(Exception):
    """Another transaction stood in the way: the same again is right."""


class _NotSoEasilyError(Exception):
    """A constraint refused what is usually accepted, and the transaction is lost."""


class _TakenBackError(Exception):
    """A rehearsal came to its end."""

    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


class SqlErases:
    """What makes an SQL store erase."""

    sql: SqlEngine

    def _catalog(self, connection: Connection) -> Catalog:
        raise NotImplementedError

    def _as_it_is(self, connection: Connection) -> Catalog:
        raise NotImplementedError

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        """Do everything that `erase` does, and take it all back."""

        def take_back(done: Done) -> None:
            raise _TakenBackError(done)

        try:
            return self.erase(part, who, operation=operation, today=today, before_commit=take_back)
        except _TakenBackError as end:
            return end.done

    def erase(
        self,
        part: StorePart,
        who: Who,
        *,
        operation: str,
        today: date,
        before_commit: Callable[[Done], None] | None = None,
    ) -> Done:
        """Lock, check the catalog, find, write, verify and commit in one transaction.

        What collides with another transaction is begun anew, a bounded number of times.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; nothing
                changed. Plan again.
            RefusedError: Something forbids it; nothing changed.
            UnavailableError: The store did not answer; nothing changed.
        """
        careful = not self.sql.dialect.words.failure_ends_transaction
        for _ in range(_ATTEMPTS):
            try:
                with self.sql.transaction() as connection:
                    done = self._erased(
                        connection,
                        _Asked(
                            part=part, who=who, operation=operation, today=today, careful=careful
                        ),
                    )
                    if before_commit is not None:
                        before_commit(done)
                    return done
            except _CollidedError:
                continue
            except _NotSoEasilyError:
                careful = True
        raise StoreLockedError(
            f"the store {part.store!r} was changed by other programs at the same time,"
            f" {_ATTEMPTS} times"
        )

    def left(self, touched: Sequence[Touched]) -> int:
        """Return how many rows are still as they were before an erasure wrote them.

        Raises:
            StoreChangedError: A table or column of theirs is gone.
            UnavailableError: The store did not answer; calling again is safe.
        """
        with self.sql.snapshot() as connection:
            transaction = Transaction(connection, self.sql.dialect.words)
            transaction.words.prepare(connection)
            return left(transaction, self._as_it_is(connection), touched)

    def _erased(self, connection: Connection, asked: "_Asked") -> Done:
        words = self.sql.dialect.words
        transaction = Transaction(connection, words, writes=True)
        try:
            words.prepare(connection)
            require_named(asked.part, words)
            words.lock(connection, asked.part)
            part = unchanged_part(self._as_it_is(connection), asked.part, words)
            words.put_off(connection)
            done = _Erasing(transaction, replace(asked, part=part)).run()
            words.check_now(connection)
        except DBAPIError as error:
            cause = error.orig or error
            if words.collided(cause):
                raise _CollidedError from None
            if not asked.careful and words.refused(cause):
                raise _NotSoEasilyError from None
            raise
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
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


class _Erasing:
    """One erasure: a value of one transaction."""

    def __init__(self, transaction: Transaction, asked: _Asked) -> None:
        self._transaction = transaction
        self._asked = asked
        self._part = asked.part

    def run(self) -> Done:
        located = locate(self._transaction, self._part, self._asked.who, thorough=True)
        require_one_owner(located)
        owners = Owners(self._transaction, self._part, located.rows, self._asked.who)
        judged = fates(self._transaction, self._part, located, owners, today=self._asked.today)
        loosen(self._transaction, self._part, judged)
        chosen = {
            dataset: self._write(judged[dataset], judged)
            for dataset in self._part.erasing
            if dataset in judged
        }
        verify_rows(self._transaction, judged, chosen)
        verify_generated(self._transaction, judged)
        found = tuple(Search(self._transaction, self._part, located, judged, owners).run())
        return Done(
            operation=self._asked.operation,
            counts=tuple(_counts(dataset, fate) for dataset, fate in judged.items()),
            remarks=tuple(sorted({*found, *_remarks(judged), *shared_remarks(located)})),
            marks=located.marks | (located.given - located.shared),
            erased=tuple(_erased_keys(judged)),
            touched=tuple(written(self._transaction, judged, chosen)),
        )

    def _write(self, fate: Fate, judged: dict[DatasetId, Fate]) -> Chosen:
        """Delete and blank the rows of one dataset; return what stands in those blanked."""
        step = fate.rows.step
        source = source_of(step.table)
        only = self._only(fate, judged)
        if fate.delete:
            named = self._transaction.named(source, step.table, fate.delete)
            statement = sa.delete(source).where(named)
            if only is not None:
                statement = statement.where(only)
            # Rows that a cascade takes first are not counted here: what is left is asked after.
            self._transaction.connection.execute(statement)
        if not fate.blank:
            return {}
        return blank(
            self._transaction,
            fate,
            seed=self._asked.operation,
            only=only,
            careful=self._asked.careful,
        )

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
