"""What can go wrong with evidence."""

from typing import ClassVar

from kept.errors import BrokenPromiseError, RefusedError


class EntryRefusedError(RefusedError):
    """An entry holds what no log may hold: text about people, floats, a bad name."""

    code: ClassVar[str] = "evidence.entry-refused"
    remedy: str = "Put ids, counts and codes into the entry, and nothing that names a person."


class OperationReusedError(RefusedError):
    """One operation was used for two different kinds of event."""

    code: ClassVar[str] = "evidence.operation-reused"
    remedy: str = "Give every event an operation of its own."


class MalformedKeyError(RefusedError):
    """A text is no key in the verifier or signer format."""

    code: ClassVar[str] = "evidence.key-malformed"
    remedy: str = "Give a file with one line of the form name+hash+base64, as log.pub has it."


class MalformedCheckpointError(RefusedError):
    """A text is no checkpoint."""

    code: ClassVar[str] = "evidence.checkpoint-malformed"
    remedy: str = "Give the checkpoint exactly as it was published, with its blank line."


class MalformedReceiptError(RefusedError):
    """A file is no receipt."""

    code: ClassVar[str] = "evidence.receipt-malformed"
    remedy: str = "Ask for the receipt again: this file is damaged, or is something else."


class KeyMissingError(RefusedError):
    """A key that is needed is not in the vault."""

    code: ClassVar[str] = "evidence.key-missing"
    remedy: str = (
        "Restore the directory of keys from its own backup. A new key is never made in silence: "
        "it could not continue what the old one signed."
    )


class KeyMismatchError(RefusedError):
    """The vault holds another key than the one the log was signed with."""

    code: ClassVar[str] = "evidence.key-mismatch"
    remedy: str = "Put the log's own database and its own directory of keys together again."


class LogMissingError(RefusedError):
    """The vault holds the key of a log that the database does not have."""

    code: ClassVar[str] = "evidence.log-missing"
    remedy: str = (
        "Restore the database from its backup, or move the directory of keys away "
        "to begin a new log under a new key."
    )


class LogDamagedError(BrokenPromiseError):
    """The log was changed outside Kept, so nothing may be appended to it."""

    code: ClassVar[str] = "evidence.log-damaged"
    remedy: str = "Run `kept log verify` to find the first bad entry, then restore the database."


class CheckpointFileError(RefusedError):
    """A file or folder of checkpoints or keys cannot be used."""

    code: ClassVar[str] = "evidence.file"
    remedy: str = "Name a file of a checkpoint, a receipt or keys that you may read and write."
