"""Periods, shared identifiers and clients, planted in schemas on SQLite and PostgreSQL."""

import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path

import pytest

from kept.inventory.dataset import IdentityPeriod
from kept.testing.invented_company import (
    Mapped,
    day,
    email,
    first,
    last,
    map_store,
    note,
    own,
    person,
    phone,
    to,
    write_company,
)

Make = Callable[[random.Random, int], object]
Company = Callable[[str, dict[str, tuple[int, Sequence[Make]]]], Mapped]

CUSTOMERS = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT);"
PEOPLE = (60, [own, email, person])
_databases = count()


_SERVER = (pytest.mark.service, pytest.mark.enable_socket)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=_SERVER)])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Company:
    """Makes a company in a database of its own, by schema and rows, and maps it."""

    def make(schema: str, rows: dict[str, tuple[int, Sequence[Make]]]) -> Mapped:
        path = tmp_path / "company.sqlite"
        write_company(path, schema, rows)
        if request.param == "sqlite":
            return map_store(f"sqlite:///{path}")
        return map_store(_copied(path, schema, rows, request.getfixturevalue("postgres_url")))

    return make


def _copied(path: Path, schema: str, tables: Iterable[str], server: str) -> str:
    import psycopg

    name = f"whose_{next(_databases)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    url = f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(url, autocommit=True) as target, sqlite3.connect(path) as source:
        target.execute(schema.encode())
        for table in tables:
            rows = source.execute(f'SELECT * FROM "{table}"').fetchall()
            marks = ", ".join(["%s"] * len(rows[0]))
            with target.cursor() as cursor:
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})'.encode(), rows)
        target.execute("ANALYZE")
    source.close()
    return url


def address(rng: random.Random, _: int) -> str:
    return f"82.{rng.randrange(60, 90)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def card(rng: random.Random, _: int) -> str:
    return ":".join(f"{rng.randrange(256):02x}" for _ in range(6))


def flag(rng: random.Random, _: int) -> int:
    return rng.randrange(2)


_MAKERS: dict[str, tuple[str, Make]] = {
    "phone": ("TEXT", phone),
    "email": ("TEXT", email),
    "ip": ("TEXT", address),
    "mac": ("TEXT", card),
    "day": ("DATE", day),
    "flag": ("INTEGER", flag),
}


def _periods(
    company: Company, table: str, columns: dict[str, str]
) -> tuple[tuple[str, str | None, str | None], ...]:
    types = ", ".join(f'"{name}" {_MAKERS[kind][0]}' for name, kind in columns.items())
    schema = f"""{CUSTOMERS}
        CREATE TABLE "{table}" (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), {types});
    """
    makers = [own, to(60), *(_MAKERS[kind][1] for kind in columns.values())]
    mapped = company(schema, {"customers": PEOPLE, table: (60, makers)})
    return tuple(
        (each.field, each.since, each.until)
        for each in mapped.proposals[table].decision.identity_periods
    )


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("numbers", {"phone": "phone", "assigned_at": "day", "released_at": "day"}),
        ("number_assignments", {"phone_number": "phone", "start_date": "day", "end_date": "day"}),
        ("sims", {"msisdn": "phone", "activated_at": "day", "deactivated_at": "day"}),
        ("ip_assignments", {"ip_address": "ip", "assigned_at": "day", "released_at": "day"}),
        ("phone_history", {"phone": "phone", "valid_from": "day", "valid_to": "day"}),
        ("mailboxes", {"email": "email", "valid_from": "day", "valid_to": "day"}),
        ("porting", {"msisdn": "phone", "ported_in": "day", "ported_out": "day"}),
        ("numeros", {"telephone": "phone", "attribue_le": "day", "restitue_le": "day"}),
        (
            "lignes",
            {"numero_telephone": "phone", "date_attribution": "day", "date_liberation": "day"},
        ),
        ("attributions_numeros", {"telephone": "phone", "date_debut": "day", "date_fin": "day"}),
        ("rufnummern", {"telefon": "phone", "gueltig_ab": "day", "gueltig_bis": "day"}),
        ("تخصيص_الأرقام", {"رقم_الهاتف": "phone", "من_تاريخ": "day", "إلى_تاريخ": "day"}),
        ("الأرقام", {"رقم_الهاتف": "phone", "تاريخ_التخصيص": "day", "تاريخ_التحرير": "day"}),
    ],
)
def test_when_somebody_had_an_identifier_is_proposed(
    company: Company, table: str, columns: dict[str, str]
) -> None:
    assert _periods(company, table, columns) == (tuple(columns),)


def test_a_lease_is_of_the_address_and_not_of_the_card_that_took_it(company: Company) -> None:
    columns = {"ip_address": "ip", "mac_address": "mac", "lease_start": "day", "lease_end": "day"}

    assert _periods(company, "dhcp_leases", columns) == (
        ("ip_address", "lease_start", "lease_end"),
    )


def test_what_is_called_after_one_of_two_identifiers_is_of_that_one(company: Company) -> None:
    columns = {"phone": "phone", "email": "email", "phone_since": "day", "email_until": "day"}

    assert _periods(company, "contact_details", columns) == (
        ("phone", "phone_since", None),
        ("email", None, "email_until"),
    )


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("contracts", {"phone": "phone", "start_date": "day", "end_date": "day"}),
        ("calls", {"phone": "phone", "started_at": "day", "ended_at": "day"}),
        ("sessions", {"ip_address": "ip", "started_at": "day", "ended_at": "day"}),
        ("coupons", {"email": "email", "valid_from": "day", "valid_to": "day"}),
        ("tickets", {"email": "email", "assigned_at": "day"}),
        ("apartments", {"phone": "phone", "lease_start": "day", "lease_end": "day"}),
        ("email_campaigns", {"email": "email", "start_date": "day", "end_date": "day"}),
        ("numbers", {"phone": "phone", "assigned": "flag", "released": "flag"}),
        ("numbers", {"phone": "phone", "email": "email", "start": "day", "end": "day"}),
    ],
)
def test_the_period_of_something_else_is_none_of_an_identifiers(
    company: Company, table: str, columns: dict[str, str]
) -> None:
    assert _periods(company, table, columns) == ()


