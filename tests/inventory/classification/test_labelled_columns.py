"""Columns of twelve locales of which is known what they hold, many made to mislead."""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[3] / "bench"


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bool], Any]:
    monkeypatch.syspath_prepend(str(BENCH))
    corpus = importlib.import_module("labelled.corpus")
    scoring = importlib.import_module("labelled.scoring")

    def score(half: str, opaque: bool) -> Any:  # noqa: ANN401 - a module that is found at run time
        made: Sequence[Any] = corpus.columns(half, 2027 if half == "held out" else 11)
        return scoring.scored(made, opaque=opaque)

    return score


@pytest.mark.parametrize(
    ("half", "opaque", "at_least"),
    [
        ("tuned", False, 0.97),
        ("tuned", True, 0.90),
        ("held out", False, 0.97),
        ("held out", True, 0.90),
    ],
)
def test_what_columns_hold_is_told_as_rightly_as_was_asked(
    scored: Callable[[str, bool], Any], half: str, opaque: bool, at_least: float
) -> None:
    score = scored(half, opaque)
    assert score.macro >= at_least
    assert score.false_rate <= 0.01
