"""A value as large as memory: its beginning is read or nothing is, and every other row is."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

Made = Callable[[str], str]

READ = """
import re, sys
from pathlib import Path
from kept.connectors.registry import connect
from kept.connectors.survey import survey

def peak():
    # What getrusage calls the peak of a process begins with that of who started it.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+([0-9]+)", status)[1]) // 1024

store = connect("app", sys.argv[1])
store.catalog()
for each in store.scan_from("small", ["a"]):
    pass
before = peak()
seen = survey([store])
assert not seen.failures and not seen.unread, seen
read = cut = 0
mails = set()
for part in store.scan_from("t", ["a", "mail"]):
    read += len(part.rows)
    cut += part.cut
    mails |= {mail for _, mail in part.rows}
    assert all(len(a or "") <= 1_000_001 for a, _ in part.rows)
print(read, cut, len(mails), peak() - before)
"""


def _read(url: str) -> tuple[int, int, int, int]:
    done = subprocess.run(
        [sys.executable, "-c", READ, url], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    read, cut, mails, grown = map(int, done.stdout.split())
    return read, cut, mails, grown


@pytest.mark.service
@pytest.mark.enable_socket
def test_a_value_of_a_gigabyte_in_postgresql_is_never_fetched(postgres: Made) -> None:
    url = postgres(
        "CREATE TABLE small (id int PRIMARY KEY, a text); INSERT INTO small VALUES (1, 'x');"
        "CREATE TABLE t (id int PRIMARY KEY, a text, mail text);"
        "INSERT INTO t SELECT i, CASE i WHEN 70 THEN repeat('x', 1000000000) ELSE 'y' END,"
        " 'person' || i || '@example.com' FROM generate_series(1, 200) i"
    )
    read, cut, mails, grown = _read(url)
    assert (read, cut, mails) == (200, 1, 200)
    assert grown < 50  # megabytes


def test_a_giant_in_sqlite_is_left_out_and_its_row_and_all_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "app.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE small (id INTEGER PRIMARY KEY, a TEXT)")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, mail TEXT)")
        connection.executemany(
            "INSERT INTO t (a, mail) VALUES ('y', ?)",
            [(f"person{number}@example.com",) for number in range(200)],
        )
        connection.execute("UPDATE t SET a = zeroblob(300000000) WHERE id = 70")
        connection.commit()
    try:
        read, cut, mails, grown = _read(f"sqlite:///{path}")
    finally:
        path.unlink()
    assert (read, cut, mails) == (200, 1, 200)
    assert grown < 100


def test_a_giant_in_duckdb_is_left_out_and_every_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "app.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE small (id integer PRIMARY KEY, a varchar)")
        connection.execute("CREATE TABLE t (id integer PRIMARY KEY, a varchar, mail varchar)")
        connection.execute(
            "INSERT INTO t SELECT i, CASE i WHEN 70 THEN repeat('x', 400000000) ELSE 'y' END,"
            " 'person' || i || '@example.com' FROM range(61, 91) r(i)"
        )
    read, cut, mails, _ = _read(f"duckdb:///{path}")
    # The engine reads the values around it together, and can hand out none of those.
    assert (read, mails) == (30, 30)
    assert 1 <= cut <= 30
