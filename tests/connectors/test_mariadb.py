"""MariaDB on a server of the session's own: structure, samples, permissions, failures."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pymysql
import pytest
from pymysql.constants import CLIENT
from sqlalchemy import event, make_url

from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreDeniedError,
    StoreReadOnlyError,
    StoreTimeoutError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects import mariadb as dialect
from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import survey
from kept.inventory.dataset import DatasetId

Made = Callable[[str], str]

CANARY = "canary-7f3a@example.com"

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def _store(url: str) -> SqlStore:
    return SqlStore("app", url)


def _run(url: str, statements: str) -> None:
    address = make_url(url)
    with pymysql.connect(
        host=str(address.host),
        port=address.port or 0,
        user=address.username,
        database=address.database,
        charset="utf8mb4",
        client_flag=CLIENT.MULTI_STATEMENTS,
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(statements)
        while cursor.nextset():
            pass
        connection.commit()


@contextmanager
def _counted(store: SqlStore) -> Iterator[list[str]]:
    """Note every statement that is sent but those that begin a transaction."""
    said: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith("START TRANSACTION"):
            said.append(statement)

    engine = store.sql._engine(writes=False)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


STRUCTURE = """
CREATE TABLE `Person %` (
    id bigint unsigned AUTO_INCREMENT PRIMARY KEY, `e``mail: %(x)s` varchar(80) NOT NULL,
    state enum('new', 'it''s, old') DEFAULT 'new', flags set('a', 'b'), doc json,
    twice int GENERATED ALWAYS AS (2) STORED, UNIQUE KEY (`e``mail: %(x)s`), KEY (state, id)
);
CREATE TABLE `a.b` (
    id int PRIMARY KEY, person bigint unsigned, CHECK (id > 0),
    FOREIGN KEY (person) REFERENCES `Person %` (id) ON DELETE CASCADE
);
CREATE TABLE parted (y int NOT NULL, a text, PRIMARY KEY (y)) PARTITION BY RANGE (y)
    (PARTITION early VALUES LESS THAN (2000), PARTITION late VALUES LESS THAN MAXVALUE);
