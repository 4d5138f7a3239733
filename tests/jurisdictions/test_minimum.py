from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.jurisdictions import minimum
from kept.jurisdictions.data import LawDataError
from kept.jurisdictions.law import laws
from kept.jurisdictions.minimum import LegalMinimum, kept_until, legal_minimums
from kept.jurisdictions.period import Period, Unit
from kept.settings import KNOWN_LAWS

MINIMUMS = sorted(legal_minimums().values(), key=lambda each: each.id)


@pytest.mark.parametrize("entry", MINIMUMS, ids=lambda each: each.id)
def test_every_minimum_says_who_says_so_where_and_when_it_was_checked(entry: LegalMinimum) -> None:
    assert entry.provision
    assert urlsplit(entry.address).scheme == "https"
    assert date(2024, 1, 1) < entry.checked < date(2030, 1, 1)
    assert len(entry.country) == 2
    assert entry.country.isupper()
    assert entry.id.startswith(f"{entry.country.lower()}-")
    assert entry.keep_for.count > 0
    assert entry.records
    assert entry.reason in {"tax", "accounting"}


def test_every_law_of_the_settings_is_known_with_its_text() -> None:
    assert set(laws()) == set(KNOWN_LAWS)
    assert all(urlsplit(each.address).scheme == "https" for each in laws().values())


def test_a_german_invoice_is_kept_to_the_end_of_the_eighth_year() -> None:
    invoices = legal_minimums()["de-ao-147-invoices"]
    last = kept_until(invoices.keep_for, date(2020, 2, 29), from_year_end=invoices.from_year_end)
    assert last == date(2028, 12, 31)


def test_a_pakistani_record_is_never_dropped_before_its_tax_year_is_six_years_past() -> None:
    records = legal_minimums()["pk-ito-174-records"]
    for day in (date(2024, 6, 30), date(2024, 7, 1), date(2024, 12, 31)):
        tax_year_ends = date(day.year + (day >= date(day.year, 7, 1)), 6, 30)
        last = kept_until(records.keep_for, day, from_year_end=records.from_year_end)
        assert last >= date(tax_year_ends.year + 6, 6, 30)


@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.builds(Period, st.integers(0, 30), st.sampled_from(Unit)),
)
def test_counting_from_the_end_of_the_year_never_ends_earlier(day: date, period: Period) -> None:
    plain = kept_until(period, day, from_year_end=False)
    assert kept_until(period, day, from_year_end=True) >= plain


@pytest.mark.parametrize(
    "change",
    [
        {"provision": None},
        {"address": ""},
        {"checked": "yesterday"},
        {"keep_for": "long"},
        {"from_year_end": "yes"},
        {"provison": "misspelt"},
    ],
)
def test_an_entry_that_lacks_something_is_refused(change: dict[str, object]) -> None:
    entry: dict[str, object] = {
        "country": "DE",
        "records": "invoices",
        "reason": "tax",
        "keep_for": "8 years",
        "from_year_end": True,
        "provision": "§ 1",
        "address": "https://example.com",
        "checked": date(2026, 1, 1),
    }
    assert minimum._minimum("de-x", entry).keep_for == Period(8, Unit.YEAR)
    with pytest.raises(LawDataError):
        minimum._minimum("de-x", {**entry, **change})
