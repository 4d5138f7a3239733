"""What French policies are dressed in: accents, spaces, quotation marks, wrapping."""

import re
import textwrap
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Register

GOLD = Path(__file__).parent / "gold"
FRENCH = ("en", "fr")
_MARK = re.compile(r"\[\[(.*?) ¦ .*?\]\]", re.DOTALL)
_NOT_SPACED = re.compile(r" ([:;!?%»])")


def plain_text(name: str) -> str:
    return _MARK.sub(r"\1", (GOLD / name).read_text("utf-8"))


def reading(text: str) -> Register:
    return read([Source("politique.txt", text.encode())], languages=FRENCH)


def meanings(text: str) -> list[tuple[str, ...]]:
    return [
        (each.category.value, each.kind.value, *(duty.value for duty in each.duties))
        for each in reading(text).promises
    ]


def without_accents(text: str) -> str:
    parted = unicodedata.normalize("NFD", text)
    return "".join(each for each in parted if not unicodedata.combining(each))


def wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, 88, subsequent_indent="  " if line[:1] in "-•*" else "")
        for line in text.splitlines()
    )


@pytest.mark.parametrize("name", ["orme.md", "filou.txt", "roselin.txt"])
@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda text: unicodedata.normalize("NFD", text), id="accents apart"),
        pytest.param(without_accents, id="accents lost"),
        pytest.param(lambda text: text.replace("'", "’"), id="typographic apostrophes"),
        pytest.param(lambda text: text.replace("’", "'"), id="plain apostrophes"),
        pytest.param(lambda text: _NOT_SPACED.sub("\u00a0\\1", text), id="no-break spaces"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends of Windows"),
    ],
)
def test_the_dress_of_a_text_changes_nothing_that_it_says(
    name: str, dress: Callable[[str], str]
) -> None:
    text = plain_text(name)
    assert meanings(dress(text)) == meanings(text)


def test_wrapped_lines_are_read_as_one() -> None:
    text = plain_text("orme.md")
    one, other = meanings(text), meanings(wrapped(text))
    assert sum(a == b for a, b in zip(one, other, strict=False)) >= 0.95 * len(one)


@pytest.mark.parametrize("name", ["orme.md", "filou.txt", "roselin.txt"])
def test_a_quote_is_the_slice_of_the_text(name: str) -> None:
    text = plain_text(name)
    for promise in reading(text).promises:
        assert promise.clause.quote == text[promise.clause.start : promise.clause.end]
        assert promise.clause.language == "fr"


def test_a_promise_is_not_read_in_french_unless_french_is_asked_for() -> None:
    text = plain_text("filou.txt")
    register = read([Source("politique.txt", text.encode())], languages=("en",))
    assert not register.promises
    assert {each.kind.value for each in register.findings} == {"unread"}
