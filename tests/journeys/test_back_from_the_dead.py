"""Scenario: back from the dead, and back by choice."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from kept.cli.main import app

SCHEMA = (
    (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(200), name VARCHAR(200), "
        "created_at TIMESTAMP)"
    ),
    (
        "CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), "
        "body VARCHAR(200))"
    ),
    "CREATE TABLE newsletter (id INTEGER PRIMARY KEY, email VARCHAR(200), created_at TIMESTAMP)",
)
ANA = (
    "INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana Silva', '2025-01-01 10:00:00')",
    "INSERT INTO ticket VALUES (1, 1, 'my kettle broke'), (2, 1, 'it still does')",
    "INSERT INTO newsletter VALUES (1, 'ana@example.com', '2025-01-02 10:00:00')",
)
BO = (
    "INSERT INTO customer VALUES (2, 'bo@example.com', 'Bo', '2025-01-01 10:00:00')",
    "INSERT INTO ticket VALUES (3, 2, 'all is well')",
)
AGAIN = (
    "INSERT INTO customer VALUES (7, 'ana@example.com', 'Ana Silva', '2026-05-02 10:00:00')",
    "INSERT INTO ticket VALUES (9, 7, 'hello again')",
)
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
anchors = { created_at = "account created" }
[stores.app.datasets.customer.fields]
email = { categories = ["user.contact.email"] }
name = { categories = ["user.name"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.ticket.fields]
body = { categories = ["user.content"] }
[stores.app.datasets.newsletter]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
anchors = { created_at = "account created" }
[stores.app.datasets.newsletter.fields]
email = { categories = ["user.contact.email"] }
"""
MEMBER = """
[stores.app.datasets.member]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
anchors = { made_at = "account created" }
[stores.app.datasets.member.fields]
email = { categories = ["user.contact.email"] }
"""
POLICY = """
# Privacy policy

You may ask us to delete your personal data at any time, and we will erase it.
"""
SINCE = "2026-02-14T03:00:00Z"


