"""What is taken out of a PDF."""

import io
import time
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from kept.errors import RefusedError
from kept.policy.errors import (
    DamagedPolicyError,
    PasswordProtectedError,
    PolicyTooLargeError,
    ScannedPolicyError,
)
from kept.policy.extraction.extracted import Format
from kept.policy.extraction.extraction import extract
from kept.policy.extraction.paging import paragraphs


def pdf(pages: list[bytes], *, forms: bytes = b"", count: int | None = None) -> bytes:
    """Write a small PDF whose pages draw what the content streams say."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(pages)))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count or len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, content in enumerate(pages):
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> %s >> >>" % (5 + 2 * at, forms)
        )
        packed = zlib.compress(content)
        parts.append(
            b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(packed), packed)
        )
    written, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    written += b"".join(b"%010d 00000 n \n" % each for each in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return written + trailer % (len(parts) + 1, start)


def drawn(*lines: str) -> bytes:
    shown = b" T* ".join(
        b"(%s) Tj" % line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    )
    return b"BT /F1 11 Tf 14 TL 50 750 Td " + shown + b" ET"


def test_the_words_of_a_pdf_come_out_in_order() -> None:
    taken = extract(
        pdf([drawn("Privacy policy", "We collect:", "• your name", "• your é-mail")]), "x"
    )
    assert taken.format is Format.PDF
    assert taken.text == "Privacy policy\n\nWe collect:\n\n• your name\n\n• your é-mail\n"


def test_heads_feet_and_page_numbers_are_left_out_and_sentences_whole_again() -> None:
    body = [
        ("We collect your name and your e-mail address when you open an", "account with us and"),
        (
            "when you write to us, and third-party providers may send infor-",
            "mation about you, as a",
        ),
        ("third-", "party may. We keep it for two years after you close the account."),
    ]
    pages = [
        drawn("Example Ltd - Privacy policy", first, second, "Confidential", f"Page {at} of 3")
        for at, (first, second) in enumerate(body, 1)
    ]
    assert extract(pdf(pages), "x").text == (
        "Example Ltd - Privacy policy\n\n"
        "We collect your name and your e-mail address when you open an account with us and when "
        "you write to us, and third-party providers may send information about you, as a "
        "third-party may. We keep it for two years after you close the account.\n"
    )


def test_bullets_that_stand_alone_find_their_words() -> None:
    assert paragraphs(["We collect:\n•\nyour name\n•\nyour address\n"]) == (
        "We collect:\n\n• your name\n\n• your address\n"
    )


def test_a_pdf_with_a_password_is_refused_and_one_without_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(_file(pdf([drawn("We collect your name.")]))))
    for password in ("secret", ""):
        writer.encrypt(password, "owner", algorithm="AES-256")
        written = _file(b"")
        writer.write(written)
        if password:
            with pytest.raises(PasswordProtectedError):
                extract(written.getvalue(), "x")
        else:
            assert extract(written.getvalue(), "x").text == "We collect your name.\n"
        writer = PdfWriter(clone_from=PdfReader(_file(pdf([drawn("We collect your name.")]))))


def _file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def test_a_scanned_pdf_is_refused_with_its_reason() -> None:
    with pytest.raises(ScannedPolicyError, match="pictures"):
        extract(pdf([b"0 0 100 100 re f"] * 2), "x")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"%PDF-1.7", DamagedPolicyError),
        (pdf([drawn("We collect.")])[:200], DamagedPolicyError),
        (pdf([drawn("We collect.")] * 301), PolicyTooLargeError),
        (pdf([b"q Q " * 800_000]), RefusedError),
        (pdf([b" " * 40_000_000]), RefusedError),
        (b"%PDF-1.7\n" + b"[" * 1_000_000, DamagedPolicyError),
        (b"%PDF-1.7\n" + b"<<" * 1_000_000, DamagedPolicyError),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 100_000, DamagedPolicyError),
        (b"%PDF-1.7" + b"a" * 20_000_000, PolicyTooLargeError),
    ],
)
def test_a_pdf_made_to_hurt_is_refused_soon(content: bytes, error: type[RefusedError]) -> None:
    began = time.perf_counter()
    with pytest.raises(error):
        extract(content, "x")
    assert time.perf_counter() - began < 20


SOUND = pdf([drawn("We collect your name.", "We share it with nobody.")])


@given(st.lists(st.tuples(st.integers(8, len(SOUND) - 1), st.integers(0, 255)), max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_pdf_with_wrong_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SOUND)
    for at, value in changes:
        content[at] = value
    try:
        extract(bytes(content), "x")
    except RefusedError:
        return


@given(st.lists(st.text(max_size=200), max_size=8))
@example(["o"])
@settings(max_examples=150, deadline=None)
def test_any_lines_become_paragraphs(pages: list[str]) -> None:
    text = paragraphs(pages)
    assert text == "" or text.strip()
