"""Which words a table's or a field's name is made of, and what they say of people."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from kept.inventory.classification.words import words_of

_SHORTEST_PLURAL = 4
_IRREGULAR = {
    "people": "person",
    "children": "child",
    "staff": "staff",
    "addresses": "address",
    "address": "address",
    "adresses": "adresse",
    "business": "business",
    "businesses": "business",
    "status": "status",
    "series": "series",
    "news": "news",
    "is": "is",
    "has": "has",
    "as": "as",
    "men": "man",
    "women": "woman",
    "personnes": "personne",
    "eleves": "eleve",
}

# The first that fits; those that keep their ending come before those that lose it.
_ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("eaux", "eau"),
    ("aux", "al"),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Periods:
    """The words that say when an identifier was somebody's; each as in ``words.toml``."""

    given: tuple[tuple[Words, Words], ...]
    any: tuple[tuple[Words, Words], ...]
    since: tuple[Words, ...]
    since_named: tuple[Words, ...]
    until_named: tuple[Words, ...]
    identifier: frozenset[Words]
    holding: frozenset[Words]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of ``words.toml``; phrases are tuples of words in the singular."""

    about: dict[str, frozenset[Words]]
    owner: frozenset[Words]
    mention: frozenset[Words]
    parties: tuple[tuple[str, str], ...]
    party: frozenset[str]
    things: dict[str, frozenset[Words]]
    reference: frozenset[str]
    identifier: frozenset[str]
    own_number: frozenset[Words]
    periods: Periods
    group: frozenset[Words]
    clients: dict[str, frozenset[Words]]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the words that proposals know."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return Vocabulary(
        about={key: _phrases(value) for key, value in read["about"].items()},
        owner=_phrases(read["roles"]["owner"]),
        mention=_phrases(read["roles"]["mention"]),
        parties=tuple((one, other) for one, other in read["roles"]["parties"]),
        party=frozenset(
            word for pair in read["roles"]["parties"] for word in pair if len(word) > 1
        ),
        things={key: _phrases(value) for key, value in read["things"].items()},
        reference=frozenset(read["keys"]["reference"]),
        identifier=frozenset(read["keys"]["identifier"]),
        own_number=_phrases(read["keys"]["own_number"]),
        periods=_periods(read["periods"]),
        group=_phrases(read["sharing"]["group"]),
        clients={key: _phrases(value) for key, value in read["clients"].items()},
    )


def _periods(read: dict[str, Any]) -> Periods:
    given, any_ = (
        tuple((singular_words(one), singular_words(other)) for one, other in read[key])
        for key in ("given", "any")
    )
    since, since_named, until_named = (
        tuple(singular_words(each) for each in read[key])
        for key in ("since", "since_named", "until_named")
    )
    return Periods(
        given=given,
        any=any_,
        since=since,
        since_named=since_named,
        until_named=until_named,
        identifier=_phrases(read["identifier"]),
        holding=_phrases(read["holding"]),
    )


@lru_cache(maxsize=50_000)
def singular_words(name: str) -> Words:
    """Return the words of a name, each in the singular where the ending tells.

    Examples:
        >>> singular_words("OrderLines"), singular_words("tbl_categories")
        (('order', 'line'), ('tbl', 'category'))
    """
    return tuple(_singular(word) for word in words_of(name))


def has_any(words: Words, phrases: Iterable[Words]) -> Words:
    """Return the longest of `phrases` that stands in `words`, or an empty one."""
    found: Words = ()
    for phrase in phrases:
        if len(phrase) > len(found) and _stands_in(phrase, words):
            found = phrase
    return found


def _stands_in(phrase: Words, words: Words) -> bool:
    length = len(phrase)
    return any(words[at : at + length] == phrase for at in range(len(words) - length + 1))


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < _SHORTEST_PLURAL or not word.isascii():
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word


def _phrases(texts: Iterable[str]) -> frozenset[Words]:
    return frozenset(singular_words(text) for text in texts)
