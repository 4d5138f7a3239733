"""How a log proves that it only grew between two of its checkpoints."""

import base64
import binascii
import json
from dataclasses import dataclass

from kept.evidence.checkpoint import read_note
from kept.evidence.errors import MalformedCheckpointError, MalformedReceiptError
from kept.evidence.key import PublicKey
from kept.evidence.keyring import Keyring
from kept.evidence.receipt import LONGEST
from kept.evidence.tree import HASH_SIZE, Hash, extends

FORMAT = 1
_LONGEST_PROOF = 128


@dataclass(frozen=True, slots=True)
class Consistency:
    """Proof that the log under `new` begins with the whole log under `old`.

    Attributes:
        old: The earlier signed note.
        new: The later signed note.
        proof: Hashes that lead from both roots to each other.
    """

    old: str
    new: str
    proof: tuple[Hash, ...]

    def to_text(self) -> str:
        """Return the proof as the text of a file."""
        value = {
            "kept_consistency": FORMAT,
            "old": self.old,
            "new": self.new,
            "proof": [base64.b64encode(each).decode() for each in self.proof],
        }
        return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

    def holds(self, keys: PublicKey | Keyring) -> bool:
        """Return whether the log's own keys signed both, and the later extends the earlier."""
        ring = Keyring.of(keys)
        try:
            old, new = read_note(self.old), read_note(self.new)
        except MalformedCheckpointError:
            return False
        return (
            ring is not None
            and ring.signed(old)
            and ring.signed(new)
            and extends(
                old.checkpoint.size,
                old.checkpoint.root,
                new.checkpoint.size,
                new.checkpoint.root,
                self.proof,
            )
        )


def read_consistency(content: str) -> Consistency:
    """Return the proof that `Consistency.to_text` wrote. Nothing of it is believed yet.

    Raises:
        MalformedReceiptError: It is none.
    """
    try:
        value = json.loads(content) if len(content) <= LONGEST else None
    except (ValueError, RecursionError):
        value = None
    match value:
        case {"kept_consistency": 1, "old": str(old), "new": str(new), "proof": list(proof)} if (
            len(proof) <= _LONGEST_PROOF
        ):
            return Consistency(old, new, tuple(_hash(each) for each in proof))
        case _:
            raise MalformedReceiptError("The file is no proof that a log only grew.")


def _hash(value: object) -> Hash:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != HASH_SIZE:
        raise MalformedReceiptError("The proof holds something that is no hash.")
    return Hash(raw)
