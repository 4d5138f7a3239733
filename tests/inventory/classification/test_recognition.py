"""Every validator of whole values: valid ones pass, changed ones fail, nothing raises."""

import re
from ipaddress import IPv4Address, IPv6Address

import phonenumbers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kept.inventory.catalog import Column, Table
from kept.inventory.classification.cards import passes_luhn
from kept.inventory.classification.classify import classify_fields, classify_many
from kept.inventory.classification.national_ids import (
    identity_numbers_known,
    may_be_telling,
    telling_numbers,
)
from kept.inventory.classification.numbers import passes_mod97
from kept.inventory.classification.phone_numbers import is_valid_number
from kept.inventory.classification.recognition import recognised
from kept.inventory.connector import Sample

EMAIL = "user.contact.email"
PHONE = "user.contact.phone_number"
CARD = "user.financial.credit_card"
ACCOUNT = "user.financial.bank_account"
NATIONAL = "user.government_id.national_identification_number"
IP = "user.device.ip_address"
DEVICE = "user.device.device_id"

SHAPE = str.maketrans(
    "123456789bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "0" * 9 + "a" * 51
)


def of(value: str) -> str | None:
    found = recognised([value]).get(value)
    return found.value if found else None


def with_luhn(head: str) -> str:
    return next(head + digit for digit in "0123456789" if passes_luhn(head + digit))


def with_mod97(country: str, rest: str) -> str:
    return next(
        text for check in range(2, 99) if passes_mod97(text := f"{country}{check:02}{rest}")
    )


def changed(text: str, at: int) -> str:
    """Return `text` with another digit at the `at`-th place that has one."""
    places = [place for place, each in enumerate(text) if each.isdigit()]
    place = places[at % len(places)]
    return text[:place] + str((int(text[place]) + 1 + at % 9) % 10) + text[place + 1 :]


digits = st.text("0123456789", min_size=14, max_size=14)


@given(digits, st.integers(0, 1000))
def test_a_card_number_is_recognised_and_one_wrong_digit_is_not(rest: str, at: int) -> None:
    number = with_luhn(f"4{rest}")
    assume(number.strip("4"))
    assert of(number) == CARD
    assert of(" ".join(number[start : start + 4] for start in range(0, 16, 4))) == CARD
    assert of(changed(number, at)) != CARD


@given(st.text("0123456789", min_size=18, max_size=18), st.integers(0, 1000))
def test_an_iban_is_recognised_and_one_wrong_digit_is_not(rest: str, at: int) -> None:
    number = with_mod97("DE", rest)
    assert of(number) == ACCOUNT
    assert of(" ".join(number[start : start + 4] for start in range(0, 22, 4))) == ACCOUNT
    assert of(changed(number, at)) != ACCOUNT


@given(st.ip_addresses(v=4))
def test_an_address_of_version_four_is_recognised_unless_it_may_be_a_version(
    address: IPv4Address,
) -> None:
    parts = [int(part) for part in str(address).split(".")]
    wide = max(parts) > 31 or parts[0] == 10
    assert (of(str(address)) == IP) is wide
    assert of(f"{address}.7") is None
    assert of(f"{parts[0]}.{parts[1]}.{parts[2]}.256") is None


@given(st.ip_addresses(v=6))
def test_an_address_of_version_six_is_recognised(address: IPv6Address) -> None:
    assert of(address.exploded) == IP
    assert of(f"{address.exploded}:1") is None


@given(st.lists(st.integers(0, 255), min_size=6, max_size=6), st.sampled_from(":-"))
def test_a_hardware_address_is_recognised_and_five_parts_are_not(
    parts: list[int], sign: str
) -> None:
    text = sign.join(f"{part:02x}" for part in parts)
    assert of(text) == DEVICE
    assert of(text[:-3]) != DEVICE


@given(st.from_regex(r"[a-z][a-z0-9]{0,20}(\.[a-z0-9]{1,9})?", fullmatch=True))
def test_a_mail_address_is_recognised_and_one_without_a_domain_is_not(local: str) -> None:
    assert of(f"{local}@mail.example.com") == EMAIL
    assert of(f"{local}@") is None
    assert of(f"{local}@-") is None


