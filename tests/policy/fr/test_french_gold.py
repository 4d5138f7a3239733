"""How near the reader comes to a careful reader of French policies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise

GOLD = Path(__file__).parent / "gold"
FRENCH = ("en", "fr")
_MARK = re.compile(r"\[\[(.*?) ¦ (\S+) (\S+) (\S+)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a careful reader wrote beside the words."""

    start: int
    end: int
    category: str
    kind: str
    duties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How near a reading came to the annotation."""

    precision: float
    recall: float
    kinds: float
    duties: float


def annotated(path: Path) -> tuple[str, list[Expected]]:
    """Return the text of an annotated policy without its marks, and what they say."""
    marked = path.read_text("utf-8")
    text, at, expected = "", 0, []
    for found in _MARK.finditer(marked):
        text += marked[at : found.start()]
        duties = frozenset() if found[4] == "-" else frozenset(found[4].split(","))
        expected.append(Expected(len(text), len(text) + len(found[1]), found[2], found[3], duties))
        text += found[1]
        at = found.end()
    return text + marked[at:], expected


def matched(
    expected: Sequence[Expected], promises: Sequence[Promise]
) -> list[tuple[Expected, Promise]]:
    """Pair what agrees in span and category, the best overlap first."""
    pairs = sorted(
        (
            (overlap(each, promise), i, j)
            for i, each in enumerate(expected)
            for j, promise in enumerate(promises)
            if each.category == promise.category
        ),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    for shared, i, j in pairs:
        if shared >= 0.5 and i not in chosen and j not in chosen.values():
            chosen[i] = j
    return [(expected[i], promises[j]) for i, j in chosen.items()]


def overlap(one: Expected, other: Promise) -> float:
    """Return the intersection over union of two spans."""
    clause = other.clause
    shared = min(one.end, clause.end) - max(one.start, clause.start)
    return max(0, shared) / (max(one.end, clause.end) - min(one.start, clause.start))


def score(expected: Sequence[Expected], promises: Sequence[Promise]) -> Score:
    """Return how many entries agree, and how well those that do agree otherwise."""
    both = matched(expected, promises)
    hits = sum(len(each.duties & set(promise.duties)) for each, promise in both)
    stated = sum(len(each.duties) + len(promise.duties) for each, promise in both)
    return Score(
        len(both) / max(1, len(promises)),
        len(both) / max(1, len(expected)),
        sum(each.kind == promise.kind for each, promise in both) / max(1, len(both)),
        2 * hits / max(1, stated),
    )


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("orme.md", 0.95, 0.95),
        ("filou.txt", 0.95, 0.95),
        ("roselin.txt", 0.90, 0.95),
        ("virgule.txt", 0.95, 0.93),
        ("kolibri.md", 0.95, 0.93),
        ("tandem.md", 0.95, 0.95),
        ("miro.md", 0.93, 0.90),
        ("saint_hilaire.txt", 0.85, 0.88),
        # Of Morocco and of Québec, by their laws and in their words.
        ("atlas.txt", 0.92, 0.95),
        ("lac_vert.md", 0.93, 0.95),
        # In plain words, as few policies are.
        ("zigzag.txt", 0.88, 0.84),
        ("baptiste.txt", 0.88, 0.85),
        ("mobilier.txt", 0.88, 0.85),
        ("pelote.txt", 0.84, 0.88),
        ("valserine.txt", 0.92, 0.95),
    ],
)
def test_french_policies_are_read_as_a_careful_reader_reads_them(
    name: str, precision: float, recall: float
) -> None:
    text, expected = annotated(GOLD / name)
    reached = score(expected, read([Source(name, text.encode())], languages=FRENCH).promises)
    assert reached.precision >= precision, reached
    assert reached.recall >= recall, reached
    assert reached.kinds >= 0.90, reached
    assert reached.duties >= 0.90, reached
