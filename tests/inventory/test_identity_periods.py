"""When an identifier was a person's: numbers and addresses are given to others."""

from pathlib import Path

import pytest

from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_standing import standing
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import DatasetId, IdentityPeriod
from kept.inventory.discovery import inventory_of
from kept.inventory.errors import DataMapError, DataMapReferenceError
from kept.testing.invented_company import (
    Mapped,
    day,
    email,
    map_company,
    own,
    person,
    phone,
    to,
    write_company,
)

NUMBERS = DatasetId("app", "numbers")
PERIOD = IdentityPeriod(field="phone", since="assigned_at", until="released_at")
TABLE = Table(
    name="numbers",
    columns=tuple(
        Column(name=each, type="TEXT") for each in ("phone", "assigned_at", "released_at")
    ),
)
WRITTEN = """
[stores.app.datasets.numbers]
state = "decided"
identity_period = { phone = ["assigned_at", "released_at"] }
"""


@pytest.fixture
def assigned(tmp_path: Path) -> Mapped:
    path = tmp_path / "company.sqlite"
    schema = """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT);
        CREATE TABLE numbers (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), phone TEXT,
            assigned_at DATE, released_at DATE);
        CREATE TABLE contracts (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), phone TEXT,
            start_date DATE, end_date DATE);
    """
    rows = [own, to(60), phone, day, day]
    write_company(
        path,
        schema,
        {"customers": (60, [own, email, person]), "numbers": (60, rows), "contracts": (60, rows)},
    )
    return map_company(path)


def test_when_a_number_was_whose_is_proposed_and_read_back(assigned: Mapped) -> None:
    assert assigned.proposals["numbers"].decision.identity_periods == (PERIOD,)
    text = write_proposals("", assigned.proposals.values()).text
    assert 'identity_period = { phone = ["assigned_at", "released_at"] }' in text
    assert write_proposals(text, assigned.proposals.values()).text == text
    again = inventory_of(assigned.catalogs, parse_datamap(text))
    assert again.dataset(NUMBERS).identity_periods == (PERIOD,)


@pytest.mark.parametrize(
    ("columns", "since", "until"),
    [
        (("phone", "assigned_at"), "assigned_at", None),
        (("phone", "phone_since"), "phone_since", None),
        (("phone", "phone_until"), None, "phone_until"),
        (("phone", "PhoneValidFrom", "PhoneValidTo"), "PhoneValidFrom", "PhoneValidTo"),
        (("phone", "since"), None, None),
        (("phone", "released"), None, None),
        (("phone", "mobile", "assigned_at"), None, None),
        (("phone", "contract_from", "contract_until"), None, None),
    ],
)
def test_one_bound_alone_is_proposed_where_it_speaks_of_the_identifier(
    tmp_path: Path, columns: tuple[str, ...], since: str | None, until: str | None
) -> None:
    path = tmp_path / "company.sqlite"
    makers = [phone if each in {"phone", "mobile"} else day for each in columns]
    types = ", ".join(
        f"{each} {'TEXT' if each in {'phone', 'fax'} else 'DATE'}" for each in columns
    )
    schema = f"""
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT);
        CREATE TABLE numbers (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), {types});
    """
    write_company(
        path,
        schema,
        {"customers": (60, [own, email, person]), "numbers": (60, [own, to(60), *makers])},
    )
    periods = map_company(path).proposals["numbers"].decision.identity_periods
    assert periods == (
        (IdentityPeriod(field="phone", since=since, until=until),) if since or until else ()
    )


def test_a_bound_that_there_is_not_is_written_empty_and_read_as_none() -> None:
    text = WRITTEN.replace('"released_at"', '""')
    decision = parse_datamap(text).of(NUMBERS)
    assert decision is not None
    assert decision.identity_periods == (
        IdentityPeriod(field="phone", since="assigned_at", until=None),
    )
    inventory = inventory_of(
        [Catalog(store="app", engine="sqlite", tables=(TABLE,))], parse_datamap(text)
    )
    assert inventory.dataset(NUMBERS).identity_periods[0].until is None


def test_the_period_of_a_contract_is_no_period_of_the_number_on_it(assigned: Mapped) -> None:
    assert assigned.proposals["contracts"].decision.identity_periods == ()


def test_a_period_is_added_to_a_dataset_that_is_only_proposed(assigned: Mapped) -> None:
    text = '[stores.app.datasets.numbers]\nstate = "proposed"\n'
    completed = write_proposals(text, assigned.proposals.values()).text
    decision = parse_datamap(completed).of(NUMBERS)
    assert decision is not None
    assert decision.identity_periods == (PERIOD,)


@pytest.mark.parametrize("value", ['["assigned_at"]', '"assigned_at"', '["", ""]'])
def test_a_period_that_names_no_two_fields_is_refused(value: str) -> None:
    with pytest.raises(DataMapError, match="phone"):
        parse_datamap(f"[stores.app.datasets.numbers]\nidentity_period = {{ phone = {value} }}")


def test_a_period_of_a_field_that_is_not_there_is_refused_or_left_out() -> None:
    catalog = Catalog(store="app", engine="sqlite", tables=(TABLE,))
    datamap = parse_datamap(WRITTEN.replace("released_at", "relesed_at"))
    with pytest.raises(DataMapReferenceError, match="identity_period") as refused:
        inventory_of([catalog], datamap)
    assert "released_at" in refused.value.remedy
    left = standing(datamap, [catalog]).of(NUMBERS)
    assert left is not None
    assert left.identity_periods == ()
    whole = standing(parse_datamap(WRITTEN), [catalog]).of(NUMBERS)
    assert whole is not None
    assert whole.identity_periods == (PERIOD,)
