"""What misleads others: each a case in which this classification says nothing, or asks."""

import hashlib
import random
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from kept.inventory.classification.cards import is_issued, passes_luhn
from kept.inventory.classification.classify import FieldClassification

EMAIL = "user.contact.email"
PHONE = "user.contact.phone_number"
CARD = "user.financial.credit_card"
NATIONAL = "user.government_id.national_identification_number"
PASSWORD = "user.authorization.password"
MANY = 200


def numbers(seed: int, make: Callable[..., Any], count: int = MANY) -> list[str]:
    source = random.Random(seed)  # noqa: S311 - reproducible, not secret
    return [make(source) for _ in range(count)]


def holds(found: FieldClassification) -> set[str]:
    return {each.category.value for each in found.categories}


def asks(found: FieldClassification) -> set[str]:
    return {each.category.value for each in found.ambiguous}


@pytest.mark.parametrize("name", ["order_number", "order_no", "field12", "numero_commande"])
@pytest.mark.parametrize("digits", [8, 9, 10, 11, 12])
def test_order_numbers_are_no_telephones(
    classified: Callable[..., FieldClassification], name: str, digits: int
) -> None:
    values = numbers(1, lambda source: str(source.randrange(10 ** (digits - 1), 10**digits)))
    assert holds(classified(name, values)) == set()


@pytest.mark.parametrize("name", ["order_number", "invoice_no", "c7"])
@pytest.mark.parametrize("digits", range(9, 20))
def test_random_numbers_that_pass_luhn_by_chance_are_no_cards_and_no_identities(
    classified: Callable[..., FieldClassification], name: str, digits: int
) -> None:
    values = numbers(digits, lambda source: str(source.randrange(10 ** (digits - 1), 10**digits)))
    assert holds(classified(name, values)) == set()


def test_consecutive_numbers_in_a_card_brands_range_are_no_cards(
    classified: Callable[..., FieldClassification],
) -> None:
    values = [str(4000123412340000 + each * 7) for each in range(MANY)]
    passing = sum(is_issued(each) and passes_luhn(each) for each in values)
    assert passing >= MANY * 0.08
    assert holds(classified("invoice_number", values)) == set()


@pytest.mark.parametrize("name", ["version", "build", "firmware", "f3", "address_version"])
def test_versions_are_neither_addresses_nor_ip_addresses(
    classified: Callable[..., FieldClassification], name: str
) -> None:
    values = numbers(2, lambda source: ".".join(str(source.randrange(0, 20)) for _ in range(4)))
    assert holds(classified(name, values)) == set()


@pytest.mark.parametrize("name", ["uuid", "key", "c1", "request_ref"])
def test_uuids_are_no_telephones(classified: Callable[..., FieldClassification], name: str) -> None:
    values = numbers(3, lambda source: str(uuid.UUID(int=source.getrandbits(128))))
    assert holds(classified(name, values)) == set()


@pytest.mark.parametrize("values", [[True, False], [0, 1], ["yes", "no"], ["t", "f"]])
@pytest.mark.parametrize(
    "name",
    ["email_verified", "is_email_verified", "emailVerified", "has_phone", "verified_email"],
)
def test_whether_a_mail_address_was_verified_is_no_mail_address(
    classified: Callable[..., FieldClassification], name: str, values: list[Any]
) -> None:
    assert holds(classified(name, values)) == set()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("email_count", [0, 3, 12]),
        ("nb_emails", [0, 3, 12]),
        ("phone_model", ["iPhone 12", "Galaxy S21"]),
        ("phone_type", ["home", "work", "mobile"]),
        ("ip_version", [4, 6]),
        ("address_type", ["billing", "shipping"]),
        ("name_length", [3, 12, 8]),
        ("password_changed_at", ["2024-01-02 10:11:12", "2023-02-03 09:00:00"]),
        ("email_sent_at", ["2024-01-02 10:11:12", "2023-02-03 09:00:00"]),
        ("type_adresse", ["facturation", "livraison"]),
        ("عدد_الطلاب", [25, 30]),
        ("city_id", [1, 2, 3]),
        ("customer_id", [1, 2, 3]),
    ],
)
def test_a_field_about_a_category_does_not_hold_it(
    classified: Callable[..., FieldClassification], name: str, values: list[Any]
) -> None:
    assert holds(classified(name, values)) == set()


def test_years_are_no_card_codes_and_no_postal_codes(
    classified: Callable[..., FieldClassification],
) -> None:
    assert holds(classified("year", list(range(1990, 2025)))) == set()
    assert holds(classified("column4", list(range(1990, 2025)))) == set()


@pytest.mark.parametrize("name", ["employment", "contract", "f9"])
def test_upper_case_codes_are_no_people(
    classified: Callable[..., FieldClassification], name: str
) -> None:
    values = ["FULL_TIME", "PART_TIME", "INTERN", "CONTRACT"]
    assert not any("name" in each for each in holds(classified(name, values)))


