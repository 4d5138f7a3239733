"""Which of several categories explains a field's values, where they cannot all."""

from kept.inventory.classification.evidence import Source, Term, probability
from kept.vocabulary.data_category import DataCategory

_EXPLAINED = -5.0
_OVERLAP = 1.2
"""Two categories can both hold where the shares of values they explain add up to this at most."""
_STANDS = 0.35
_ALL_BUT = 0.9
"""Share of values from which what explains them leaves nothing to a weak name alone."""
_WEAK_NAME, _SURE_NAME = 2.5, 4.0

Weighed = dict[DataCategory, list[Term]]


def settle(by_category: Weighed) -> None:
    """Add to each category's terms what a better explanation of its values takes away.

    Values that are telephone numbers are no postal codes. A category that the name
    itself claims stands beside another (a user name that is a mail address); one that
    rests on values, or on a weak name, gives way to a surer one that explains the same
    values, and one gives way to another below it that says the same more closely. What
    stands inside longer texts (an address in a note) explains none of them.
    """
    ranked = sorted(by_category, key=lambda each: (*_rank(by_category[each]), each))
    standing: dict[DataCategory, float] = {}
    for category in ranked:
        own = by_category[category]
        share = max((term.share for term in own if term.source is Source.VALUES), default=0.0)
        rival = _rival(category, own, share, standing) or _other_reading(own, standing, by_category)
        if rival is not None:
            own.append(_gives_way(category, f"{rival} explains the values better"))
        elif probability(own) >= _STANDS:
            standing[category] = max(share, 1.0 if _named(own) >= _SURE_NAME else 0.0)
    for category in standing:
        other = _explained(category, standing, by_category)
        if other is not None:
            by_category[category].append(_gives_way(category, f"{other} explains the values"))
        closer = _closer(category, standing)
        if closer is not None and _named(by_category[category]) < _SURE_NAME:
            by_category[category].append(_gives_way(category, f"{closer} says it more closely"))


def _rank(own: list[Term]) -> tuple[bool, float]:
    """Names that are sure come first, then what is likelier."""
    return _named(own) < _SURE_NAME, -round(probability(own), 6)


def _rival(
    category: DataCategory, own: list[Term], share: float, standing: dict[DataCategory, float]
) -> DataCategory | None:
    if not share or _named(own) > _WEAK_NAME:
        return None
    for other, taken in standing.items():
        akin = category.covers(other) or other.covers(category)
        if taken + share > _OVERLAP and not akin:
            return other
    return None


def _explained(
    category: DataCategory, standing: dict[DataCategory, float], by_category: Weighed
) -> DataCategory | None:
    """Return what explains all values, where a weak name alone speaks for `category`."""
    own = by_category[category]
    if _named(own) > _WEAK_NAME or _seen(own) > 0:
        return None
    return next(
        (
            other
            for other in standing
            if _shown(by_category[other]) >= _ALL_BUT and not category.covers(other)
        ),
        None,
    )


def _other_reading(
    own: list[Term], standing: dict[DataCategory, float], by_category: Weighed
) -> DataCategory | None:
    """Return the category that the same words of the name mean, where values speak for it alone."""
    words = {term.evidence for term in own if term.source is Source.NAME}
    if not words or _seen(own) > 0:
        return None
    for other in standing:
        theirs = by_category[other]
        same = any(term.evidence in words for term in theirs if term.source is Source.NAME)
        if same and _seen(theirs) > 0:
            return other
    return None


def _shown(own: list[Term]) -> float:
    """Return the share of values that something seen in them explains, and explains well."""
    return max(
        (term.share for term in own if term.source is Source.VALUES and term.weight > _WEAK_NAME),
        default=0.0,
    )


def _seen(own: list[Term]) -> float:
    return sum(term.weight for term in own if term.source is Source.VALUES)


def _closer(category: DataCategory, standing: dict[DataCategory, float]) -> DataCategory | None:
    return next((each for each in standing if each != category and category.covers(each)), None)


def _named(own: list[Term]) -> float:
    return sum(term.weight for term in own if term.source is Source.NAME)


def _gives_way(category: DataCategory, evidence: str) -> Term:
    return Term(category, Source.VALUES, _EXPLAINED, evidence)
