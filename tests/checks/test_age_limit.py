from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks.age_limit import CHECK, TOO_YOUNG, ages_of_birth, ages_of_number
from kept.checks.instant import age_on
from kept.inventory.connector import Value
from kept.promises.promise import Category
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

C = DataCategory
TODAY = date(2026, 11, 22)


def said(
    *rows: tuple[Value, ...], terms: dict[str, object] | None = None, about: str = "customer"
) -> DutyVerdict:
    bench = CheckBench()
    given_terms = {"age": 16} if terms is None else terms
    bench.promise(Duty.AGE_LIMIT, category=Category.CHILDREN, terms=given_terms)
    fields = [held("id"), held("born", C.USER_DEMOGRAPHIC_DATE_OF_BIRTH), held("created_at")]
    bench.dataset("customers", fields, [(n, *row) for n, row in enumerate(rows)], about=about)
    return bench.said(CHECK)


def test_an_account_of_an_eleven_year_old_breaks_the_promise() -> None:
    verdict = said(("2015-02-01", "2026-11-01"), ("1980-01-01", "2026-11-01"))
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert (finding.code, finding.field, finding.count) == (TOO_YOUNG, "born", 1)


def test_somebody_who_was_too_young_when_the_account_was_made_stays_a_violation() -> None:
    assert said(("2006-01-01", "2019-06-01")).verdict is Verdict.BROKEN


def test_grown_people_are_kept() -> None:
    verdict = said(("1980-01-01", "2020-01-01"), ("2010-11-22", "2026-11-22"), (None, "2020-01-01"))
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["ages_known"] == 2


@pytest.mark.parametrize("born", ["0000-00-00", "", "2026-11-22", "2030-01-01", "1850-01-01", "x"])
def test_a_placeholder_is_nobodys_birth(born: str) -> None:
    verdict = said((born, "2026-11-22"))
    assert verdict.verdict is Verdict.UNPROVEN
    assert verdict.findings == ()


def test_a_date_that_may_be_read_two_ways_counts_only_if_both_are_too_young() -> None:
    assert said(("02/12/2010", "2026-11-22")).findings == ()
    assert said(("02/03/2015", "2026-11-22")).verdict is Verdict.BROKEN


def test_without_a_limit_or_any_age_nothing_is_proved() -> None:
    unsettled = said(("1980-01-01", "2020-01-01"), terms={})
    assert unsettled.verdict is Verdict.UNPROVEN
    assert "age = 16" in unsettled.reason
    assert "report" in said((None, "2020-01-01")).reason


def test_without_the_day_of_collection_only_today_is_known() -> None:
    bench = CheckBench()
    bench.promise(Duty.AGE_LIMIT, terms={"age": 16})
    fields = [held("id"), held("born", C.USER_DEMOGRAPHIC_DATE_OF_BIRTH)]
    bench.dataset("customers", fields, [(1, "1980-01-01")])
    assert bench.said(CHECK).verdict is Verdict.UNPROVEN


def test_the_ages_of_staff_are_not_looked_at() -> None:
    assert said(("2015-02-01", "2026-11-01"), about="staff").findings == ()


def test_the_highest_of_two_limits_is_judged_for_each_promise_by_its_own_words() -> None:
    bench = CheckBench(terms={"000000000001": {"age": 18}})
    lower = bench.promise(Duty.AGE_LIMIT, terms={"age": 13})
    higher = bench.promise(Duty.AGE_LIMIT, terms={"age": 16})
    fields = [held("born", C.USER_DEMOGRAPHIC_DATE_OF_BIRTH), held("created_at")]
    bench.dataset("customers", fields, [("2009-06-01", "2026-11-01")])
    assert bench.said(CHECK, lower).verdict is Verdict.KEPT
    assert bench.said(CHECK, higher).verdict is Verdict.BROKEN


@given(
    st.dates(date(1950, 1, 1), date(2026, 1, 1)),
    st.dates(date(1950, 1, 1), date(2026, 11, 22)),
    st.integers(10, 21),
)
def test_somebody_is_too_young_exactly_if_they_were_when_collected(
    born: date, made: date, limit: int
) -> None:
    ages = ages_of_birth(born.isoformat(), made.isoformat(), TODAY)
    if born >= made:
        assert not ages.known
    else:
        assert ages.below(limit) == (age_on(born, made) < limit)


@given(st.integers(1, 120), st.integers(1, 120))
def test_an_age_counts_as_it_was_and_a_range_by_its_end(first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert ages_of_number(low).then == low
    assert ages_of_number(f"{low}-{high}").then == high


def test_a_year_of_birth_counts_as_its_first_day() -> None:
    assert ages_of_birth(2010, None, TODAY).now == 16
    assert ages_of_birth("2011", None, TODAY).now == 15
