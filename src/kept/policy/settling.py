"""What do the rules and what was learned say of a clause together?

The rules decide first, and their decision is one of the things that the learned weights
see. A phrase that no annotated policy held says something that could not be learned:
where one decides, the rules stand.

The rules tell finer things than the weights do. A text that both read alike is one whose
language the rules know, and there they decide alone: what was learned is for texts that
speak otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kept.policy.languages.language import Reading
from kept.policy.languages.lexicon import Hit
from kept.policy.likelihood import NONE, Learned, Seen, Taught

SURE = 0.4
"""A category is overruled from this probability of another one on."""

SILENCE = 0.5
"""How much that a clause says nothing counts: a promise that is missed costs more than a
clause that is read in vain, and most of what was learned from says nothing."""

SURE_OF_KIND = 0.8
"""A kind is overruled from this probability on: rules tell kinds better than categories."""

ADDED = 0.6
DROPPED = 0.2
"""A duty is added from this probability on, and dropped below that one."""

FEW = 3.0
"""So many doubted clauses tell nothing of a text: they are never enough to overrule."""

MOST = 2_000
"""Of so many clauses of a text what was learned is asked, so that time stays bounded."""

_CLEAR = 6.0
_PASSING_OVER = frozenset({"courtesy", "definition", "aim", "aside"})
_NAMED_ALIKE = frozenset({"disclaimer", "user-duty"})


@dataclass(slots=True)
class Tally:
    """How far what was learned doubts what the rules say of a text.

    Attributes:
        clauses: How many were looked at.
        doubted: Of how many the rules are likely to be wrong: the sum of the
            probabilities that what they say of a clause is not what it is.
    """

    clauses: int = 0
    doubted: float = 0.0

    def note(self, doubt: float = 0.0) -> None:
        """Take one decision, and how likely it is to be wrong."""
        self.clauses += 1
        self.doubted += doubt

    @property
    def full(self) -> bool:
        """Whether the text is longer than policies are: the rules read what remains alone."""
        return self.clauses >= MOST

    def alike(self, share: float) -> bool:
        """Whether rules and weights read the text alike: they differ in less than a share."""
        return self.doubted <= max(FEW, share * self.clauses)


def settled_category(
    ruled: str,
    reading: Reading,
    features: dict[str, float],
    around: Sequence[Seen],
    taught: Taught,
    tally: Tally,
) -> str:
    """Return the category of a clause, empty where it is no entry; notes what was decided.

    Args:
        ruled: What the rules say, empty where they find no entry.
        reading: The words of the clause, and what the lexicon knows of them.
        features: What else is seen of it; the decisions are added.
        around: What is seen of its place.
        taught: What was learned.
        tally: Is told how likely the rules are to be wrong.
    """
    features[f"ruled:{ruled or NONE}"] = 1.0
    settled = ruled or NONE
    deciding = _deciding(ruled, reading)
    doubt = 0.0
    if not _stands(deciding, taught.category):
        likely = taught.category.likelihoods(reading.words, features, around)
        doubt = 1 - likely.get(settled, 0.0)
        settled = _surest(settled, _outspoken(likely), SURE)
    tally.note(doubt)
    features[f"is:{settled}"] = 1.0
    return "" if settled == NONE else settled


def _outspoken(likely: dict[str, float]) -> dict[str, float]:
    """Return the probabilities with silence held to be less likely than it was learned."""
    less = likely.get(NONE, 0.0) * (1 - SILENCE)
    return {
        each: (chance * SILENCE if each == NONE else chance) / (1 - less)
        for each, chance in likely.items()
    }


def settled_kind(
    ruled: str,
    category: str,
    reading: Reading,
    features: dict[str, float],
    around: Sequence[Seen],
    taught: Taught,
) -> str:
    """Return how far a clause of `category` binds; notes what was decided."""
    features[f"ruled kind:{ruled}"] = 1.0
    features[f"ruled kind:{category}/{ruled}"] = 1.0
    settled = ruled
    deciding = [hit for hit in reading.of("kind", category) if hit.rule.value == ruled]
    if category not in _NAMED_ALIKE and not _stands(deciding, taught.kind):
        likely = taught.kind.likelihoods(reading.words, features, around)
        settled = _surest(ruled, likely, SURE_OF_KIND)
    features[f"is kind:{settled}"] = 1.0
    return settled


def settled_duties(
    ruled: tuple[str, ...],
    reading: Reading,
    features: dict[str, float],
    around: Sequence[Seen],
    taught: Taught,
) -> tuple[str, ...]:
    """Return the duties of a clause, in a fixed order."""
    features.update(dict.fromkeys((f"ruled duty:{each}" for each in ruled), 1.0))
    chances = taught.duty.chances(reading.words, features, around)
    unheard = {
        hit.rule.value for hit in reading.of("duty") if not taught.duty.heard(hit.entry.phrase)
    }
    kept = {each for each in ruled if each in unheard or chances.get(each, 1.0) >= DROPPED}
    added = {each for each, chance in chances.items() if chance >= ADDED}
    return tuple(sorted(kept | added))


def _deciding(ruled: str, reading: Reading) -> list[Hit]:
    """Return the phrases that made the rules say what they say."""
    if ruled:
        return [
            hit
            for hit in reading.of("category")
            if hit.rule.value == ruled and hit.entry.weight >= _CLEAR
        ]
    return [hit for hit in reading.of("role") if hit.rule.value in _PASSING_OVER]


def _stands(deciding: Iterable[Hit], learned: Learned) -> bool:
    """Return whether a decision rests on a phrase of which nothing could be learned."""
    return any(not learned.heard(hit.entry.phrase) for hit in deciding)


def _surest(ruled: str, likely: dict[str, float], sure: float) -> str:
    best = max(sorted(likely), key=lambda each: likely[each], default=ruled)
    overruled = likely.get(best, 0.0) >= sure and likely[best] > likely.get(ruled, 0.0)
    return best if overruled else ruled
