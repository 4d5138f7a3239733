import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.connectors.redis.keys import (
    fields_of,
    glob_of,
    grouped,
    listed_under,
    read_key,
    shown,
    values_in,
)


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("user:4711:profile", "user:{id}:profile"),
        ("session:9f86d081884c7d659a2feaa0", "session:{id}"),
        ("cart:2f1c0a9e-77d1-4c0a-9d3a-000000000001:items", "cart:{id}:items"),
        ("reset:ana.lopez@example.com", "reset:{email}"),
        ("rate/192.0.2.7/login", "rate/{ip}/login"),
        ("otp:+447700900123", "otp:{phone}"),
        ("stats:2026-01-31", "stats:{date}"),
        ("order12345", "order{id}"),
        ("user:maria:cart", "user:{id}:cart"),
        ("config", "config"),
    ],
)
def test_what_differs_from_key_to_key_is_a_placeholder(key: str, pattern: str) -> None:
    assert shown(read_key(key).pattern) == pattern


def test_unknown_words_with_brothers_are_values_and_known_words_are_not() -> None:
    keys = ["cache:qwxz:page", "cache:zzkt:page", "cache:pprq:page", "user:email", "user:phone"]
    into = grouped({read_key(each).pattern for each in keys})
    assert {shown(each) for each in into.values()} == {
        "cache:{id}:page",
        "user:email",
        "user:phone",
    }
    known = {**into, **{each: each for each in into.values()}}
    assert shown(listed_under(read_key("cache:mmnb:page").pattern, known)) == "cache:{id}:page"


def test_the_only_person_of_a_store_is_no_part_of_a_name() -> None:
    into = grouped({read_key("session:xqzzy88a").pattern, read_key("profile:qwrtzz").pattern})
    assert {shown(each) for each in into.values()} == {"session:{id}", "profile:{id}"}


@given(st.text(max_size=60))
def test_every_key_is_its_pattern_with_its_values_in_place(key: str) -> None:
    read = read_key(key)
    values = iter(read.values)
    assert "".join(next(values) if each.startswith("{") and each != "{" and each.endswith("}")
                   and len(each) > 2 else each for each in read.pattern) == key  # fmt: skip
    assert len(fields_of(read.pattern)) == len(values_in(read, read.pattern))


@given(st.sets(st.text(alphabet="ab1:._@- {}*[]?\\", max_size=12), max_size=30))
def test_grouping_knows_every_key_and_is_the_same_each_time(keys: set[str]) -> None:
    patterns = {read_key(each).pattern for each in keys}
    into = grouped(patterns)
    assert set(into) == patterns
    assert into == grouped(sorted(patterns))
    for each in patterns:
        assert len(into[each]) == len(each)


def test_what_is_asked_of_scan_takes_special_signs_for_themselves() -> None:
    assert glob_of(("a*b", ":", "{id}", "[", "x")) == r"a\*b:*\[x"
