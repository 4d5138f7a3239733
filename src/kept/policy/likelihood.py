"""How likely is a clause an entry of each category, as annotated policies taught it?

Rules know the constructs that somebody wrote down; a policy that nobody has seen says
the same in words of its own. Beside the rules stands a multinomial logistic regression
over what the rules found, the words, and the headings and lead-in around them. Its
weights are a table that can be read and corrected, learned from policies written and
annotated for it (``tools/train_reader.py``); no model comes from outside.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kept.policy.words import Word, Words

NONE = "none"
"""The class of clauses that are no entry."""

_STEM = 5
_STEM_ABOVE = 6
_GRAM = 3
_WORDS_EACH = 4
_LONGEST = 6
_MOST_WORDS = 60
_MOST_ABOVE = 24

Features = Mapping[str, float]
"""What is seen of a clause, and how much of it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a language learned of one question from annotated policies.

    Attributes:
        classes: The answers that there are.
        bias: What speaks for each class before anything is seen, in log-odds.
        weights: What each feature adds, by position of the class.
        corpus: SHA-256 of the policies that it was learned from.
    """

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]
    corpus: str = ""

    def likelihoods(self, features: Features) -> dict[str, float]:
        """Return the probability of each class where one is right; together they are one."""
        scores = self._scores(features)
        highest = max(scores)
        powers = [math.exp(each - highest) for each in scores]
        whole = sum(powers)
        return {each: power / whole for each, power in zip(self.classes, powers, strict=True)}

    def chances(self, features: Features) -> dict[str, float]:
        """Return the probability of each class where any number may be right."""
        return {
            each: 1 / (1 + math.exp(-score))
            for each, score in zip(self.classes, self._scores(features), strict=True)
        }

    def _scores(self, features: Features) -> list[float]:
        scores = list(self.bias)
        known = self.weights
        for feature, much in features.items():
            weights = known.get(feature)
            if weights is not None:
                for place, weight in weights:
                    scores[place] += weight * much
        return scores


@dataclass(frozen=True, slots=True)
class Taught:
    """What a language learned from annotated policies.

    Attributes:
        category: What a clause is about, or `NONE`.
        kind: How far a clause binds.
        duty: Which duties a clause creates; any number of them.
    """

    category: Learned
    kind: Learned
    duty: Learned


def parse_learned(text: str) -> Learned:
    """Return what a file of ``learned/`` says: hundredths of log-odds, one feature to a line.

    Raises:
        ValueError: A line is not written as the trainer writes it.
    """
    header, *lines = text.splitlines()
    corpus, *classes = header.split("\t")
    places = {each: place for place, each in enumerate(classes)}
    weights: dict[str, tuple[tuple[int, float], ...]] = {}
    for line in lines:
        feature, *pairs = line.split("\t")
        row = []
        for pair in pairs:
            name, _, hundredths = pair.rpartition("=")
            row.append((places[name], int(hundredths) / 100))
        weights[feature] = tuple(row)
    bias = dict(weights.pop("bias", ()))
    return Learned(
        tuple(classes),
        tuple(bias.get(place, 0.0) for place in range(len(classes))),
        weights,
        corpus,
    )


def words_features(words: Words, *, grams: bool) -> dict[str, float]:
    """Return what is seen of a clause's words alone.

    Args:
        words: Its words; those after the sixtieth are not looked at.
        grams: Whether to look at three letters at a time too: where particles are
            written with words, prefixes do not tell stems.
    """
    found: dict[str, float] = {}
    before = "^"
    for word in words.words[:_MOST_WORDS]:
        form = word.form
        for feature in _of_word(form, grams):
            found[feature] = 1.0
        found[f"2:{before} {form}"] = 1.0
        before = form
    for form in words.others.values():
        found[f"w:{form}"] = 1.0
    found[f"length:{min(_LONGEST, len(words) // _WORDS_EACH)}"] = 1.0
    return found


def above_features(where: str, words: Sequence[Word]) -> dict[str, float]:
    """Return what is seen of a heading or lead-in: ``where`` says which."""
    return {f"{where}:{word.form[:_STEM_ABOVE]}": 1.0 for word in words[:_MOST_ABOVE]}


@lru_cache(maxsize=20_000)
def _of_word(form: str, grams: bool) -> tuple[str, ...]:  # noqa: FBT001 - a key of the cache
    features = [f"w:{form}", f"p:{form[:_STEM]}"]
    if grams:
        features += [f"g:{form[at : at + _GRAM]}" for at in range(len(form) - _GRAM + 1)]
    return tuple(features)
