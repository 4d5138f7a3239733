import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.subjects.identifier import Identifier, normalise
from kept.vocabulary.identifier_kind import CATEGORY_OF, IdentifierKind


@given(st.sampled_from(IdentifierKind), st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(kind: IdentifierKind, value: str) -> None:
    once = normalise(kind, value)
    assert normalise(kind, once) == once


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (IdentifierKind.EMAIL, "Ana@Example.com ", "ana@example.com"),
        (IdentifierKind.PHONE, "0049 30 123456", "+49 (30) 123-456"),
        (IdentifierKind.PHONE, "+٩٢٣٠٠١٢٣٤٥٦٧", "+92 300 1234567"),
        (IdentifierKind.NATIONAL_ID, "35202-1234567-1", "3520212345671"),
        (IdentifierKind.NAME, "ana  MARÍA", "Ana María"),
    ],
)
def test_two_spellings_of_one_identifier_are_equal(
    kind: IdentifierKind, one: str, other: str
) -> None:
    assert Identifier(kind, one).normalised == Identifier(kind, other).normalised


def test_different_people_stay_different() -> None:
    assert normalise(IdentifierKind.ACCOUNT_ID, "A1") != normalise(IdentifierKind.ACCOUNT_ID, "a1")
    assert normalise(IdentifierKind.PHONE, "+4930") != normalise(IdentifierKind.PHONE, "4930")


def test_a_value_never_shows_in_a_repr() -> None:
    assert "ana" not in repr(Identifier(IdentifierKind.EMAIL, "ana@example.com"))


def test_every_kind_says_what_its_field_holds() -> None:
    assert set(CATEGORY_OF) == set(IdentifierKind)


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_plain_text_is_normalised_like_any_other(text: str) -> None:
    digits = "".join(each for each in text.strip() if each.isdigit())
    phone = normalise(IdentifierKind.PHONE, text)
    assert phone.lstrip("+") in {digits, digits[2:]}
    signs = "".join(each for each in text if each.isalnum()).casefold()
    assert normalise(IdentifierKind.NATIONAL_ID, text) == signs
