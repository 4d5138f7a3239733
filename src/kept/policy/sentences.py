"""Where one sentence of a block ends and the next begins."""

import re
from collections.abc import Collection, Iterator

# A run of marks is tried from its first alone, so that a million of them take no longer each.
# A space is often missing after the full stop of an Arabic sentence.
_END = re.compile(
    r"(?<![.!?؟。…])[.!?؟。…]+[\"')\]*_]*(?=\s|$)|(?<=[\u0621-\u064a]{2})[.!?]+(?=[\u0621-\u064a]{2})"
)
_LAST_WORD = re.compile(r"[\w.'@]+$")
_NEXT = re.compile(r"\s+[\"'(\[*_]*")
_MAX_ABBREVIATION = 12


def split_sentences(
    text: str, start: int, end: int, abbreviations: Collection[str]
) -> Iterator[tuple[int, int]]:
    """Yield `(start, end)` of each sentence in ``text[start:end]``, in order.

    A full stop after an abbreviation, an initial or before a small letter ends nothing. An
    abbreviation with ``" #"`` is one only before a digit.
    """
    begin = start
    for found in _END.finditer(text, start, end):
        if found.end() < end and not _ends(text, begin, found, end, abbreviations):
            continue
        yield from _trimmed(text, begin, found.end())
        begin = found.end()
    yield from _trimmed(text, begin, end)


def _ends(
    text: str, begin: int, found: re.Match[str], end: int, abbreviations: Collection[str]
) -> bool:
    gap = _NEXT.match(text, found.end(), end)
    following = gap.end() if gap else end
    if following >= end:
        return True
    if found[0][0] in "!?؟。":
        return True
    if text[following].islower():
        return False
    word = _LAST_WORD.search(text, max(begin, found.start() - _MAX_ABBREVIATION), found.start())
    if word is None:
        return True
    form = word[0].lower().strip(".'")
    initial = len(form) == 1 and form.isalpha() and word[0].isupper()
    # "No. 5" goes on, and "No. We never do" does not.
    numbered = f"{form} #" in abbreviations and text[following].isdigit()
    return not initial and not numbered and form not in abbreviations


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
