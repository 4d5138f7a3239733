"""What a field's sampled values are like, before anybody asks what they mean."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from kept.inventory.classification.evidence import NEARLY_ALL
from kept.inventory.classification.words import plain
from kept.inventory.connector import Value

LONGEST = 2_000
"""Characters of a value that are read; longer ones are cut."""
MOST_VALUES = 400
"""Values that are read."""

_SPREAD = 12
_WORTH_A_GLANCE = 40
_SPELLINGS = 4
"""Distinct values that a field of truth values has at most: two, in two spellings."""

_TRUTHS = frozenset(
    [
        "true",
        "false",
        "yes",
        "no",
        "t",
        "f",
        "y",
        "n",
        "oui",
        "non",
        "ja",
        "nein",
        "si",
        "vrai",
        "faux",
        "wahr",
        "falsch",
        "verdadero",
        "falso",
        "نعم",
        "لا",
        "0",
        "1",
        "on",
        "off",
    ]
)
_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")


_CODE = re.compile(r"^[^\s\d@]*\d[^\s@]*$", re.MULTILINE)


_CLASS = re.compile(r"(\[\^?\]?(?:\\.|[^\]\\])*\])")
_SPACES = r" \t\u00a0\u2009\u202f\u3000"


class Kind(Enum):
    """The kind of values that a field has."""

    NOTHING = "nothing"
    TRUTH = "truth"
    WHOLE = "whole"
    NUMBER = "number"
    BINARY = "binary"
    TEXT = "text"


@dataclass(frozen=True)
class Profile:
    """The sampled values of one field as text, one a line, and what is counted of them.

    Patterns are searched in all values at once: one pass of the regular expression
    engine over the whole column is many times cheaper than a call for each value.

    Attributes:
        texts: The values as text, without outer space and line breaks, cut at `LONGEST`.
        binary: How many values were bytes that are no text; they are not in `texts`.
        numeric: Whether the store gave numbers.
        truths: Whether the store gave truth values.
    """

    texts: tuple[str, ...]
    binary: int = 0
    numeric: bool = False
    truths: bool = False

    @classmethod
    def of(cls, values: Sequence[Value]) -> "Profile":
        """Return the profile of `values`; nulls and empty values are passed over."""
        present = [value for value in values[:MOST_VALUES] if value is not None]
        found = [_text(value) for value in present]
        seen = {type(value) for value, text in zip(present, found, strict=True) if text}
        texts = [text for text in found if text]
        if not "".join(texts).isprintable():
            texts = [_in_one_line(text) for text in texts]
        return cls(
            texts=tuple(texts),
            binary=found.count(None),
            numeric=bool(seen) and seen <= {int, float},
            truths=seen == {bool},
        )

    def __repr__(self) -> str:
        """Show counts alone: values are personal data, and representations reach logs."""
        return f"Profile({len(self.texts)} texts, {self.binary} binary)"

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self.texts) + self.binary

    @cached_property
    def joined(self) -> str:
        """All texts, one a line."""
        return "\n".join(self.texts)

    @cached_property
    def plain(self) -> str:
        """All texts in lower case and without accents, one a line."""
        return plain(self.joined)

    @cached_property
    def lines(self) -> list[str]:
        """The plain texts."""
        return self.plain.split("\n")

    @cached_property
    def spread(self) -> tuple[str, ...]:
        """A dozen texts from all over: what none of them fits, hardly a quarter of all fit."""
        return self.texts[:: max(1, len(self.texts) // _SPREAD)][: _SPREAD + 1]

    @cached_property
    def words(self) -> list[list[str]]:
        """Per value, its plain words of letters."""
        return [_WORD.findall(line) for line in self.lines]

    @cached_property
    def coded(self) -> bool:
        """Whether nearly all values are one piece with a digit in it: codes, numbers, digests."""
        return self.has_digits and self.share(_CODE) > NEARLY_ALL

    @cached_property
    def average_words(self) -> float:
        """Words of letters in a value, on average."""
        return sum(map(len, self.words)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def average_length(self) -> float:
        """Characters in a value, on average."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character that stands in a value."""
        return frozenset(self.joined)

    @cached_property
    def has_letters(self) -> bool:
        """Whether any value has a letter."""
        return any(map(str.isalpha, self.characters))

    @cached_property
    def has_digits(self) -> bool:
        """Whether any value has a digit."""
        return any(map(str.isdigit, self.characters))

    @cached_property
    def kind(self) -> Kind:
        """What kind of values these are."""
        if not self.texts:
            return Kind.BINARY if self.binary else Kind.NOTHING
        if self.truths or (len(self.texts) <= _SPELLINGS and set(self.lines) <= _TRUTHS):
            return Kind.TRUTH
        if all(map(_WHOLE.fullmatch, self.texts)):
            return Kind.WHOLE
        if all(map(_NUMBER.fullmatch, self.texts)):
            return Kind.NUMBER
        return Kind.TEXT

    def hits(self, pattern: re.Pattern[str]) -> int:
        """Return how many lines `pattern` finds: it matches whole lines (``^…$``, MULTILINE)."""
        return len(pattern.findall(self.joined))

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return the share of values that `pattern` matches as a whole.

        A share that is small (under a quarter or so) can be told as none: where many
        values are asked and none of `spread` fits, the rest are not read.
        """
        if len(self.texts) > _WORTH_A_GLANCE and not any(map(pattern.match, self.spread)):
            return 0.0
        return self.hits(pattern) / self.count if self.count else 0.0

    def share_in(self, known: frozenset[str]) -> float:
        """Return the share of values that are, in plain form, in `known`."""
        return sum(map(known.__contains__, self.lines)) / self.count if self.texts else 0.0


def _text(value: Value) -> str | None:
    """Return `value` as text, or ``None`` for bytes that are no text."""
    if isinstance(value, str):
        return value[:LONGEST].strip()
    if isinstance(value, bytes):
        try:
            # Not final: a character that the cut went through is no error.
            text = codecs.getincrementaldecoder("utf-8")().decode(value[: LONGEST * 4])
        except UnicodeDecodeError:
            return None
        if not _BREAKS.sub(" ", text).replace("\t", " ").isprintable():
            return None
        return text[:LONGEST].strip()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and value.bit_length() > LONGEST:
        return None
    return str(value)[:LONGEST].strip()


def _in_one_line(text: str) -> str:
    return _BREAKS.sub(" ", text.replace("\x00", " ")).strip() or "?"


def whole_line(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return `pattern` compiled so that it matches whole values of a `Profile`.

    Space in the pattern is space inside a value: it never goes on into the next one.
    """
    return re.compile(rf"^(?:{_in_line(pattern)})$", flags | re.MULTILINE)


def _in_line(pattern: str) -> str:
    pieces = _CLASS.split(pattern)
    for at, piece in enumerate(pieces):
        inside = piece.startswith("[")
        pieces[at] = piece.replace(r"\s", _SPACES if inside else f"[{_SPACES}]")
    return "".join(pieces)
