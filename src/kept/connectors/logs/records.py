"""How the lines of a log become records: a stack trace belongs to the line before it.

No line is lost: what follows no form that is known is the field ``message`` of a record
of its own, and what follows a record belongs to that record's ``message``.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator

from kept.connectors.files.lines import Line, Text, decoded, go_to, lines
from kept.connectors.files.table import next_line
from kept.connectors.logs.access import access, apache_error, nginx_error
from kept.connectors.logs.application import application, json_line, key_values, syslog
from kept.connectors.open_rows import Record
from kept.inventory.catalog import Column

MESSAGE = "message"

Reads = Callable[[str], Record | None]

FORMS: tuple[Reads, ...] = (
    access, json_line, nginx_error, apache_error, syslog, application, key_values,
)  # fmt: skip

_MOST_LINES = 500
_MOST_BYTES = 1 << 20
_LONGEST = 1 << 16
"""Bytes of a line that is taken apart; longer ones are free text."""

_CONTINUES = re.compile(
    r"[ \t]+\S|[ \t]*$|Caused by: |Suppressed: |Traceback \(most recent|\.\.\. \d+ more|"
    r"(?:[a-z_]\w*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)\b|During handling of the above|The above exception was|\}|\]|--- End of|\tat |goroutine \d"
)
_INDENTED = re.compile(r"[ \t]+\S")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:: .*)?$", re.DOTALL)
_TRACE = "Traceback (most recent"


class LogRecords:
    """Records of any of the forms that are known, mixed as they may be."""

    closed = False

    def columns(self, text: Text) -> tuple[Column, ...]:  # noqa: ARG002 - records name them
        """Return none: records name the fields."""
        return ()

    def records(self, text: Text, start: int) -> Iterator[tuple[Record, int]]:
        """Yield the records from `start` on."""
        go_to(text, start)
        yield from records(lines(text.stream, max(start, text.start)))

    def settled(self, text: Text, offset: int) -> int | None:
        """Return where the first line after `offset` begins."""
        return next_line(text, offset)


def records(read: Iterator[Line]) -> Iterator[tuple[Record, int]]:
    """Yield what lines say, each record with the offset after its last line."""
    reader = _Reader()
    held: _Held | None = None
    for line in read:
        text = decoded(line.content)
        if held is not None and held.takes(text, line):
            held.add(text, line)
            continue
        if held is not None:
            yield held.record(), held.end
        held = _Held(reader.read(text), line) if text.strip() else None
    if held is not None:
        yield held.record(), held.end


class _Reader:
    """Reads a line, trying first the forms that fitted before."""

    def __init__(self) -> None:
        self._forms = deque(FORMS)

    def read(self, line: str) -> Record:
        if len(line) <= _LONGEST:
            for form in self._forms:
                said = form(line)
                if said:
                    if form is not self._forms[0]:
                        self._forms.remove(form)
                        self._forms.appendleft(form)
                    return said
        return {MESSAGE: line}


class _Held:
    """A record to which the next lines may belong."""

    def __init__(self, said: Record, line: Line) -> None:
        self.end = line.end
        self._said = said
        self._more: list[str] = []
        self._size = len(line.content)
        self._whole = line.whole
        self._in_trace = str(said.get(MESSAGE, "")).startswith(_TRACE)
        self._indented = False

    def takes(self, text: str, line: Line) -> bool:
        """Return whether a line belongs to this record, and not to one of its own."""
        if not self._whole or len(self._more) >= _MOST_LINES:
            return False
        if self._size + len(line.content) > _MOST_BYTES:
            return False
        if _CONTINUES.match(text):
            return True
        # What was raised stands at the end of a trace, and is not indented.
        return self._in_trace and self._indented and _RAISED.match(text) is not None

    def add(self, text: str, line: Line) -> None:
        self._more.append(text)
        self._size += len(line.content)
        self._whole = line.whole
        self.end = line.end
        self._in_trace |= text.startswith(_TRACE)
        indented = _INDENTED.match(text) is not None
        if self._in_trace and self._indented and not indented and text.strip():
            self._in_trace = text.startswith(_TRACE)
        self._indented = indented

    def record(self) -> Record:
        more = "\n".join(self._more).rstrip("\n")
        if not more:
            return self._said
        before = self._said.get(MESSAGE)
        message = f"{before!s}\n{more}" if before is not None else more
        return {**self._said, MESSAGE: message}
