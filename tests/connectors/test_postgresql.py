"""PostgreSQL on a server of the session's own: structure, samples, permissions, failures."""

import logging
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event

from kept.connectors.errors import (
    StoreChangedError,
    StoreDeniedError,
    StoreTimeoutError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects import postgresql
from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import survey
from kept.inventory.dataset import DatasetId

Made = Callable[[str], str]

CANARY = "canary-7f3a@example.com"

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def _store(url: str) -> SqlStore:
    return SqlStore("app", url)


def _run(url: str, statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statements.encode())


def _as(url: str, account: str) -> str:
    return url.replace("postgres@", f"{account}@")


@contextmanager
def _counted(store: SqlStore) -> Iterator[list[str]]:
    """Note every statement that is sent but those that begin a transaction."""
    said: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if not statement.startswith("SET TRANSACTION"):
            said.append(statement)

    engine = store.sql._engine(writes=False)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_schemas_names_and_quotes_are_told_and_read_as_they_are(postgres: Made) -> None:
    url = postgres(
        """
        CREATE SCHEMA "Crm"; CREATE SCHEMA a;
        CREATE TABLE "Crm"."Person" ("E-Mail %" text, "a:b" int, "it's ""so"" !" text);
        CREATE TABLE "a.b" (x text); CREATE TABLE a.b (x text);
        CREATE TABLE "100%:s (x)" ("select" text, "%(x)s" text);
        INSERT INTO "Crm"."Person" VALUES ('p@example.com', 1, 'q'), ('q@example.com', 2, NULL);
        INSERT INTO "a.b" VALUES ('dotted'); INSERT INTO a.b VALUES ('in a');
        INSERT INTO "100%:s (x)" VALUES ('s', 't');
        """
    )
    store = _store(url)
    catalog = store.catalog()
    names = [table.name for table in catalog.tables]
    assert names == ['"a.b"', "100%:s (x)", "Crm.Person", "a.b"]
    person = catalog.table("Crm.Person")
    assert (person.schema, person.own_name) == ("Crm", "Person")
    fields = [column.name for column in person.columns]
    assert fields == ["E-Mail %", "a:b", 'it\'s "so" !']
    assert set(store.sample("Crm.Person", fields).values["E-Mail %"]) == {
        "p@example.com",
        "q@example.com",
    }
    assert store.sample('"a.b"', ["x"]).values["x"] == ("dotted",)
    assert store.sample("a.b", ["x"]).values["x"] == ("in a",)
    assert list(store.scan("100%:s (x)", ["select", "%(x)s"])) == [[("s", "t")]]
    assert store.contained("Crm.Person", "E-Mail %", ["q@example.com", "z"]) == 1


def test_a_partitioned_table_is_one_dataset_however_deep_it_is_parted(postgres: Made) -> None:
    url = postgres(
        """
        CREATE TABLE visit (at date NOT NULL, land text NOT NULL, ip text, PRIMARY KEY (at, land))
            PARTITION BY RANGE (at);
        CREATE TABLE visit_2023 PARTITION OF visit FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')
            PARTITION BY LIST (land);
        CREATE TABLE visit_2023_de PARTITION OF visit_2023 FOR VALUES IN ('DE');
        CREATE TABLE visit_2023_other PARTITION OF visit_2023 DEFAULT;
        CREATE TABLE visit_rest PARTITION OF visit DEFAULT;
        INSERT INTO visit SELECT date '2023-01-01' + i, l, '192.0.2.' || i % 250
            FROM generate_series(0, 1999) i, (VALUES ('DE'), ('FR')) v(l);
        ANALYZE visit;
        """
    )
    store = _store(url)
    (table,) = store.catalog().tables
    assert table.partitions == ("visit_2023_de", "visit_2023_other", "visit_rest")
    assert table.rows_estimate == 4_000
    assert table.key == ("at", "land")
    sample = store.sample("visit", ["at", "land", "ip"])
    assert sample.rows == 4_000
    assert set(sample.values["land"]) == {"DE", "FR"}
    rows = [
        row for part in store.scan_from("visit", ["at", "land"], batch=999) for row in part.rows
    ]
    assert len(rows) == len(set(rows)) == 4_000


def test_a_child_table_that_holds_more_than_its_parent_is_a_dataset(postgres: Made) -> None:
    url = postgres("CREATE TABLE one (a text); CREATE TABLE two (b text) INHERITS (one)")
    tables = {table.name: table for table in _store(url).catalog().tables}
    assert [column.name for column in tables["two"].columns] == ["a", "b"]


def test_views_of_every_kind_are_told_and_only_those_that_keep_rows_are_sampled(
    postgres: Made,
) -> None:
    url = postgres(
        """
        CREATE TABLE t (a text); INSERT INTO t VALUES ('x@example.com');
        CREATE VIEW seen AS SELECT a FROM t;
        CREATE VIEW broken AS SELECT 1 / 0 AS a;
        CREATE MATERIALIZED VIEW kept AS SELECT a FROM t;
        CREATE MATERIALIZED VIEW unfilled AS SELECT a FROM t WITH NO DATA;
        """
    )
    store = _store(url)
    told = {table.name: (table.view, table.materialised) for table in store.catalog().tables}
    assert told == {
        "t": (False, False),
        "seen": (True, False),
        "broken": (True, False),
        "kept": (True, True),
        "unfilled": (True, True),
    }
    assert store.sample("seen", ["a"]).values["a"] == ("x@example.com",)
    seen = survey([store])
    assert seen.samples[DatasetId("app", "kept")].values["a"] == ("x@example.com",)
    assert set(seen.unread) == {DatasetId("app", "unfilled")}
    assert isinstance(seen.unread[DatasetId("app", "unfilled")], StoreChangedError)
    assert not seen.failures


TYPES = """
CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE pair AS (x int, y text);
CREATE TYPE "text weird" AS ENUM ('w');
CREATE DOMAIN email AS varchar(80) NOT NULL; CREATE DOMAIN work_email AS email;
CREATE TABLE t (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n numeric, f float8, d date,
    z timestamptz, b bytea, i interval, r int4range, c pair, ip inet, x xml, v tsvector,
    bits bit(4), m money, u uuid, j jsonb, l text[], k int[][], e mood, w "text weird",
    o work_email, ch char(5), ok boolean, g int GENERATED ALWAYS AS (3) STORED, q "char", p point
);
INSERT INTO t (n, f, d, z, b, i, r, c, ip, x, v, bits, m, u, j, l, k, e, w, o, ch, ok, q, p) VALUES
 ('NaN', 'NaN', '0044-03-15 BC', '2024-02-29 12:00+05', '\\x00ff', '1 year 2 days', '[1,5)',
  (1, 'a'), '2001:db8::1', '<a>b</a>', 'fat cat', '1010', 12.5,
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"mail": "j@example.com"}', '{a,NULL,"b c"}',
  '{{1,2},{3,4}}', 'sad', 'w', 'o@example.com', 'ab', true, 'q', '(1,2)'),
 ('1234567890.123456789', 'Infinity', 'infinity', '-infinity', '', '0', 'empty', NULL, NULL, NULL,
  NULL, '0000', 0, NULL, 'null', '{}', '{}', NULL, NULL, 'p@example.com', '', false, '', NULL);
"""


def test_every_type_leaves_as_a_plain_value_and_its_column_says_what_it_was(postgres: Made) -> None:
    store = _store(postgres(TYPES))
    (table,) = store.catalog().tables
    fields = [column.name for column in table.columns]
    rows = [row for part in store.scan("t", fields) for row in part]
    assert all(
        type(value) in {int, float, str, bytes, bool, type(None)} for r in rows for value in r
    )
    first = dict(zip(fields, min(rows), strict=True))
    assert first == {
        "id": 1, "n": "NaN", "f": "nan", "d": "0044-03-15 BC", "z": "2024-02-29 07:00:00+00",
        "b": b"\x00\xff", "i": "P1Y2D", "r": "[1,5)", "c": "(1,a)", "ip": "2001:db8::1/128",
        "x": "<a>b</a>", "v": "'cat' 'fat'", "bits": "1010", "m": "$12.50",
        "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "j": '{"mail": "j@example.com"}',
        "l": '["a",null,"b c"]', "k": "[[1,2],[3,4]]", "e": "sad", "w": "w",
        "o": "o@example.com", "ch": "ab", "ok": True, "g": 3, "q": "q", "p": "(1,2)",
    }  # fmt: skip
    column = table.column
    assert (column("j").json, column("l").array, column("k").array) == (True, True, True)
    assert column("e").enumerated == ("glad", "sad")
    assert (column("o").domain, column("o").type, column("o").length, column("o").nullable) == (
        "work_email", "character varying(80)", 80, False,
    )  # fmt: skip
    assert (column("id").identity, column("g").generated) == (True, True)
    sample = store.sample("t", fields)
    assert not sample.unread
    assert set(sample.values["f"]) == {"nan", "inf"}
    for field in fields:
        store.contained("t", field, ["x", 1, 1.5, True, b"x", None, 2**70, "\x00", "\udcff"])


def test_triggers_and_rules_are_told_by_what_they_fire_on(postgres: Made) -> None:
    url = postgres(
        """
        CREATE TABLE t (a text);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER g BEFORE INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
        """
    )
    store = _store(url)
    (table,) = store.catalog().tables
    assert {(each.name, each.event) for each in table.triggers} == {
        ("g", "INSERT"),
        ("g", "DELETE"),
        ("r", "DELETE"),
    }
    before = store.catalog().fingerprint
    _run(
        url,
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    )
    assert store.catalog().fingerprint != before


def test_what_the_engine_counts_is_no_structure(postgres: Made) -> None:
    url = postgres(
        "CREATE TABLE t (a text, b text); INSERT INTO t SELECT i FROM generate_series(1, 9) i"
    )
    store = _store(url)
    before = store.catalog()
    _run(url, "INSERT INTO t SELECT i FROM generate_series(1, 900) i; ANALYZE t")
    after = store.catalog()
    assert after.table("t").always_null == ("b",)
    assert after.table("t").rows_estimate == 909
    assert before.fingerprint == after.fingerprint


def test_what_may_not_be_read_is_told_and_the_rest_is_read(postgres: Made) -> None:
    url = postgres(
        """
        DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN;
        CREATE SCHEMA shut; CREATE TABLE shut.t (a text);
        CREATE TABLE open_one (id int PRIMARY KEY, a text);
        CREATE TABLE closed (a text, b text);
        CREATE TABLE partly (id int PRIMARY KEY, a text, secret text);
        INSERT INTO open_one VALUES (1, 'x@example.com'); INSERT INTO closed VALUES ('c', 'd');
        INSERT INTO partly VALUES (1, 'y@example.com', 's');
        GRANT SELECT ON open_one TO looker; GRANT SELECT (id, a) ON partly TO looker;
        """
    )
    store = _store(_as(url, "looker"))
    catalog = store.catalog()
    assert catalog.unread == (("shut", "permission denied"), ("closed", "permission denied"))
    assert [table.name for table in catalog.tables] == ["closed", "open_one", "partly"]
    assert catalog.fingerprint != ""
    seen = survey([store])
    assert not seen.failures
    sample = seen.samples[DatasetId("app", "partly")]
    assert sample.values == {"id": (1,), "a": ("y@example.com",), "secret": ()}
    assert sample.unread == {"secret": "permission denied"}
    closed = seen.samples[DatasetId("app", "closed")]
    assert closed.unread == {"a": "permission denied", "b": "permission denied"}
    assert (closed.read, closed.rows_exact) == (0, False)
    assert seen.samples[DatasetId("app", "open_one")].values["a"] == ("x@example.com",)
    with pytest.raises(StoreDeniedError):
        store.count("closed")


def test_rows_that_the_store_hides_are_announced(postgres: Made) -> None:
    url = postgres("CREATE TABLE t (a text); ALTER TABLE t ENABLE ROW LEVEL SECURITY")
    assert _store(url).catalog().table("t").row_security


def test_a_database_is_described_in_as_many_statements_however_many_tables_it_has(
    postgres: Made,
) -> None:
    made = "".join(f"CREATE TABLE t{n} (id int PRIMARY KEY, a text UNIQUE);" for n in range(60))
    store = _store(postgres(made))
    store.catalog()
    with _counted(store) as said:
        assert len(store.catalog().tables) == 60
    assert len(said) <= 9


@pytest.mark.parametrize("rows", [0, 5, 5_000, 250_000])
def test_a_table_is_sampled_in_four_statements_at_most(postgres: Made, rows: int) -> None:
    store = _store(
        postgres(
            f"""
            CREATE TABLE t (id int PRIMARY KEY, a text, rare text, never text, late date);
            INSERT INTO t SELECT i, 'v' || i, CASE WHEN i % 400 = 7 THEN 'r' || i END, NULL,
                CASE WHEN i % 90 = 1 THEN date '2024-01-01' END
                FROM generate_series(1, {rows}) i;
            ANALYZE t;
            """
        )
    )
    store.catalog()
    with _counted(store) as said:
        sample = store.sample("t", ["id", "a", "rare", "never", "late"])
    assert len(said) <= 4
    assert sample.rows == pytest.approx(rows, rel=0.05)
    assert sample.read <= 2_000
    assert bool(sample.values["rare"]) == (rows > 5)
    assert sample == store.sample("t", ["id", "a", "rare", "never", "late"])


def test_a_table_that_was_never_analysed_is_not_counted_row_by_row(postgres: Made) -> None:
    url = postgres(
        "CREATE TABLE t (id int PRIMARY KEY, a text) WITH (autovacuum_enabled = off);"
        "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 400000) i"
    )
    store = _store(url)
    estimate = store.catalog().table("t").rows_estimate
    assert estimate is not None
    assert 50_000 < estimate < 2_000_000
    assert len(store.sample("t", ["a"]).values["a"]) == 200


def test_a_huge_cell_is_cut_by_the_store_and_costs_no_memory(postgres: Made) -> None:
    store = _store(
        postgres(
            "CREATE TABLE t (a text, b bytea); INSERT INTO t SELECT repeat('é', 25000000), NULL"
        )
    )
    store.catalog()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert store.sample("t", ["a", "b"]).values["a"] == ("é" * 4_096,)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000  # kilobytes


def test_a_table_that_vanishes_is_said_to_and_the_others_are_looked_at(postgres: Made) -> None:
    url = postgres("CREATE TABLE a (x text); CREATE TABLE b (x text); INSERT INTO b VALUES ('1')")
    store = _store(url)

    def tell(name: str) -> None:
        if name == "app.a":
            _run(url, "DROP TABLE a")

    seen = survey([store], tell=tell)
    assert {str(key): error.code for key, error in seen.unread.items()} == {
        "app.a": "stores.changed"
    }
    assert seen.samples[DatasetId("app", "b")].values["x"] == ("1",)
    assert [table.name for table in store.catalog().tables] == ["b"]


def test_a_statement_that_takes_too_long_is_ended_by_the_store(
    postgres: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "STATEMENT_SECONDS", 1)
    store = _store(postgres("CREATE VIEW slow AS SELECT pg_sleep(30)::text AS a"))
    with pytest.raises(StoreTimeoutError):
        store.sample("slow", ["a"])


def test_a_store_that_is_down_is_unreachable_and_is_read_again_when_it_is_up(
    postgres: Made,
) -> None:
    url = postgres("CREATE TABLE t (a text)")
    nowhere = _store("postgresql://postgres@127.0.0.1:9/app")
    with pytest.raises(StoreUnreachableError):
        nowhere.catalog()
    store = _store(url)
    store.catalog()
    _run(
        url.rpartition("/")[0] + "/postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kept'",
    )
    assert store.count("t") == 0


def test_nothing_of_a_value_is_in_an_error_or_a_log(
    postgres: Made, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = postgres(
        f"""
        CREATE TABLE t (a text PRIMARY KEY); INSERT INTO t VALUES ('{CANARY}');
        CREATE VIEW bad AS SELECT a::int AS b, a FROM t;
        """
    )
    store = _store(url)
    seen = survey([store])
    assert not seen.unread
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
    batch = next(iter(store.scan_from("t", ["a"], batch=1)))
    assert batch.at not in repr(batch)


def test_a_view_of_which_one_field_fails_gives_the_others(postgres: Made) -> None:
    store = _store(
        postgres(
            "CREATE TABLE t (a text); INSERT INTO t VALUES ('x@example.com');"
            "CREATE VIEW bad AS SELECT a, a::int AS b, a || '!' AS c, 1 / (length(a) - 13) AS d FROM t"
        )
    )
    sample = store.sample("bad", ["a", "b", "c", "d"])
    assert sample.values == {"a": ("x@example.com",), "b": (), "c": ("x@example.com!",), "d": ()}
    assert set(sample.unread) == {"b", "d"}


def test_text_that_is_no_utf_8_in_a_database_that_checks_nothing_is_shown_damaged(
    postgres_url: str,
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS ascii")
        admin.execute(
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    url = f"{postgres_url.rpartition('/')[0]}/ascii"
    _run(url, "CREATE TABLE t (a text, b text); INSERT INTO t VALUES (E'M\\xfcller', 'fine')")
    store = _store(url)
    sample = store.sample("t", ["a", "b"])
    assert sample.values == {"a": ("M�ller",), "b": ("fine",)}
    assert list(store.scan("t", ["a"])) == [[("M�ller",)]]
