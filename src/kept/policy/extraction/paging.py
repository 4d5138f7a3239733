"""How the lines of printed pages become paragraphs again."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_SPACE = re.compile(r"[^\S\n]+")
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Arabic letters as they are drawn, and Latin ones that are drawn as one.
_SHAPED = re.compile(r"[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]+")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\[ ]*(?:(?:page|p\.|seite|صفحة|الصفحة)\s*)?\d{1,4}(?:\s*(?:/|of|sur|de|من|\|)\s*\d{1,4})?"
    r"[-–—|\] ]*",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(?:[•●◦▪■○·‣⁃➢►✓\uf0b7\uf0a7*–—-]|o(?=\s)|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]"
    r"|\d{1,2}(?:\.\d{1,2})+\.?)\s+\S"
)
_LONE_MARK = re.compile(r"[•●◦▪■○·‣⁃➢►✓\uf0b7\uf0a7–-]|o|\(?(?:\d{1,3}|[a-z])[.)]")
_BROKEN = re.compile(r"[^\W\d_]-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_ENDS = ".!?؟;:"
_EDGE_LINES = 3
_FEWEST_PAGES = 3
_FULL = 0.8
_WIDTH_SHARE = 0.9
# A text of short lines alone is a list, and not a column that is full.
_NARROWEST = 40
_JOINS_ON = ("and", "or", "of", "the", "to", "et", "ou", "de", "la", "le", "les", "des", "و", "أو")


def paragraphs(pages: Sequence[str]) -> str:
    """Return the text of printed pages, each paragraph and item on a line of its own.

    Lines that stand at the top or foot of most pages are left out, words broken at the
    end of a line are whole again, and so are sentences broken at the end of a page.
    """
    lines = _without_edges([_lines(page) for page in pages])
    if not any(lines):
        return ""
    width = _width(lines)
    hyphenated = {
        found[0].casefold() for line in lines for found in _WORD.finditer(line) if "-" in found[0]
    }
    written: list[list[str]] = []
    apart = True
    last = ""
    for line in _with_marks(lines):
        if not line:
            # A page or a gap ended; a sentence may go on all the same.
            apart = apart or not last or last[-1] in _SENTENCE_ENDS
            continue
        if written and not apart and _goes_on(last, line, width):
            _append(written[-1], line, hyphenated)
        else:
            written.append([line])
        apart, last = False, line
    # Marks of items that never came leave nothing.
    return "\n\n".join(" ".join(each) for each in written) + "\n" if written else ""


def _lines(page: str) -> list[str]:
    shaped = _SHAPED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), page)
    plain = _UNPRINTED.sub("", shaped.replace("\r", "\n").replace("\x0c", "\n"))
    return [_SPACE.sub(" ", line).strip() for line in plain.split("\n")]


def _without_edges(pages: list[list[str]]) -> list[str]:
    """Return the lines of all pages without the heads and feet that repeat."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_DIGITS.sub("#", page[at]) for at in _edges(page)})
    least = max(_FEWEST_PAGES, len(pages) // 2)
    kept: list[str] = []
    for number, page in enumerate(pages):
        edges = _edges(page)
        outer = {edges[0], edges[-1]} if edges else set()
        for at, line in enumerate(page):
            repeats = at in edges and seen[_DIGITS.sub("#", line)] >= least
            numbers = at in outer and len(pages) > 1 and _PAGE_NUMBER.fullmatch(line)
            # The first page's title is the text's own, though it may head every page.
            first = number == 0 and at in edges[:_EDGE_LINES] and not numbers
            if not numbers and (first or not repeats):
                kept.append(line)
        kept.append("")
    return kept


def _edges(page: list[str]) -> list[int]:
    """Return which lines of a page are its first and last ones."""
    filled = [at for at, line in enumerate(page) if line]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _width(lines: list[str]) -> int:
    """Return how many characters a full line has."""
    lengths = sorted(len(line) for line in lines if line)
    return max(lengths[int(_WIDTH_SHARE * (len(lengths) - 1))], _NARROWEST)


def _with_marks(lines: list[str]) -> list[str]:
    """Put a bullet that stands alone before the words that it marks."""
    marked: list[str] = []
    waiting = ""
    for line in lines:
        if line and _LONE_MARK.fullmatch(line):
            waiting = line
        elif line:
            marked.append(f"{waiting} {line}" if waiting else line)
            waiting = ""
        elif not waiting:
            marked.append(line)
    return marked


def _goes_on(last: str, line: str, width: int) -> bool:
    """Return whether `line` goes on with the sentence or the paragraph of `last`."""
    if _MARKED.match(line):
        return False
    if _BROKEN.search(last) and line[0].islower():
        return True
    if last[-1] == "," or last.rsplit(" ", 1)[-1].casefold() in _JOINS_ON:
        return True
    # A line that still had room for the next word was ended on purpose.
    full = len(last) + 1 + len(line.split(" ", 1)[0]) > _FULL * width
    if line[0].islower():
        return last[-1] not in _SENTENCE_ENDS or full
    return full and last[-1] != ":"


def _append(paragraph: list[str], line: str, hyphenated: set[str]) -> None:
    before = paragraph[-1]
    if not (_BROKEN.search(before) and line[0].islower()):
        paragraph.append(line)
        return
    head, _, tail = before.rpartition(" ")
    first, _, rest = line.partition(" ")
    # "third-party" is written so elsewhere; "infor-mation" is not.
    known = _WORD.match(tail + first)
    whole = tail + first if known and known[0].casefold() in hyphenated else tail[:-1] + first
    paragraph[-1] = f"{head} {whole}" if head else whole
    if rest:
        paragraph.append(rest)
