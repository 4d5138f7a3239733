"""How a query reaches one of our databases."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kept.storage.errors import told_apart


class Cursor(Protocol):
    """What we use of a cursor; ``%s`` stands for a value."""

    def execute(self, query: str, values: Sequence[object] = ...) -> object:
        """Run one statement."""
        ...

    def executemany(self, query: str, rows: Iterable[Sequence[object]]) -> object:
        """Run one statement for each row of values."""
        ...

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, or ``None``."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all further rows."""
        ...


@dataclass(frozen=True, slots=True)
class Database:
    """One database of ours, open and up to date.

    Attributes:
        alias: Django's name for its connection; every query says it.
        path: Its file.
    """

    alias: str
    path: Path

    def close(self) -> None:
        """Close this thread's connection; the next query opens it again."""
        from django.db import connections

        connections[self.alias].close()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """Read, each statement by itself. Errors of the engine come as ours."""
        with told_apart(), self._cursor() as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Hold the right to write for one transaction, which is on disk when this ends.

        Raises:
            RuntimeError: The caller is inside such a transaction already.
            UnavailableError: Another process keeps writing; calling again is safe.
        """
        from django.db import transaction

        with (
            told_apart(),
            transaction.atomic(using=self.alias, durable=True),
            self._cursor() as cursor,
        ):
            yield cursor

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the database throughout, and keep nobody from writing.

        Nothing may be written by this thread until it ends.
        """
        from django.db import OperationalError

        with told_apart(), self._cursor() as cursor:
            # Not Django's own transaction: that one takes the right to write.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                # The engine ends it by itself after some errors, which must be seen, not this.
                with suppress(OperationalError):
                    cursor.execute("ROLLBACK")

    def _cursor(self) -> AbstractContextManager[Cursor]:
        from django.db import connections

        opened: AbstractContextManager[Cursor] = connections[self.alias].cursor()
        return opened
