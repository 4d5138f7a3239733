"""What an SQL engine must tell us of itself before a store on it can be opened."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, TableClause
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.types import TypeEngine

from kept.connectors.sql.dialects.request_words import RequestWords
from kept.errors import KeptError
from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Capabilities, Value

PERMISSION_DENIED = "permission denied"
"""Why a schema, a table or a field is not read, where the account may not."""


class Dialect(Protocol):
    """One SQL engine. A further engine is one module with one of these."""

    @property
    def engine(self) -> str:
        """What the catalog calls the engine, for example ``"sqlite"``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What can be honoured of a store on this engine."""
        ...

    @property
    def words(self) -> RequestWords:
        """What requests need of the engine."""
        ...

    def shown(self, url: str) -> str:
        """Return `url` without anything secret."""
        ...

    def open(self, store: str, url: str, *, writes: bool) -> Engine:
        """Return an engine whose transactions are ours to begin and end.

        Nothing is opened yet: the first connection does that.

        Raises:
            StoreAddressError: The address cannot be read.
        """
        ...

    def begin(self, *, writes: bool) -> str:
        """Return the statement that begins a snapshot, or a transaction that writes."""
        ...

    def stamp(self, connection: Connection) -> str:
        """Return what changes whenever the structure does, or empty where nothing tells."""
        ...

    def tables(self, connection: Connection) -> tuple[Table, ...]:
        """Return every table and view that is not the engine's own, ordered by name."""
        ...

    def unread(self, connection: Connection, found: Sequence[Table]) -> tuple[tuple[str, str], ...]:
        """Return what cannot be described or read beside and among `found`, each with why."""
        ...

    def whole(self, column: ColumnElement[Any], told: Column) -> ColumnElement[Any]:
        """Return what reads a whole value, in a form that may leave a connector."""
        ...

    def cut(self, column: ColumnElement[Any], told: Column, size: int) -> ColumnElement[Any]:
        """Return what reads the first `size` characters or bytes of a value."""
        ...

    def blocks(
        self, source: TableClause, table: Table, *, rows: int, of: int, seed: int
    ) -> FromClause | None:
        """Return about `rows` rows at random places out of `of`; ``None`` where the engine cannot."""
        ...

    def thinned(self, share: float, seed: int) -> ColumnElement[bool] | None:
        """Return what is true of that share of the rows; ``None`` where nothing repeatable is."""
        ...

    def key_type(self, told: Column) -> TypeEngine[Any] | None:
        """Return the type as which the text of a key's value is compared with its column.

        ``None`` where the order of such a column is not the order of its comparison.
        """
        ...

    def follows(
        self,
        columns: Sequence[ColumnElement[Any]],
        values: Sequence[ColumnElement[Any]],
    ) -> ColumnElement[bool]:
        """Return what is true of the rows whose key comes after `values`."""
        ...

    def comparable(
        self, column: ColumnElement[Any], told: Column, values: Sequence[Value]
    ) -> tuple[ColumnElement[Any], Sequence[Value]]:
        """Return a column and those of `values` that may be compared with it, none an error."""
        ...

    def is_text(self, told: Column) -> bool:
        """Return whether a column may be compared with a text."""
        ...

    def is_number(self, told: Column) -> bool:
        """Return whether a column holds whole numbers, or may."""
        ...

    def leaves_as(self, told: Column) -> str:
        """Return a name of the kind of value that `cut` makes of a column: equal kinds unite."""
        ...

    def streams(self, connection: Connection) -> None:
        """Prepare for one statement whose rows may be read for hours."""
        ...

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what a driver's error means, with none of its words."""
        ...
