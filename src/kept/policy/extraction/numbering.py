"""Which paragraphs of an office document are headings and items, and how they are marked."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import Element

_TITLES = frozenset({"title", "titre", "العنوان"})
_HEADING_NAME = re.compile(r"(?:heading|titre|überschrift|عنوان)\s*([1-9])", re.IGNORECASE)
_MOST_PARENTS = 12
_DEEPEST = 9
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LETTERS = 26
_LARGEST = 999
_MOST_ROMAN = 39


def named(element: "Element") -> str:
    """Return the name of `element` without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: "Element", name: str) -> str:
    """Return an attribute whatever namespace it is in; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a paragraph is.

    Attributes:
        heading: Level of a heading, 0 for none.
        mark: Number or dash before it, empty for none.
        depth: How deep an item stands in its list.
    """

    heading: int = 0
    mark: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Style:
    name: str = ""
    parent: str = ""
    outline: int | None = None
    number: str = ""
    depth: int | None = None


@dataclass(slots=True)
class _Level:
    kind: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class _Properties:
    style: str = ""
    outline: int | None = None
    number: str | None = None
    depth: int | None = None


class Numbering:
    """Counts the items of the lists of one document as they are met, first to last."""

    def __init__(self, styles: "Element | None", numbering: "Element | None") -> None:
        self._styles = _read_styles(styles)
        self._levels = _read_levels(numbering)
        self._counts: dict[str, list[int]] = {}

    def shape(self, paragraph: "Element") -> Shape:
        """Return what `paragraph` is; its number is counted."""
        own = _properties(paragraph)
        chain = self._chain(own.style)
        outline = own.outline
        number, depth = own.number, own.depth
        for style in chain:
            outline = style.outline if outline is None else outline
            number = style.number or None if number is None else number
            depth = style.depth if depth is None else depth
        heading = outline + 1 if outline is not None and outline < _DEEPEST else 0
        if not heading:
            heading = next(filter(None, map(_named_level, chain)), 0)
        level = min(max(depth or 0, 0), _DEEPEST - 1)
        mark = self._mark(number, level) if number and number != "0" else ""
        if not mark and not heading and any("list bullet" in each.name for each in chain):
            mark = "-"
        return Shape(heading, mark, level)

    def is_bold(self, paragraph: "Element") -> bool:
        """Return whether all words of `paragraph` are bold."""
        runs = [
            each
            for each in paragraph.iterdescendants()
            if named(each) == "r" and any((t.text or "").strip() for t in each if named(t) == "t")
        ]
        return bool(runs) and all(_is_bold_run(run) for run in runs)

    def _chain(self, name: str) -> list[_Style]:
        chain: list[_Style] = []
        while name in self._styles and len(chain) < _MOST_PARENTS:
            chain.append(self._styles[name])
            name = chain[-1].parent
        return chain

    def _mark(self, number: str, depth: int) -> str:
        levels = self._levels.get(number)
        if levels is None:
            return "-"
        level = levels.get(depth, _Level())
        if level.kind in {"bullet", "none"}:
            return "-" if level.kind == "bullet" else ""
        counts = self._counts.setdefault(number, [])
        del counts[depth + 1 :]
        while len(counts) <= depth:
            counts.append(levels.get(len(counts), _Level()).start - (len(counts) == depth))
        counts[depth] += 1
        written = level.text
        for at, count in enumerate(counts):
            written = written.replace(f"%{at + 1}", _numeral(count, levels.get(at, _Level()).kind))
        return written.strip()[:20]


def _numeral(count: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"} and 0 < count <= _LETTERS:
        letter = chr(ord("a") + count - 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in {"lowerRoman", "upperRoman"} and 0 < count <= _MOST_ROMAN:
        written, rest = "", count
        for worth, letters in _ROMAN:
            written += letters * (rest // worth)
            rest %= worth
        return written if kind == "lowerRoman" else written.upper()
    return str(min(count, _LARGEST))


def _named_level(style: _Style) -> int:
    if style.name in _TITLES:
        return 1
    found = _HEADING_NAME.match(style.name)
    return int(found[1]) if found else 0


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _properties(holder: "Element") -> _Properties:
    """Return what the properties of a paragraph, or of a style, say."""
    found = _Properties()
    for properties in (each for each in holder if named(each) == "pPr"):
        for each in properties:
            name = named(each)
            if name == "pStyle":
                found.style = attribute(each, "val")
            elif name == "outlineLvl":
                found.outline = _count(attribute(each, "val"))
            elif name == "numPr":
                for part in each:
                    if named(part) == "numId":
                        found.number = attribute(part, "val")
                    elif named(part) == "ilvl":
                        found.depth = _count(attribute(part, "val"))
    return found


def _read_styles(root: "Element | None") -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for element in () if root is None else root:
        if named(element) != "style":
            continue
        own = _properties(element)
        style = _Style(outline=own.outline, number=own.number or "", depth=own.depth)
        for each in element:
            if named(each) == "name":
                style.name = attribute(each, "val").strip().casefold()
            elif named(each) == "basedOn":
                style.parent = attribute(each, "val")
        styles[attribute(element, "styleId")] = style
    return styles


def _read_levels(root: "Element | None") -> dict[str, dict[int, _Level]]:
    """Return the levels of each list by its number."""
    shared: dict[str, dict[int, _Level]] = {}
    lists: dict[str, dict[int, _Level]] = {}
    for element in () if root is None else root:
        if named(element) == "abstractNum":
            shared[attribute(element, "abstractNumId")] = {
                _count(attribute(each, "ilvl")) or 0: _level(each)
                for each in element
                if named(each) == "lvl"
            }
        elif named(element) == "num":
            for each in element:
                if named(each) == "abstractNumId":
                    lists[attribute(element, "numId")] = shared.get(attribute(each, "val"), {})
    return lists


def _level(element: "Element") -> _Level:
    level = _Level()
    for each in element:
        value = attribute(each, "val")
        if named(each) == "numFmt":
            level.kind = value
        elif named(each) == "lvlText":
            level.text = value
        elif named(each) == "start":
            level.start = _count(value) or 0
    return level


def _is_bold_run(run: "Element") -> bool:
    return any(
        named(each) == "b" and attribute(each, "val") not in {"0", "false"}
        for properties in run
        if named(properties) == "rPr"
        for each in properties
    )
