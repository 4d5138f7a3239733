"""How near the reader comes to careful readers, on annotated policies."""

import importlib.util
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kept.policy.reader import read
from kept.policy.report import as_json
from kept.policy.source import Source
from kept.promises.promise import Promise

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared"
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


def overlap(one: Expected, other: Promise) -> float:
    """Return the intersection over union of two spans."""
    clause = other.clause
    shared = min(one.end, clause.end) - max(one.start, clause.start)
    return max(0, shared) / (max(one.end, clause.end) - min(one.start, clause.start))


def score(expected: Sequence[Expected], promises: Sequence[Promise]) -> Score:
    """Return how many entries agree in span and category, and how well they agree otherwise."""
    pairs = sorted(
        (
            (overlap(each, promise), i, j)
            for i, each in enumerate(expected)
            for j, promise in enumerate(promises)
            if each.category == promise.category
        ),
        reverse=True,
    )
    matched: dict[int, int] = {}
    for shared, i, j in pairs:
        if shared >= 0.5 and i not in matched and j not in matched.values():
            matched[i] = j
    both = [(expected[i], promises[j]) for i, j in matched.items()]
    kinds = sum(each.kind == promise.kind for each, promise in both)
    hits = sum(len(each.duties & set(promise.duties)) for each, promise in both)
    stated = sum(len(each.duties) + len(promise.duties) for each, promise in both)
    return Score(
        len(both) / max(1, len(promises)),
        len(both) / max(1, len(expected)),
        kinds / max(1, len(both)),
        2 * hits / max(1, stated),
    )


@pytest.mark.parametrize(
    ("name", "precision", "recall", "kinds", "duties"),
    [
        ("nimbus.md", 0.95, 0.95, 0.90, 0.95),
        ("payloop.md", 0.95, 0.95, 0.92, 0.95),
        ("puffle.txt", 0.90, 0.92, 0.90, 0.92),
        ("tram.txt", 0.93, 0.90, 0.88, 0.92),
        ("spark.txt", 0.95, 0.95, 0.88, 0.89),
        ("meridian.txt", 0.90, 0.86, 0.96, 0.93),
        ("robo_garden.md", 0.90, 0.90, 0.88, 0.87),
        ("harbour_council.md", 0.90, 0.90, 0.95, 0.93),
        ("northline.txt", 0.95, 0.95, 0.95, 0.95),
    ],
)
def test_policies_of_other_trades_are_read_as_a_careful_reader_reads_them(
    name: str, precision: float, recall: float, kinds: float, duties: float
) -> None:
    text, expected = annotated(HERE / "gold" / name)
    reached = score(expected, read([Source(name, text.encode())]).promises)
    assert reached.precision >= precision
    assert reached.recall >= recall
    assert reached.kinds >= kinds
    assert reached.duties >= duties


@pytest.fixture(scope="module")
def shared_gold() -> tuple[Any, list[dict[str, Any]], dict[str, Any]]:
    """The scorer, the register and our reading of the published policies beside the project."""
    folder = SHARED / "gold"
    if not folder.is_dir():
        pytest.skip("the annotated policies are not beside the project")
    spec = importlib.util.spec_from_file_location("gold_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    sources = [
        Source(path.name, path.read_bytes()) for path in sorted((SHARED / "policies").glob("*.txt"))
    ]
    register = json.loads((folder / "register.json").read_text("utf-8"))
    return scorer, register, as_json(read(sources))


@pytest.mark.parametrize(
    ("document", "least"),
    [("000", 0.98), ("001", 0.98), ("002", 0.98), ("003", 0.98), ("004", 0.98)],
)
def test_the_published_policies_are_read_as_annotated(
    shared_gold: tuple[Any, list[dict[str, Any]], dict[str, Any]], document: str, least: float
) -> None:
    scorer, register, found = shared_gold
    name = next(path.name for path in (SHARED / "policies").glob(f"{document}_*"))
    gold, ours = scorer.spans(register)[name], scorer.spans(found["promises"])[name]
    hits = scorer.match(gold, ours, same_category=True)
    assert scorer.f1(len(hits), len(gold), len(ours))[2] >= least


def test_absolute_security_is_read_as_impossible_where_it_is_claimed_and_only_there(
    shared_gold: tuple[Any, list[dict[str, Any]], dict[str, Any]],
) -> None:
    _, _, found = shared_gold
    impossible = [each["quote"] for each in found["promises"] if each["impossible"]]
    assert impossible == ["We employ the absolute security of your data"]
