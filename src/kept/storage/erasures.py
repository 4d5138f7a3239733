"""Who was erased, in a form that recognises them and does not name them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from kept.storage.database import Database
from kept.storage.errors import SuppressionKeyLostError
from kept.subjects.suppression import Digest, Suppression

_CHUNK = 500


class Scope(StrEnum):
    """What a hash is the hash of."""

    IDENTIFIER = "identifier"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is known of one hash: the erasure that it comes from.

    Attributes:
        request: Id of the request.
        erased_at: When it was carried out (UTC). What the person gives later is new data.
        scope: What the hash is of.
    """

    request: str
    erased_at: datetime
    scope: Scope


class DjangoErasures:
    """Hashes of erased people's identifiers and rows, in our own database.

    Args:
        database: Where they are.
        suppression: Made with the key that they were, and are to be, hashed with.
    """

    def __init__(self, database: Database, suppression: Suppression) -> None:
        self._database = database
        self._key = suppression.id

    def record(
        self,
        request: str,
        erased_at: datetime,
        *,
        identifiers: Iterable[Digest] = (),
        rows: Iterable[Digest] = (),
    ) -> None:
        """Remember what an erasure removed. Repeating it changes nothing but the latest time.

        A hash that was erased before, of a person who came back and left again, belongs
        to the later erasure from then on.

        Raises:
            SuppressionKeyLostError: Earlier hashes were made with another key.
        """
        self._require_key()
        with self._database.writing() as cursor:
            for scope, digests in ((Scope.IDENTIFIER, identifiers), (Scope.ROW, rows)):
                cursor.executemany(
                    "INSERT INTO kept_erasure (digest, scope, key, request, erased_at) "
                    "VALUES (%s,%s,%s,%s,%s) ON CONFLICT (digest) DO UPDATE "
                    "SET request = excluded.request, erased_at = excluded.erased_at "
                    "WHERE excluded.erased_at > kept_erasure.erased_at",
                    [(each, scope.value, self._key, request, erased_at) for each in digests],
                )

    def known(self, digests: Iterable[Digest]) -> dict[Digest, Erased]:
        """Return which of `digests` were erased, and by what. Takes any number of them.

        Raises:
            SuppressionKeyLostError: The hashes were made with another key: none would be
                found, and nobody would know that this means nothing.
        """
        from kept.storage.models import ErasureRow

        self._require_key()
        found: dict[Digest, Erased] = {}
        rows = ErasureRow.objects.using(self._database.alias)
        with self._database.reading():
            for part in _chunks(digests):
                for row in rows.filter(digest__in=part):
                    found[Digest(bytes(row.digest))] = Erased(
                        request=row.request, erased_at=row.erased_at, scope=Scope(row.scope)
                    )
        return found

    def everything(self) -> dict[Digest, Erased]:
        """Return every hash, and what it was erased by: ask `count` first how many.

        Raises:
            SuppressionKeyLostError: The hashes were made with another key.
        """
        from kept.storage.models import ErasureRow

        self._require_key()
        with self._database.reading():
            return {
                Digest(bytes(row.digest)): Erased(
                    request=row.request, erased_at=row.erased_at, scope=Scope(row.scope)
                )
                for row in ErasureRow.objects.using(self._database.alias).iterator()
            }

    def count(self, scope: Scope | None = None) -> int:
        """Return how many hashes there are, so that a check can see that there are none."""
        from kept.storage.models import ErasureRow

        rows = ErasureRow.objects.using(self._database.alias)
        with self._database.reading():
            number: int = (rows if scope is None else rows.filter(scope=scope.value)).count()
        return number

    def forget(self, before: datetime) -> int:
        """Forget what was erased before an instant; return how many hashes that were.

        Only what no copy can bring back any more may be forgotten.
        """
        with self._database.writing() as cursor:
            cursor.execute("SELECT count(*) FROM kept_erasure WHERE erased_at < %s", (before,))
            count = int((cursor.fetchone() or (0,))[0])
            if count:
                cursor.execute("DELETE FROM kept_erasure WHERE erased_at < %s", (before,))
        return count

    def _require_key(self) -> None:
        with self._database.reading() as cursor:
            # Two look-ups in the index, where counting would read every row.
            cursor.execute(
                "SELECT (SELECT min(key) FROM kept_erasure), (SELECT max(key) FROM kept_erasure)"
            )
            keys = {each for each in cursor.fetchone() or () if each is not None}
        if keys - {self._key}:
            raise SuppressionKeyLostError(
                "Hashes of erased people were made with a key that the vault has not."
            )


def _chunks(digests: Iterable[Digest]) -> Iterator[list[Digest]]:
    remaining = iter(digests)
    while part := list(islice(remaining, _CHUNK)):
        yield part