@given(st.from_regex(r"[1-7][0-9]{4}-[0-9]{7}-[1-9]", fullmatch=True))
def test_a_dashed_cnic_is_recognised_and_one_of_no_province_is_not(number: str) -> None:
    assume(telling_numbers(number))
    assert of(number) == NATIONAL
    assert of(f"0{number[1:]}") != NATIONAL


@settings(max_examples=300)
@given(st.data())
def test_every_identity_number_is_checked_without_raising_and_keeps_its_shape(
    data: st.DataObject,
) -> None:
    kind = data.draw(st.sampled_from(identity_numbers_known()))
    number = data.draw(st.from_regex(re.compile(kind.source, re.ASCII), fullmatch=True))
    assert kind.is_valid(number) in {True, False}
    if telling_numbers(number):
        assert may_be_telling(number.translate(SHAPE).encode())


# Islands with numbers of four digits, and countries that write codes nobody dials from abroad.
AT_HOME_OTHERWISE = {"AR", "BR", "BY", "MX", "NU", "TA", "TK"}
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)[::6]


@pytest.mark.parametrize("region", REGIONS)
def test_a_regions_example_number_is_valid_abroad_and_at_home(region: str) -> None:
    number = phonenumbers.example_number(region)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert is_valid_number(written)
    assert is_valid_number(written.replace("+", "00", 1))
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if region not in AT_HOME_OTHERWISE:
        assert is_valid_number(national, [region]), national


@given(
    st.sampled_from(["1", "7", "20", "33", "44", "49", "34", "92", "966", "90", "55", "91", "39"]),
    st.text("0123456789", min_size=4, max_size=12),
)
def test_numbers_with_a_countrys_code_are_judged_as_the_library_judges(
    code: str, rest: str
) -> None:
    assume(not rest.startswith("0") or code == "39")
    parsed = phonenumbers.PhoneNumber(
        country_code=int(code),
        national_number=int(rest),
        italian_leading_zero=rest.startswith("0") or None,
        number_of_leading_zeros=(len(rest) - len(rest.lstrip("0"))) or None,
    )
    assume(int(rest))
    assert is_valid_number(f"+{code}{rest}") is phonenumbers.is_valid_number(parsed)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_values_raise_and_only_values_given_come_back(values: list[str]) -> None:
    assert set(recognised(values)) <= set(values)


@given(st.text("0123456789abcAZ+-.:/@$(){}= ", min_size=1, max_size=40), st.lists(st.text()))
def test_what_a_value_is_does_not_depend_on_the_values_beside_it(
    value: str, others: list[str]
) -> None:
    assert recognised([*others, value]).get(value) == recognised([value]).get(value)


@pytest.mark.parametrize(
    "value",
    ["", "\n", "\x00" * 50, "9" * 1_000_000, "a@" * 100_000, ":" * 100_000, "\ud800", "+" * 9_999],
    ids=range(8),
)
def test_hostile_values_are_nothing(value: str) -> None:
    assert recognised([value, value]) == {}


@pytest.mark.parametrize(
    "value",
    [
        "2023-000123",
        "1.2.3.4",
        "10.4.0.0/16",
        "550e8400-e29b-41d4-a716-446655440000",
        "4006381333931",
        "20240131",
        "true",
        "FULL_TIME",
        "978-3-16-148410-0",
        "12:30:45",
    ],
)
def test_things_that_look_like_data_of_people_are_not_recognised(value: str) -> None:
    assert of(value) is None


def test_tables_that_are_shared_out_are_classified_as_one_by_one() -> None:
    tables = [
        (
            Table(name=name, columns=(Column(name="email", type="TEXT"),)),
            Sample(
                dataset=name,
                rows=2,
                read=2,
                values={"email": ("ana@example.com", "bo@example.com")},
                nulls={"email": 0},
                distinct={"email": 2},
            ),
        )
        for name in ("users", "shops")
    ]
    assert list(classify_many(tables)) == [classify_fields(*each) for each in tables]
