import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from databases import SERVERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from kept.subjects.identifier import normalise
from kept.vocabulary.identifier_kind import IdentifierKind

KINDS = ("email", "phone", "national_id", "account_id", "username")
DATAMAP = "".join(
    f"""
[stores.app.datasets.{table}]
state = "decided"
on_erasure = "delete"
identity = {{ {", ".join(f'{kind} = "{kind}"' for kind in KINDS)} }}
"""
    for table in ("walked", "scanned")
)
# Whoever has an account is a person; rows that nothing refers to may be many of one person.
DATAMAP += """
[stores.app.datasets.account]
state = "decided"
on_erasure = "delete"
identity = { mail = "email" }
[stores.app.datasets.visit]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["account_id"], to = "account(id)", whose = "owned" }]
"""
COLUMNS = ", ".join(f"{kind} VARCHAR(80)" for kind in KINDS)
SQL = (
    "CREATE TABLE account (id INTEGER PRIMARY KEY, mail TEXT);"
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, account_id INTEGER);"
    f"CREATE TABLE walked (id INTEGER PRIMARY KEY, {COLUMNS});"
    f"CREATE TABLE scanned (id INTEGER PRIMARY KEY, {COLUMNS});"
    + "".join(f"CREATE INDEX i_{kind} ON walked ({kind});" for kind in KINDS)
)
PIECES = st.sampled_from(
    [
        "a",
        "A",
        "n",
        "N",
        "@",
        "x.com",
        "X.Com",
        " ",
        "\t",
        "-",
        "(",
        ")",
        "+",
        "00",
        "4",
        "49",
        "9",
        "é",
        "Ａ",
        "４",
        "٤",
        "K",
        "ß",
        "%",
        "_",
        "'",
        "\x1f",
        "\u00a0",
        "🙂",
        "ext",
    ]
)
TEXTS = st.lists(PIECES, max_size=6).map("".join)


@pytest.fixture
def both(shop: Callable) -> object:
    """A store in which the same texts stand behind an index and behind none."""
    return shop(SQL, DATAMAP)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(KINDS), st.lists(TEXTS, min_size=1, max_size=8), st.data())
def test_an_index_finds_every_spelling_that_reading_all_rows_finds(
    both: object, kind: str, stored: list[str], data: st.DataObject
) -> None:
    asked = data.draw(st.one_of(st.sampled_from(stored), TEXTS))
    wanted = normalise(IdentifierKind(kind), asked)
    if not wanted:
        return
    made = both
    for table in ("walked", "scanned"):
        made.base.run(f"DELETE FROM {table}")
        made.base.many(f"INSERT INTO {table} (id, {kind}) VALUES (?, ?)", enumerate(stored))
    expected = [
        at for at, text in enumerate(stored) if normalise(IdentifierKind(kind), text) == wanted
    ]
    reading = made.store.read(made.plan_for_access(), made.who_is(IdentifierKind(kind), asked))
    for table in ("walked", "scanned"):
        found = [each.values["id"] for each in reading.records if each.dataset.name == table]
        assert sorted(found) == expected, table


def test_an_index_is_walked_and_not_read_whole(sqlite_shop: Callable) -> None:
    made = sqlite_shop(SQL, DATAMAP)
    with closing(sqlite3.connect(made.path)) as connection:
        connection.executemany(
            "INSERT INTO walked (id, email) VALUES (?, ?)",
            [(at, f"User{at}@Example.com") for at in range(20_000)],
        )
        connection.commit()
    asked: list[tuple[str, object]] = []
    store, part = made.store, made.plan_for_access()
    event.listen(
        store.sql._engine(writes=False),
        "before_cursor_execute",
        lambda *each: asked.append((each[2], each[3])),
    )
    reading = store.read(part, made.who(email="user77@example.com"))
    assert [each.values["id"] for each in reading.records] == [77]
    with closing(sqlite3.connect(made.path)) as connection:
        for statement, values in asked:
            if 'FROM "walked"' in statement:
                steps = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
                assert not any(str(step[3]) == "SCAN walked" for step in steps), steps
                return
    raise AssertionError("nothing was asked")


@pytest.mark.parametrize("engine", [SERVERS[0]])
def test_an_index_of_a_server_is_walked_and_not_read_whole(shop: Callable, engine: str) -> None:
    import psycopg

    made = shop(SQL, DATAMAP)
    made.base.run(
        "INSERT INTO walked (id, email) SELECT n, 'User' || n || '@Example.com'"
        " FROM generate_series(1, 20000) n; ANALYZE walked"
    )
    asked: list[tuple[str, object]] = []
    store, part = made.store, made.plan_for_access()
    event.listen(
        store.sql._engine(writes=False),
        "before_cursor_execute",
        lambda *each: asked.append((each[2], each[3])),
    )
    reading = store.read(part, made.who(email="user77@example.com"))
    assert [each.values["id"] for each in reading.records] == [77], engine
    with psycopg.connect(made.base.url) as connection:
        for statement, values in asked:
            if "FROM walked" in statement.replace('"', ""):
                steps = connection.execute(f"EXPLAIN {statement}", values).fetchall()
                assert not any("Seq Scan on walked" in step[0] for step in steps), steps
                return
    raise AssertionError("nothing was asked")


def test_several_identifiers_with_indexes_are_found_in_one_statement(shop: Callable) -> None:
    made = shop(
        "CREATE TABLE subscriber (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, second TEXT UNIQUE,"
        " number TEXT UNIQUE, device TEXT UNIQUE);"
        "INSERT INTO subscriber VALUES"
        " (1, 'a@x.com', 'a2@x.com', '+923001234561', 'd1'),"
        " (2, 'b@x.com', NULL, '+923001234562', 'd2');",
        '[stores.app.datasets.subscriber]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { mail = "email", second = "email", number = "phone", device = "device_id" }\n',
    )
    done = made.erase(email="A@x.com|a2@x.com")
    assert [each.erased for each in done.counts] == [1]
    assert [row[0] for row in made.rows("subscriber")] == [2]
