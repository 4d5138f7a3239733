"""How PostgreSQL is opened, how it keeps a snapshot, and what its errors mean."""

import select
from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    TableClause,
    Text,
    cast,
    create_engine,
    event,
    func,
    literal,
    make_url,
    tuple_,
)
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeEngine

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreConstraintError,
    StoreCorruptError,
    StoreDeniedError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreTimeoutError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects.named_type import EscapedNamedType
from kept.connectors.sql.dialects.postgresql_catalog import tables, unread
from kept.connectors.sql.dialects.postgresql_request import PostgresqlWords
from kept.connectors.sql.value import is_text_of_unicode
from kept.errors import KeptError
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Capabilities, SamplesBy, Value

STATEMENT_SECONDS = 60
"""How long one statement that reads may take before the store itself ends it."""

LOCK_SECONDS = 5
CONNECT_SECONDS = 10
RECYCLE_SECONDS = 60

_FAILURES: tuple[tuple[str, type[KeptError], str], ...] = (
    ("57014", StoreTimeoutError, "took too long to answer"),
    ("55P03", StoreLockedError, "is locked by another program"),
    ("40", StoreLockedError, "was changed by another program at the same time"),
    ("25006", StoreReadOnlyError, "may be read and not written"),
    ("42501", StoreDeniedError, "may not be read or written so by this account"),
    ("28", StoreDeniedError, "does not let this account in"),
    ("3D", StoreDeniedError, "has no database of the name in its url"),
    ("42P01", StoreChangedError, "has lost a table meanwhile"),
    ("42703", StoreChangedError, "has lost a column meanwhile"),
    ("42", StoreChangedError, "does not have what was asked for"),
    ("55000", StoreChangedError, "has a view that cannot be read yet"),
    ("23", StoreConstraintError, "refused the change, because a constraint forbids it"),
    ("22", StoreCorruptError, "holds a value that it cannot hand out"),
    ("XX", StoreCorruptError, "is damaged"),
    ("53", StoreUnreachableError, "has no room or no connection left"),
    ("57", StoreUnreachableError, "was stopped meanwhile"),
    ("58", StoreUnreachableError, "stands on a disk that does not answer"),
    ("08", StoreUnreachableError, "did not answer"),
)


_REFUSALS = ("does not exist", "not permitted to log in", "pg_hba.conf", "authentication failed")
_BUSY = (
    "too many", "connection slots", "starting up", "shutting down", "recovery", "timeout",
    "closed the connection",
)  # fmt: skip

_BIGINT = range(-(2**63), 2**63)
_TEXTS = frozenset({"text", "character varying", "character", "bpchar", "name"})
_PLAIN = _TEXTS | {
    "smallint", "integer", "bigint", "real", "double precision", "boolean", "bytea",
}  # fmt: skip


