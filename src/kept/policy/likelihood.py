"""How likely is a clause an entry of each category, as annotated policies taught it?

Rules know the constructs that somebody wrote down; a policy that nobody has seen says
the same in words of its own. Beside the rules stands a logistic regression over what
the rules found, the words, and the headings, lists and lead-ins around them. Its weights
are tables that can be read and corrected, learned from policies written and annotated
for it (``tools/train_reader.py``); no model comes from outside.
"""

import math
import struct
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
_MOST_ROWS = 60_000
_BIAS = "bias"

Features = Mapping[str, float]
"""What is seen of a clause, and how much of it."""

# A row of weights is one number: a lane of so many bits for each class, so that rows are
# weighed and added in one step, and in any order. A weight counts in tiny parts of a
# hundredth; no sum of a clause comes near the edge of its lane.
_LANE = 64
_BYTES = _LANE // 8
_HALF = 1 << _LANE - 1
_ONE = 1 << 28
_MOST_WEIGHT = 100_000
_WHOLE = 100 * _ONE


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is seen of a place, and what each question makes of it, worked out once.

    Attributes:
        features: What is seen of a heading, a lead-in or a section.
    """

    features: Features
    _speaking: dict["Learned", int] = field(default_factory=dict, repr=False)

    def speaking(self, learned: "Learned") -> int:
        """Return what it adds for the classes of a question, as `Learned` adds it up."""
        known = self._speaking.get(learned)
        if known is None:
            known = self._speaking[learned] = learned.of_features(self.features)
        return known


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What a language learned of one question from annotated policies.

    Attributes:
        classes: The answers that there are.
        written: What each feature adds, as it is written in its file: few are ever asked for.
        corpus: SHA-256 of the policies that it was learned from.
    """

    classes: tuple[str, ...]
    written: Mapping[str, str]
    corpus: str = ""
    _places: dict[str, int] = field(default_factory=dict, repr=False)
    _rows: dict[str, int] = field(default_factory=dict, repr=False)
    _of_words: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)
    _lanes: struct.Struct = field(init=False, repr=False)
    _middle: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Number the lanes."""
        count = len(self.classes)
        self._places.update((each, place) for place, each in enumerate(self.classes))
        object.__setattr__(self, "_lanes", struct.Struct(f"<{count}Q"))
        object.__setattr__(self, "_middle", sum(_HALF << _LANE * place for place in range(count)))

    def likelihoods(
        self, words: Words, features: Features, around: Sequence[Seen] = ()
    ) -> dict[str, float]:
        """Return the probability of each class where one is right; together they are one.

        Args:
            words: The words of a clause.
            features: What else is seen of it.
            around: What is seen of its place.
        """
        scores = self._scores(words, features, around)
        highest = max(scores, default=0.0)
        powers = [math.exp(each - highest) for each in scores]
        whole = sum(powers)
        return {each: power / whole for each, power in zip(self.classes, powers, strict=True)}

    def chances(
        self, words: Words, features: Features, around: Sequence[Seen] = ()
    ) -> dict[str, float]:
        """Return the probability of each class where any number may be right."""
        return {
            each: 1 / (1 + math.exp(-score))
            for each, score in zip(self.classes, self._scores(words, features, around), strict=True)
        }

    def heard(self, phrase: str) -> bool:
        """Return whether a phrase of the lexicon stood in what was learned from."""
        return f"phrase:{phrase}" in self.written

    def of_features(self, features: Features) -> int:
        """Return what `features` add for all classes, as one number."""
        rows = self._rows
        whole = parts = 0
        for feature, value in features.items():
            row = rows.get(feature)
            if row is None:
                row = self._row(feature)
            if value == 1:
                whole += row
            elif row:
                parts += row * round(value * _ONE)
        return whole * _ONE + parts

    def _scores(self, words: Words, features: Features, around: Sequence[Seen]) -> list[float]:
        row, count = self._of_clause(words)
        total = self._row(_BIAS) * _ONE + row * round(_much(count) * _ONE)
        total += self.of_features(features) + sum(each.speaking(self) for each in around)
        octets = (total + self._middle).to_bytes(_BYTES * len(self.classes), "little")
        return [(each - _HALF) / _WHOLE for each in self._lanes.unpack(octets)]

    def _of_clause(self, words: Words) -> tuple[int, int]:
        """Return what the words of a clause add, and how many features they are."""
        rows, of_words = self._rows, self._of_words
        total = count = 0
        before = "^"
        for word in words.words[:_MOST_WORDS]:
            form = word.form
            known, many = of_words.get(form) or self._of_word(form)
            count += many
            pair = f"2:{before} {form}"
            row = rows.get(pair)
            total += known + (self._row(pair) if row is None else row)
            before = form
        for form in words.others.values():
            count += 1
            total += self._row(f"w:{form}")
        return total, count

    def _of_word(self, form: str) -> tuple[int, int]:
        """Return what one word adds, wherever it stands; a word is looked up once."""
        seen = list(_seen_in(form))
        if len(self._of_words) >= _MEMORY:
            self._of_words.clear()
        # One more for the pair that it makes with the word before it.
        known = self._of_words[form] = sum(map(self._row, seen)), len(seen) + 1
        return known

    def _row(self, feature: str) -> int:
        """Return the weights of a feature as one number, 0 where it has none."""
        row = self._rows.get(feature)
        if row is None:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            written = self.written.get(feature)
            row = self._rows[feature] = self._read(written) if written is not None else 0
        return row

    def _read(self, written: str) -> int:
        row = 0
        for pair in written.split("\t"):
            name, _, hundredths = pair.rpartition("=")
            weight = int(hundredths)
            if name not in self._places or abs(weight) > _MOST_WEIGHT:
                raise ValueError(f"no weight of a class: {pair!r}")
            row += weight << _LANE * self._places[name]
        return row


@dataclass(frozen=True, slots=True)
class Taught:
    """What a language learned from annotated policies.

    Attributes:
        category: What a clause is about, or `NONE`.
        kind: How far a clause binds.
        duty: Which duties a clause creates; any number of them.
        alike: The share of clauses that it must doubt before it decides in a text.
    """

    category: Learned
    kind: Learned
    duty: Learned
    alike: float = 0.0


def parse_learned(text: str) -> Learned:
    """Return what a file of ``learned/`` says: hundredths of log-odds, one feature to a line.

    Rows are read when they are first asked for: of some ten thousand, a policy asks for a few
    hundred.

    Raises:
        ValueError: A line is not written as the trainer writes it.
    """
    header, *lines = text.removesuffix("\n").split("\n")
    corpus, *classes = header.split("\t")
    written = dict(line.split("\t", 1) for line in lines)
    return Learned(tuple(classes), written, corpus)


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
