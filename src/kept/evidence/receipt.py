"""What a person keeps as proof, and how anybody checks it with no network and no database.

A receipt is an entry, the hashes that lead from it to the root of the log's tree, and
the checkpoint in which the log signed that root. It names the key that signed and does
not carry it: a receipt that brings its own key proves nothing.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from kept.evidence.checkpoint import Note, read_note
from kept.evidence.entry import Entry
from kept.evidence.errors import (
    EntryRefusedError,
    MalformedCheckpointError,
    MalformedReceiptError,
)
from kept.evidence.key import PublicKey
from kept.evidence.keyring import Keyring
from kept.evidence.tree import HASH_SIZE, Hash, leaf_hash, root_from_inclusion

FORMAT = 1
LONGEST = 1024 * 1024
"""Bytes that a receipt may have; one of a large request has some thousands."""

_FIELDS = frozenset(
    {"kept_receipt", "entry", "leaf_index", "tree_size", "proof", "checkpoint", "key_id"}
)
_LARGEST = 2**63 - 1
_LONGEST_PROOF = 63
_FINGERPRINT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that one entry is in the log.

    Attributes:
        entry: What was done.
        leaf_index: Its place in the log, from 0.
        tree_size: Size of the log that the checkpoint speaks of.
        proof: Hashes from the entry up to the root.
        checkpoint: The signed note.
        key_id: Fingerprint of the key that signed it (`PublicKey.fingerprint`).
    """

    entry: Entry
    leaf_index: int
    tree_size: int
    proof: tuple[Hash, ...]
    checkpoint: str
    key_id: str

    def to_json(self) -> dict[str, object]:
        """Return the receipt as a JSON object."""
        return {
            "kept_receipt": FORMAT,
            "entry": self.entry.to_json(),
            "leaf_index": self.leaf_index,
            "tree_size": self.tree_size,
            "proof": [base64.b64encode(each).decode() for each in self.proof],
            "checkpoint": self.checkpoint,
            "key_id": self.key_id,
        }

    def to_text(self) -> str:
        """Return the receipt as the text of a file: JSON that a person can read."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n"


class Reason(StrEnum):
    """What the verification of a receipt came to, as a stable code."""

    VERIFIED = "verified"
    SIGNER_UNVERIFIED = "signer-unverified"
    WRONG_CHECKPOINT = "checkpoint-malformed"
    WRONG_SIZE = "tree-size-differs-from-checkpoint"
    WRONG_PROOF = "proof-has-wrong-length"
    WRONG_ROOT = "entry-is-not-under-the-signed-root"
    WRONG_SIGNER = "not-signed-by-the-key-named"
    WRONG_KEY = "signed-by-another-key"
    RETIRED_KEY = "signed-by-a-key-that-was-not-the-logs-then"
    WRONG_SIGNATURE = "signature-does-not-verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is known of a receipt.

    Attributes:
        ok: Everything was checked and holds, the signer too. Never true without a key.
        intact: The receipt does not contradict itself. True without a key, too, and
            then worth nothing until the fingerprint was compared with a published one.
        signer: Name of the key that signed, or ``"unverified"``.
        fingerprint: Fingerprint of the key that is said to have signed.
        root: Root of the tree in base64, as the checkpoint has it; empty if unreadable.
        entry: What was done, as the receipt says.
        reason: Why it is so.
    """

    ok: bool
    intact: bool
    signer: str
    fingerprint: str
    root: str
    entry: Entry
    reason: Reason


UNVERIFIED = "unverified"


def verify(receipt: Receipt, key: PublicKey | Keyring | None) -> Verification:
    """Check `receipt`: entry, proof, size, root, checkpoint, and the signer if `key` is given.

    Args:
        receipt: What somebody holds out.
        key: The log's key or keys, from a file or a page saved before; never from the receipt.
    """
    keys = Keyring.of(key)
    try:
        note = read_note(receipt.checkpoint)
    except MalformedCheckpointError:
        return _result(receipt, None, Reason.WRONG_CHECKPOINT)
    reason = _contradiction(receipt, note)
    if reason is None:
        reason = Reason.SIGNER_UNVERIFIED if keys is None else _signer(receipt, note, keys)
    return _result(receipt, note, reason)


