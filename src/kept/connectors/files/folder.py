"""How the files of a local folder are listed and opened, without ever leaving it.

A link inside the folder may lead anywhere, and may be put there between the listing and
the opening: every part of a path is opened below the one before it, and none that is a
link. Pipes and devices are no files.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreCorruptError,
    StoreDeniedError,
    StoreMissingError,
    StoreUnreachableError,
)
from kept.connectors.files.place import MOST_FILES, Entry, Listing
from kept.errors import KeptError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Folder:
    """One local folder.

    Attributes:
        root: Where it is, absolute. It may itself be reached by a link: a person named it.
    """

    options: Mapping[str, str] | None = None

    def __init__(self, store: str, url: str) -> None:
        self._store = store
        self._scheme, _, path = url.partition("://")
        path = path.removeprefix("localhost")
        if not path.startswith("/") or not path.strip("/") or "\0" in path:
            raise StoreAddressError(
                f"the address of the store {store!r} names no folder of this machine",
                remedy=f'Write it with three strokes, for example "{self._scheme}:///srv/exports".',
            )
        spelt = Path("/" + path.strip("/"))
        # A space may be written %20; a name that really holds a percent sign is found first.
        self.root = spelt if "%" not in path or spelt.exists() else Path(unquote(str(spelt)))

    @property
    def shown(self) -> str:
        """The address: a path holds no secret."""
        return f"{self._scheme}://{self.root}"

    @property
    def title(self) -> str:
        """The folder's own name."""
        return self.root.name

    def address(self, path: str) -> str:
        """Return the absolute path of a file or folder in it."""
        return str(self.root / path) if path else str(self.root)

    def entries(self) -> Listing:
        """Return the regular files below; links, pipes and hidden names are passed over."""
        try:
            os.scandir(self.root).close()
        except OSError as error:
            raise self._failure(error, root=True) from None
        entries: list[Entry] = []
        unread: list[tuple[str, str]] = []

        def fails(error: OSError) -> None:
            where = Path(error.filename or self.root)
            unread.append((where.relative_to(self.root).as_posix(), _why(error)))

        for folder, folders, names in os.walk(self.root, onerror=fails, followlinks=False):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for name in names:
                entry = None if name.startswith(".") else self._entry(Path(folder, name))
                if entry is not None:
                    entries.append(entry)
            if len(entries) > MOST_FILES:
                unread.append((".", f"more than {MOST_FILES} files; the rest is not looked at"))
                break
        return Listing(
            entries=tuple(sorted(entries[:MOST_FILES])), unread=tuple(sorted(set(unread)))
        )

    def _entry(self, path: Path) -> Entry | None:
        try:
            told = path.lstat()
        except OSError:
            return None  # gone since it was listed
        where = path.relative_to(self.root).as_posix()
        if not stat.S_ISREG(told.st_mode) or not where.isprintable():
            return None
        return Entry(path=where, size=told.st_size, changed=f"{told.st_mtime_ns:020}")

    def open(self, path: str) -> BinaryIO:
        """Open a file below the folder, through no link."""
        try:
            return os.fdopen(self._descriptor(path), "rb")
        except OSError as error:
            raise self._failure(error, root=False) from None

    def _descriptor(self, path: str) -> int:
        *folders, name = PurePosixPath(path).parts
        at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in folders:
                _stays_inside(folder)
                below = os.open(folder, _FOLDER, dir_fd=at)
                os.close(at)
                at = below
            _stays_inside(name)
            found = os.open(name, _FILE, dir_fd=at)
        finally:
            os.close(at)
        if not stat.S_ISREG(os.fstat(found).st_mode):
            os.close(found)
            raise FileNotFoundError
        return found

    def _failure(self, error: OSError, *, root: bool) -> KeptError:
        what = f"the store {self._store!r}"
        if isinstance(error, PermissionError):
            return StoreDeniedError(
                f"{what} may not be read by this account",
                remedy="Give the account that runs kept permission to read the files.",
            )
        if isinstance(error, FileNotFoundError):
            if root:
                return StoreMissingError(f"{what} is not where its url says")
            return StoreChangedError(f"{what} has lost a file meanwhile")
        if isinstance(error, NotADirectoryError) and root:
            return StoreCorruptError(
                f"{what} is a file and no folder",
                remedy="Name the folder that the file is in.",
            )
        return StoreUnreachableError(f"{what} did not hand out a file")


def _stays_inside(part: str) -> None:
    if part in {"..", ".", "/"} or "/" in part or "\0" in part:
        raise FileNotFoundError


def _why(error: OSError) -> str:
    return "permission denied" if isinstance(error, PermissionError) else "did not answer"
