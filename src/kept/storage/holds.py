"""Which rows somebody said must stay, and how a commit and a new hold take turns."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kept.evidence.body import checked
from kept.inventory.dataset import DatasetId
from kept.rights.hold import HeldField, Hold
from kept.storage.database import Database
from kept.storage.errors import DatabaseFaultError, HoldKeyLostError, NothingStoredError, told_apart
from kept.subjects.suppression import Digest, Suppression

if TYPE_CHECKING:
    from kept.storage.models import HoldRow

TURN = "holds.lock"
"""Beside the database: held shared by whoever commits an erasure, alone by who adds a hold."""


class DjangoHolds:
    """Holds in our own database. No identifier of a person is among them.

    Args:
        database: Where they are.
        hashes: Made with the key that people and values are hashed with.
    """

    def __init__(self, database: Database, hashes: Suppression) -> None:
        self._database = database
        self._hashes = hashes

    @property
    def hashes(self) -> Suppression:
        """What makes the hashes that holds know people by."""
        return self._hashes

    def add(self, hold: Hold) -> None:
        """Keep a new hold, once every erasure that was about to commit has committed.

        When this returns, no erasure that this machine has not committed yet can overlook it.

        Raises:
            EntryRefusedError: Its reason or source holds what looks like a person's data.
            UnavailableError: The database or its disk does not answer.
        """
        from kept.storage.models import HoldRow

        with self._turn(fcntl.LOCK_EX), told_apart():
            HoldRow.objects.using(self._database.alias).create(
                id=checked(hold.id),
                reason=checked(hold.reason),
                source=checked(hold.source),
                since=hold.since,
                key=self._hashes.id,
                people=sorted(each.hex() for each in hold.people),
                scope=[checked([each.store, each.name]) for each in hold.datasets],
                rows=[[checked(each.name), each.digest.hex()] for each in hold.rows],
                added_at=hold.added_at,
                ended_at=hold.ended_at,
            )

    def end(self, hold: str, at: datetime) -> Hold:
        """End a hold, and return it. One that is ended stays as it is.

        Raises:
            NothingStoredError: There is no such hold.
        """
        with told_apart():
            self._rows().filter(id=hold, ended_at=None).update(ended_at=at)
            row = self._rows().filter(id=hold).first()
        if row is None:
            raise NothingStoredError(
                "There is no hold with this id.", remedy="See `kept hold list`."
            )
        return _hold(row)

    def standing(self, at: datetime) -> tuple[Hold, ...]:
        """Return the holds that hold something at an instant, oldest first.

        Raises:
            HoldKeyLostError: One was made with another key: whom it protects is not known.
        """
        found = [each for each in self.listed() if each.stands(at)]
        with told_apart():
            keys = set(self._rows().filter(ended_at=None).values_list("key", flat=True))
        if keys - {self._hashes.id}:
            raise HoldKeyLostError("A hold was made with a key that the vault has not.")
        return tuple(found)

    def listed(self) -> tuple[Hold, ...]:
        """Return every hold, also those that ended, oldest first."""
        with told_apart():
            return tuple(_hold(each) for each in self._rows().order_by("added_at", "id"))

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Keep new holds waiting: what is asked inside is true until the erasure committed."""
        with self._turn(fcntl.LOCK_SH):
            yield

    @contextmanager
    def _turn(self, kind: int) -> Iterator[None]:
        try:
            path = self._database.path.with_name(TURN)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise DatabaseFaultError(f"A hold cannot be waited for: {error.strerror}.") from None
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import HoldRow

        return HoldRow.objects.using(self._database.alias)


def _hold(row: "HoldRow") -> Hold:
    return Hold(
        id=row.id,
        reason=row.reason,
        source=row.source,
        since=row.since.astimezone(UTC),
        people=frozenset(Digest(bytes.fromhex(each)) for each in row.people),
        datasets=tuple(DatasetId(store, name) for store, name in row.scope),
        rows=tuple(
            HeldField(name=name, digest=Digest(bytes.fromhex(digest))) for name, digest in row.rows
        ),
        added_at=row.added_at.astimezone(UTC),
        ended_at=None if row.ended_at is None else row.ended_at.astimezone(UTC),
    )
