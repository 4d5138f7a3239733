"""How SQLite is opened, how it keeps a snapshot, and what its errors mean."""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    TableClause,
    case,
    create_engine,
    func,
    tuple_,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import NULLTYPE, TypeEngine

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreConstraintError,
    StoreCorruptError,
    StoreDeniedError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreTooLargeError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects.sqlite_catalog import tables
from kept.connectors.sql.dialects.sqlite_request import SqliteWords
from kept.connectors.sql.value import is_text_of_unicode
from kept.errors import KeptError
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Capabilities, SamplesBy, Value

BUSY_SECONDS = 5.0
"""How long to wait for another writer before the store counts as locked."""

_BIGINT = range(-(2**63), 2**63)
_PREFIXES = ("sqlite+pysqlite:///", "sqlite:///")
_FIRST_BYTES = b"SQLite format 3\x00"

_FAILURES: tuple[tuple[str, type[KeptError], str], ...] = (
    ("SQLITE_BUSY", StoreLockedError, "is locked by another program"),
    ("SQLITE_LOCKED", StoreLockedError, "is locked by another program"),
    ("SQLITE_NOTADB", StoreCorruptError, "is not an SQLite database"),
    ("SQLITE_CORRUPT", StoreCorruptError, "is damaged"),
    ("SQLITE_FORMAT", StoreCorruptError, "is damaged"),
    ("SQLITE_READONLY", StoreReadOnlyError, "may be read and not written"),
    (
        "SQLITE_CONSTRAINT",
        StoreConstraintError,
        "refused the change, because a constraint forbids it",
    ),
    ("SQLITE_TOOBIG", StoreTooLargeError, "holds a value that is larger than what is read of one"),
    ("SQLITE_PERM", StoreDeniedError, "may not be opened"),
    ("SQLITE_AUTH", StoreDeniedError, "may not be opened"),
    ("SQLITE_FULL", StoreUnreachableError, "has no room left on its disk"),
    ("SQLITE_IOERR", StoreUnreachableError, "stands on a disk that does not answer"),
    ("SQLITE_CANTOPEN", StoreUnreachableError, "cannot be opened"),
    ("SQLITE_PROTOCOL", StoreUnreachableError, "cannot be opened"),
    ("SQLITE_NOMEM", StoreUnreachableError, "needs more memory than there is"),
    ("SQLITE_INTERRUPT", StoreUnreachableError, "was interrupted"),
    ("SQLITE_SCHEMA", StoreChangedError, "changed its structure meanwhile"),
)