CREATE TABLE half (code varchar(200), UNIQUE KEY (code(10)));
CREATE SEQUENCE counter;
CREATE TABLE versioned (id int PRIMARY KEY) WITH SYSTEM VERSIONING;
CREATE VIEW seen AS SELECT id FROM `a.b`;
CREATE TRIGGER gone BEFORE DELETE ON `a.b` FOR EACH ROW SET @x = 1;
INSERT INTO `Person %` (`e``mail: %(x)s`, doc) VALUES ('p@example.com', '{"a": 1}');
INSERT INTO parted VALUES (1999, 'x'), (2020, 'y');
"""


def test_structure_is_told_as_it_is_declared(mariadb: Made) -> None:
    store = _store(mariadb(STRUCTURE))
    catalog = store.catalog()
    assert {table.name: table.view for table in catalog.tables} == {
        "Person %": False,
        "a.b": False,
        "half": False,
        "parted": False,
        "seen": True,
        "versioned": False,
    }
    person = catalog.table("Person %")
    assert person.key == ("id",)
    assert person.uniques == (("e`mail: %(x)s",),)
    assert set(person.indexes) == {("id",), ("e`mail: %(x)s",), ("state",)}
    assert person.column("state").enumerated == ("new", "it's, old")
    assert person.column("doc").json
    assert person.column("twice").generated
    assert person.column("id").type == "bigint(20) unsigned"
    assert person.column("e`mail: %(x)s").length == 80
    child = catalog.table("a.b")
    (reference,) = child.foreign_keys
    assert (reference.fields, reference.to, reference.to_fields, reference.on_delete) == (
        ("person",),
        "Person %",
        ("id",),
        "CASCADE",
    )
    assert [(each.name, each.event) for each in child.triggers] == [("gone", "DELETE")]
    assert len(child.checks) == 1
    assert catalog.table("parted").partitions == ("early", "late")
    # A key over the first letters of a text makes no text unique.
    assert (catalog.table("half").uniques, catalog.table("half").key) == ((), ())
    assert store.sample("Person %", ["e`mail: %(x)s"]).values == {
        "e`mail: %(x)s": ("p@example.com",)
    }
    assert store.sample("parted", ["y", "a"]).read == 2
    assert store.catalog().fingerprint == catalog.fingerprint


TYPES = """
SET sql_mode = '';
CREATE TABLE t (
    id bigint unsigned PRIMARY KEY, tiny tinyint(1), d decimal(30, 10), f double, dt date,
    at datetime(3), ts timestamp NULL, ti time, y year, b bit(9), bin binary(3), bl blob,
    latin varchar(20) CHARACTER SET latin1, u3 text CHARACTER SET utf8mb3, u4 text, e enum('x'),
    s set('a', 'b'), j json, u uuid, ip inet6, p point
);
INSERT INTO t VALUES (18446744073709551615, 1, 12345678901234567890.0123456789, 1.5, '0000-00-00',
    '2024-02-29 12:00:00.125', '2024-02-29 12:00:00', '-12:30:00', 1999, b'100000001', 'ab', x'00ff',
    'Müller', 'é数', '😀', 'no such', 'b,a', '{"m": "j@example.com"}',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2001:db8::1', point(1, 2));
INSERT INTO t (id) VALUES (1);
"""


def test_every_type_leaves_as_a_plain_value(mariadb: Made) -> None:
    store = _store(mariadb(TYPES))
    (table,) = store.catalog().tables
    fields = [column.name for column in table.columns]
    rows = [row for part in store.scan("t", fields) for row in part]
    told = dict(zip(fields, max(rows, key=lambda row: int(str(row[0]))), strict=True))
    assert told.pop("ts") is not None
    assert told == {
        "id": 2**64 - 1, "tiny": 1, "d": "12345678901234567890.0123456789", "f": 1.5,
        "dt": "0000-00-00", "at": "2024-02-29 12:00:00.125", "ti": "-12:30:00", "y": 1999,
        "b": 257, "bin": b"ab\x00", "bl": b"\x00\xff", "latin": "Müller", "u3": "é数", "u4": "😀",
        "e": "", "s": "a,b", "j": '{"m": "j@example.com"}',
        "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ip": "2001:db8::1", "p": "POINT(1 2)",
    }  # fmt: skip
    sample = store.sample("t", fields)
    assert not sample.unread
    for field in fields:
        asked = ["x", 1, 1.5, True, b"x", None, 2**70, "\x00", "\udcff", "数😀"]
        assert store.contained("t", field, asked) in {0, 1}, field
    assert store.contained("t", "latin", ["Müller", "数"]) == 1


def test_what_may_not_be_read_is_told_and_the_rest_is_read(mariadb: Made) -> None:
    url = mariadb(
        """
        CREATE TABLE open_one (id int PRIMARY KEY, a text);
        CREATE TABLE closed (a text);
        CREATE TABLE partly (id int PRIMARY KEY, a text, secret text);
        INSERT INTO open_one VALUES (1, 'x@example.com');
        INSERT INTO partly VALUES (1, 'y@example.com', 's');
        """
    )
    name = make_url(url).database
    _run(
        url,
        f"""
        CREATE OR REPLACE USER looker@'127.0.0.1';
        GRANT SELECT ON {name}.open_one TO looker@'127.0.0.1';
        GRANT INSERT ON {name}.closed TO looker@'127.0.0.1';
        GRANT SELECT (id, a), INSERT (secret) ON {name}.partly TO looker@'127.0.0.1';
        """,
    )
    store = _store(url.replace("kept@", "looker@"))
    assert store.catalog().unread == (("closed", "permission denied"),)
    seen = survey([store])
    assert not seen.failures
    assert not seen.unread
    assert seen.samples[DatasetId("app", "open_one")].values["a"] == ("x@example.com",)
    partly = seen.samples[DatasetId("app", "partly")]
    assert partly.values == {"id": (1,), "a": ("y@example.com",), "secret": ()}
    assert partly.unread == {"secret": "permission denied"}
    with pytest.raises(StoreDeniedError):
        store.count("closed")


def test_an_account_that_is_not_let_in_is_denied(mariadb: Made) -> None:
    url = mariadb("SELECT 1")
    with pytest.raises(StoreDeniedError) as caught:
        _store(url.replace("kept@", "stranger:s3cret-word@")).catalog()
    assert "s3cret-word" not in f"{caught.value!r}"
    with pytest.raises(StoreDeniedError):
        _store(url.replace("/made", "/no_such")).catalog()


def test_a_reader_cannot_write_whatever_it_is_asked(mariadb: Made) -> None:
    store = _store(mariadb("CREATE TABLE t (a text)"))
    with pytest.raises(StoreReadOnlyError), store.sql.snapshot() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES ('x')")


def test_a_snapshot_does_not_see_what_others_write_meanwhile(mariadb: Made) -> None:
    url = mariadb("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)")
    stream = _store(url).scan("t", ["id"], batch=1)
    next(stream)
    _run(url, "DELETE FROM t")
    assert len(list(stream)) == 2


def test_a_database_is_described_in_as_many_statements_however_many_tables_it_has(
    mariadb: Made,
) -> None:
    made = "".join(
        f"CREATE TABLE t{n} (id int PRIMARY KEY, a varchar(9) UNIQUE);" for n in range(40)
    )
    store = _store(mariadb(made))
    store.catalog()
    with _counted(store) as said:
        assert len(store.catalog().tables) == 40
    assert len(said) <= 9


@pytest.mark.parametrize("key", ["id int PRIMARY KEY", "id varchar(9) PRIMARY KEY", "id int"])
@pytest.mark.parametrize("rows", [0, 5, 5_000])
def test_a_table_is_sampled_in_four_statements_at_most(mariadb: Made, key: str, rows: int) -> None:
    store = _store(
        mariadb(
            f"""
            CREATE TABLE t ({key}, a varchar(20), rare text, never text, late date);
            INSERT INTO t SELECT seq, concat('v', seq), if(seq % 400 = 7, concat('r', seq), NULL),
                NULL, if(seq % 90 = 1, '2024-01-01', NULL) FROM seq_1_to_{max(rows, 1)};
            DELETE FROM t WHERE {rows} = 0;
            """
        )
    )
    store.catalog()
    with _counted(store) as said:
        sample = store.sample("t", ["id", "a", "rare", "never", "late"])
    assert len(said) <= 4
    assert sample.rows == rows
    assert sample.read <= 1_000
    assert bool(sample.values["rare"]) == (rows > 5)
    assert sample == store.sample("t", ["id", "a", "rare", "never", "late"])
    if rows > 5 and key.endswith("KEY"):
        assert any(int(str(value)) > 4_000 for value in sample.values["id"])


def test_views_that_fail_and_tables_that_vanish_are_said_to(mariadb: Made) -> None:
    url = mariadb(
        "CREATE TABLE a (x text); CREATE TABLE b (x text); CREATE TABLE c (x text);"
        "INSERT INTO b VALUES ('1'); CREATE VIEW broken AS SELECT x FROM c; DROP TABLE c"
    )
    store = _store(url)

    def tell(name: str) -> None:
        if name == "app.a":
            _run(url, "DROP TABLE a")

    seen = survey([store], tell=tell)
    assert {str(key): error.code for key, error in seen.unread.items()} == {
        "app.a": "stores.changed"
    }
    assert seen.samples[DatasetId("app", "b")].values["x"] == ("1",)
    with pytest.raises(StoreChangedError):
        store.count("broken")


def test_a_statement_that_takes_too_long_is_ended_by_the_store(
    mariadb: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "STATEMENT_SECONDS", 1)
    store = _store(
        mariadb(
            "CREATE VIEW slow AS SELECT count(*) AS a FROM information_schema.COLUMNS x"
            " JOIN information_schema.COLUMNS y JOIN information_schema.COLUMNS z"
        )
    )
    with pytest.raises(StoreTimeoutError):
        store.sample("slow", ["a"])


def test_a_store_that_is_down_is_unreachable() -> None:
    with pytest.raises(StoreUnreachableError):
        _store("mysql://kept@127.0.0.1:9/app").catalog()


@pytest.mark.parametrize("url", ["mysql://kept:s3cret-word@host", "mysql://kept:s3cret-word@:x/y"])
def test_an_address_without_a_database_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(StoreAddressError) as caught:
        _store(url).catalog()
    assert "s3cret-word" not in f"{caught.value!r} {caught.value.remedy} {_store(url).shown}"


def test_a_huge_cell_is_cut_by_the_store(mariadb: Made) -> None:
    store = _store(
        mariadb(
            "CREATE TABLE t (a longtext, b longblob); INSERT INTO t VALUES (repeat('é', 5000000), repeat('x', 5000000))"
        )
    )
    sample = store.sample("t", ["a", "b"])
    assert sample.values == {"a": ("é" * 4_096,), "b": (b"x" * 4_096,)}


def test_nothing_of_a_value_is_in_an_error_or_a_log(
    mariadb: Made, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = mariadb(
        f"""
        CREATE TABLE t (a varchar(80) PRIMARY KEY); INSERT INTO t VALUES ('{CANARY}');
        CREATE FUNCTION fails(x text) RETURNS int
            BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = x; RETURN 1; END;
        CREATE VIEW bad AS SELECT fails(a) AS b, a FROM t;
        """
    )
    store = _store(url)
    told: list[str] = []
    for act in (
        lambda: store.sample("bad", ["b", "a"]),
        lambda: list(store.scan("bad", ["b"])),
        lambda: store.contained("bad", "b", [1]),
    ):
        try:
            told.append(repr(getattr(act(), "unread", "")))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            told.append(f"{error!r} {error} {error.__cause__!r} {vars(error)}")
    assert CANARY not in " ".join(told) + caplog.text


def test_a_table_too_large_to_be_counted_is_sampled_from_end_to_end(mariadb: Made) -> None:
    store = _store(
        mariadb(
            "CREATE TABLE t (id int PRIMARY KEY, rare text); INSERT INTO t"
            " SELECT seq, if(seq % 400 = 7, concat('r', seq), NULL) FROM seq_1_to_300000;"
            " ANALYZE TABLE t"
        )
    )
    store.catalog()
    with _counted(store) as said:
        sample = store.sample("t", ["id", "rare"])
    assert len(said) <= 4
    assert not sample.rows_exact
    assert sample.rows == pytest.approx(300_000, rel=0.3)
    ids = [int(str(value)) for value in sample.values["id"]]
    assert min(ids) < 30_000
    assert max(ids) > 270_000
    assert len(sample.values["rare"]) > 10
