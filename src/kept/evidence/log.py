"""What a log can be asked, and how all of it is verified at once."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kept.evidence.checkpoint import Checkpoint, Note, read_note
from kept.evidence.entry import Entry
from kept.evidence.errors import EntryRefusedError, MalformedCheckpointError
from kept.evidence.key import PublicKey
from kept.evidence.keyring import Keyring
from kept.evidence.receipt import Receipt
from kept.evidence.tree import Frontier, Hash, leaf_hash

_TELL_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as a log keeps it.

    Attributes:
        index: Its place, from 0.
        operation: The operation that it is found by.
        leaf: Its canonical JSON: what the tree hashes.
        tree_size: Size of the log at the checkpoint that its receipt carries.
    """

    index: int
    operation: str
    leaf: bytes
    tree_size: int

    @property
    def entry(self) -> Entry:
        """The entry, read from its bytes.

        Raises:
            EntryRefusedError: The bytes are no entry.
        """
        try:
            value = json.loads(self.leaf)
        except (ValueError, RecursionError):
            raise EntryRefusedError("A stored entry is no JSON.") from None
        return Entry.from_json(value)


class Log(Protocol):
    """An append-only list of entries with a signed head."""

    def append(self, entries: Sequence[Entry], at: datetime) -> tuple[Receipt, ...]:
        """Append what is new among `entries`, durably; return a receipt for each.

        Idempotent per operation: an operation that the log has gets the receipt that
        it got first, whatever else the entry says, and nothing is appended. All or
        nothing; one sync serves them all.

        Args:
            entries: What happened, in order.
            at: Now (UTC), for the checkpoint's row; no entry changes by it.

        Raises:
            OperationReusedError: The log has this operation for another type of event.
            KeyMissingError: There is a log, and its key is not in the vault.
            UnavailableError: The database is locked; calling again is safe.
        """
        ...

    def receipt(self, operation: str) -> Receipt | None:
        """Return the receipt that `operation` got, or ``None`` if the log has it not."""
        ...

    def entries(self, start: int = 0) -> Iterator[Stored]:
        """Yield every entry from `start` on, in order and bounded memory."""
        ...

    def head(self) -> Note | None:
        """Return the latest checkpoint, or ``None`` of an empty log."""
        ...


