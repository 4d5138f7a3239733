"""How an erased person is recognised again without keeping who they were.

What is kept is a keyed hash. Without the key, which lives in the vault, nobody can try
names until one fits; with it, the same identifier in another spelling gives the same hash.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NewType

from kept.subjects.identifier import Identifier, normalise
from kept.vocabulary.identifier_kind import IdentifierKind

Digest = NewType("Digest", bytes)
"""HMAC-SHA256 of an identifier or a row's key, 32 bytes."""

_KEY_SIZE = 32

Value = str | int | float | bytes | bool | None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Makes the hashes of what was erased.

    Attributes:
        key: 32 random bytes, which no ``repr`` shows.
    """

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != _KEY_SIZE:
            raise ValueError(f"a suppression key has {_KEY_SIZE} bytes")

    @property
    def id(self) -> str:
        """Says which key made a hash, so that hashes under a lost key are noticed."""
        return self._digest(b"id")[:8].hex()

    def identifier(self, identifier: Identifier) -> Digest:
        """Return the hash of an identifier, the same for every spelling of it.

        The kind is part of it: a number that is an account and a telephone gives two.
        """
        return self._digest(b"identifier", identifier.kind, identifier.normalised)

    def identifiers(self, kind: IdentifierKind, values: Sequence[str]) -> list[Digest]:
        """Return the hashes of many identifiers of one kind, in order.

        The same as `identifier` for each, at a third of its cost: what is the same for
        all of them is hashed once.
        """
        begun = self._begun(b"identifier", kind)
        hashes = []
        for value in values:
            message = begun.copy()
            raw = normalise(kind, value).encode("utf-8", "surrogatepass")
            message.update(b"s" + len(raw).to_bytes(8, "big") + raw)
            hashes.append(Digest(message.digest()))
        return hashes

    def row(self, store: str, dataset: str, key: Sequence[Value]) -> Digest:
        """Return the hash of one row's primary key, as a connector reads it.

        Keys can be given out again: that a row with this key exists does not by itself
        show that it is the erased person's. An identifier does.
        """
        return self._digest(b"row", store, dataset, *key)

    def _digest(self, domain: bytes, *parts: Value) -> Digest:
        return Digest(self._begun(domain, *parts).digest())

    def _begun(self, domain: bytes, *parts: Value) -> hmac.HMAC:
        message = hmac.new(self.key, b"kept suppression\x00", hashlib.sha256)
        for part in (domain, *parts):
            # Type and length first: no two lists of parts give one message.
            kind, raw = _encoded(part)
            message.update(kind + len(raw).to_bytes(8, "big") + raw)
        return message


def _encoded(part: Value) -> tuple[bytes, bytes]:
    match part:
        case None:
            return b"n", b""
        case bool():
            return b"b", str(int(part)).encode()
        case int():
            return b"i", str(part).encode()
        case float():
            return b"f", part.hex().encode()
        case bytes():
            return b"x", part
        case str():
            return b"s", part.encode("utf-8", "surrogatepass")
