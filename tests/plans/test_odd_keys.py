"""Keys as databases really have them: bytes, halves, numbers that are text, wide characters."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from kept.plans.errors import PlanRefusedError

DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "{erasing}"
identity = {{ email = "email" }}
[stores.app.datasets.orders]
state = "decided"
on_erasure = "{erasing}"
references = [{{ fields = ["customer"], to = "customer(id)", whose = "owned" }}]
[stores.app.datasets.orders.fields]
note = {{ categories = ["user.content"] }}
[stores.app.datasets.part]
state = "decided"
on_erasure = "{erasing}"
references = [{{ fields = ["o", "n"], to = "orders(customer, nr)", whose = "owned" }}]
[stores.app.datasets.part.fields]
what = {{ categories = ["user.content"] }}
"""

KEYS = [
    pytest.param("BLOB", b"\x00\xff\x10", b"\x00\xff\x11", id="bytes"),
    pytest.param("REAL", 0.1, 0.2, id="halves"),
    pytest.param("TEXT", "a\x00b", "a", id="a null character"),
    pytest.param("TEXT", "Ünï\U0001f600", "unï", id="wide characters"),
    pytest.param("TEXT", '"],[1', "x", id="brackets"),
    pytest.param("INTEGER", 2**63 - 1, -(2**63), id="the largest and the smallest"),
    pytest.param("", "007", 7, id="no type at all"),
    pytest.param("NUMERIC", 12.5, 12, id="numeric"),
]


@pytest.mark.parametrize("erasing", ["delete", "blank"])
@pytest.mark.parametrize("without", ["", " WITHOUT ROWID"])
@pytest.mark.parametrize(("kind", "mine", "theirs"), KEYS)
def test_a_key_of_any_type_is_followed_exactly(
    sqlite_shop: Callable, kind: str, mine: object, theirs: object, without: str, erasing: str
) -> None:
    made = sqlite_shop(
        f"""
        CREATE TABLE customer (id {kind} PRIMARY KEY, email TEXT){without};
        CREATE TABLE orders (customer {kind} REFERENCES customer(id), nr INTEGER, note TEXT,
                             PRIMARY KEY (customer, nr)){without};
        CREATE TABLE part (o {kind}, n INTEGER, what TEXT,
                           FOREIGN KEY (o, n) REFERENCES orders(customer, nr));
        """,
        DATAMAP.format(erasing=erasing),
    )
    with closing(sqlite3.connect(made.path)) as connection:
        for key, email in ((mine, "ana@example.com"), (theirs, "bo@example.com")):
            connection.execute("INSERT INTO customer VALUES (?, ?)", (key, email))
            for nr in (0, 1):
                connection.execute("INSERT INTO orders VALUES (?, ?, 'x')", (key, nr))
                connection.execute("INSERT INTO part VALUES (?, ?, 'y')", (key, nr))
        connection.commit()
    reading = made.read(email="ana@example.com")
    assert len(reading.records) == 5
    made.erase(email="ana@example.com")
    for table, untouched, blank in (
        ("customer", 1, (mine, None)),
        ("orders", 2, (mine, 0, None)),
        ("part", 2, (mine, 0, None)),
    ):
        rows = made.dump()[table]
        assert sum(row[0] == theirs and None not in row for row in rows) == untouched
        assert len(rows) == untouched * (1 if erasing == "delete" else 2)
        assert (blank in rows) is (erasing == "blank")


def test_a_child_that_writes_its_parent_s_number_as_text_is_followed(shop: Callable) -> None:
    made = shop(
        """
        CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE orders (nr INTEGER PRIMARY KEY, customer TEXT, other TEXT, note TEXT);
        CREATE TABLE part (o TEXT, n TEXT, what TEXT, PRIMARY KEY (o, n));
        INSERT INTO customer VALUES (7, 'ana@example.com'), (8, 'bo@example.com');
        INSERT INTO orders VALUES (1, '7', '8', 'a'), (2, '8', NULL, 'b'), (3, 'x', NULL, 'c');
        INSERT INTO part VALUES ('7', '1', 'mine'), ('8', '2', 'theirs');
        """,
        DATAMAP.format(erasing="delete"),
    )
    made.erase(email="ana@example.com")
    assert [row[0] for row in made.rows("orders")] == [2, 3]
    assert made.rows("part") == [("8", "2", "theirs")]


def test_text_that_is_no_utf_8_stops_nothing(sqlite_shop: Callable) -> None:
    made = sqlite_shop(
        """
        CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT);
        CREATE TABLE orders (nr INTEGER PRIMARY KEY, customer INTEGER, note TEXT);
        CREATE TABLE part (o INTEGER, n INTEGER, what TEXT);
        INSERT INTO customer VALUES (1, 'ana@example.com'), (2, CAST(x'ff40' AS TEXT));
        INSERT INTO orders VALUES (1, 1, CAST(x'fffe00' AS TEXT)), (2, 2, CAST(x'ff' AS TEXT));
        """,
        DATAMAP.format(erasing="blank"),
    )
    assert len(made.read(email="ana@example.com").records) == 2
    made.erase(email="ana@example.com")
    with closing(sqlite3.connect(made.path)) as connection:
        left = connection.execute("SELECT nr, hex(note) FROM orders ORDER BY nr").fetchall()
    assert left == [(1, ""), (2, "FF")]


