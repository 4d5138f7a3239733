from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.jurisdictions.period import Period, Unit

periods = st.builds(Period, st.integers(0, 600), st.sampled_from(Unit))
days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@given(days, periods)
def test_a_period_never_ends_before_it_starts(day: date, period: Period) -> None:
    assert period.after(day) >= day


@given(days, days, periods)
def test_a_later_start_never_ends_earlier(one: date, other: date, period: Period) -> None:
    first, last = sorted((one, other))
    assert period.after(first) <= period.after(last)


@given(days, periods)
def test_before_is_the_latest_day_whose_period_has_ended(day: date, period: Period) -> None:
    anchor = period.before(day)
    assert period.after(anchor) <= day
    assert period.after(anchor + timedelta(days=1)) > day


@given(periods)
def test_a_period_reads_what_it_prints(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("1 month", date(2026, 8, 31), date(2026, 9, 30)),
        ("3 months", date(2025, 1, 31), date(2025, 4, 30)),
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("45 days", date(2026, 11, 22), date(2027, 1, 6)),
        ("2 weeks", date(2026, 1, 1), date(2026, 1, 15)),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_its_last_day(
    text: str, start: date, end: date
) -> None:
    assert Period.parse(text).after(start) == end


@pytest.mark.parametrize("text", ["", "month", "1", "-1 months", "1.5 years", "1 fortnight"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a period is"):
        Period.parse(text)


def test_the_end_of_time_is_a_day() -> None:
    assert Period(9999, Unit.YEAR).after(date(2026, 1, 1)) == date.max
    assert Period(9_000_000, Unit.DAY).after(date(2026, 1, 1)) == date.max
    assert Period(9999, Unit.YEAR).before(date(2026, 1, 1)) == date.min
    assert Period(9_000_000, Unit.DAY).before(date(2026, 1, 1)) == date.min


def test_units_are_never_converted() -> None:
    assert Period(1, Unit.MONTH) + Period(2, Unit.MONTH) == Period(3, Unit.MONTH)
    with pytest.raises(ValueError, match="cannot add"):
        Period(1, Unit.MONTH) + Period(30, Unit.DAY)
    with pytest.raises(ValueError, match="negative"):
        Period(-1, Unit.DAY)
