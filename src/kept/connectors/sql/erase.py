"""How one store's part of an erasure is carried out: whole, or not at all."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.compile import among, handle, prepared
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase_blank import Chosen, blank
from kept.connectors.sql.erase_fate import Fate, fates, referred_to
from kept.connectors.sql.erase_trace import left, written
from kept.connectors.sql.locate import locate
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.located import Located
from kept.connectors.sql.names import table_of
from kept.connectors.sql.verify import Search, verify_generated, verify_rows
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Key, Touched, Who
from kept.plans.errors import CatalogChangedError, RowsOfTwoError
from kept.plans.plan import DatasetCounts, Remark, RemarkCode, StorePart


class SqlErases:
    """What makes an SQL store erase."""

    sql: SqlEngine

    def _catalog(self, connection: Connection) -> Catalog:
        raise NotImplementedError

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        """Do everything that `erase` does, and take it all back."""
        with self.sql.transaction() as connection:
            rehearsal = connection.begin_nested()
            try:
                return self._erased(connection, part, who, operation=operation, today=today)
            finally:
                rehearsal.rollback()

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

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; nothing
                changed. Plan again.
            RefusedError: Something forbids it; nothing changed.
            UnavailableError: The store did not answer; nothing changed.
        """
        with self.sql.transaction() as connection:
            done = self._erased(connection, part, who, operation=operation, today=today)
            if before_commit is not None:
                before_commit(done)
            return done

    def left(self, touched: Sequence[Touched]) -> int:
        """Return how many rows are still as they were before an erasure wrote them.

        Raises:
            StoreChangedError: A table or column of theirs is gone.
            UnavailableError: The store did not answer; calling again is safe.
        """
        with self.sql.snapshot() as connection:
            return left(connection, self._catalog(connection), touched)

    def _erased(
        self, connection: Connection, part: StorePart, who: Who, *, operation: str, today: date
    ) -> Done:
        require_unchanged(self._catalog(connection), part)
        prepared(connection)
        # References are checked at the commit: circles can be deleted in any order.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        return _Erasing(connection, part, who, operation, today).run()


class _Erasing:
    """One erasure: a value of one transaction."""

    def __init__(
        self, connection: Connection, part: StorePart, who: Who, operation: str, today: date
    ) -> None:
        self._connection = connection
        self._part = part
        self._who = who
        self._operation = operation
        self._today = today

    def run(self) -> Done:
        located = locate(self._connection, self._part, self._who, thorough=True)
        require_one_owner(located)
        owners = Owners(self._connection, self._part, located.rows, self._who)
        judged = fates(self._connection, self._part, located, owners, today=self._today)
        chosen = {
            dataset: self._write(judged[dataset], judged)
            for dataset in self._part.erasing
            if dataset in judged
        }
        verify_rows(self._connection, judged, chosen)
        verify_generated(self._connection, judged)
        found = tuple(Search(self._connection, self._part, located, judged, owners).run())
        return Done(
            operation=self._operation,
            counts=tuple(_counts(dataset, fate) for dataset, fate in judged.items()),
            remarks=tuple(sorted({*found, *_remarks(judged), *shared_remarks(located)})),
            marks=located.marks | (located.given - located.shared),
            erased=tuple(_erased_keys(judged)),
            touched=tuple(written(judged, chosen)),
        )

    def _write(self, fate: Fate, judged: dict[DatasetId, Fate]) -> Chosen:
        """Delete and blank the rows of one dataset; return what stands in those blanked."""
        step = fate.rows.step
        source = table_of(step.table)
        names = [source.c[name] for name in handle(step.table)]
        only = self._only(fate, judged)
        if fate.delete:
            statement = sa.delete(source).where(among(names, fate.delete))
            if only is not None:
                statement = statement.where(only)
            # Rows that a cascade takes first are not counted here: what is left is asked after.
            self._connection.execute(statement)
        if not fate.blank:
            return {}
        return blank(self._connection, step, fate.blank, seed=self._operation, only=only)

    def _only(self, fate: Fate, judged: dict[DatasetId, Fate]) -> sa.ColumnElement[bool] | None:
        """Return what must still be true of a row as it is written.

        A row that was reached forward goes only while no row of another person refers to
        it, and the statement that writes it tests that itself.
        """
        step = fate.rows.step
        if not fate.rows.forward:
            return None
        source = table_of(step.table)
        names = [source.c[name] for name in handle(step.table)]
        mine = {each: other.rows.own for each, other in judged.items()}
        return sa.or_(
            sa.not_(among(names, fate.rows.forward)),
            sa.not_(referred_to(step, self._part, mine)),
        )


def require_unchanged(catalog: Catalog, part: StorePart) -> None:
    """Refuse to go on where the structure is not what the plan was made on.

    Raises:
        CatalogChangedError: It is not.
    """
    # The very object that the plan was made on needs no comparison.
    if catalog.tables is not part.tables and catalog.fingerprint != part.fingerprint:
        raise CatalogChangedError(
            f"the structure of the store {part.store!r} changed since the plan was made"
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
