"""Where the evidence log is kept: entries, the hashes of their tree, and its signed heads.

The hot paths speak SQL through Django's connection: an append of a hundred entries is three
statements with many rows each, and building a model for every row would cost more than all
the hashing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kept.evidence.checkpoint import Checkpoint, Note, signed
from kept.evidence.entry import Entry
from kept.evidence.errors import (
    KeyMismatchError,
    LogDamagedError,
    LogMissingError,
)
from kept.evidence.key import PublicKey, Signer
from kept.evidence.keyring import Keyring
from kept.evidence.log import LogVerification, Stored, verify_log
from kept.evidence.receipt import Receipt
from kept.evidence.tree import (
    Frontier,
    Hash,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    needed,
    peaks,
    proof,
    stored,
)
from kept.evidence.vault import Vault
from kept.storage.database import Cursor, Database
from kept.storage.evidence_rows import (
    CHECKPOINTS,
    ENTRIES,
    ENTRY,
    HEAD,
    LEAST,
    LONGEST_LOG,
    MOST,
    NODES,
    NOTE,
    STATE,
    Edge,
    entry_in,
    key_in,
    keys_in,
    known_types,
    new_among,
    parsed_key,
    parsed_note,
    raw,
    rotation,
    signer_of,
    stored_hashes,
    words,
)

_PAGE = 2_000

_INSERT_ENTRY = 'INSERT INTO kept_entry ("index", operation, tree_size, leaf) VALUES (%s,%s,%s,%s)'
_INSERT_NODE = "INSERT INTO kept_node (position, hash) VALUES (%s,%s)"
_INSERT_CHECKPOINT = "INSERT INTO kept_checkpoint (size, note, signed_at) VALUES (%s,%s,%s)"
_ROTATED = "log.key-rotated"


@dataclass(frozen=True, slots=True)
class _Grown:
    """What one append made."""

    receipts: dict[str, Receipt]
    edge: Edge


class DjangoLog:
    """The log in our own database. Safe for many processes and threads at once.

    Args:
        database: Where the log is.
        vault: Where its key is.
        origin: Name for a log that begins here; one that exists keeps its own.
            No spaces, no plus (`kept.evidence.checkpoint.origin_for`).
    """

    def __init__(self, database: Database, vault: Vault, *, origin: str) -> None:
        self._database = database
        self._vault = vault
        self._origin = origin
        self._signer: Signer | None = None
        self._edge: Edge | None = None

    def ready(self, at: datetime) -> PublicKey:
        """Return the log's key, after making sure that it can sign. Begins a new log.

        Call it before anything that cannot be undone: an erasure whose receipt cannot be
        signed is an erasure without proof.

        Raises:
            KeyMissingError: There is a log, and its key is not in the vault.
            KeyMismatchError: The vault's key is another log's.
            LogMissingError: The vault has the key of a log that the database has not.
        """
        return self._signing(at).public

    def append(self, entries: Sequence[Entry], at: datetime) -> tuple[Receipt, ...]:
        """Append what is new among `entries`, durably; return a receipt for each.

        One transaction and one sync, however many they are. See `kept.evidence.log.Log`.

        Raises:
            RuntimeError: The caller is inside a transaction of this database: a receipt
                must not leave before what it proves is on disk.
        """
        self._signing(at)
        with self._database.writing() as cursor:
            new = new_among(entries, known_types(cursor, [each.operation for each in entries]))
            grown = self._grown(cursor, new, at) if new else None
        if grown is not None:
            # Only what is on disk may be built upon.
            self._edge = grown.edge
        receipts = grown.receipts if grown else {}
        return tuple(
            receipts.get(each.operation) or self._receipt(each.operation) for each in entries
        )

    def receipt(self, operation: str) -> Receipt | None:
        """Return the receipt that `operation` got, byte for byte, or ``None``."""
        with self._database.reading() as cursor:
            cursor.execute(ENTRY, [operation])
            row = cursor.fetchone()
            if row is None:
                return None
            index, size, leaf = row
            if not isinstance(size, int) or not 0 <= index < size <= LONGEST_LOG:
                raise LogDamagedError("An entry of the log is filed under a size that it has not.")
            ranges = inclusion_ranges(index, size)
            hashes = stored_hashes(cursor, needed(ranges))
            cursor.execute(NOTE, [size])
            note = cursor.fetchone()
            keys = keys_in(cursor)
        if note is None or not keys:
            raise LogDamagedError("The checkpoint of an entry, or the log's key, is gone.")
        return Receipt(
            entry=entry_in(Stored(index, operation, raw(leaf), size)),
            leaf_index=index,
            tree_size=size,
            proof=proof(ranges, hashes.__getitem__),
            checkpoint=words(note[0]),
            key_id=signer_of(parsed_note(words(note[0])), keys).fingerprint,
        )

    def entries(self, start: int = 0) -> Iterator[Stored]:
        """Yield every entry from `start` on, in order and bounded memory."""
        for index, operation, size, leaf in self._pages(ENTRIES, start):
            yield Stored(index, words(operation), raw(leaf), size)

    def checkpoints(self, start: int = 0) -> Iterator[str]:
        """Yield every signed head from size `start` on, in order of size.

        A head that is filed under a size that is not its own comes as an empty text.
        """
        return (note for _, note in self._sized_checkpoints(start))

    def nodes(self, start: int = 0) -> Iterator[bytes]:
        """Yield every stored hash from position `start` on, in order.

        Where one is missing, an empty one comes, and never the one after it.
        """
        first = max(start, 0)
        for expected, (place, each) in enumerate(self._pages(NODES, start), first):
            yield raw(each) if place == expected else b""

    def head(self) -> Note | None:
        """Return the latest checkpoint, or ``None`` of an empty log.

        Raises:
            LogDamagedError: It is none.
        """
        with self._database.reading() as cursor:
            cursor.execute(HEAD)
            row = cursor.fetchone()
        return None if row is None else parsed_note(words(row[1]))

    def inclusion(self, index: int, size: int) -> tuple[Hash, ...]:
        """Return the proof that entry `index` is in the log at `size` entries.

        Raises:
            ValueError: There is no such entry.
            LogDamagedError: A hash that it takes is gone, or the log never was so long.
        """
        ranges = inclusion_ranges(index, size)
        with self._database.reading() as cursor:
            return proof(ranges, stored_hashes(cursor, needed(ranges)).__getitem__)

    def consistency(self, old: int, new: int) -> tuple[Hash, ...]:
        """Return the proof that the log at `new` entries begins with the log at `old`.

        Raises:
            ValueError: The log has never had so many entries, or `old` is none.
        """
        head = self.head()
        if head is None or new > head.checkpoint.size:
            raise ValueError("the log has not so many entries")
        ranges = consistency_ranges(old, new)
        with self._database.reading() as cursor:
            return proof(ranges, stored_hashes(cursor, needed(ranges)).__getitem__)

    def key(self) -> PublicKey | None:
        """Return the key that the database says the log is signed with, ``None`` if it is new.

        Whoever doubts the database takes the key from the vault, or from outside.

        Raises:
            LogDamagedError: What it says is no key.
        """
        with self._database.reading() as cursor:
            return key_in(cursor)

    def verify(
        self,
        key: PublicKey | Keyring | None,
        elsewhere: Sequence[str] = (),
        *,
        tell: Callable[[int], None] | None = None,
    ) -> LogVerification:
        """Recompute the whole log and compare it with all that was signed and stored.

        Sees the log as it was at one instant, and keeps nobody from appending.

        Args:
            key: The log's key or keys; from the vault or from outside, not from this database.
            elsewhere: Checkpoints that were kept outside: they alone show a log that was
                cut short together with its last heads.
            tell: Called now and then with how many entries were seen.
        """
        with self._database.snapshot():
            return verify_log(
                # From before the first: what was put in there is found like anything else.
                self.entries(LEAST),
                self.checkpoints(LEAST),
                key,
                nodes=self.nodes(LEAST),
                elsewhere=elsewhere,
                tell=tell,
            )

    def rotate(self, at: datetime) -> PublicKey:
        """Let a new key sign from now on, and return it.

        The last thing that the old key signs is the entry that names the new one, so that
        whoever trusted the old one can follow; then its secret is destroyed. A call that
        was interrupted is completed by whatever is appended next.

        Raises:
            KeyMismatchError: The vault holds a key proposed for another log.
        """
        old = self._signing(at).public
        new = self._vault.propose_signing_key(old.name).public
        if new.name != old.name:
            raise KeyMismatchError("The vault holds a key that was proposed for another log.")
        entry = Entry(
            type=_ROTATED,
            at=at,
            operation=rotation(new),
            body={"key": str(new), "before": old.fingerprint},
        )
        with self._database.writing() as cursor:
            known = keys_in(cursor)
            # Of two processes that rotate at once, the second finds the same proposed key.
            if new not in known:
                grown = self._grown(cursor, [entry], at)
                cursor.execute(
                    "INSERT INTO kept_log (id, key, begun_at) VALUES (%s, %s, %s)",
                    [len(known) + 1, str(new), at],
                )
        self._edge = None if new in known else grown.edge
        self._signer = None
        return self._signing(at).public

    def _signing(self, at: datetime) -> Signer:
        """Return the signer of this log; begin the log if there is none anywhere."""
        if self._signer is None:
            key = self.key() or self._begun(at)
            with self._database.reading() as cursor:
                self._signer = self._adopted(cursor, key)
        return self._signer

    def _adopted(self, cursor: Cursor, key: PublicKey) -> Signer:
        """Return the signer of the log's current `key`, after completing its rotation."""
        cursor.execute("SELECT tree_size FROM kept_entry WHERE operation = %s", [rotation(key)])
        row = cursor.fetchone()
        if row is None:
            return self._vault.adopt_signing_key(key)
        return self._vault.replace_signing_key(key, row[0])

    def _begun(self, at: datetime) -> PublicKey:
        # The lock comes first: of two processes that begin the log, the second sees the
        # row of the first before it asks the vault.
        with self._database.writing() as cursor:
            key = key_in(cursor)
            if key is not None:
                return key
            adopted = self._vault.signing_key()
            if adopted is not None:
                raise LogMissingError(
                    f"The vault holds the key {adopted.public.id.hex()} of a log that is gone."
                )
            key = self._vault.propose_signing_key(self._origin).public
            cursor.execute(
                "INSERT INTO kept_log (id, key, begun_at) VALUES (1, %s, %s)", [str(key), at]
            )
        return key

    def _grown(self, cursor: Cursor, new: Sequence[Entry], at: datetime) -> _Grown:
        """Write `new`, the hashes that they complete and the checkpoint over all of it."""
        frontier, signer = self._frontier(cursor)
        first = frontier.size
        hashes = dict(zip(peaks(first), frontier.peaks, strict=True))
        created = [each for entry in new for each in frontier.append(leaf_hash(entry.leaf))]
        nodes = list(enumerate(created, stored(first)))
        hashes.update(nodes)
        size = frontier.size
        note = signed(Checkpoint(signer.public.name, size, frontier.root()), signer)
        cursor.executemany(
            _INSERT_ENTRY,
            [(index, entry.operation, size, entry.leaf) for index, entry in enumerate(new, first)],
        )
        cursor.executemany(_INSERT_NODE, nodes)
        cursor.execute(_INSERT_CHECKPOINT, [size, note, at])
        fingerprint = signer.public.fingerprint
        receipts = {
            entry.operation: Receipt(
                entry=entry,
                leaf_index=index,
                tree_size=size,
                proof=proof(inclusion_ranges(index, size), hashes.__getitem__),
                checkpoint=note,
                key_id=fingerprint,
            )
            for index, entry in enumerate(new, first)
        }
        return _Grown(receipts, Edge(note, size, frontier.peaks))

    def _frontier(self, cursor: Cursor) -> tuple[Frontier, Signer]:
        """Return the log's right edge, after checking it, and who signs what is appended to it."""
        cursor.execute(STATE)
        row = cursor.fetchone()
        if row is None or row[0] is None:
            raise LogDamagedError("The database holds no key of its log.")
        key, last, size, text = words(row[0]), row[1], row[2], words(row[3])
        if last != (None if size is None else size - 1):
            raise LogDamagedError("The log's entries and its last checkpoint do not end together.")
        signer = self._signer
        if signer is None or str(signer.public) != key:
            # Another process has rotated the key since.
            signer = self._signer = self._adopted(cursor, parsed_key(key))
        if size is None:
            return Frontier(), signer
        edge = self._edge
        if edge is not None and edge.note == text:
            return Frontier(edge.size, edge.peaks), signer
        places = peaks(size)
        hashes = stored_hashes(cursor, places)
        frontier = Frontier(size, [hashes[each] for each in places])
        note = parsed_note(text)
        if note.checkpoint != Checkpoint(signer.public.name, size, frontier.root()):
            raise LogDamagedError("The log's last checkpoint does not fit the hashes under it.")
        if not note.signed_by(signer_of(note, keys_in(cursor))):
            raise LogDamagedError("The log's last checkpoint is not signed by the log's key.")
        return frontier, signer

    def _receipt(self, operation: str) -> Receipt:
        receipt = self.receipt(operation)
        if receipt is None:
            raise LogDamagedError("An entry that was in the log a moment ago is gone.")
        return receipt

    def _sized_checkpoints(self, start: int) -> Iterator[tuple[int, str]]:
        for size, content in self._pages(CHECKPOINTS, start):
            note = words(content)
            yield size, note if note.split("\n", 2)[1:2] == [str(size)] else ""

    def _pages(self, query: str, start: int) -> Iterator[tuple[Any, ...]]:
        """Yield all rows of a query that asks from a number on, and for so many."""
        while True:
            with self._database.reading() as cursor:
                cursor.execute(query, [start, _PAGE])
                rows = cursor.fetchall()
            yield from rows
            if len(rows) < _PAGE or rows[-1][0] == MOST:
                return
            start = rows[-1][0] + 1
