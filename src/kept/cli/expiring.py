"""What is deleted because its time is over: packages, and entries of the list of erasures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kept.errors import KeptError

if TYPE_CHECKING:
    from datetime import datetime

    from kept.runtime import Company

_EVERY_SECONDS = 3_600


def expire_packages(company: "Company") -> int:
    """Delete packages whose time is over; say how many. Reads one folder."""
    return company.packages.delete_expired(_instant(company))


def forget_erasures(company: "Company") -> int:
    """Delete entries of the list of erasures that no copy can need any more; say how many."""
    kept_for = company.settings.backups_kept
    return 0 if kept_for is None else company.erasures.forget(_instant(company) - kept_for)


@contextmanager
def expiring(company: "Company") -> Iterator[None]:
    """Delete what expires for as long as this lasts: now, and every hour."""
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                expire_packages(company)
                forget_erasures(company)
            except KeptError:
                # A disk that is full or a database that is locked may not be in an hour.
                pass
            if ended.wait(_EVERY_SECONDS):
                return

    thread = threading.Thread(target=run, name="kept-expiring", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


def _instant(company: "Company") -> "datetime":
    """Return the instant by which is judged what expired.

    Never a later one than the clock's, whatever somebody gave: what is deleted does not
    come back. A company that stays open for days has a clock all the same.
    """
    from kept.runtime import now

    return now() if company.clocked else min(company.now, now())
