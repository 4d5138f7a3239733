"""How long one table may take, and how large a value may be, where the engine sets no bound."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from kept.connectors.errors import StoreTimeoutError
from kept.errors import KeptError

TABLE_SECONDS = 120.0
"""How long one table is sampled."""

LARGEST = 64_000_000
"""Bytes of a value of which SQLite is asked the beginning: it reads all of it first."""

_STEPS = 50_000
"""Instructions of SQLite between two looks at the clock: some thousandths of a second."""


@contextmanager
def reading_no_giants(connection: Connection) -> Iterator[None]:
    """Let the engine refuse a value that it could only read whole; other rows are read."""
    driver: object = connection.connection.dbapi_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    before = driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
    try:
        yield
    finally:
        driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


class Patience:
    """What is left of the time for one table.

    Args:
        store: Name of the store.
        table: Name of the table.
        seconds: How long it may take.
    """

    def __init__(self, store: str, table: str, seconds: float) -> None:
        self._said = f"a sample of {store}.{table} took longer than {seconds:g} seconds"
        self._ends = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._ends

    def check(self) -> None:
        """Go on, or end.

        Raises:
            StoreTimeoutError: The time is up.
        """
        if self.over:
            raise StoreTimeoutError(self._said)

    @contextmanager
    def ending(self, connection: Connection) -> Iterator[None]:
        """End statements of `connection` when the time is up, where its engine does not itself."""
        driver: object = connection.connection.dbapi_connection
        if not isinstance(driver, sqlite3.Connection):
            yield
            return
        driver.set_progress_handler(lambda: self.over, _STEPS)
        try:
            with reading_no_giants(connection):
                yield
        finally:
            driver.set_progress_handler(None, _STEPS)

    def instead_of(self, error: KeptError) -> KeptError:
        """Return what `error` means, where it may be that the time was up."""
        return StoreTimeoutError(self._said) if self.over else error
