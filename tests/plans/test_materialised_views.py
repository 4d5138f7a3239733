from collections.abc import Iterator
from dataclasses import replace

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.catalog import Catalog
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.candour import refreshing
from kept.plans.plan import Plan
from kept.plans.planner import plan
from kept.vocabulary.right import Right

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

TABLES = """
CREATE TABLE person (id int PRIMARY KEY, email text);
INSERT INTO person VALUES (1, 'ann@example.com'), (2, 'bob@example.com');
CREATE SCHEMA "Old ""of"" copies";
CREATE MATERIALIZED VIEW "Old ""of"" copies"."Of.people" AS SELECT id, email FROM person;
CREATE MATERIALIZED VIEW many AS SELECT count(*) AS number FROM person;
CREATE VIEW looking AS SELECT email FROM person;
"""
COPY = '"Old ""of"" copies"."Of.people"'
PERSON = """
[stores.app.datasets.person]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
fields = { email = { categories = ["user.contact.email"] } }
"""
COPY_DECIDED = """
[stores.app.datasets.'"Old ""of"" copies"."Of.people"']
state = "decided"
fields = { email = { categories = ["user.contact.email"] } }
"""


@pytest.fixture
def catalog(postgres_url: str) -> Iterator[Catalog]:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE copies")
        url = postgres_url.rpartition("/")[0] + "/copies"
        try:
            with psycopg.connect(url, autocommit=True) as owner:
                owner.execute(TABLES)
            store = SqlStore("app", url)
            yield store.catalog()
            with psycopg.connect(url, autocommit=True) as owner:
                _a_refresh_takes_the_person_out(owner, store.catalog())
        finally:
            admin.execute("DROP DATABASE copies WITH (FORCE)")


def _a_refresh_takes_the_person_out(owner: object, catalog: Catalog) -> None:
    import psycopg

    assert isinstance(owner, psycopg.Connection)
    where = psycopg.sql.SQL("SELECT count(*) FROM {}").format(
        psycopg.sql.Identifier('Old "of" copies', "Of.people")
    )
    owner.execute("DELETE FROM person WHERE id = 1")
    assert owner.execute(where).fetchone() == (2,)
    owner.execute(refreshing(catalog.table(COPY)).encode())
    assert owner.execute(where).fetchone() == (1,)


def planned(catalog: Catalog, datamap: str, right: Right = Right.ERASURE) -> Plan:
    inventory = inventory_of([catalog], parse_datamap(datamap), classifies=lambda *_: {})
    return plan(right, inventory, [catalog])


def test_a_materialised_view_is_a_copy_that_an_erasure_does_not_pass_over(
    catalog: Catalog,
) -> None:
    undecided = planned(catalog, PERSON)
    assert [(each.code, each.dataset) for each in undecided.obstacles] == [
        ("plans.undecided", COPY)
    ]
    assert "materialised view" in undecided.obstacles[0].message

    decided = planned(catalog, PERSON + COPY_DECIDED)
    assert decided.obstacles == ()
    assert [(each.action, each.dataset) for each in decided.tasks] == [("refresh", COPY)]
    statement = 'REFRESH MATERIALIZED VIEW "Old ""of"" copies"."Of.people"'
    assert decided.tasks[0].message.endswith(statement)

    kept = COPY_DECIDED.replace(
        '"decided"',
        '"decided"\non_erasure = "keep"\n'
        'keep = { reason = "refreshed hourly", provision = "none", until = "the hour" }',
    )
    vouched = planned(catalog, PERSON + kept)
    assert vouched.tasks == ()
    assert any(statement in each.message for each in vouched.remarks if each.dataset == COPY)

    nothing = COPY_DECIDED.replace('["user.contact.email"]', "[]")
    assert planned(catalog, PERSON + nothing).tasks == ()
    assert planned(catalog, PERSON + nothing).obstacles == ()

    accessed = planned(catalog, PERSON + COPY_DECIDED, Right.ACCESS)
    assert accessed.tasks == ()
    assert any("may be older" in each.message for each in accessed.remarks if each.dataset == COPY)

    corrected = planned(catalog, PERSON + COPY_DECIDED, Right.RECTIFICATION)
    assert [each.action for each in corrected.tasks] == ["refresh"]


def test_a_plain_view_and_a_view_of_numbers_ask_for_nothing(catalog: Catalog) -> None:
    plain = replace(catalog, tables=tuple(each for each in catalog.tables if each.name != COPY))
    told = planned(plain, PERSON)
    assert told.obstacles == ()
    assert told.tasks == ()