class Postgresql:
    """PostgreSQL 12 and later, through psycopg.

    A reader's transactions are read-only, end statements that take too long, and wait
    for no lock for long. Text that is no UTF-8 cannot be in such a database.
    """

    engine: ClassVar[str] = "postgresql"
    words: ClassVar[PostgresqlWords] = PostgresqlWords()
    capabilities: ClassVar[Capabilities] = Capabilities(
        engine="postgresql",
        samples_by=SamplesBy.BLOCK,
        reads_snapshot=True,
        resumes=True,
        declares_references=True,
        tells_reads=True,
        times_out=True,
        answers_requests=True,
        readers=2,
    )

    def shown(self, url: str) -> str:
        """Return `url` without its password."""
        try:
            return _address(url, "").set(query={}).render_as_string(hide_password=True)
        except StoreAddressError:
            return "postgresql://"

    def open(self, store: str, url: str, *, writes: bool) -> Engine:
        """Return an engine on the database that `url` names."""
        address = _address(url, store)
        reading = "" if writes else f" -c statement_timeout={STATEMENT_SECONDS}s"
        given = address.query.get("options", "")
        options = (
            f"{given if isinstance(given, str) else ' '.join(given)} -c lock_timeout={LOCK_SECONDS}s"
            f" -c client_encoding=UTF8 -c jit=off -c DateStyle=ISO -c IntervalStyle=iso_8601 -c TimeZone=UTC{reading}"
        ).strip()
        engine = create_engine(
            address.difference_update_query(["options"]),
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "options": options,
                "application_name": "kept",
                # Nothing is prepared on the server: poolers in between would mix it up.
                "prepare_threshold": None,
            },
            # One is kept open: the server has learnt its way about by the second request.
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=8,
            pool_recycle=RECYCLE_SECONDS,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _read_damaged_text)
        event.listen(engine, "checkout", _require_open)
        return engine

    def begin(self, *, writes: bool) -> str:
        """Return the statement that gives the transaction its isolation."""
        return (
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE"
            if writes
            else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        )

    def stamp(self, connection: Connection) -> str:  # noqa: ARG002 - nothing tells
        """Return nothing: PostgreSQL has no number that every change of structure raises."""
        return ""

    def tables(self, connection: Connection) -> tuple[Table, ...]:
        """Return every table and view that is not the engine's own, ordered by name."""
        return tables(connection)

    def unread(self, connection: Connection, found: Sequence[Table]) -> tuple[tuple[str, str], ...]:
        """Return the schemas and tables that the account may not look into."""
        return unread(connection, found)

    def whole(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:
        """Return what reads a value: numbers, truths, texts and bytes as they are, else text."""
        if told.array:
            return cast(func.to_json(column), Text)
        return column if _bare(told) in _PLAIN else cast(column, Text)

    def cut(self, column: ColumnElement[Any], told: Column, size: int) -> ColumnElement[Any]:
        """Return the first `size` characters or bytes of a value."""
        whole = self.whole(column, told)
        if told.type == "bytea":
            return func.substring(whole, 1, size)
        as_it_is = _bare(told) in _PLAIN and not told.array and not self.is_text(told)
        return whole if as_it_is else func.left(whole, size)

    def blocks(
        self, source: TableClause, table: Table, *, rows: int, of: int, seed: int
    ) -> FromClause | None:
        """Return rows of random blocks: the same table, seed and share give the same rows."""
        if table.view and not table.materialised:
            return None
        share = min(100.0, 100.0 * rows / max(1, of))
        return source.tablesample(func.system(share), seed=literal(seed))

    def thinned(self, share: float, seed: int) -> ColumnElement[bool] | None:  # noqa: ARG002
        """Return nothing: blocks are read at random instead."""
        return None

    def key_type(self, told: Column) -> TypeEngine[Any] | None:
        """Return the column's own type: text that it wrote itself, it reads back exactly."""
        return None if told.json or told.array else EscapedNamedType(told.type)

    def follows(
        self,
        columns: Sequence[ColumnElement[Any]],
        values: Sequence[ColumnElement[Any]],
    ) -> ColumnElement[bool]:
        """Return what is true of the rows whose key comes after `values`."""
        return tuple_(*columns) > tuple_(*values)

    def comparable(
        self, column: ColumnElement[Any], told: Column, values: Sequence[Value]
    ) -> tuple[ColumnElement[Any], Sequence[Value]]:
        """Return a column and the values of its type; one of another type is cast to text."""
        if self.is_number(told):
            numbers = [each for each in values if type(each) is int and each in _BIGINT]
            return column, numbers
        texts = [each for each in values if is_text_of_unicode(each)]
        return column if self.is_text(told) else cast(column, Text), texts

    def is_text(self, told: Column) -> bool:
        """Return whether a column is of a text type."""
        return not told.array and _bare(told) in _TEXTS

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return told.type in {"smallint", "integer", "bigint"}

    def leaves_as(self, told: Column) -> str:
        """Return the type that a value leaves in: most are text."""
        bare = "" if told.array else _bare(told)
        return bare if bare in _PLAIN - _TEXTS else "text"

    def streams(self, connection: Connection) -> None:
        """Do nothing: each part of a stream is a statement of its own."""

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what `error` means, with none of its words."""
        state = getattr(error, "sqlstate", None) or ""
        for start, kind, means in _FAILURES:
            if state.startswith(start):
                return kind(f"the store {store!r} {means}")
        if isinstance(error, UnicodeDecodeError):
            return StoreCorruptError(f"the store {store!r} holds a text that is no UTF-8")
        if isinstance(error, UnicodeError | OverflowError):
            return StoreConstraintError(f"the store {store!r} refused a value of the wrong type")
        if _refused(error):
            return StoreDeniedError(f"the store {store!r} does not let this account in")
        return StoreUnreachableError(f"the store {store!r} did not answer")


def _refused(error: BaseException) -> bool:
    """Return whether a server answered that it does not let the account in.

    The driver gives no state where no connection was made, so what it was asked for and
    what the server said are all that tells. A server that speaks another language than
    English, and asked for a password, is one that answered too.
    """
    attempt = getattr(error, "pgconn", None)
    if attempt is None:
        return False
    said = str(error).lower()
    if any(each in said for each in _BUSY):
        return False
    return bool(attempt.used_password) or any(each in said for each in _REFUSALS)


def _read_damaged_text(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
    """Show text that is no UTF-8 damaged: a database in no encoding lets it in."""
    if connection.info.parameter_status("server_encoding") != "SQL_ASCII":
        return
    # Else the server checks what it hands out, and refuses.
    connection.execute("SET client_encoding TO SQL_ASCII")
    connection.commit()
    for name in ("text", "varchar", "bpchar", "name"):
        connection.adapters.register_loader(name, _Lenient)


def _require_open(connection: Any, *_: object) -> None:  # noqa: ANN401 - the driver's own
    """Have a connection replaced that the server has closed meanwhile, without asking it.

    A server says nothing to a connection on which nothing was asked, but that it is over.
    """
    if connection.closed or select.select([connection.fileno()], [], [], 0)[0]:
        raise DisconnectionError


class _Lenient:
    """What the driver reads such text with: one of its loaders, which are told by their shape."""

    format: ClassVar[int] = 0

    def __init__(self, oid: int, context: object = None) -> None:
        self.oid = oid
        self.context = context

    def load(self, read: Any) -> str:  # noqa: ANN401 - any buffer
        """Return the text, with a mark for what cannot be read."""
        return bytes(read).decode("utf-8", "replace")


def _bare(told: Column) -> str:
    """Return a type's name without its length; a type of the database's own is never plain."""
    return told.type.partition("(")[0]


def _address(url: str, store: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreAddressError(
            f"the address of the store {store!r} cannot be read",
            remedy="Write it as postgresql://reader@host:5432/database, or as env:NAME.",
        ) from None
    return address.set(drivername="postgresql+psycopg")
