"""What is taken out of an office document."""

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kept.errors import RefusedError
from kept.policy.errors import (
    BinaryPolicyError,
    DamagedPolicyError,
    EmptyPolicyError,
    PasswordProtectedError,
    PolicyTooLargeError,
)
from kept.policy.extraction.extracted import Format
from kept.policy.extraction.extraction import extract

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f"""<w:styles {W}>
<w:style w:styleId="Titre1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="Titre1"/></w:style>
<w:style w:styleId="Puces"><w:name w:val="list bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
</w:numbering>"""


def packed(document: str, **parts: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"document": document, **parts}.items():
            archive.writestr(f"word/{name}.xml", text)
    return written.getvalue()


def docx(body: str) -> bytes:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed(document, styles=STYLES, numbering=NUMBERING)


def p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def item(text: str, number: int, depth: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_headings_lists_and_paragraphs_come_out_marked() -> None:
    taken = extract(
        docx(
            p("Privacy", '<w:pStyle w:val="Titre1"/>')
            + p("Own", '<w:pStyle w:val="Mine"/>')
            + p("We collect:")
            + p("your name", '<w:pStyle w:val="Puces"/>')
            + item("device data", 1)
            + item("model", 1, 1)
            + item("Ask us", 2)
            + item("by post", 2, 1)
            + item("by e-mail", 2, 1)
            + item("Wait", 2)
            + p("Contact", run="<w:b/>")
        ),
        "policy.docx",
    )
    assert taken.format is Format.DOCX
    assert taken.text == (
        "# Privacy\n\n# Own\n\nWe collect:\n\n- your name\n- device data\n  - model\n\n1. Ask us\n\n"
        "  1.a) by post\n\n  1.b) by e-mail\n\n2. Wait\n\n**Contact**\n"
    )


def test_tables_become_rows() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{p(each)}</w:tc>" for each in cells) + "</w:tr>"

    body = f"<w:tbl>{row('Data', 'Purpose')}{row('Name', 'Support.')}</w:tbl>"
    assert extract(docx(body), "x").text == ("| Data | Purpose |\n|---|---|\n| Name | Support. |\n")


def test_what_was_struck_out_is_not_read() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>We sell it.</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>We keep it.</w:t></w:r></w:ins></w:p>"
    )
    assert extract(docx(body), "x").text == "We keep it.\n"


LAUGHS = "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(10))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04", DamagedPolicyError),
        (docx(p("We collect."))[:-40], DamagedPolicyError),
        (packed("<a"), DamagedPolicyError),
        (packed(""), DamagedPolicyError),
        (docx(""), EmptyPolicyError),
        (packed(f'<!DOCTYPE l [<!ENTITY a "ha">{LAUGHS}]><d {W}>&k;</d>'), DamagedPolicyError),
        (packed(f'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><d {W}><w:p><w:r><w:t>&a;</w:t></w:r></w:p></d>'), DamagedPolicyError),
        (packed(f"<w:d {W}>" + "<w:p>" * 20_000 + "</w:p>" * 20_000 + "</w:d>"), DamagedPolicyError),
        (packed(f"<w:d {W}>" + " " * 15_000_000 + "</w:d>"), PolicyTooLargeError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 older", BinaryPolicyError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PasswordProtectedError),
    ],
)  # fmt: skip
def test_a_document_made_to_hurt_is_refused_soon(content: bytes, error: type[RefusedError]) -> None:
    began = time.perf_counter()
    with pytest.raises(error):
        extract(content, "x")
    assert time.perf_counter() - began < 5


def test_an_archive_of_something_else_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("policy.txt", "We collect your name.")
    with pytest.raises(BinaryPolicyError, match="no DOCX"):
        extract(written.getvalue(), "x")


SOUND = docx(p("We collect your name.") + item("We share it with nobody.", 2))


@given(st.lists(st.tuples(st.integers(4, len(SOUND) - 1), st.integers(0, 255)), max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_document_with_wrong_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(SOUND)
    for at, value in changes:
        content[at] = value
    try:
        extract(bytes(content), "x")
    except RefusedError:
        return


PIECES = st.sampled_from(
    ["<w:p>", "</w:p>", "<w:r><w:t>We share</w:t></w:r>", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>",
     "<w:tc>", "</w:tc>", '<w:pPr><w:numPr><w:ilvl w:val="99"/><w:numId w:val="2"/></w:numPr></w:pPr>']
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=100, deadline=None)
def test_any_order_of_parts_is_read_or_refused(body: str) -> None:
    try:
        extract(docx(body), "x")
    except RefusedError:
        return
