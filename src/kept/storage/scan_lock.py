"""That one full scan runs at a time, told by a lock that ends with its owner."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from kept.errors import UnavailableError
from kept.storage.errors import DatabaseReadOnlyError

NAME = "scan.lock"


class ScanUnderWayError(UnavailableError):
    """Another full scan is under way."""

    code: ClassVar[str] = "map.scan-under-way"
    remedy: str = "Wait until it has ended, or end it: what it read is not lost."


@contextmanager
def one_scan(state: Path, *, pid: int, at: datetime) -> Iterator[None]:
    """Let no other full scan of the same company run until the block ends.

    The operating system frees the lock when its owner ends, however it ends: what a dead
    one wrote into the file is written over.

    Args:
        state: Our own folder; it is made where it is missing.
        pid: Process that asks.
        at: The instant (UTC).

    Raises:
        ScanUnderWayError: Another process scans; it is told which, and since when.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(state / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        raise DatabaseReadOnlyError("the state directory cannot be written") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ScanUnderWayError(f"another full scan is under way ({_owner(handle)})") from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"process {pid}, since {at:%Y-%m-%d %H:%M:%S} UTC\n".encode(), 0)
        yield
        os.truncate(handle, 0)
    finally:
        # The file stays: whoever removed it could lock another one than who has it open.
        os.close(handle)


def _owner(handle: int) -> str:
    told = os.pread(handle, 100, 0).decode("ascii", "replace").strip()
    return told if told.isprintable() and told else "it does not say which"
