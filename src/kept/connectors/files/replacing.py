"""How a file of a local folder is replaced whole: the old one or the new one is there, never half.

The new file is written beside the old one, with its owner and its mode,
brought to the disk, looked at, and only then given the old one's name. Whoever has the old
one open goes on reading it.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from kept.connectors.errors import StoreChangedError, StoreReadOnlyError, StoreUnreachableError
from kept.connectors.files.folder import Folder

_NEW = ".kept-"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FRESH = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

Writes = Callable[[BinaryIO, BinaryIO], None]
"""Reads the old file and writes the new one."""


@dataclass(frozen=True, slots=True)
class _Was:
    """What a file was when it was read: whoever writes to it meanwhile changes this."""

    inode: int
    size: int
    changed: int
    modified: int


class Replacement:
    """A new file that is written and has not its name yet.

    Attributes:
        path: The file that it replaces, below the folder.
    """

    def __init__(self, store: str, path: str, folder: int, was: _Was) -> None:
        self.path = path
        self._store = store
        self._folder = folder
        self._was = was
        self._name = PurePosixPath(path).name
        self._new = new_name(path)

    def __repr__(self) -> str:
        return "Replacement()"

    @contextmanager
    def reading(self) -> Iterator[BinaryIO]:
        """Open the new file, to see whether it is right."""
        with os.fdopen(
            os.open(self._new, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self._folder), "rb"
        ) as file:
            yield file

    def still_fits(self) -> None:
        """Refuse to go on where somebody wrote to the old file meanwhile.

        Raises:
            StoreChangedError: Somebody did.
        """
        try:
            now = _was(os.stat(self._name, dir_fd=self._folder, follow_symlinks=False))
        except OSError:
            now = None
        if now != self._was:
            raise StoreChangedError(
                f"a file of the store {self._store!r} was changed by another program meanwhile",
                remedy="Try again when whoever writes the files has finished.",
            )

    def take_place(self) -> None:
        """Give the new file the old one's name: at once, and on the disk."""
        os.rename(self._new, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        os.fsync(self._folder)

    def close(self) -> None:
        """Remove the new file where it has not taken its place."""
        with suppress(OSError):
            os.unlink(self._new, dir_fd=self._folder)
        os.close(self._folder)


def new_name(path: str) -> str:
    """Return what the new file is called until it takes its place: hidden, and always the same."""
    return f"{_NEW}{hashlib.sha256(path.encode()).hexdigest()[:16]}.new"


def replaced(folder: Folder, store: str, path: str, write: Writes) -> Replacement:
    """Write the new file beside the old one, and return it. Nothing is replaced yet.

    What an earlier run left there, when it was killed, is written anew.

    Raises:
        StoreReadOnlyError: The folder may not be written.
        StoreUnreachableError: There is no room on the disk.
    """
    below = _folder_of(folder, path)
    new = new_name(path)
    try:
        with folder.open(path) as old:
            told = os.fstat(old.fileno())
            with suppress(FileNotFoundError):
                os.unlink(new, dir_fd=below)
            with os.fdopen(os.open(new, _FRESH, 0o600, dir_fd=below), "w+b") as fresh:
                write(old, fresh)
                fresh.flush()
                _as_the_old_one(fresh.fileno(), old.fileno(), told)
                os.fsync(fresh.fileno())
        return Replacement(store, path, below, _was(told))
    except PermissionError:
        _drop(below, new)
        raise StoreReadOnlyError(f"a folder of the store {store!r} may not be written") from None
    except OSError:
        _drop(below, new)
        raise StoreUnreachableError(
            f"a file of the store {store!r} could not be written anew",
            remedy="Make room on its disk.",
        ) from None
    except BaseException:
        _drop(below, new)
        raise


def may_replace(folder: Folder, path: str) -> bool:
    """Return whether this account may replace a file that has no second name, and keep its owner."""
    below = _folder_of(folder, path)
    try:
        told = os.stat(PurePosixPath(path).name, dir_fd=below, follow_symlinks=False)
        owner = os.geteuid() in {0, told.st_uid}
        # Under another name the old content would stay.
        alone = told.st_nlink == 1
        return (
            owner and alone and os.access(".", os.W_OK | os.X_OK, dir_fd=below, effective_ids=True)
        )
    except OSError:
        return False
    finally:
        os.close(below)


def _folder_of(folder: Folder, path: str) -> int:
    at = os.open(folder.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for part in PurePosixPath(path).parts[:-1]:
        below = os.open(part, _FOLDER, dir_fd=at)
        os.close(at)
        at = below
    return at


def _as_the_old_one(new: int, old: int, told: os.stat_result) -> None:
    if (told.st_uid, told.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(new, told.st_uid, told.st_gid)
    os.fchmod(new, stat.S_IMODE(told.st_mode))
    with suppress(OSError):  # A disk without them has none to keep.
        for name in os.listxattr(old):
            os.setxattr(new, name, os.getxattr(old, name))


def _was(told: os.stat_result) -> _Was:
    return _Was(told.st_ino, told.st_size, told.st_ctime_ns, told.st_mtime_ns)


def _drop(folder: int, new: str) -> None:
    with suppress(OSError):
        os.unlink(new, dir_fd=folder)
    os.close(folder)
