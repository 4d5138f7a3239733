"""How a Redis is asked: never for all keys at once, and for no more of a value than is needed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

from redis import Redis, exceptions

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreDeniedError,
    StoreTimeoutError,
    StoreUnreachableError,
)
from kept.errors import KeptError

SECONDS = 10
AT_ONCE = 1_000
"""Keys that one step of SCAN looks at: the server answers others in between."""


class Server:
    """One database of one Redis server. The connection is made with the first question."""

    def __init__(self, store: str, url: str) -> None:
        self._store = store
        try:
            self._parts = urlsplit(url)
            self._client: Any = Redis.from_url(
                url,
                socket_timeout=SECONDS,
                socket_connect_timeout=SECONDS,
                client_name="kept",
                decode_responses=False,
            )
        except (ValueError, TypeError):
            raise StoreAddressError(
                f"the address of the store {store!r} cannot be read",
                remedy='Write it as "redis://host:6379/0", or rediss:// where it is encrypted.',
            ) from None

    @property
    def shown(self) -> str:
        """The address without its password."""
        parts = self._parts
        try:
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            port = ""
        user = f"{parts.username}@" if parts.username else ""
        return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}"

    def page(self, cursor: int, glob: str = "*") -> tuple[int, list[bytes]]:
        """Return one step of SCAN: where the next one begins (0 at the end), and some keys."""
        with self.translated():
            after, keys = self._client.scan(cursor=cursor, match=glob, count=AT_ONCE)
        return int(after), list(keys)

    def stamp(self) -> tuple[int, ...]:
        """Return what changes whenever anything is written, as far as the account may ask."""
        with self.translated():
            size = int(self._client.dbsize())
        try:
            told = self._client.info("persistence")
        except exceptions.ResponseError:
            return ()
        return (
            size,
            int(told.get("rdb_changes_since_last_save", 0)),
            int(told.get("rdb_last_save_time", 0)),
        )

    def size(self) -> int:
        """Return how many keys there are."""
        with self.translated():
            return int(self._client.dbsize())

    def ask(self, commands: Sequence[tuple[object, ...]]) -> list[Any]:
        """Ask many things in one trip. What one of them fails with stands in its place."""
        if not commands:
            return []
        with self.translated():
            pipe = self._client.pipeline(transaction=False)
            for command in commands:
                pipe.execute_command(*command)
            return cast("list[Any]", pipe.execute(raise_on_error=False))

    def change(
        self,
        keys: Sequence[bytes],
        commands: Callable[[], Sequence[tuple[object, ...]]],
    ) -> bool:
        """Do many things at once, or none where one of `keys` was written to meanwhile.

        Args:
            keys: What must stay as it is from now on.
            commands: Called once they are watched; what it returns is carried out.

        Returns:
            Whether it was done.
        """
        with self.translated():
            pipe = self._client.pipeline(transaction=True)
            try:
                pipe.watch(*keys)
                wanted = commands()
                pipe.multi()
                for command in wanted:
                    pipe.execute_command(*command)
                pipe.execute()
            except exceptions.WatchError:
                return False
            finally:
                pipe.reset()
            return True

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the driver raises into errors of ours: its words may hold a key."""
        what = f"the store {self._store!r}"
        try:
            yield
        except (exceptions.AuthenticationError, exceptions.AuthorizationError):
            raise self._denied() from None
        except exceptions.TimeoutError:
            raise StoreTimeoutError(f"{what} took too long to answer") from None
        except exceptions.NoPermissionError:
            raise self._denied() from None
        except (exceptions.ConnectionError, OSError) as error:
            if "AUTH" in str(error) or "Authentication" in type(error).__name__:
                raise self._denied() from None
            raise StoreUnreachableError(f"{what} did not answer") from None
        except exceptions.ResponseError as error:
            raise self._failure(str(error)) from None
        except (exceptions.RedisError, ValueError):
            raise StoreUnreachableError(f"{what} did not answer as Redis does") from None

    def _failure(self, said: str) -> KeptError:
        what = f"the store {self._store!r}"
        first = said.split(" ", 1)[0].upper()
        if first in {"NOPERM", "NOAUTH", "WRONGPASS"} or "AUTH" in said.upper():
            return self._denied()
        if first in {"LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"}:
            return StoreUnreachableError(f"{what} is busy")
        if first in {"MOVED", "ASK"}:
            return StoreAddressError(
                f"{what} is one node of a cluster", remedy="Name each node as a store of its own."
            )
        if "DB INDEX" in said.upper():
            return StoreAddressError(
                f"{what} has no database of the number in its url",
                remedy="Correct the number after the last stroke of its url.",
            )
        return StoreChangedError(f"{what} does not have what was asked for")

    def _denied(self) -> KeptError:
        return StoreDeniedError(
            f"the store {self._store!r} does not let this account in, or not do this",
            remedy="Give the account +@read +@connection and the keys it should see (ACL SETUSER).",
        )
