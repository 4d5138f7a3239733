"""How lines that are drawn from left to right and read from right to left become words again.

A PDF knows no direction: it says where each letter stands. What stands on one line is put
together from left to right, and turned round where it is Arabic. Numbers and Latin words keep
their own order. Whether letters were drawn as they stand is decided by the words themselves:
no Arabic word begins with the letter that only ends one.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LETTERS = re.compile(r"[\u0621-\u064a\u0671-\u06d3]+")
# Stretches that are read from left to right within a line: words, numbers and addresses.
_LEFTWARD = re.compile(
    r"[A-Za-z\u00c0-\u024f0-9\u0660-\u0669\u06f0-\u06f9]"
    r"(?:[^\u0600-\u065f\u066a-\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]*"
    r"[A-Za-z\u00c0-\u024f0-9\u0660-\u0669\u06f0-\u06f9%])?"
)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_MARKS = re.compile(r"([\u064b-\u0655\u0670]+)([\u0621-\u064a])")
_ALONE = {"ال": "لا", "وال": "ولا", "فال": "فلا", "إال": "إلا", "أال": "ألا"}
_JOINED = re.compile(r"([اأإآ])ل")
_GAP = 0.18
_SAME_LINE = 0.3
_LEAST_WORD = 3
_MOST_STRANGE = 0.03
_MOST_SWAPS = 4
_MOST_LETTERS = 30_000
_FEW = 120


class Run(NamedTuple):
    """Letters that are drawn together.

    Attributes:
        left: Where they begin.
        right: Where they end.
        base: The line that they stand on, from the foot of the page.
        height: How tall they are.
        text: What they are, in the order in which they are drawn.
    """

    left: float
    right: float
    base: float
    height: float
    text: str


def is_arabic(text: str) -> bool:
    """Return whether a text has Arabic letters."""
    return _ARABIC.search(text) is not None


def is_mostly_arabic(text: str) -> bool:
    """Return whether a page is in Arabic, and not only the name of the language is."""
    return len(_ARABIC.findall(text)) >= _FEW


def read_lines(runs: Sequence[Run], known: str) -> str | None:
    """Return the lines of a page as they are read, or ``None`` where that cannot be decided.

    Args:
        runs: What is drawn on it.
        known: The same letters as a reader of one stretch after another finds them: in it
            each word stands whole, whatever the order of words and lines.
    """
    lines = [_line(each) for each in _by_line(runs)]
    if not _drawn(lines):
        return None
    seen = _plain(known)
    if len(seen) > _MOST_LETTERS:
        return None
    words = [_turned(line) if is_arabic(line) else line for line in lines]
    settled = [_with_ligatures(line, seen) for line in words]
    told = [word for line in settled for word in _LETTERS.findall(line) if len(word) >= _LEAST_WORD]
    strange = sum(word not in seen for word in told)
    return "\n".join(settled) if strange <= _MOST_STRANGE * len(told) else None


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", text)))


def _by_line(runs: Sequence[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: -each.base):
        near = lines and abs(lines[-1][0].base - run.base) <= _SAME_LINE * max(run.height, 1.0)
        if near:
            lines[-1].append(run)
        else:
            lines.append([run])
    return lines


def _line(runs: Sequence[Run]) -> str:
    """Return the runs of a line from left to right, with the spaces that stand between them."""
    text, right = "", None
    for run in sorted(runs, key=lambda each: each.left):
        apart = right is not None and run.left - right > _GAP * run.height
        text += f" {run.text}" if apart and text[-1:] != " " and run.text[:1] != " " else run.text
        right = run.right
    return re.sub(r"[^\S\n]+", " ", text).strip()


def _drawn(lines: Sequence[str]) -> bool:
    """Return whether the letters stand in the order in which they are drawn."""
    first = last = 0
    for line in lines:
        for word in _LETTERS.findall(unicodedata.normalize("NFKC", line)):
            if len(word) < _LEAST_WORD:
                continue
            first += word[0] in "ةى" or word.endswith("لا")
            last += word[-1] in "ةى" or word.startswith("ال")
    return first > 2 * last


def _turned(line: str) -> str:
    """Return a line that is drawn from left to right as it is read from right to left."""
    parts: list[str] = []
    end = 0
    for found in _LEFTWARD.finditer(line):
        parts += [_reversed(line[end : found.start()]), found[0]]
        end = found.end()
    parts.append(_reversed(line[end:]))
    plain = unicodedata.normalize("NFKC", "".join(reversed(parts)))
    return re.sub(r"\s+", " ", plain).strip()


def _reversed(text: str) -> str:
    return _MARKS.sub(r"\2\1", text[::-1].translate(_MIRRORED))


def _with_ligatures(line: str, seen: str) -> str:
    """Return a line with the letters of "la" in order where a font draws both as one."""
    return _LETTERS.sub(lambda found: _word(found[0], seen), line)


def _word(word: str, seen: str) -> str:
    if word in _ALONE:
        return _ALONE[word]
    if len(word) < _LEAST_WORD or word in seen:
        return word
    pairs = [found.start() for found in _JOINED.finditer(word)][:_MOST_SWAPS]
    for chosen in range(1, 1 << len(pairs)):
        letters = list(word)
        for at, pair in enumerate(pairs):
            if chosen >> at & 1:
                letters[pair], letters[pair + 1] = letters[pair + 1], letters[pair]
        if (swapped := "".join(letters)) in seen:
            return swapped
    return word
