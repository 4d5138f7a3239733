from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks.creation import creation_field
from kept.checks.emptiness import is_empty
from kept.checks.event import event_of, named_in
from kept.checks.instant import age_on, day_of, days_of, instant_of
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId
from kept.testing.check_bench import held

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_every_usual_way_of_writing_a_day_means_it(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day.isoformat()}T23:59:59+00:00",
        f"{day:%Y%m%d}",
        f"{day:%d.%m.%Y}",
    ):
        assert days_of(written) == (day,)
    assert day in days_of(f"{day:%d/%m/%Y}")
    assert len(days_of(f"{day:%d/%m/%Y}")) <= 2


@pytest.mark.parametrize(
    "value",
    [None, "", "0000-00-00", "2026-13-01", "31.02.2020", "soon", 3.5, b"2020", True, "0001-01-01"],
)
def test_what_is_no_day_means_none(value: Value) -> None:
    assert days_of(value) == ()


@given(st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - stores have naive ones
def test_an_instant_is_the_same_as_text_and_as_seconds(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    assert instant_of(aware.isoformat()) == aware
    assert instant_of(aware.replace(tzinfo=None).isoformat(sep=" ")) == aware
    assert instant_of(int(aware.timestamp())) == aware
    assert instant_of(int(aware.timestamp()) * 1000) == aware
    assert day_of(int(aware.timestamp())) == aware.date()


@given(st.text(max_size=30) | st.integers() | st.floats() | st.binary() | st.booleans())
def test_any_value_can_be_asked(value: Value) -> None:
    days_of(value)
    instant_of(value)
    day_of(value)
    is_empty(value)


@given(DAYS, st.integers(0, 100))
def test_an_age_is_completed_on_the_birthday(born: date, years: int) -> None:
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = date(born.year + years, 3, 1)
    assert age_on(born, birthday) == years
    assert age_on(born, birthday - timedelta(days=1)) == years - 1


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("account closed", "account closed"),
        ("Closure of the account", "account closed"),
        ("the account was deleted", "account closed"),
        ("date of collection", "collected"),
        ("the end of the contract", "contract ended"),
        ("case resolved", "ticket closed"),
        ("the sign-in", "sign in"),
    ],
)
def test_an_event_is_known_by_other_words(words: str, event: str) -> None:
    assert event_of(words) == event


def test_the_longest_declared_event_that_the_words_name_counts() -> None:
    quote = "we delete it two years after the last project was archived"
    assert named_in(quote, ["archived", "project archived", "last project archived"]) == (
        "last project archived"
    )
    assert named_in(quote, ["closed", ""]) == ""


@pytest.mark.parametrize(
    "name",
    ["created_at", "createdAt", "CreationDate", "date_joined", "registered_on", "first_seen"],
)
def test_a_field_that_tells_when_a_row_was_made_is_known_by_its_name(name: str) -> None:
    dataset = Dataset(id=DatasetId("app", "x"), fields=(held("id"), held("closed_at"), held(name)))
    found = creation_field(dataset)
    assert found is not None
    assert found.name == name


def test_a_declared_creation_beats_a_name_and_other_times_are_none() -> None:
    declared = held("since", anchor="account opened")
    dataset = Dataset(id=DatasetId("app", "x"), fields=(held("created_at"), declared))
    assert creation_field(dataset) is declared
    other = Dataset(id=DatasetId("app", "x"), fields=(held("updated_at"), held("created_by")))
    assert creation_field(other) is None
