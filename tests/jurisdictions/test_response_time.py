from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.jurisdictions.response_time import response_times
from kept.jurisdictions.working_day import working_days
from kept.rights.deadline import answer_due, strictest
from kept.settings import KNOWN_LAWS

GDPR = response_times()["eu-gdpr"]
UK = response_times()["uk-gdpr"]
CALIFORNIA = response_times()["us-ca-ccpa"]
GERMANY = working_days("DE")
DAYS = st.dates(min_value=date(2018, 5, 25), max_value=date(2090, 12, 31))


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def test_every_law_that_the_settings_know_has_a_response_time_with_its_source() -> None:
    assert set(response_times()) == set(KNOWN_LAWS)
    for rule in response_times().values():
        assert rule.source
        assert urlsplit(rule.address).scheme == "https"
        assert rule.checked > date(2026, 1, 1)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 8, 31), date(2026, 9, 30)),
        # 28 February 2027 is a Sunday.
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        # 3 October is a public holiday, and a Saturday in 2026.
        (date(2026, 9, 3), date(2026, 10, 5)),
    ],
)
def test_a_month_ends_on_the_same_day_number_and_rolls_to_a_working_day(
    received: date, due: date
) -> None:
    assert answer_due(received, GDPR, is_working_day=GERMANY) == due


def test_an_extension_is_one_period_of_three_months() -> None:
    due = answer_due(date(2025, 1, 31), GDPR, is_working_day=weekdays, extended=True)
    assert due == date(2025, 4, 30)


def test_california_counts_calendar_days_from_receipt_whatever_verification_takes() -> None:
    received = date(2026, 11, 22)
    for paused in (timedelta(0), timedelta(days=15)):
        due = answer_due(received, CALIFORNIA, is_working_day=working_days("US-CA"), paused=paused)
        assert due == date(2027, 1, 6)


def test_a_uk_clock_that_stood_for_five_days_ends_exactly_five_later() -> None:
    received = date(2026, 4, 1)
    britain = working_days("GB-ENG")
    plain = answer_due(received, UK, is_working_day=britain)
    paused = answer_due(received, UK, is_working_day=britain, paused=timedelta(days=5))
    assert paused - plain == timedelta(days=5)


def test_the_strictest_of_several_laws_sets_the_day() -> None:
    clock = strictest(date(2026, 11, 22), (CALIFORNIA, GDPR), is_working_day=GERMANY)
    assert clock is not None
    assert (clock.law, clock.due) == ("eu-gdpr", date(2026, 12, 22))
    assert strictest(date(2026, 11, 22), (), is_working_day=GERMANY) is None


@given(DAYS)
def test_an_answer_is_due_after_receipt_and_on_a_working_day(received: date) -> None:
    due = answer_due(received, GDPR, is_working_day=weekdays)
    assert received < due
    assert weekdays(due)


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_a_later_request_is_never_due_earlier(received: date, later: int) -> None:
    for rule in response_times().values():
        first = answer_due(received, rule, is_working_day=weekdays)
        second = answer_due(received + timedelta(days=later), rule, is_working_day=weekdays)
        assert first <= second


def test_a_place_without_a_known_calendar_works_from_monday_to_friday() -> None:
    for nowhere in ("", "XX", "XX-YY"):
        assert working_days(nowhere)(date(2026, 11, 20))
        assert not working_days(nowhere)(date(2026, 11, 22))


def test_a_subdivision_that_is_not_known_has_its_country_s_calendar() -> None:
    assert not working_days("DE-ZZ")(date(2026, 12, 25))
