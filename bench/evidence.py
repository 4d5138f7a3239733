"""How fast evidence is written and checked, beside plain SQLite, a hash chain and pymerkle."""

import hashlib
import importlib
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import line

from kept.evidence.entry import Entry, pseudonym
from kept.evidence.receipt import read_receipt, verify
from kept.evidence.tree import Frontier, inclusion_ranges, leaf_hash, proof
from kept.storage.evidence import DjangoLog
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

if TYPE_CHECKING:
    from kept.evidence.body import Json

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2026, 5, 1, tzinfo=UTC)
GROUP, GROUPS, SINGLES, ROUNDS = 100, 40, 100, 5
PROVED = 100_000
WHOLE = 1_000_000
SHARE = 80
SLOW = 20


def entry(name: str) -> Entry:
    body: dict[str, Json] = {
        "request": name,
        "subject": pseudonym(bytes(32), name),
        "datasets": [{"store": "app", "dataset": "orders", "located": 12, "erased": 10}],
    }
    return Entry(type="request.erasure", at=AT, operation=name, body=body)


def rate(run: Callable[[int], object], times: int, *, rounds: int = ROUNDS) -> float:
    """Return the median of so many rounds, in runs a second."""
    return rates([run], times, rounds=rounds)[0]


def rates(runs: list[Callable[[int], object]], times: int, *, rounds: int = ROUNDS) -> list[float]:
    """Return the medians of several that take turns: a disk is not as fast from one to the next."""
    taken: list[list[float]] = [[] for _ in runs]
    for each in range(rounds):
        for run, into in zip(runs, taken, strict=True):
            began = time.perf_counter()
            for number in range(times):
                run(each * times + number)
            into.append(times / (time.perf_counter() - began))
    return [statistics.median(each) for each in taken]


class Plain:
    """SQLite with full sync, and nothing but a row for each entry: the floor."""

    columns = "leaf BLOB"

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute(f"CREATE TABLE entry (id INTEGER PRIMARY KEY, {self.columns})")

    def append(self, leaves: list[bytes]) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        rows = [(leaf,) for leaf in leaves]
        self.connection.executemany("INSERT INTO entry (leaf) VALUES (?)", rows)
        self.connection.execute("COMMIT")


class Chain(Plain):
    """Each row with a hash over the one before: what many call an audit log."""

    columns = "leaf BLOB, hash BLOB"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.last = bytes(32)

    def append(self, leaves: list[bytes]) -> None:
        rows = []
        for leaf in leaves:
            self.last = hashlib.sha256(self.last + leaf).digest()
            rows.append((leaf, self.last))
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT INTO entry (leaf, hash) VALUES (?, ?)", rows)
        self.connection.execute("COMMIT")

    def verify(self) -> bool:
        last = bytes(32)
        for leaf, kept in self.connection.execute("SELECT leaf, hash FROM entry ORDER BY id"):
            last = hashlib.sha256(last + leaf).digest()
            if last != kept:
                return False
        return True


def pymerkle() -> Any:  # noqa: ANN401 - a peer that ships no types, and need not be installed
    try:
        return importlib.import_module("pymerkle")
    except ImportError:
        print("pymerkle is not installed here: not compared (pip install pymerkle)")
        return None


