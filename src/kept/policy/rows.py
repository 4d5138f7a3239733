"""Which cells of a table say something together, and which only name their row."""

from collections.abc import Sequence

from kept.policy.languages.language import Language
from kept.policy.meaning import heading_categories
from kept.policy.outline import Place

_PERIODS = frozenset({"retention", "delete"})
_DATA = frozenset({"collect"})
_WHAT_FOR = frozenset({"purpose"})
_COOKIES = "cookies"
_LEAST_CELLS = 2
_WIDEST = 16


def row_of(places: Sequence[Place], index: int) -> range:
    """Return the positions of the cells of the row that a cell belongs to.

    Of a row that is wider than any that people read, the cells nearby.
    """
    first = last = index
    while index - _WIDEST < first > 0 and _follows(places[first - 1], places[first]):
        first -= 1
    while last < min(index + _WIDEST, len(places) - 1) and _follows(places[last], places[last + 1]):
        last += 1
    return range(first, last + 1)


def _follows(one: Place, other: Place) -> bool:
    """Return whether a cell stands to the right of another in its row."""
    before, after = one.block.column, other.block.column
    if before is None or after is None:
        return False
    # A head that stands below the cell is one of the next table.
    return before[0] < after[0] < one.block.start


def names_its_row(text: str, places: Sequence[Place], index: int, language: Language) -> bool:
    """Return whether a cell only says of which data the periods beside it speak."""
    row = row_of(places, index)
    if index != row.start or len(row) < _LEAST_CELLS:
        return False
    own, *others = (
        frozenset[str]()
        if _is_aside(text, places[at], language)
        else _head(text, places[at], language)
        for at in row
    )
    said = frozenset[str]().union(*others)
    # "Category | Data | Kept for": the first column is the label of the second.
    return own <= _DATA and bool(said) and (said <= _PERIODS or bool(_DATA & said))


def goes_with_next(text: str, places: Sequence[Place], index: int, language: Language) -> bool:
    """Return whether a cell names a recipient, and the next one what for: one statement."""
    row = row_of(places, index)
    if index != row.start or len(row) < _LEAST_CELLS:
        return False
    beside = _head(text, places[index + 1], language)
    return "share" in _head(text, places[index], language) and beside <= _WHAT_FOR


def lists_cookies(text: str, places: Sequence[Place], index: int, language: Language) -> bool:
    """Return whether a row is one of a list of cookies: name, purpose and duration."""
    row = row_of(places, index)
    heads = [_head(text, places[at], language) for at in row]
    above = places[index].headings[:1]
    named = [
        heading_categories(language.read(text, places[at].block.start, places[at].block.end))
        for at in above
    ]
    return len(row) >= _LEAST_CELLS and any(_COOKIES in each for each in [*heads, *named])


def _is_aside(text: str, place: Place, language: Language) -> bool:
    """Return whether the cells of a column promise nothing: "Source", "Example"."""
    column = place.block.column
    return column is not None and language.read(text, *column).does("aside")


def _head(text: str, place: Place, language: Language) -> frozenset[str]:
    """Return the categories that the head of a cell's column names."""
    column = place.block.column
    return frozenset(heading_categories(language.read(text, *column))) if column else frozenset()
