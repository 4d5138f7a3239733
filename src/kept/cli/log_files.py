"""What ``kept log`` reads from files and writes to them."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, ClassVar

from kept.errors import RefusedError

if TYPE_CHECKING:
    from kept.evidence.keyring import Keyring
    from kept.evidence.log import LogVerification
    from kept.evidence.witness import Witnessed, WitnessKey
    from kept.storage.checkpoint_files import CheckpointFiles
    from kept.storage.evidence import DjangoLog

_LONGEST = 1024 * 1024


class NotInLogError(RefusedError):
    """What was asked for is not in the log."""

    code: ClassVar[str] = "log.not-there"
    remedy: str = "Name an entry's operation or number, or a checkpoint of this very log."


def text_from(path: Path) -> str:
    """Return a small file's text.

    Raises:
        CheckpointFileError: It cannot be read, is too large or no text.
    """
    from kept.evidence.errors import CheckpointFileError

    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        if len(content) > _LONGEST:
            raise CheckpointFileError(f"{path.name} is larger than {_LONGEST} bytes.")
        return content.decode()
    except OSError as error:
        raise CheckpointFileError(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CheckpointFileError(f"{path.name} is no text.") from None


def keys_from(path: Path) -> "Keyring":
    """Return the keys of a log from a file, or from a page that was saved.

    Raises:
        MalformedKeyError: It holds none.
    """
    from kept.evidence.keyring import Keyring

    return Keyring.parse(text_from(path))


def receipt_of(log: "DjangoLog", name: str) -> str:
    """Return the receipt of the entry with this operation, or else with this number.

    Raises:
        NotInLogError: There is none.
    """
    found = log.receipt(name)
    if found is None and name.isascii() and name.isdigit() and len(name) < len(str(2**63)):
        stored = next(log.entries(int(name)), None)
        if stored is not None and stored.index == int(name):
            found = log.receipt(stored.operation)
    if found is None:
        raise NotInLogError("The log has no such entry.")
    return found.to_text()


def consistency_since(log: "DjangoLog", path: Path) -> str:
    """Return the proof that the log now begins with the log under a checkpoint of a file.

    Raises:
        NotInLogError: The checkpoint is of a longer log, or of an empty one.
    """
    from kept.evidence.checkpoint import read_note
    from kept.evidence.consistency import Consistency
    from kept.storage.checkpoint_files import found_at

    old = found_at(path)[0].note
    head = log.head()
    size = read_note(old).checkpoint.size
    if head is None or not 0 < size <= head.checkpoint.size:
        raise NotInLogError("The checkpoint speaks of more entries than the log has, or of none.")
    new = next(log.checkpoints(head.checkpoint.size))
    return Consistency(old, new, log.consistency(size, head.checkpoint.size)).to_text()


def accepted(
    log: "DjangoLog", files: "CheckpointFiles", cosigned: str, key: "WitnessKey"
) -> "tuple[int, Witnessed | None]":
    """Keep a witness's co-signature if it is one; return the size that it speaks of.

    Raises:
        NotInLogError: The log never had a checkpoint of this size.
        MalformedCheckpointError: It is of another history than this log's.
    """
    from kept.evidence.checkpoint import read_note
    from kept.evidence.witness import with_signatures_of, witnessed

    size = read_note(cosigned).checkpoint.size
    ours = next(log.checkpoints(size), None)
    if ours is None or not ours or read_note(ours).checkpoint.size != size:
        raise NotInLogError("The log never had a checkpoint of this size.")
    merged = with_signatures_of(ours, cosigned)
    seen = witnessed(read_note(merged), key)
    if seen is not None:
        files.keep(merged)
        files.trust(key)
    return size, seen


def verify_archive(
    path: Path, keys: "Keyring | None", elsewhere: Sequence[str], tell: Callable[[int], None]
) -> "LogVerification":
    """Verify a file of ``kept log export``, in bounded memory.

    Raises:
        MalformedArchiveError: It is none.
    """
    from kept.evidence.archive import checkpoints_of, entries_of, read_archive
    from kept.evidence.log import verify_log

    with _opened(path) as first, _opened(path) as second:
        _, lines = read_archive(_lines(first))
        _, again = read_archive(_lines(second))
        return verify_log(
            entries_of(lines), checkpoints_of(again), keys, elsewhere=elsewhere, tell=tell
        )


def write_whole(path: Path, lines: Iterable[str]) -> int:
    """Write a file whole or not at all, synced; return how many lines it has.

    Raises:
        CheckpointFileError: It cannot be written.
    """
    from kept.evidence.errors import CheckpointFileError

    temporary, count = "", 0
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for line in lines:
                file.write(line)
                count += 1
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise CheckpointFileError(f"{path.name} cannot be written: {error.strerror}.") from None
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
    return count


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    from kept.evidence.errors import CheckpointFileError

    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        raise CheckpointFileError(f"{path.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CheckpointFileError(f"{path.name} is no text.") from None


def _lines(file: IO[str]) -> Iterator[str]:
    """Yield lines of which none is read further than a line may be long."""
    from kept.evidence.archive import LONGEST_LINE

    while line := file.readline(LONGEST_LINE + 1):
        yield line
