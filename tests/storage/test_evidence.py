"""What the log says once, it says for ever, whatever happens to the process or the disk."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.evidence.entry import Entry
from kept.evidence.errors import (
    KeyMismatchError,
    KeyMissingError,
    LogDamagedError,
    LogMissingError,
    OperationReusedError,
)
from kept.evidence.log import Flaw, Log
from kept.evidence.receipt import Receipt, read_receipt, verify
from kept.evidence.tree import extends
from kept.storage.database import Database
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def log(database: Database, vault: FileVault) -> DjangoLog:
    return DjangoLog(database, vault, origin="example.com/log-1")


def entry(operation: str, erased: int = 2, kind: str = "request.erasure") -> Entry:
    return Entry(type=kind, at=AT, operation=operation, body={"erased": erased})


def several(log: Log, *groups: int) -> list[Receipt]:
    """Append groups of entries, each in one append."""
    return [
        receipt
        for number, group in enumerate(groups)
        for receipt in log.append([entry(f"op-{number}-{each}") for each in range(group)], AT)
    ]


def sql(database: Database, statement: str, *values: object) -> None:
    """Do what somebody with access to the file can do."""
    database.close()
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute(statement, values)


def test_every_receipt_verifies_with_the_published_key(log: DjangoLog, vault: FileVault) -> None:
    receipts = several(log, 1, 3, 100, 1)
    key = vault.public_key()
    for receipt in receipts:
        assert verify(read_receipt(receipt.to_text()), key).ok
    assert [each.leaf_index for each in receipts] == list(range(105))
    found = log.verify(key)
    assert (found.ok, found.entries, found.checkpoints) == (True, 105, 4)
    assert found.signer == "example.com/log-1"


def test_an_operation_is_logged_once_and_gets_the_same_receipt_for_ever(log: DjangoLog) -> None:
    [first] = log.append([entry("op-1", erased=2)], AT)
    several(log, 5, 2)
    [again] = log.append([entry("op-1", erased=0)], datetime(2026, 6, 1, tzinfo=UTC))
    assert again.to_text() == first.to_text()
    assert log.receipt("op-1") == first
    assert len(list(log.entries())) == 8


def test_one_append_may_hold_old_and_new_operations_and_repeats(log: DjangoLog) -> None:
    several(log, 3)
    asked = ["new-1", "op-0-1", "new-2", "new-1"]
    receipts = log.append([entry(each) for each in asked], AT)
    assert [each.entry.operation for each in receipts] == asked
    assert [each.leaf_index for each in receipts] == [3, 1, 4, 3]
    assert receipts[0] == receipts[3]


def test_an_operation_cannot_become_another_event(log: DjangoLog) -> None:
    several(log, 1)
    with pytest.raises(OperationReusedError):
        log.append([entry("op-0-0", kind="request.access")], AT)
    with pytest.raises(OperationReusedError):
        log.append([entry("new"), entry("new", kind="request.access")], AT)
    assert len(list(log.entries())) == 1


def test_nothing_to_append_appends_nothing(log: DjangoLog) -> None:
    assert log.append([], AT) == ()
    assert log.head() is None
    assert log.receipt("op-1") is None


def test_an_empty_log_verifies(log: DjangoLog, vault: FileVault) -> None:
    assert log.verify(None).ok
    log.ready(AT)
    assert log.verify(vault.public_key()).ok
    assert log.verify(vault.public_key()).entries == 0


def test_the_log_goes_on_in_another_process(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    several(log, 7, 4)
    database.close()
    later = DjangoLog(open_database(database.path), vault, origin="another/name")
    [receipt] = later.append([entry("later")], AT)
    assert receipt.leaf_index == 11
    assert verify(receipt, vault.public_key()).signer == "example.com/log-1"
    assert later.verify(vault.public_key()).ok
    [mixed] = log.append([entry("after the other".replace(" ", "-"))], AT)
    assert mixed.leaf_index == 12
    assert log.verify(vault.public_key()).ok


def test_every_head_is_an_extension_of_every_earlier_one(log: DjangoLog) -> None:
    sizes, roots = [], []
    for group in (1, 2, 4, 1, 9):
        several_names = [entry(f"{len(sizes)}-{each}") for each in range(group)]
        log.append(several_names, AT)
        head = log.head()
        assert head is not None
        sizes.append(head.checkpoint.size)
        roots.append(head.checkpoint.root)
    for old in range(len(sizes)):
        for new in range(old, len(sizes)):
            path = log.consistency(sizes[old], sizes[new])
            assert extends(sizes[old], roots[old], sizes[new], roots[new], path)
    with pytest.raises(ValueError, match="not so many"):
        log.consistency(1, 99)


def test_threads_append_at_once_and_nothing_is_lost(database: Database, vault: FileVault) -> None:
    receipts: list[Receipt] = []

    def write(number: int) -> None:
        log = DjangoLog(database, vault, origin="example.com/log-1")
        for each in range(10):
            receipts.extend(log.append([entry(f"{number}-{each}"), entry(f"all-{each}")], AT))
        database.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = DjangoLog(database, vault, origin="example.com/log-1")
    assert log.verify(vault.public_key()).ok
    assert len(list(log.entries())) == 50
    assert len(receipts) == 80
    assert len({each.to_text() for each in receipts}) == 50
    assert all(verify(each, vault.public_key()).ok for each in receipts)


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kept.evidence.entry import Entry
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

state, at = Path(sys.argv[1]), datetime(2026, 5, 1, tzinfo=UTC)
log = DjangoLog(
    open_database(state / "kept.sqlite"),
    FileVault(state / "keys", lambda size: bytes(range(size))),
    origin="example.com/log-1",
)
number = 0
while True:
    names = [f"{sys.argv[2]}-{number}-{each}" for each in range(3)]
    made = log.append([Entry(type="test", at=at, operation=name) for name in names], at)
    print(made[-1].entry.operation, flush=True)
    number += 1
"""


