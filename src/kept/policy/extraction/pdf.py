"""Which words a PDF holds, in the order in which they are read."""

import io
import logging
from typing import TYPE_CHECKING, Any

from kept.policy.errors import (
    DamagedPolicyError,
    PasswordProtectedError,
    PolicyTooLargeError,
    ScannedPolicyError,
    UnknownOrderError,
)
from kept.policy.extraction.extracted import Format, refusing_damage
from kept.policy.extraction.paging import paragraphs
from kept.policy.extraction.rightward import Run, is_mostly_arabic, read_lines

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PDF_BYTES = 20_000_000
"""The longest PDF read: policies with pictures stay far below."""
MAX_PAGES = 300
_MAX_TEXT = 2_000_000
# A file may draw little and ask for much: what counts is the work, not the bytes.
_MAX_OPERATIONS = 1_500_000
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": 25_000_000,
    "array_based_stream_maximum_output_length": 10_000_000,
    "zlib_maximum_output_length": 10_000_000,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "lzw_maximum_output_length": 5_000_000,
    "run_length_maximum_output_length": 5_000_000,
    "brotli_maximum_output_length": 5_000_000,
    "stream_decoding_work_maximum_length": 40_000_000,
    "stream_parsing_work_maximum_count": 600_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 50_000,
    "xform_maximum_invocations_per_extraction": 300,
    "jbig2dec_binary": None,
}


def read_pdf(content: bytes) -> str:
    """Return the text of a PDF: paragraphs whole, without what repeats on every page.

    Raises:
        PolicyTooLargeError: It has too many bytes, pages, words or drawing operations.
        PasswordProtectedError: It opens with a password only.
        ScannedPolicyError: It holds no text.
        UnknownOrderError: It is in Arabic, and the order of its letters cannot be decided.
        DamagedPolicyError: It is broken.
    """
    if len(content) > MAX_PDF_BYTES:
        raise PolicyTooLargeError(
            f"the PDF has {len(content):,} bytes; at most {MAX_PDF_BYTES:,} are read"
        )
    with refusing_damage(Format.PDF):
        from pypdf import apply_configuration

        # What the parser notes about a file may quote it.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
        with apply_configuration(**_LIMITS):
            pages = _pages(content)
    text = paragraphs(pages)
    if not text:
        raise ScannedPolicyError("the PDF holds no text: its pages are pictures")
    return text


def _pages(content: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise PasswordProtectedError("the PDF is protected by a password")
    try:
        count = len(reader.pages)
    except FileNotDecryptedError as error:
        raise PasswordProtectedError("the PDF is protected by a password") from error
    if not count:
        raise DamagedPolicyError("the PDF has no pages")
    if count > MAX_PAGES:
        raise PolicyTooLargeError(f"the PDF has {count:,} pages; at most {MAX_PAGES} are read")
    return _texts(reader)


def _texts(reader: "PdfReader") -> list[str]:
    drawn = length = 0

    def count(*_: Any) -> None:  # noqa: ANN401 - the parser says nothing of what it hands over
        nonlocal drawn
        drawn += 1
        if drawn > _MAX_OPERATIONS:
            raise PolicyTooLargeError("the PDF asks for more drawing than any text needs")

    texts = []
    for page in reader.pages:
        text = page.extract_text(visitor_operand_before=count)
        length += len(text)
        if length > _MAX_TEXT:
            raise PolicyTooLargeError(f"the PDF has more than {_MAX_TEXT:,} characters")
        texts.append(_as_read(page, text) if is_mostly_arabic(text) else text)
    return texts


def _as_read(page: "PageObject", text: str) -> str:
    """Return the lines of a page in Arabic in the order in which they are read."""
    from pypdf._text_extraction import _layout_mode
    from pypdf.generic import ContentStream

    contents = page.get("/Contents")
    if contents is None:
        return text
    # What the parser offers by name puts letters on a grid, which a file can make endless.
    fonts = page._layout_mode_fonts()  # noqa: SLF001 - see above
    drawn = ContentStream(contents.get_object(), page.pdf, "bytes").operations
    runs = [
        Run(
            left=each["tx"],
            right=each["displaced_tx"],
            base=each["ty"] * each["flip_sort"],
            height=each["font_height"],
            text=each["text"],
        )
        for each in _layout_mode.text_show_operations(iter(drawn), fonts)
    ]
    read = read_lines(runs, text)
    if read is None:
        raise UnknownOrderError("the order of the Arabic letters of the PDF cannot be decided")
    return read
