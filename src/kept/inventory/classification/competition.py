"""Which of several categories explains a field's values, where they cannot all."""

from kept.inventory.classification.evidence import Source, Term, probability
from kept.vocabulary.data_category import DataCategory

_EXPLAINED = -4.0
_OVERLAP = 1.25
"""Two categories can both hold where the shares of values they explain add up to this at most."""


def settle(by_category: dict[DataCategory, list[Term]]) -> None:
    """Add to each category's terms what a better explanation of its values takes away.

    Values that are telephone numbers are no postal codes. A category that the name
    itself claims stands beside another (a user name that is a mail address); one that
    rests on values alone gives way to a surer one that explains the same values.
    What stands inside longer texts (an address in a note) explains none of them.
    """
    ranked = sorted(by_category, key=lambda each: (-probability(by_category[each]), each))
    standing: list[tuple[DataCategory, float]] = []
    for category in ranked:
        own = by_category[category]
        share = max((term.share for term in own if term.source is Source.VALUES), default=0.0)
        child = next(
            (other for other, _ in standing if other != category and category.covers(other)), None
        )
        if child is not None and not _claimed_share(own):
            own.append(Term(category, Source.VALUES, _EXPLAINED, f"{child} says it more closely"))
        elif _rests_on_values(own):
            better = next(
                (
                    other
                    for other, taken in standing
                    if share and taken + share > _OVERLAP and not _akin(category, other)
                ),
                None,
            )
            if better is not None:
                own.append(
                    Term(
                        category, Source.VALUES, _EXPLAINED, f"{better} explains the values better"
                    )
                )
                continue
        if probability(own) >= _STANDS:
            standing.append((category, max(share, _claimed_share(own))))


_STANDS = 0.35


def _rests_on_values(own: list[Term]) -> bool:
    return sum(term.weight for term in own if term.source is Source.NAME) <= 2.5  # noqa: PLR2004 - no name, or a weak one


def _claimed_share(own: list[Term]) -> float:
    """A category that the name surely claims takes all values, whatever their form."""
    named = sum(term.weight for term in own if term.source is Source.NAME)
    return 1.0 if named >= 4 else 0.0  # noqa: PLR2004 - plain or strong


def _akin(one: DataCategory, other: DataCategory) -> bool:
    return one.covers(other) or other.covers(one)
