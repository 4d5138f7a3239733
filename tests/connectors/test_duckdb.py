"""DuckDB files: structure, samples, what is locked, damaged or outside."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kept.connectors.errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
)
from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import survey
from kept.errors import KeptError
from kept.inventory.dataset import DatasetId

Made = Callable[[str], str]


def _store(url: str) -> SqlStore:
    return SqlStore("app", url)


def test_structure_is_told_as_it_is_declared(duckdb_file: Made) -> None:
    store = _store(
        duckdb_file(
            """
            CREATE SCHEMA "Crm";
            CREATE TYPE mood AS ENUM ('glad', 'it''s');
            CREATE TABLE "Crm"."Person" (id integer PRIMARY KEY, "e%mail: x" varchar NOT NULL UNIQUE,
                m mood DEFAULT 'glad', g integer GENERATED ALWAYS AS (id + 1), CHECK (id > 0));
            CREATE TABLE "a.b" (x integer);
            CREATE TABLE orders (id integer PRIMARY KEY);
            CREATE TABLE line (o integer REFERENCES orders (id), a varchar);
            CREATE INDEX seek ON line (a);
            CREATE VIEW seen AS SELECT * FROM line;
            INSERT INTO "Crm"."Person" (id, "e%mail: x") VALUES (1, 'p@example.com');
            """
        )
    )
    catalog = store.catalog()
    assert [(table.name, table.view) for table in catalog.tables] == [
        ('"a.b"', False),
        ("Crm.Person", False),
        ("line", False),
        ("orders", False),
        ("seen", True),
    ]
    person = catalog.table("Crm.Person")
    assert (person.key, person.uniques) == (("id",), (("e%mail: x",),))
    assert person.column("m").enumerated == ("glad", "it's")
    assert person.column("g").generated
    assert len(person.checks) == 1
    line = catalog.table("line")
    assert [(each.fields, each.to, each.to_fields) for each in line.foreign_keys] == [
        (("o",), "orders", ("id",))
    ]
    assert ("a",) in line.indexes
    assert store.sample("Crm.Person", ["e%mail: x"]).values["e%mail: x"] == ("p@example.com",)
    assert catalog.fingerprint == store.catalog().fingerprint


def test_every_type_leaves_as_a_plain_value_and_nested_ones_as_json(duckdb_file: Made) -> None:
    store = _store(
        duckdb_file(
            """
            CREATE TABLE t AS SELECT 1 AS id, {'a': 1, 'b': 'x@example.com'} AS s,
                MAP {'k': 1} AS m, [1, NULL] AS l, union_value(n := 2) AS u,
                170141183460469231731687303715884105727::hugeint AS h, 1.50::decimal(10, 2) AS d,
                'NaN'::double AS f, DATE '0044-03-15 (BC)' AS bc,
                TIMESTAMPTZ '2024-02-29 12:00:00+05' AS ts, INTERVAL 2 DAY AS i,
                '\\xAA\\x00'::blob AS b, uuid '00000000-0000-0000-0000-000000000001' AS uid,
                '101'::bit AS bits, TIME '12:00' AS ti, true AS ok, '{"a": 1}'::json AS j, 'é😀' AS v
            """
        )
    )
    (table,) = store.catalog().tables
    fields = [column.name for column in table.columns]
    ((row,),) = store.scan("t", fields)
    told = dict(zip(fields, row, strict=True))
    assert told == {
        "id": 1, "s": '{"a":1,"b":"x@example.com"}', "m": '{"k":1}', "l": "[1,null]", "u": '{"n":2}',
        "h": "170141183460469231731687303715884105727", "d": "1.50", "f": "nan",
        "bc": "0044-03-15 (BC)", "ts": "2024-02-29 07:00:00+00", "i": "2 days", "b": b"\xaa\x00",
        "uid": "00000000-0000-0000-0000-000000000001", "bits": "101", "ti": "12:00:00", "ok": True,
        "j": '{"a": 1}', "v": "é😀",
    }  # fmt: skip
    sample = store.sample("t", fields)
    assert not sample.unread
    assert sample.values["b"] == (b"\xaa\x00",)
    assert (table.column("s").json, table.column("l").array, table.column("h").json) == (
        True,
        True,
        False,
    )
    for field in fields:
        asked = ["x", 1, 1.5, True, b"x", None, 2**70, "\x00", "\udcff"]
        assert store.contained("t", field, asked) in {0, 1}


def test_a_large_table_is_sampled_alike_each_time_and_its_rare_values_are_found(
    duckdb_file: Made,
) -> None:
    store = _store(
        duckdb_file(
            "CREATE TABLE t AS SELECT i AS id, 'v' || i AS a,"
            " CASE WHEN i % 1000 = 7 THEN 'r' || i END AS rare FROM range(50000) r(i)"
        )
    )
    sample = store.sample("t", ["id", "a", "rare"])
    assert sample == store.sample("t", ["id", "a", "rare"])
    assert sample != store.sample("t", ["id", "a", "rare"], seed=7)
    assert sample.rows == 50_000
    assert 700 < sample.read < 1_400
    assert len(sample.values["rare"]) > 1


def test_a_huge_cell_is_cut(duckdb_file: Made) -> None:
    store = _store(duckdb_file("CREATE TABLE t AS SELECT repeat('é', 3000000) AS a"))
    assert store.sample("t", ["a"]).values["a"] == ("é" * 4_096,)


def test_a_file_that_another_program_writes_is_locked(duckdb_file: Made) -> None:
    url = duckdb_file("CREATE TABLE t (a integer)")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()",
            url.removeprefix("duckdb:///"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(StoreLockedError):
            _store(url).catalog()
        holder.communicate(b"\n")
    assert _store(url).count("t") == 0


def test_a_reader_cannot_write_and_changes_no_byte(duckdb_file: Made) -> None:
    url = duckdb_file("CREATE TABLE t AS SELECT 1 AS a")
    path = Path(url.removeprefix("duckdb:///"))
    before = path.read_bytes()
    store = _store(url)
    survey([store])
    with pytest.raises(StoreReadOnlyError), store.sql.snapshot() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (2)")
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"not a database at all", b"", b"\x00" * 9_000])
def test_a_file_that_is_no_database_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError):
        _store(f"duckdb:///{path}").catalog()
    assert path.read_bytes() == content


def test_a_missing_file_is_missing_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        _store(f"duckdb:///{tmp_path}/none.duckdb").catalog()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["duckdb://", "duckdb:///", "duckdb:///:memory:"])
def test_a_database_in_memory_is_no_store(url: str) -> None:
    with pytest.raises(StoreAddressError):
        _store(url).catalog()


def test_a_view_that_reaches_outside_the_file_is_refused(duckdb_file: Made, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("a\ncanary-7f3a@example.com\n")
    store = _store(
        duckdb_file(
            f"CREATE VIEW out AS SELECT * FROM read_csv('{outside}'); CREATE TABLE t AS SELECT 1 AS a"
        )
    )
    with pytest.raises(KeptError) as caught:
        store.count("out")
    assert "canary" not in f"{caught.value!r}"
    assert survey([store]).samples[DatasetId("app", "t")].values == {"a": (1,)}


def test_nothing_of_a_value_is_in_an_error(duckdb_file: Made) -> None:
    store = _store(
        duckdb_file(
            "CREATE TABLE t AS SELECT 'canary-7f3a@example.com' AS a;"
            "CREATE VIEW bad AS SELECT a, a::integer AS b FROM t"
        )
    )
    sample = store.sample("bad", ["a", "b"])
    assert sample.values["a"] == ("canary-7f3a@example.com",)
    assert set(sample.unread) == {"b"}
    with pytest.raises(StoreCorruptError) as caught:
        list(store.scan("bad", ["b"]))
    assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r}"
