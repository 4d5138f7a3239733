"""Which headings, lead-ins, items and paragraphs a text is made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from kept.policy.columns import CELL_END
from kept.policy.lines import Line, Shape, read_lines

_ENDS = ".;!?…؟。"
_WRAP_LIMIT = 140
_HEADING_WORDS = 12
_HEADING_LENGTH = 110
_SHORT_WORDS = 7
_TOP_WORDS = 10
_SHORT_ITEM = 110
BARE_LEVEL = 9
"""How deep a heading is that nothing but its words shows."""
_SPACED_LEVEL = 5
_MINOR_LENGTH = 3
_ITEM_LENGTH = 200
_WORD = re.compile(r"[^\W_]+")
# A word as it takes its room in a line: with the marks that are written to it.
_WRITTEN = re.compile(r"\S+")
_VALUE = re.compile(r":[ ]*\S|@|https?:|www\.|\d{4}")
# A line that ends so goes on in the list under it: "4.1 We may disclose your data to".
_GOES_ON = re.compile(r" (?:to|with|for|from|by|including|that|à|aux|avec|pour|إلى|مع)$")
_CELL = re.compile(rf"[^|\n{CELL_END}]+")


class Part(Enum):
    """What a block is in its document."""

    HEADING = auto()
    LEAD_IN = auto()
    ITEM = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a lead-in, an item of a list or a paragraph.

    Attributes:
        part: Which of them.
        start: Where its words start in the view, after bullet or number.
        end: Where they end.
        level: Of a heading, 1 the highest; of an item, its depth in the list.
        marked: Whether the text itself marks the heading (``#``, a number, underlining),
            so that its words need not look like one.
        marker: Bullet or number.
        column: For a cell of a table, where the words of its column's head stand.
    """

    part: Part
    start: int
    end: int
    level: int = 0
    marked: bool = False
    marker: str = ""
    column: tuple[int, int] | None = None


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of `text` in order, in time linear in its length."""
    lines = _mark_underlined(list(read_lines(text)))
    groups = _join(text, lines)
    levels = _Levels(lines)
    blocks: list[Block] = []
    head: list[tuple[int, int]] = []
    for index, group in enumerate(groups):
        following = groups[index + 1] if index + 1 < len(groups) else None
        if group[0].shape is Shape.ROW:
            cells = _cells(text, group[0])
            ruled = following is not None and following[0].shape is Shape.ROW_RULE
            if not head or ruled or (index and group[0].blanks):
                head = cells
            else:
                blocks.extend(_row(cells, head))
            continue
        if group[0].shape is not Shape.ROW_RULE:
            head = []
            previous = groups[index - 1] if index else None
            blocks.append(_block(text, group, previous, following, levels))
    blocks = _unmarked_lists(text, blocks)
    return _nest(blocks, [group[0].indent for group in groups if group[0].shape is Shape.BULLET])


def _unmarked_lists(text: str, blocks: list[Block]) -> list[Block]:
    """Return `blocks` with lines that semicolons put in a list, without a mark, as items."""
    plain = [each.part is Part.PARAGRAPH for each in blocks]
    open_ended = [
        plain[at] and text[each.end - 1] == ";" and each.end - each.start <= _ITEM_LENGTH
        for at, each in enumerate(blocks)
    ]
    kept = list(blocks)
    for at, block in enumerate(blocks):
        goes_on = at > 0 and open_ended[at - 1]
        if plain[at] and (goes_on or (open_ended[at] and plain[at + 1 : at + 2] == [True])):
            kept[at] = replace(block, part=Part.ITEM)
    return kept


def _mark_underlined(lines: list[Line]) -> list[Line]:
    """Make a heading of a line that is underlined; drop the rules."""
    kept: list[Line] = []
    for line in lines:
        if line.shape is Shape.UNDERLINE and kept and line.blanks == 0:
            above = kept[-1]
            if above.shape in {Shape.TEXT, Shape.NUMBERED} and above.width <= _HEADING_LENGTH:
                kept[-1] = replace(above, shape=Shape.HEADING, level=line.level)
        elif line.shape not in {Shape.RULE, Shape.UNDERLINE}:
            kept.append(line)
    return kept


def _join(text: str, lines: Sequence[Line]) -> list[list[Line]]:
    """Put the lines of one paragraph or item together."""
    width = _wrap_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.shape is Shape.TEXT and _continues(text, groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the column at which the text is wrapped, 0 where it is not."""
    widths = [line.width for line in lines if line.shape in {Shape.TEXT, Shape.BULLET}]
    widest = max(widths, default=0)
    if not widths or widest > _WRAP_LIMIT:
        return 0
    full = sum(width > 0.75 * widest for width in widths)
    return widest if full >= max(3, 0.25 * len(widths)) else 0


def _continues(text: str, above: Line, line: Line, width: int) -> bool:
    """Return whether `line` goes on with what `above` began."""
    if line.blanks or above.shape in {Shape.HEADING, Shape.ROW, Shape.ROW_RULE}:
        return False
    last = text[above.end - 1]
    first_word = _WRITTEN.match(text, line.start)
    # A line that still had room for the next word was ended on purpose.
    was_full = (
        bool(width and first_word)
        and above.width + 1 + len(first_word[0] if first_word else "") > width
    )
    if text[line.start].islower():
        return was_full or last not in _ENDS + ":"
    if last == "," or (last == "-" and was_full):
        return True
    return was_full and (last != ":" or not text[line.start].isupper())


