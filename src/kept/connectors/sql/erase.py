"""How one store's part of an erasure is carried out: whole, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from kept.connectors.errors import StoreLockedError
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase_all import Outcome, erase_together
from kept.connectors.sql.erase_check import require_named, unchanged_part
from kept.connectors.sql.erase_one import Asked, Erasing
from kept.connectors.sql.erase_trace import left
from kept.connectors.sql.locate_all import can_be_shared
from kept.connectors.sql.transaction import Transaction, many_rows
from kept.errors import KeptError, RefusedError
from kept.inventory.catalog import Catalog
from kept.plans.connector import Done, Touched, Who
from kept.plans.errors import CatalogChangedError
from kept.plans.plan import StorePart

_ATTEMPTS = 5
_Result = TypeVar("_Result")


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
        asked = Asked(part=part, who=who, operation=operation, today=today, careful=False)

        def run(transaction: Transaction, checked: StorePart, careful: bool) -> Done:  # noqa: FBT001
            return Erasing(transaction, replace(asked, part=checked, careful=careful)).run()

        return self._carried_out(part, run, before_commit)

    def erase_all(
        self,
        part: StorePart,
        people: Sequence[tuple[Who, str]],
        *,
        today: date,
        before_commit: Callable[[Mapping[int, Done]], None] | None = None,
    ) -> tuple[Done | KeptError, ...]:
        """Erase many people, as many as possible in one transaction with shared statements.

        Whoever cannot be erased together with others (a row is reached that several may
        refer to, a constraint refuses, two ask for the same rows) is erased alone,
        in a transaction of their own; one person's refusal stops nobody else.

        Args:
            part: The plan's part for this store.
            people: Each person, with the operation that names their erasure.
            today: The day on which statutory minimums are judged.
            before_commit: Told what will be done for whom, by place in `people`, before
                anybody can see any of it; once for each transaction.

        Returns:
            What was done for each person, or why nothing was.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; plan again
                for those of whom `before_commit` was not told.
            UnavailableError: The store did not answer before anything was done.
        """
        results: dict[int, Done | KeptError] = {}
        open_ = dict(enumerate(people))
        while len(open_) > 1 and can_be_shared(part):
            ended = self._some(part, open_, today=today, before_commit=before_commit)
            results.update(ended)
            open_ = {at: each for at, each in open_.items() if at not in results}
            if not ended:
                break
        for at in open_:
            who, operation = people[at]

            def told(done: Done, at: int = at) -> None:
                if before_commit is not None:
                    before_commit({at: done})

            try:
                results[at] = self.erase(
                    part, who, operation=operation, today=today, before_commit=told
                )
            except CatalogChangedError:
                raise
            except KeptError as error:
                results[at] = error
        return tuple(results[at] for at in range(len(people)))

    def _some(
        self,
        part: StorePart,
        people: Mapping[int, tuple[Who, str]],
        *,
        today: date,
        before_commit: Callable[[Mapping[int, Done]], None] | None,
    ) -> dict[int, Done | KeptError]:
        """Erase as many people as one transaction takes; return what became of whom."""
        places = list(people)

        def told(outcome: Outcome) -> None:
            if before_commit is not None and outcome.done:
                before_commit({places[at]: done for at, done in outcome.done.items()})

        def run(transaction: Transaction, checked: StorePart, careful: bool) -> Outcome:  # noqa: FBT001
            return erase_together(
                transaction, checked, list(people.values()), today=today, careful=careful
            )

        try:
            with many_rows():
                outcome = self._carried_out(part, run, told)
        except CatalogChangedError:
            raise
        except RefusedError:
            # Who it was does not show in what all did: each is asked for alone.
            return {}
        ended: Mapping[int, Done | KeptError] = {**outcome.refused, **outcome.done}
        return {places[at]: each for at, each in ended.items()}

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

    def _carried_out(
        self,
        part: StorePart,
        run: Callable[[Transaction, StorePart, bool], _Result],
        before_commit: Callable[[_Result], None] | None,
    ) -> _Result:
        careful = not self.sql.dialect.words.failure_ends_transaction
        for _ in range(_ATTEMPTS):
            try:
                with self.sql.transaction() as connection:
                    result = self._in_one(connection, part, run, careful=careful)
                    if before_commit is not None:
                        before_commit(result)
                    return result
            except _CollidedError:
                continue
            except _NotSoEasilyError:
                careful = True
        raise StoreLockedError(
            f"the store {part.store!r} was changed by other programs at the same time,"
            f" {_ATTEMPTS} times"
        )

    def _in_one(
        self,
        connection: Connection,
        part: StorePart,
        run: Callable[[Transaction, StorePart, bool], _Result],
        *,
        careful: bool,
    ) -> _Result:
        words = self.sql.dialect.words
        try:
            words.prepare(connection)
            require_named(part, words)
            words.lock(connection, part)
            checked = unchanged_part(self._as_it_is(connection), part, words)
            words.put_off(connection)
            result = run(Transaction(connection, words, writes=True), checked, careful)
            words.check_now(connection)
        except DBAPIError as error:
            cause = error.orig or error
            if words.collided(cause):
                raise _CollidedError from None
            if not careful and words.refused(cause):
                raise _NotSoEasilyError from None
            raise
        return result