class Shop:
    """A company with one store, which is restored by hand."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.engine = sa.create_engine(url)
        (folder / "kept.toml").write_text(
            '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
            f'[[policies]]\npath = "policy.md"\n[stores.app]\nurl = "{url}"\n',
            encoding="utf-8",
        )
        (folder / "policy.md").write_text(POLICY, encoding="utf-8")
        (folder / "datamap.toml").write_text(DATAMAP, encoding="utf-8")
        self.write(*SCHEMA, *ANA, *BO)

    def write(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for each in statements:
                connection.execute(sa.text(each))

    def rows(self, table: str) -> list[int]:
        with self.engine.connect() as connection:
            return list(
                connection.execute(sa.text(f"SELECT id FROM {table} ORDER BY id")).scalars()
            )

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--config", str(self.folder / "kept.toml")])

    def erase(self) -> None:
        erased = self.run(
            *("request", "erase", "--identity", "email=ana@example.com", "--yes"),
            *("--at", "2026-03-10T09:00:00Z", "--json"),
        )
        assert erased.exit_code == 0, erased.output

    def verdict(self) -> str:
        checked = self.run("check", "--json", "--at", "2026-06-01T09:00:00Z")
        (found,) = [
            duty["verdict"]
            for verdict in json.loads(checked.stdout)["verdicts"]
            for duty in verdict["duties"]
            if duty["duty"] == "right_erasure" or duty["duty"] == "right-erasure"
        ]
        return str(found)

    def replay(self, *words: str, status: int = 0, since: str = SINCE) -> dict[str, object]:
        done = self.run(
            "replay", "--since", since, "--at", "2026-06-01T10:00:00Z", "--json", *words
        )
        assert done.exit_code == status, done.output
        parsed: dict[str, object] = json.loads(done.stdout)
        return parsed


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=(pytest.mark.service, pytest.mark.enable_socket)),
    ]
)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/app.sqlite"
    else:
        url = request.getfixturevalue("postgres_url").replace("postgresql:", "postgresql+psycopg:")
    shop = Shop(tmp_path, url)
    yield shop
    shop.write("DROP TABLE ticket", "DROP TABLE newsletter", "DROP TABLE customer")
    shop.engine.dispose()


def test_a_restored_person_is_erased_again_and_who_signed_up_since_stays(shop: Shop) -> None:
    shop.erase()
    shop.write(*ANA)
    shop.write(*AGAIN)
    assert shop.verdict() == "broken"
    before = shop.rows("customer"), shop.rows("ticket"), shop.rows("newsletter")
    assert shop.replay("--dry-run")["receipt"] is None
    assert (shop.rows("customer"), shop.rows("ticket"), shop.rows("newsletter")) == before
    replayed = shop.replay()
    assert shop.rows("customer") == [2, 7]
    assert shop.rows("ticket") == [3, 9]
    assert shop.rows("newsletter") == []
    assert replayed["receipt"]
    assert shop.verdict() != "broken"
    again = shop.replay()
    assert again["requests"] == []
    assert shop.rows("customer") == [2, 7]
    assert json.loads(shop.run("log", "verify", "--json").stdout)["ok"]


def test_nobody_who_was_not_erased_is_touched(shop: Shop) -> None:
    shop.erase()
    shop.write(*AGAIN)
    # Somebody else got the number of the erased row.
    shop.write("INSERT INTO customer VALUES (1, 'cy@example.com', 'Cy', '2026-04-01 10:00:00')")
    assert shop.replay()["requests"] == []
    assert shop.rows("customer") == [1, 2, 7]


def test_a_row_of_unknown_age_is_left_to_a_person(shop: Shop) -> None:
    shop.erase()
    shop.write(*ANA, "UPDATE customer SET created_at = NULL", "DELETE FROM newsletter")
    found = shop.replay(status=2)
    assert found["requests"] == []
    assert shop.rows("customer") == [1, 2]
    assert found["found"][0]["age_unknown"] == 1  # type: ignore[index] - JSON


def test_a_copy_from_after_the_erasure_is_left_to_a_person(shop: Shop) -> None:
    shop.erase()
    shop.write(*ANA)
    shop.replay(status=2, since="2026-04-01")
    assert shop.rows("customer") == [1, 2]


def test_who_used_the_restored_account_is_left_to_a_person(shop: Shop) -> None:
    shop.erase()
    shop.write(*ANA, "INSERT INTO ticket VALUES (11, 1, 'written after the restore')")
    found = shop.replay(status=2)
    assert {each["state"] for each in found["requests"]} >= {"replay.conflict"}  # type: ignore[attr-defined] - JSON
    assert shop.rows("customer") == [1, 2]
    assert shop.rows("ticket") == [1, 2, 3, 11]


@pytest.mark.parametrize("since", ["", "yesterday", "2031-01-01"])
def test_a_replay_without_a_day_is_refused(shop: Shop, since: str) -> None:
    refused = shop.run("replay", "--since", since, "--at", "2026-06-01", "--json")
    assert refused.exit_code == 2


BLANK = DATAMAP.replace('on_erasure = "delete"\nidentity', 'on_erasure = "blank"\nidentity')


def test_a_row_that_was_blanked_and_is_full_again_is_blanked_again(shop: Shop) -> None:
    (shop.folder / "datamap.toml").write_text(BLANK, encoding="utf-8")
    shop.erase()
    assert shop.rows("customer") == [1, 2]
    assert shop.replay()["requests"] == []
    shop.write(
        "UPDATE customer SET email = 'ana@example.com', name = 'Ana Silva', "
        "created_at = '2025-01-01 10:00:00' WHERE id = 1",
        ANA[1],
    )
    assert shop.verdict() == "broken"
    shop.replay()
    assert shop.rows("ticket") == [3]
    assert shop.verdict() != "broken"
    with shop.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT count(*) FROM customer WHERE name LIKE 'Ana%'"))
        assert left.scalar_one() == 0


def test_a_second_restore_is_replayed_too(shop: Shop) -> None:
    shop.erase()
    for _ in range(2):
        shop.write(*ANA)
        shop.replay()
        assert shop.rows("customer") == [2]
        assert shop.rows("newsletter") == []


def test_what_is_held_is_not_erased_by_a_replay_either(shop: Shop) -> None:
    shop.erase()
    shop.write(*ANA)
    held = shop.run(
        *("hold", "add", "--reason", "lawsuit", "--source", "7 O 1/26"),
        *("--identity", "email=ana@example.com", "--at", "2026-05-30T10:00:00Z"),
    )
    assert held.exit_code == 0
    shop.replay(status=2)
    assert shop.rows("customer") == [1, 2]
    assert shop.rows("ticket") == [1, 2, 3]


def test_orders_that_came_back_without_their_owner_go_to_a_person(shop: Shop) -> None:
    (shop.folder / "datamap.toml").write_text(
        BLANK.replace('anchors = { created_at = "account created" }\n', ""), encoding="utf-8"
    )
    shop.erase()
    shop.write(ANA[1])
    found = shop.replay(status=2)
    assert {each["nameless"] for each in found["found"] if each["dataset"] == "ticket"} == {2}  # type: ignore[attr-defined] - JSON
    assert shop.rows("ticket") == [1, 2, 3]


def test_two_people_who_are_back_go_each_by_themselves(shop: Shop) -> None:
    shop.erase()
    bo = shop.run(
        *("request", "erase", "--identity", "email=bo@example.com", "--yes"),
        *("--at", "2026-03-11T09:00:00Z", "--json"),
    )
    assert bo.exit_code == 0
    shop.write(*ANA, *BO, "INSERT INTO ticket VALUES (12, 2, 'written after the restore')")
    shop.replay(status=2)
    assert shop.rows("customer") == [2]
    assert shop.rows("ticket") == [3, 12]


def test_keys_of_any_type_are_known_again(shop: Shop) -> None:
    server = shop.engine.dialect.name == "postgresql"
    kind = "UUID" if server else "VARCHAR(36)"
    key = "'6f1d1f8e-52a2-4c64-9c55-0a2f6a7f2b11'"
    made = "TIMESTAMP WITH TIME ZONE" if server else "TIMESTAMP"
    table = f"CREATE TABLE member (id {kind}, day DATE, email VARCHAR(99), made_at {made}, PRIMARY KEY (id, day))"
    old = (
        f"INSERT INTO member VALUES ({key}, '2025-01-01', 'ana@example.com', '2025-01-01 10:00:00')"
    )
    again = (
        f"INSERT INTO member VALUES ({key}, '2026-05-05', 'ana@example.com', '2026-05-05 10:00:00')"
    )
    text = DATAMAP + MEMBER
    (shop.folder / "datamap.toml").write_text(text, encoding="utf-8")
    shop.write(table, old)
    try:
        shop.erase()
        assert shop.rows("member") == []
        shop.write(old)
        shop.replay()
        assert shop.rows("member") == []
        # Nothing but the mail address names this row: the later one would go with it.
        shop.write(old, again)
        shop.replay(status=2)
        assert len(shop.rows("member")) == 2
    finally:
        shop.write("DROP TABLE member")
