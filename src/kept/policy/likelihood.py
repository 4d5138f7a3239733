"""How likely is a clause an entry of each category, as annotated policies taught it?

Rules know the constructs that somebody wrote down; a policy that nobody has seen says
the same in words of its own. Beside the rules stands a logistic regression over what
the rules found, the words, and the headings, lists and lead-ins around them. Its weights
are tables that can be read and corrected, learned from policies written and annotated
for it (``tools/train_reader.py``); no model comes from outside.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kept.policy.words import Word, Words

NONE = "none"
"""The class of clauses that are no entry."""

_STEM = 5
_STEM_ABOVE = 6
_GRAM = 4
_WORDS_EACH = 4
_LONGEST = 6
_MOST_WORDS = 60
_MOST_ABOVE = 24
_PLENTY = 12
_MEMORY = 20_000

Features = Mapping[str, float]
"""What is seen of a clause, and how much of it."""

_Row = tuple[tuple[int, float], ...]


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
    weights: Mapping[str, _Row]
    corpus: str = ""
    _of_words: dict[str, tuple[_Row, int]] = field(default_factory=dict, repr=False, compare=False)

    def likelihoods(self, words: Words, features: Features) -> dict[str, float]:
        """Return the probability of each class where one is right; together they are one."""
        scores = self._scores(words, features)
        highest = max(scores)
        powers = [math.exp(each - highest) for each in scores]
        whole = sum(powers)
        return {each: power / whole for each, power in zip(self.classes, powers, strict=True)}

    def chances(self, words: Words, features: Features) -> dict[str, float]:
        """Return the probability of each class where any number may be right."""
        return {
            each: 1 / (1 + math.exp(-score))
            for each, score in zip(self.classes, self._scores(words, features), strict=True)
        }

    def _scores(self, words: Words, features: Features) -> list[float]:
        sums = [0.0] * len(self.classes)
        count = 0
        known = self.weights
        before = "^"
        for word in words.words[:_MOST_WORDS]:
            row, many = self._of_words.get(word.form) or self._of_word(word.form)
            count += many + 1
            for place, weight in row:
                sums[place] += weight
            for place, weight in known.get(f"2:{before} {word.form}", ()):
                sums[place] += weight
            before = word.form
        for form in words.others.values():
            count += 1
            for place, weight in known.get(f"w:{form}", ()):
                sums[place] += weight
        much = _much(count)
        scores = [bias + much * each for bias, each in zip(self.bias, sums, strict=True)]
        for feature, value in features.items():
            for place, weight in known.get(feature, ()):
                scores[place] += weight * value
        return scores

    def _of_word(self, form: str) -> tuple[_Row, int]:
        """Return what one word adds, wherever it stands; a word is looked up once."""
        sums: dict[int, float] = {}
        seen = list(_seen_in(form))
        for feature in seen:
            for place, weight in self.weights.get(feature, ()):
                sums[place] = sums.get(place, 0.0) + weight
        if len(self._of_words) >= _MEMORY:
            self._of_words.clear()
        known = self._of_words[form] = tuple(sorted(sums.items())), len(seen)
        return known


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
    weights: dict[str, _Row] = {}
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


def words_features(words: Words) -> dict[str, float]:
    """Return what is seen of a clause's words, as `Learned` sees it.

    The first sixty words count. Many words speak no louder than some.
    """
    found: Counter[str] = Counter()
    before = "^"
    for word in words.words[:_MOST_WORDS]:
        found.update(_seen_in(word.form))
        found[f"2:{before} {word.form}"] += 1
        before = word.form
    found.update(f"w:{form}" for form in words.others.values())
    much = _much(found.total())
    return {feature: count * much for feature, count in found.items()}


def above_features(where: str, words: Sequence[Word]) -> dict[str, float]:
    """Return what is seen of a heading or lead-in: ``where`` says which."""
    return {f"{where}:{word.form[:_STEM_ABOVE]}": 1.0 for word in words[:_MOST_ABOVE]}


def length_feature(words: Words) -> str:
    """Return what is seen of the length of a clause."""
    return f"length:{min(_LONGEST, len(words) // _WORDS_EACH)}"


def _much(count: int) -> float:
    return 1 / math.sqrt(max(1.0, count / _PLENTY))


def _seen_in(form: str) -> Iterator[str]:
    yield f"w:{form}"
    yield f"p:{form[:_STEM]}"
    edged = f"^{form}$"
    for at in range(len(edged) - _GRAM + 1):
        yield f"g:{edged[at : at + _GRAM]}"
