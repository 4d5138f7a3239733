"""Which words an office document holds, with its headings, lists and tables."""

import io
import zipfile
from typing import TYPE_CHECKING

from kept.policy.errors import (
    BinaryPolicyError,
    DamagedPolicyError,
    EmptyPolicyError,
    PasswordProtectedError,
    PolicyTooLargeError,
)
from kept.policy.extraction.extracted import Format, refusing_damage
from kept.policy.extraction.numbering import Numbering, attribute, named
from kept.policy.extraction.tables import rows_as_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import Element

MAX_DOCX_BYTES = 20_000_000
"""The longest office document read."""
_MAX_PART = 20_000_000
_MAX_ENTRIES = 3_000
_MAX_RATIO = 200
_SMALL = 1_000_000
_MAX_COLUMNS = 60
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SEALED = "EncryptedPackage".encode("utf-16-le")
_DOCUMENT = "word/document.xml"
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText", "txbxContent", "Fallback", "pPr"})
_DEEPEST_HEADING = 6
_TITLE_LENGTH = 100


def read_docx(content: bytes) -> str:
    """Return the text of an office document, as Markdown. Nothing in it is run or fetched.

    Raises:
        PasswordProtectedError: It opens with a password only.
        BinaryPolicyError: It is an archive or an older office file, and no such document.
        PolicyTooLargeError: It unpacks to more than any policy holds.
        DamagedPolicyError: It is broken, or declares entities of its own.
        EmptyPolicyError: It holds no words.
    """
    if len(content) > MAX_DOCX_BYTES:
        raise PolicyTooLargeError(
            f"the document has {len(content):,} bytes; at most {MAX_DOCX_BYTES:,} are read"
        )
    if content.startswith(_OLD_OFFICE):
        if _SEALED in content:
            raise PasswordProtectedError("the document is protected by a password")
        raise BinaryPolicyError("the document is in an older office format, not DOCX")
    with refusing_damage(Format.DOCX):
        document, numbering = _open(content)
        lines = list(_blocks(document, numbering))
    text = _laid_out(lines)
    if not text:
        raise EmptyPolicyError("the document is empty")
    return text


def _open(content: bytes) -> "tuple[Element, Numbering]":
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > _MAX_ENTRIES:
            raise PolicyTooLargeError("the document has too many parts")
        if _DOCUMENT not in {each.filename for each in entries}:
            raise BinaryPolicyError("the file is an archive, and no DOCX document")
        document = _part(archive, _DOCUMENT)
        if document is None:
            raise DamagedPolicyError("the document has no text")
        styles = _part(archive, "word/styles.xml")
        numbering = _part(archive, "word/numbering.xml")
    return document, Numbering(styles, numbering)


def _part(archive: zipfile.ZipFile, name: str) -> "Element | None":
    from lxml import etree

    try:
        entry = archive.getinfo(name)
    except KeyError:
        return None
    if entry.flag_bits & 1:
        raise PasswordProtectedError("the document is protected by a password")
    if entry.file_size > _MAX_PART or (
        entry.file_size > _SMALL and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1)
    ):
        raise PolicyTooLargeError("the document unpacks to more than any policy holds")
    with archive.open(entry) as part:
        # What the archive says of itself may be a lie: no more is ever unpacked.
        content = part.read(_MAX_PART + 1)
    if len(content) > _MAX_PART:
        raise PolicyTooLargeError("the document unpacks to more than any policy holds")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False
    )
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise DamagedPolicyError("the document declares a type of its own")
    return root


def _blocks(document: "Element", numbering: Numbering) -> "Iterator[list[str]]":
    """Yield the lines of each paragraph and table, in order."""
    todo = [document]
    while todo:
        element = todo.pop()
        name = named(element)
        if name == "p":
            line = _paragraph(element, numbering)
            if line:
                yield line
        elif name == "tbl":
            yield from _table(element, numbering)
        elif name not in _SKIPPED:
            todo.extend(reversed(element))


def _paragraph(paragraph: "Element", numbering: Numbering) -> list[str]:
    said = _words(paragraph)
    lines = [" ".join(line.split()) for line in said.split("\n")]
    lines = [line for line in lines if line]
    if not lines:
        return []
    shape = numbering.shape(paragraph)
    if shape.heading:
        mark = f"{shape.mark} " if shape.mark not in {"", "-"} else ""
        return [f"{'#' * min(shape.heading, _DEEPEST_HEADING)} {mark}{' '.join(lines)}"]
    if shape.mark:
        indent = "  " * shape.depth
        return [f"{indent}{shape.mark} {lines[0]}", *(f"{indent}  {each}" for each in lines[1:])]
    titled = len(lines) == 1 and len(lines[0]) <= _TITLE_LENGTH and lines[0][-1] not in ".;!؟。,"
    return [f"**{lines[0].rstrip(' :')}**"] if titled and numbering.is_bold(paragraph) else lines


def _words(element: "Element") -> str:
    """Return the words under `element`, without what was struck out."""
    pieces: list[str] = []
    todo = list(reversed(element))
    while todo:
        each = todo.pop()
        name = named(each)
        if name in _SKIPPED:
            continue
        if name == "t":
            pieces.append(each.text or "")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "tab":
            pieces.append(" ")
        elif name == "noBreakHyphen":
            pieces.append("-")
        else:
            todo.extend(reversed(each))
    return "".join(pieces)


def _table(table: "Element", numbering: Numbering) -> "Iterator[list[str]]":
    rows: list[list[str]] = []
    nested = any(named(each) == "tbl" for each in table.iterdescendants())
    headed = False
    above: list[str] = []
    for row in (each for each in table if named(each) == "tr"):
        cells = [each for each in row if named(each) == "tc"][:_MAX_COLUMNS]
        if nested or (len(cells) == 1 and not rows):
            yield from (line for cell in cells for line in _cell_blocks(cell, numbering))
            continue
        words = [
            _cell(cell) if not _goes_on(cell) else above[at] if at < len(above) else ""
            for at, cell in enumerate(cells)
        ]
        if not rows:
            headed = any(named(each) == "tblHeader" for each in row.iterdescendants())
        if any(words):
            rows.append(words)
            above = words
    if rows:
        yield rows_as_lines(rows, headed=headed)


def _cell_blocks(cell: "Element", numbering: Numbering) -> "Iterator[list[str]]":
    for paragraph in cell.iterdescendants():
        if named(paragraph) == "p" and (line := _paragraph(paragraph, numbering)):
            yield line


def _cell(cell: "Element") -> str:
    said = [" ".join(_words(each).split()) for each in cell.iterdescendants() if named(each) == "p"]
    return " ".join(filter(None, said)).replace("|", "/")


def _goes_on(cell: "Element") -> bool:
    """Return whether a cell only goes on with the one above it."""
    return any(
        named(each) == "vMerge" and attribute(each, "val") in {"", "continue"}
        for properties in cell
        if named(properties) == "tcPr"
        for each in properties
    )


def _laid_out(blocks: list[list[str]]) -> str:
    lines: list[str] = []
    for block in blocks:
        item = block[0].lstrip().startswith("- ")
        if lines and not (item and lines[-1].lstrip().startswith("- ")):
            lines.append("")
        lines.extend(block)
    return "\n".join(lines) + "\n" if lines else ""
