"""Where checkpoints are kept as files, outside the database that they hold to its word.

    checkpoints/
      000000000042.checkpoint    a signed note of the log at 42 entries, with its witnesses'
      witnesses.pub              the witnesses' keys, one a line

On the disk of the database they show a change of the database alone. Copied to another
machine, or sent to somebody, they show a change of everything.
"""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kept.evidence.checkpoint import read_note
from kept.evidence.errors import (
    CheckpointFileError,
    MalformedCheckpointError,
    MalformedReceiptError,
)
from kept.evidence.receipt import LONGEST, read_receipt
from kept.evidence.witness import Witnessed, WitnessKey, with_signatures_of, witnessed

_SUFFIX = ".checkpoint"
_WITNESSES = "witnesses.pub"


@dataclass(frozen=True, slots=True)
class Found:
    """A checkpoint that was found outside the log.

    Attributes:
        file: Name of the file.
        note: The signed note.
    """

    file: str
    note: str


class CheckpointFiles:
    """A folder of checkpoints, one file for each size.

    Args:
        folder: Where; made on the first write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, note: str) -> Path:
        """Write a checkpoint, synced; add its signatures to one that is there already.

        Raises:
            MalformedCheckpointError: Another history is kept for this size.
            CheckpointFileError: The folder cannot be written.
        """
        path = self._folder / f"{read_note(note).checkpoint.size:012d}{_SUFFIX}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = path.read_text(encoding="utf-8") if path.exists() else note
            merged = with_signatures_of(kept, note)
            if not path.exists() or merged != kept:
                _put(path, merged)
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(path, error) from None
        return path

    def found(self) -> tuple[Found, ...]:
        """Return all checkpoints in the folder, none if there is no folder."""
        return found_at(self._folder) if self._folder.exists() else ()

    def trust(self, witness: WitnessKey) -> None:
        """Remember a witness's key."""
        known = {str(each) for each in self.witnesses()}
        path = self._folder / _WITNESSES
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _put(path, "".join(f"{each}\n" for each in sorted(known | {str(witness)})))
        except OSError as error:
            raise _unusable(path, error) from None

    def witnesses(self) -> tuple[WitnessKey, ...]:
        """Return the keys of the witnesses that were remembered.

        Raises:
            MalformedKeyError: The file of keys is damaged.
        """
        path = self._folder / _WITNESSES
        if not path.exists():
            return ()
        lines = _read(path).splitlines()
        return tuple(WitnessKey.parse(each) for each in lines if each.strip())

    def witnessed(self) -> tuple[tuple[int, Witnessed], ...]:
        """Return who had seen which size of the log, by size."""
        keys = self.witnesses()
        notes = [read_note(each.note) for each in self.found()]
        seen = [(note.checkpoint.size, witnessed(note, key)) for note in notes for key in keys]
        return tuple((size, each) for size, each in seen if each is not None)


def found_at(path: Path) -> tuple[Found, ...]:
    """Return the checkpoints in a file or in the files of a folder; of a receipt, its own.

    Raises:
        CheckpointFileError: A file cannot be read, or is neither checkpoint nor receipt.
    """
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.suffix == _SUFFIX)
        return tuple(Found(each.name, _note(each)) for each in files)
    return (Found(path.name, _note(path)),)


def _note(path: Path) -> str:
    text = _read(path)
    try:
        if text.lstrip().startswith("{"):
            return read_receipt(text).checkpoint
        read_note(text)
    except (MalformedCheckpointError, MalformedReceiptError):
        raise CheckpointFileError(
            f"{path.name} is neither a checkpoint nor a receipt, or is damaged."
        ) from None
    return text


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from None


def _unusable(path: Path, error: OSError | UnicodeDecodeError) -> CheckpointFileError:
    why = error.strerror if isinstance(error, OSError) else "it is no text"
    return CheckpointFileError(f"{path.name} cannot be used: {why}.")


def _put(path: Path, text: str) -> None:
    """Put a file in place, so that a reader sees the old one or the new one, synced."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
