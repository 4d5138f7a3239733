"""Which keys have signed a log, and over which sizes each of them may speak.

A key that was replaced still verifies what it signed while it was the log's, and nothing
later: whoever steals a retired key cannot add to the log with it.
"""

import html
import re
from dataclasses import dataclass
from typing import Self

from kept.evidence.checkpoint import Note
from kept.evidence.errors import MalformedKeyError
from kept.evidence.key import PublicKey

LONGEST = 256 * 1024
"""Bytes that a page of keys may have: one that was saved from the web has a frame around it."""

_LINE = re.compile(
    r"(?P<key>[^\s+<>\"'=]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44})"
    r"(?:[ \t]+sizes[ \t]+(?P<first>\d{1,19})-(?P<last>\d{1,19})?|(?![ \t]+sizes))(?![\w+/=-])"
)


@dataclass(frozen=True, slots=True)
class Tenure:
    """How long a key was the log's, in sizes of the log.

    Attributes:
        key: The key.
        first: Smallest size whose checkpoint it may sign.
        last: Largest such size; ``None`` while it still signs.
    """

    key: PublicKey
    first: int = 0
    last: int | None = None

    def covers(self, size: int) -> bool:
        """Return whether the key may sign a checkpoint of `size` entries."""
        return self.first <= size and (self.last is None or size <= self.last)

    def __str__(self) -> str:
        """The line of a page of keys; of a key that always signed, the key alone."""
        if not self.first and self.last is None:
            return str(self.key)
        return f"{self.key} sizes {self.first}-{'' if self.last is None else self.last}"


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of one log, from the oldest: what is published, and what outsiders save.

    Attributes:
        tenures: One after the other, without a gap; the last one still signs.
    """

    tenures: tuple[Tenure, ...]

    def __post_init__(self) -> None:
        if not self.tenures:
            raise MalformedKeyError("There is no key.")
        expected = 0
        for each in self.tenures:
            if each.key.name != self.name or each.first != expected:
                raise MalformedKeyError("The keys are of several logs, or not in their order.")
            expected = (each.first if each.last is None else each.last) + 1
        *retired, current = self.tenures
        if current.last is not None or any(each.last is None for each in retired):
            raise MalformedKeyError("All keys but the last one end, and the last one does not.")
        if any(each.last is not None and each.last < each.first for each in retired):
            raise MalformedKeyError("A key ends before it begins.")

    @property
    def name(self) -> str:
        """The log's origin."""
        return self.tenures[0].key.name

    @property
    def current(self) -> PublicKey:
        """The key that signs now."""
        return self.tenures[-1].key

    def followed_by(self, key: PublicKey, last: int) -> "Keyring":
        """Return these keys and `key`, which takes over after the checkpoint of `last` entries."""
        *before, current = self.tenures
        ended = Tenure(current.key, current.first, last)
        return Keyring((*before, ended, Tenure(key, last + 1)))

    def named(self, fingerprint: str) -> Tenure | None:
        """Return the tenure of the key with this fingerprint, ``None`` if there is none."""
        return next((each for each in self.tenures if each.key.fingerprint == fingerprint), None)

    def signed(self, note: Note) -> bool:
        """Return whether the key that was the log's at that size signed `note`."""
        return any(
            each.covers(note.checkpoint.size) and note.signed_by(each.key) for each in self.tenures
        )

    def __str__(self) -> str:
        """The page of keys: one line for each, oldest first."""
        return "\n".join(str(each) for each in self.tenures)

    @classmethod
    def of(cls, keys: "PublicKey | Keyring | None") -> Self | None:
        """Return `keys` as a ring, also where it is a single key."""
        match keys:
            case PublicKey():
                return cls((Tenure(keys),))
            case Keyring():
                return cls(keys.tenures)
            case None:
                return None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the keys that a page holds: a plain file, or a web page as it was saved.

        Raises:
            MalformedKeyError: It holds none, or not the keys of one log in their order.
        """
        found = list(_LINE.finditer(html.unescape(text)))
        if not found:
            # For its message: the text is a key that is damaged, or none at all.
            PublicKey.parse(text)
            raise MalformedKeyError("The text holds no key of the form name+hash+base64.")
        lines = dict.fromkeys((each["key"], each["first"], each["last"]) for each in found)
        return cls(
            tuple(
                Tenure(PublicKey.parse(key), int(first or 0), int(last) if last else None)
                for key, first, last in lines
            )
        )
