"""How the elements of a page become the lines of a text."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kept.policy.extraction.addresses import address_behind, protected_address
from kept.policy.extraction.tables import is_table, table_lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from kept.policy.extraction.pruning import Weights

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "li",
        "dir",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "button",
    ]
)
_LISTS = frozenset({"ul", "ol", "dir"})
_BOLD = frozenset({"b", "strong"})
_HEADING = re.compile(r"h([1-6])")
_OWN_MARK = re.compile(r"(?:\(?(?:\d{1,3}|[a-zA-Z])[.)]|[•·▪‣–-])\s")
_SPACE = re.compile(r"\s+")
_TITLE_LENGTH = 100
_SHORT_DEFINITION = 120
_DEEPEST_INDENT = 8
_SENTENCE_ENDS = ".;!؟。,:"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 39
_LETTERS = 26


@dataclass(slots=True)
class _List:
    """A list that is being written."""

    style: str
    count: int

    def mark(self, value: str | None) -> str:
        """Return the mark of the next item."""
        if not self.style:
            return "-"
        given = value is not None and re.fullmatch(r"[0-9]{1,3}", value)
        self.count = int(value) if given and value else self.count + 1
        return f"{_numeral(self.count, self.style)}."


def _numeral(count: int, style: str) -> str:
    if style in "aA" and 0 < count <= _LETTERS:
        return chr(ord(style) + count - 1)
    if style in "iI" and 0 < count <= _MOST_ROMAN:
        written, rest = "", count
        for worth, letters in _ROMAN:
            written += letters * (rest // worth)
            rest %= worth
        return written if style == "i" else written.upper()
    return str(count)


class Writer:
    """Writes elements as they begin and end: headings as ``#``, items as ``-``, rows as ``|``."""

    def __init__(self, weights: "Weights") -> None:
        self._weights = weights
        self._lines: list[str] = []
        self._inline: list[str] = []
        self._lists: list[_List] = []
        self._links: list[int] = []
        self._mark = ""
        self._level = 0
        self._bold = 0
        self._plain = 0
        self._kept_lines = 0
        self._term = ""
        self._in_term = False
        self._titled = False

    def text(self) -> str:
        """Return what was written."""
        self._flush()
        self._flush_term()
        return "\n".join(self._lines).strip() + "\n" if any(self._lines) else ""

    def words(self, text: str) -> None:
        """Write words that stand between two tags."""
        if not text:
            return
        plain = text if self._kept_lines else _SPACE.sub(" ", text)
        if not self._bold and not plain.isspace():
            self._plain += 1
        self._inline.append(plain)

    def begin(self, element: "HtmlElement") -> bool:
        """Open an element; return whether its content is still to be written."""
        tag = element.tag
        if hidden := protected_address(element.get("data-cfemail", "")):
            self._inline.append(hidden)
            return False
        if tag == "br":
            self._inline.append("\n")
        elif tag == "a":
            self._links.append(len(self._inline))
        elif tag in _BOLD:
            self._bold += 1
        elif tag in _BLOCKS or element.get("role") in {"heading", "listitem", "list"}:
            return self._begin_block(element)
        return True

    def _begin_block(self, element: "HtmlElement") -> bool:
        tag, role = element.tag, element.get("role")
        self._flush()
        if tag == "table" and is_table(element, self._weights):
            self._put(table_lines(element))
            return False
        if found := _HEADING.fullmatch(tag):
            self._level = int(found[1])
        elif role == "heading":
            level = element.get("aria-level", "2")
            self._level = int(level) if re.fullmatch(r"[1-6]", level) else 2
        elif tag in _LISTS or role == "list":
            self._begin_list(element)
        elif tag == "li" or role == "listitem":
            self._mark = self._lists[-1].mark(element.get("value")) if self._lists else "-"
        elif tag == "dt":
            self._in_term = True
        elif tag == "summary":
            self._titled = True
        elif tag == "pre":
            self._kept_lines += 1
        return True

    def _begin_list(self, element: "HtmlElement") -> None:
        start = element.get("start", "1")
        first = int(start) if re.fullmatch(r"[0-9]{1,3}", start) else 1
        style = ""
        if element.tag == "ol":
            given = element.get("type", "1")
            style = given if given in {"1", "a", "A", "i", "I"} else "1"
        self._lists.append(_List(style, first - 1))

    def end(self, element: "HtmlElement") -> None:
        """Close an element."""
        tag = element.tag
        if tag == "a" and self._links:
            self._end_link(element, self._links.pop())
        elif tag in _BOLD:
            self._bold = max(self._bold - 1, 0)
        elif tag in _BLOCKS or element.get("role") in {"heading", "listitem", "list"}:
            self._flush()
            if tag == "dt":
                self._in_term = False
            elif tag == "dl":
                self._flush_term()
            elif (tag in _LISTS or element.get("role") == "list") and self._lists:
                self._lists.pop()
            elif tag == "pre":
                self._kept_lines = max(self._kept_lines - 1, 0)
            self._level, self._titled = 0, False
            if tag == "li" or element.get("role") == "listitem":
                self._mark = ""

    def _end_link(self, element: "HtmlElement", since: int) -> None:
        address = address_behind(element.get("href", ""))
        if not address:
            return
        said = "".join(self._inline[since:])
        if address.casefold() in said.casefold():
            return
        if "[email" in said and "protected]" in said:
            del self._inline[since:]
            said = ""
        self._inline.append(f" ({address})" if said.strip() else address)

    def _flush(self) -> None:
        """Write the words gathered since the last block as a block of their own."""
        if not self._inline:
            return
        gathered = "".join(self._inline)
        bold = not self._plain
        self._inline, self._plain = [], 0
        self._links = [0] * len(self._links)
        lines = [_SPACE.sub(" ", line).strip() for line in gathered.split("\n")]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        if lines:
            self._write(lines, bold=bold)

    def _write(self, lines: list[str], *, bold: bool) -> None:
        whole = " ".join(filter(None, lines))
        if self._in_term:
            self._term = f"{self._term} / {whole}" if self._term else whole
        elif self._level:
            self._flush_term()
            number = f"{self._mark} " if self._mark not in {"", "-"} else ""
            self._mark = ""
            self._put(["#" * self._level + f" {number}{whole}"])
        elif self._mark:
            self._flush_term()
            mark = "" if _OWN_MARK.match(lines[0]) else f"{self._mark} "
            self._mark = ""
            indent = self._indent()
            self._put([f"{indent}{mark}{lines[0]}", *(f"{indent}  {each}" for each in lines[1:])])
        elif self._term:
            self._define(lines)
        elif (bold or self._titled) and _is_title(lines):
            self._put([f"**{whole.rstrip(' :')}**"])
        else:
            self._put([f"{self._indent()}{each}" if each else "" for each in lines])

    def _define(self, lines: list[str]) -> None:
        term = self._term.rstrip(" :")
        if len(lines) == 1 and len(lines[0]) <= _SHORT_DEFINITION and not term.endswith("?"):
            self._term = ""
            self._put([f"- {term}: {lines[0]}"])
        else:
            self._flush_term()
            self._put(lines)

    def _flush_term(self) -> None:
        if self._term:
            self._put([f"**{self._term.rstrip(' :')}**"])
            self._term = ""

    def _indent(self) -> str:
        return "  " * min(max(len(self._lists) - 1, 0), _DEEPEST_INDENT)

    def _put(self, lines: list[str]) -> None:
        """Write one block; items of one list follow each other without a blank line."""
        if not lines:
            return
        item = lines[0].lstrip().startswith("- ")
        after_item = bool(self._lines) and self._lines[-1].lstrip().startswith("- ")
        numbered = bool(self._lists) and bool(_OWN_MARK.match(lines[0].lstrip()))
        if self._lines and not (item and after_item) and not numbered:
            self._lines.append("")
        self._lines.extend(lines)


def _is_title(lines: list[str]) -> bool:
    return (
        len(lines) == 1
        and len(lines[0]) <= _TITLE_LENGTH
        and lines[0][-1] not in _SENTENCE_ENDS.replace(":", "")
    )
