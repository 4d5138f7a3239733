"""What can go wrong with our own database, and how the engine's words are told apart."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from kept.errors import KeptError, RefusedError, UnavailableError


class DatabaseLockedError(UnavailableError):
    """Another process has been writing for longer than we wait."""

    code: ClassVar[str] = "storage.locked"
    remedy: str = "Try again; if it stays so, end the other process that has the database open."


class DiskFullError(UnavailableError):
    """There is no room left for the database."""

    code: ClassVar[str] = "storage.disk-full"
    remedy: str = "Make room on the disk; nothing was half written."


class DatabaseFaultError(UnavailableError):
    """The disk under the database does not answer as it should."""

    code: ClassVar[str] = "storage.fault"
    remedy: str = "Check the disk and its file system, then try again."


class DatabaseReadOnlyError(RefusedError):
    """The database, or its directory, may not be written."""

    code: ClassVar[str] = "storage.read-only"
    remedy: str = "Give the user that runs Kept the right to write the state directory."


class DatabaseUnreachableError(RefusedError):
    """The database's file cannot be opened or made."""

    code: ClassVar[str] = "storage.unopenable"
    remedy: str = "Check the path of the state directory under [state], and who may enter it."


class DatabaseDamagedError(RefusedError):
    """The database's file is no database, or is damaged."""

    code: ClassVar[str] = "storage.damaged"
    remedy: str = "Restore the database from its backup, then run `kept log verify`."


class DatabaseTooNewError(RefusedError):
    """The database was written by a later version of Kept."""

    code: ClassVar[str] = "storage.too-new"
    remedy: str = "Run the version of Kept that wrote it, or a later one."


class NothingStoredError(RefusedError):
    """There is no such thing in the database."""

    code: ClassVar[str] = "storage.not-found"
    remedy: str = "List what there is, and use one of those ids."


class RequestKnownError(RefusedError):
    """A new request has the id of another one."""

    code: ClassVar[str] = "storage.request-known"
    remedy: str = "Give the request another id."


class SuppressionKeyLostError(RefusedError):
    """Erased people cannot be recognised, because their hashes were made with a lost key."""

    code: ClassVar[str] = "storage.suppression-key-lost"
    remedy: str = "Restore the directory of keys from its own backup."


class HoldKeyLostError(RefusedError):
    """Whom a hold protects cannot be told, because its hashes were made with a lost key."""

    code: ClassVar[str] = "storage.hold-key-lost"
    remedy: str = (
        "Restore the directory of keys from its own backup, or end the hold and add it again."
    )


class PackageNameRefusedError(RefusedError):
    """A package was named by something that is no request's id."""

    code: ClassVar[str] = "storage.package-name-refused"
    remedy: str = "Use the request's id: lower-case letters, digits and dashes."


class PackageExpiredError(RefusedError):
    """A package was asked for after its time."""

    code: ClassVar[str] = "storage.package-expired"
    remedy: str = "Run the access request again; packages are not kept longer than promised."


class PackageDamagedError(RefusedError):
    """A package's file is not what was stored."""

    code: ClassVar[str] = "storage.package-damaged"
    remedy: str = "Delete the file and run the access request again."


_BY_CODE: dict[int, tuple[type[KeptError], str]] = {
    sqlite3.SQLITE_BUSY: (DatabaseLockedError, "Kept's database is locked."),
    sqlite3.SQLITE_LOCKED: (DatabaseLockedError, "Kept's database is locked."),
    sqlite3.SQLITE_READONLY: (DatabaseReadOnlyError, "Kept's database may not be written."),
    sqlite3.SQLITE_PERM: (DatabaseReadOnlyError, "Kept's database may not be written."),
    sqlite3.SQLITE_AUTH: (DatabaseReadOnlyError, "Kept's database may not be written."),
    sqlite3.SQLITE_CANTOPEN: (DatabaseUnreachableError, "Kept's database cannot be opened."),
    sqlite3.SQLITE_NOTADB: (DatabaseDamagedError, "Kept's database file is no database."),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamagedError, "Kept's database file is damaged."),
    sqlite3.SQLITE_FULL: (DiskFullError, "The disk is full; Kept's database was not changed."),
    sqlite3.SQLITE_IOERR: (DatabaseFaultError, "Kept's database cannot be read or written."),
}


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn the engine's errors into ours, without its words: they may quote values.

    What is none of the known cases passes through: it is a defect, and is to be seen.
    """
    from django.db import DatabaseError

    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        known = _known(error)
        if known is None:
            raise
        raise known from None


def _known(error: Exception) -> KeptError | None:
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    number = getattr(cause, "sqlite_errorcode", None)
    # The low byte is the family; the rest says more than anybody can act on.
    found = None if number is None else _BY_CODE.get(number & 0xFF)
    if found is None:
        return None
    kind, message = found
    return kind(message)
