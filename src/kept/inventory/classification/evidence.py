"""What each piece of evidence is worth, in log-odds, and how the pieces add up."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from kept.inventory.dataset import Because
from kept.vocabulary.data_category import DataCategory

PRIOR = -4.0
"""Log-odds that a field holds a given category before anything is seen: about 2 %."""

CAP = 6.0
"""The most that one check of values is worth: samples of a field are never independent."""

HARDLY_ANY, FEW, SEVERAL, MOST, NEARLY_ALL = 0.05, 0.1, 0.2, 0.5, 0.9
"""Shares of values, by the words that are said of them."""

ENOUGH_VALUES = 3
"""Values from which it tells something that none of them fits."""

_HOPELESS = 30.0
_ONE_PERCENT = 0.01


class Source(Enum):
    """Where a piece of evidence was seen."""

    PRIOR = "prior"
    NAME = "name"
    VALUES = "values"
    SURROUNDINGS = "surroundings"


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of evidence for or against one category.

    Attributes:
        category: Of which it speaks.
        source: Where it was seen.
        weight: Log-odds.
        evidence: What was seen, in words and rates, never a value.
        share: For values: the share of them that it explains.
    """

    category: DataCategory
    source: Source
    weight: float
    evidence: str
    share: float = 0.0

    @property
    def because(self) -> Because:
        """The term as it is shown."""
        return Because(evidence=self.evidence, weight=round(self.weight, 2))


def probability(terms: Iterable[Term]) -> float:
    """Return the probability that `terms` add up to.

    Examples:
        >>> round(probability([]), 2)
        0.5
    """
    total = max(-_HOPELESS, min(_HOPELESS, math.fsum(term.weight for term in terms)))
    return 1.0 / (1.0 + math.exp(-total))


def graded(
    share: float, count: int, worth: float, scale: Sequence[tuple[float, float]] = ()
) -> float:
    """Return what it is worth that `share` of `count` values fit a loose pattern.

    For patterns and word lists, whose rate in other fields is not known well enough
    for a likelihood: the worth grows with the share along `scale` (pairs of share and
    part of the worth), and few values are worth less than many.
    """
    steps = scale or ((0.04, 0.0), (0.2, 0.45), (0.5, 0.75), (0.8, 0.95), (0.9, 1.0))
    share -= 0.5 * math.sqrt(max(0.0, share * (1 - share)) / count)  # few hits may be luck
    before, worth_before, part = 0.0, 0.0, 1.0
    for at, part_there in steps:
        if share <= at:
            span = (share - before) / (at - before) if at > before else 1.0
            part = worth_before + span * (part_there - worth_before)
            break
        before, worth_before = at, part_there
    return worth * part * count / (count + 0.4)


def likelihood(
    hits: int, count: int, *, chance: float, expected: float = 0.97, cap: float = CAP
) -> float:
    """Return the log-odds of `hits` of `count` values passing a check.

    A check that random values pass with probability `chance` is worth only what it
    passes beyond that: a Luhn digit that holds for one number in ten says that the
    numbers are random. Never more than `cap` either way.

    Examples:
        >>> likelihood(20, 200, chance=0.1) < 0 < likelihood(195, 200, chance=0.1)
        True
    """
    if not count:
        return 0.0
    chance = min(max(chance, 1e-6), 0.999)
    expected = max(expected, chance)
    odds = hits * math.log(expected / chance)
    odds += (count - hits) * math.log((1 - expected + 1e-9) / (1 - chance))
    return max(-cap, min(cap, odds))


def percent(share: float) -> str:
    """Return a share as people read it.

    Examples:
        >>> percent(0.004), percent(0.5), percent(1.0)
        ('under 1 %', '50 %', '100 %')
    """
    if 0 < share < _ONE_PERCENT:
        return "under 1 %"
    return f"{share:.0%}".replace("%", " %")
