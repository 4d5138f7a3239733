"""What is served, to whom, and with which words."""

import io
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from kept.promises.promise import Register
from kept.promises.scoreboard import Scoreboard
from kept.promises.verdict import Verdict
from kept.web.application import application
from kept.web.page import Page

LANGUAGES = ("en", "fr", "ar")


class Answer:
    """What came back."""

    def __init__(self, status: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.status = int(status.partition(" ")[0])
        self.headers = dict(headers)
        self.body = body.decode()


def ask(
    page: Page, path: str, *, method: str = "GET", host: str = "127.0.0.1:8765", **more: str
) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    name, _, port = host.rpartition(":")
    environment = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": name, "SERVER_PORT": port,
        "HTTP_HOST": host, "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http", "SERVER_PROTOCOL": "HTTP/1.1", **more,
    }  # fmt: skip
    body = application(page)(environment, lambda status, headers: started.append((status, headers)))
    return Answer(*started[0], b"".join(body))


class Outline(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize(("asked", "given"), [
    ("fr-CA,fr;q=0.9", "fr"), ("ar", "ar"), ("de-DE,de", "en"), ("", "en"), ("xx;q=bad,,", "en"),
])  # fmt: skip
def test_the_front_leads_to_the_language_that_the_browser_asks_for(
    page: Page, asked: str, given: str
) -> None:
    answer = ask(page, "/", HTTP_ACCEPT_LANGUAGE=asked)
    assert answer.status == 302
    assert answer.headers["Location"] == f"/{given}/"
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language_and_direction(page: Page, language: str) -> None:
    answer = ask(page, f"/{language}/")
    assert answer.status == 200
    assert answer.headers["Content-Language"] == language
    root = Outline(answer.body).all("html")[0]
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_stands_in_its_own_words_language_and_direction(
    page: Page, language: str
) -> None:
    answer = ask(page, f"/{language}/")
    headings = Outline(answer.body).all("h3")
    assert {"lang": "en", "dir": "ltr"} in headings
    assert "We guarantee the absolute security of your data." in answer.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_promise_every_verdict_and_every_count_is_on_the_page(
    page: Page, language: str
) -> None:
    outline = Outline(ask(page, f"/{language}/").body)
    shown = {attributes["id"] for attributes in outline.all("article") if "id" in attributes}
    assert shown == {f"p-{each.id}" for each in page.register.promises if each.duties}
    sections = {attributes.get("id") for attributes in outline.all("h2")}
    assert {str(verdict) for verdict in Verdict} <= sections
    assert len(outline.all("rect")) == len(Verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_says_where_how_many_and_what_to_do(page: Page, language: str) -> None:
    body = ask(page, f"/{language}/").body
    assert "app.customers.marital_status" in body
    assert re.search(r"1[,.\s  ]?804", body)


def test_the_receipt_of_an_erasure_says_what_was_kept_and_why(page: Page) -> None:
    body = ask(page, "/en/").body
    assert "§\u00a0147 AO" in body
    assert "request/9f2c51d0aa34be17" in body
    assert "3 / 3" in body
    assert "m4qNxN/MhEBkxF5y3U2nKNoN3B7SSaUvq3jRMTmdFkk=" in body
    assert "app.invoices" in body
    assert "app.plans" not in body


@pytest.mark.parametrize("path", ["/", "/en/", "/ar/", "/assets/kept.css", "/nothing", "/de/"])
def test_every_answer_forbids_scripts_frames_and_guessing(page: Page, path: str) -> None:
    headers = ask(page, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_no_script_no_inline_style_and_nothing_from_elsewhere(
    page: Page, language: str
) -> None:
    outline = Outline(ask(page, f"/{language}/").body)
    assert outline.all("script") == []
    assert outline.all("style") == []
    for tag, attributes in outline.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src"):
            assert not str(attributes.get(name, "")).startswith(("http", "//", "data:")), tag


def test_words_of_a_policy_cannot_become_markup(page: Page) -> None:
    body = ask(page, "/en/").body
    assert "&lt;b&gt;and&lt;/b&gt;" in body
    assert "<b>and</b>" not in body


@pytest.mark.parametrize(
    "host", ["kept.example:80", "127.0.0.1.example.com:80", "10.0.0.1:80", ":80"]
)
def test_another_name_for_this_machine_is_refused(page: Page, host: str) -> None:
    answer = ask(page, "/en/", host=host)
    assert answer.status == 400
    assert "Example Cloud" not in answer.body
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost:8765", "[::1]:8765"])
def test_this_machine_by_its_names_is_answered(page: Page, host: str) -> None:
    assert ask(page, "/en/", host=host).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_allowed(page: Page, method: str) -> None:
    answer = ask(page, "/en/", method=method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/de/", "/en", "/assets/../setup.py", "/assets/setup.py", "/en/%00", "/favicon.ico"]
)
def test_what_is_not_there_is_not_found_in_the_readers_language(page: Page, path: str) -> None:
    answer = ask(page, path, HTTP_ACCEPT_LANGUAGE="fr")
    assert answer.status == 404
    assert "Cette page n’existe pas" in answer.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_descend_one_level_at_a_time_and_ids_are_unique(page: Page, language: str) -> None:
    outline = Outline(ask(page, f"/{language}/").body)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len(outline.all("main")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_page_leads_somewhere(page: Page, language: str) -> None:
    outline = Outline(ask(page, f"/{language}/").body)
    ids = {attributes.get("id") for _, attributes in outline.tags}
    for tag in ("a", "use"):
        for attributes in outline.all(tag):
            href = str(attributes.get("href"))
            assert not href.startswith("#") or href[1:] in ids, href


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_policy_and_a_policy_with_nothing_broken_have_a_page_too(
    page: Page, language: str
) -> None:
    empty = Page(
        controller="",
        at=page.at,
        register=Register(documents=(), promises=()),
        scoreboard=Scoreboard(()),
    )
    answer = ask(empty, f"/{language}/")
    assert answer.status == 200
    assert Outline(answer.body).all("rect") == []
