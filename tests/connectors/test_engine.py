import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import cast, column, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.types import NullType

from kept.cli.output import exit_status
from kept.connectors.errors import (
    StoreAddressError,
    StoreChangedError,
    StoreConstraintError,
    StoreCorruptError,
    StoreDefectError,
    StoreDeniedError,
    StoreLockedError,
    StoreMissingError,
    StoreReadOnlyError,
    StoreSchemeError,
    StoreUnreachableError,
)
from kept.connectors.sql.dialects import sqlite as dialect
from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.store import SqlStore
from kept.errors import RefusedError, UnavailableError

_NOBODY = 65534

CANARY = "canary-7f3a@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that an unprivileged account can reach, whoever runs the tests."""
    if os.geteuid() != 0:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.fixture
def unprivileged(path: Path) -> Iterator[None]:
    """Root may read and write everything, so root becomes nobody while the test runs."""
    if os.geteuid() != 0:
        yield
        return
    os.chown(path, _NOBODY, _NOBODY)
    os.chown(path.parent, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    yield
    os.seteuid(0)


@pytest.fixture
def path(folder: Path) -> Path:
    path = folder / "shop.sqlite"
    _make(path)
    return path


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0.05)


def _make(
    path: Path, statement: str = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT)"
) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(statement)
    connection.close()


def _engine(path: Path) -> SqlEngine:
    return SqlEngine("shop", f"sqlite:///{path}")


def _fail_after_writing(engine: SqlEngine) -> None:
    with engine.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, 'a@example.com')")
        connection.exec_driver_sql("CREATE TABLE made (id)")
        raise ZeroDivisionError


def _rows(engine: SqlEngine, table: str = "person") -> list[tuple[object, ...]]:
    with engine.snapshot() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]


def test_a_missing_file_is_missing_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "nothing.sqlite"
    with pytest.raises(StoreMissingError, match="'shop'"):
        _rows(_engine(path))
    with pytest.raises(StoreMissingError), _engine(path).transaction():
        pass
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [b"no database at all, but long enough to look like something", b"\x89PNG\r\n\x1a\n" * 200],
)
def test_a_file_that_is_no_database_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreCorruptError, match="not an SQLite database"):
        _rows(_engine(path))


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreCorruptError, match="folder"):
        _rows(_engine(tmp_path))


def test_a_damaged_database_is_called_damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * (4096 - 100)
    path.write_bytes(bytes(content))
    with pytest.raises(StoreCorruptError, match="damaged"):
        SqlStore("shop", f"sqlite:///{path}").catalog()


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert SqlStore("shop", f"sqlite:///{path}").catalog().tables == ()


@pytest.mark.usefixtures("_impatient")
def test_a_locked_database_is_called_locked_and_can_be_tried_again(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLockedError):
        _rows(_engine(path))
    with pytest.raises(StoreLockedError), _engine(path).transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    assert _rows(_engine(path)) == []


@pytest.mark.usefixtures("unprivileged")
def test_a_read_only_file_is_read_and_refuses_to_be_written(path: Path) -> None:
    path.chmod(0o444)
    assert _rows(_engine(path)) == []
    with pytest.raises(StoreReadOnlyError), _engine(path).transaction():
        pass


@pytest.mark.usefixtures("unprivileged")
def test_a_file_that_may_not_be_read_is_denied(path: Path) -> None:
    path.chmod(0)
    with pytest.raises(StoreDeniedError):
        _rows(_engine(path))


def test_a_reader_cannot_write_whatever_it_is_asked(path: Path) -> None:
    with pytest.raises(StoreReadOnlyError), _engine(path).snapshot() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, 'x')")
    assert _rows(_engine(path)) == []


def test_reading_changes_no_byte_of_the_store(path: Path) -> None:
    before = path.read_bytes(), path.stat().st_mtime_ns
    store = SqlStore("shop", f"sqlite:///{path}")
    store.catalog()
    store.sample("person", ["id", "email"])
    assert list(store.scan("person", ["email"])) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "name",
    [
        "with space.sqlite",
        "what?.sqlite",
        "no#1.sqlite",
        "100%41.sqlite",
        "clé-数据.sqlite",
        "a;b&c=d.sqlite",
    ],
)
def test_any_file_name_is_a_good_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    _make(path)
    assert _rows(_engine(path)) == []
    with _engine(path).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, 'a@example.com')")
    assert _rows(_engine(path)) == [(1, "a@example.com")]
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_snapshot_does_not_see_what_others_write_meanwhile(path: Path) -> None:
    sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").connection.close()
    with _engine(path).snapshot() as connection:
        first = connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one()
        with sqlite3.connect(path) as other:
            other.execute("INSERT INTO person VALUES (1, 'a@example.com')")
        other.close()
        second = connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one()
    assert first == second == 0
    assert len(_rows(_engine(path))) == 1


