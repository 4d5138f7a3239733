"""The log's key can be replaced at any time, and no crash on the way leaves it without one."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.evidence.entry import Entry
from kept.evidence.errors import KeyMismatchError, KeyMissingError, MalformedKeyError
from kept.evidence.receipt import verify
from kept.storage.database import Database
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

AT = datetime(2026, 5, 1, tzinfo=UTC)
ORIGIN = "example.com/log-1"


class Stopped(Exception):  # noqa: N818 - a crash, on purpose
    """The process ended here."""


def entry(operation: str) -> Entry:
    return Entry(type="sweep", at=AT, operation=operation, body={"erased": 1})


@pytest.fixture
def log(database: Database, vault: FileVault) -> DjangoLog:
    made = DjangoLog(database, vault, origin=ORIGIN)
    made.append([entry("first"), entry("second")], AT)
    return made


def all_holds(database: Database, vault: FileVault, entries: int) -> None:
    log = DjangoLog(database, vault, origin=ORIGIN)
    found = log.verify(vault.published_keys())
    assert (found.ok, found.entries, found.flaw.value) == (True, entries, "")
    for stored in log.entries():
        receipt = log.receipt(stored.operation)
        assert receipt is not None
        assert verify(receipt, vault.published_keys()).ok


def test_the_old_key_signs_its_own_end_and_nothing_after_it(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    before = vault.signing_key()
    assert before is not None
    after = log.rotate(AT)
    assert after != before.public
    log.append([entry("third")], AT)
    keys = vault.published_keys()
    assert keys is not None
    assert [(each.key, each.first, each.last) for each in keys.tenures] == [
        (before.public, 0, 3),
        (after, 4, None),
    ]
    all_holds(database, vault, 4)
    assert not log.verify(before.public).ok
    assert not log.verify(after).ok


def test_the_old_secret_is_gone_from_the_disk(log: DjangoLog, vault: FileVault) -> None:
    before = vault.signing_key()
    assert before is not None
    log.rotate(AT)
    folder = vault.public_file.parent
    files = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    assert not any(before.secret_text.encode() in each for each in files)


def test_a_key_can_be_rotated_again_and_again(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    for number in range(4):
        log.rotate(AT)
        log.append([entry(f"more-{number}")], AT)
    all_holds(database, vault, 10)


def test_another_process_goes_on_under_the_new_key(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    other = DjangoLog(database, vault, origin=ORIGIN)
    other.append([entry("others")], AT)
    new = log.rotate(AT)
    (receipt,) = other.append([entry("later")], AT)
    assert receipt.key_id == new.fingerprint
    all_holds(database, vault, 5)


def test_a_crash_before_the_vault_heard_of_it_is_mended_by_the_next_append(
    log: DjangoLog, database: Database, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as during:
        during.setattr(FileVault, "replace_signing_key", _stop)
        with pytest.raises(Stopped):
            log.rotate(AT)
    # Nobody is told of the new key yet, and what is there holds under the old one.
    all_holds(database, vault, 3)
    DjangoLog(database, vault, origin=ORIGIN).append([entry("after")], AT)
    all_holds(database, vault, 4)


def test_a_crash_between_publishing_a_key_and_using_it_is_mended(
    log: DjangoLog, database: Database, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as during:
        during.setattr("pathlib.Path.replace", _second(Path.replace))
        with pytest.raises(Stopped):
            log.rotate(AT)
    all_holds(database, vault, 3)
    DjangoLog(database, vault, origin=ORIGIN).append([entry("after")], AT)
    all_holds(database, vault, 4)
    keys = vault.published_keys()
    assert keys is not None
    assert len(keys.tenures) == 2


def test_a_crash_before_anything_was_written_lets_the_same_key_be_proposed_again(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    proposed = vault.propose_signing_key(ORIGIN).public
    all_holds(database, vault, 2)
    assert log.rotate(AT) == proposed
    all_holds(database, vault, 3)


def test_a_key_that_the_database_alone_names_is_never_used(
    log: DjangoLog, database: Database, vault: FileVault, tmp_path: Path
) -> None:
    elsewhere = FileVault(tmp_path / "other", lambda size: bytes(range(100, 100 + size)))
    foreign = elsewhere.propose_signing_key(ORIGIN).public
    with database.writing() as cursor:
        cursor.execute(
            "INSERT INTO kept_log (id, key, begun_at) VALUES (2, %s, %s)", [str(foreign), AT]
        )
    with pytest.raises(KeyMismatchError):
        DjangoLog(database, vault, origin=ORIGIN).append([entry("more")], AT)
    with pytest.raises((KeyMissingError, KeyMismatchError)):
        log.append([entry("more")], AT)
    keys = vault.published_keys()
    assert keys is not None
    assert keys.named(foreign.fingerprint) is None


def test_a_damaged_page_of_keys_is_found_before_anything_is_changed(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    page = vault.public_file.read_bytes()
    vault.public_file.write_bytes(b"rubbish")
    with pytest.raises(MalformedKeyError):
        log.rotate(AT)
    vault.public_file.write_bytes(page)
    all_holds(database, vault, 2)
    log.append([entry("third")], AT)
    all_holds(database, vault, 3)


def _stop(*_: object) -> None:
    raise Stopped


def _second(replace: object) -> object:
    calls: list[int] = []

    def counted(self: Path, target: Path) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise Stopped
        assert callable(replace)
        return replace(self, target)

    return counted


# The process ends at the n-th statement of an append, with no chance to tidy up.
DYING = """
import os, sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from kept.evidence.entry import Entry
from kept.storage.database import Database
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

state, at = Path(sys.argv[1]), datetime(2026, 5, 1, tzinfo=UTC)
left = [0]

class Cursor:
    def __init__(self, cursor):
        self.cursor = cursor
    def __getattr__(self, name):
        if name.startswith("execute"):
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
        return getattr(self.cursor, name)

class Dying(Database):
    @contextmanager
    def writing(self):
        with super().writing() as cursor:
            yield Cursor(cursor)
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)

def append(statements):
    opened = open_database(state / "kept.sqlite")
    vault = FileVault(state / "keys", lambda size: bytes(range(size)))
    log = DjangoLog(Dying(opened.alias, opened.path), vault, origin="example.com/log-1")
    log.ready(at)
    left[0] = statements
    entries = [Entry(type="t", at=at, operation=f"{statements}-{n}") for n in range(3)]
    log.append(entries, at)

for statements in range(1, 99):
    child = os.fork()
    if child == 0:
        append(statements)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        print(statements)
        break
"""


def test_a_process_that_ends_at_any_statement_of_an_append_leaves_a_log_that_goes_on(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path)], capture_output=True, text=True, check=True
    )
    # It died at each of them before it got through.
    assert int(done.stdout) > 5
    database = open_database(tmp_path / "kept.sqlite")
    vault = FileVault(tmp_path / "keys", lambda size: bytes(range(size)))
    all_holds(database, vault, 3)
    DjangoLog(database, vault, origin=ORIGIN).append([entry("after")], AT)
    all_holds(database, vault, 4)
    database.close()
