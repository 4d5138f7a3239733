"""How fast evidence is written and checked, beside plain SQLite with full sync on the same disk."""

import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from measure import line

from kept.evidence.entry import Entry, pseudonym
from kept.evidence.receipt import read_receipt, verify
from kept.evidence.tree import Frontier, inclusion_ranges, leaf_hash, proof
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2026, 5, 1, tzinfo=UTC)
GROUP, GROUPS, SINGLES = 100, 200, 500
BULK = 100_000


def entry(name: str) -> Entry:
    body = {
        "request": name,
        "subject": pseudonym(bytes(32), name),
        "datasets": [{"store": "app", "dataset": "orders", "located": 12, "erased": 10}],
    }
    return Entry(type="request.erasure", at=AT, operation=name, body=body)


def rate(run: Callable[[int], object], times: int, *, rounds: int = 5) -> float:
    """Return the median of so many rounds, in runs a second."""
    rates = []
    for each in range(rounds):
        began = time.perf_counter()
        for number in range(times):
            run(each * times + number)
        rates.append(times / (time.perf_counter() - began))
    return statistics.median(rates)


def plain(path: Path) -> float:
    """Return how many single rows a second plain SQLite commits here with full sync."""
    leaf = entry("plain").leaf
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, leaf BLOB)")
        insert = "INSERT INTO entry (leaf) VALUES (?)"
        return rate(lambda _: connection.execute(insert, [leaf]), SINGLES)


def appending(log: DjangoLog, path: Path) -> None:
    def group(number: int) -> None:
        log.append([entry(f"group-{number}-{each}") for each in range(GROUP)], AT)

    line("append in groups of 100", GROUP * rate(group, GROUPS // 5), unit="entries/s")
    one_by_one = rate(lambda number: log.append([entry(f"one-{number}")], AT), SINGLES)
    line("append one by one", one_by_one, unit="entries/s")
    floor = plain(path)
    line("plain SQLite, full sync, one by one", floor, unit="rows/s")
    line("  append one by one, of that", 100 * one_by_one / floor, unit="%")
    # Where syncing is nearly free, as on many virtual disks, only this number says something.
    line("  its cost beside the sync", 1e6 * (1 / one_by_one - 1 / floor), unit="µs")


def proving(log: DjangoLog) -> None:
    frontier = Frontier()
    kept = [node for each in range(BULK) for node in frontier.append(leaf_hash(b"%d" % each))]
    look_up = kept.__getitem__

    def prove(number: int) -> object:
        return proof(inclusion_ranges(number * 7919 % BULK, BULK), look_up)

    line(f"inclusion proof in a tree of {BULK:,}", rate(prove, 5_000), unit="proofs/s")
    receipt = log.receipt("group-0-0")
    assert receipt is not None
    text, key = receipt.to_text(), log.key()
    line("receipt made again from disk", rate(lambda _: log.receipt("group-0-0"), 500), unit="/s")
    line(
        "receipt read and verified", rate(lambda _: verify(read_receipt(text), key), 500), unit="/s"
    )


def verifying(log: DjangoLog) -> None:
    already = sum(1 for _ in log.entries())
    for start in range(already, BULK, 1_000):
        log.append([entry(f"bulk-{start + each}") for each in range(1_000)], AT)
    began = time.perf_counter()
    found = log.verify(log.key())
    taken = time.perf_counter() - began
    assert found.ok
    line(f"whole log verified, {found.entries:,} entries", taken, unit="s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line("  peak memory of the process", peak / 1024, unit="MiB")


def main() -> None:
    # Beside the project, not in the system's temporary folder: that one may be memory.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        state = Path(folder)
        database = open_database(state / "kept.sqlite")
        vault = FileVault(state / "keys", lambda size: bytes(range(size)))
        log = DjangoLog(database, vault, origin="example.com/bench")
        appending(log, state / "plain.sqlite")
        proving(log)
        verifying(log)
        size = sum(each.stat().st_size for each in state.glob("kept.sqlite*"))
        line("on disk, per entry", size / BULK, unit="bytes")
        database.close()


if __name__ == "__main__":
    main()
