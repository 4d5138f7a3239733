"""How our own database is opened, made and brought up to date.

Django is loaded on the first call of `open_database` and never before. Each state directory
has a connection of its own under an alias of its own, and there is no default one: a query
that forgets to say which database it means fails instead of reaching another one's.
"""

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from kept.storage.database import Database
from kept.storage.errors import DatabaseTooNewError, DatabaseUnreachableError, told_apart

WAIT_SECONDS = 15
"""How long a write waits for another process's write."""

_PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON"
_NUMBERED = re.compile(r"(\d{4})_\w+\.py")


class _Opened(NamedTuple):
    """A database that this process has opened: its alias, and which file it is."""

    alias: str
    file: tuple[int, int] | None


_lock = RLock()
_open: dict[Path, _Opened] = {}
_count = count()


def open_database(path: Path) -> Database:
    """Open the database at `path`, made and migrated if it must be. Cheap to repeat.

    Any number of databases can be open in one process, from any thread: each thread has a
    connection of its own. A file that was deleted or replaced is another database and gets
    another alias, so that nobody goes on writing into the deleted one. The file is made
    with mode 0600, its directory with 0700.

    Args:
        path: The database's file, for example ``.kept/kept.sqlite``.

    Raises:
        UnavailableError: It is locked, or its disk does not answer.
        RefusedError: It is damaged, read-only, cannot be reached, or is too new.
    """
    configure()
    absolute = path.absolute()
    with _lock:
        found = _open.get(absolute)
        if found is None or found.file != _file(absolute):
            alias = _registered(absolute)
            _bring_up_to_date(absolute, alias)
            found = _open[absolute] = _Opened(alias, _file(absolute))
    return Database(found.alias, absolute)


def configure(**settings: object) -> None:
    """Set Django up for this process, once. With settings made by others, keep those.

    Raises:
        ValueError: Settings are given although Django is set up already.
    """
    import django
    from django.conf import settings as configured

    with _lock:
        if configured.configured:
            if settings:
                raise ValueError("Django is set up already: these settings would be ignored")
            return
        chosen: dict[str, object] = {
            "DATABASES": {"default": {}},
            "INSTALLED_APPS": ["kept.storage.apps.StorageConfig"],
            "USE_TZ": True,
            "TIME_ZONE": "UTC",
            "USE_I18N": False,
            # The caller has set up logging, or wants none.
            "LOGGING_CONFIG": None,
        }
        configured.configure(**{**chosen, **settings})
        django.setup()


@cache
def newest() -> int:
    """Return the number of the newest migration that this version of Kept has."""
    names = (_NUMBERED.fullmatch(each.name) for each in Path(__file__).parent.glob("migrations/*"))
    return max(int(each[1]) for each in names if each)


def _registered(path: Path) -> str:
    from django.db import connections

    alias = f"kept-{next(_count)}"
    ours = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT_SECONDS,
            "init_command": _PRAGMAS,
        },
    }
    # Django completes what a database's settings leave out only when it reads them all.
    completed = connections.configure_settings({"default": {}, alias: ours})
    connections.settings[alias] = completed[alias]
    return alias


def _bring_up_to_date(path: Path, alias: str) -> None:
    """Migrate if the file is older than this version; refuse it if it is newer."""
    if _version(path) == newest():
        return
    _make_private(path)
    with told_apart(), _alone(path.parent):
        if _version(path) != newest():
            _migrate(alias)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Let one process at a time migrate: of two that start first, one waits for the other.

    The directory itself is locked, so that no file is left behind; the lock ends with
    the process.
    """
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _migrate(alias: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", database=alias, verbosity=0, interactive=False)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"PRAGMA user_version = {newest()}")


def _version(path: Path) -> int:
    """Return the number of the newest migration in the file, 0 where there is none yet.

    Asked without Django: this is what a start pays for when there is nothing to do.
    """
    if not path.exists():
        return 0
    with told_apart(), closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest():
        raise DatabaseTooNewError(
            f"Kept's database has schema {version}, this version knows {newest()}."
        )
    return version


def _file(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise DatabaseUnreachableError(
            f"Kept's database cannot be made: {error.strerror}."
        ) from None
