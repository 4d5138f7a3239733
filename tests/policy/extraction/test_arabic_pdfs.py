"""In which order the words of Arabic PDFs are read, however their producers stored them."""

import unicodedata

import pytest

from kept.policy.errors import UnknownOrderError
from kept.policy.extraction.pdf import read_pdf
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Category

_LINES = (
    "سياسة الخصوصية",
    "آخر تحديث: 3 يناير 2025",
    "نجمع اسمك وبريدك الإلكتروني ورقم هاتفك عند إنشاء الحساب في Tidewell Cloud وفي التطبيق.",
    "لا نبيع بياناتك الشخصية لأي طرف ثالث ولا نشاركها إلا بموافقتك.",
    "نحتفظ بسجلات الدخول لمدة 24 شهراً ثم نحذفها نهائياً.",
)
_WIDE, _HIGH, _RIGHT = 6, 12, 560
_Runs = list[tuple[int, int, list[str]]]
_SHAPED = {
    unicodedata.normalize("NFKC", chr(code)): chr(code)
    for code in range(0xFEFC, 0xFE7F, -1)
    if "ISOLATED" in unicodedata.name(chr(code), "")
}


def _glyphs(word: str) -> list[str]:
    """Return what is drawn for a word, from left to right."""
    return list(word) if word.isascii() else list(reversed(word))


def _ligated(word: str) -> list[str]:
    """Return the same where a font draws the two letters of "la" as one."""
    drawn: list[str] = []
    for letter in word:
        if drawn and drawn[-1] == "ل" and letter in "اأإآ":
            drawn[-1] += letter
        else:
            drawn.append(letter)
    return drawn if word.isascii() else drawn[::-1]


def _shaped(word: str) -> list[str]:
    return [_SHAPED.get(each, each) for each in _glyphs(word)]


def _in_words(*, glyphs: object = _glyphs, backwards: bool = False) -> _Runs:
    """Return each word with its own place; words in the order of reading, or of the page."""
    runs: _Runs = []
    for number, line in enumerate(_LINES):
        right, placed = _RIGHT, []
        words = line.split()
        while words:
            # Latin words that stand together are drawn from left to right.
            count = 1
            while count < len(words) and all(each.isascii() for each in words[: count + 1]):
                count += 1
            word = " ".join(words[:count])
            words = words[count:]
            right -= _WIDE * len(word)
            placed.append((right, 700 - 20 * number, glyphs(word)))  # type: ignore[operator]
            right -= _WIDE
        runs += placed[::-1] if backwards else placed
    return runs


def _in_lines() -> _Runs:
    """Return each line drawn at once."""
    lines: dict[int, list[str]] = {}
    for _, base, drawn in _in_words(backwards=True):
        lines.setdefault(base, []).extend([*drawn, " "])
    return [(100, base, drawn[:-1]) for base, drawn in lines.items()]


def _pdf(runs: _Runs, *, grouped: bool = False) -> bytes:
    """Return a PDF with these runs; each glyph names the letters that it stands for."""
    known = sorted({each for _, _, drawn in runs for each in drawn})
    number = {each: index for index, each in enumerate(known, 1)}
    names = "".join(f"<{number[each]:04X}> <{each.encode('utf-16-be').hex()}>\n" for each in known)
    letters = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        "/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(known)} beginbfchar\n{names}endbfchar endcmap end end"
    )
    shown = [
        f"/F1 {_HIGH} Tf 1 0 0 1 {left} {base} Tm "
        f"<{''.join(f'{number[each]:04X}' for each in drawn)}> Tj"
        for left, base, drawn in runs
    ]
    page = f"BT {chr(10).join(shown)} ET" if grouped else "\n".join(f"BT {x} ET" for x in shown)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H "
            "/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo "
            "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 >>"
        ),
        f"<< /Length {len(letters)} >>\nstream\n{letters}\nendstream",
    ]
    written, places = b"%PDF-1.7\n", []
    for index, each in enumerate(objects, 1):
        places.append(len(written))
        written += f"{index} 0 obj\n{each}\nendobj\n".encode("latin-1")
    table = len(written)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer << /Size {size} /Root 1 0 R >>\n"
    return written + f"{tail}startxref\n{table}\n%%EOF".encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_pdf(_in_words()), id="words in the order of reading"),
        pytest.param(_pdf(_in_words(), grouped=True), id="the same in one text object"),
        pytest.param(_pdf(_in_words(backwards=True)), id="words from left to right"),
        pytest.param(_pdf(_in_words(backwards=True), grouped=True), id="the same in one object"),
        pytest.param(_pdf(_in_lines()), id="lines at once"),
        pytest.param(_pdf(_in_words(glyphs=_shaped)), id="letters as they are drawn"),
        pytest.param(_pdf(_in_words(glyphs=_ligated)), id="two letters in one"),
    ],
)
def test_words_are_read_in_their_order_however_they_are_stored(content: bytes) -> None:
    text = " ".join(read_pdf(content).split())
    for line in _LINES:
        assert line in text
    register = read([Source("policy.pdf", content)])
    said = {each.category: each for each in register.promises}
    assert register.documents[0].version_date == "2025-01-03"
    assert said[Category.NO_SALE].clause.quote.startswith("لا نبيع")
    assert said[Category.RETENTION].terms["at_most"] == "24 months"


def test_letters_whose_order_cannot_be_told_are_refused() -> None:
    turned = [(left, base, drawn[::-1]) for left, base, drawn in _in_words()]
    with pytest.raises(UnknownOrderError) as refused:
        read_pdf(_pdf(turned))
    assert refused.value.code == "policy.order-unknown"
    assert "نبيع" not in str(refused.value)


def test_the_name_of_the_language_in_an_english_page_refuses_nothing() -> None:
    words = ["We", "never", "sell", "your", "data.", "العربية"]
    runs = [(100 + 60 * at, 700, list(word)) for at, word in enumerate(words)]
    assert "We never sell your data." in " ".join(read_pdf(_pdf(runs)).split())
