"""That what was learned stands beside the rules, and comes from the annotated policies alone."""

import hashlib
import re
from pathlib import Path

import pytest

from kept.policy import settling
from kept.policy.languages.loading import available, load
from kept.policy.reader import read
from kept.policy.settling import FEW, Tally
from kept.policy.source import Source

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tools" / "corpus"
MARK = re.compile(r"\[\[(.*?) ¦ \S+ \S+ \S+\]\]", re.DOTALL)


def corpus_hash(tag: str) -> str:
    digest = hashlib.sha256()
    for path in sorted((CORPUS / tag).iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


SHARE = 0.15


@pytest.mark.parametrize("tag", available())
def test_what_was_learned_was_learned_from_the_corpus_as_it_is(tag: str) -> None:
    taught = load(tag).taught
    assert taught is not None
    for learned in (taught.category, taught.kind, taught.duty):
        assert learned.corpus == corpus_hash(tag), "run tools/train_reader.py"
        assert learned.classes


@pytest.mark.parametrize(
    ("clauses", "doubt", "alike"),
    [(0, 0.0, True), (1, 1.0, True), (10, FEW / 10, True), (10, FEW / 10 + 0.01, False),
     (200, SHARE - 0.01, True), (100, SHARE + 0.01, False), (1_000, 0.0, True), (4, 0.7, True)],
)  # fmt: skip
def test_a_text_that_both_read_alike_is_left_to_the_rules(
    clauses: int, doubt: float, alike: bool
) -> None:
    tally = Tally()
    for _ in range(clauses):
        tally.note(doubt)
    assert tally.alike(SHARE) is alike


def marked(path: Path) -> tuple[str, set[str]]:
    """Return an annotated policy as its readers see it, and the words of its entries."""
    text = path.read_text("utf-8")
    quotes = {" ".join(found[1].split()) for found in MARK.finditer(text)}
    return MARK.sub(r"\1", text), quotes


def found_in(text: str, tag: str) -> set[str]:
    promises = read([Source("policy.txt", text.encode())], languages=(tag,)).promises
    return {" ".join(each.clause.quote.split()) for each in promises}


@pytest.mark.parametrize("tag", available())
def test_texts_that_speak_as_those_learned_from_are_read_further_than_rules_alone_read_them(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = [marked(path) for path in sorted((CORPUS / tag).iterdir())[::40]]
    learned = sum(len(quotes & found_in(text, tag)) for text, quotes in policies)
    monkeypatch.setattr(settling, "FEW", 1_000_000)
    ruled = sum(len(quotes & found_in(text, tag)) for text, quotes in policies)
    assert learned > ruled * 1.1
