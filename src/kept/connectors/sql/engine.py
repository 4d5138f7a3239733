"""How an SQL store is opened: to read in one snapshot, or to write in one transaction."""

import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from kept.connectors.errors import (
    StoreDefectError,
    StoreSchemeError,
    StoreUnreachableError,
)
from kept.connectors.extras import extra_missing
from kept.connectors.sql.dialects.dialect import Dialect
from kept.connectors.sql.dialects.duckdb import Duckdb
from kept.connectors.sql.dialects.mariadb import Mariadb
from kept.connectors.sql.dialects.postgresql import Postgresql
from kept.connectors.sql.dialects.sqlite import Sqlite
from kept.errors import KeptError

_DIALECTS: dict[str, type[Dialect]] = {
    "sqlite": Sqlite,
    "postgresql": Postgresql,
    "postgres": Postgresql,
    "mysql": Mariadb,
    "mariadb": Mariadb,
    "duckdb": Duckdb,
}


def dialect_of(store: str, url: str) -> Dialect:
    """Return the dialect that `url` names.

    Raises:
        StoreSchemeError: No connector exists for it.
    """
    scheme = url.partition("://")[0].partition("+")[0].lower()
    known = _DIALECTS.get(scheme)
    if known is not None:
        return known()
    # The scheme itself may be a mistyped password: it is shown only if it looks like one.
    shown = f" {scheme!r}" if scheme.isalnum() and "://" in url else ""
    raise StoreSchemeError(
        f"the store {store!r} is of a kind{shown} that no connector reads",
        remedy=f"Use one of these schemes: {', '.join(sorted(_DIALECTS))}.",
    )


def _close(engines: dict[bool, Engine]) -> None:
    for engine in engines.values():
        engine.dispose()


class SqlEngine:
    """One store's engines: one that can only read, one that writes.

    Errors of the driver leave it as errors of ours, without the driver's words: they
    carry values.

    Attributes:
        store: Name of the store.
        dialect: What is particular to its engine.
    """

    def __init__(self, store: str, url: str, write_url: str = "") -> None:
        self.store = store
        self.dialect = dialect_of(store, url)
        self._urls = {False: url, True: write_url or url}
        self._engines: dict[bool, Engine] = {}
        # What is open is closed when nobody can use it any more, or the process ends.
        weakref.finalize(self, _close, self._engines)

    def __repr__(self) -> str:
        return f"SqlEngine({self.store!r}, {self.dialect.engine!r})"

    @property
    def shown(self) -> str:
        """The reading address without secrets."""
        return self.dialect.shown(self._urls[False])

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open the store for reading; every statement sees the same content.

        Raises:
            UnavailableError: The store did not answer; calling again is safe.
            RefusedError: It is no such store, or may not be read.
        """
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the store for writing; commits at the end, and nothing after an error.

        Raises:
            UnavailableError: The store did not answer, and nothing was changed.
            RefusedError: The store does not allow it, and nothing was changed.
        """
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        engine = self._engine(writes=writes)
        with self._translated(), ExitStack() as stack:
            yield self._begun(engine, stack, writes=writes)

    def _begun(self, engine: Engine, stack: ExitStack, *, writes: bool) -> Connection:
        """Return a connection in a transaction, a new one where the one kept open was lost."""
        for kept_open in (True, False):
            with ExitStack() as opened:
                connection = opened.enter_context(engine.connect())
                # Left by an error or by a commit, whichever comes at the end of the block.
                transaction = connection.begin()
                try:
                    # SQLAlchemy only notes that something began: the statement begins it.
                    connection.exec_driver_sql(self.dialect.begin(writes=writes))
                except DBAPIError as error:
                    transaction.rollback()
                    if not (kept_open and error.connection_invalidated):
                        raise
                    continue
                opened.enter_context(transaction)
                stack.push(opened.pop_all())
                return connection
        raise AssertionError  # pragma: no cover - the second attempt returned or raised

    def _engine(self, *, writes: bool) -> Engine:
        if writes not in self._engines:
            try:
                made = self.dialect.open(self.store, self._urls[writes], writes=writes)
            except ModuleNotFoundError as error:
                raise extra_missing(self.store, error) from None
            self._engines[writes] = made
        return self._engines[writes]

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self.dialect.failure(self.store, error.orig or error) from None
        except (OverflowError, UnicodeError) as error:
            # A value that the driver could not even pass on; its message would show it.
            raise self.dialect.failure(self.store, error) from None
        except (NoConnectionError, DisconnectionError):
            raise StoreUnreachableError(f"the store {self.store!r} did not answer") from None
        except SQLAlchemyError as error:
            raise self._defect(error) from None

    def _defect(self, error: SQLAlchemyError) -> KeptError:
        """Return what an error means that is not the driver's: a value, or a fault of ours.

        The store was not even asked, so nothing is to be waited for.
        """
        cause = error.orig if isinstance(error, StatementError) else None
        if isinstance(cause, OverflowError | UnicodeError):
            return self.dialect.failure(self.store, cause)
        named = type(cause or error).__name__
        return StoreDefectError(
            f"internal fault: the store {self.store!r} was asked what cannot be asked ({named})"
        )