def test_a_killed_process_leaves_a_log_that_verifies_and_goes_on(tmp_path: Path) -> None:
    state = tmp_path / ".kept"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(state), name], stdout=subprocess.PIPE, text=True
        )
        for name in ("a", "b")
    ]
    told: list[str] = []
    for each in started:
        assert each.stdout is not None
        told += [each.stdout.readline().strip() for _ in range(5)]
    time.sleep(0.05)
    for each in started:
        os.kill(each.pid, signal.SIGKILL)
    for each in started:
        assert each.stdout is not None
        told += [line.strip() for line in each.stdout if line.endswith("\n")]
        each.wait()
        each.stdout.close()
    database = open_database(state / "kept.sqlite")
    vault = FileVault(state / "keys", lambda size: bytes(range(size)))
    log = DjangoLog(database, vault, origin="example.com/log-1")
    found = log.verify(vault.public_key())
    assert found.ok
    # What was told is there; what was half done is whole or not there.
    assert all(log.receipt(each) is not None for each in told)
    assert found.entries % 3 == 0
    log.append([entry("after")], AT)
    assert log.verify(vault.public_key()).ok
    database.close()


TAMPERING: dict[str, tuple[str, int]] = {
    "entry altered": (
        """UPDATE kept_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), ':2}', ':3}') AS BLOB)
        WHERE "index" = 4""",
        4,
    ),
    "entry deleted": ('DELETE FROM kept_entry WHERE "index" = 4', 4),
    "entry renamed": ("UPDATE kept_entry SET operation = 'x' WHERE \"index\" = 4", 4),
    "entry filed elsewhere": ('UPDATE kept_entry SET tree_size = 9 WHERE "index" = 4', 4),
    "last entry deleted": ('DELETE FROM kept_entry WHERE "index" = 8', 8),
    "entries swapped": (
        """UPDATE kept_entry SET leaf = (SELECT leaf FROM kept_entry AS other
        WHERE other."index" = 11 - kept_entry."index") WHERE "index" IN (5, 6)""",
        5,
    ),
    "entry added": (
        "INSERT INTO kept_entry (\"index\", operation, tree_size, leaf) VALUES (9, 'x', 9, '{}')",
        9,
    ),
    "leaf's hash altered": ("UPDATE kept_node SET hash = zeroblob(32) WHERE position = 7", 4),
    "hash deleted": ("DELETE FROM kept_node WHERE position = 8", 5),
    "hash added": ("INSERT INTO kept_node (position, hash) VALUES (99, zeroblob(32))", 9),
    "entry put before the first": (
        "INSERT INTO kept_entry SELECT -5, 'x', 9, leaf FROM kept_entry WHERE \"index\" = 4",
        0,
    ),
    "hash put before the first": (
        "INSERT INTO kept_node SELECT -5, hash FROM kept_node WHERE position = 4",
        0,
    ),
    "checkpoint put before the first": (
        (
            "INSERT INTO kept_checkpoint SELECT -5, note, signed_at FROM kept_checkpoint "
            "WHERE size = 5"
        ),
        0,
    ),
    "entry made no text": (
        "UPDATE kept_entry SET leaf = CAST(x'ff00fe' AS TEXT) WHERE \"index\" = 4",
        4,
    ),
    "operation made no text": (
        "UPDATE kept_entry SET operation = CAST(x'ff' AS TEXT) WHERE \"index\" = 4",
        4,
    ),
    "hash made text that is none": (
        "UPDATE kept_node SET hash = CAST(x'ff' AS TEXT) WHERE position = 7",
        4,
    ),
    "checkpoint made no text": (
        "UPDATE kept_checkpoint SET note = CAST(x'ff' AS TEXT) WHERE size = 5",
        0,
    ),
    "entry filed under a word": (
        "UPDATE kept_entry SET tree_size = 'nine' WHERE \"index\" = 4",
        4,
    ),
    "checkpoint deleted": ("DELETE FROM kept_checkpoint WHERE size = 5", 0),
    "checkpoint refiled": ("UPDATE kept_checkpoint SET size = 6 WHERE size = 5", 0),
    "checkpoint altered": ("UPDATE kept_checkpoint SET note = note || 'x' WHERE size = 5", 0),
}


