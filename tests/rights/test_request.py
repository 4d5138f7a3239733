"""A request goes through its states in one direction, and what is closed stays closed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.rights.request import RequestState, RequestStateError, RightsRequest
from kept.vocabulary.right import Right

AT = datetime(2026, 5, 1, tzinfo=UTC)
LATER = datetime(2026, 5, 2, tzinfo=UTC)

REQUEST = RightsRequest(
    id="rq-1",
    right=Right.ACCESS,
    law="eu-gdpr",
    opened_by="operator",
    operation="open-1",
    received_at=AT,
    due=date(2026, 6, 1),
    clock="GDPR Art. 12(3)",
    opened_at=AT,
    changed_at=AT,
)


def test_a_request_is_accepted_and_fulfilled() -> None:
    accepted = REQUEST.moved(RequestState.ACCEPTED, AT)
    assert accepted.closed_at is None
    done = accepted.moved(RequestState.FULFILLED, LATER)
    assert (done.state, done.closed_at, done.changed_at) == (RequestState.FULFILLED, LATER, LATER)


def test_what_was_not_done_can_be_taken_up_again() -> None:
    failed = REQUEST.moved(RequestState.ACCEPTED, AT).moved(RequestState.UNFULFILLED, AT)
    assert failed.closed_at is None
    assert failed.moved(RequestState.ACCEPTED, LATER).state is RequestState.ACCEPTED


def test_nothing_is_fulfilled_that_was_not_accepted() -> None:
    with pytest.raises(RequestStateError):
        REQUEST.moved(RequestState.FULFILLED, AT)


@pytest.mark.parametrize("closed", [each for each in RequestState if each.closed])
@pytest.mark.parametrize("state", list(RequestState))
def test_what_is_closed_stays_closed(closed: RequestState, state: RequestState) -> None:
    request = replace(REQUEST, state=closed)
    if state is closed:
        assert request.moved(state, LATER) == request
    else:
        with pytest.raises(RequestStateError):
            request.moved(state, LATER)


@given(st.lists(st.sampled_from(RequestState), max_size=12))
def test_a_request_is_closed_exactly_when_it_says_when(path: list[RequestState]) -> None:
    request = REQUEST
    for state in path:
        try:
            request = request.moved(state, LATER)
        except RequestStateError:
            continue
    assert request.state.closed == (request.closed_at is not None)


@pytest.mark.parametrize("start", [each for each in RequestState if not each.closed])
def test_every_open_request_can_still_be_answered(start: RequestState) -> None:
    reached, waiting = {start}, [start]
    while waiting:
        request = replace(REQUEST, state=waiting.pop())
        for state in RequestState:
            try:
                request.moved(state, AT)
            except RequestStateError:
                continue
            if state not in reached:
                reached.add(state)
                waiting.append(state)
    assert {RequestState.FULFILLED, RequestState.REJECTED} <= reached
