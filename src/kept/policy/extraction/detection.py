"""Which format the bytes of a file are in."""

import re

from kept.policy.extraction.extracted import Format

_START = 2_000
_PDF_WITHIN = 1_024
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}\?>\s*)?(?:<!--.{0,1200}?-->\s*){0,5}(?:<!doctype\s+html|<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_FRAGMENT = re.compile(r"\s*(?:<!--.{0,1200}?-->\s*){0,5}<[a-zA-Z!]", re.DOTALL)
_PAGE_NAME = re.compile(r"\.x?html?(?:$|[?#])", re.IGNORECASE)


def format_of(content: bytes, name: str) -> Format:
    """Return the format of `content`, told by its first bytes.

    Args:
        content: The bytes of a file.
        name: What it is called: decides only whether a text that begins with a tag is a
            piece of a page, because Markdown may begin with one too.
    """
    start = content[:_START]
    if b"%PDF-" in start[:_PDF_WITHIN] and start.lstrip(b"\xef\xbb\xbf \r\n\t\x00").startswith(
        b"%PDF-"
    ):
        return Format.PDF
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return Format.DOCX
    text = _first_words(start)
    if _PAGE.match(text) or (_PAGE_NAME.search(name) and _FRAGMENT.match(text)):
        return Format.HTML
    return Format.TEXT


def _first_words(start: bytes) -> str:
    if start.startswith(b"\xff\xfe"):
        return start[2:].decode("utf-16-le", "replace")
    if start.startswith(b"\xfe\xff"):
        return start[2:].decode("utf-16-be", "replace")
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
