"""Which headings stand in one line with the text under them.

Where pages are copied, line ends are lost: "... of our services. Information we collect: we
collect ...". Languages that say so are read with such headings parted from their text, and
with a date parted from the sentence that is glued to it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kept.policy.languages.language import Language
from kept.policy.meaning import LIKELY, heading_categories, own_scores
from kept.policy.sentences import split_sentences
from kept.policy.structure import BARE_LEVEL, Block, Part
from kept.policy.terms import dates_in

_LABEL = re.compile(r"[^\n:.!?;,@()]{2,70}:[ ]*(?=\S)")
_LABEL_WORDS = 8
_PARTED = frozenset({Part.PARAGRAPH, Part.LEAD_IN})
_STATED = re.compile(r"[:@\d]")
_COLON = re.compile(r"[ ]*:")
_LEAST_ITEMS = 2
_LEAST_WORDS = 2
_ITEM_LENGTH = 160
_SPACES = " \t\n-–—|"


def part_inline(
    text: str,
    blocks: Sequence[Block],
    tags: Sequence[str],
    languages: Mapping[str, Language],
) -> tuple[list[Block], tuple[str, ...]]:
    """Return the blocks with such headings as blocks of their own, and the tag of each."""
    parts: list[Block] = []
    told: list[str] = []
    blocks = _list_bare(text, blocks, tags, languages)
    for index, (block, tag) in enumerate(zip(blocks, tags, strict=True)):
        language = languages.get(tag)
        if language is None or not language.inline_headings or block.part not in _PARTED:
            parts.append(block)
            told.append(tag)
            continue
        below = blocks[index + 1] if index + 1 < len(blocks) else None
        found = list(_part(text, block, below, language))
        parts.extend(found)
        told.extend([tag] * len(found))
    return parts, tuple(told)


def _list_bare(
    text: str,
    blocks: Sequence[Block],
    tags: Sequence[str],
    languages: Mapping[str, Language],
) -> list[Block]:
    """Return the blocks with the short lines after a lead-in as its items, bullets or not."""
    listed = list(blocks)
    index = 0
    while index < len(listed):
        language = languages.get(tags[index])
        index += 1
        if language is None or not language.inline_headings or not _leads(text, listed[index - 1]):
            continue
        end = index
        named = _named(text, listed[index - 1], language)
        while end < len(listed) and _goes_on(text, listed, end, named, language):
            end += 1
        if end - index >= _LEAST_ITEMS:
            lead = listed[index - 1]
            listed[index - 1] = replace(lead, part=Part.LEAD_IN, end=_colon_after(text, lead))
            listed[index:end] = [
                replace(each, part=Part.ITEM, level=0) for each in listed[index:end]
            ]
            index = end
    return listed


def _leads(text: str, block: Block) -> bool:
    return block.part in {Part.LEAD_IN, Part.HEADING} and text[_colon_after(text, block) - 1] == ":"


def _colon_after(text: str, block: Block) -> int:
    """Return where a block ends, with the colon that a heading leaves out."""
    found = _COLON.match(text, block.end)
    return found.end() if found else block.end


def _named(text: str, lead: Block, language: Language) -> frozenset[str]:
    """Return the categories that a lead-in may be about."""
    reading = language.read(text, lead.start, lead.end)
    return frozenset(own_scores(reading)) | frozenset(heading_categories(reading))


def _goes_on(
    text: str, blocks: Sequence[Block], index: int, named: frozenset[str], language: Language
) -> bool:
    """Return whether a line may be an item of a list that has no bullets."""
    block = blocks[index]
    words = text[block.start : block.end]
    if block.marked or block.part not in {Part.HEADING, Part.PARAGRAPH}:
        return False
    if words[-1] in "?:" or len(words) > _ITEM_LENGTH or len(words.split()) < _LEAST_WORDS:
        return False
    reading = language.read(text, block.start, block.end)
    if reading.does("sentence"):
        return False
    if words[-1] in ".;," or not heading_categories(reading):
        return True
    # A heading and an item look alike: what is of the lead-in's own kind is an item.
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    own = {each for each, score in own_scores(reading).items() if score >= LIKELY}
    like_lead = bool(named & (own | heading_categories(reading).keys()))
    return (like_lead and not reading.does("asks")) or not _speaks(text, below, language)


def _speaks(text: str, block: Block | None, language: Language) -> bool:
    """Return whether a block is made of sentences."""
    if block is None or block.part is Part.ITEM:
        return False
    ended = text[block.end - 1] in ".!:"
    return ended or language.read(text, block.start, block.end).does("sentence")


def _part(text: str, block: Block, below: Block | None, language: Language) -> Iterator[Block]:
    if _is_bare_name(text, block, below, language):
        end = block.start + len(text[block.start : block.end].rstrip(" :"))
        yield Block(Part.HEADING, block.start, end, BARE_LEVEL)
        return
    begin = block.start
    for start, end in split_sentences(text, block.start, block.end, language.abbreviations):
        asked = text[end - 1] == "?" and end < block.end and _names(text, start, end, language)
        name = (end, end) if asked else _name(text, start, end, language)
        if name is not None:
            yield from _rest(text, block, begin, start)
            yield Block(Part.HEADING, start, name[0], BARE_LEVEL)
            begin = name[1]
            continue
        dated = _dated(text, start, end, language)
        if dated is not None:
            yield from _rest(text, block, begin, dated)
            begin = dated
    yield from _rest(text, block, begin, block.end)


def _is_bare_name(text: str, block: Block, below: Block | None, language: Language) -> bool:
    """Return whether a whole line names what the paragraphs under it hold."""
    if below is None or below.part is Part.ITEM or text[block.end - 1] in ".!;,":
        return False
    stated = _STATED.search(text, block.start, block.end)
    spoken = block.part is Part.LEAD_IN or (stated is None and _speaks(text, below, language))
    return spoken and _names(text, block.start, block.end, language)


def _names(text: str, start: int, end: int, language: Language) -> bool:
    reading = language.read(text, start, end)
    return (
        0 < len(reading.words) <= _LABEL_WORDS
        and bool(heading_categories(reading))
        and (reading.does("asks") or not reading.does("sentence"))
    )


def _name(text: str, start: int, end: int, language: Language) -> tuple[int, int] | None:
    """Return where a heading at the start of a sentence ends, and where its text begins."""
    found = _LABEL.match(text, start, end)
    if found is None or found.end() >= end:
        return None
    rest = text[found.end() : end]
    if (
        rest[0].isdigit()
        or "@" in rest.split(None, 1)[0]
        or _begins_with_date(text, found.end(), end, language)
        or not _names(text, *found.span(), language)
    ):
        return None
    return start + len(found[0].rstrip(" :")), found.end()


def _begins_with_date(text: str, start: int, end: int, language: Language) -> bool:
    """Return whether a date stands first: "Last updated: June 2025" heads nothing."""
    dates = dates_in(text, start, end, language.words(text, start, end), language.dates)
    return bool(dates) and not text[start : dates[0].start].strip()


def _dated(text: str, start: int, end: int, language: Language) -> int | None:
    """Return where the text begins that is glued to "Last updated: 4 January 2025"."""
    found = _LABEL.match(text, start, end)
    if found is None:
        return None
    dates = dates_in(text, start, end, language.words(text, start, end), language.dates)
    if not dates or text[found.end() : dates[0].start].strip() or dates[0].end >= end:
        return None
    after = text[dates[0].end : end]
    begins = len(after) - len(after.lstrip(_SPACES))
    # What goes on with the date itself stays with it: "4 January 2025, at noon".
    return dates[0].end + begins if after[begins : begins + 1].isalpha() else None


def _rest(text: str, block: Block, start: int, end: int) -> Iterator[Block]:
    """Yield what of a block stands between two places, if any words do."""
    while start < end and text[start] in _SPACES:
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    whole = (start, end) == (block.start, block.end)
    part = Part.LEAD_IN if text[end - 1] == ":" else Part.PARAGRAPH
    yield block if whole else replace(block, part=part, start=start, end=end)
