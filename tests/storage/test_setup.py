"""Our own database is made once, opened quickly, and its faults are said clearly."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.errors import KeptError
from kept.storage import errors
from kept.storage.database import Database
from kept.storage.policies import DjangoPolicies
from kept.storage.setup import configure, newest, open_database

AT = datetime(2026, 5, 1, tzinfo=UTC)


def record(database: Database, document: str = "policy.md") -> None:
    DjangoPolicies(database).record_seen(document, sha256="0" * 64, version_date=None, at=AT)


def pragma(database: Database, name: str) -> object:
    with database.reading() as cursor:
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
    return row and row[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("user_version", newest()),
    ],
)
def test_the_database_is_durable_and_forgets_what_is_deleted(
    database: Database, name: str, value: object
) -> None:
    assert pragma(database, name) == value


def test_only_the_owner_can_read_it(database: Database) -> None:
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.path.parent.stat().st_mode) == 0o700


def test_opening_again_changes_nothing_and_keeps_what_is_there(database: Database) -> None:
    record(database)
    again = open_database(database.path)
    assert again == database
    assert DjangoPolicies(again).documents() == ("policy.md",)


def test_the_models_and_the_migrations_agree(database: Database) -> None:
    from django.core.management import call_command

    assert database.alias
    call_command("makemigrations", "kept", check=True, dry_run=True, verbosity=0)


def test_the_newest_migration_is_the_version_in_the_file() -> None:
    assert newest() >= 1


def test_two_databases_in_one_process_do_not_see_each_other(tmp_path: Path) -> None:
    one = open_database(tmp_path / "one" / "kept.sqlite")
    two = open_database(tmp_path / "two" / "kept.sqlite")
    record(one, "one.md")
    record(two, "two.md")
    assert DjangoPolicies(one).documents() == ("one.md",)
    assert DjangoPolicies(two).documents() == ("two.md",)
    one.close()
    two.close()
    assert DjangoPolicies(one).documents() == ("one.md",)
    one.close()


def test_a_query_that_names_no_database_reaches_none(database: Database) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from kept.storage.models import PolicyRow

    record(database)
    with pytest.raises(ImproperlyConfigured):
        PolicyRow.objects.count()


def test_a_database_that_was_deleted_is_made_anew_and_not_written_into_the_void(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kept.sqlite"
    first = open_database(path)
    record(first)
    first.close()
    for each in tmp_path.glob("kept.sqlite*"):
        each.unlink()
    second = open_database(path)
    assert DjangoPolicies(second).documents() == ()
    record(second, "later.md")
    second.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT document FROM kept_policy").fetchall() == [("later.md",)]


def test_threads_each_have_a_connection_and_all_writes_arrive(database: Database) -> None:
    def write(number: int) -> None:
        for each in range(5):
            record(database, f"{number}-{each}.md")
        database.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(DjangoPolicies(database).documents()) == 20


def test_threads_that_open_a_new_database_at_once_make_it_once(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def open_it() -> None:
        try:
            opened = open_database(tmp_path / "kept.sqlite")
            record(opened)
            opened.close()
        except KeptError as error:
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_processes_that_open_a_new_database_at_once_make_it_once(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys\n"
        "from kept.storage.setup import open_database\n"
        "open_database(Path(sys.argv[1]))\n"
    )
    path = str(tmp_path / "kept.sqlite")
    started = [
        subprocess.Popen([sys.executable, "-c", code, path], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for each in started:
        _, said = each.communicate(timeout=60)
        assert (each.returncode, said) == (0, b"")
    assert [each.name for each in tmp_path.iterdir()] == ["kept.sqlite"]


def test_settings_are_taken_once(database: Database) -> None:
    assert database.alias
    with pytest.raises(ValueError, match="ignored"):
        configure(DEBUG=True)
    configure()


def test_importing_kept_loads_no_django() -> None:
    code = (
        "import sys, kept, kept.storage.setup, kept.storage.evidence, kept.storage.requests, "
        "kept.storage.policies, kept.storage.erasures, kept.storage.checks, "
        "kept.storage.packages, kept.vaults.file\n"
        "sys.exit('django' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def refused(path: Path, kind: type[KeptError]) -> KeptError:
    with pytest.raises(kind) as found:
        open_database(path)
    assert found.value.remedy
    assert found.value.__cause__ is None
    return found.value


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "kept.sqlite"
    path.write_bytes(content)
    refused(path, errors.DatabaseDamagedError)
    assert path.read_bytes() == content


def test_a_database_damaged_inside_is_refused_when_it_is_read(database: Database) -> None:
    for number in range(400):
        record(database, f"{number}.md")
    database.close()
    raw = bytearray(database.path.read_bytes())
    for place in range(4096, len(raw)):
        raw[place] = 0x5A
    database.path.write_bytes(raw)
    with pytest.raises(errors.DatabaseDamagedError):
        DjangoPolicies(database).documents()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    path.touch()
    record(open_database(path))


def test_a_database_from_the_future_is_refused_and_left_alone(database: Database) -> None:
    database.close()
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute(f"PRAGMA user_version = {newest() + 1}")
    copy = database.path.with_name("copy.sqlite")
    copy.write_bytes(database.path.read_bytes())
    error = refused(copy, errors.DatabaseTooNewError)
    assert str(newest() + 1) in str(error)


def test_a_directory_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.sqlite").mkdir()
    refused(tmp_path / "kept.sqlite", errors.DatabaseUnreachableError)


def test_a_file_in_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".kept").write_text("in the way")
    refused(tmp_path / ".kept" / "kept.sqlite", errors.DatabaseUnreachableError)


def test_a_locked_database_says_so_and_can_be_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    database.close()
    monkeypatch.setitem(connections[database.alias].settings_dict["OPTIONS"], "timeout", 0.05)
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.DatabaseLockedError):
            record(database)
        other.execute("ROLLBACK")
    record(database)
    assert DjangoPolicies(database).documents() == ("policy.md",)


def test_a_read_only_database_says_so(database: Database) -> None:
    record(database)
    with database.reading() as cursor:
        # What a file system mounted read-only answers; root may write any file.
        cursor.execute("PRAGMA query_only = ON")
    with pytest.raises(errors.DatabaseReadOnlyError):
        record(database, "other.md")
    database.close()


def test_a_defect_of_ours_is_not_hidden(database: Database) -> None:
    from django.db import OperationalError

    with pytest.raises(OperationalError), database.reading() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


def test_writing_inside_writing_is_a_defect(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing(), database.writing():
        pass
