"""How MariaDB and MySQL are opened, how they keep a snapshot, and what their errors mean."""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    CHAR,
    ColumnElement,
    FromClause,
    TableClause,
    and_,
    cast,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    or_,
)
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import NULLTYPE, Numeric, TypeEngine

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
from kept.connectors.sql.dialects.mariadb_catalog import tables, unread
from kept.connectors.sql.dialects.mariadb_request import MariadbWords
from kept.connectors.sql.value import is_text_of_unicode
from kept.errors import KeptError
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Capabilities, SamplesBy, Value

STATEMENT_SECONDS = 60
"""How long one statement that reads may take before the store itself ends it."""

LOCK_SECONDS = 5
CONNECT_SECONDS = 10
RECYCLE_SECONDS = 60

_FAILURES: tuple[tuple[frozenset[int], type[KeptError], str], ...] = (
    (frozenset({1969, 3024, 1317}), StoreTimeoutError, "took too long to answer"),
    (frozenset({1205, 1213, 1099, 1100}), StoreLockedError, "is locked by another program"),
    (
        frozenset({1290, 1792, 1836, 1288, 1471}),
        StoreReadOnlyError,
        "may be read and not written",
    ),
    (
        frozenset({1044, 1142, 1143, 1227, 1370, 1345, 1449}),
        StoreDeniedError,
        "may not be read or written so by this account",
    ),
    (
        frozenset({1045, 1130, 1698, 1251, 1524, 1820, 1862}),
        StoreDeniedError,
        "does not let this account in",
    ),
    (frozenset({1049}), StoreDeniedError, "has no database of the name in its url"),
    (frozenset({1146, 1051, 1109}), StoreChangedError, "has lost a table meanwhile"),
    (frozenset({1054}), StoreChangedError, "has lost a column meanwhile"),
    (frozenset({1356}), StoreChangedError, "has a view that cannot be read"),
    (frozenset({1412}), StoreChangedError, "changed its structure meanwhile"),
    (
        frozenset({1048, 1062, 1216, 1217, 1451, 1452, 3819, 4025, 1364}),
        StoreConstraintError,
        "refused the change, because a constraint forbids it",
    ),
    (
        frozenset({1264, 1267, 1270, 1292, 1365, 1366, 1406, 1690, 1977, 3141, 4038}),
        StoreCorruptError,
        "holds a value that it cannot hand out",
    ),
    (frozenset({126, 127, 144, 145, 1034, 1194, 1195, 1877}), StoreCorruptError, "is damaged"),
    (
        frozenset({1040, 1041, 1021, 1114, 1203, 1226}),
        StoreUnreachableError,
        "has no room or no connection left",
    ),
)

_TEXTS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
_BYTES = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
_WHOLE_NUMBERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint"})
_FLOATS = frozenset({"float", "double"})
_SHAPES = frozenset(
    {
        "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring",
        "multipolygon", "geometrycollection", "geomcollection",
    }
)  # fmt: skip
_ORDERED_AS_COMPARED = (
    _WHOLE_NUMBERS
    | _TEXTS
    | _BYTES
    | {"year", "date", "datetime", "timestamp", "decimal", "uuid", "inet4", "inet6"}
)
_INTEGERS = range(-(2**63), 2**64)


