"""How a file of separated values becomes rows: no line is lost, whatever it holds."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from kept.connectors.files.lines import Line, Text, decoded, go_to, lines
from kept.connectors.files.table import next_line
from kept.connectors.lake.csv_form import CsvForm, form_of
from kept.connectors.open_rows import Record
from kept.inventory.catalog import Column
from kept.inventory.connector import Value

_MOST_LINES = 500
"""Lines that one cell may run over. A quote that nobody closes would swallow the rest."""

_MOST_BYTES = 1 << 20
_AT_ONCE = 512
_ROOM = 2 << 20
"""Characters of lines that are parsed at once."""

_TRIED = 40
_IN_A_ROW = 5
_MAC = 1_000


class CsvRows:
    """Separated values. Cells beyond the last field belong to it: somebody forgot the quotes."""

    closed = True

    def columns(self, text: Text) -> tuple[Column, ...]:
        """Return the fields that the file's first line names, or as many as it has."""
        return tuple(Column(name=each, type="TEXT") for each in form_of(text).names)

    def records(self, text: Text, start: int) -> Iterator[tuple[Record, int]]:
        """Yield one row for each line, or for several that a quoted cell runs over."""
        form = form_of(text)
        names = form.names
        rows = self._rows(text, start, form)
        if form.header and start <= text.start:
            next(rows, None)
        for cells, end in rows:
            yield dict(zip(names, fitted(cells, len(names), form.delimiter), strict=False)), end

    def settled(self, text: Text, offset: int) -> int | None:
        """Return where a row begins: several from there on must have the right width."""
        form = form_of(text)
        at = next_line(text, offset)
        for _ in range(_TRIED):
            rows = self._rows(text, at, form)
            widths = [len(cells) for _, (cells, _) in zip(range(_IN_A_ROW), rows, strict=False)]
            if all(width == len(form.names) for width in widths):
                break
            at = next_line(text, at)
        return at

    def first(self, text: Text) -> int:
        """Return where the first row begins: after the line that names the fields."""
        form = form_of(text)
        if not form.header:
            return text.start
        return next((end for _, end in self._rows(text, 0, form)), text.start)

    def blanked(self, text: Text, line: bytes, after: Mapping[str, Value]) -> bytes:
        """Return the bytes of one row with some fields emptied, written as its file is."""
        form = form_of(text)
        content = line.rstrip(b"\r\n")
        ending = line[len(content) :].decode("ascii")
        (found,) = cells_of([decoded(content, form.encoding)], form)
        cells = [each or "" for each in fitted(found, len(form.names), form.delimiter)]
        for name, value in after.items():
            cells[form.names.index(name)] = "" if value is None else str(value)
        out = io.StringIO()
        csv.writer(
            out, delimiter=form.delimiter, quotechar=form.quote, lineterminator=ending
        ).writerow(cells)
        return out.getvalue().encode(form.encoding)

    def _rows(self, text: Text, start: int, form: CsvForm) -> Iterator[tuple[list[str], int]]:
        """Yield the cells of each row. Lines are parsed many at once: that is much quicker."""
        go_to(text, start)
        read = lines(text.stream, max(start, text.start))
        if b"\n" not in text.head and text.head.count(b"\r") > len(text.head) // _MAC:
            read = _mac(read)
        held: list[str] = []
        ends: list[int] = []
        size, room = 1, _ROOM
        for content, end in joined(read, form.quote.encode(), form.delimiter.encode()):
            line = decoded(content, form.encoding)
            if line.strip():
                held.append(line)
                ends.append(end)
                room -= len(line)
            if len(held) >= size or room < 0:
                yield from zip(cells_of(held, form), ends, strict=True)
                held, ends, size, room = [], [], min(_AT_ONCE, size * 2), _ROOM
        yield from zip(cells_of(held, form), ends, strict=True)


def cells_of(rows: Sequence[str], form: CsvForm) -> list[list[str]]:
    """Return the cells of each row: exactly as many lists as there are rows."""
    try:
        found = list(csv.reader(rows, delimiter=form.delimiter, quotechar=form.quote))
    except csv.Error:
        found = []
    if len(found) == len(rows):
        return found
    # The parser took two for one, or none: one by one, and by hand what it does not take.
    return [_alone(row, form) for row in rows]


def _alone(row: str, form: CsvForm) -> list[str]:
    try:
        found = list(csv.reader([row], delimiter=form.delimiter, quotechar=form.quote))
    except csv.Error:
        found = []
    return found[0] if len(found) == 1 else row.split(form.delimiter)


def fitted(cells: Sequence[str], width: int, delimiter: str) -> list[str | None]:
    """Return as many cells as there are fields; what is too much belongs to the last.

    Examples:
        >>> fitted(["1", "Hello", " world"], 2, ",")
        ['1', 'Hello, world']
        >>> fitted(["1", ""], 3, ",")
        ['1', None, None]
    """
    if len(cells) > width > 0:
        cells = [*cells[: width - 1], delimiter.join(cells[width - 1 :])]
    return [*(each or None for each in cells), *[None] * (width - len(cells))]


def joined(read: Iterator[Line], quote: bytes, delimiter: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield rows: one line, or those that an open quote holds together, within bounds.

    Where a quote is not closed within the bounds, its line stands alone, and the next
    ones are looked at again.
    """
    opens = re.compile(b"(?:^|" + re.escape(delimiter) + rb")\s*" + re.escape(quote))
    waiting: list[Line] = []
    while True:
        line = waiting.pop(0) if waiting else next(read, None)
        if line is None:
            return
        if line.content.count(quote) % 2 == 0 or not opens.search(line.content):
            yield line.content, line.end
            continue
        row, size = [line], len(line.content)
        for more in chain(waiting, read):
            row.append(more)
            size += len(more.content)
            if more.content.count(quote) % 2 or len(row) > _MOST_LINES or size > _MOST_BYTES:
                break
        waiting = waiting[len(row) - 1 :]
        if len(row) > 1 and row[-1].content.count(quote) % 2:
            yield b"\n".join(each.content for each in row), row[-1].end
        else:
            yield line.content, line.end
            waiting = row[1:] + waiting


def _mac(read: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines of a file that ends them with carriage returns alone."""
    for line in read:
        at = line.end - len(line.content)
        parts = line.content.split(b"\r")
        for number, part in enumerate(parts, 1):
            at += len(part) + (number < len(parts))
            if part:
                yield Line(part, at, line.whole)