@pytest.mark.parametrize(("statement", "first"), TAMPERING.values(), ids=TAMPERING)
def test_whatever_is_changed_in_the_file_is_found(
    log: DjangoLog, database: Database, vault: FileVault, statement: str, first: int
) -> None:
    several(log, 5, 4)
    sql(database, statement)
    found = log.verify(vault.public_key())
    assert (found.ok, found.first_bad) == (False, first)
    assert found.flaw is not Flaw.NONE


def test_a_log_cut_back_is_found_by_a_checkpoint_kept_elsewhere(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    several(log, 5, 4)
    kept = list(log.checkpoints())[-1]
    sql(database, "DELETE FROM kept_checkpoint WHERE size > 5")
    sql(database, 'DELETE FROM kept_entry WHERE "index" >= 5')
    sql(database, "DELETE FROM kept_node WHERE position >= 8")
    assert log.verify(vault.public_key()).ok
    found = log.verify(vault.public_key(), [kept])
    assert (found.ok, found.first_bad) == (False, 5)


BREAKING: dict[str, str] = {
    "hash under the head": "UPDATE kept_node SET hash = zeroblob(32) WHERE position = 7",
    "hash gone": "DELETE FROM kept_node WHERE position = 7",
    "head gone": "DELETE FROM kept_checkpoint WHERE size = 5",
    "head no checkpoint": "UPDATE kept_checkpoint SET note = 'x'",
    "head of another": "UPDATE kept_checkpoint SET note = replace(note, '.com', '.org')",
    "entry gone": 'DELETE FROM kept_entry WHERE "index" = 4',
    "key unreadable": "UPDATE kept_log SET key = 'x'",
}


@pytest.mark.parametrize("statement", BREAKING.values(), ids=BREAKING)
def test_nothing_is_appended_to_a_log_that_was_changed(
    log: DjangoLog, database: Database, vault: FileVault, statement: str
) -> None:
    several(log, 5)
    sql(database, statement)
    fresh = DjangoLog(database, vault, origin="example.com/log-1")
    with pytest.raises(LogDamagedError):
        fresh.append([entry("more")], AT)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM kept_checkpoint",
        "DELETE FROM kept_node WHERE position = 0",
        "UPDATE kept_entry SET tree_size = 0",
        "DELETE FROM kept_log",
        "UPDATE kept_entry SET leaf = 'x'",
    ],
)
def test_a_receipt_that_can_no_longer_be_made_is_an_error(
    log: DjangoLog, database: Database, statement: str
) -> None:
    several(log, 5)
    sql(database, statement)
    with pytest.raises(LogDamagedError):
        log.receipt("op-0-1")