class Sqlite:
    """SQLite through the driver that comes with Python.

    A reader opens the file read-only and cannot change it; a writer has foreign keys
    enforced and erased bytes overwritten.
    """

    engine: ClassVar[str] = "sqlite"
    words: ClassVar[SqliteWords] = SqliteWords()
    capabilities: ClassVar[Capabilities] = Capabilities(
        engine="sqlite",
        samples_by=SamplesBy.KEY,
        reads_snapshot=True,
        resumes=True,
        declares_references=True,
        answers_requests=True,
    )

    def shown(self, url: str) -> str:
        """Return `url`: an SQLite address holds a path and no secret."""
        return url

    def open(self, store: str, url: str, *, writes: bool) -> Engine:
        """Return an engine on the file that `url` names. The file must exist."""
        path = _path(store, url)

        def connect() -> sqlite3.Connection:
            return _connect(store, path, writes=writes)

        # No pool: a connection is cheap, and an idle one would hold the file open.
        return create_engine(
            "sqlite+pysqlite://", creator=connect, poolclass=NullPool, hide_parameters=True
        )

    def begin(self, *, writes: bool) -> str:
        """Return the statement that begins a transaction.

        A writer takes its lock at once: a lock that is asked for later can fail in
        the middle, when something else wrote since the first read.
        """
        return "BEGIN IMMEDIATE" if writes else "BEGIN"

    def stamp(self, connection: Connection) -> str:
        """Return the number that SQLite raises with every change of structure."""
        return str(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())

    def tables(self, connection: Connection) -> tuple[Table, ...]:
        """Return every table and view that is not SQLite's own, ordered by name."""
        return tables(connection)

    def unread(
        self,
        connection: Connection,  # noqa: ARG002
        found: Sequence[Table],  # noqa: ARG002
    ) -> tuple[tuple[str, str], ...]:
        """Return nothing: whoever may read the file may read all of it."""
        return ()

    def whole(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:  # noqa: ARG002
        """Return `column`: SQLite knows no types but those that may leave a connector."""
        return column

    def cut(self, column: ColumnElement[Any], told: Column, size: int) -> ColumnElement[Any]:  # noqa: ARG002
        """Return the first `size` characters or bytes of a value. Every column may hold text."""
        long = func.typeof(column).in_(("text", "blob")) & (func.length(column) > size)
        return case((long, func.substr(column, 1, size)), else_=column)

    def blocks(
        self,
        source: TableClause,  # noqa: ARG002
        table: Table,  # noqa: ARG002
        *,
        rows: int,  # noqa: ARG002
        of: int,  # noqa: ARG002
        seed: int,  # noqa: ARG002
    ) -> FromClause | None:
        """Return nothing: SQLite reads no random blocks."""
        return None

    def thinned(self, share: float, seed: int) -> ColumnElement[bool] | None:  # noqa: ARG002
        """Return nothing: SQLite's randomness takes no seed."""
        return None

    def key_type(self, told: Column) -> TypeEngine[Any] | None:  # noqa: ARG002
        """Return nothing to cast to: a value keeps the type that it has in its row."""
        return NULLTYPE

    def follows(
        self,
        columns: Sequence[ColumnElement[Any]],
        values: Sequence[ColumnElement[Any]],
    ) -> ColumnElement[bool]:
        """Return what is true of the rows whose key comes after `values`."""
        return tuple_(*columns) > tuple_(*values)

    def comparable(
        self,
        column: ColumnElement[Any],
        told: Column,  # noqa: ARG002
        values: Sequence[Value],
    ) -> tuple[ColumnElement[Any], Sequence[Value]]:
        """Return both: SQLite compares anything with anything that it can hold."""
        held = [each for each in values if not isinstance(each, int) or each in _BIGINT]
        return column, [
            each for each in held if not isinstance(each, str) or is_text_of_unicode(each)
        ]

    def is_text(self, told: Column) -> bool:  # noqa: ARG002
        """Return true: in SQLite every column may hold text."""
        return True

    def is_number(self, told: Column) -> bool:  # noqa: ARG002
        """Return true: in SQLite every column may hold numbers."""
        return True

    def leaves_as(self, told: Column) -> str:  # noqa: ARG002
        """Return one kind for all: a statement of SQLite mixes them."""
        return ""

    def streams(self, connection: Connection) -> None:
        """Do nothing: no statement is ended by the engine."""

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what `error` means, with none of its words."""
        name = getattr(error, "sqlite_errorname", None) or ""
        for start, kind, means in _FAILURES:
            if name.startswith(start):
                return kind(f"the store {store!r} {means}")
        if isinstance(
            error, sqlite3.DataError | sqlite3.InterfaceError | OverflowError | UnicodeError
        ):
            return StoreConstraintError(f"the store {store!r} refused a value of the wrong type")
        return StoreChangedError(f"the store {store!r} refused a statement ({name or 'no code'})")


_NOT_WITHOUT_WRITING = ("SQLITE_CANTOPEN", "SQLITE_READONLY")
"""How SQLite says that reading would need to write beside the file, or into it."""


def _path(store: str, url: str) -> Path:
    """Return the path in `url`, taken literally: ``?`` and ``#`` are good file names."""
    for prefix in _PREFIXES:
        if url.startswith(prefix) and url != prefix:
            return Path(url.removeprefix(prefix))
    raise StoreAddressError(f"the url of the store {store!r} names no file")


def _connect(store: str, path: Path, *, writes: bool) -> sqlite3.Connection:
    _must_be_there(store, path)
    if writes:
        _must_be_writable(store, path)
    mode = "rw" if writes else "ro"
    connection = _opened(path, f"mode={mode}")
    try:
        _prepare(connection, writes=writes)
    except sqlite3.OperationalError as error:
        connection.close()
        refused = (error.sqlite_errorname or "").startswith(_NOT_WITHOUT_WRITING)
        if not writes and refused and _is_left_half_written(path) and _may_write(path):
            # A program that was killed left its transaction: whoever opens the file next must
            # take it back, or would read what was never committed.
            connection = _opened(path, "mode=rw")
        elif writes or not _may_be_immutable(path, error):
            raise
        else:
            connection = _opened(path, "mode=ro&immutable=1")
        _prepare(connection, writes=False)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _opened(path: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        # The driver would begin and commit behind our back: transactions are ours.
        isolation_level=None,
        # SQLAlchemy hands a connection to one thread at a time.
        check_same_thread=False,
    )
    # A database that another program filled may hold text that is no UTF-8. Showing
    # it damaged is better than refusing the whole store.
    connection.text_factory = _text
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _prepare(connection: sqlite3.Connection, *, writes: bool) -> None:
    if writes:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
    else:
        connection.execute("PRAGMA query_only = ON")
    # The first statement that reads the file: what is no database fails here.
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()


def _may_be_immutable(path: Path, error: sqlite3.OperationalError) -> bool:
    """Return whether a database in a folder that we may not write can be read as it is.

    A reader of a database in WAL mode writes a file beside it. Where it may not, and
    no such file shows that somebody works on the database now, the file alone is whole.
    """
    cannot_write = (error.sqlite_errorname or "").startswith(_NOT_WITHOUT_WRITING)
    log = path.with_name(f"{path.name}-wal")
    beside = log.exists() and log.stat().st_size
    return cannot_write and not beside and not _is_left_half_written(path)


def _is_left_half_written(path: Path) -> bool:
    """Return whether the journal of a transaction that did not end stands beside the file."""
    journal = path.with_name(f"{path.name}-journal")
    return journal.exists() and journal.stat().st_size > 0


def _must_be_writable(store: str, path: Path) -> None:
    """Refuse at once what SQLite would refuse in the middle: it begins, and reads first."""
    if not _may_write(path):
        raise StoreReadOnlyError(f"the file of the store {store!r} may be read and not written")
    if not _may_write(path.parent):
        raise StoreReadOnlyError(
            f"the folder of the store {store!r} may not be written",
            remedy="SQLite keeps its journal there: give the account write permission on it.",
        )


def _may_write(path: Path) -> bool:
    """Return whether the account that this process acts as may write `path`."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _must_be_there(store: str, path: Path) -> None:
    """Tell a file that is missing from one that is no database: SQLite does not."""
    try:
        if path.is_dir():
            raise StoreCorruptError(f"the store {store!r} is a folder, not an SQLite database")
        with path.open("rb") as file:
            first = file.read(len(_FIRST_BYTES))
    except FileNotFoundError:
        raise StoreMissingError(f"the store {store!r} has no file at its path") from None
    except PermissionError:
        raise StoreDeniedError(
            f"the file of the store {store!r} may not be read",
            remedy="Give the account that runs this command permission to read the file.",
        ) from None
    except OSError:
        raise StoreUnreachableError(f"the file of the store {store!r} cannot be read") from None
    if first and first != _FIRST_BYTES:
        raise StoreCorruptError(f"the store {store!r} is not an SQLite database")
