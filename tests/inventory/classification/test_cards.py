"""Payment card numbers in text: found whole, never by a piece of something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.cards import (
    card_numbers,
    is_card_number,
    is_issued,
    passes_luhn,
)

# Numbers that the brands and payment services publish for tests.
PUBLISHED = [
    "4111111111111111", "4242424242424242", "4000056655665556", "5555555555554444",
    "5200828282828210", "2223003122003222", "378282246310005", "371449635398431",
    "6011111111111117", "6011000990139424", "30569309025904", "38520000023237",
    "3566002020360505", "3530111333300000", "6200000000000005",
]  # fmt: skip


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in card_numbers(text)]


def with_check_digit(body: str) -> str:
    return next(f"{body}{last}" for last in range(10) if passes_luhn(f"{body}{last}"))


@pytest.mark.parametrize("number", PUBLISHED)
def test_a_card_number_is_found_whole_wherever_it_stands(number: str) -> None:
    assert is_card_number(number)
    assert found(f"please charge {number}, thank you") == [number]
    assert found(f"({number})") == [number]
    assert found(f"card:{number}") == [number]
    assert found(f"{number} 12/29 123") == [number]


@pytest.mark.parametrize("separator", [" ", "-", ".", "\u00a0"])
def test_groups_as_printed_are_one_number(separator: str) -> None:
    number = separator.join(["4111", "1111", "1111", "1111"])
    assert found(f"it is {number} thanks") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # Luhn fails
        "9111111111111111",  # no brand
        "0000000000000000",
        "4444444444444444",  # all the same
        "x4111111111111111",
        "4111111111111111x",
        "14111111111111111",
        "41111111111111111",
        "0.4111111111111111",
        "4111111111111111.5",
        "ORD-4111111111111111",
        "/files/4111111111111111.pdf",
        "4111 1111-1111 1111",  # mixed separators
        "41 1111 1111 1111 11",  # groups that no card has
        "550e8400-e29b-4111-1111-111111111111",
        "DE89370400440532013000",
        "2024-01-02 10:11:12.4111111111111111",
        "4222222222222",  # thirteen digits, as barcodes have
    ],
)
def test_what_is_no_card_number_is_not_found(text: str) -> None:
    assert found(text) == []


def test_old_short_numbers_are_found_where_a_word_for_cards_stands_before() -> None:
    assert found("my visa card is 4222222222222") == ["4222222222222"]


def test_a_position_never_shows_what_stands_there() -> None:
    assert "4111" not in repr(list(card_numbers("4111111111111111")))


@given(st.text(alphabet="0123456789 -./abcZ\n", max_size=400))
def test_what_is_found_is_valid_in_order_and_apart(text: str) -> None:
    end = 0
    for span in card_numbers(text):
        assert end <= span.start < span.end <= len(text)
        digits = "".join(each for each in text[span.start : span.end] if each.isdigit())
        assert passes_luhn(digits)
        assert is_issued(digits)
        end = span.end


@given(st.from_regex(r"4[0-9]{14}", fullmatch=True), st.integers(0, 9))
def test_exactly_one_last_digit_in_ten_is_right(body: str, last: int) -> None:
    assert passes_luhn(f"{body}{last}") == (f"{body}{last}" == with_check_digit(body))


def test_a_megabyte_of_digits_takes_no_time_to_reject() -> None:
    assert found("1234 " * 100_000) == []
    assert found("4" * 500_000) == []