def read_receipt(content: bytes | str) -> Receipt:
    """Return the receipt that a file holds. Nothing of it is believed before `verify`.

    Raises:
        MalformedReceiptError: It is no receipt. The message says what is wrong with it.
    """
    if len(content) > LONGEST:
        raise MalformedReceiptError(f"The file is larger than {LONGEST} bytes: no receipt is.")
    value = _parsed(content)
    if not isinstance(value, dict) or "kept_receipt" not in value:
        raise MalformedReceiptError("The file is JSON and no receipt of Kept.")
    if type(value["kept_receipt"]) is not int or value["kept_receipt"] != FORMAT:
        raise MalformedReceiptError(
            "The receipt has a format that this version does not know.",
            remedy="Verify it with a newer version of Kept.",
        )
    if value.keys() != _FIELDS:
        raise MalformedReceiptError("The receipt has fields too few or too many.")
    return _receipt(cast("dict[str, object]", value))


def _receipt(value: dict[str, object]) -> Receipt:
    try:
        entry = Entry.from_json(value["entry"])
        _ = entry.leaf
    except EntryRefusedError as refused:
        raise MalformedReceiptError(f"The receipt's entry is none: {refused}") from None
    checkpoint, key_id = value["checkpoint"], value["key_id"]
    if not isinstance(checkpoint, str):
        raise MalformedReceiptError("The receipt's checkpoint is no text.")
    if not isinstance(key_id, str) or not _is_fingerprint(key_id):
        raise MalformedReceiptError("The receipt's key id is no fingerprint.")
    return Receipt(
        entry=entry,
        leaf_index=_number(value["leaf_index"]),
        tree_size=_number(value["tree_size"]),
        proof=_proof(value["proof"]),
        checkpoint=checkpoint,
        key_id=key_id,
    )


def _contradiction(receipt: Receipt, note: Note) -> Reason | None:
    """Return what in the receipt contradicts itself, whoever signed it."""
    if receipt.tree_size != note.checkpoint.size:
        return Reason.WRONG_SIZE
    root = root_from_inclusion(
        leaf_hash(receipt.entry.leaf), receipt.leaf_index, receipt.tree_size, receipt.proof
    )
    if root is None:
        return Reason.WRONG_PROOF
    if root != note.checkpoint.root:
        return Reason.WRONG_ROOT
    short = bytes.fromhex(receipt.key_id)[:4]
    if not any(
        (each.name, each.key) == (note.checkpoint.origin, short) for each in note.signatures
    ):
        return Reason.WRONG_SIGNER
    return None


def _signer(receipt: Receipt, note: Note, keys: Keyring) -> Reason:
    tenure = keys.named(receipt.key_id)
    if tenure is None or note.checkpoint.origin != keys.name:
        return Reason.WRONG_KEY
    if not note.signed_by(tenure.key):
        return Reason.WRONG_SIGNATURE
    return Reason.VERIFIED if tenure.covers(note.checkpoint.size) else Reason.RETIRED_KEY


def _result(receipt: Receipt, note: Note | None, reason: Reason) -> Verification:
    ok = reason is Reason.VERIFIED
    return Verification(
        ok=ok,
        intact=ok or reason is Reason.SIGNER_UNVERIFIED,
        signer=note.checkpoint.origin if ok and note else UNVERIFIED,
        fingerprint=receipt.key_id,
        root=base64.b64encode(note.checkpoint.root).decode() if note else "",
        entry=receipt.entry,
        reason=reason,
    )


def _parsed(content: bytes | str) -> object:
    try:
        text = content.decode() if isinstance(content, bytes) else content
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_refuse("a number with a fraction"),
            parse_constant=_refuse("a value that is not JSON"),
        )
    except UnicodeDecodeError:
        raise MalformedReceiptError("The file is no UTF-8 text.") from None
    except (ValueError, RecursionError):
        raise MalformedReceiptError("The file is no complete JSON.") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a repeated key: another reader would see another receipt."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedReceiptError("The receipt says one thing twice.")
    return result


def _refuse(what: str) -> Callable[[str], object]:
    def refuse(_: str) -> object:
        raise MalformedReceiptError(f"The receipt holds {what}.")

    return refuse


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise MalformedReceiptError("The receipt's index and size are whole numbers from 0.")
    return value


def _proof(value: object) -> tuple[Hash, ...]:
    if not isinstance(value, list) or len(value) > _LONGEST_PROOF:
        raise MalformedReceiptError(f"The receipt's proof is a list of at most {_LONGEST_PROOF}.")
    return tuple(_hash(each) for each in value)


def _hash(value: object) -> Hash:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != HASH_SIZE or base64.b64encode(raw).decode() != value:
        raise MalformedReceiptError("The receipt's proof holds something that is no hash.")
    return Hash(raw)


def _is_fingerprint(text: str) -> bool:
    return len(text) == _FINGERPRINT and all(each in "0123456789abcdef" for each in text)
