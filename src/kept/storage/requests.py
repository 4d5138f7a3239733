"""Where rights requests are kept, and how they are found again."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kept.evidence.body import checked
from kept.rights.request import RequestState, RightsRequest
from kept.storage.database import Database
from kept.storage.errors import NothingStoredError, RequestKnownError, told_apart
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

if TYPE_CHECKING:
    from kept.storage.models import RequestRow


class DjangoRequests:
    """Rights requests in our own database. No identifier of a person is among them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request: RightsRequest) -> RightsRequest:
        """Keep a new request; return it, or the one that was opened by the same operation.

        Raises:
            RequestKnownError: Another request has its id.
            EntryRefusedError: Its result or receipt holds what looks like a person's data.
        """
        from django.db import transaction

        columns = _columns(request)
        with told_apart(), transaction.atomic(using=self._database.alias):
            known = self._rows().filter(operation=request.operation).first()
            if known is not None:
                return _request(known)
            if self._rows().filter(id=request.id).exists():
                raise RequestKnownError("Another request has this id.")
            self._rows().create(**columns)
        return request

    def save(self, request: RightsRequest) -> None:
        """Write the present state of a request that was added before.

        Raises:
            NothingStoredError: It was not.
            EntryRefusedError: Its result or receipt holds what looks like a person's data.
        """
        columns = _columns(request)
        with told_apart():
            if not self._rows().filter(id=request.id).update(**columns):
                raise NothingStoredError("There is no request with this id.")

    def load(self, request: str) -> RightsRequest:
        """Return the request with this id.

        Raises:
            NothingStoredError: There is none.
        """
        with told_apart():
            row = self._rows().filter(id=request).first()
        if row is None:
            raise NothingStoredError(
                "There is no request with this id.", remedy="See `kept request list`."
            )
        return _request(row)

    def listed(
        self, *, right: Right | None = None, open_only: bool = False
    ) -> tuple[RightsRequest, ...]:
        """Return requests, those due first first.

        Args:
            right: Only those of one right.
            open_only: Only those that somebody still has to do something about.
        """
        with told_apart():
            rows = self._rows().order_by("due", "received_at", "id")
            if right is not None:
                rows = rows.filter(right=right.value)
            if open_only:
                rows = rows.exclude(state__in=[each.value for each in RequestState if each.closed])
            return tuple(_request(row) for row in rows)

    def _rows(self) -> Any:  # noqa: ANN401 - Django ships no types
        from kept.storage.models import RequestRow

        return RequestRow.objects.using(self._database.alias)


def _columns(request: RightsRequest) -> dict[str, object]:
    return {
        "id": checked(request.id),
        "right": request.right.value,
        "state": request.state.value,
        "law": checked(request.law),
        "identity_kinds": [each.value for each in request.identity_kinds],
        "opened_by": checked(request.opened_by),
        "operation": checked(request.operation),
        "received_at": request.received_at,
        "due": request.due,
        "clock": checked(request.clock),
        "opened_at": request.opened_at,
        "changed_at": request.changed_at,
        "closed_at": request.closed_at,
        "result": checked(request.result),
        "receipt": None if request.receipt is None else checked(request.receipt),
    }


def _request(row: "RequestRow") -> RightsRequest:
    return RightsRequest(
        id=row.id,
        right=Right(row.right),
        state=RequestState(row.state),
        law=row.law,
        identity_kinds=tuple(IdentifierKind(each) for each in row.identity_kinds),
        opened_by=row.opened_by,
        operation=row.operation,
        received_at=_utc(row.received_at),
        due=row.due,
        clock=row.clock,
        opened_at=_utc(row.opened_at),
        changed_at=_utc(row.changed_at),
        closed_at=None if row.closed_at is None else _utc(row.closed_at),
        result=row.result,
        receipt=row.receipt,
    )


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
