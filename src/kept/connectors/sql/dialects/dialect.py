"""What an SQL engine must tell us of itself before a store on it can be opened."""

from typing import Protocol

from sqlalchemy.engine import Connection, Engine

from kept.errors import KeptError
from kept.inventory.catalog import Table


class Dialect(Protocol):
    """One SQL engine. A further engine is one module with one of these."""

    @property
    def engine(self) -> str:
        """What the catalog calls the engine, for example ``"sqlite"``."""
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

    def failure(self, store: str, error: BaseException) -> KeptError:
        """Return what a driver's error means, with none of its words."""
        ...
