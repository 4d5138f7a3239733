"""Which words speak for a mandatory disclosure where no promise does."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kept.policy.languages.lexicon import Lexicon, Rule
from kept.policy.languages.loading import load
from kept.policy.languages.pattern import Phrase, phrases_of
from kept.policy.languages.spelling import spelling_of
from kept.policy.words import Words

_FILE = "disclosures.toml"


@dataclass(frozen=True, slots=True)
class Signals:
    """The phrases of one language, compiled.

    Attributes:
        lexicon: Every phrase, and every phrase that silences one.
        names: What its lists speak for.
    """

    lexicon: Lexicon
    names: frozenset[str]

    def of(self, words: Words) -> frozenset[str]:
        """Return what `words` speak for: a signal that other words there deny is none."""
        found = self.lexicon.find(words)
        said = frozenset(hit.rule.value for hit in found["said"])
        return said - {hit.rule.value for hit in found["denied"]} if said else said


@cache
def signals(tag: str) -> Signals | None:
    """Return the signals of a language, compiled once; ``None`` where it lists none.

    Raises:
        PatternSyntaxError: A phrase in its file is not written as phrases are.
    """
    folder = files("kept.policy.languages") / tag
    path = folder / _FILE
    if not path.is_file():
        return None
    words = tomllib.loads((folder / "words.toml").read_text("utf-8"))
    spelling = spelling_of(words)
    table = spelling.table(tomllib.loads(path.read_text("utf-8")))
    groups = _groups({**spelling.table(words)["groups"], **table.get("groups", {})})
    counting = tomllib.loads((folder / "terms.toml").read_text("utf-8"))["counting"]
    listed = [
        (Rule(list_, name), 1.0, phrase)
        for name, entry in table["signals"].items()
        for list_, key in (("said", "says"), ("denied", "unless_says"))
        for phrase in entry.get(key, ())
    ]
    lexicon = Lexicon(listed, groups, counting, load(tag).affixes)
    return Signals(lexicon, frozenset(table["signals"]))


def _groups(tables: Mapping[str, str]) -> Mapping[str, frozenset[Phrase]]:
    groups: dict[str, frozenset[Phrase]] = {}
    for name, text in tables.items():
        groups[name] = phrases_of(text, groups)
    return groups
