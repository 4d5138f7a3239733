"""How rows are taken out of one file, and fields emptied in it: the rest stays byte for byte."""

import bz2
import codecs
import gzip
import json
import lzma
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from kept.connectors.errors import StoreChangedError, StoreCorruptError
from kept.connectors.files.lines import Text, decoded, text_of
from kept.connectors.lake.csv_rows import CsvRows
from kept.connectors.lake.json_lines import JsonLines, emptied
from kept.inventory.connector import Value

_PACKED: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PIECE = 1 << 20


Blank = Mapping[int, Mapping[str, Value]]
"""What fields of rows are to hold, by the number of the row."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of rows of one file, by their number in it."""

    delete: Collection[int] = ()
    blank: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Edit({len(self.delete)} deleted, {len(self.blank)} blanked)"


class Form(Protocol):
    """A format of text whose rows can be written again."""

    def records(self, text: Text, start: int) -> Iterator[tuple[Mapping[str, Value], int]]:
        """Yield rows, each with the offset after it."""
        ...

    def first(self, text: Text) -> int:
        """Return where the first row begins."""
        ...

    def blanked(self, text: Text, line: bytes, after: Mapping[str, Value]) -> bytes:
        """Return the bytes of one row with some fields emptied."""
        ...


FORMS: dict[str, type[Form]] = {"csv": CsvRows, "json": JsonLines}


def rewrite(kind: str, edit: Edit, old: BinaryIO, new: BinaryIO) -> None:
    """Write a file anew without some rows, and with fields emptied in others.

    Args:
        kind: ``"csv"``, ``"json"`` or ``"parquet"``.
        edit: What becomes of its rows.
        old: The file.
        new: Where it is written.
    """
    if kind == "parquet":
        rewrite_parquet(old, new, edit)
    else:
        rewrite_text(kind, old, new, edit)


def rewrite_text(kind: str, old: BinaryIO, new: BinaryIO, edit: Edit) -> None:
    """Write a text file anew, packed and encoded as it was.

    Raises:
        StoreCorruptError: It is no text any more.
    """
    form = FORMS[kind]()
    size = old.seek(0, 2)
    old.seek(0)
    magic = old.read(6)
    old.seek(0)
    text = text_of(old, size)
    if text is None:
        raise StoreCorruptError("a file that was text is none any more")
    wide = next(
        (name for mark, name in _WIDE.items() if _unpacked_head(magic, old).startswith(mark)), ""
    )
    old.seek(0)
    text = text_of(old, size) or text
    with _packing(magic, new) as out:
        if wide:
            out.write("\ufeff".encode(wide))
        for piece in _pieces(form, text, edit):
            out.write(piece.decode().encode(wide) if wide else piece)


def _unpacked_head(magic: bytes, old: BinaryIO) -> bytes:
    for mark, opener in _PACKED.items():
        if magic.startswith(mark):
            with opener(old) as packed:
                return bytes(packed.read(2))
    return magic


@contextmanager
def _packing(magic: bytes, new: BinaryIO) -> Iterator[BinaryIO]:
    for mark, opener in _PACKED.items():
        if magic.startswith(mark):
            with opener(new, "wb") as packed:
                yield packed
            return
    yield new


def _pieces(form: Form, text: Text, edit: Edit) -> Iterator[bytes]:
    if isinstance(form, JsonLines) and form.is_document(text):
        yield _document(text, edit)
        return
    first = form.first(text)
    ends = [end for _, end in form.records(text, 0)]
    text.stream.seek(0)
    yield text.stream.read(first)
    at, number = first, 0
    for number, end in enumerate(ends):
        piece = text.stream.read(end - at)
        at = end
        if number in edit.delete:
            continue
        yield form.blanked(text, piece, edit.blank[number]) if number in edit.blank else piece
    while rest := text.stream.read(_PIECE):
        yield rest
    if max((*edit.delete, *edit.blank), default=0) > number:
        raise StoreChangedError("a file has fewer rows than it had")


def _document(text: Text, edit: Edit) -> bytes:
    text.stream.seek(0)
    whole = json.loads(decoded(text.stream.read()).removeprefix("\ufeff"))
    listed = [whole] if isinstance(whole, dict) else whole
    kept = [
        emptied(each, edit.blank[number]) if number in edit.blank else each
        for number, each in enumerate(listed)
        if number not in edit.delete
    ]
    told: object = kept[0] if isinstance(whole, dict) and kept else kept
    indent = 2 if b"\n" in text.head.strip() else None
    return (json.dumps(told, ensure_ascii=False, indent=indent) + "\n").encode()


def rewrite_parquet(old: BinaryIO, new: BinaryIO, edit: Edit) -> None:
    """Write a Parquet file anew without some rows, and with fields emptied in others.

    Its statistics and dictionaries are made of what stays alone.
    """
    import polars as pl

    lazy = pl.scan_parquet(old, hive_partitioning=False, glob=False)
    number = "kept row"
    schema = lazy.collect_schema()
    while number in schema:
        number += " "
    lazy = lazy.with_row_index(number)
    if edit.blank:
        fields = dict.fromkeys(name for after in edit.blank.values() for name in after)
        lazy = lazy.with_columns(
            _emptied(number, name, schema[name], edit.blank) for name in fields
        )
    kept = ~pl.col(number).is_in(list(edit.delete))
    lazy.filter(kept).drop(number).sink_parquet(new, compression="snappy", statistics=True)


def _emptied(number: str, name: str, kind: Any, blank: Blank) -> Any:  # noqa: ANN401 - the library is imported late
    import polars as pl

    column = pl.col(name)
    by_value: dict[Value, list[int]] = {}
    for row, after in blank.items():
        if name in after:
            by_value.setdefault(after[name], []).append(row)
    for value, rows in by_value.items():
        emptied_to = pl.lit(value).cast(kind)
        column = pl.when(pl.col(number).is_in(rows)).then(emptied_to).otherwise(column)
    return column.alias(name)