class _Levels:
    """How deep a heading is that does not say so itself."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.numbered = any(line.shape in {Shape.NUMBERED, Shape.HEADING} for line in lines)
        self.spaced = sum(line.blanks > 1 for line in lines) > 1

    def of(self, line: Line) -> int:
        if line.level:
            return line.level
        return (
            _SPACED_LEVEL if self.spaced and line.blanks > 1 and not self.numbered else BARE_LEVEL
        )


def _block(
    text: str,
    group: list[Line],
    previous: list[Line] | None,
    following: list[Line] | None,
    levels: _Levels,
) -> Block:
    line = group[0]
    start, end = line.start, group[-1].end
    words = text[start:end]
    if line.shape is Shape.HEADING:
        return Block(Part.HEADING, start, _without_colon(words, end), levels.of(line), marked=True)
    if line.shape is Shape.BULLET:
        return Block(Part.ITEM, start, end, line.indent, marker=line.marker)
    in_list = line.shape is Shape.NUMBERED and _in_list(line, previous, following)
    if len(group) == 1 and following and _heads(words, line, following[0], in_list=in_list):
        numbered = line.shape is Shape.NUMBERED
        level = line.level if numbered else levels.of(line)
        return Block(Part.HEADING, start, _without_colon(words, end), level, marked=numbered)
    if in_list or line.marker.startswith("("):
        return Block(Part.ITEM, start, end, line.indent, marker=line.marker)
    return Block(Part.LEAD_IN if words.endswith(":") else Part.PARAGRAPH, start, end)


def _heads(words: str, line: Line, following: Line, *, in_list: bool) -> bool:
    """Return whether a single line without a mark of a heading is one."""
    if line.shape is Shape.NUMBERED:
        # "1) When you open an account, we ask for:" leads in.
        leads_in = (words.endswith(":") and "," in words) or (
            following.shape is Shape.BULLET and bool(_GOES_ON.search(words))
        )
        return not in_list and not leads_in and _may_be_heading(words, limit=_HEADING_WORDS)
    return _is_bare_heading(words, line, following)


def _in_list(line: Line, previous: list[Line] | None, following: list[Line] | None) -> bool:
    """Return whether a numbered line stands right beside another of its list."""
    if line.level > 1 and line.width > _SHORT_ITEM:
        return False
    return any(
        other is not None
        and other[0].shape is Shape.NUMBERED
        and other[0].level == line.level
        and _style(other[0].marker) == _style(line.marker)
        for other in (previous, following)
    )


def _style(marker: str) -> str:
    """Return the marker with its count left out."""
    return re.sub(r"\d+", "1", re.sub(r"[A-Za-z\u0621-\u064a]+", "a", marker))


def _may_be_heading(words: str, *, limit: int) -> bool:
    body = words.rstrip(" *_:")
    count = len(_WORD.findall(body[: _HEADING_LENGTH + 1]))
    return (
        0 < count <= limit
        and len(body) <= _HEADING_LENGTH
        and (body[-1] not in _ENDS or body[-1] in "?؟")
        and body[-1] != ","
    )


def _is_bare_heading(words: str, line: Line, following: Line) -> bool:
    """Return whether a line without a mark is a heading by its looks."""
    if not _may_be_heading(words, limit=_HEADING_WORDS) or _VALUE.search(words.rstrip(": ")):
        return False
    if words.endswith(":"):
        # Before a list, "Security controls include:" leads in; "Information We Collect:" heads.
        before_list = following.shape in {Shape.BULLET, Shape.NUMBERED}
        return _is_title(words, wholly=before_list)
    title = _is_title(words)
    count = len(_WORD.findall(words))
    apart = line.blanks > 0 or line.start == 0
    if apart and words[-1] in "?؟":
        # A question alone in its line asks what the text under it answers.
        return True
    # Set apart above, and right on top of the text under it, without a full stop.
    on_top = line.blanks > 0 and not following.blanks and following.width > line.width
    if on_top and following.shape is Shape.TEXT and count <= _TOP_WORDS:
        return True
    return title or (count <= _SHORT_WORDS and (apart or following.width > 2 * line.width))


def _is_title(words: str, *, wholly: bool = False) -> bool:
    """Return whether most, or all, of the words that count begin with a capital."""
    counted = [each for each in _WORD.findall(words) if len(each) > _MINOR_LENGTH]
    capitals = sum(not each[0].islower() for each in counted)
    if not counted:
        return not words[0].islower()
    # In a script without capitals nothing is a title by its letters alone.
    cased = any(each[0].isupper() for each in counted)
    return cased and (capitals == len(counted) if wholly else capitals * 2 > len(counted))


def _without_colon(words: str, end: int) -> int:
    return end - (len(words) - len(words.rstrip(" :*_")))


def _cells(text: str, line: Line) -> list[tuple[int, int]]:
    cells = []
    for found in _CELL.finditer(text, line.start, line.end):
        inner = found[0].strip(" *_`")
        if inner:
            start = found.start() + found[0].index(inner)
            cells.append((start, start + len(inner)))
        else:
            cells.append((found.start(), found.start()))
    return cells


def _row(cells: list[tuple[int, int]], head: list[tuple[int, int]]) -> list[Block]:
    return [
        Block(Part.ITEM, start, end, marker="|", column=head[index] if index < len(head) else None)
        for index, (start, end) in enumerate(cells)
        if end > start
    ]


def _nest(blocks: list[Block], indents: list[int]) -> list[Block]:
    """Turn the columns of items into depths: 0 for the outermost in the document."""
    depth = {indent: index for index, indent in enumerate(sorted(set(indents)))}
    return [
        replace(block, level=depth.get(block.level, 0)) if block.part is Part.ITEM else block
        for block in blocks
    ]
