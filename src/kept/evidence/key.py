"""Which key signs the log, and which key an outsider checks it with.

Source: C2SP signed-note (key ids), and the key formats of golang.org/x/mod/sumdb/note.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kept.evidence.errors import MalformedKeyError

KEY_SIZE = 32
_ED25519 = b"\x01"
_ID_SIZE = 4
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 key that checks signatures, with the name of the log that it belongs to.

    Attributes:
        name: The log's origin: no spaces, no plus.
        raw: The key's 32 bytes.
    """

    name: str
    raw: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.raw) != KEY_SIZE:
            raise MalformedKeyError("A key has a name without spaces or plus, and 32 bytes.")

    @property
    def fingerprint(self) -> str:
        """SHA-256 over name, kind and key, hexadecimal: what people compare."""
        return _fingerprint(self.name, self.raw).hex()

    @property
    def id(self) -> bytes:
        """The first four bytes of the fingerprint: a signature says them."""
        return _fingerprint(self.name, self.raw)[:_ID_SIZE]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Return whether this key's owner signed `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        """The key as ``log.pub`` has it: ``name+hash+base64``."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Return the key written as ``name+hash+base64``; outer space is ignored.

        Raises:
            MalformedKeyError: It is no such text, or its hash is not of this key.
        """
        key = cls(*_parsed(text.strip()))
        if str(key) != text.strip():
            raise MalformedKeyError("The key's hash is not the hash of the key.")
        return key


class Signer(Protocol):
    """Signs in the name of a log, wherever its secret is."""

    @property
    def public(self) -> PublicKey:
        """The key that checks what this signs."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of `message`."""
        ...


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that signs, in memory.

    Attributes:
        name: The log's origin.
        seed: The secret, 32 bytes, which no ``repr`` shows.
    """

    name: str
    seed: bytes = field(repr=False)
    _private: Ed25519PrivateKey = field(init=False, repr=False, compare=False)
    _public: PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE:
            raise MalformedKeyError("A signing key has 32 bytes.")
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_private", private)
        public = PublicKey(self.name, private.public_key().public_bytes_raw())
        object.__setattr__(self, "_public", public)

    @property
    def public(self) -> PublicKey:
        """The key that checks what this signs."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of `message`; the same message gives the same bytes."""
        return self._private.sign(message)

    @property
    def secret_text(self) -> str:
        """The key as its file has it: ``PRIVATE+KEY+name+hash+base64``."""
        return f"{_PRIVATE}{self.name}+{self.public.id.hex()}+{_base64(_ED25519 + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Return the key that `secret_text` wrote; outer space is ignored.

        Raises:
            MalformedKeyError: It is no such text. The message says nothing of it.
        """
        stripped = text.strip()
        if not stripped.startswith(_PRIVATE):
            raise MalformedKeyError("The file holds no signing key.")
        key = cls(*_parsed(stripped.removeprefix(_PRIVATE)))
        if key.secret_text != stripped:
            raise MalformedKeyError("The signing key's hash is not the hash of the key.")
        return key


def _parsed(text: str) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    digest, _, encoded = rest.partition("+")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedKeyError("The text is no key of the form name+hash+base64.") from None
    if not digest or len(raw) != KEY_SIZE + 1 or raw[:1] != _ED25519:
        raise MalformedKeyError("The text is no Ed25519 key of the form name+hash+base64.")
    return name, raw[1:]


def _fingerprint(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
