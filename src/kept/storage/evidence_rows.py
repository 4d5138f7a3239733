"""What the log's rows say, read so that a row that was changed by others is an error of ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from kept.evidence.checkpoint import Note, read_note
from kept.evidence.entry import Entry
from kept.evidence.errors import (
    EntryRefusedError,
    LogDamagedError,
    MalformedCheckpointError,
    MalformedKeyError,
    OperationReusedError,
)
from kept.evidence.key import PublicKey
from kept.evidence.log import Stored
from kept.evidence.tree import Hash
from kept.storage.database import Cursor

_CHUNK = 500

# Text as its bytes: what is no text must be found, and not stop whoever looks for it.
ENTRIES = """SELECT "index", CAST(operation AS BLOB), tree_size, CAST(leaf AS BLOB)
    FROM kept_entry WHERE "index" >= %s ORDER BY "index" LIMIT %s"""
NODES = """SELECT position, CAST(hash AS BLOB)
    FROM kept_node WHERE position >= %s ORDER BY position LIMIT %s"""
CHECKPOINTS = """SELECT size, CAST(note AS BLOB)
    FROM kept_checkpoint WHERE size >= %s ORDER BY size LIMIT %s"""
ENTRY = """SELECT "index", tree_size, CAST(leaf AS BLOB)
    FROM kept_entry WHERE operation = %s"""
NOTE = "SELECT CAST(note AS BLOB) FROM kept_checkpoint WHERE size = %s"
LONGEST_LOG = 2**60
LEAST, MOST = -(2**63), 2**63 - 1
HEAD = "SELECT size, CAST(note AS BLOB) FROM kept_checkpoint ORDER BY size DESC LIMIT 1"
# Everything that an append must know, in one statement.
STATE = """SELECT (SELECT CAST(key AS BLOB) FROM kept_log ORDER BY id DESC LIMIT 1),
    (SELECT max("index") FROM kept_entry), (SELECT max(size) FROM kept_checkpoint),
    (SELECT CAST(note AS BLOB) FROM kept_checkpoint ORDER BY size DESC LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of the tree under one checkpoint."""

    note: str
    size: int
    peaks: tuple[Hash, ...]


def keys_in(cursor: Cursor) -> list[PublicKey]:
    """Return all keys that the log had, from the oldest."""
    cursor.execute("SELECT CAST(key AS BLOB) FROM kept_log ORDER BY id")
    return [parsed_key(words(text)) for (text,) in cursor.fetchall()]


def key_in(cursor: Cursor) -> PublicKey | None:
    """Return the key that the log is signed with now, ``None`` if there is no log."""
    keys = keys_in(cursor)
    return keys[-1] if keys else None


def parsed_key(text: str) -> PublicKey:
    """Return a key as the database has it.

    Raises:
        LogDamagedError: It is none.
    """
    try:
        return PublicKey.parse(text)
    except MalformedKeyError:
        raise LogDamagedError("The database holds no readable key of its log.") from None


def signer_of(note: Note, keys: Sequence[PublicKey]) -> PublicKey:
    """Return which of the log's keys a note says it is signed by; the newest if by none."""
    named = {(each.name, each.key) for each in note.signatures}
    return next((each for each in keys if (each.name, each.id) in named), keys[-1])


def rotation(key: PublicKey) -> str:
    """Return the operation of the entry that names `key` as the log's next one."""
    return f"log-key/{key.fingerprint}"


def raw(value: object) -> bytes:
    """Return what a column of bytes holds; SQLite lets others put anything there."""
    return value if isinstance(value, bytes) else str(value).encode()


def words(value: object) -> str:
    """Return what a column of text holds; what is no text comes as one that is nothing."""
    return raw(value).decode(errors="replace")


def entry_in(stored: Stored) -> Entry:
    """Return a stored entry, read from its bytes.

    Raises:
        LogDamagedError: They are none.
    """
    try:
        return stored.entry
    except EntryRefusedError:
        raise LogDamagedError("An entry of the log is none.") from None


def parsed_note(text: str) -> Note:
    """Return a checkpoint as the database has it.

    Raises:
        LogDamagedError: It is none.
    """
    try:
        return read_note(text)
    except MalformedCheckpointError:
        raise LogDamagedError("The log's checkpoint is damaged.") from None


def known_types(cursor: Cursor, operations: Sequence[str]) -> dict[str, str]:
    """Return the type of each entry that the log has, of those asked for."""
    found: dict[str, str] = {}
    for start in range(0, len(operations), _CHUNK):
        part = operations[start : start + _CHUNK]
        marks = ",".join(["%s"] * len(part))
        cursor.execute(
            f"SELECT operation, CAST(leaf AS BLOB) FROM kept_entry WHERE operation IN ({marks})",
            part,
        )
        found.update(
            (each, entry_in(Stored(0, each, raw(leaf), 0)).type) for each, leaf in cursor.fetchall()
        )
    return found


def new_among(entries: Sequence[Entry], known: dict[str, str]) -> list[Entry]:
    """Return the entries to append: each operation once, and none that the log has."""
    new: list[Entry] = []
    for entry in entries:
        if entry.operation not in known:
            known[entry.operation] = entry.type
            new.append(entry)
        kind = known[entry.operation]
        if kind != entry.type:
            raise OperationReusedError(
                f"An operation of type {kind} was used again for {entry.type}."
            )
    return new


def stored_hashes(cursor: Cursor, places: Sequence[int]) -> dict[int, Hash]:
    """Return the hashes at `places`, of which a proof needs at most some hundred."""
    marks = ",".join(["%s"] * len(places))
    cursor.execute(
        f"SELECT position, CAST(hash AS BLOB) FROM kept_node WHERE position IN ({marks})",
        list(places),
    )
    found = {place: Hash(raw(each)) for place, each in cursor.fetchall()}
    if len(found) != len(set(places)):
        raise LogDamagedError("A hash of the log's tree is gone.")
    return found
