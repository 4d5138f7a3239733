"""A request from its opening to its receipt, with a store on a server and one that it leads to."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kept.runtime import open_company
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, Outcome, answer_request

AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)
STATEMENTS = (
    """CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE,
       name VARCHAR(20) NOT NULL)""",
    """CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL,
       note VARCHAR(60) NOT NULL, FOREIGN KEY (customer_id) REFERENCES customer(id))""",
    "INSERT INTO customer VALUES (0, 'Ana@Example.com', 'Ana'), (1, 'bo@example.com', 'Bo')",
    "INSERT INTO orders VALUES (0, 0, 'for Ana'), (1, 1, 'for Bo'), (2, 0, 'again')",
)
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "blank"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.orders]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.orders.fields]
note = { categories = ["user.content"] }
[stores.crm.datasets.visit]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["who"], to = "app:customer(id)", whose = "owned" }]
[stores.crm.datasets.visit.fields]
note = { categories = ["user.content"] }
"""


def _postgresql(server: str) -> tuple[str, Callable[[str], list[tuple[object, ...]]]]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS requests WITH (FORCE)")
        admin.execute("CREATE DATABASE requests")
    url = server.rpartition("/")[0] + "/requests"

    def run(sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            done = connection.execute(sql)  # type: ignore[call-overload]  # literal enough for a test
            return done.fetchall() if done.description else []

    return url, run


def _mariadb(server: str) -> tuple[str, Callable[[str], list[tuple[object, ...]]]]:
    import pymysql

    address = make_url(server)

    def run(sql: str, database: str = "requests") -> list[tuple[object, ...]]:
        with (
            pymysql.connect(
                host=address.host,
                port=address.port or 0,
                user=address.username,
                database=database or None,
                autocommit=True,
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
            return list(cursor.fetchall())

    run("DROP DATABASE IF EXISTS requests", "")
    run("CREATE DATABASE requests CHARACTER SET utf8mb4", "")
    return server.rpartition("/")[0] + "/requests", run


@pytest.mark.service
@pytest.mark.enable_socket
@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_request_is_carried_out_on_a_server_and_in_what_it_leads_to(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    import sqlite3

    if engine == "postgresql":
        url, run = _postgresql(request.getfixturevalue("postgres_url"))
    else:
        url, run = _mariadb(request.getfixturevalue("mariadb_url"))
    for statement in STATEMENTS:
        run(statement)
    crm = tmp_path / "crm.sqlite"
    with sqlite3.connect(crm) as connection:
        connection.execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, who TEXT, note TEXT)")
        connection.execute("INSERT INTO visit VALUES (1, '0', 'Ana came'), (2, '1', 'Bo came')")
    connection.close()
    (tmp_path / "datamap.toml").write_text(DATAMAP, encoding="utf-8")
    (tmp_path / "kept.toml").write_text(
        f'[controller]\nname = "Example"\nlaws = ["eu-gdpr"]\n[stores.app]\nurl = "{url}"\n'
        '[stores.crm]\nurl = "sqlite:///crm.sqlite"\n',
        encoding="utf-8",
    )

    def ask(right: Right, number: int) -> Outcome:
        company = open_company(tmp_path / "kept.toml", at=AT)
        who = Identifier(IdentifierKind.EMAIL, "ana@example.com")
        asked = Asked(id=f"r{number}", right=right, identifiers=(who,), received_at=AT)
        return answer_request(company.ports(), company.desk(), asked)

    read = ask(Right.ACCESS, 1)
    assert {str(each.dataset): each.located for each in read.counts} == {
        "app.customer": 1,
        "app.orders": 2,
        "crm.visit": 1,
    }
    erased = ask(Right.ERASURE, 2)
    assert not erased.failures
    assert run("SELECT id, note FROM orders") == [(1, "for Bo")]
    ((name, email),) = run("SELECT name, email FROM customer WHERE id = 0")
    assert "Ana" not in f"{name}{email}"
    with sqlite3.connect(crm) as connection:
        assert connection.execute("SELECT id FROM visit").fetchall() == [(2,)]
    connection.close()
    assert erased.to_json()["receipt"]
