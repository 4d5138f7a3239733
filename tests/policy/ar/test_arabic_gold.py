"""How near the reader comes to a careful reader of Arabic policies."""

import importlib.util
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise, Register

GOLD = Path(__file__).parent / "gold"
SHARED = Path(__file__).resolve().parents[3].parent / "shared"
ARABIC = ("ar",)
_MARK = re.compile(r"\[\[(.*?) ¦ (\S+) (\S+) (\S+)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a careful reader wrote beside the words."""

    start: int
    end: int
    category: str
    kind: str
    duties: frozenset[str]


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


def overlap(one: Expected, other: Promise) -> float:
    """Return the intersection over union of two spans."""
    clause = other.clause
    shared = min(one.end, clause.end) - max(one.start, clause.start)
    return max(0, shared) / (max(one.end, clause.end) - min(one.start, clause.start))


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


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("sanad.txt", 0.95, 0.95),
        ("bareeq.txt", 0.95, 0.95),
        ("alwan.md", 0.85, 0.85),
        ("baladiya.txt", 0.95, 0.95),
        ("durra.txt", 0.85, 0.85),
        ("madrasati.txt", 0.90, 0.90),
        ("muwatin.txt", 0.90, 0.90),
        ("ofoq.txt", 0.90, 0.90),
        ("sawtak.txt", 0.88, 0.88),
        ("wassilni.txt", 0.90, 0.88),
        ("zajil.txt", 0.95, 0.95),
        ("fosoulna.txt", 0.90, 0.90),
        ("zaytoun.txt", 0.95, 0.95),
        ("atheer.txt", 0.95, 0.95),
    ],
)
def test_arabic_policies_are_read_as_a_careful_reader_reads_them(
    name: str, precision: float, recall: float
) -> None:
    text, expected = annotated(GOLD / name)
    promises = read([Source(name, text.encode())], languages=ARABIC).promises
    both = matched(expected, promises)
    assert len(both) >= precision * len(promises)
    assert len(both) >= recall * len(expected)
    assert sum(each.kind == promise.kind for each, promise in both) >= 0.9 * len(both)
    hits = sum(len(each.duties & set(promise.duties)) for each, promise in both)
    stated = sum(len(each.duties) + len(promise.duties) for each, promise in both)
    assert 2 * hits >= 0.9 * stated


def test_quotes_of_arabic_promises_are_the_slices_of_the_file() -> None:
    for path in sorted(GOLD.iterdir()):
        text, _ = annotated(path)
        register = read([Source(path.name, text.encode())], languages=ARABIC)
        for promise in register.promises:
            clause = promise.clause
            assert text[clause.start : clause.end] == clause.quote
            assert clause.language == "ar"


@pytest.fixture(scope="module")
def shared_reading() -> tuple[Any, list[dict[str, Any]], str, Register]:
    """The scorer, the annotations and our reading of the Arabic half of a bilingual policy."""
    folder = SHARED / "gold"
    if not folder.is_dir():
        pytest.skip("the annotated policies are not beside the project")
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    path = next((SHARED / "policies").glob("003*.txt"))
    entries = json.loads((folder / "register.json").read_text("utf-8"))
    return (
        scorer,
        entries,
        path.name,
        read([Source(path.name, path.read_bytes())], languages=ARABIC),
    )


def test_the_arabic_half_of_a_published_policy_is_read_as_annotated(
    shared_reading: tuple[Any, list[dict[str, Any]], str, Register],
) -> None:
    scorer, entries, name, register = shared_reading
    parts = [
        (part["start"], part["end"], each["category"], each["kind"], frozenset(each["duties"]))
        for each in entries
        for part in (each, *each.get("parallel", []))
        if part["document"] == name and not part["quote"].isascii()
    ]
    ours = [
        (clause.start, clause.end, each.category, each.kind, frozenset(each.duties))
        for each in register.promises
        for clause in (each.clause, *each.parallel)
        if clause.language == "ar"
    ]
    hits = scorer.match(parts, ours, same_category=True)
    assert scorer.f1(len(hits), len(parts), len(ours))[2] >= 0.95
    assert sum(parts[i][3] == ours[j][3] for i, j in hits) >= 0.95 * len(hits)
    assert sum(parts[i][4] == ours[j][4] for i, j in hits) >= 0.95 * len(hits)


def test_arabic_is_left_unread_where_nobody_asks_for_it() -> None:
    text, _ = annotated(GOLD / "alwan.md")
    register = read([Source("alwan.md", text.encode())], languages=("en",))
    assert register.promises == ()
    assert {finding.kind for finding in register.findings} == {"unread"}
