"""What a text says once its dress is taken off, and where each word stands in the file."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kept.policy.columns import CELL_END, cell_gaps
from kept.policy.mojibake import repairs

_SPACES = dict.fromkeys(
    map(
        ord,
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    ),
    " ",
)
_NEWLINES = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
_QUOTES = {ord(each): "'" for each in "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07"} | {
    ord(each): '"' for each in "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"
}
_ARABIC = {ord(each): plain for each, plain in zip("،؛؟٪٫٬", ",;?%.,", strict=True)} | {
    zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)
}
_ONE_TO_ONE = _SPACES | _NEWLINES | _QUOTES | _ARABIC | {0x2011: "-", 0x2010: "-", 0x00AD: "\u200b"}

_LONGER = re.compile(
    r"\r\n?"
    r"|[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+"
    r"|</?[A-Za-z][^<>\n]{0,300}>|<!--[^<>]{0,300}-->"
)
_LINK = re.compile(r"!?(\[)[^\[\]\n]{1,300}(\]\([^()\s]{0,600}(?: \"[^\"\n]{0,100}\")?\))")
_MARKS = re.compile(r".[\u0300-\u036f\u064b-\u0655\u0670]+")
# Vowel signs and the stroke that lengthens a word: dress, written or left out at will.
_VOWELLED = re.compile(r"([\u0620-\u063f\u0641-\u064a\u066e-\u06d3])[\u0640\u064b-\u065f\u0670]+")
# A number in a circle begins an item, and must not become a number of the text.
_ENCLOSED = re.compile(r"[\u2460-\u24ff\u2776-\u2793]")
_HAMZAS = re.compile(r"[^\u0653-\u0655]+")


@dataclass(frozen=True, slots=True)
class View:
    r"""A text made plain, with the way back.

    Line ends are ``\n``, spaces and quotation marks are plain, characters are in
    normal form C, and what is no word (wrongly read emoji, marks of direction, tags
    and the addresses behind links) is gone. `raw_span` finds the words again.

    Attributes:
        text: What is read.
        raw: The text as decoded.
    """

    text: str
    raw: str
    _at: tuple[int, ...] = field(repr=False)
    _raw_start: tuple[int, ...] = field(repr=False)
    _raw_end: tuple[int, ...] = field(repr=False)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in `raw`; `end` is after `start`."""
        first = bisect_right(self._at, start) - 1
        last = bisect_right(self._at, end - 1) - 1
        raw_start = self._raw_start[first]
        if self._copied(first):
            raw_start += start - self._at[first]
        if self._copied(last):
            return raw_start, self._raw_start[last] + end - self._at[last]
        return raw_start, self._raw_end[last]

    def _copied(self, piece: int) -> bool:
        """Whether a piece has one character for each of the file's."""
        following = self._at[piece + 1] if piece + 1 < len(self._at) else len(self.text)
        return following - self._at[piece] == self._raw_end[piece] - self._raw_start[piece]


def view(raw: str) -> View:
    """Return the plain view of `raw`, in time linear in its length."""
    plain = _parted(raw, raw.translate(_ONE_TO_ONE | _compatible(raw)))
    pieces: list[str] = []
    at: list[int] = []
    raw_start: list[int] = []
    raw_end: list[int] = []
    length = done = 0
    # Wrong readings are told by the very characters, before any is made plain.
    repaired = (
        ((start, end, meant.translate(_ONE_TO_ONE)) for start, end, meant in repairs(raw))
        if not raw.isascii()
        else ()
    )
    for start, end, replacement in [*_changes(plain, repaired), (len(plain), len(plain), "")]:
        for words, first, last in ((plain[done:start], done, start), (replacement, start, end)):
            if words:
                pieces.append(words)
                at.append(length)
                raw_start.append(first)
                raw_end.append(last)
                length += len(words)
        done = end
    return View("".join(pieces), raw, tuple(at), tuple(raw_start), tuple(raw_end))


def _parted(raw: str, plain: str) -> str:
    """Return `plain` with a mark in each gap between two cells of a table."""
    pieces: list[str] = []
    done = 0
    for start, end in cell_gaps(raw):
        pieces += [plain[done:start], CELL_END, " " * (end - start - 1)]
        done = end
    return "".join([*pieces, plain[done:]]) if pieces else plain


def _compatible(raw: str) -> dict[int, str]:
    """Return the plain character for each that has one: full width, ligatures apart."""
    table: dict[int, str] = {}
    for each in set(raw):
        if each > "\x7f" and not _ENCLOSED.match(each):
            plain = unicodedata.normalize("NFKC", each)
            if len(plain) == 1 and plain != each and not plain.isspace():
                table[ord(each)] = plain
    return {key: value for key, value in table.items() if key not in _ONE_TO_ONE}


def _changes(plain: str, repaired: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return what to replace by something of another length, in order, not overlapping."""
    wanted = sorted([*_wanted(plain), *repaired])
    kept: list[tuple[int, int, str]] = []
    for start, end, replacement in wanted:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, replacement))
    return kept


def _wanted(plain: str) -> Iterator[tuple[int, int, str]]:
    for found in _LONGER.finditer(plain):
        yield found.start(), found.end(), "\n" if found[0].startswith("\r") else ""
    if "](" in plain:
        for found in _LINK.finditer(plain):
            yield found.start(), found.end(1), ""
            yield found.start(2), found.end(2), ""
    if not plain.isascii():
        if not unicodedata.is_normalized("NFC", plain):
            for found in _MARKS.finditer(plain):
                composed = unicodedata.normalize("NFC", found[0])
                if composed != found[0]:
                    yield found.start(), found.end(), composed
        for found in _VOWELLED.finditer(plain):
            letter = found[1] + _HAMZAS.sub("", found[0][1:])
            yield found.start(), found.end(), unicodedata.normalize("NFC", letter)
        for found in re.finditer(r"[\ufb00-\ufb06\ufef5-\ufefc\u2026]", plain):
            yield found.start(), found.end(), unicodedata.normalize("NFKC", found[0])
