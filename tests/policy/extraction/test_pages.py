"""What is taken out of a saved web page, and what is left there."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kept.errors import RefusedError
from kept.policy.errors import DamagedPolicyError, EmptyPolicyError, PolicyTooLargeError
from kept.policy.extraction.extracted import Format
from kept.policy.extraction.extraction import extract
from kept.policy.extraction.html import read_html
from kept.policy.reader import read
from kept.policy.report import as_json
from kept.policy.source import Source

KEY = 0x2A


def protected(address: str) -> str:
    return bytes([KEY, *(each ^ KEY for each in address.encode())]).hex()


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def text_of(body: str) -> str:
    return extract(page(body), "page").text


PROSE = "<p>We collect your name and your e-mail address when you open an account with us.</p>" * 3


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav><a href='/'>Unwanted</a></nav>",
        "<script>var unwanted = 'Unwanted';</script>",
        "<style>.Unwanted { color: red }</style>",
        "<noscript>Unwanted</noscript>",
        "<template><p>Unwanted</p></template>",
        "<footer><p>Unwanted</p></footer>",
        "<header><span>Unwanted</span></header>",
        "<aside>Unwanted</aside>",
        "<div role='dialog'>Unwanted</div>",
        "<div role='navigation'>Unwanted</div>",
        "<div id='onetrust-consent-sdk'><p>Unwanted</p></div>",
        "<div class='CybotCookiebotDialog'>Unwanted</div>",
        "<div class='cookie-banner'>Unwanted</div>",
        "<div class='siteFooter'>Unwanted</div>",
        "<ul class='social-links'><li><a href='#'>Unwanted</a></li></ul>",
        "<div hidden>Unwanted</div>",
        "<p aria-hidden='true'>Unwanted</p>",
        "<p style='display: none'>Unwanted</p>",
        "<span class='sr-only'>Unwanted</span>",
        "<iframe src='https://consent.example.com'>Unwanted</iframe>",
        "<form><select><option>Unwanted</option></select><button>Unwanted</button></form>",
        "<!-- Unwanted -->",
    ],
)
@pytest.mark.parametrize("place", ["<div>{0}</div>{1}", "{1}<main>{0}</main>", "{0}{1}"])
def test_what_belongs_to_the_page_is_left_there(chrome: str, place: str) -> None:
    text = text_of(place.format(PROSE, chrome))
    assert "Unwanted" not in text
    assert text.count("We collect your name") == 3


@pytest.mark.parametrize(
    "body",
    [
        "<section id='cookies'><h2>Cookies</h2><p>Wanted.</p></section>",
        "<div class='cookie-policy'><p>Wanted.</p></div>",
        "<section id='sharing'><h2>Sharing</h2><p>Wanted.</p></section>",
        "<div class='accordion-panel' style='display:none'><p>Wanted.</p></div>",
        "<details><summary>More</summary><p>Wanted.</p></details>",
        "<form id='aspnetForm'><p>Wanted.</p></form>",
        "<h2 id='cookie-notice'>Wanted.</h2>",
        "<button class='accordion'>Wanted.</button>",
        "<div>Wanted.</div>",
    ],
)
def test_what_belongs_to_the_text_is_kept(body: str) -> None:
    assert "Wanted." in text_of(PROSE + body)


def test_the_main_part_is_chosen_and_the_title_above_it_kept() -> None:
    text = text_of(f"<div>Shop now</div><h1>Privacy</h1><main>{PROSE}</main><div>Our blog</div>")
    assert text.startswith("# Privacy\n\nWe collect")
    assert "Shop" not in text
    assert "blog" not in text


def test_lists_keep_their_nesting_and_their_numbers() -> None:
    text = text_of(
        "<h2>Data</h2><p>We collect:</p><ul><li>your name</li><li>device data<ul><li>model</li></ul>"
        "</li></ul><ol start='3'><li>Ask us</li><li>Wait</li></ol><ol type='a'><li>First</li></ol>"
    )
    assert text == (
        "## Data\n\nWe collect:\n- your name\n- device data\n  - model\n"
        "3. Ask us\n4. Wait\na. First\n"
    )


def test_a_table_becomes_rows_with_their_head() -> None:
    text = text_of(
        "<table><tr><th>Data</th><th>Purpose</th></tr><tr><td rowspan='2'>Name</td><td>Support</td>"
        "</tr><tr><td>Billing | tax</td></tr></table>"
    )
    assert text == "| Data | Purpose |\n|---|---|\n| Name | Support |\n| Name | Billing / tax |\n"


def test_a_table_without_a_head_loses_no_row() -> None:
    text = text_of(
        "<table><tr><td>Controller</td><td>Example Ltd.</td></tr>"
        "<tr><td>Contact</td><td>privacy@example.com</td></tr></table>"
    )
    assert text == "- Controller: Example Ltd.\n- Contact: privacy@example.com\n"


def test_a_table_that_only_lays_out_is_read_as_text() -> None:
    text = text_of(f"<table><tr><td>Menu</td><td><h1>Privacy</h1>{PROSE}</td></tr></table>")
    assert "# Privacy\n" in text
    assert "|" not in text


def test_definitions_and_folded_parts_keep_their_heads() -> None:
    text = text_of(
        "<dl><dt>Name</dt><dd>to greet you</dd><dt>How long?</dt><dd>Two years.</dd></dl>"
        "<details><summary>Your rights</summary><p>You may object.</p></details>"
    )
    assert text == (
        "- Name: to greet you\n\n**How long?**\n\nTwo years.\n\n**Your rights**\n\nYou may object.\n"
    )


def test_addresses_behind_links_are_written_out() -> None:
    secret = protected("dpo@example.com")
    text = text_of(
        "<p><a href='mailto:privacy@example.com?subject=x'>Write to us</a> or to "
        f"<a class='__cf_email__' data-cfemail='{secret}'>[email&#160;protected]</a> or "
        f"<a href='/cdn-cgi/l/email-protection#{secret}'>[email&#160;protected]</a> or "
        "<a href='mailto:help@example.com'>help@example.com</a>.</p>"
    )
    assert text == (
        "Write to us (privacy@example.com) or to dpo@example.com or dpo@example.com or "
        "help@example.com.\n"
    )


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8", "<meta charset='iso-8859-1'>"),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("cp1252", "<meta charset='iso-8859-1'>"),
        ("cp1252", "<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>"),
        ("cp1252", "<meta charset='no-such-charset'>"),
    ],
)
def test_every_usual_encoding_of_a_page_is_told(encoding: str, head: str) -> None:
    body = "<p>Nous collectons vos données à caractère personnel, déjà l’été dernier.</p>" * 4
    content = page(body, head).decode().encode(encoding)
    assert "Nous collectons vos données à caractère personnel" in extract(content, "page").text


def test_arabic_pages_keep_the_order_of_their_words() -> None:
    words = "نحن نجمع اسمك وبريدك الإلكتروني عند فتح الحساب"
    assert text_of(f"<main dir='rtl' lang='ar'><p>{words}</p></main>") == words + "\n"


def test_plain_text_and_markdown_are_what_they_were() -> None:
    for content in (
        b"# Policy\r\n\r\n<b>We</b> collect your name.\r\n",
        b"<div>We collect</div> it",
    ):
        taken = extract(content, "policy.md")
        assert taken.format is Format.TEXT
        assert taken.text.encode() == content


def test_a_page_is_read_with_exact_quotes_of_what_was_taken_out() -> None:
    content = page(f"<nav>Home</nav><main><h1>Privacy</h1>{PROSE}</main>")
    register = read([Source("page.html", content)])
    text = extract(content, "page.html").text
    assert register.promises
    assert all(text[p.clause.start : p.clause.end] == p.clause.quote for p in register.promises)
    assert as_json(register)["documents"][0]["format"] == "html"


@pytest.mark.parametrize(
    "content",
    [
        b"<html>" + b"<div>" * 100_000 + b"We collect",
        b"<html>" + b"<table><tr><td>" * 90_000,
        b"<html>" + b"<ul><li>a" * 100_000,
        b"<html>" + b"a " * 2_400_000,
        b"<html><b class='" + b"x" * 4_000_000 + b"'>We collect",
        b"<html>" + b"<header>" * 200_000,
        b"<html>" + b"<p>" * 2_000_000,
        b"<!doctype html [" + b"<!entity a 'aaaaaaaaaa'>" * 1_000 + b"]><html>&a;",
        b"<html>" + b"&#0;&#xffff;&#x110000;&amp" * 10_000,
    ],
)
def test_a_page_made_to_hurt_is_read_or_refused_soon(content: bytes) -> None:
    began = time.perf_counter()
    with suppress(RefusedError):
        extract(content, "page")
    assert time.perf_counter() - began < 10


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(EmptyPolicyError):
        extract(page("<nav>Home</nav>"), "page")
    with pytest.raises(PolicyTooLargeError):
        extract(b"<html>" + b"<p>" * 400_000, "page")


TAGS = st.sampled_from(
    [
        "<div>", "</div>", "<p>", "<ul>", "<ol type=i>", "<li value=x>", "</ul>", "<table>", "<tr>", "<td rowspan=9>",
        "<th colspan=0>", "</table>", "<a href='mailto:a@example.com'>", "</a>", "<h1>", "</h2>", "<dl>", "<dt>", "<dd>",
        "<b>", "</b>", "<pre>", "\n", "<br>", "<!--", "-->", "<![CDATA[", "<?php", "&nbsp;", "&#x0;", "<main>", "</main>",
        "<body>", "</html>", "<svg>", "<math>", "<summary>", "<a data-cfemail=zz>", "We collect your data.", "نجمع", "\x00",
        "<div role=heading aria-level=99>", "<frameset>", "<select><option>", "<h3><button>", "|", "- ", "<",
    ]
)  # fmt: skip


@given(st.lists(TAGS, max_size=60).map("".join))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_markup_is_read_or_refused(body: str) -> None:
    try:
        taken = extract(b"<!doctype html><html>" + body.encode(), "page")
    except RefusedError:
        return
    assert taken.text.strip()
    assert extract(b"<!doctype html><html>" + body.encode(), "page") == taken


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_after_a_doctype_are_read_or_refused(content: bytes) -> None:
    try:
        extract(b"<!doctype html>" + content, "page")
    except RefusedError:
        return


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<table><tr><td>" * 1_000 + "We do not sell your data.", "nested too deeply"),
        ("<ul><li>" * 5_000 + "We do not sell your data.", "nested too deeply"),
        (
            "<p " + " ".join(f"a{each}=''" for each in range(20_000)) + ">We do not sell data.",
            "more than 1,000 attributes",
        ),
    ],
)
def test_what_the_parser_would_drop_or_never_end_with_is_refused(body: str, words: str) -> None:
    begun = time.process_time()
    with pytest.raises(DamagedPolicyError, match=words):
        read_html(f"<html><h1>Privacy policy</h1>{body}".encode())
    assert time.process_time() - begun < 2


def test_a_page_that_declares_another_encoding_than_its_own_is_read_in_its_own() -> None:
    arabic = "لا نبيع بياناتك الشخصية إلى أي طرف. نحتفظ بطلباتك لمدة 24 شهرا. " * 5
    page = b"<html><head><meta charset=utf-8></head><body><p>" + arabic.encode("cp1256")
    assert "لا نبيع بياناتك" in read_html(page)
