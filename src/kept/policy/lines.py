"""What each line of a plain text is by its shape alone."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from kept.policy.columns import CELL_END

GLYPHS = (
    "\\-–—*•·●○◦▪▫■□►▶▸▹➢➤➔✓✔✗→»‣⁃∙◆◇❖♦+\u2460-\u24ff\u2776-\u2793\uf0b7\uf0a7\u2705\u2611\u25aa"
)
_BULLET = re.compile(rf"[{GLYPHS}](?:[ ]+|(?=[^\W\d_]))|o  +")
# A star or a hyphen without a space begins emphasis or a number, not an item.
_TIGHT = frozenset("*+-")
# "Firstly:" and so on, with and without its hamza and its last vowel.
_ORDINALS = "|".join(
    ["[أا]ولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا", "عاشرا"]
    + [f"{unit} عشر" for unit in ("حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن")]
)
_NTH = (
    "ال(?:[أا]ول[ىي]?|ثاني|ثانية|ثالثة?|رابعة?|خامسة?|سادسة?|سابعة?|ثامنة?|تاسعة?|عاشرة?|حادية?)"
    "(?:[ ]عشرة?)?"
)
_NUMBER = re.compile(
    r"(?P<section>(?:section|article|part|chapitre|partie)[ ]{1,3}[\divxIVX]{1,6}[ ]*[.:)\-–—]?[ ]+"
    rf"|(?:المادة|القسم|الفصل|البند|الباب|المحور|الفقرة|الجزء)[ ]{{1,3}}(?:\(?\d{{1,3}}\)?|{_NTH})[ ]*[.:)\-–—]*[ ]+)"
    r"|(?P<dotted>\d{1,3}(?:\.\d{1,3}){1,4}[.)]?[ ]+|\d{1,2}-\d{1,2}[ ]+(?=[\u0621-\u064a]))"
    rf"|(?P<ordinal>(?:{_ORDINALS})[ ]*[:.)\-–—][ ]+)"
    r"|(?P<plain>\d{1,3}(?:(?:°\)?|\\?[.)\-])[ ]+|[ ]?[.)\-]+[ ]*(?=[\u0621-\u064a])))"
    r"|(?P<abjad>[أابتثجدهوزحطيكلمن](?:[ ]?[.)\-–][ ]+|\)[ ]*))"
    r"|(?P<bracket>\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[\u0621-\u064a]{1,2})\)[ ]*)"
    r"|(?P<letter>(?:[a-zA-Z]|[ivxIVX]{2,5})[.)][ ]+)",
    re.IGNORECASE,
)
# "Q: ...?" heads what "A:" answers.
_ASKED = re.compile(
    r"(?:س|سؤال|السؤال|q|question)[ ]?\d{0,2}[ ]?:[ ]*(?=\S.{3,250}[?؟]$)", re.IGNORECASE
)
_ANSWERED = re.compile(
    r"(?:ج|جواب|الجواب|الإجابة|a|r|answer|réponse|reponse)[ ]?\d{0,2}[ ]?:[ ]*(?=\S.{3})",
    re.IGNORECASE,
)
_ASKED_LEVEL = 8
_MARKED = re.compile(r"(#{1,6})[ ]+(?=\S)")
_UNDERLINE = re.compile(r"(?:={3,}|-{3,})[ ]*$")
_RULE = re.compile(r"(?:[-*_=~•·] ?){3,}$")
_BOLD = re.compile(r"(\*\*|__)(?=\S)[^*_\n]{1,120}\1[ ]*:?$")
# Emphasis that is closed at the beginning of the next line: a heading, and a line break.
_BOLD_OPEN = re.compile(r"(\*\*|__)(?=\S)[^*_\n]{1,80}$")
_BOLD_CLOSED = re.compile(r"\n[ ]{0,3}(?:\*\*|__)(?=\s)")
_ROW_RULE = re.compile(r"\|?[ ]*:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)+\|?$")
_FRONT_MATTER = 4_000
_STATED = re.compile(r":[ ]*\S|\d{4}|@|\.[*_ ]*$")
_DECORATION = frozenset({"So", "Sk", "Cn", "Co", "Mn", "Cf"})
_EDGES = " \t*_`~"


class Shape(Enum):
    """What a line looks like."""

    BLANK = auto()
    HEADING = auto()
    UNDERLINE = auto()
    RULE = auto()
    BULLET = auto()
    NUMBERED = auto()
    ROW = auto()
    ROW_RULE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        shape: What it looks like.
        start: Where its words start, after indent, marker and decoration.
        end: Where its words end.
        indent: Columns before its first mark.
        width: Columns of the whole line.
        marker: Its bullet or number, without spaces.
        level: Depth of a heading or a number; 0 where the shape says none.
        blanks: How many blank lines stand before it.
    """

    shape: Shape
    start: int
    end: int
    indent: int = 0
    width: int = 0
    marker: str = ""
    level: int = 0
    blanks: int = 0


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of `text` that are not blank, first to last."""
    start, blanks = _after_front_matter(text), 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = _read(text, start, end, blanks)
        if line.shape is Shape.BLANK:
            blanks += 1
        else:
            yield line
            blanks = 0
        start = end + 1


def _after_front_matter(text: str) -> int:
    """Return where the text begins after the block of settings that static sites put first."""
    if not text.startswith("---\n"):
        return 0
    end = text.find("\n---\n", 3, _FRONT_MATTER)
    return end + 5 if end > 0 else 0


def _read(text: str, start: int, end: int, blanks: int) -> Line:
    width = end - start
    first = _skip(text, start, end, " >")
    last = end
    while last > first and text[last - 1] in " |":
        last -= 1
    if first >= last:
        return Line(Shape.BLANK, first, first)
    indent = first - start
    body = text[first:last]
    shape, marker, level, skip = _shape(body, text[first:end].rstrip())
    if shape is Shape.TEXT and _BOLD_OPEN.match(body) and _BOLD_CLOSED.match(text, end):
        shape, marker, level = Shape.HEADING, "**", 8
    at = _undecorated(text, first + skip, last)
    if shape is Shape.TEXT and at > first:
        # A decoration may stand before a bullet or a number.
        shape, marker, level, skip = _shape(text[at:last], "")
        at = _undecorated(text, at + skip, last)
    while last > at and (text[last - 1] in _EDGES or _is_decoration(text[last - 1])):
        last -= 1
    if at >= last and shape not in {Shape.UNDERLINE, Shape.RULE, Shape.ROW_RULE}:
        return Line(Shape.BLANK, first, first)
    return Line(shape, at, last, indent, width, marker, level, blanks)


def _shape(body: str, whole: str) -> tuple[Shape, str, int, int]:
    """Return shape, marker, level, and how many characters the marker takes."""
    piped = whole.count("|") > 1 or (whole.startswith("|") and "|" in whole[1:])
    if piped or CELL_END in whole:
        return (Shape.ROW_RULE if _ROW_RULE.match(whole) else Shape.ROW), "|", 0, 0
    if found := _MARKED.match(body):
        return Shape.HEADING, found[1], len(found[1]), found.end()
    if _UNDERLINE.match(body):
        return Shape.UNDERLINE, body[0], 1 if body[0] == "=" else 2, 0
    if _RULE.match(body):
        return Shape.RULE, "", 0, 0
    if _BOLD.match(body) and not _STATED.search(body):
        return Shape.HEADING, "**", 8, 2
    return _marked_item(body)


def _marked_item(body: str) -> tuple[Shape, str, int, int]:
    if found := _ASKED.match(body):
        return Shape.HEADING, "**", _ASKED_LEVEL, found.end()
    if found := _ANSWERED.match(body):
        return Shape.TEXT, "", 0, found.end()
    found = _BULLET.match(body)
    if found and not (body[0] in _TIGHT and found.end() == 1):
        return Shape.BULLET, body[0], 0, found.end()
    if found := _NUMBER.match(body):
        marker = found[0].strip()
        level = len(re.findall(r"\d+", marker)) if found.lastgroup == "dotted" else 1
        return Shape.NUMBERED, marker, level, found.end()
    return Shape.TEXT, "", 0, 0


def _skip(text: str, start: int, end: int, characters: str) -> int:
    while start < end and text[start] in characters:
        start += 1
    return start


def _undecorated(text: str, start: int, end: int) -> int:
    while start < end and (text[start] in _EDGES or _is_decoration(text[start])):
        start += 1
    return start


def _is_decoration(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character) in _DECORATION
