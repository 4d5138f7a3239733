"""How a table of a page becomes rows that can be read one by one."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kept.policy.extraction.addresses import protected_address

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from kept.policy.extraction.pruning import Weights

_SKIPPED = frozenset({"script", "style", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr"})
_LONG_CELL = 1500
_LONG_HEAD = 60
_MOST_COLUMNS = 60
_COUNT = re.compile(r"[0-9]{1,4}")
_SENTENCE_ENDS = ".;!؟。"


def is_table(table: "HtmlElement", weights: "Weights") -> bool:
    """Return whether `table` tells something by rows and columns, and does not only lay out."""
    if table.get("role") in {"presentation", "none"}:
        return False
    if weights.has_table(table) or weights.has_heading(table):
        return False
    widest = 0
    for row in table.iter("tr"):
        cells = [each for each in row if each.tag in {"td", "th"}]
        if any(weights.text(cell) > _LONG_CELL for cell in cells):
            return False
        widest = max(widest, len(cells))
    return widest > 1


def table_lines(table: "HtmlElement") -> list[str]:
    """Return the rows of `table` as lines: with its head first, or as items where it has none."""
    rows: list[list[str]] = []
    headed = False
    carried: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells = [each for each in row if each.tag in {"td", "th"}][:_MOST_COLUMNS]
        if not rows and cells:
            headed = all(each.tag == "th" for each in cells) or row.getparent().tag == "thead"
        words = _spread(cells, carried)
        if any(words):
            rows.append(words)
    caption = next((_cell(each) for each in table.iter("caption")), "")
    return ([caption, ""] if caption else []) + rows_as_lines(rows, headed=headed)


def rows_as_lines(rows: list[list[str]], *, headed: bool) -> list[str]:
    """Return rows of cells as lines that the reader knows for a table.

    Args:
        rows: The words of each cell, row by row.
        headed: Whether the first row is said to be the head of the columns; where it is
            not, its looks decide.
    """
    if not rows:
        return []
    if not headed and not (len(rows) > 1 and _looks_like_head(rows[0])):
        return [line for row in rows if any(row) for line in _items(row)]
    head, *rest = rows
    return [_row(head), "|" + "---|" * max(len(head), 1), *map(_row, rest)]


def _spread(cells: list["HtmlElement"], carried: dict[int, tuple[int, str]]) -> list[str]:
    """Return the words of each column, with what a cell above still says."""
    words: list[str] = []
    todo = list(reversed(cells))
    while (todo or len(words) in carried) and len(words) < _MOST_COLUMNS:
        column = len(words)
        if column in carried:
            left, said = carried.pop(column)
            words.append(said)
            if left > 1:
                carried[column] = (left - 1, said)
            continue
        cell = todo.pop()
        said = _cell(cell)
        words.append(said)
        down, across = _span(cell, "rowspan"), _span(cell, "colspan")
        if down > 1:
            carried[column] = (down - 1, said)
        words.extend([""] * (across - 1))
    return words[:_MOST_COLUMNS]


def _span(cell: "HtmlElement", name: str) -> int:
    given = cell.get(name, "1").strip()
    return min(int(given), _MOST_COLUMNS) if _COUNT.fullmatch(given) else 1


def _cell(cell: "HtmlElement") -> str:
    said = " ".join("".join(_words(cell)).split())
    return said.replace("|", "/").strip(" ;")


def _words(cell: "HtmlElement") -> Iterator[str]:
    """Yield the words of `cell` in order, with a mark where one stops for another."""
    todo: list[tuple[HtmlElement, bool]] = [(cell, False)]
    while todo:
        element, done = todo.pop()
        if done:
            yield " " if element.tag in _BREAKS else ""
            yield element.tail or ""
            continue
        if element is not cell:
            todo.append((element, True))
        if element.tag in _SKIPPED or not isinstance(element.tag, str):
            continue
        if element.tag in _BREAKS:
            yield "; " if element.tag == "li" and element.getprevious() is not None else " "
        hidden = protected_address(element.get("data-cfemail", ""))
        yield hidden or element.text or ""
        if not hidden:
            todo.extend((child, False) for child in reversed(element))


def _row(words: list[str]) -> str:
    return "| " + " | ".join(words) + " |"


def _items(words: list[str]) -> list[str]:
    """Return a row without a head as an item: its first cell names what the others say.

    Cells of whole sentences, as where two languages stand side by side, are items each.
    """
    said = [each for each in words if each]
    if len(said) > 1 and said[0][-1] not in _SENTENCE_ENDS:
        return [f"- {said[0].rstrip(' :')}: {'; '.join(said[1:])}"]
    return [f"- {each}" for each in said]


def _looks_like_head(words: list[str]) -> bool:
    said = [each for each in words if each]
    return len(said) == len(words) and all(
        len(each) <= _LONG_HEAD and each[-1] not in _SENTENCE_ENDS and "@" not in each
        for each in said
    )
