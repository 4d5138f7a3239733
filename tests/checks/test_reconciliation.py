"""What answers contain is compared with what is held, on a real store."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli.main import app
from kept.runtime import open_company
from kept.workflows.sample_people import reach_of

POLICY = "# Privacy Policy\n\nYou have the right to request a copy of the personal data that we hold about you.\n"
SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, contact TEXT, note TEXT);
CREATE TABLE queue (id INTEGER PRIMARY KEY, payload TEXT);
INSERT INTO customers VALUES
  (1, 'Ana Zed', 'ana@example.com', '+49 30 1111111'),
  (2, 'Bo Yu', 'bo@example.com', '+49 30 2222222'),
  (3, 'Cy Orr', 'office@example.com', NULL), (4, 'Di Orr', 'office@example.com', NULL);
INSERT INTO orders VALUES
  (1, 1, 'ana@example.com', 'a gift for bo@example.com'), (2, 2, 'ana@example.com', NULL);
INSERT INTO queue VALUES (1, 'nothing to see');
"""
DATAMAP = """
[stores.app.datasets.customers]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customers.fields]
name = { categories = ["user.name"] }
email = { categories = ["user.contact.email"] }
phone = { categories = ["user.contact.phone_number"] }
[stores.app.datasets.orders]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customers(id)", whose = "owned" }]
[stores.app.datasets.orders.fields]
contact = { categories = ["user.contact.email"] }
note = { categories = ["user.content"] }
[stores.app.datasets.queue]
state = "decided"
about = "customer"
on_erasure = "delete"
fields = { payload = { categories = [] } }
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "policy.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "datamap.toml").write_text(DATAMAP, encoding="utf-8")
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Example"\n[[policies]]\npath = "policy.md"\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    sql(tmp_path, SCHEMA)
    return tmp_path


def sql(folder: Path, script: str) -> None:
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.executescript(script)


def access(folder: Path) -> dict[str, object]:
    words = [
        "check",
        "--json",
        "--at",
        "2026-11-22T09:00:00Z",
        "--config",
        str(folder / "kept.toml"),
    ]
    said = json.loads(CliRunner().invoke(app, words).stdout)
    (duty,) = (
        duty
        for verdict in said["verdicts"]
        for duty in verdict["duties"]
        if duty["duty"] == "right-access"
    )
    return dict(duty)


def test_people_are_found_as_a_plan_finds_them_and_gifts_and_mentions_are_others(
    office: Path,
) -> None:
    said = access(office)
    assert said["verdict"] == "kept", said["reason"]
    evidence, coverage = said["evidence"], said["coverage"]
    assert coverage["people"] == 2  # type: ignore[index]
    assert coverage["people_in_all"] == 4  # type: ignore[index]
    assert evidence["people_that_could_not_be_told_apart"] == 1  # type: ignore[index]
    assert evidence["rows_found_and_located"] == 3  # type: ignore[index]
    assert evidence["rows_of_others_that_mention"] == 1  # type: ignore[index]


def test_rows_of_real_people_in_a_table_that_no_answer_reaches_are_counted(office: Path) -> None:
    sql(office, "INSERT INTO queue VALUES (2, 'bo@example.com'), (3, '+49302222222')")
    said = access(office)
    assert said["verdict"] == "broken"
    (finding,) = said["findings"]  # type: ignore[misc]
    assert (finding["dataset"], finding["field"], finding["count"]) == ("queue", "payload", 1)


def test_the_same_day_chooses_the_same_people(office: Path) -> None:
    def chosen(seed: int) -> set[frozenset[object]]:
        company = open_company(office / "kept.toml")
        reach = reach_of(
            company.inventory, company.seen.catalogs, company.stores, people=1, seed=seed
        )
        return {frozenset(each.identifiers) for each in reach.people}

    assert all(chosen(seed) == chosen(seed) for seed in range(4))
    assert len({frozenset(chosen(seed)) for seed in range(20)}) > 1


def test_without_a_way_to_find_people_nothing_is_compared(office: Path) -> None:
    datamap = DATAMAP.replace('identity = { email = "email" }\n', "")
    (office / "datamap.toml").write_text(datamap, encoding="utf-8")
    said = access(office)
    assert said["verdict"] == "unproven"
    assert "by which field" in str(said["reason"])


def test_a_person_in_two_tables_is_chosen_once_and_staff_never(office: Path) -> None:
    sql(
        office,
        "CREATE TABLE letters (mail TEXT PRIMARY KEY);"
        "INSERT INTO letters VALUES ('ana@example.com'), ('bo@example.com');"
        "CREATE TABLE staff (id INTEGER PRIMARY KEY, mail TEXT);"
        "INSERT INTO staff VALUES (1, 'sam@example.com');",
    )
    tables = "".join(
        f"""
[stores.app.datasets.{name}]
state = "decided"
about = "{about}"
on_erasure = "delete"
identity = {{ mail = "email" }}
fields = {{ mail = {{ categories = ["user.contact.email"] }} }}
"""
        for name, about in (("letters", "customer"), ("staff", "staff"))
    )
    (office / "datamap.toml").write_text(DATAMAP + tables, encoding="utf-8")
    said = access(office)
    assert said["verdict"] == "kept", said["reason"]
    assert said["coverage"]["people"] == 2  # type: ignore[index]
    assert said["evidence"]["rows_found_and_located"] == 5  # type: ignore[index]
