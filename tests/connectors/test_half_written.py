import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from kept.connectors.sql.store import SqlStore

HALF = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE t SET email = 'gone'")
connection.execute("SELECT count(*) FROM t").fetchall()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_did_not_commit_is_never_read(tmp_path: Path) -> None:
    path = tmp_path / "app.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT)")
        rows = ((f"user{at}@example.com" * 20,) for at in range(2_000))
        connection.executemany("INSERT INTO t (email) VALUES (?)", rows)
    killed = subprocess.run([sys.executable, "-c", HALF, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.with_name("app.sqlite-journal").stat().st_size
    assert SqlStore("app", f"sqlite:///{path}").contained("t", "email", ["gone"]) == 0
