"""Whole schemas: what is found in them, and what is left alone."""

import random
from dataclasses import replace
from typing import Any

import pytest

from kept.inventory.catalog import Table
from kept.inventory.classification.classify import ASK, HOLDS, classify_fields, classify_table
from kept.inventory.classification.evidence import PRIOR
from kept.inventory.classification.surroundings import Neighbourhood

SCHEMAS = ("clinic_fr", "logs", "school_ar", "shop_de", "shop_en", "telecom", "things")

CHINOOK = {
    "Customer.FirstName": "user.name.first",
    "Customer.LastName": "user.name.last",
    "Customer.Company": "user.professional_information.workplace",
    "Customer.Address": "user.contact.address.street",
    "Customer.City": "user.contact.address.city",
    "Customer.State": "user.contact.address.state",
    "Customer.Country": "user.contact.address.country",
    "Customer.PostalCode": "user.contact.address.postal_code",
    "Customer.Phone": "user.contact.phone_number",
    "Customer.Fax": "user.contact.fax_number",
    "Customer.Email": "user.contact.email",
    "Employee.LastName": "user.name.last",
    "Employee.FirstName": "user.name.first",
    "Employee.Title": "user.professional_information.job_title",
    "Employee.BirthDate": "user.demographic.date_of_birth",
    "Employee.HireDate": "user.professional_information",
    "Employee.Address": "user.contact.address.street",
    "Employee.City": "user.contact.address.city",
    "Employee.State": "user.contact.address.state",
    "Employee.Country": "user.contact.address.country",
    "Employee.PostalCode": "user.contact.address.postal_code",
    "Employee.Phone": "user.contact.phone_number",
    "Employee.Fax": "user.contact.fax_number",
    "Employee.Email": "user.contact.email",
    "Invoice.BillingAddress": "user.contact.address.street",
    "Invoice.BillingCity": "user.contact.address.city",
    "Invoice.BillingState": "user.contact.address.state",
    "Invoice.BillingCountry": "user.contact.address.country",
    "Invoice.BillingPostalCode": "user.contact.address.postal_code",
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_field_of_a_schema_holds_what_a_careful_person_says(
    schemas: dict[str, list[Any]], schema: str
) -> None:
    looked = schemas[schema]
    tables = [each.table for each in looked]
    for each in looked:
        found = classify_table(each.table, each.sample, tables)
        said = {name: {one.category for one in held} for name, held in found.items()}
        assert said == each.holds


def test_chinook_has_its_personal_fields_found_and_no_other(chinook: list[Any]) -> None:
    tables = [each.table for each in chinook]
    found = {
        f"{each.table.name}.{name}": [one.category.value for one in held]
        for each in chinook
        for name, held in classify_table(each.table, each.sample, tables).items()
        if held
    }
    assert found == {name: [category] for name, category in CHINOOK.items()}


def test_chinook_is_told_apart_with_no_field_left_to_ask_about(chinook: list[Any]) -> None:
    tables = [each.table for each in chinook]
    asked = [
        f"{each.table.name}.{name}"
        for each in chinook
        for name, one in classify_fields(each.table, each.sample, tables).items()
        if one.ambiguous
    ]
    assert asked == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_score_is_the_sum_of_the_terms_shown(
    schemas: dict[str, list[Any]], schema: str
) -> None:
    from math import exp, fsum

    looked = schemas[schema]
    tables = Neighbourhood.of(each.table for each in looked)
    for each in looked:
        for found in classify_fields(each.table, each.sample, tables).values():
            for one in (*found.categories, *found.ambiguous):
                weights = [term.weight for term in one.because]
                assert weights[0] == PRIOR
                assert one.score == pytest.approx(1 / (1 + exp(-fsum(weights))), abs=0.02)
            assert all(one.score >= HOLDS for one in found.categories)
            assert all(ASK <= one.score < HOLDS for one in found.ambiguous)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_reason_repeats_a_value(schemas: dict[str, list[Any]], schema: str) -> None:
    looked = schemas[schema]
    tables = [each.table for each in looked]
    for each in looked:
        found = classify_fields(each.table, each.sample, tables)
        for name, one in found.items():
            shown = " ".join(
                term.evidence for held in (*one.categories, *one.ambiguous) for term in held.because
            )
            for value in each.sample.values[name]:
                if isinstance(value, str) and len(value) > 5:
                    assert value not in shown


def test_the_order_of_values_columns_and_neighbours_changes_nothing(
    schemas: dict[str, list[Any]],
) -> None:
    shuffled = random.Random(7)  # noqa: S311 - reproducible, not secret
    for looked in schemas.values():
        tables = [each.table for each in looked]
        for each in looked:
            before = classify_fields(each.table, each.sample, tables)
            values = {
                name: tuple(shuffled.sample(kept, len(kept)))
                for name, kept in each.sample.values.items()
            }
            columns = tuple(shuffled.sample(each.table.columns, len(each.table.columns)))
            after = classify_fields(
                replace(each.table, columns=columns),
                replace(each.sample, values=values),
                shuffled.sample(tables, len(tables)),
            )
            assert {name: one.categories for name, one in after.items()} == {
                name: one.categories for name, one in before.items()
            }


def test_a_table_without_a_single_row_is_judged_by_its_names(schemas: dict[str, list[Any]]) -> None:
    for looked in schemas["shop_en"]:
        empty = replace(looked.sample, values={}, nulls={}, distinct={}, rows=0, read=0)
        tables = [each.table for each in schemas["shop_en"]]
        said = classify_table(looked.table, empty, tables)
        for name, held in looked.holds.items():
            if name != "body":
                assert {one.category for one in said[name]} == held


def test_a_table_that_refers_to_tables_unknown_here_is_still_judged(
    schemas: dict[str, list[Any]],
) -> None:
    orders = next(each for each in schemas["shop_en"] if each.table.name == "orders")
    alone = classify_table(orders.table, orders.sample, ())
    assert "user.content" in {one.category for one in alone["note"]}


def test_tables_that_refer_to_each_other_in_a_circle_do_no_harm(
    schemas: dict[str, list[Any]],
) -> None:
    from kept.inventory.catalog import Column, ForeignKey

    one = Table(
        name="left",
        columns=(Column(name="right_id", type="INT"), Column(name="name", type="TEXT")),
        foreign_keys=(ForeignKey(fields=("right_id",), to="right", to_fields=("id",)),),
    )
    other = replace(
        one,
        name="right",
        foreign_keys=(ForeignKey(fields=("right_id",), to="left", to_fields=("id",)),),
    )
    sample = replace(schemas["things"][0].sample, values={"name": ("a", "b")})
    assert classify_table(one, sample, [one, other])["name"] == ()
