"""That what was learned stands beside the rules, and comes from the annotated policies alone."""

import hashlib
from pathlib import Path

import pytest

from kept.policy import settling
from kept.policy.languages.loading import available, load
from kept.policy.reader import read
from kept.policy.settling import FEW, Tally
from kept.policy.source import Source

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tools" / "corpus"


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


UNUSUAL = """Privacy at the ferry

What ends up with us
The booking form wants a surname, a car's plate and a phone that rings on the day.
Cabins are opened with a card whose number we write down.

Who else sees it
The harbour master is handed the list of everybody aboard before we sail.
Nobody on land buys a passenger list from us.

How long it lies here
Lists of passengers are gone after the season.
Recordings of the car deck are wiped when a month is over.

What you may ask
Come to the counter and we print what we have of you.
Somebody whose name is spelt wrongly gets it mended while they wait.
"""


def test_a_text_that_speaks_in_no_usual_way_is_read_further_than_rules_alone_read_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source("ferry.txt", UNUSUAL.encode())
    ruled = read([source]).promises
    # So short a text tells too little: it is left to the rules, unless it need not tell much.
    monkeypatch.setattr(settling, "FEW", 0)
    learned = read([source]).promises
    assert len(learned) > len(ruled)
