"""What a look at a field's values is given: the values, and what is known around them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kept.inventory.classification.evidence import Source, Term
from kept.inventory.classification.profile import Profile
from kept.vocabulary.data_category import DataCategory


@dataclass(frozen=True, slots=True)
class Question:
    """One field, as its values are asked what they are.

    Attributes:
        profile: The values.
        claimed: Categories that the field's name claims: checks that cost time, or
            that are worth nothing alone, are made for these.
        regions: ISO 3166 codes of countries that the table speaks of, likeliest first:
            national telephone numbers are read as theirs.
        beside: Categories that the names of the table's fields surely or usually mean.
    """

    profile: Profile
    claimed: frozenset[DataCategory] = frozenset()
    regions: tuple[str, ...] = field(default=())
    beside: frozenset[DataCategory] = frozenset()

    def claims(self, category: DataCategory) -> bool:
        """Return whether the name claims `category` or one below it."""
        return any(category.covers(each) for each in self.claimed)


Detector = Callable[[Question], Iterator[Term]]
"""Looks at values and says what speaks for or against which category."""


def seen(category: DataCategory, weight: float, evidence: str, share: float = 0.0) -> Term:
    """Return a term about values."""
    return Term(category, Source.VALUES, weight, evidence, share)
