"""How often the judging agrees with a careful reader of five policies."""

import json
from pathlib import Path

import pytest

from kept.policy.reader import read
from kept.policy.source import Source

SHARED = Path(__file__).resolve().parents[3].parent / "shared"


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the annotated policies are not here")
def test_the_judging_agrees_with_a_careful_reader() -> None:
    sources = [
        Source(path.name, path.read_bytes()) for path in sorted((SHARED / "policies").iterdir())
    ]
    register = read(sources, languages=("en", "fr", "ar"))
    found = {
        (each.document, each.language, each.item): each.status for each in register.disclosures
    }
    gold = json.loads((SHARED / "gold" / "disclosures.json").read_text("utf-8"))
    want = {(each["document"], each["language"], each["item"]): each["status"] for each in gold}
    assert sum(found.get(key) == status for key, status in want.items()) >= 0.97 * len(want)
    absent = {key for key, status in want.items() if status == "absent"}
    said_absent = {key for key, status in found.items() if status == "absent"} & want.keys()
    assert 2 * len(absent & said_absent) / (len(absent) + len(said_absent)) >= 0.98