def appending(log: DjangoLog, state: Path) -> None:
    plain, chain = Plain(state / "plain.sqlite"), Chain(state / "chain.sqlite")
    peer = pymerkle()

    def leaves(name: str, count: int) -> list[bytes]:
        return [entry(f"{name}-{each}").leaf for each in range(count)]

    runs: dict[str, Callable[[int], object]] = {
        "kept": lambda n: log.append([entry(f"group-{n}-{each}") for each in range(GROUP)], AT),
        "hash chain": lambda n: chain.append(leaves(f"group-{n}", GROUP)),
        "plain SQLite": lambda n: plain.append(leaves(f"group-{n}", GROUP)),
    }
    if peer is not None:
        tree = peer.SqliteTree(str(state / "peer.sqlite"))
        runs["pymerkle"] = lambda n: tree.append_entries(leaves(f"group-{n}", GROUP))
    # Making the entries costs all of them the same, and counts for all.
    for name, each in zip(runs, rates(list(runs.values()), GROUPS), strict=True):
        line(f"append in groups of {GROUP}: {name}", GROUP * each, unit="entries/s")
    ours, floor = rates(
        [
            lambda n: log.append([entry(f"one-{n}")], AT),
            lambda n: plain.append(leaves(f"one-{n}", 1)),
        ],
        SINGLES,
    )
    line("append one by one", ours, unit="entries/s")
    line("plain SQLite, full sync, one by one", floor, unit="rows/s")
    line(f"  append one by one, of that (at least {SHARE})", 100 * ours / floor, unit="%")
    more = 1e6 * (1 / ours - 1 / floor)
    line("  its cost beside that commit", more, unit="µs")
    # Where syncing is nearly free, as on many virtual disks, only this says something.
    line(f"  {SHARE} % where a commit takes at least", more * SHARE / (100 - SHARE), unit="µs")


def proving(log: DjangoLog) -> None:
    frontier = Frontier()
    kept = [node for each in range(PROVED) for node in frontier.append(leaf_hash(b"%d" % each))]
    look_up = kept.__getitem__

    def prove(number: int) -> object:
        return proof(inclusion_ranges(number * 7919 % PROVED, PROVED), look_up)

    size = log.head()
    assert size is not None
    many = size.checkpoint.size
    line(f"inclusion proof, {PROVED:,} hashes in memory", rate(prove, 5_000), unit="/s")
    line(
        f"inclusion proof from disk, of {many:,}",
        rate(lambda n: log.inclusion(n * 7919 % many, many), 1_000),
        unit="/s",
    )
    peer = pymerkle()
    if peer is not None:
        tree = peer.InmemoryTree()
        for each in range(PROVED):
            tree.append_entry(b"%d" % each)
        found = rate(lambda n: tree.prove_inclusion(n * 7919 % PROVED + 1), SLOW, rounds=3)
        line(f"  pymerkle, {PROVED:,} in memory", found, unit="/s")
    receipt = log.receipt("group-0-0")
    assert receipt is not None
    text, key = receipt.to_text(), log.key()
    line("receipt made again from disk", rate(lambda _: log.receipt("group-0-0"), 500), unit="/s")
    line(
        "receipt read and verified", rate(lambda _: verify(read_receipt(text), key), 500), unit="/s"
    )


def verifying(log: DjangoLog, state: Path) -> None:
    already = sum(1 for _ in log.entries())
    for start in range(already, WHOLE, 1_000):
        log.append([entry(f"bulk-{each}") for each in range(start, min(start + 1_000, WHOLE))], AT)
    began = time.process_time()
    found = log.verify(log.key())
    taken = time.process_time() - began
    assert found.ok
    line(f"whole log verified, {found.entries:,} entries", taken, at_most=20, unit="s")
    # The largest that this process ever was, and so also while it wrote the million.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line("  peak memory of the process", peak / 1024, at_most=200, unit="MiB")
    chain = Chain(state / "whole-chain.sqlite")
    for start in range(0, WHOLE, 10_000):
        chain.append([b"%d" % each * 40 for each in range(start, start + 10_000)])
    began = time.process_time()
    assert chain.verify()
    line(f"  a hash chain of {WHOLE:,}", time.process_time() - began, unit="s")


def main() -> None:
    # Beside the project, not in the system's temporary folder: that one may be memory.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        state = Path(folder)
        database = open_database(state / "kept.sqlite")
        vault = FileVault(state / "keys", lambda size: bytes(range(size)))
        log = DjangoLog(database, vault, origin="example.com/bench")
        appending(log, state)
        verifying(log, state)
        proving(log)
        size = sum(each.stat().st_size for each in state.glob("kept.sqlite*"))
        line("on disk, per entry", size / WHOLE, unit="bytes")
        database.close()


if __name__ == "__main__":
    main()