SERVER_KEYS = [
    ("postgresql", "uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "1b4e28ba-2fa1-11d2-883f-0016d3cca428"),
    ("postgresql", "bytea", b"\x00\xff\x10", b"\x00\xff\x11"),
    ("postgresql", "numeric(20,3)", "12.500", "12.501"),
    ("postgresql", "timestamptz", "2024-01-01 00:00:00+00", "2024-01-01 00:00:00.000001+00"),
    ("postgresql", "timestamp", "infinity", "-infinity"),
    ("postgresql", "date", "0044-03-15 BC", "0044-03-15"),
    ("postgresql", "character(5)", "ab", "abc"),
    ("postgresql", "varchar(40)", "Ünï\U0001f600", "unï"),
    ("postgresql", "double precision", 0.1, 0.2),
    ("postgresql", "real", 0.1, 0.2),
    ("postgresql", "smallint", 0, -1),
    ("postgresql", "bigint", 2**63 - 1, -(2**63)),
    ("postgresql", "inet", "10.0.0.1", "10.0.0.2"),
    ("postgresql", "mood", "sad", "so; '--"),
    ("postgresql", "code", "a", "b"),
    ("postgresql", "boolean", True, False),
    ("mariadb", "bigint unsigned", 2**64 - 1, 0),
    ("mariadb", "varbinary(9)", b"\x00\xff\x10", b"\x00\xff\x11"),
    ("mariadb", "decimal(20,3)", "12.500", "12.501"),
    ("mariadb", "datetime(6)", "2024-01-01 00:00:00.000000", "2024-01-01 00:00:00.000001"),
    ("mariadb", "char(5)", "ab", "abc"),
    ("mariadb", "varchar(40)", "'; --", "\\'"),
    ("mariadb", "varchar(40) collate utf8mb4_bin", "É", "é"),
    ("mariadb", "varchar(40) character set latin1", "Ünï", "x"),
    ("mariadb", "uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "1b4e28ba-2fa1-11d2-883f-0016d3cca428"),
    ("mariadb", "enum('sad','so;')", "sad", "so;"),
    ("mariadb", "date", "2024-01-01", "2024-01-02"),
    ("mariadb", "bit(3)", 5, 4),
    ("mariadb", "year", 2024, 2025),
]  # fmt: skip


@pytest.mark.service
@pytest.mark.enable_socket
@pytest.mark.parametrize("erasing", ["delete", "blank"])
@pytest.mark.parametrize(("engine", "kind", "mine", "theirs"), SERVER_KEYS)
def test_a_key_of_any_type_of_a_server_is_followed_exactly(
    shop: Callable, kind: str, mine: object, theirs: object, erasing: str, engine: str
) -> None:
    made = shop(
        ("CREATE TYPE mood AS ENUM ('sad', 'so; ''--'); CREATE DOMAIN code AS varchar(3) CHECK (length(value) = 1);"
         if engine == "postgresql" else "")
        + f"""
        CREATE TABLE customer (id {kind}, email TEXT, PRIMARY KEY (id));
        CREATE TABLE orders (customer {kind}, nr INTEGER, note TEXT, PRIMARY KEY (customer, nr),
                             FOREIGN KEY (customer) REFERENCES customer(id));
        CREATE TABLE part (id INTEGER PRIMARY KEY, o {kind}, n INTEGER, what TEXT,
                           FOREIGN KEY (o, n) REFERENCES orders(customer, nr));
        """,
        DATAMAP.format(erasing=erasing),
    )  # fmt: skip
    at = 0
    for key, email in ((mine, "ana@example.com"), (theirs, "bo@example.com")):
        made.base.many("INSERT INTO customer VALUES (?, ?)", [(key, email)])
        for nr in (0, 1):
            at += 1
            made.base.many("INSERT INTO orders VALUES (?, ?, 'x')", [(key, nr)])
            made.base.many("INSERT INTO part VALUES (?, ?, ?, 'y')", [(at, key, nr)])
    reading = made.read(email="ana@example.com")
    assert len(reading.records) == 5
    done = made.erase(email="ana@example.com")
    left = len(made.base.query("SELECT email FROM customer WHERE email IS NOT NULL"))
    assert left == 1
    for table, column, untouched in (("orders", "note", 2), ("part", "what", 2)):
        rows = made.base.query(f"SELECT {column} FROM {table}")
        assert len([row for row in rows if row[0]]) == untouched
        assert len(rows) == untouched * (1 if erasing == "delete" else 2)
    assert made.store.left(done.touched) == 0
    assert sum(each.located for each in made.erase(email="ana@example.com").counts) == 0


@pytest.mark.service
@pytest.mark.enable_socket
@pytest.mark.parametrize("engine", ["mariadb"])
def test_a_key_that_is_not_found_again_exactly_is_refused(shop: Callable, engine: str) -> None:
    made = shop(
        "CREATE TABLE customer (id float PRIMARY KEY, email TEXT);"
        "INSERT INTO customer VALUES (0.1, 'ana@example.com');",
        DATAMAP.format(erasing="blank").split("[stores.app.datasets.orders]")[0],
    )
    with pytest.raises(PlanRefusedError, match="key"):
        made.erase(email="ana@example.com")
    assert made.rows("customer")[0][1] == "ana@example.com", engine
