"""Which words a policy holds, whatever it was written in."""

from kept.policy.decoding import decode
from kept.policy.extraction.detection import format_of
from kept.policy.extraction.docx import read_docx
from kept.policy.extraction.extracted import Extracted, Format
from kept.policy.extraction.html import read_html
from kept.policy.extraction.pdf import read_pdf

_READERS = {Format.HTML: read_html, Format.PDF: read_pdf, Format.DOCX: read_docx}


def extract(content: bytes, name: str) -> Extracted:
    """Return the text of a policy. The same bytes give the same text.

    Plain text and Markdown come out as they are decoded, so that offsets point into the
    file. From a page, a PDF or an office document the text is taken out, and offsets
    point into what was taken out.

    Args:
        content: The bytes of the file.
        name: What it is called. Its first bytes decide; the name, where they do not.

    Raises:
        UnreadablePolicyError: The file is empty, binary, damaged, protected by a password,
            scanned, too large or in no known encoding; the subclass says which.
    """
    kind = format_of(content, name)
    if kind is Format.TEXT:
        decoded = decode(content)
        return Extracted(decoded.text, kind, decoded.encoding)
    return Extracted(_READERS[kind](content), kind, "utf-8")
