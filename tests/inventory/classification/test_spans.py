"""Personal data inside free text: found where it stands, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.spans import find

EMAIL = "user.contact.email"
PHONE = "user.contact.phone_number"
CARD = "user.financial.credit_card"
BANK = "user.financial.bank_account"
NATIONAL = "user.government_id.national_identification_number"
IP = "user.device.ip_address"


def found(text: str) -> list[tuple[str, str]]:
    return [(each.category.value, text[each.start : each.end]) for each in find(text)]


@pytest.mark.parametrize(
    ("text", "category", "value"),
    [
        ("write to ana.b+x@example.co.uk.", EMAIL, "ana.b+x@example.co.uk"),
        ("mail=ana@example.com&x=1", EMAIL, "ana@example.com"),
        ("<ana@example.com>", EMAIL, "ana@example.com"),
        ("بريدي ana@example.com شكرا", EMAIL, "ana@example.com"),
        ("user münchen@exämple.de wrote", EMAIL, "münchen@exämple.de"),
        ("call +49 30 12345678 now", PHONE, "+49 30 12345678"),
        ("call (415) 555-2671", PHONE, "(415) 555-2671"),
        ("tél. 06 12 34 56 78", PHONE, "06 12 34 56 78"),
        ("phone: 0300-1234567", PHONE, "0300-1234567"),
        ("هاتفي رقم ٠١٠١٢٣٤٥٦٧٨", PHONE, "٠١٠١٢٣٤٥٦٧٨"),
        ("my card is 4111 1111 1111 1111", CARD, "4111 1111 1111 1111"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", BANK, "DE89 3704 0044 0532 0130 00"),
        ("GB29NWBK60161331926819.", BANK, "GB29NWBK60161331926819"),
        ("CNIC 42201-0397640-8 attached", NATIONAL, "42201-0397640-8"),
        ("my SSN is 078-05-1121", NATIONAL, "078-05-1121"),
        ("NINO AB123456C", NATIONAL, "AB123456C"),
        ("codice RSSMRA85T10A562S", NATIONAL, "RSSMRA85T10A562S"),
        ("from 192.168.14.3 again", IP, "192.168.14.3"),
        ("from 2001:db8::8a2e:370:7334 again", IP, "2001:db8::8a2e:370:7334"),
    ],
)
def test_each_kind_is_found_where_it_stands(text: str, category: str, value: object) -> None:
    assert found(text) == [(category, value)]


@pytest.mark.parametrize(
    "text",
    [
        "order 2023-000123 of version 1.2.3.4",
        "version 10.0.19041.1",
        "at 12:30:45 on 2024-01-02 and 02/03/2024",
        "ref 550e8400-e29b-41d4-a716-446655440000",
        "it cost 1234.50 and 12,345,678 people",
        "order no. 4155552671 was late",
        "invoice 4111111111111112",
        "std::vector<int> a::b::c",
        "an @ sign and a@b",
        "sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "pages 10-12, 1990-1995",
        "طلب رقم 20230001",
        "",
    ],
)
def test_what_looks_like_it_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_several_in_one_text_come_in_order() -> None:
    text = "Ana (ana@example.com, +49 30 12345678) paid with 4111111111111111 from 203.0.113.9"
    assert [category for category, _ in found(text)] == [EMAIL, PHONE, CARD, IP]


@given(st.text(alphabet="0123456789abcAB@.:+-()/ \néم٠", max_size=300))
def test_positions_are_inside_in_order_and_apart(text: str) -> None:
    end = 0
    for each in find(text):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    list(find(text))


@pytest.mark.parametrize(
    "piece",
    ["@", "a@", "a.", "1", "12 ", "1.", "+1 ", "(0", "::", "1:", "AB12 ", "x@y.", "00", "0-0/"],
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    began = time.process_time()
    list(find(text))
    assert time.process_time() - began < 2.0


def test_what_was_found_never_shows_its_value() -> None:
    assert "ana" not in repr(list(find("ana@example.com")))


@pytest.mark.parametrize(
    "number",
    [
        "030 / 23125-766",
        "040 / 66969-12",
        "030 \u2013 23125 766",
        "(030) / 23125-766",
        "+49 (0) 30 / 23125 - 766",
        "06\u00a012\u00a034\u00a056\u00a078",
    ],
)
def test_a_number_with_wide_gaps_is_found_whole(number: str) -> None:
    text = f"please reach my colleague at {number}. Thank you"
    assert found(text) == [(PHONE, number)]


@pytest.mark.parametrize("words", ["on 01 - 02 - 2024", "pages 010 - 020 - 030", "01 / 02 / 24"])
def test_dates_and_pages_with_wide_gaps_are_no_telephones(words: str) -> None:
    assert found(words) == []
