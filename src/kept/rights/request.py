"""What a rights request is, and which states it goes through."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from kept.errors import RefusedError
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right


class RequestState(StrEnum):
    """Where a request stands.

    Source: DPV 2.1 ``RequestStatus``.
    """

    INITIATED = "initiated"
    ACKNOWLEDGED = "acknowledged"
    REQUIRES_ACTION = "requires_action"
    REQUIRED_ACTION_PERFORMED = "required_action_performed"
    ACTION_DELAYED = "action_delayed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FULFILLED = "fulfilled"
    UNFULFILLED = "unfulfilled"

    @property
    def closed(self) -> bool:
        """Whether nobody has to do anything more. What is unfulfilled can be taken up again."""
        return self in {RequestState.REJECTED, RequestState.FULFILLED}


_WHILE_OPEN = frozenset(
    {
        RequestState.REQUIRES_ACTION,
        RequestState.ACTION_DELAYED,
        RequestState.ACCEPTED,
        RequestState.REJECTED,
        RequestState.UNFULFILLED,
    }
)
_NEXT: Mapping[RequestState, frozenset[RequestState]] = {
    RequestState.INITIATED: _WHILE_OPEN | {RequestState.ACKNOWLEDGED},
    RequestState.ACKNOWLEDGED: _WHILE_OPEN,
    RequestState.REQUIRES_ACTION: (_WHILE_OPEN | {RequestState.REQUIRED_ACTION_PERFORMED})
    - {RequestState.REQUIRES_ACTION},
    RequestState.REQUIRED_ACTION_PERFORMED: _WHILE_OPEN,
    RequestState.ACTION_DELAYED: _WHILE_OPEN - {RequestState.ACTION_DELAYED},
    RequestState.ACCEPTED: (_WHILE_OPEN | {RequestState.FULFILLED}) - {RequestState.ACCEPTED},
    RequestState.UNFULFILLED: frozenset(
        {RequestState.ACCEPTED, RequestState.REQUIRES_ACTION, RequestState.REJECTED}
    ),
    RequestState.REJECTED: frozenset(),
    RequestState.FULFILLED: frozenset(),
}


class RequestStateError(RefusedError):
    """A request cannot go from its state to the one asked for."""

    code: ClassVar[str] = "rights.state"
    remedy: str = "Look at the request's state; one that is closed stays closed: open a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsRequest:
    """One request of one person, without a name in it.

    Attributes:
        id: Its own id.
        right: What the person exercises.
        state: Where it stands.
        law: Id of the law under which it is answered, for example ``"eu-gdpr"``.
        identity_kinds: Which kinds of identifier the person gave; never their values.
        opened_by: Who opened it: ``"operator"``, or a pseudonym of staff.
        operation: Names it in the evidence log; unique.
        received_at: When it reached the controller (UTC).
        due: Last day on which an answer is in time, inclusive.
        clock: The provision that says so.
        opened_at: When its row was made (UTC).
        changed_at: When its state last changed (UTC).
        closed_at: When it was closed (UTC), ``None`` while it is open.
        result: What was done, in JSON: counts and codes only.
        receipt: Its receipt as JSON, ``None`` where there is none yet.
    """

    id: str
    right: Right
    state: RequestState = RequestState.INITIATED
    law: str
    identity_kinds: tuple[IdentifierKind, ...] = ()
    opened_by: str
    operation: str
    received_at: datetime
    due: date
    clock: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    result: Mapping[str, object] = field(default_factory=dict)
    receipt: Mapping[str, object] | None = None

    def moved(self, state: RequestState, at: datetime) -> "RightsRequest":
        """Return this request in another state. Staying where it is changes nothing.

        Raises:
            RequestStateError: No request goes from its state to `state`.
        """
        if state is self.state:
            return self
        if state not in _NEXT[self.state]:
            raise RequestStateError(f"A request that is {self.state} cannot become {state}.")
        return replace(self, state=state, changed_at=at, closed_at=at if state.closed else None)