def test_losing_the_keys_is_an_error_and_never_a_new_key(
    log: DjangoLog, database: Database, vault: FileVault, tmp_path: Path
) -> None:
    several(log, 2)
    shutil.move(tmp_path / ".kept" / "keys", tmp_path / "lost")
    later = DjangoLog(database, vault, origin="example.com/log-1")
    for act in (later.ready, lambda at: later.append([entry("more")], at)):
        with pytest.raises(KeyMissingError) as refused:
            act(AT)
        assert "backup" in refused.value.remedy
    assert not (tmp_path / ".kept" / "keys").exists()
    shutil.move(tmp_path / "lost", tmp_path / ".kept" / "keys")
    later.append([entry("more")], AT)


def test_another_logs_keys_are_an_error(
    log: DjangoLog, database: Database, tmp_path: Path, randomness: Callable[[int], bytes]
) -> None:
    several(log, 2)
    other = FileVault(tmp_path / "other", randomness)
    other.adopt_signing_key(other.propose_signing_key("example.com/log-1").public)
    with pytest.raises(KeyMismatchError):
        DjangoLog(database, other, origin="example.com/log-1").ready(AT)


def test_losing_the_database_is_an_error_and_never_a_second_log_under_the_key(
    log: DjangoLog, vault: FileVault, tmp_path: Path
) -> None:
    several(log, 2)
    other = open_database(tmp_path / "other" / "kept.sqlite")
    later = DjangoLog(other, vault, origin="example.com/log-1")
    with pytest.raises(LogMissingError):
        later.ready(AT)
    other.close()


def test_a_crash_between_making_the_key_and_remembering_it_is_mended(
    database: Database, vault: FileVault
) -> None:
    proposed = vault.propose_signing_key("example.com/log-1")
    log = DjangoLog(database, vault, origin="example.com/log-1")
    assert log.ready(AT) == proposed.public
    # And between remembering it and adopting it:
    keys = vault.public_file.parent
    (keys / "log.key").rename(keys / "log.key.new")
    vault.public_file.unlink()
    again = DjangoLog(database, vault, origin="example.com/log-1")
    assert again.ready(AT) == proposed.public
    assert vault.public_key() == proposed.public


def test_a_failed_append_leaves_nothing_behind(
    log: DjangoLog, vault: FileVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(log, 3)

    def fails(*_: object, **__: object) -> object:
        raise OSError("the process dies here")

    with monkeypatch.context() as patched:
        patched.setattr("kept.storage.evidence.signed", fails)
        with pytest.raises(OSError, match="dies"):
            log.append([entry("half")], AT)
    assert log.receipt("half") is None
    several(log, 3, 2)
    assert log.verify(vault.public_key()).ok


def test_a_receipt_never_leaves_inside_somebody_elses_transaction(
    log: DjangoLog, database: Database
) -> None:
    log.ready(AT)
    with pytest.raises(RuntimeError), database.writing():
        log.append([entry("early")], AT)
    assert log.receipt("early") is None


def test_appending_goes_on_while_the_log_is_verified(
    log: DjangoLog, database: Database, vault: FileVault
) -> None:
    several(log, 50, 50)

    def append() -> None:
        other = DjangoLog(database, vault, origin="example.com/log-1")
        other.append([entry("meanwhile")], AT)
        database.close()

    with database.snapshot():
        before = list(log.entries())
        thread = threading.Thread(target=append)
        thread.start()
        thread.join()
        assert list(log.entries()) == before
    assert len(list(log.entries())) == 101
    assert log.verify(vault.public_key()).ok


def test_entries_come_in_order_from_where_one_asks(log: DjangoLog) -> None:
    several(log, 10)
    assert [each.index for each in log.entries(7)] == [7, 8, 9]
    assert [each.entry.operation for each in log.entries(9)] == ["op-0-9"]
    assert len(list(log.nodes(3))) == 15
    assert list(log.checkpoints(11)) == []
