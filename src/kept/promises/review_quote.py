"""Where in a text words stand, and how alike two quotes are."""

import difflib
import re
import unicodedata

ALIKE = 0.85
"""How alike two quotes must be for a decision on one to speak of the other."""


def normalised(quote: str) -> str:
    """Return `quote` without what no reader sees: line wraps, letter case, Unicode form."""
    return " ".join(unicodedata.normalize("NFKC", quote).casefold().split())


def place_of(text: str, quote: str) -> tuple[int, int] | None:
    r"""Return where `quote` first stands in `text`, half-open, or ``None``.

    Every character counts but white space, of which any run is as good as another.

    Examples:
        >>> place_of("We keep\nnothing.", "keep nothing")
        (3, 15)
    """
    words = quote.split()
    if not words:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found else None


def likeness(one: str, other: str) -> float:
    """Return how alike two normalised quotes are, 0 to 1; below `ALIKE` it may say 0.

    Cost grows with the product of the lengths only for quotes that share their letters.
    """
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