def test_what_is_committed_to_the_log_of_a_wal_database_is_read(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("INSERT INTO person VALUES (1, 'a@example.com')")
    other.commit()
    assert _rows(_engine(path)) == [(1, "a@example.com")]
    other.close()


@pytest.mark.usefixtures("unprivileged")
def test_a_wal_database_on_a_read_only_folder_is_read(path: Path) -> None:
    sqlite3.connect(path).execute("PRAGMA journal_mode = WAL").connection.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        assert _rows(_engine(path)) == []
    finally:
        path.parent.chmod(0o755)


def test_a_transaction_that_fails_leaves_nothing_behind(path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(_engine(path))
    assert _rows(_engine(path)) == []
    assert [table.name for table in SqlStore("s", f"sqlite:///{path}").catalog().tables] == [
        "person"
    ]


def test_a_writer_takes_its_lock_before_it_reads(path: Path) -> None:
    with _engine(path).transaction():
        other = sqlite3.connect(path, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO person VALUES (1, 'x')")
        other.close()


def test_a_writer_enforces_foreign_keys_and_overwrites_what_it_erases(path: Path) -> None:
    with _engine(path).transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


def test_an_error_of_the_driver_carries_no_value(path: Path) -> None:
    _make(path, "CREATE UNIQUE INDEX once ON person (email)")
    with _engine(path).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, ?)", (CANARY,))
    with pytest.raises(StoreConstraintError) as caught, _engine(path).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (2, ?)", (CANARY,))
    with pytest.raises(StoreChangedError) as other, _engine(path).snapshot() as connection:
        connection.exec_driver_sql(f"SELECT '{CANARY}' FROM nowhere")
    for error in (caught.value, other.value):
        shown = f"{error!r} {error} {error.remedy} {error.__cause__!r}"
        assert CANARY not in shown
        assert error.__suppress_context__


@pytest.mark.parametrize("value", [2**70, f"{CANARY}\udcff"])
def test_a_value_that_cannot_be_passed_on_is_refused_without_being_shown(
    path: Path, value: object
) -> None:
    with pytest.raises(StoreConstraintError) as caught, _engine(path).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, ?)", (value,))
    assert CANARY not in f"{caught.value!r} {caught.value}"


def test_a_store_that_cannot_be_written_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = dialect._opened
    monkeypatch.setattr(dialect, "_opened", lambda path, _: opened(path, "mode=ro"))
    with pytest.raises(StoreReadOnlyError) as caught, _engine(path).transaction() as connection:
        connection.exec_driver_sql("INSERT INTO person VALUES (1, 'a@example.com')")
    assert "write_url" in caught.value.remedy


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite+pysqlite://"])
def test_a_database_in_memory_is_no_store(url: str) -> None:
    with pytest.raises(StoreAddressError):
        SqlStore("shop", url).catalog()


@pytest.mark.parametrize(
    "url", ["oracle://u:s3cret-word@host/db", "s3cret-word", "", "://", "ftp://x"]
)
def test_an_unknown_kind_of_store_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(StoreSchemeError) as caught:
        SqlStore("shop", url)
    assert "s3cret-word" not in f"{caught.value} {caught.value.remedy}"
    assert "sqlite" in caught.value.remedy


def test_a_store_shows_its_name_and_not_its_address() -> None:
    store = SqlStore("shop", "sqlite:////secret/place.sqlite")
    assert "secret" not in f"{store!r} {store.sql!r}"


def test_a_statement_that_cannot_be_made_is_our_fault_and_not_the_stores(path: Path) -> None:
    engine = SqlEngine("app", f"sqlite:///{path}")
    with pytest.raises(StoreDefectError) as raised, engine.snapshot() as connection:
        connection.execute(select(cast(column("x"), NullType())))
    assert not isinstance(raised.value, UnavailableError | RefusedError)
    assert exit_status(raised.value) == 70
    assert CANARY not in str(raised.value)


def test_a_value_that_cannot_be_bound_is_our_fault_and_is_not_shown(path: Path) -> None:
    engine = SqlEngine("app", f"sqlite:///{path}")
    with pytest.raises(StoreDefectError) as raised, engine.snapshot() as connection:
        connection.execute(text("SELECT :who"), {"other": CANARY})
    assert CANARY not in str(raised.value)


def test_a_connection_that_is_not_given_in_time_is_waited_for(path: Path) -> None:
    engine = SqlEngine("app", f"sqlite:///{path}")
    with pytest.raises(StoreUnreachableError), engine.snapshot():
        raise PoolTimeoutError