@pytest.mark.parametrize("name", ["email", "contact", "c5"])
def test_mail_addresses_are_mail_addresses_and_nothing_else(
    classified: Callable[..., FieldClassification], name: str
) -> None:
    values = [f"person{each}@mail{each % 7}.example.com" for each in range(MANY)]
    assert holds(classified(name, values)) == {EMAIL}


def test_a_field_that_holds_two_kinds_has_both(
    classified: Callable[..., FieldClassification],
) -> None:
    values = [f"ana{each}@example.com" for each in range(50)]
    values += [f"+49 30 {each:07d}" for each in range(1234567, 1234617)]
    assert holds(classified("contact", values)) == {EMAIL, PHONE}


def test_few_values_among_many_nulls_are_enough(
    classified: Callable[..., FieldClassification],
) -> None:
    assert holds(classified("c3", ["ana@example.com", "bob@example.org"])) == {EMAIL}
    assert holds(classified("email", ["ana@example.com"])) == {EMAIL}


def test_thirteen_bare_digits_may_be_identity_or_serial_numbers_and_are_asked_about(
    classified: Callable[..., FieldClassification],
) -> None:
    values = numbers(
        5,
        lambda source: (
            f"{source.randrange(1, 8)}{source.randrange(10**11):011}{source.randrange(1, 10)}"
        ),
    )
    found = classified("c8", values)
    assert holds(found) == set()
    assert asks(found) == {NATIONAL}


def test_dashed_identity_numbers_need_no_question(
    classified: Callable[..., FieldClassification],
) -> None:
    values = numbers(
        5,
        lambda source: (
            f"{source.randrange(10000, 79999)}-{source.randrange(10**6, 10**7)}-"
            f"{source.randrange(1, 10)}"
        ),
    )
    assert holds(classified("c8", values)) == {NATIONAL}


@pytest.mark.parametrize("make", [hashlib.md5, hashlib.sha1, hashlib.sha256])
def test_bare_digests_may_be_files_or_passwords_and_are_asked_about(
    classified: Callable[..., FieldClassification], make: Callable[..., Any]
) -> None:
    values = [make(str(each).encode()).hexdigest() for each in range(50)]
    found = classified("c2", values)
    assert holds(found) == set()
    assert asks(found) == {PASSWORD}
    assert holds(classified("password", values)) == {PASSWORD}
    assert holds(classified("file_hash", values)) == set()
    assert asks(classified("file_hash", values)) == set()


def test_dates_of_orders_and_of_films_are_no_births(
    classified: Callable[..., FieldClassification],
) -> None:
    orders = numbers(
        8, lambda source: f"{source.randrange(2019, 2025)}-0{source.randrange(1, 10)}-11"
    )
    films = numbers(
        9, lambda source: f"{source.randrange(1930, 2024)}-0{source.randrange(1, 10)}-11"
    )
    assert holds(classified("ordered", orders)) == set()
    assert holds(classified("release_date", films)) == set()


@pytest.mark.parametrize("table", ["Genre", "Track", "Playlist", "products", "categories", "tag"])
def test_the_name_of_a_thing_is_nobodys_name(
    classified: Callable[..., FieldClassification], table: str
) -> None:
    values = ["Austin", "Charlotte", "Jackson", "Florence", "Rose", "Dawn", "Jasmine", "Victoria"]
    assert holds(classified("name", values, table=table)) == set()
    assert holds(classified("Name", ["Rock", "Jazz", "Metal"], table=table)) == set()


def test_a_title_is_an_occupation_only_among_people(
    classified: Callable[..., FieldClassification],
) -> None:
    jobs = ["Sales Manager", "IT Staff", "General Manager", "Accountant"]
    assert holds(classified("Title", jobs, table="Employee")) == {
        "user.professional_information.job_title"
    }
    works = ["The Manager's Song", "Night Driver", "Balls to the Wall", "Big Ones", "Facelift"]
    assert holds(classified("Title", works, table="Album")) == set()


def test_telephones_of_branches_are_asked_about_and_not_held(
    classified: Callable[..., FieldClassification],
) -> None:
    values = [f"030 / {each}" for each in range(1000000, 1000050)]
    assert holds(classified("phone", values, table="warehouse")) == set()
    assert holds(classified("phone", values, table="customer")) == {PHONE}


def test_encrypted_values_of_a_named_field_are_still_what_the_name_says(
    classified: Callable[..., FieldClassification],
) -> None:
    import base64

    source = random.Random(4)  # noqa: S311 - reproducible, not secret
    values = ["enc:v1:" + base64.b64encode(source.randbytes(45)).decode() for _ in range(20)]
    found = classified("national_id", values, table="customer")
    assert holds(found) == {NATIONAL}
    assert any("encrypted" in term.evidence for each in found.categories for term in each.because)


def test_a_name_that_its_values_contradict_is_not_believed(
    classified: Callable[..., FieldClassification],
) -> None:
    assert holds(classified("email", [1, 2, 3, 17, 29])) == set()
    assert holds(classified("phone", ["red", "green", "blue", "black"])) == set()
    assert holds(classified("ip", ["main", "develop", "release", "hotfix"])) == set()
    assert holds(classified("state", ["open", "closed", "merged", "stale"])) == set()
