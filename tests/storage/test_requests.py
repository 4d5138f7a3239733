"""A request is found again as it was, and without a name in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from kept.evidence.errors import EntryRefusedError
from kept.rights.request import RequestState, RightsRequest
from kept.storage.database import Database
from kept.storage.errors import NothingStoredError, RequestKnownError
from kept.storage.requests import DjangoRequests
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

AT = datetime(2026, 8, 31, 9, 15, 30, 250, tzinfo=UTC)


def request(number: int = 1, **changed: object) -> RightsRequest:
    made = RightsRequest(
        id=f"rq-{number}",
        right=Right.ERASURE,
        law="eu-gdpr",
        identity_kinds=(IdentifierKind.EMAIL, IdentifierKind.NAME),
        opened_by="operator",
        operation=f"open-{number}",
        received_at=AT,
        due=date(2026, 9, 30),
        clock="GDPR Art. 12(3); Regulation (EEC, Euratom) 1182/71 Art. 3",
        opened_at=AT,
        changed_at=AT,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def requests(database: Database) -> DjangoRequests:
    return DjangoRequests(database)


def test_a_request_is_found_as_it_was(requests: DjangoRequests) -> None:
    kept = request(result={"datasets": [{"erased": 3, "until": None}]}, receipt={"leaf_index": 0})
    assert requests.add(kept) == kept
    assert requests.load("rq-1") == kept


def test_an_instant_is_the_same_in_another_time_zone(requests: DjangoRequests) -> None:
    karachi = AT.astimezone(timezone(timedelta(hours=5)))
    requests.add(request(received_at=karachi))
    assert requests.load("rq-1").received_at == AT
    assert requests.load("rq-1").received_at.tzinfo is UTC


def test_a_repeated_opening_opens_nothing(requests: DjangoRequests) -> None:
    requests.add(request())
    again = replace(request(2), operation="open-1")
    assert requests.add(again).id == "rq-1"
    assert len(requests.listed()) == 1


def test_two_requests_cannot_have_one_id(requests: DjangoRequests) -> None:
    requests.add(request())
    with pytest.raises(RequestKnownError):
        requests.add(request(operation="other"))


def test_a_request_is_saved_in_its_new_state(requests: DjangoRequests) -> None:
    requests.add(request())
    later = AT + timedelta(days=1)
    done = request().moved(RequestState.ACCEPTED, AT).moved(RequestState.FULFILLED, later)
    requests.save(replace(done, result={"erased": 4}))
    found = requests.load("rq-1")
    assert (found.state, found.closed_at, found.result) == (
        RequestState.FULFILLED,
        later,
        {"erased": 4},
    )


def test_what_is_not_there_is_not_saved_or_loaded(requests: DjangoRequests) -> None:
    for act in (lambda: requests.load("rq-9"), lambda: requests.save(request(9))):
        with pytest.raises(NothingStoredError):
            act()


def test_requests_are_listed_by_when_they_are_due(requests: DjangoRequests) -> None:
    requests.add(request(1, due=date(2026, 10, 2)))
    requests.add(request(2, due=date(2026, 9, 1), right=Right.ACCESS))
    requests.add(request(3, due=date(2026, 9, 15), state=RequestState.FULFILLED))
    requests.add(request(4, due=date(2026, 9, 20), state=RequestState.UNFULFILLED))
    assert [each.id for each in requests.listed()] == ["rq-2", "rq-3", "rq-4", "rq-1"]
    assert [each.id for each in requests.listed(open_only=True)] == ["rq-2", "rq-4", "rq-1"]
    assert [each.id for each in requests.listed(right=Right.ACCESS)] == ["rq-2"]


@pytest.mark.parametrize(
    "changed",
    [
        {"result": {"who": "ana@example.com"}},
        {"receipt": {"entry": {"body": ["+49 30 1234567"]}}},
        {"opened_by": "ana@example.com"},
        {"operation": "ana@example.com"},
    ],
)
def test_a_name_is_refused_wherever_it_stands(
    requests: DjangoRequests, changed: dict[str, object]
) -> None:
    with pytest.raises(EntryRefusedError):
        requests.add(request(**changed))
    assert requests.listed() == ()


def test_hostile_text_is_kept_as_text(requests: DjangoRequests) -> None:
    hostile = "'; DROP TABLE kept_request; -- %s \" \\ é العربية"
    requests.add(request(clock=hostile, result={"note": hostile}))
    assert requests.load("rq-1").clock == hostile
    assert requests.load("rq-1").result == {"note": hostile}
