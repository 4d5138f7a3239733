"""An entry is the same bytes everywhere, and names nobody."""

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.body import Json, canonical, checked
from kept.evidence.entry import Entry, pseudonym
from kept.evidence.errors import EntryRefusedError
from kept.vocabulary.right import Right

AT = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@+"), max_size=40)
keys = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="@+"
    ),
    min_size=1,
    max_size=12,
)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
bodies = st.dictionaries(
    keys,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    ),
    max_size=5,
)


def entry(**changed: object) -> Entry:
    fields: dict[str, object] = {
        "type": "request.erasure",
        "at": AT,
        "operation": "rq-1/app",
        "body": {"erased": 2},
    }
    return Entry(**{**fields, **changed})  # type: ignore[arg-type]  # wrong ones are the point


@given(bodies)
def test_the_bytes_are_those_of_rfc_8785(body: dict[str, Json]) -> None:
    assert canonical(checked(body)) == rfc8785.dumps(body)  # type: ignore[arg-type]  # narrower there


@given(bodies)
def test_an_entry_survives_being_written_and_read(body: dict[str, Json]) -> None:
    written = entry(body=body)
    assert Entry.from_json(json.loads(written.leaf)) == written


def test_the_order_of_keys_and_the_time_zone_do_not_matter() -> None:
    paris = AT.astimezone(timezone(timedelta(hours=2)))
    assert entry(body={"a": 1, "b": 2}).leaf == entry(body={"b": 2, "a": 1}, at=paris).leaf
    assert b'"at":"2026-05-01T10:30:00.000000Z"' in entry(at=paris).leaf


def test_an_entry_does_not_change_when_its_maker_changes_the_body() -> None:
    body: dict[str, Json] = {"counts": [1]}
    made = entry(body=body)
    body["counts"] = [2]
    assert made.body == {"counts": [1]}


@pytest.mark.parametrize(
    "body",
    [
        {"mail": "ana@example.com"},
        {"deep": [{"mail": "write to ana@example.com now"}]},
        {"ana@example.com": 1},
        {"phone": "+49 30 123456"},
        {"rate": 0.5},
        {"raw": b"bytes"},
        {"when": AT},
        {"number": 2**53},
        {"long": "x" * 2_001},
        {1: "key"},
        {"": 1},
        {"😀": 1},
        {"tab\t": 1},
        {"set": {1}},
    ],
)
def test_a_body_with_a_name_or_something_inexact_in_it_is_refused(body: object) -> None:
    with pytest.raises(EntryRefusedError) as refused:
        entry(body=body)
    assert "ana" not in str(refused.value)
    assert "123456" not in str(refused.value)


def test_a_body_nested_without_end_is_refused() -> None:
    body: dict[str, Json] = {}
    for _ in range(100):
        body = {"in": body}
    with pytest.raises(EntryRefusedError):
        entry(body=body)


def test_a_refusal_names_fields_and_never_people() -> None:
    with pytest.raises(EntryRefusedError, match=r"body\.counts\.…\[\]"):
        entry(body={"counts": {"Ana Beispiel": [0.5]}})


def test_members_of_enums_are_the_words_that_they_stand_for() -> None:
    class Old(str, Enum):  # noqa: UP042 - the older way, whose text is not its value
        DONE = "done"

    assert canonical(checked({"state": Old.DONE, "right": Right.ACCESS})) == (
        b'{"right":"access","state":"done"}'
    )


def test_half_a_character_is_refused() -> None:
    with pytest.raises(EntryRefusedError):
        _ = entry(body={"text": "\ud800"}).leaf


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "Request"},
        {"type": ""},
        {"type": "a..b"},
        {"version": 0},
        {"version": True},
        {"operation": ""},
        {"operation": "has space"},
        {"operation": "ana@example.com"},
        {"operation": "x" * 201},
        {"at": AT.replace(tzinfo=None)},
    ],
)
def test_an_entry_that_is_none_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(EntryRefusedError):
        entry(**changed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2026-05-01T10:30:00Z"),
        ("at", "2026-02-30T10:30:00.000000Z"),
        ("at", "2026-05-01T10:30:00.000000+00:00"),
        ("at", 1),
        ("version", "1"),
        ("version", 1.0),
        ("type", 1),
        ("operation", None),
        ("body", []),
        ("more", 1),
    ],
)
def test_only_what_was_written_is_read(field: str, value: object) -> None:
    with pytest.raises(EntryRefusedError):
        Entry.from_json({**entry().to_json(), field: value})


@pytest.mark.parametrize("value", [None, [], "entry", {}, {"type": "a"}])
def test_what_is_no_entry_is_refused(value: object) -> None:
    with pytest.raises(EntryRefusedError):
        Entry.from_json(value)


def test_a_person_has_another_name_in_each_entry_and_the_same_in_the_same() -> None:
    key = bytes(range(32))
    assert pseudonym(key, "rq-1/app") == pseudonym(key, "rq-1/app")
    assert pseudonym(key, "rq-1/app") != pseudonym(key, "rq-2/app")
    assert pseudonym(key, "rq-1/app") != pseudonym(bytes(32), "rq-1/app")
    with pytest.raises(ValueError, match="key"):
        pseudonym(b"short", "rq-1/app")
