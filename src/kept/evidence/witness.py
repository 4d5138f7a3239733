"""Who else has seen a checkpoint, and when: co-signatures of witnesses.

A log can show one history to one person and another to the next; it cannot without its
witnesses, who sign only what extends what they signed before.

Source: C2SP tlog-cosignature (Ed25519), signed-note for keys and plain signatures.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from kept.evidence.checkpoint import Note, Signature, read_note
from kept.evidence.errors import MalformedCheckpointError, MalformedKeyError
from kept.evidence.key import KEY_SIZE, PublicKey

_COSIGNATURE = b"\x04"
_ID_SIZE = 4
_TIME_SIZE = 8
_LATEST = 253_402_300_799
_KEY = re.compile(r"(?P<name>[^\s+]{1,200})\+(?P<id>[0-9a-f]{8})\+(?P<raw>[A-Za-z0-9+/]{44})")


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """An Ed25519 key of a witness, whose signatures say when they were made.

    Attributes:
        name: The witness's.
        raw: The key's 32 bytes.
    """

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """First bytes of the key's hash, over the kind of signature too."""
        text = self.name.encode() + b"\n" + _COSIGNATURE + self.raw
        return hashlib.sha256(text).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        """The key as ``name+hash+base64``."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_COSIGNATURE + self.raw).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the witness's key written as ``name+hash+base64``.

        Raises:
            MalformedKeyError: It is no key of a witness, to the letter.
        """
        found = _KEY.fullmatch(text.strip())
        try:
            raw = base64.b64decode(found["raw"], validate=True) if found else b""
        except (binascii.Error, ValueError):
            raw = b""
        if found is None or len(raw) != KEY_SIZE + 1 or raw[:1] != _COSIGNATURE:
            raise MalformedKeyError("The text is no witness's key of the form name+hash+base64.")
        key = cls(found["name"], raw[1:])
        if str(key) != text.strip():
            raise MalformedKeyError("The witness's key has a hash that is not its own.")
        return key


@dataclass(frozen=True, slots=True)
class Witnessed:
    """That one witness had seen one checkpoint.

    Attributes:
        name: The witness's.
        at: When it says so (UTC).
    """

    name: str
    at: datetime


def cosignature_message(text: str, at: int) -> bytes:
    """Return what a witness signs of a note's `text`, at so many seconds of POSIX time."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def witnessed(note: Note, key: WitnessKey) -> Witnessed | None:
    """Return when `key`'s witness co-signed `note`, ``None`` if it did not.

    Of several good co-signatures the earliest counts. One that does not verify counts for
    nothing, whatever stands beside it.
    """
    times = [
        at
        for each in note.signatures
        if (each.name, each.key) == (key.name, key.id)
        and (at := _good(each, note.text, key)) is not None
    ]
    return Witnessed(key.name, datetime.fromtimestamp(min(times), UTC)) if times else None


def with_signatures_of(ours: str, theirs: str) -> str:
    """Return our note with the further signatures that the same note has at a witness.

    Args:
        ours: The note, as this log signed it.
        theirs: The same note with more signatures, or those signature lines alone.

    Raises:
        MalformedCheckpointError: `theirs` is neither, or it is of another checkpoint.
    """
    own = read_note(ours)
    if "\n\n" not in theirs:
        theirs = f"{own.text}\n{theirs.rstrip(chr(10))}\n"
    note = read_note(theirs)
    if note.text != own.text:
        raise MalformedCheckpointError("The co-signed checkpoint is another one than ours.")
    lines = dict.fromkeys(_lines(ours) + _lines(theirs))
    merged = f"{own.text}\n" + "".join(f"{line}\n" for line in lines)
    read_note(merged)
    return merged


def _lines(note: str) -> list[str]:
    return note.rpartition("\n\n")[2].splitlines()


def _good(signature: Signature, text: str, key: WitnessKey) -> int | None:
    stamp, raw = signature.raw[:_TIME_SIZE], signature.raw[_TIME_SIZE:]
    at = int.from_bytes(stamp, "big")
    if len(stamp) != _TIME_SIZE or at > _LATEST:
        return None
    # A key by itself, whatever it is called, checks the bytes alone.
    verifies = PublicKey("witness", key.raw).verifies(raw, cosignature_message(text, at))
    return at if verifies else None
