"""Which paragraphs carry a list within their sentence: "(a) ..., (b) ... and (c) ..."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kept.policy.structure import Block, Part

_MARK = re.compile(r"(?<![\w(])\(?(?P<mark>[a-h]|[ivx]{1,4}|\d{1,2})\)[ ]+(?=\S)")
_FIRST = frozenset({"a", "i", "1"})
_LEAST = 2
_TAIL = re.compile(r"[\s,;.]*(?:\b(?:and|or|et|ou|and/or)\b)?[\s,;.]*$")
_TAIL_LENGTH = 12
_NEXT = {"a": "b", "i": "ii", "1": "2"}


def unfold(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Return `blocks` with such paragraphs as a lead-in and its items."""
    return [part for block in blocks for part in _unfold(text, block)]


def _unfold(text: str, block: Block) -> Iterator[Block]:
    marks = (
        list(_MARK.finditer(text, block.start, block.end)) if block.part is not Part.HEADING else []
    )
    while marks and marks[0]["mark"] not in _FIRST:
        marks.pop(0)
    listed = len(marks) >= _LEAST and marks[1]["mark"] == _NEXT[marks[0]["mark"]]
    if not listed or marks[0].start() == block.start:
        yield block
        return
    lead_end = marks[0].start()
    while lead_end > block.start and text[lead_end - 1].isspace():
        lead_end -= 1
    part = Part.ITEM if block.part is Part.ITEM else Part.LEAD_IN
    yield replace(block, part=part, end=lead_end)
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else block.end
        if following:
            near = max(mark.end(), end - _TAIL_LENGTH)
            tail = _TAIL.search(text, near, end)
            end = tail.start() if tail else end
        if end > mark.end():
            yield Block(Part.ITEM, mark.end(), end, block.level + 1, marker=mark["mark"])
