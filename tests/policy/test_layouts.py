"""Lists, tables and pages: what stands in them is read, however they are laid out."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise

ENGLISH = ("your name", "your e-mail address", "your phone number")
ARABIC = ("اسمك الكامل", "عنوان بريدك الإلكتروني", "رقم هاتفك")


def promises(text: str, name: str = "policy.md") -> list[Promise]:
    register = read([Source(name, text.encode())])
    return list(register.promises)


def told(text: str, name: str = "policy.md") -> list[tuple[str, str]]:
    return [(each.category.value, each.clause.quote) for each in promises(text, name)]


@pytest.mark.parametrize(
    "marks",
    [
        ("- ", "- ", "- "), ("– ", "– ", "– "), ("— ", "— ", "— "), ("• ", "• ", "• "),
        ("* ", "* ", "* "), ("+ ", "+ ", "+ "), ("o  ", "o  ", "o  "), ("✓ ", "✓ ", "✓ "),
        ("→ ", "→ ", "→ "), ("1. ", "2. ", "3. "), ("1) ", "2) ", "3) "), ("(1) ", "(2) ", "(3) "),
        ("a) ", "b) ", "c) "), ("(a) ", "(b) ", "(c) "), ("A. ", "B. ", "C. "),
        ("i. ", "ii. ", "iii. "), ("(i) ", "(ii) ", "(iii) "), ("① ", "② ", "③ "),
        ("❶ ", "❷ ", "❸ "), ("ⓐ ", "ⓑ ", "ⓒ "),
    ],
)  # fmt: skip
def test_every_mark_of_an_item_makes_a_list(marks: tuple[str, ...]) -> None:
    listed = "\n".join(f"{mark}{item}" for mark, item in zip(marks, ENGLISH, strict=True))
    text = f"When you open an account, we collect:\n{listed}\n\nWe do not sell your data.\n"
    assert told(text) == [
        *(("collect", each) for each in ENGLISH),
        ("no-sale", "We do not sell your data"),
    ]


@pytest.mark.parametrize(
    "marks",
    [
        ("• ", "• ", "• "), ("- ", "- ", "- "), ("١. ", "٢. ", "٣. "), ("١- ", "٢- ", "٣- "),
        ("١) ", "٢) ", "٣) "), ("(١) ", "(٢) ", "(٣) "), ("أ) ", "ب) ", "ج) "),
        ("(أ) ", "(ب) ", "(ج) "), ("أ. ", "ب. ", "ج. "), ("أولا: ", "ثانيا: ", "ثالثا: "),
    ],
)  # fmt: skip
def test_every_arabic_mark_of_an_item_makes_a_list(marks: tuple[str, ...]) -> None:
    listed = "\n".join(f"{mark}{item}" for mark, item in zip(marks, ARABIC, strict=True))
    text = f"عند فتح حساب نجمع ما يلي:\n{listed}\n\nلا نبيع بياناتك لأي طرف.\n"
    assert told(text) == [
        *(("collect", each) for each in ARABIC),
        ("no-sale", "لا نبيع بياناتك لأي طرف"),
    ]


ROWS = (
    ("Data", "Purpose", "Period"),
    ("Invoices", "accounting", "10 years"),
    ("Tickets", "support", "2 years"),
)
TABLES = {
    "markdown": "| {} | {} | {} |\n|---|---|---|\n| {} | {} | {} |\n| {} | {} | {} |\n",
    "tabs": "{}\t{}\t{}\n" * 3,
    "columns": "{:<14}{:<14}{}\n" * 3,
    "html": "<table><tr><th>{}</th><th>{}</th><th>{}</th></tr>"
    + "<tr><td>{}</td><td>{}</td><td>{}</td></tr>" * 2
    + "</table>",
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_is_read_by_its_columns_however_it_is_drawn(kind: str) -> None:
    table = TABLES[kind].format(*(cell for row in ROWS for cell in row))
    if kind == "html":
        text, name = f"<html><body><h2>How long we keep data</h2>{table}</body></html>", "p.html"
    else:
        text, name = f"How long we keep data\n\n{table}\nWe do not sell your data.\n", "p.txt"
    periods = [each.terms.get("at_most") for each in promises(text, name)]
    assert [each for each in periods if each] == ["10 years", "2 years"]


@pytest.mark.parametrize(
    "text",
    [
        "We keep invoices for ten years.   We do not sell data.\nWrite to us about your data.\n",
        "\tWe do not sell your data.\n\tWe keep invoices for ten years.\n\tWrite to us.\n",
    ],
)
def test_wide_gaps_and_indents_alone_make_no_table(text: str) -> None:
    assert all("\x1f" not in each.clause.quote for each in promises(text))
    assert len(promises(text)) >= 2


def test_two_languages_side_by_side_are_two_versions_and_not_one_sentence() -> None:
    row = "<tr><td>{}</td><td dir=rtl>{}</td></tr>"
    page = (
        "<html><body><h1>Privacy policy</h1><table>"
        + row.format("We do not sell your personal data.", "لا نبيع بياناتك الشخصية.")
        + row.format("We keep invoices for ten years.", "نحتفظ بالفواتير لمدة عشر سنوات.")
        + "</table></body></html>"
    )
    found = promises(page, "page.html")
    assert [each.category.value for each in found] == ["no-sale", "retention"]
    assert all([clause.language for clause in each.parallel] == ["ar"] for each in found)


def test_paragraphs_of_two_languages_in_turn_are_two_versions() -> None:
    text = (
        "We do not sell your personal data.\n\nNous ne vendons pas vos données personnelles.\n\n"
        "We keep invoices for ten years.\n\nNous conservons les factures pendant dix ans.\n"
    )
    found = promises(text)
    assert [each.category.value for each in found] == ["no-sale", "retention"]
    assert all([clause.language for clause in each.parallel] == ["fr"] for each in found)


def test_a_nested_list_says_what_its_outer_list_says() -> None:
    text = (
        "We share data with:\n- processors:\n  - hosting companies\n  - payment companies\n"
        "- authorities, where the law requires it\n"
    )
    assert [category for category, _ in told(text)] == ["share"] * 3


def test_what_belongs_to_the_page_promises_nothing() -> None:
    page = (
        "<html><head><title>Privacy</title></head><body><nav><a href=/>Home</a>"
        "<a href=/shop>We collect stamps</a></nav><div class='cookie-banner'>We use cookies to "
        "improve your experience. <button>Accept all</button></div><main><h1>Privacy policy</h1>"
        "<p>We do not sell your data.</p><p>Shops, workshops and the "
        "school of drawing, with nothing of what others do elsewhere.</p><div class=share-buttons><a>Share on Facebook</a></div>"
        "</main><footer>© 2026 Acme. All rights reserved.</footer></body></html>"
    )
    assert told(page, "page.html") == [("no-sale", "We do not sell your data")]
