"""Whose an address is, and what the spread of values says: each case with its twin."""

import random
from collections.abc import Callable

import pytest

from kept.inventory.catalog import Column, Table
from kept.inventory.classification.classify import FieldClassification, classify_fields
from kept.inventory.connector import Sample, Value

IP = "user.device.ip_address"
DEVICE = "user.device.device_id"
Classified = Callable[..., FieldClassification]


def holds(found: FieldClassification) -> set[str]:
    return {each.category.value for each in found.categories}


def asks(found: FieldClassification) -> set[str]:
    return {each.category.value for each in found.ambiguous}


def addresses(start: str) -> list[Value]:
    return [f"{start}.{number % 200}.{number % 97 + 1}" for number in range(60)]


@pytest.mark.parametrize(
    ("table", "column"),
    [("servers", "ip"), ("network_devices", "ip_address"), ("t1", "node_ip"), ("sunucular", "ip")],
)
def test_an_address_of_a_machine_is_nobodys(
    classified: Classified, table: str, column: str
) -> None:
    assert holds(classified(column, addresses("81.2"), table=table)) == set()


@pytest.mark.parametrize(
    ("table", "column"), [("sessions", "ip"), ("customers", "ip_address"), ("t1", "client_ip")]
)
def test_an_address_that_somebody_came_from_is_personal(
    classified: Classified, table: str, column: str
) -> None:
    assert holds(classified(column, addresses("81.2"), table=table)) == {IP}


def test_hardware_addresses_are_personal_unless_they_are_routers(classified: Classified) -> None:
    values = [f"00:1a:2b:3c:4d:{number:02x}" for number in range(60)]
    assert holds(classified("mac", values, table="routers")) == set()
    assert holds(classified("mac_address", values, table="visitors")) == {DEVICE}


def test_private_addresses_that_no_name_claims_are_asked_about(classified: Classified) -> None:
    found = classified("c1", addresses("192.168"))
    assert (holds(found), asks(found)) == (set(), {IP})
    assert holds(classified("c1", addresses("81.2"))) == {IP}


def test_networks_are_no_addresses(classified: Classified) -> None:
    assert holds(classified("c1", [f"81.2.{number}.0/24" for number in range(60)])) == set()
    assert holds(classified("c1", [f"81.2.{number}.9/32" for number in range(60)])) == {IP}


def few_of_many(values: list[Value], rows: int) -> FieldClassification:
    table = Table(name="t1", columns=(Column(name="c1", type="TEXT"),))
    sample = Sample(
        dataset="t1",
        rows=rows,
        read=rows,
        values={"c1": tuple(values)},
        nulls={"c1": 0},
        distinct={"c1": len(values)},
    )
    return classify_fields(table, sample)["c1"]


def test_a_dozen_family_names_on_a_thousand_rows_are_brands_and_on_a_dozen_are_people() -> None:
    names: list[Value] = ["Becker", "Wagner", "Fischer", "Weber", "Schneider", "Schmidt", "Meyer"]
    names += ["Schulz", "Hoffmann", "Koch", "Richter", "Wolf"]
    assert holds(few_of_many(names, 1_000)) == set()
    assert holds(few_of_many(names, 12)) == {"user.name.last"}


def test_codes_of_illnesses_come_from_several_chapters_and_shelves_from_one(
    classified: Classified,
) -> None:
    source = random.Random(4)  # noqa: S311 - reproducible, not secret
    codes = [f"{source.choice('EFGIJKM')}{source.randrange(10, 99)}.{n % 10}" for n in range(80)]
    shelves = [f"A{source.randrange(10, 99)}.{number % 10}" for number in range(80)]
    assert holds(classified("c1", codes)) == {"user.health.medical_diagnosis"}
    assert holds(classified("c1", shelves)) == set()


def test_medicines_are_told_by_their_stems_and_are_things_in_a_catalogue(
    classified: Classified,
) -> None:
    taken = ["Amoxicillin 500 mg", "metformin", "omeprazole", "atorvastatin", "lisinopril"]
    assert holds(classified("c1", taken)) == {"user.health.medications"}
    assert holds(classified("label", taken, table="products")) == set()
    assert holds(classified("c1", ["table lamp", "garden chair", "kettle", "cable"])) == set()


def test_flight_numbers_are_no_postal_codes(classified: Classified) -> None:
    source = random.Random(5)  # noqa: S311 - reproducible, not secret
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    flights = [
        f"{source.choice(letters)}{source.choice(letters)}{source.randrange(1000, 9999)}"
        for _ in range(80)
    ]
    assert holds(classified("c1", flights)) == set()


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("dogum_tarihi", "user.demographic.date_of_birth"),
        ("data_nascimento", "user.demographic.date_of_birth"),
        ("codice_fiscale", "user.government_id.national_identification_number"),
        ("geboortedatum", "user.demographic.date_of_birth"),
        ("uyruk", "user.demographic.citizenship_or_immigration_status"),
        ("nacionalidade", "user.demographic.citizenship_or_immigration_status"),
        ("medeni_hal", "user.demographic.marital_status"),
    ],
)
def test_names_of_fields_are_read_in_more_languages(
    classified: Classified, name: str, category: str
) -> None:
    assert holds(classified(name, [])) == {category}


@pytest.mark.parametrize(
    ("column", "values", "category"),
    [
        ("race_code", ["W", "B", "A", "O"], "user.demographic.race_ethnicity"),
        ("medecin_travail", ["Dr Faure", "Dr Petit", "Mme Roy"], "user.name"),
        ("doktor", ["Dr. Demir", "Dr. Ak", "Prof. Kaya"], "user.name"),
        ("data_ur", ["2012-07-15", "2011-01-01"], "user.demographic.date_of_birth"),
        (
            "cod_fisc",
            ["RSSMRA80A01H501U", "BNCLRA85C41F205X"],
            "user.government_id.national_identification_number",
        ),
        ("umar", [54, 49, 31], "user.demographic.age_range"),
        ("id_ordonnance", [77120, 77121, 77122], None),
        ("cp", [0, 1, 2, 3], None),
    ],
)
def test_a_field_of_people_in_other_tongues_and_codes(
    classified: Classified, column: str, values: list[Value], category: str | None
) -> None:
    found = holds(classified(column, values, table="patients"))

    assert found == ({category} if category else set())
