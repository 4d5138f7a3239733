"""What a file of separated values looks like: its encoding, delimiter, quotes and header."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from kept.connectors.files.lines import Text, decoded
from kept.inventory.classification.lexicon import known_words, lexicon

_DELIMITERS = ",;\t|^\x01"
_LINES = 200
_ENCODING_HEAD = 1 << 14
_ENCODINGS = ["cp1252", "cp1256", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr"]
_LONGEST_NAME = 100
_NUMBER = re.compile(r"[+-]?\d[\d\s.,'/:+TZ-]*%?")
_VALUE = re.compile(
    r".*@.*\..*|[0-9a-f]{8}-[0-9a-f]{4}-.*|[0-9a-f]{16,}|https?://.*|\+?[\d\s().-]{7,}",
    re.IGNORECASE,
)
_MOSTLY = 0.5
_CLAIM = 0.34


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How a file of separated values is written.

    Attributes:
        encoding: Of its lines, where they are not UTF-8.
        delimiter: What stands between two cells.
        quote: What a cell with a delimiter in it is put between.
        header: Whether its first line names the fields.
        names: Of the fields; ``"column 1"`` … where no line names them.
    """

    encoding: str
    delimiter: str
    quote: str
    header: bool
    names: tuple[str, ...]


def form_of(text: Text) -> CsvForm:
    """Return how a file is written, judged by its beginning."""
    head = text.head[text.start :]
    encoding = _encoding(head)
    shown = decoded(head, encoding)
    whole = shown if text.whole else shown.rpartition("\n")[0] or shown
    listed = [each for each in whole.splitlines() if each.strip()][:_LINES]
    quote = _quote(listed)
    delimiter = _delimiter(listed, quote)
    rows = parsed(listed, delimiter, quote)
    header = bool(rows) and is_header(rows[0], rows[1:])
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    names = _unique(rows[0]) if header else tuple(f"column {at}" for at in range(1, width + 1))
    return CsvForm(encoding=encoding, delimiter=delimiter, quote=quote, header=header, names=names)


def parsed(lines: Sequence[str], delimiter: str, quote: str) -> list[list[str]]:
    """Return the cells of lines; one that the parser does not take is split plainly."""
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter, quotechar=quote) if row]
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether a line names fields.

    A name never looks like a value. Beyond that it is named as fields are, or differs
    from what stands below it. In doubt it is no header: a person's name that was taken
    for a field's would be shown.

    Examples:
        >>> is_header(["name", "city"], [["Ada", "London"]])
        True
        >>> is_header(["Ada", "London"], [["Grace", "New York"]])
        False
    """
    cells = [each.strip() for each in first]
    filled = [each for each in cells if each]
    if not filled or any(map(_is_value, filled)):
        return False
    if not rows:
        return all(each.isidentifier() for each in filled)
    points = 0.0
    for at, cell in enumerate(cells):
        below = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        points += _points(cell, below)
    return points / len(filled) >= _CLAIM


def _points(cell: str, below: Sequence[str]) -> float:
    """Return how much speaks for a cell being the name of what stands below it."""
    if not cell:
        return 0.0
    if cell in below:
        return -0.6
    points = 0.0
    words = known_words(cell)
    vocabulary = lexicon().vocabulary
    if words and all(word in vocabulary for word in words):
        points += 1.0
    if "_" in cell or (cell[:1].islower() and any(map(str.isupper, cell[1:]))):
        points += 0.5
    if below and sum(map(_is_value, below)) > len(below) * _MOSTLY:
        points += 0.7
    elif below and _shape(cell) not in set(map(_shape, below)):
        points += 0.3
    return min(points, 1.0)


def _is_value(cell: str) -> bool:
    return (
        len(cell) > _LONGEST_NAME
        or not cell.isprintable()
        or _NUMBER.fullmatch(cell) is not None
        or _VALUE.fullmatch(cell) is not None
    )


def _shape(cell: str) -> str:
    """Return how a cell is spelt: small or capital letters, digits, anything else."""
    first = "A" if cell[:1].isupper() else "a" if cell[:1].isalpha() else cell[:1]
    return first + ("0" if any(map(str.isdigit, cell)) else "") + (" " if " " in cell else "")


def _encoding(head: bytes) -> str:
    """Return the encoding of a beginning that may be cut inside a character."""
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode()
    except UnicodeDecodeError:
        tried = head[:_ENCODING_HEAD]
        best = from_bytes(tried, cp_isolation=_ENCODINGS).best()
        return best.encoding if best is not None else "cp1252"
    return "utf-8"


def _quote(lines: Sequence[str]) -> str:
    double = sum(each.count('"') for each in lines)
    single = sum(each[:1] == "'" or ",'" in each or ";'" in each for each in lines)
    return "'" if not double and single > len(lines) * _MOSTLY else '"'


def _delimiter(lines: Sequence[str], quote: str) -> str:
    """Return what cuts the most lines into the same number of cells, of which two at least."""
    best, points = ",", (0.0, 0)
    for each in _DELIMITERS:
        counts = Counter(len(row) for row in parsed(lines, each, quote))
        many = [(count, width) for width, count in counts.items() if width > 1]
        if not many:
            continue
        count, width = max(many)
        share = count / max(1, sum(counts.values()))
        # Where two cut as evenly, the one that cuts into more.
        if (round(share, 1), width) > points:
            best, points = each, (round(share, 1), width)
    return best


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Return names for the cells of a header: none empty, none twice."""
    seen: dict[str, None] = {}
    for at, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {at}"
        number = 2
        unique = name
        while unique in seen:
            unique, number = f"{name} ({number})", number + 1
        seen[unique] = None
    return tuple(seen)
