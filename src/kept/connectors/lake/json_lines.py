"""How lines of JSON become rows: one field for each key, nested values as JSON texts."""

import json
from collections.abc import Iterator, Mapping

from kept.connectors.files.lines import Text, decoded, go_to, lines
from kept.connectors.files.table import next_line
from kept.connectors.open_rows import OTHER, Record
from kept.inventory.catalog import Column
from kept.inventory.connector import Value

_DOCUMENT = 64 << 20
"""Bytes of a file that is one JSON document and is read at once."""

_LONGEST = 8 << 20
_KEY = 200
_FIRST = 200
"""Bytes of a first line that only begins an object."""


class JsonLines:
    """One JSON object a line; a file that is one list of objects is read as one a row.

    A line that is no object, and what of one is too long to be read at once, is kept as
    it is in the field `OTHER`.
    """

    closed = False

    def columns(self, text: Text) -> tuple[Column, ...]:  # noqa: ARG002 - rows name them
        """Return none: rows name the fields."""
        return ()

    def records(self, text: Text, start: int) -> Iterator[tuple[Record, int]]:
        """Yield one row for each line that is not empty."""
        document = _document(text) if _is_document(text) else None
        if document is not None:
            yield from ((each, number) for number, each in enumerate(document, 1) if number > start)
            return
        go_to(text, start)
        for line in lines(text.stream, max(start, text.start), _LONGEST):
            if line.content.strip():
                yield row(decoded(line.content)), line.end

    def first(self, text: Text) -> int:
        """Return where the first line begins."""
        return text.start

    def blanked(self, text: Text, line: bytes, after: Mapping[str, Value]) -> bytes:  # noqa: ARG002 - a line tells all
        """Return the bytes of one line with some fields emptied.

        What is no object is kept in the field `OTHER` alone, and goes with it.
        """
        content = line.rstrip(b"\r\n")
        read = parsed_whole(decoded(content))
        told = (
            b""
            if read is None
            else json.dumps(
                emptied(read, after), ensure_ascii=False, separators=(",", ":")
            ).encode()
        )
        return told + line[len(content) :]

    def is_document(self, text: Text) -> bool:
        """Return whether the file is one JSON document, and not one a line."""
        return _is_document(text) and _document(text) is not None

    def settled(self, text: Text, offset: int) -> int | None:
        """Return where the first line after `offset` begins."""
        return None if _is_document(text) else next_line(text, offset)


def row(line: str) -> Record:
    """Return what one line says.

    Examples:
        >>> row('{"id": 7, "at": {"city": "Oran"}}')
        {'id': 7, 'at': '{"city": "Oran"}'}
        >>> row("no json")
        {'other': 'no json'}
    """
    read = parsed(line)
    return {OTHER: line} if read is None else read


def parsed(line: str) -> Record | None:
    """Return the fields of a JSON object, or ``None`` where a text is none."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _flat(document) if isinstance(document, dict) else None


def _flat(document: Mapping[str, object]) -> Record:
    found: dict[str, Value] = {}
    rest: dict[str, object] = {}
    for key, value in document.items():
        if 0 < len(key) <= _KEY and key.isprintable():
            found[key] = plain(value)
        else:
            rest[key] = value
    if rest:
        found[OTHER] = json.dumps(rest, ensure_ascii=False)
    return found


def parsed_whole(line: str) -> dict[str, object] | None:
    """Return a JSON object as it stands, or ``None`` where a text is none."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def emptied(document: Mapping[str, object], after: Mapping[str, Value]) -> dict[str, object]:
    """Return an object with other values in some fields.

    What stands under names that no field has is in `OTHER`: it goes where that is emptied.
    """
    flat = _flat(document)
    return {
        key: after.get(key, value)
        for key, value in document.items()
        if OTHER not in after or key in flat
    }


def plain(value: object) -> Value:
    """Return a value that may leave a connector: what is nested becomes a JSON text."""
    if isinstance(value, str):
        # Half of a pair that stands for one character: nothing could be written with it.
        return value if value.isprintable() else value.encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool | int | float):
        return value
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def _is_document(text: Text) -> bool:
    """Return whether a file looks like one list, or one object over several lines."""
    beginning = text.head[text.start :].lstrip()
    first, more, _ = beginning.partition(b"\n")
    if beginning[:1] == b"{":
        return bool(more) and len(first) < _FIRST and parsed(decoded(first)) is None
    return beginning[:1] == b"["


def _document(text: Text) -> list[Record] | None:
    """Return the objects of such a file, or ``None`` where it is none after all."""
    go_to(text, 0)
    content = text.stream.read(_DOCUMENT + 1)
    if len(content) > _DOCUMENT:
        return None
    try:
        whole = json.loads(decoded(content))
    except (ValueError, RecursionError):
        return None
    if isinstance(whole, dict):
        return [_flat(whole)]
    return [
        _flat(each) if isinstance(each, dict) else {OTHER: json.dumps(each, ensure_ascii=False)}
        for each in whole
    ]
