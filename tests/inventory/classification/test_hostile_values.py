"""Values that nobody planned for: odd types, broken text, huge cells, deep JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.inventory.classification.classify import FieldClassification
from kept.inventory.classification.paths import leaves
from kept.inventory.classification.profile import LONGEST, Kind, Profile

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.binary(max_size=60),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(values, max_size=30),
    st.sampled_from(["c", "email", "phone", "name", "iban", "note", "dob", "age", "zip", "gps"]),
)
def test_any_values_get_an_answer(
    classified: Callable[..., FieldClassification], found: list[Any], name: str
) -> None:
    _is_an_answer(classified(name, found))


@pytest.mark.parametrize(
    "found",
    [
        ["\x00\x00", "a\x00b"],
        ["\ud800 lone surrogate"],
        ["a\nb\r\nc\u2028d"],
        [b"\xff\xfe\x00", b"\x80\x81"],
        [float("nan"), float("inf"), -0.0],
        [10**400, 10**9000],
        [""],
        [],
        ["\n\n\n"],
        ["٠" * 30],
        ["²³¹", "①②③"],
    ],
)
def test_broken_values_do_no_harm(
    classified: Callable[..., FieldClassification], found: list[Any]
) -> None:
    for name in ("c1", "email", "phone", "birth_date", "card_number", "ip", "age", "latitude"):
        _is_an_answer(classified(name, found))


def _is_an_answer(given: FieldClassification) -> None:
    scores = [each.score for each in given.categories]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each.score <= 1 for each in (*given.categories, *given.ambiguous))
    assert all(each.because for each in (*given.categories, *given.ambiguous))
    held = {each.category for each in given.categories}
    assert not held & {each.category for each in given.ambiguous}


def test_a_huge_cell_is_cut_and_read_from_its_beginning(
    classified: Callable[..., FieldClassification],
) -> None:
    profile = Profile.of(["x" * 5_000_000, b"y" * 5_000_000])
    assert [len(each) for each in profile.texts] == [LONGEST, LONGEST]
    assert classified("c1", ["ana@example.com " + "x" * 5_000_000] * 3).ambiguous is not None


def test_a_line_break_inside_a_value_makes_no_second_value() -> None:
    profile = Profile.of(["a\nb", "c\u2028d", "e"])
    assert len(profile.lines) == len(profile.texts) == 3


def test_bytes_that_are_text_are_read_as_text() -> None:
    assert Profile.of([b"ana@example.com"]).texts == ("ana@example.com",)
    assert Profile.of([b"\xff\x00\x01"]).kind is Kind.BINARY
    assert Profile.of(["é".encode() * LONGEST * 3]).binary == 0


def test_a_profile_never_shows_its_values() -> None:
    assert "ana" not in repr(Profile.of(["ana@example.com"]))


def test_json_is_read_by_path() -> None:
    documents = [
        json.dumps({"user": {"email": f"a{n}@example.com", "tags": ["x", "y"]}}) for n in (1, 2)
    ]
    assert leaves(documents) == {
        "user.email": ("a1@example.com", "a2@example.com"),
        "user.tags": ("x", "y"),
    }


@pytest.mark.parametrize(
    "documents",
    [
        ["[" * 100_000],
        ['{"a":' * 100_000],
        ["{broken", "{", "[1,"],
        ["[]", "{}"],
        ["1", "null", '"text"'],
    ],
)
def test_what_is_no_json_object_has_no_paths(documents: list[str]) -> None:
    assert leaves(documents) == {}


def test_json_with_a_million_keys_is_bounded() -> None:
    document = json.dumps({f"key{each}": each for each in range(10_000)})
    assert len(leaves([document])) <= 200


def test_a_key_that_is_a_value_is_classified_and_never_shown(
    classified: Callable[..., FieldClassification],
) -> None:
    documents = [json.dumps({f"ana{each}@example.com": {"Zaphod": each}}) for each in range(20)]
    found = classified("scores", documents)
    assert {each.category.value for each in found.categories} == {"user.contact.email"}
    reasons = " ".join(term.evidence for each in found.categories for term in each.because)
    assert "example.com" not in reasons
    assert "Zaphod" not in reasons
