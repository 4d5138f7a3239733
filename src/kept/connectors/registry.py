"""Which connector speaks to a store, by the scheme of its address.

What a connector stands on may not be installed: it is imported when the first store
asks for it, and an error names the extra that brings it. Others add connectors of
their own through the entry point group ``kept.connectors``: the entry's name is the
scheme, its object is called with the store's name, its address and its writing
address, and returns a `Store`.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import cast

from kept.connectors.errors import StoreSchemeError
from kept.connectors.extras import extra_missing
from kept.inventory.connector import Store

Connects = Callable[[str, str, str], Store]
"""Makes a store of its name, its address and its writing address, without a connection."""

ENTRY_POINTS = "kept.connectors"


def _sql(name: str, url: str, write_url: str) -> Store:
    from kept.connectors.sql.store import SqlStore

    return SqlStore(name, url, write_url)


def _lake(name: str, url: str, write_url: str) -> Store:
    from kept.connectors.lake.store import LakeStore

    return LakeStore(name, url, write_url)


def _redis(name: str, url: str, write_url: str) -> Store:
    from kept.connectors.redis.store import RedisStore

    return RedisStore(name, url, write_url)


def _logs(name: str, url: str, write_url: str) -> Store:
    from kept.connectors.logs.store import LogStore

    return LogStore(name, url, write_url)


def _service(name: str, url: str, write_url: str) -> Store:
    from kept.connectors.http.service import HttpService

    return HttpService(name, url, write_url)


_OWN: dict[str, Connects] = {
    "file": _lake,
    "s3": _lake,
    "redis": _redis,
    "rediss": _redis,
    "logs": _logs,
    "service": _service,
    "sqlite": _sql,
    "postgresql": _sql,
    "postgres": _sql,
    "mysql": _sql,
    "mariadb": _sql,
    "duckdb": _sql,
}


def connect(name: str, url: str, write_url: str = "") -> Store:
    """Return the store that `url` names. No connection is made yet.

    Raises:
        StoreSchemeError: No connector exists for it.
        StoreExtraMissingError: What its connector stands on is not installed.
        StoreAddressError: The address cannot be read.
    """
    scheme = url.partition("://")[0].partition("+")[0].lower()
    make = _OWN.get(scheme) or _others(scheme)
    if make is None:
        # The scheme itself may be a mistyped password: it is shown only if it looks like one.
        shown = f" {scheme!r}" if scheme.isalnum() and "://" in url else ""
        raise StoreSchemeError(
            f"the store {name!r} is of a kind{shown} that no connector reads",
            remedy=f"Use one of these schemes: {', '.join(sorted(_OWN))}.",
        )
    try:
        return make(name, url, write_url)
    except ModuleNotFoundError as error:
        raise extra_missing(name, error) from None


def _others(scheme: str) -> Connects | None:
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name == scheme:
            return cast("Connects", entry.load())
    return None
