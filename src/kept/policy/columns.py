"""Which lines of a plain text are the rows of a table: with tabs, or in aligned columns."""

import re
from collections.abc import Iterator

CELL_END = "\x1f"
"""What stands in a view where a cell ends and the next begins."""

_LEAST_ROWS = 3
_LONGEST_CELL = 60
_LONGEST_LINE = 400
_GAP = re.compile(r"(?<=\S)(?:\t+ *| +\t+ *|[ \u00a0]{3,})(?=\S)")
_MARKED = re.compile(r"\s*(?:[|#>*•–-]|\d+[.)])")


def cell_gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield `(start, end)` of each gap between two cells, in order, in linear time.

    A table is three lines or more, one below the other, with as many short cells each;
    where spaces part them, the cells of a column begin at the same place.
    """
    if "\t" not in text and "   " not in text:
        return
    rows: list[list[tuple[int, int]]] = []
    shape: tuple[object, ...] = ()
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        gaps = _gaps(text, start, end)
        found = _shape(text, start, gaps)
        if rows and found != shape:
            yield from _of_table(rows)
            rows = []
        if gaps:
            rows.append(gaps)
            shape = found
        start = end + 1
    yield from _of_table(rows)


def _gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the gaps of a line that may be a row, none of one that may not."""
    if end - start > _LONGEST_LINE or _MARKED.match(text, start, end):
        return []
    gaps = [each.span() for each in _GAP.finditer(text, start, end)]
    edges = [start, *(edge for gap in gaps for edge in gap), end]
    cells = zip(edges[::2], edges[1::2], strict=True)
    return gaps if all(last - first <= _LONGEST_CELL for first, last in cells) else []


def _shape(text: str, start: int, gaps: list[tuple[int, int]]) -> tuple[object, ...]:
    """Return what the rows of one table share."""
    tabs = tuple("\t" in text[first:last] for first, last in gaps)
    return tabs if all(tabs) else (tabs, *(last - start for _, last in gaps))


def _of_table(rows: list[list[tuple[int, int]]]) -> Iterator[tuple[int, int]]:
    if len(rows) >= _LEAST_ROWS:
        for row in rows:
            yield from row
