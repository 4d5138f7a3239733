"""Which recipients were to be told of which erasure, and which confirmed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kept.evidence.body import checked
from kept.rights.notice import PROCESSOR, Notice
from kept.storage.database import Database
from kept.storage.errors import NothingStoredError, told_apart

if TYPE_CHECKING:
    from kept.storage.models import NoticeRow


class DjangoNotices:
    """Notices in our own database. No identifier of a person is among them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, notices: Iterable[Notice]) -> None:
        """Keep new notices; one that is there already stays as it is."""
        with told_apart():
            for each in notices:
                self._rows().get_or_create(
                    id=checked(each.id),
                    defaults={
                        "request": each.request,
                        "recipient": each.recipient,
                        "role": each.role,
                        "way": each.way,
                        "systems": list(each.systems),
                        "queued_at": each.queued_at,
                    },
                )

    def told(self, notice: str, at: datetime) -> Notice:
        """Note that a recipient was told. The first time counts.

        Raises:
            NothingStoredError: There is no such notice.
        """
        return self._noted(notice, "told_at", at)

    def confirmed(self, notice: str, at: datetime) -> Notice:
        """Note that a recipient confirmed. The first time counts.

        Raises:
            NothingStoredError: There is no such notice.
        """
        return self._noted(notice, "confirmed_at", at)

    def load(self, notice: str) -> Notice:
        """Return one notice.

        Raises:
            NothingStoredError: There is none.
        """
        with told_apart():
            row = self._rows().filter(id=notice).first()
        if row is None:
            raise NothingStoredError(
                "There is no notice with this id.", remedy="See `kept recipient list`."
            )
        return _notice(row)

    def listed(self, request: str = "") -> tuple[Notice, ...]:
        """Return notices, oldest first: of one request, or all."""
        with told_apart():
            rows = self._rows().order_by("queued_at", "id")
            return tuple(
                _notice(each) for each in (rows.filter(request=request) if request else rows)
            )

    def missing(self, before: datetime) -> int:
        """Return of how many processors, told before an instant, the confirmation is missing."""
        with told_apart():
            number: int = (
                self._rows().filter(role=PROCESSOR, confirmed_at=None, queued_at__lt=before).count()
            )
        return number

    def _noted(self, notice: str, column: str, at: datetime) -> Notice:
        with told_apart():
            self._rows().filter(id=notice, **{column: None}).update(**{column: at})
        return self.load(notice)

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import NoticeRow

        return NoticeRow.objects.using(self._database.alias)


def _notice(row: "NoticeRow") -> Notice:
    return Notice(
        id=row.id,
        request=row.request,
        recipient=row.recipient,
        role=row.role,
        way=row.way,
        systems=tuple(row.systems),
        queued_at=row.queued_at.astimezone(UTC),
        told_at=None if row.told_at is None else row.told_at.astimezone(UTC),
        confirmed_at=None if row.confirmed_at is None else row.confirmed_at.astimezone(UTC),
    )
