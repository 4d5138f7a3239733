"""What a log commits to at one size, signed so that others can hold it to that.

Source: C2SP signed-note and tlog-checkpoint.
"""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

from kept.evidence.errors import MalformedCheckpointError
from kept.evidence.key import PublicKey, Signer
from kept.evidence.tree import HASH_SIZE, Hash

_LARGEST = 2**63 - 1
_LONGEST = 64 * 1024
_SIGNATURES = 32
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_ID_SIZE = 4


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's size and root, under the name of its log.

    Attributes:
        origin: Names the log, and the key that signs for it.
        size: How many entries there are.
        root: Root of the tree over them.
    """

    origin: str
    size: int
    root: Hash

    @property
    def text(self) -> str:
        """What is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose, and what.

    Attributes:
        name: Name of the key.
        key: First four bytes of the key's fingerprint.
        raw: The signature itself.
    """

    name: str
    key: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint as it was published, with every signature under it.

    Attributes:
        checkpoint: What it says.
        text: What was signed, with any further lines.
        signatures: The log's own and those of witnesses, in order.
    """

    checkpoint: Checkpoint
    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, key: PublicKey) -> bool:
        """Return whether `key` signed this, and every signature in its name is good.

        The log that the note speaks of must be the one that the key is named after.
        """
        own = [each for each in self.signatures if (each.name, each.key) == (key.name, key.id)]
        return (
            self.checkpoint.origin == key.name
            and bool(own)
            and all(key.verifies(each.raw, self.text.encode()) for each in own)
        )


def signed(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return `checkpoint` as a signed note. The same checkpoint gives the same note."""
    public = signer.public
    line = base64.b64encode(public.id + signer.sign(checkpoint.text.encode())).decode()
    return f"{checkpoint.text}\n\u2014 {public.name} {line}\n"


def read_note(note: str) -> Note:
    """Return what a signed note says. Nothing of it is to be believed before `Note.signed_by`.

    Raises:
        MalformedCheckpointError: It is no checkpoint, to the letter.
    """
    if len(note) > _LONGEST or _CONTROL.search(note):
        raise MalformedCheckpointError("The checkpoint is too long, or holds control characters.")
    text, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise MalformedCheckpointError("The checkpoint has no blank line before its signatures.")
    signatures = lines.removesuffix("\n").split("\n")
    if len(signatures) > _SIGNATURES:
        raise MalformedCheckpointError(f"The checkpoint has more than {_SIGNATURES} signatures.")
    text += "\n"
    return Note(_checkpoint(text), text, tuple(_signature(line) for line in signatures))


def origin_for(controller: str, unique: bytes) -> str:
    """Return a name for a new log: the controller's in ASCII, and some random digits.

    Examples:
        >>> origin_for("Société Exemple, S.A.", bytes(4))
        'societe-exemple-s-a/log-00000000'
    """
    plain = unicodedata.normalize("NFKD", controller).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:60].strip("-")
    return f"{slug or 'kept'}/log-{unique.hex()}"


def _checkpoint(text: str) -> Checkpoint:
    match text.removesuffix("\n").split("\n"):
        case [origin, size, root, *more] if origin and all(more) and _SIZE.fullmatch(size):
            if int(size) > _LARGEST:
                raise MalformedCheckpointError("The checkpoint's size is larger than any log.")
            return Checkpoint(origin, int(size), _hash(root))
        case _:
            raise MalformedCheckpointError("The checkpoint has no origin, size and root.")


def _hash(text: str) -> Hash:
    raw = _decoded(text)
    if len(raw) != HASH_SIZE:
        raise MalformedCheckpointError("The checkpoint's root is no SHA-256.")
    return Hash(raw)


def _signature(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    if found is None:
        raise MalformedCheckpointError("The checkpoint has a line that is no signature.")
    raw = _decoded(found[2])
    if len(raw) <= _ID_SIZE:
        raise MalformedCheckpointError("The checkpoint has a signature that is too short.")
    return Signature(found[1], raw[:_ID_SIZE], raw[_ID_SIZE:])


def _decoded(text: str) -> bytes:
    """Decode base64 that is written in the one way that encoding writes it."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedCheckpointError("The checkpoint holds text that is no base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise MalformedCheckpointError("The checkpoint holds base64 with stray bits.")
    return raw