class Mariadb:
    """MariaDB 10.5 and later, MySQL 8 and later, through PyMySQL: the one database of the url.

    A reader's transactions are read-only, end statements that take too long, and wait
    for no lock for long.
    """

    engine: ClassVar[str] = "mariadb"
    words: ClassVar[MariadbWords] = MariadbWords()
    capabilities: ClassVar[Capabilities] = Capabilities(
        engine="mariadb",
        samples_by=SamplesBy.KEY,
        reads_snapshot=True,
        resumes=True,
        declares_references=True,
        times_out=True,
        answers_requests=True,
        readers=2,
    )

    def shown(self, url: str) -> str:
        """Return `url` without its password."""
        try:
            return (
                _address(url, "")
                .set(query={}, drivername="mysql")
                .render_as_string(hide_password=True)
            )
        except StoreAddressError:
            return "mysql://"

    def open(self, store: str, url: str, *, writes: bool) -> Engine:
        """Return an engine on the database that `url` names."""
        engine = create_engine(
            _address(url, store),
            connect_args={"charset": "utf8mb4", "connect_timeout": CONNECT_SECONDS},
            # One is kept open: what the driver prepares for encryption takes longer than a
            # sample does.
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=8,
            pool_pre_ping=True,
            pool_recycle=RECYCLE_SECONDS,
            hide_parameters=True,
        )
        # Each server takes its own words for how long a statement may take.
        limit = (
            ""
            if writes
            else f" /*M!100101 , max_statement_time = {STATEMENT_SECONDS} */"
            f" /*!50708 , max_execution_time = {STATEMENT_SECONDS}000 */"
        )

        def prepare(connection: Any, *_: object) -> None:  # noqa: ANN401 - the driver's own
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SET SESSION time_zone = '+00:00', lock_wait_timeout = {LOCK_SECONDS},"
                    f" innodb_lock_wait_timeout = {LOCK_SECONDS}{limit}"
                )
                if writes:
                    # Whoever writes locks the rows that it read, and sees what others wrote
                    # before; what does not fit a column is refused, and not cut to fit.
                    cursor.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES'")
                    cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                else:
                    # Only so do the statements of a transaction see one state.
                    cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        # Each time, and not once: what `streams` allowed was for one transaction.
        event.listen(engine, "checkout", prepare)
        return engine

    def begin(self, *, writes: bool) -> str:
        """Return the statement that begins a transaction, and takes its snapshot at once."""
        return (
            "START TRANSACTION"
            if writes
            else "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
        )

    def stamp(self, connection: Connection) -> str:  # noqa: ARG002 - nothing tells
        """Return nothing: no number tells of every change of structure."""
        return ""

    def tables(self, connection: Connection) -> tuple[Table, ...]:
        """Return every table and view of the database, ordered by name."""
        return tables(connection)

    def unread(
        self,
        connection: Connection,  # noqa: ARG002 - the columns told it
        found: Sequence[Table],
    ) -> tuple[tuple[str, str], ...]:
        """Return the tables that the account may not read."""
        return unread(found)

    def whole(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:
        """Return what reads a value: numbers, texts and bytes as they are, else text."""
        bare = _bare(told)
        if bare in _TEXTS | _BYTES | _WHOLE_NUMBERS | _FLOATS | {"year"}:
            return column
        if bare == "bit":
            return column.op("+")(0)
        return func.st_astext(column) if bare in _SHAPES else cast(column, CHAR)

    def cut(self, column: ColumnElement[Any], told: Column, size: int) -> ColumnElement[Any]:
        """Return the first `size` characters or bytes of a value."""
        whole = self.whole(column, told)
        return whole if self.leaves_as(told) in {"int", "float"} else func.left(whole, size)

    def blocks(
        self,
        source: TableClause,  # noqa: ARG002
        table: Table,  # noqa: ARG002
        *,
        rows: int,  # noqa: ARG002
        of: int,  # noqa: ARG002
        seed: int,  # noqa: ARG002
    ) -> FromClause | None:
        """Return nothing: the engine reads no random blocks."""
        return None

    def thinned(self, share: float, seed: int) -> ColumnElement[bool] | None:
        """Return what is true of that share of the rows, in the order in which they are read."""
        return func.rand(seed) < share

    def key_type(self, told: Column) -> TypeEngine[Any] | None:
        """Return what a key's value is compared as; most are as they are.

        Enumerations are ordered by place and compared by name, and floating-point numbers
        are equal to none of their texts.
        """
        bare = _bare(told)
        if bare not in _ORDERED_AS_COMPARED:
            return None
        if bare != "decimal":
            return NULLTYPE
        precision, _, scale = told.type.partition("(")[2].partition(")")[0].partition(",")
        return Numeric(int(precision or 10), int(scale or 0))

    def follows(
        self,
        columns: Sequence[ColumnElement[Any]],
        values: Sequence[ColumnElement[Any]],
    ) -> ColumnElement[bool]:
        """Return what is true of the rows whose key comes after `values`.

        Written out: the engine searches no index for a comparison of several columns.
        """
        first, *others = zip(columns, values, strict=True)
        column, value = first
        if not others:
            return column > value
        rest = self.follows([each for each, _ in others], [each for _, each in others])
        return and_(column >= value, or_(column > value, and_(column == value, rest)))

    def comparable(
        self, column: ColumnElement[Any], told: Column, values: Sequence[Value]
    ) -> tuple[ColumnElement[Any], Sequence[Value]]:
        """Return a column and the values of its type; one of another type is cast to text."""
        if self.is_number(told):
            return column, [each for each in values if type(each) is int and each in _INTEGERS]
        texts = [each for each in values if isinstance(each, str) and is_text_of_unicode(each)]
        if self.is_text(told) and all(each.isascii() for each in texts):
            return column, texts
        # A text in Latin letters is not even compared with one that has others.
        return func.convert(column.op("USING")(literal_column("utf8mb4"))), texts

    def is_text(self, told: Column) -> bool:
        """Return whether a column is of a text type."""
        return _bare(told) in _TEXTS

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return _bare(told) in _WHOLE_NUMBERS

    def leaves_as(self, told: Column) -> str:
        """Return the kind that a value leaves as: most are text."""
        bare = _bare(told)
        if bare in _WHOLE_NUMBERS | {"bit", "year"}:
            return "int"
        if bare in _FLOATS:
            return "float"
        return "bytes" if bare in _BYTES else "text"

    def streams(self, connection: Connection) -> None:
        """Let one statement take as long as its rows do: it is under way until the last."""
        connection.exec_driver_sql(
            "SET SESSION net_write_timeout = 3600"
            " /*M!100101 , max_statement_time = 0 */ /*!50708 , max_execution_time = 0 */"
        )

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what `error` means, with none of its words."""
        if isinstance(error, UnicodeDecodeError):
            return StoreCorruptError(f"the store {store!r} holds a text that is no UTF-8")
        if isinstance(error, UnicodeError | OverflowError):
            return StoreConstraintError(f"the store {store!r} refused a value of the wrong type")
        code = error.args[0] if error.args else None
        for codes, kind, means in _FAILURES:
            if code in codes:
                return kind(f"the store {store!r} {means}")
        if isinstance(code, int) and 1000 <= code < 2000:  # noqa: PLR2004 - the server's own codes
            return StoreChangedError(f"the store {store!r} refused a statement ({code})")
        # The driver's own codes: no connection was made, or it was lost.
        return StoreUnreachableError(f"the store {store!r} did not answer")


def _bare(told: Column) -> str:
    """Return a type's name without its length and its attributes."""
    return told.type.partition("(")[0].partition(" ")[0].lower()


def _address(url: str, store: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None or not address.database:
        raise StoreAddressError(
            f"the address of the store {store!r} cannot be read, or names no database",
            remedy="Write it as mysql://reader@host:3306/database, or as env:NAME.",
        )
    return address.set(drivername="mysql+pymysql")
