"""What an account must be granted so that a store can be read, and erased from."""

import json
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from kept.connectors.sql.grants import (
    ERASER,
    READER,
    Grants,
    mariadb_asked,
    mariadb_unasked,
    postgresql_asked,
    postgresql_unasked,
)
from kept.connectors.sql.store import SqlStore
from kept.errors import KeptError
from kept.inventory.connector import Store

_REDIS_SPEAKS = "+auth +hello +ping +select +info +client|setname"
_REDIS_READS = f"resetchannels -@all +@read -@dangerous {_REDIS_SPEAKS}"
_REDIS_ERASES = (
    "+del +unlink +set +hset +hdel +lset +lrem +srem +zrem +xdel"
    " +expire +watch +unwatch +multi +exec +discard"
)

_FILES = "files have no accounts of their own: what counts is their permissions"


def grants_of(store: Store | None, url: str) -> Grants:
    """Return what must be granted on the store at `url`.

    A database is asked what is there; one that does not answer, or whose driver is not
    installed (`store` is then ``None``), gets the grants of its kind.
    """
    scheme = url.partition("://")[0].partition("+")[0].lower()
    if scheme in _ASKED:
        ask, unasked = _ASKED[scheme]
        return _asked(store, ask) or unasked(*_named(url))
    return _TOLD.get(scheme, _unknown)(url)


def _asked(store: Store | None, ask: Callable[..., Grants]) -> Grants | None:
    if not isinstance(store, SqlStore):
        return None
    try:
        with store.sql.snapshot() as connection:
            return ask(connection)
    except KeptError:
        return None


def _named(url: str) -> tuple[str, str]:
    """Return the database and the account that an address names."""
    try:
        address = make_url(url)  # as the store reads it: a password may hold a stroke
    except (ArgumentError, ValueError):
        return "DATABASE", ""
    return address.database or "DATABASE", address.username or ""


def _redis(url: str) -> Grants:
    account = unquote(urlsplit(url).username or "")
    reader = account if account not in {"", "default", ERASER} else READER
    return Grants(
        reading=(f"ACL SETUSER {reader} on resetkeys ~* {_REDIS_READS}",),
        erasing=(f"ACL SETUSER {ERASER} on resetkeys ~* {_REDIS_READS} {_REDIS_ERASES}",),
        notes=(
            "without a password an account cannot log in: ACL SETUSER … >PASSWORD",
            "what ACL SETUSER says is forgotten at a restart without ACL SAVE or CONFIG REWRITE",
        ),
    )


def _bucket(url: str) -> Grants:
    parts = urlsplit(url)
    bucket, prefix = parts.netloc.rpartition("@")[2], unquote(parts.path).strip("/")
    below = f"{bucket}/{prefix}/*" if prefix else f"{bucket}/*"

    def policy(*actions: str) -> str:
        listing: dict[str, object] = {
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": [f"arn:aws:s3:::{bucket}"],
        }
        if prefix:
            listing["Condition"] = {"StringLike": {"s3:prefix": [f"{prefix}/*"]}}
        objects = {"Effect": "Allow", "Action": actions, "Resource": [f"arn:aws:s3:::{below}"]}
        return json.dumps({"Version": "2012-10-17", "Statement": [listing, objects]})

    return Grants(
        reading=(policy("s3:GetObject"),),
        erasing=(policy("s3:GetObject", "s3:PutObject", "s3:DeleteObject"),),
        notes=("a versioned bucket keeps what is deleted: s3:DeleteObjectVersion erases it",),
    )


def _database_file(url: str) -> Grants:
    path = url.partition(":///")[2].partition("?")[0]
    journal = "" if url.startswith("duckdb") else " (a -wal beside it: rw on that and on its -shm)"
    return Grants(
        reading=(f"r on {path}{journal}",),
        erasing=(f"rw on {path}, and w on its folder for the journal",),
        notes=(_FILES,),
    )


def _folder(url: str) -> Grants:
    path = url.partition("://")[2]
    return Grants(
        reading=(f"r on every file below {path}, rx on its folders, and so for files to come",),
        erasing=(f"rw on every file below {path}, rwx on its folders",),
        notes=(_FILES,),
    )


def _service(_: str) -> Grants:
    return Grants(
        reading=("a key of the service that reads the collections of its declaration",),
        erasing=("a key of the service that deletes from them, in write_url",),
        notes=("give keys restricted to these collections, where the service has such",),
    )


def _unknown(_: str) -> Grants:
    return Grants(
        reading=("what reads its structure and its content, and nothing that writes",),
        erasing=("what changes and deletes its content, besides",),
    )


_POSTGRESQL = postgresql_asked, postgresql_unasked
_MARIADB = mariadb_asked, mariadb_unasked
_ASKED = {
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    "mysql": _MARIADB,
    "mariadb": _MARIADB,
}
_TOLD: dict[str, Callable[[str], Grants]] = {
    "redis": _redis,
    "rediss": _redis,
    "s3": _bucket,
    "sqlite": _database_file,
    "duckdb": _database_file,
    "file": _folder,
    "logs": _folder,
    "service": _service,
}