class Flaw(StrEnum):
    """What is wrong with a log, as a stable code."""

    NONE = ""
    ENTRY_MISSING = "entry-missing"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_MISFILED = "entry-found-under-another-operation"
    ENTRY_UNSIGNED = "entry-after-the-last-checkpoint"
    NODE_CHANGED = "stored-hash-changed"
    NODE_EXTRA = "stored-hash-without-entry"
    ROOT_DIFFERS = "entries-do-not-give-the-signed-root"
    CHECKPOINT_MALFORMED = "checkpoint-malformed"
    CHECKPOINT_UNSIGNED = "checkpoint-not-signed-by-the-key"
    CHECKPOINT_MISSING = "no-checkpoint"
    HISTORY_DIFFERS = "entries-differ-from-a-checkpoint-kept-elsewhere"
    HISTORY_CUT = "log-is-shorter-than-a-checkpoint-kept-elsewhere"
    ELSEWHERE_UNSIGNED = "checkpoint-kept-elsewhere-is-not-signed-by-the-logs-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogVerification:
    """What is known of a whole log.

    Attributes:
        ok: Everything was recomputed and holds, the signatures too. Never true of a log
            with entries without a key.
        entries: How many entries there are.
        root: Root over them in base64, recomputed; up to the first bad one if there is one.
        first_bad: Index of the first entry that is wrong or missing, ``None`` if none is.
            Where only a checkpoint or a hash above shows that something below changed,
            the first entry that nothing earlier vouches for.
        checkpoints: How many checkpoints were found good.
        flaw: What is wrong there.
        signer: Name of the key that signed all, or ``"unverified"``.
        outside: Size of the largest checkpoint kept elsewhere that the log was compared with;
            ``None`` if there was none. What came after it, or all of it if there was none,
            could have been cut off or written anew by whoever holds database and key.
    """

    ok: bool
    entries: int
    root: str
    first_bad: int | None
    checkpoints: int
    flaw: Flaw
    signer: str
    outside: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the contract of ``kept log verify --json``."""
        return {
            "ok": self.ok,
            "entries": self.entries,
            "root": self.root,
            "first_bad": self.first_bad,
            "checkpoints": self.checkpoints,
            "flaw": self.flaw.value,
            "signer": self.signer,
            "outside": self.outside,
            "truncation": self.truncation,
        }

    @property
    def truncation(self) -> str:
        """Whether the log was cut short or rolled back, as a stable code.

        ``"cannot-tell"`` where nothing kept elsewhere was at hand: a log that was cut back
        together with its heads is a shorter log, in which all that is left is right.
        """
        if self.flaw in {Flaw.HISTORY_CUT, Flaw.HISTORY_DIFFERS}:
            return "detected"
        return "cannot-tell" if self.outside is None else "excluded-up-to-outside"


def verify_log(
    entries: Iterable[Stored],
    checkpoints: Iterable[str],
    key: PublicKey | Keyring | None,
    *,
    nodes: Iterable[bytes] | None = None,
    elsewhere: Iterable[str] = (),
    begin: Frontier | None = None,
    tell: Callable[[int], None] | None = None,
) -> LogVerification:
    """Recompute a whole log and compare it with everything that was signed or stored.

    Reads each argument once, in memory that does not grow with the log. A log that was cut
    short together with its last checkpoints is a shorter log that verifies: only a
    checkpoint or receipt kept elsewhere shows it.

    Args:
        entries: All entries, in order.
        checkpoints: The log's own signed notes, in order of size.
        key: The log's key or keys. Without it everything but the signatures is checked.
        nodes: The stored hashes in order of `kept.evidence.tree.position`; they say
            which entry changed, where checkpoints alone say between which.
        elsewhere: Signed notes that were kept outside the log, in any order.
        begin: Right edge of a part that is known to be good, where all three lists start.
        tell: Called now and then with how many entries were seen.
    """
    verifier = _Verifier(checkpoints, Keyring.of(key), nodes, begin or Frontier())
    return verifier.verify(entries, elsewhere, tell or _silent)


def _silent(_: int) -> None:
    """Tell nobody."""


class _Verifier:
    """One pass over a log: a value that lives as long as one call of `verify_log`."""

    def __init__(
        self,
        checkpoints: Iterable[str],
        key: Keyring | None,
        nodes: Iterable[bytes] | None,
        begin: Frontier,
    ) -> None:
        self._checkpoints = iter(checkpoints)
        self._key = key
        self._nodes = None if nodes is None else iter(nodes)
        self._frontier = begin
        self._vouched = begin.size
        self._good = 0
        self._origin: str | None = None
        self._flaw = Flaw.NONE
        self._first_bad: int | None = None
        self._next: Note | None = None
        self._outside: list[Checkpoint] = []
        self._largest: int | None = None

    def verify(
        self, entries: Iterable[Stored], elsewhere: Iterable[str], tell: Callable[[int], None]
    ) -> LogVerification:
        count = 0
        if self._admitted(elsewhere) and self._advance():
            self._meet()
        for stored in entries:
            count += 1
            if count % _TELL_EVERY == 0:
                tell(count)
            if self._flaw is Flaw.NONE:
                self._entry(stored)
        if self._flaw is Flaw.NONE:
            self._end()
        return self._result(count)

    def _admitted(self, elsewhere: Iterable[str]) -> bool:
        """Take the checkpoints kept elsewhere, largest first; return whether they can be used."""
        for text in elsewhere:
            try:
                note = read_note(text)
            except MalformedCheckpointError:
                note = None
            if note is None or (self._key is not None and not self._key.signed(note)):
                self._flaw = Flaw.ELSEWHERE_UNSIGNED
                return False
            if note.checkpoint.size >= self._frontier.size:
                self._outside.append(note.checkpoint)
        self._outside.sort(key=lambda each: each.size, reverse=True)
        self._largest = self._outside[0].size if self._outside else None
        return True

    def _entry(self, stored: Stored) -> None:
        index = self._frontier.size
        if stored.index != index:
            return self._fail(Flaw.ENTRY_MISSING, index)
        if self._next is None:
            return self._fail(Flaw.ENTRY_UNSIGNED if self._good else Flaw.CHECKPOINT_MISSING, index)
        if not self._hashes(index, self._frontier.append(leaf_hash(stored.leaf))):
            return None
        if not _filed_right(stored):
            return self._fail(Flaw.ENTRY_MISFILED, index)
        if stored.tree_size != self._next.checkpoint.size:
            return self._fail(Flaw.CHECKPOINT_MISSING, index)
        return self._meet()

    def _hashes(self, index: int, created: list[Hash]) -> bool:
        """Compare what appending made with what is stored; the first of it is the entry's."""
        if self._nodes is None:
            return True
        for level, expected in enumerate(created):
            if next(self._nodes, None) == expected:
                continue
            if level:
                first = index + 1 - (1 << level)
                self._fail(Flaw.NODE_CHANGED, max(self._vouched, first))
            else:
                self._fail(Flaw.ENTRY_CHANGED, index)
            return False
        return True

    def _meet(self) -> None:
        """Compare the root with every checkpoint of the size that is reached."""
        while self._outside and self._outside[-1].size == self._frontier.size:
            if self._outside.pop().root != self._frontier.root():
                return self._fail(Flaw.HISTORY_DIFFERS, self._vouched)
        while self._next is not None and self._next.checkpoint.size == self._frontier.size:
            if self._next.checkpoint.root != self._frontier.root():
                return self._fail(Flaw.ROOT_DIFFERS, self._vouched)
            self._vouched = self._frontier.size
            self._good += 1
            if not self._advance():
                return None
        return None

    def _advance(self) -> bool:
        """Read the next checkpoint; return whether all is still well."""
        text = next(self._checkpoints, None)
        if text is None:
            self._next = None
            return True
        try:
            note = read_note(text)
        except MalformedCheckpointError:
            self._fail(Flaw.CHECKPOINT_MALFORMED, self._vouched)
            return False
        known = self._key.name if self._key else self._origin or note.checkpoint.origin
        signed = self._key is None or self._key.signed(note)
        if note.checkpoint.origin != known or not signed:
            self._fail(Flaw.CHECKPOINT_UNSIGNED, self._vouched)
            return False
        if note.checkpoint.size < self._frontier.size:
            self._fail(Flaw.CHECKPOINT_MALFORMED, self._vouched)
            return False
        self._origin, self._next = note.checkpoint.origin, note
        return True

    def _end(self) -> None:
        if self._next is not None:
            self._fail(Flaw.ENTRY_MISSING, self._frontier.size)
        elif self._nodes is not None and next(self._nodes, None) is not None:
            self._fail(Flaw.NODE_EXTRA, self._frontier.size)
        elif self._outside:
            self._fail(Flaw.HISTORY_CUT, self._frontier.size)

    def _fail(self, flaw: Flaw, index: int) -> None:
        self._flaw, self._first_bad = flaw, index

    def _result(self, count: int) -> LogVerification:
        intact = self._flaw is Flaw.NONE
        signed = intact and self._key is not None and self._good > 0
        return LogVerification(
            ok=intact and (signed or count == 0),
            entries=count,
            root=base64.b64encode(self._frontier.root()).decode(),
            first_bad=self._first_bad,
            checkpoints=self._good,
            flaw=self._flaw,
            signer=self._origin if signed and self._origin else "unverified",
            outside=self._largest,
        )


def _filed_right(stored: Stored) -> bool:
    """Return whether an entry is found under the operation that its signed bytes name."""
    try:
        value = json.loads(stored.leaf)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("operation") == stored.operation
