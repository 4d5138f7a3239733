"""What names mean: the phrases that people wrote down, ready to be looked up."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from kept.inventory.classification.words import plain, words_of
from kept.vocabulary.data_category import DataCategory

Phrase = tuple[str, ...]

SHORTEST_PIECE = 3
"""Letters that a word must have to be found inside a glued one."""
LONGEST_COMPOUND = 40
"""Letters of the longest word that is taken apart."""


class Leans(StrEnum):
    """How far a category depends on the table being about people."""

    LITTLE = "little"
    SOMEWHAT = "somewhat"
    WHOLLY = "wholly"


class Strength(StrEnum):
    """How surely a phrase means its category."""

    STRONG = "strong"
    PLAIN = "plain"
    WEAK = "weak"


class Role(Enum):
    """What a phrase does where it is no meaning."""

    PEOPLE = "people"
    BELONGINGS = "belongings"
    THINGS = "things"
    LOGS = "logs"
    MACHINES = "machines"
    ANIMALS = "animals"
    COMPANIES = "companies"
    COUNTS = "counts"
    WORKERS = "workers"
    TALLIES = "tallies"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One category that a phrase can mean.

    Attributes:
        category: The category.
        strength: How surely.
        language: Language of the phrase: ``"en"``, ``"fr"`` …, ``"latn"`` for Arabic
            in Latin letters.
    """

    category: DataCategory
    strength: Strength
    language: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that ``lexicon/fields.toml`` and ``lexicon/surroundings.toml`` say.

    Attributes:
        meanings: Per phrase, what a field of that name holds.
        leans: Per category, how far it depends on the table.
        roles: Per phrase, what it says of a table's rows, or that it means nothing.
        after: Words that turn a meaning when they follow it.
        before: Words that turn a meaning when they precede it.
        anywhere: Words that turn a meaning wherever they stand.
        spared: Per category, words that turn others and not it: a glucose level is health.
        vocabulary: Every word of every phrase, to take glued names apart.
        longest: Words in the longest phrase.
    """

    meanings: Mapping[Phrase, tuple[Meaning, ...]]
    leans: Mapping[DataCategory, Leans]
    roles: Mapping[Phrase, frozenset[Role]]
    after: frozenset[Phrase]
    before: frozenset[Phrase]
    anywhere: frozenset[Phrase]
    spared: Mapping[DataCategory, frozenset[Phrase]]
    vocabulary: frozenset[str]
    longest: int

    def spared_of(self, category: DataCategory) -> frozenset[Phrase]:
        """Return the words that do not turn a meaning of `category`."""
        found = (words for family, words in self.spared.items() if family.covers(category))
        return next(found, frozenset())


def read_toml(name: str) -> dict[str, Any]:
    """Return the content of one file of the lexicon."""
    text = resources.files(__package__).joinpath("lexicon", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def listed(text: str) -> Iterator[str]:
    """Yield the entries of a comma-separated text, plain and without outer space."""
    for entry in text.split(","):
        cleaned = " ".join(plain(entry).split())
        if cleaned:
            yield cleaned


@cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once."""
    meanings: dict[Phrase, tuple[Meaning, ...]] = {}
    leans: dict[DataCategory, Leans] = {}
    for field in read_toml("fields.toml")["field"]:
        category = DataCategory(field["category"])
        leans[category] = Leans(field["leans"])
        for strength in Strength:
            for language, phrases in field.get(strength, {}).items():
                meaning = Meaning(category, strength, language)
                for phrase in _phrases(phrases):
                    known = meanings.get(phrase, ())
                    if all(each.category is not category for each in known):
                        meanings[phrase] = (*known, meaning)
    around = read_toml("surroundings.toml")
    roles: dict[Phrase, frozenset[Role]] = {}
    for role in Role:
        for phrases in around[role.value].values():
            for phrase in _phrases(phrases):
                roles[phrase] = roles.get(phrase, frozenset()) | {role}
    turning = {side: frozenset(_phrases(words)) for side, words in around["spoilers"].items()}
    every = (*meanings, *roles, *(phrase for side in turning.values() for phrase in side))
    return Lexicon(
        meanings=meanings,
        leans=leans,
        roles=roles,
        after=turning["after"],
        before=turning["before"],
        anywhere=turning["anywhere"],
        spared={
            DataCategory(family): frozenset(_phrases(words))
            for family, words in around["spared"].items()
        },
        vocabulary=frozenset(word for phrase in every for word in phrase),
        longest=max(len(phrase) for phrase in every),
    )


def _phrases(texts: Iterable[str]) -> Iterator[Phrase]:
    for text in texts:
        phrase = without_fillers(words_of(text))
        if phrase:
            yield phrase


_FILLERS = frozenset(
    [
        "de",
        "du",
        "d",
        "des",
        "la",
        "le",
        "les",
        "l",
        "del",
        "el",
        "los",
        "las",
        "of",
        "the",
        "von",
        "der",
        "den",
        "des",
    ]
)


def without_fillers(words: Phrase) -> Phrase:
    """Return `words` without articles and prepositions between two others.

    Names leave them out as often as not: ``nom_de_famille``, ``nom_famille``.
    """
    last = len(words) - 1
    return tuple(word for at, word in enumerate(words) if at in {0, last} or word not in _FILLERS)


@lru_cache(maxsize=100_000)
def known_words(name: str) -> Phrase:
    """Return the words of a name as the lexicon spells them.

    A plural becomes the singular that the lexicon has, and a word that it does not
    have is taken apart into words that it has, if that leaves no letter over:
    ``"firstname"`` is ``("first", "name")``.
    """
    vocabulary = lexicon().vocabulary
    found: list[str] = []
    for word in without_fillers(words_of(name)):
        singular = _singular(word, vocabulary)
        if singular is not None:
            found.append(singular)
        else:
            found.extend(_unglued(word, vocabulary) or (word,))
    return tuple(found)


def _singular(word: str, vocabulary: frozenset[str]) -> str | None:
    if word in vocabulary:
        return word
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("x", "")):
        if word.endswith(ending) and word.removesuffix(ending) + instead in vocabulary:
            return word.removesuffix(ending) + instead
    return None


def _unglued(word: str, vocabulary: frozenset[str]) -> Phrase | None:
    """Take `word` apart into the fewest known words, none left over."""
    if len(word) < 2 * SHORTEST_PIECE - 1 or len(word) > LONGEST_COMPOUND:
        return None
    best: list[Phrase | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 20), end):
            before = best[start]
            if before is None:
                continue
            piece = word[start:end]
            short = len(piece) < SHORTEST_PIECE and piece not in {"id", "no", "nr", "ip"}
            if short or (piece not in vocabulary):
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, piece)
    return best[len(word)]
