"""What one entry of the log is."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from kept.evidence.body import Json, canonical, checked
from kept.evidence.errors import EntryRefusedError

_TYPE = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
_OPERATION = re.compile(r"[!-~]{1,200}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
_FIELDS = frozenset({"type", "version", "at", "operation", "body"})
_PSEUDONYM_KEY = 16


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One event that matters, as the log keeps it.

    Attributes:
        type: Dotted name of the kind of event, for example ``"request.erasure"``.
        version: Version of what the type's body holds, from 1.
        at: When it happened (UTC).
        operation: Names this one event; the log holds it once, however often it is
            appended. Printable ASCII without spaces.
        body: Ids, counts and codes. People appear under `pseudonym`.

    Raises:
        EntryRefusedError: It holds what no log may hold.
    """

    type: str
    version: int = 1
    at: datetime
    operation: str
    body: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _TYPE.fullmatch(self.type):
            raise EntryRefusedError("An entry's type is a dotted name in lower case.")
        if self.version < 1 or isinstance(self.version, bool):
            raise EntryRefusedError("An entry's version counts from 1.")
        if not _OPERATION.fullmatch(self.operation) or "@" in self.operation:
            raise EntryRefusedError("An entry's operation is printable ASCII with no space or @.")
        if self.at.tzinfo is None:
            raise EntryRefusedError("An entry's instant has no time zone.")
        object.__setattr__(self, "at", self.at.astimezone(UTC))
        object.__setattr__(self, "body", checked(self.body))

    @cached_property
    def leaf(self) -> bytes:
        """The entry as canonical JSON: what the tree hashes."""
        return canonical(self.to_json())

    def to_json(self) -> dict[str, Json]:
        """Return the entry as a JSON object."""
        return {
            "type": self.type,
            "version": self.version,
            "at": written(self.at),
            "operation": self.operation,
            "body": self.body,
        }

    @classmethod
    def from_json(cls, value: object) -> "Entry":
        """Return the entry that `to_json` wrote as `value`.

        Raises:
            EntryRefusedError: It is no such object, exactly.
        """
        if not isinstance(value, dict) or value.keys() != _FIELDS:
            raise EntryRefusedError("An entry has type, version, at, operation and body.")
        kind, version, operation = value["type"], value["version"], value["operation"]
        if not isinstance(kind, str) or not isinstance(operation, str):
            raise EntryRefusedError("An entry's type and operation are texts.")
        if not isinstance(version, int):
            raise EntryRefusedError("An entry's version counts from 1.")
        if not isinstance(value["body"], dict):
            raise EntryRefusedError("An entry's body is an object.")
        return cls(
            type=kind,
            version=version,
            at=read_instant(value["at"]),
            operation=operation,
            body=cast("Mapping[str, Json]", value["body"]),
        )


def pseudonym(key: bytes, operation: str) -> str:
    """Return the name under which the holder of `key` appears in one entry.

    It differs from entry to entry, so that entries of one person cannot be told to be of
    one person without the key; destroying the key unlinks them for good.

    Args:
        key: The person's own random key, of at least 16 bytes.
        operation: The entry's operation.

    Raises:
        ValueError: The key is too short to be random.
    """
    if len(key) < _PSEUDONYM_KEY:
        raise ValueError(f"a pseudonym needs a key of at least {_PSEUDONYM_KEY} bytes")
    message = b"kept pseudonym\x00" + operation.encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def written(at: datetime) -> str:
    """Return `at` as every entry writes instants: UTC, six decimals, ``Z``.

    Examples:
        >>> written(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))
        '2026-05-01T12:00:00.000000Z'
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_instant(text: object) -> datetime:
    """Return the instant that `written` wrote as `text`.

    Raises:
        EntryRefusedError: It is written in any other way.
    """
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise EntryRefusedError("An entry's instant is UTC with six decimals and a Z.")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise EntryRefusedError("An entry's instant is no date that exists.") from None
