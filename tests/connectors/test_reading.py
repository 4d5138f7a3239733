import sqlite3
from pathlib import Path

import pytest

from kept.connectors.errors import StoreChangedError
from kept.connectors.sql import look as sampling
from kept.connectors.sql.store import SqlStore


def _store(
    tmp_path: Path, statements: str, rows: list[tuple[object, ...]] | None = None
) -> SqlStore:
    path = tmp_path / "read.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(statements)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO t VALUES ({marks})", rows)
    connection.close()
    return SqlStore("read", f"sqlite:///{path}")


LARGE = sampling.ROWS * 3


def test_the_same_seed_gives_the_same_sample_and_another_gives_another(tmp_path: Path) -> None:
    store = _store(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        [(number, f"value {number}") for number in range(LARGE)],
    )
    first = store.sample("t", ["a"], limit=50, seed=1)
    assert store.sample("t", ["a"], limit=50, seed=1) == first
    assert store.sample("t", ["a"], limit=50, seed=2).values != first.values
    assert len(first.values["a"]) == 50


def test_a_large_table_is_seen_from_end_to_end_with_few_rows_read(tmp_path: Path) -> None:
    store = _store(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, era INTEGER)",
        [(number, number * 20 // LARGE) for number in range(LARGE)],
    )
    sample = store.sample("t", ["era"])
    assert sample.rows == LARGE
    assert sample.read <= sampling.ROWS
    assert set(sample.values["era"]) == set(range(20))


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE t (id INTEGER, a TEXT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) WITHOUT ROWID",
        "CREATE TABLE t (id INTEGER, a TEXT)",
    ],
)
def test_a_table_without_a_counter_is_sampled_too(tmp_path: Path, made: str) -> None:
    rows = [(number, f"{number:06}") for number in range(LARGE)]
    sample = _store(tmp_path, made, list(rows)).sample("t", ["a"], limit=1_000)
    assert len(sample.values["a"]) == 1_000
    assert max(sample.values["a"]) > f"{LARGE * 9 // 10:06}"


def test_no_row_is_counted_twice(tmp_path: Path) -> None:
    # Sparse at the start and dense at the end: strata of equal width would overlap.
    rows = [
        (number if number > 10 else number * 100_000_000, str(number)) for number in range(LARGE)
    ]
    store = _store(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", list(rows))
    sample = store.sample("t", ["a"], limit=LARGE)
    assert sample.distinct["a"] == sample.read


def test_values_that_are_rare_are_looked_for(tmp_path: Path) -> None:
    rows = [(number, "x@example.com" if number == LARGE - 7 else None) for number in range(LARGE)]
    store = _store(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", list(rows))
    assert store.sample("t", ["a"]).values["a"] == ("x@example.com",)


def test_nulls_and_blanks_are_counted_and_are_no_values(tmp_path: Path) -> None:
    store = _store(
        tmp_path, "CREATE TABLE t (a TEXT)", [(None,), ("",), ("  ",), ("x",), ("x",), (0,)]
    )
    sample = store.sample("t", ["a"])
    assert (sample.read, sample.nulls, sample.distinct) == (6, {"a": 3}, {"a": 2})
    assert set(sample.values["a"]) == {"x", "0"}


def test_huge_cells_are_cut_and_blobs_stay_bytes(tmp_path: Path) -> None:
    huge = "é" * 1_000_000
    store = _store(tmp_path, "CREATE TABLE t (a TEXT, b BLOB)", [(huge, b"\x00" * 1_000_000)])
    sample = store.sample("t", ["a", "b"])
    assert sample.values["a"] == ("é" * sampling.CELL,)
    assert sample.values["b"] == (b"\x00" * sampling.CELL,)
    assert [row for part in store.scan("t", ["a"]) for row in part] == [(huge,)]


def test_text_that_is_no_utf_8_does_not_stop_the_others(tmp_path: Path) -> None:
    store = _store(
        tmp_path,
        "CREATE TABLE t (a TEXT); INSERT INTO t VALUES (CAST(x'4dfc6c6c6572' AS TEXT)), ('fine')",
    )
    assert {row[0] for part in store.scan("t", ["a"]) for row in part} == {"M�ller", "fine"}
    assert set(store.sample("t", ["a"]).values["a"]) == {"M�ller", "fine"}


def test_values_keep_their_own_type_whatever_the_column_says(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [(1,), (1.5,), ("1",), (b"1",), (None,), ("2024-02-29",)]
    store = _store(tmp_path, "CREATE TABLE t (a)", rows)
    assert [row for part in store.scan("t", ["a"], batch=2) for row in part] == rows


def test_a_scan_gives_every_row_in_batches_of_one_snapshot(tmp_path: Path) -> None:
    store = _store(
        tmp_path,
        "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY)",
        [(number,) for number in range(1_000)],
    )
    stream = store.scan("t", ["id"], batch=300)
    first = next(stream)
    with sqlite3.connect(tmp_path / "read.sqlite") as other:
        other.execute("DELETE FROM t")
    other.close()
    sizes = [len(first), *(len(part) for part in stream)]
    assert sizes == [300, 300, 300, 100]
    assert store.count("t") == 0


def test_a_scan_that_is_left_early_lets_go_of_the_store(tmp_path: Path) -> None:
    store = _store(
        tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY)", [(number,) for number in range(100)]
    )
    stream = store.scan("t", ["id"], batch=10)
    next(stream)
    stream.close()
    with store.sql.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM t")
    assert store.count("t") == 0


def test_what_the_store_does_not_have_is_never_asked_for(tmp_path: Path) -> None:
    store = _store(tmp_path, "CREATE TABLE t (a TEXT)", [("x",)])
    # SQLite itself reads a quoted name that is no column as a string, and answers.
    for dataset, field in (("t", "b"), ("T", "a"), ("gone", "a")):
        with pytest.raises(StoreChangedError):
            store.sample(dataset, [field])
        with pytest.raises(StoreChangedError):
            list(store.scan(dataset, [field]))
        with pytest.raises(StoreChangedError):
            store.contained(dataset, field, ["b"])


def test_how_many_of_many_values_occur_is_counted_once_each(tmp_path: Path) -> None:
    store = _store(
        tmp_path, "CREATE TABLE t (a INTEGER)", [(number % 700,) for number in range(2_000)]
    )
    assert store.contained("t", "a", list(range(-600, 1_200))) == 700


def test_the_widest_table_that_sqlite_takes_is_sampled(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(1_999)]
    listed = ", ".join(f"{name} TEXT" for name in names)
    store = _store(
        tmp_path,
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {listed});"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
        " INSERT INTO t (id, c0, c1998) SELECT i, 'a' || i, 'b' || i FROM n",
    )
    sample = store.sample("t", ["id", *names], limit=5)
    assert sample.read == sampling.ROWS
    assert all(
        value[1:] in {str(each) for each in range(1_201)} for value in sample.values["c1998"]
    )
    assert sample.nulls["c7"] == sample.read
