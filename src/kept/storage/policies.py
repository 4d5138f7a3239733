"""Which texts of the policies were seen, and when."""

from datetime import datetime
from typing import Any

from kept.promises.version import PolicyVersion
from kept.storage.database import Database
from kept.storage.errors import told_apart


class DjangoPolicies:
    """The policies' versions in our own database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_seen(
        self, document: str, *, sha256: str, version_date: str | None, at: datetime
    ) -> PolicyVersion:
        """Remember that `document` was this text at `at`; return its version.

        The same text with the same date as last time only moves `last_seen`. A text that
        comes back after another is a version of its own: going back is a change too.
        """
        from django.db import transaction

        with told_apart(), transaction.atomic(using=self._database.alias):
            last = self._rows().filter(document=document).order_by("-id").first()
            if last is None or (last.sha256, last.version_date) != (sha256, version_date):
                row = self._rows().create(
                    document=document,
                    sha256=sha256,
                    version_date=version_date,
                    first_seen=at,
                    last_seen=at,
                )
                return _version(row)
            if at > last.last_seen:
                last.last_seen = at
                last.save(using=self._database.alias, update_fields=["last_seen"])
            return _version(last)

    def seen(self, document: str) -> tuple[PolicyVersion, ...]:
        """Return every version of `document` that was seen, oldest first."""
        with told_apart():
            return tuple(
                _version(row) for row in self._rows().filter(document=document).order_by("id")
            )

    def documents(self) -> tuple[str, ...]:
        """Return the names of all documents that were ever seen."""
        with told_apart():
            names = self._rows().order_by("document").values_list("document", flat=True)
            return tuple(names.distinct())

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import PolicyRow

        return PolicyRow.objects.using(self._database.alias)


def _version(row: Any) -> PolicyVersion:  # noqa: ANN401 - a row of Django's
    return PolicyVersion(
        document=row.document,
        version_date=row.version_date,
        sha256=row.sha256,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )
