"""Scans in parts, on every engine: together they are the whole, and no row is read twice."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.connectors.errors import StoreChangedError
from kept.connectors.sql import resume, scan
from kept.connectors.sql.store import SqlStore

Made = Callable[[str], str]

SERVED = [pytest.mark.service, pytest.mark.enable_socket]
ENGINES = [
    "sqlite_file",
    "duckdb_file",
    pytest.param("postgres", marks=SERVED),
    pytest.param("mariadb", marks=SERVED),
]


@pytest.fixture(params=ENGINES)
def made(request: pytest.FixtureRequest) -> Made:
    found: Made = request.getfixturevalue(request.param)
    return found


def _write(url: str, statement: str, rows: Sequence[dict[str, Any]] | None = None) -> None:
    scheme, _, rest = url.partition("://")
    driver = {"mysql": "mysql+pymysql", "postgresql": "postgresql+psycopg"}.get(scheme, scheme)
    engine = sa.create_engine(f"{driver}://{rest}", poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        for row in rows or [{}]:
            connection.execute(sa.text(statement), row)
    engine.dispose()


def _all(store: SqlStore, fields: Sequence[str], batch: int) -> list[tuple[object, ...]]:
    """Read a table in parts, each by a scan of its own."""
    rows: list[tuple[object, ...]] = []
    after = ""
    while True:
        part = next(iter(store.scan_from("t", fields, after=after, batch=batch)), None)
        if part is None:
            return rows
        rows += part.rows
        after = part.at


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    keys=st.lists(st.tuples(TEXTS, st.integers(-9, 9)), max_size=40, unique=True),
    batch=st.integers(1, 7),
)
def test_parts_by_a_key_of_text_and_number_are_the_whole(
    made: Made, keys: list[tuple[str, int]], batch: int
) -> None:
    # Compared letter by letter: else the engine would take two of them for one.
    kind = "varchar(40)"
    url = made(f"CREATE TABLE t (b int NOT NULL, a {kind} NOT NULL, x int, PRIMARY KEY (a, b))")
    if url.startswith("mysql"):
        _write(url, "ALTER TABLE t MODIFY a varchar(40) COLLATE utf8mb4_nopad_bin NOT NULL")
    _write_keys(url, keys)
    store = SqlStore("app", url)
    rows = _all(store, ["a", "b"], batch)
    assert len(rows) == len(keys)
    assert set(rows) == set(keys)
    whole = [row for part in store.scan_from("t", ["a", "b"], batch=batch) for row in part.rows]
    assert whole == rows


def _write_keys(url: str, keys: list[tuple[str, int]]) -> None:
    if keys:
        rows = [{"a": a, "b": b} for a, b in keys]
        _write(url, "INSERT INTO t (a, b) VALUES (:a, :b)", rows)


KEYS = {
    "words that differ in case and accents": (
        "varchar(20)",
        ["a", "B", "é", "E", "z", "Ä", "ß", "ss", "_x", "-", "10", "9", "", "数", "م"],
    ),
    "dates": ("date", [f"20{n:02}-0{n % 9 + 1}-1{n % 10}" for n in range(30)]),
    "decimals": ("decimal(20, 4)", [f"{n * 37 % 41}.{n:04}" for n in range(40)]),
    "large numbers": ("bigint", [(-1) ** n * 2 ** (n + 20) for n in range(40)]),
}


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_a_key_is_compared_as_it_is_ordered(made: Made, kind: str) -> None:
    declared, values = KEYS[kind]
    url = made(f"CREATE TABLE t (k {declared} PRIMARY KEY, n int)")
    if url.startswith("mysql") and kind.startswith("words"):
        # Two of the words are one under the usual collation of this engine.
        values = [each for each in values if each not in {"E", "Ä", "ss"}]
    rows = [{"k": value, "n": number} for number, value in enumerate(values)]
    _write(url, "INSERT INTO t (k, n) VALUES (:k, :n)", rows)
    read = _all(SqlStore("app", url), ["n"], batch=4)
    assert sorted(read, key=repr) == sorted([(n,) for n in range(len(values))], key=repr)


def test_rows_that_come_and_go_between_parts_make_no_other_row_be_read_twice_or_left_out(
    made: Made,
) -> None:
    url = made("CREATE TABLE t (id int PRIMARY KEY, a varchar(9))")
    _write(url, "INSERT INTO t VALUES (:i, 'x')", [{"i": i} for i in range(0, 400, 2)])
    store = SqlStore("app", url)
    rows: list[tuple[object, ...]] = []
    after = ""
    for step in range(100):
        part = next(iter(store.scan_from("t", ["id"], after=after, batch=17)), None)
        if part is None:
            break
        rows += part.rows
        after = part.at
        _write(url, "DELETE FROM t WHERE id IN (:a, :b)", [{"a": 4 * step, "b": 399 - 3 * step}])
        _write(url, "INSERT INTO t VALUES (:i, 'y')", [{"i": i} for i in (2 * step + 1, -step - 1)])
    assert len(rows) == len(set(rows))
    never_touched = {
        (i,) for i in range(0, 400, 2) if i % 4 and i not in {399 - 3 * step for step in range(100)}
    }
    assert never_touched <= set(rows)


@pytest.mark.parametrize("rows", [0, 1, 10])
def test_a_table_without_a_key_is_one_part(made: Made, rows: int) -> None:
    url = made("CREATE TABLE t (a varchar(9))")
    if rows:
        _write(url, "INSERT INTO t VALUES ('same')", [{}] * rows)
    store = SqlStore("app", url)
    parts = list(store.scan_from("t", ["a"], batch=3))
    assert [row for part in parts for row in part.rows] == [("same",)] * rows
    if rows and not url.startswith("sqlite"):
        assert all(part.at == "" for part in parts[:-1])
    if rows:
        assert list(store.scan_from("t", ["a"], after=parts[-1].at)) == []


@pytest.mark.parametrize(
    "after", ["x", "{}", "[]", "null", '{"of": "?", "after": [["v", 1]]}', "1"]
)
def test_a_place_that_was_never_told_is_refused(made: Made, after: str) -> None:
    url = made("CREATE TABLE t (id int PRIMARY KEY)")
    with pytest.raises(StoreChangedError):
        list(SqlStore("app", url).scan_from("t", ["id"], after=after))


def test_a_place_in_a_table_whose_key_has_changed_is_refused(made: Made) -> None:
    url = made("CREATE TABLE t (id int PRIMARY KEY, a varchar(9) NOT NULL)")
    _write(url, "INSERT INTO t VALUES (:i, 'x')", [{"i": i} for i in range(9)])
    store = SqlStore("app", url)
    at = next(iter(store.scan_from("t", ["id"], batch=2))).at
    if url.startswith("sqlite"):
        # The number of a row outlives its key here: only another kind of table has another.
        _write(url, "DROP TABLE t")
        _write(url, "CREATE TABLE t (id int PRIMARY KEY, a varchar(9)) WITHOUT ROWID")
    else:
        _write(url, "DROP TABLE t")
        _write(url, "CREATE TABLE t (id varchar(9) PRIMARY KEY)")
    with pytest.raises(StoreChangedError):
        list(SqlStore("app", url).scan_from("t", ["id"], after=at))


def test_a_place_of_another_table_of_the_same_shape_is_refused(sqlite_file: Made) -> None:
    store = SqlStore("app", sqlite_file("CREATE TABLE t (a); CREATE TABLE u (a)"))
    _write(f"{store.shown}", "INSERT INTO t VALUES (1)")
    at = next(iter(store.scan_from("t", ["a"], batch=1))).at
    with pytest.raises(StoreChangedError):
        list(store.scan_from("u", ["a"], after=at))


def test_rows_of_a_table_without_row_numbers_are_read_by_its_key(sqlite_file: Made) -> None:
    url = sqlite_file("CREATE TABLE t (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID")
    rows = [(1, "x"), (1.5, "y"), ("1", b"z"), (b"1", 2), ("é", 1)]
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    connection.commit()
    connection.close()
    assert sorted(_all(SqlStore("app", url), ["a", "b"], 1), key=repr) == sorted(rows, key=repr)


@pytest.mark.service
@pytest.mark.enable_socket
def test_keys_under_a_collation_of_their_own_are_read_whole(postgres: Made) -> None:
    words = ["a", "A", "b", "B", "é", "e", "E", "z", "Z", "1", "_"]
    url = postgres(
        "CREATE COLLATION loose (provider = icu, locale = 'de-u-ks-level2', deterministic = false);"
        'CREATE TABLE t (k text COLLATE "loose", n int, PRIMARY KEY (k, n))'
    )
    _write(
        url,
        "INSERT INTO t VALUES (:k, :n)",
        [{"k": word, "n": number} for number, word in enumerate(words)],
    )
    rows = _all(SqlStore("app", url), ["k", "n"], 3)
    assert sorted(rows, key=repr) == sorted(((w, n) for n, w in enumerate(words)), key=repr)


@pytest.mark.service
@pytest.mark.enable_socket
def test_keys_of_every_other_type_are_read_whole(postgres: Made) -> None:
    url = postgres(
        """
        CREATE TYPE "Mo%od" AS ENUM ('zulu', 'alpha', 'mike');
        CREATE TABLE t (m "Mo%od", u uuid, z timestamptz, i inet, b bytea, f float8, c char(4),
            PRIMARY KEY (m, u, z, i, b, f, c));
        INSERT INTO t SELECT ('{zulu,alpha,mike}'::"Mo%od"[])[1 + n % 3], gen_random_uuid(),
            timestamptz '2024-01-01' + n * interval '0.000001 s', ('192.0.2.' || n)::inet,
            decode(lpad(to_hex(n), 4, '0'), 'hex'), CASE n WHEN 5 THEN 'NaN' ELSE random() END, n
            FROM generate_series(1, 100) n;
        """
    )
    rows = _all(SqlStore("app", url), ["u"], 7)
    assert len(rows) == len(set(rows)) == 100


@pytest.mark.service
@pytest.mark.enable_socket
def test_enumerations_that_are_ordered_by_place_are_one_part(mariadb: Made) -> None:
    url = mariadb(
        "CREATE TABLE t (k enum('z', 'a', 'm') PRIMARY KEY); INSERT INTO t VALUES ('a'), ('m'), ('z')"
    )
    parts = list(SqlStore("app", url).scan_from("t", ["k"], batch=1))
    assert [part.at == "" for part in parts] == [True, True, False]
    assert {row for part in parts for row in part.rows} == {("a",), ("m",), ("z",)}


def test_large_cells_end_a_part_early_and_a_huge_one_is_cut_and_said_to_be(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "CELL", 1_000)
    monkeypatch.setattr(resume, "CELL", 1_000)
    monkeypatch.setattr(scan, "HELD", 100_000)
    monkeypatch.setattr(resume, "HELD", 100_000)
    url = made("CREATE TABLE t (id int PRIMARY KEY, a text)")
    sizes = {i: 900 if i < 990 else 5_000 for i in range(1_000)}
    _write(
        url,
        "INSERT INTO t VALUES (:i, :a)",
        [{"i": i, "a": "x" * size} for i, size in sizes.items()],
    )
    parts = list(SqlStore("app", url).scan_from("t", ["id", "a"], batch=5_000))
    assert [row[0] for part in parts for row in part.rows] == list(sizes)
    assert len(parts) > 3
    assert sum(part.cut for part in parts) == 10
    assert all(len(str(row[1])) <= 1_001 for part in parts for row in part.rows)
    assert all(part.at for part in parts)
