"""How a whole log is written into one file, and verified from it without a database.

One JSON object a line: first what it is and the keys, then each entry with its place, and
after the last entry under it each checkpoint. Text that any program reads, for archives.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from kept.errors import RefusedError
from kept.evidence.body import Json, canonical
from kept.evidence.errors import EntryRefusedError, LogDamagedError
from kept.evidence.keyring import Keyring
from kept.evidence.log import Stored

FORMAT = 1
LONGEST_LINE = 1024 * 1024
"""Characters that a line may have."""


class MalformedArchiveError(RefusedError):
    """A file is no archive of a log."""

    code: ClassVar[str] = "evidence.archive-malformed"
    remedy: str = "Give a file that `kept log export` wrote, whole and unchanged."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an archive: an entry, or a checkpoint.

    Attributes:
        stored: The entry, ``None`` on the line of a checkpoint.
        checkpoint: The signed note, empty on the line of an entry.
    """

    stored: Stored | None
    checkpoint: str


def archive(keys: Keyring, entries: Iterable[Stored], checkpoints: Iterable[str]) -> Iterator[str]:
    """Yield the lines of an archive of a log, each with its newline.

    Raises:
        LogDamagedError: An entry is no text; nothing is left out in silence.
    """
    yield _line({"kept_log": FORMAT, "keys": [str(each) for each in keys.tenures]})
    notes = iter(checkpoints)
    waiting: Stored | None = None
    for stored in entries:
        if waiting is not None and waiting.tree_size != stored.tree_size:
            yield _checkpoint(notes)
        try:
            leaf = stored.leaf.decode()
        except UnicodeDecodeError:
            raise LogDamagedError(f"Entry {stored.index} of the log is no text.") from None
        yield _line({"index": stored.index, "tree_size": stored.tree_size, "leaf": leaf})
        waiting = stored
    for note in notes:
        yield _line({"checkpoint": note})


def read_archive(lines: Iterable[str]) -> tuple[Keyring, Iterator[Line]]:
    """Return the keys that an archive names, and its lines as they are read.

    The keys are the archive's own word: whoever doubts it verifies with keys saved before.

    Raises:
        MalformedArchiveError: It is no archive; while reading, that a line is none.
    """
    rest = iter(lines)
    head = _read(next(rest, ""))
    keys = head.get("keys")
    if head.get("kept_log") != FORMAT or not isinstance(keys, list):
        raise MalformedArchiveError("The file is no archive of a log in a known format.")
    return Keyring.parse("\n".join(str(each) for each in keys)), map(_parsed, rest)


def entries_of(lines: Iterable[Line]) -> Iterator[Stored]:
    """Yield the entries among `lines`."""
    return (each.stored for each in lines if each.stored is not None)


def checkpoints_of(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the checkpoints among `lines`."""
    return (each.checkpoint for each in lines if each.stored is None)


def _checkpoint(notes: Iterator[str]) -> str:
    note = next(notes, None)
    if note is None:
        raise LogDamagedError("A checkpoint of the log is gone.")
    return _line({"checkpoint": note})


def _line(value: Json) -> str:
    return canonical(value).decode() + "\n"


def _parsed(line: str) -> Line:
    match _read(line):
        case {"checkpoint": str(note), **rest} if not rest:
            return Line(None, note)
        case {"index": int(index), "tree_size": int(size), "leaf": str(leaf), **rest} if not rest:
            try:
                raw = leaf.encode()
            except UnicodeEncodeError:
                raise MalformedArchiveError("A line of the archive is no Unicode.") from None
            return Line(Stored(index, _operation(leaf), raw, size), "")
        case _:
            raise MalformedArchiveError("A line of the archive is neither entry nor checkpoint.")


def _operation(leaf: str) -> str:
    """Return the operation that an entry names; an archive files it under no other."""
    try:
        value = json.loads(leaf)
    except (ValueError, RecursionError):
        return ""
    named = value.get("operation") if isinstance(value, dict) else None
    return named if isinstance(named, str) else ""


def _read(line: str) -> dict[str, object]:
    if len(line) > LONGEST_LINE or not line.endswith("\n"):
        raise MalformedArchiveError("A line of the archive is cut off, or is too long.")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise MalformedArchiveError("A line of the archive is no JSON.") from None
    # Exactly as it was written: a changed byte is seen even where it changes no meaning.
    try:
        exact = isinstance(value, dict) and _line(value) == line
    except (EntryRefusedError, ValueError, TypeError):
        exact = False
    if not exact:
        raise MalformedArchiveError("A line of the archive is not as it was written.")
    return dict(value)
