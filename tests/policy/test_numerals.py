"""How numbers that are written in words are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.policy.numerals import number_before
from kept.policy.reader import read
from kept.policy.source import Source

_NUMBERS = {"one": 1, "four": 4, "ten": 10, "seven": 7, "twenty": 20, "sixty": 60, "hundred": 100}


@pytest.mark.parametrize(
    ("language", "sentence", "period"),
    [
        ("fr", "Vos messages sont effacés au bout de quatre-vingt-dix jours.", "90 days"),
        ("fr", "Vos messages sont effacés au bout de quatre-vingts jours.", "80 days"),
        ("fr", "Nous conservons vos messages pendant vingt et un jours.", "21 days"),
        ("fr", "Nous conservons vos messages pendant soixante-dix-sept jours.", "77 days"),
        ("fr", "Nous conservons vos messages pendant cent vingt jours.", "120 days"),
        ("fr", "Nous conservons vos messages pendant dix-huit mois.", "18 months"),
        ("en", "We keep your messages for seventy-two hours.", "72 hours"),
        ("en", "We keep your messages for a hundred and twenty days.", "120 days"),
        ("en", "We keep your messages for twenty-four (24) months.", "24 months"),
    ],
)
def test_a_period_written_in_words_is_the_period_it_says(
    language: str, sentence: str, period: str
) -> None:
    text = (
        "Politique de confidentialité\n\n" if language == "fr" else "Privacy policy\n\n"
    ) + sentence
    (promise,) = read([Source("policy.txt", text.encode())], languages=(language,)).promises
    assert promise.terms["at_most"] == period


def test_words_that_make_no_number_together_are_read_as_the_last_of_them() -> None:
    assert number_before(["one", "four"], 2, _NUMBERS, {"and"}) == (4, 1)


@given(st.lists(st.sampled_from([*_NUMBERS, "and", "days", "of"]), max_size=12))
def test_any_words_have_a_number_that_begins_among_them_or_none(forms: list[str]) -> None:
    count, start = number_before(forms, len(forms), _NUMBERS, {"and"})
    assert 0 <= start <= len(forms)
    assert (count > 0) == (start < len(forms))
