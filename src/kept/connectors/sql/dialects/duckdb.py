"""How a DuckDB file is opened, how it keeps a snapshot, and what its errors mean."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    TableClause,
    Text,
    cast,
    create_engine,
    func,
    literal_column,
    tuple_,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeEngine

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreConstraintError,
    StoreCorruptError,
    StoreDeniedError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreTimeoutError,
    StoreTooLargeError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects.duckdb_catalog import is_nested, tables
from kept.connectors.sql.dialects.duckdb_request import DuckdbWords
from kept.connectors.sql.dialects.named_type import NamedType
from kept.connectors.sql.value import is_text_of_unicode
from kept.errors import KeptError
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Capabilities, SamplesBy, Value

MEMORY = "256MB"
"""How much the engine may hold before it refuses: a store is looked at in bounded memory."""

_PREFIX = "duckdb:///"

_FAILURES: dict[str, tuple[type[KeptError], str]] = {
    "CatalogException": (StoreChangedError, "does not have what was asked for"),
    "BinderException": (StoreChangedError, "does not have what was asked for"),
    "ParserException": (StoreChangedError, "refused a statement"),
    "ConstraintException": (
        StoreConstraintError,
        "refused the change, because a constraint forbids it",
    ),
    "ConversionException": (StoreCorruptError, "holds a value that it cannot hand out"),
    "OutOfRangeException": (StoreCorruptError, "holds a value that it cannot hand out"),
    "InvalidInputException": (StoreCorruptError, "holds a value that it cannot hand out"),
    "TypeMismatchException": (StoreCorruptError, "holds a value that it cannot hand out"),
    "SerializationException": (StoreCorruptError, "is damaged or of another version of DuckDB"),
    "FatalException": (StoreCorruptError, "is damaged"),
    "InternalException": (StoreCorruptError, "is damaged"),
    "OutOfMemoryException": (StoreTooLargeError, "needs more memory than it is given"),
    "InterruptException": (StoreTimeoutError, "was interrupted"),
    "TransactionException": (StoreLockedError, "was changed by another program at the same time"),
    "PermissionException": (StoreDeniedError, "may not be read so"),
    "HTTPException": (StoreDeniedError, "has a view on something outside it"),
}

_BIGINT = range(-(2**63), 2**63)
_WHOLE_NUMBERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_PLAIN = _WHOLE_NUMBERS | _FLOATS | {"VARCHAR", "BOOLEAN", "BLOB"}


class Duckdb:
    """A DuckDB file through its own driver, opened read-only, with nothing attached to it.

    One program may write a file, or several may read it: while somebody writes, the
    store is locked. Views that reach outside the file are refused.
    """

    engine: ClassVar[str] = "duckdb"
    words: ClassVar[DuckdbWords] = DuckdbWords()
    capabilities: ClassVar[Capabilities] = Capabilities(
        engine="duckdb",
        samples_by=SamplesBy.BLOCK,
        reads_snapshot=True,
        resumes=True,
        declares_references=True,
        answers_requests=True,
    )

    def shown(self, url: str) -> str:
        """Return the address without options: one could be a secret."""
        return url.partition("?")[0]

    def open(self, store: str, url: str, *, writes: bool) -> Engine:
        """Return an engine on the file that `url` names. The file must exist."""
        path = _path(store, url)
        # Loaded when the first such store is opened: the engine weighs.
        wrapped = import_module("duckdb_engine").ConnectionWrapper

        def connect() -> Any:  # noqa: ANN401 - the driver's own
            return wrapped(_connect(store, path, writes=writes))

        return create_engine("duckdb://", creator=connect, poolclass=NullPool, hide_parameters=True)

    def begin(self, *, writes: bool) -> str:
        """Return a statement that does nothing: the driver's own began the transaction."""
        return "SELECT 1" if writes else "SELECT 0"

    def stamp(self, connection: Connection) -> str:  # noqa: ARG002 - nothing tells
        """Return nothing: no number tells of every change of structure."""
        return ""

    def tables(self, connection: Connection) -> tuple[Table, ...]:
        """Return every table and view of the file, ordered by name."""
        return tables(connection)

    def unread(
        self,
        connection: Connection,  # noqa: ARG002
        found: Sequence[Table],  # noqa: ARG002
    ) -> tuple[tuple[str, str], ...]:
        """Return nothing: whoever may read the file may read all of it."""
        return ()

    def whole(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:
        """Return what reads a value: numbers, texts and bytes as they are, else text."""
        if is_nested(told.type):
            return cast(func.to_json(column), Text)
        return column if _bare(told) in _PLAIN else cast(column, Text)

    def cut(self, column: ColumnElement[Any], told: Column, size: int) -> ColumnElement[Any]:
        """Return the first `size` characters or bytes of a value."""
        whole = self.whole(column, told)
        if self.leaves_as(told) == "text":
            return func.left(whole, size)
        # The engine takes no part of a binary value: as a text of its bytes it does.
        if told.type == "BLOB":
            return func.unhex(func.left(func.hex(whole), 2 * size))
        return whole

    def blocks(
        self, source: TableClause, table: Table, *, rows: int, of: int, seed: int
    ) -> FromClause | None:
        """Return rows chosen one by one: the engine reads columns fast enough for that."""
        if table.view:
            return None
        share = min(100.0, 100.0 * rows / max(1, of))
        # The engine takes no parameter here; both are numbers of ours.
        return source.tablesample(
            func.bernoulli(literal_column(f"{share:.6f} PERCENT")), seed=literal_column(str(seed))
        )

    def thinned(self, share: float, seed: int) -> ColumnElement[bool] | None:  # noqa: ARG002
        """Return nothing: a sample is the engine's own."""
        return None

    def key_type(self, told: Column) -> TypeEngine[Any] | None:
        """Return the column's own type, where it can be read back from its text exactly."""
        bare = _bare(told)
        unsure = is_nested(told.type) or bare in _FLOATS or bare in {"ENUM", "BIT", "JSON"}
        return None if unsure else NamedType(told.type)

    def follows(
        self,
        columns: Sequence[ColumnElement[Any]],
        values: Sequence[ColumnElement[Any]],
    ) -> ColumnElement[bool]:
        """Return what is true of the rows whose key comes after `values`."""
        if len(columns) == 1:
            return columns[0] > values[0]
        return tuple_(*columns) > tuple_(*values)

    def comparable(
        self, column: ColumnElement[Any], told: Column, values: Sequence[Value]
    ) -> tuple[ColumnElement[Any], Sequence[Value]]:
        """Return a column and the values of its type; one of another type is cast to text."""
        if self.is_number(told):
            numbers = [each for each in values if type(each) is int and each in _BIGINT]
            return column, numbers
        texts = [each for each in values if is_text_of_unicode(each)]
        return column if self.is_text(told) else self.whole_text(column, told), texts

    def whole_text(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:
        """Return a value as text, whatever its type."""
        whole = self.whole(column, told)
        return whole if self.leaves_as(told) == "text" else cast(whole, Text)

    def is_text(self, told: Column) -> bool:
        """Return whether a column is of the text type."""
        return told.type == "VARCHAR"

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers."""
        return told.type in _WHOLE_NUMBERS

    def leaves_as(self, told: Column) -> str:
        """Return the type that a value leaves in: most are text."""
        bare = _bare(told)
        return bare if bare in _PLAIN - {"VARCHAR"} else "text"

    def streams(self, connection: Connection) -> None:
        """Do nothing: no statement is ended by the engine."""

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what `error` means, with none of its words."""
        if isinstance(error, UnicodeDecodeError):
            return StoreCorruptError(f"the store {store!r} holds a text that is no UTF-8")
        if isinstance(error, UnicodeError | OverflowError):
            return StoreConstraintError(f"the store {store!r} refused a value of the wrong type")
        name = type(error).__name__
        said = str(error)
        if "read-only" in said:
            return StoreReadOnlyError(f"the store {store!r} may be read and not written")
        if name in _FAILURES:
            kind, means = _FAILURES[name]
            return kind(f"the store {store!r} {means}")
        if name == "IOException":
            return _not_opened(store, said)
        return StoreChangedError(f"the store {store!r} refused a statement ({name})")


def _bare(told: Column) -> str:
    return told.type.partition("(")[0] if not told.array else ""


def _not_opened(store: str, said: str) -> KeptError:
    """Tell a file that somebody writes from one that is no database: one error means both."""
    if "lock" in said:
        return StoreLockedError(
            f"the store {store!r} is locked by another program",
            remedy="DuckDB lets nobody read a file while a program has it open for writing: "
            "try again when that has ended.",
        )
    if "not a valid DuckDB database file" in said:
        return StoreCorruptError(f"the store {store!r} is not a DuckDB database")
    if "version number" in said:
        return StoreCorruptError(
            f"the store {store!r} was written by another version of DuckDB",
            remedy="Install the version of the package duckdb that wrote the file.",
        )
    if "orrupt" in said or "checksum" in said:
        return StoreCorruptError(f"the store {store!r} is damaged")
    return StoreUnreachableError(f"the file of the store {store!r} cannot be read")


def _path(store: str, url: str) -> Path:
    """Return the path in `url`, taken literally."""
    if url.startswith(_PREFIX) and url != _PREFIX and not url.endswith("/:memory:"):
        return Path(url.removeprefix(_PREFIX))
    raise StoreAddressError(
        f"the url of the store {store!r} names no file",
        remedy='Write it with the file\'s path, for example "duckdb:///shop.duckdb".',
    )


def _connect(store: str, path: Path, *, writes: bool) -> Any:  # noqa: ANN401 - the driver's own
    try:
        if path.is_dir():
            raise StoreCorruptError(f"the store {store!r} is a folder, not a DuckDB database")
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise StoreMissingError(f"the store {store!r} has no file at its path") from None
    except PermissionError:
        raise StoreDeniedError(
            f"the file of the store {store!r} may not be read",
            remedy="Give the account that runs this command permission to read the file.",
        ) from None
    except OSError:
        raise StoreUnreachableError(f"the file of the store {store!r} cannot be read") from None
    return import_module("duckdb").connect(
        str(path),
        read_only=not writes,
        config={
            # What a file says of itself must not make us open others, or fetch code.
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "memory_limit": MEMORY,
            "threads": "1",
            "TimeZone": "UTC",
        },
    )