def _asks(mapped: Mapped, table: str, words: str) -> bool:
    return any(words in each for each in mapped.proposals[table].questions)


@pytest.mark.parametrize("column", ["email", "phone", "device_id", "username"])
@pytest.mark.parametrize(("different", "asked"), [(60, False), (20, True)])
def test_an_identifier_on_several_peoples_rows_is_asked(
    company: Company, column: str, different: int, *, asked: bool
) -> None:
    values: dict[str, Make] = {
        "email": lambda rng, at: email(rng, at % different),
        "phone": lambda _, at: f"+4479{at % different:08d}",
        "device_id": lambda _, at: f"{(at % different) * 7919 + 16**11:012x}",
        "username": lambda _, at: f"amber.fox{at % different}",
    }
    mapped = company(
        f"CREATE TABLE users (id INTEGER PRIMARY KEY, {column} TEXT, full_name TEXT);",
        {"users": (60, [own, values[column], person])},
    )

    assert _asks(mapped, "users", f"same {column} stands in several rows") is asked


def test_the_telephone_of_a_family_is_asked(company: Company) -> None:
    mapped = company(
        """
        CREATE TABLE households (id INTEGER PRIMARY KEY, family_name TEXT, phone TEXT, email TEXT);
        CREATE TABLE members (id INTEGER PRIMARY KEY,
            household_id INTEGER REFERENCES households (id), first_name TEXT, last_name TEXT);
        """,
        {
            "households": (20, [own, last, phone, email]),
            "members": (60, [own, to(20), first, last]),
        },
    )

    assert _asks(mapped, "households", "a family or a department")
    assert not _asks(mapped, "members", "a family or a department")


def test_the_number_of_an_office_is_none_of_its_staffs_identifiers(company: Company) -> None:
    mapped = company(
        "CREATE TABLE employees (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, full_name TEXT);",
        {"employees": (60, [own, email, lambda rng, at: phone(rng, at % 4), person])},
    )

    assert mapped.identity("employees") == {"email": "email", "full_name": "name"}
    assert mapped.asked() == set()


@pytest.mark.parametrize(
    ("column", "asked"),
    [("tenant_id", True), ("mandant_id", True), ("on_behalf_of_id", True), ("region_id", False)],
)
def test_for_whom_the_rows_of_a_tenant_are_held_is_asked(
    company: Company, column: str, *, asked: bool
) -> None:
    mapped = company(
        f"""
        CREATE TABLE users (id INTEGER PRIMARY KEY, {column} INTEGER, email TEXT, full_name TEXT);
        CREATE TABLE plans (id INTEGER PRIMARY KEY, {column} INTEGER, label TEXT);
        """,
        {"users": (60, [own, to(5), email, person]), "plans": (9, [own, to(5), note])},
    )

    assert _asks(mapped, "users", "processor") is asked
    assert mapped.proposals["users"].decision.held_as == "controller"
    assert not _asks(mapped, "plans", "processor")


@pytest.mark.parametrize(
    ("table", "column", "more", "asked"),
    [
        ("clients", "client_id", "company_name TEXT, vat_number TEXT", True),
        ("clients", "client_id", "raison_sociale TEXT, siren TEXT", True),
        ("organizations", "organization_id", "name TEXT, billing_plan TEXT", True),
        ("workspaces", "workspace_id", "company_name TEXT, plan TEXT", True),
        ("companies", "company_id", "name TEXT, industry TEXT", False),
        ("regions", "region_id", "name TEXT, plan TEXT", False),
    ],
)
def test_for_whom_the_people_of_a_paying_company_are_held_is_asked(
    company: Company, table: str, column: str, more: str, *, asked: bool
) -> None:
    names = ("Acme Ltd", "Beta GmbH", "Gamma SARL", "Delta Inc", "Epsilon SA")
    mapped = company(
        f"""
        CREATE TABLE {table} (id INTEGER PRIMARY KEY, {more});
        CREATE TABLE end_users (id INTEGER PRIMARY KEY,
            {column} INTEGER REFERENCES {table} (id), email TEXT, full_name TEXT);
        """,
        {
            table: (5, [own, lambda _, at: names[at % 5], lambda _, at: f"{at % 2}x"]),
            "end_users": (60, [own, to(5), email, person]),
        },
    )

    assert _asks(mapped, "end_users", "processor") is asked


def test_people_who_are_clients_are_none_for_whom_rows_are_held(company: Company) -> None:
    mapped = company(
        """
        CREATE TABLE clients (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT,
            email TEXT, company TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY,
            client_id INTEGER REFERENCES clients (id), phone TEXT);
        """,
        {
            "clients": (30, [own, first, last, email, note]),
            "orders": (60, [own, to(30), phone]),
        },
    )

    for table in ("clients", "orders"):
        assert not _asks(mapped, table, "processor")


def test_the_period_of_a_number_is_written_with_its_fields(company: Company) -> None:
    mapped = company(
        f"""{CUSTOMERS}
        CREATE TABLE sims (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id),
            msisdn TEXT, activated_at DATE, deactivated_at DATE);
        """,
        {"customers": PEOPLE, "sims": (60, [own, to(60), phone, day, day])},
    )

    assert mapped.proposals["sims"].decision.identity_periods == (
        IdentityPeriod(field="msisdn", since="activated_at", until="deactivated_at"),
    )
