"""What must not change an id, and what must always be exact."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from kept.policy.reader import read
from kept.policy.report import as_json
from kept.policy.source import Source

GOLD = Path(__file__).parent / "gold"
_MARKS = re.compile(r"\[\[| ¦ \S+ \S+ \S+\]\]")
TEXTS = {path.name: _MARKS.sub("", path.read_text("utf-8")) for path in sorted(GOLD.iterdir())}


def ids(text: str) -> list[str]:
    return [each.id for each in read([Source("policy", text.encode())]).promises]


def wrapped(text: str, width: int) -> str:
    """Break the lines of `text` as an editor does, items indented under their bullet."""
    lines = []
    for line in text.split("\n"):
        marker = re.match(r"\s*(?:[-*o•]|\d+\.|[a-z]\))\s+", line)
        indent = " " * len(marker[0]) if marker else ""
        current = ""
        for word in line.split(" "):
            if current.strip() and len(current) + 1 + len(word) > width:
                lines.append(current)
                current = indent + word
            else:
                current = f"{current} {word}" if current else word
        lines.append(current)
    return "\n".join(lines)


MUTATIONS: dict[str, Callable[[str], str]] = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "old line ends": lambda text: text.replace("\n", "\r"),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "composed letters": lambda text: unicodedata.normalize("NFC", text),
    "round bullets": lambda text: re.sub(r"(?m)^(\s*)[-*o](\s+)", r"\1•\2", text),
    "dashes": lambda text: re.sub(r"(?m)^(\s*)[-*o](\s+)", r"\1–\2", text),
    "no final line end": lambda text: text.rstrip("\n"),
    "spaces at line ends": lambda text: text.replace("\n", "  \n"),
    "a mark before the first byte": lambda text: "\ufeff" + text,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_ids_survive(name: str, mutation: str) -> None:
    text = TEXTS[name]
    assert ids(MUTATIONS[mutation](text)) == ids(text)


@pytest.mark.parametrize("width", [72, 100])
def test_ids_survive_wrapping(width: int) -> None:
    text = TEXTS["nimbus.md"]
    table = re.compile(r"(?m)^\|.*\n")
    unlisted = table.sub("", text)
    assert ids(wrapped(unlisted, width)) == ids(unlisted)


def test_the_same_words_twice_get_two_ids() -> None:
    text = "Our policy\n\nWe do not sell your data.\n\nAgain\n\nWe do not sell your data.\n"
    first, second = ids(text)
    assert second == f"{first}-2"


@pytest.mark.parametrize("name", TEXTS)
def test_every_quote_is_the_slice_it_claims_to_be(name: str) -> None:
    text = TEXTS[name].replace("\n", "\r\n")
    register = read([Source(name, text.encode())])
    clauses = [each.clause for each in (*register.promises, *register.findings)]
    assert clauses
    assert all(text[each.start : each.end] == each.quote for each in clauses)


def test_a_reading_is_the_same_each_time() -> None:
    sources = [Source(name, text.encode()) for name, text in TEXTS.items()]
    assert as_json(read(sources)) == as_json(read(sources))
