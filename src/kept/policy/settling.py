"""What do the rules and what was learned say of a clause together?

The rules decide first, and their decision is one of the things that the learned
weights see.
"""

from collections.abc import Sequence

from kept.policy.likelihood import NONE, Seen, Taught
from kept.policy.words import Words

DOUBT = 4.0
"""How much likelier an entry must be than none: a promise that nobody made misleads more
than one that is missed, which the reader's share of unread text shows."""

ADDED = 0.6
DROPPED = 0.2
"""A duty is added from this probability on, and dropped below that one."""

_NAMED_ALIKE = frozenset({"disclaimer", "user-duty"})


def settled_category(
    ruled: str, words: Words, features: dict[str, float], around: Sequence[Seen], taught: Taught
) -> str:
    """Return the category of a clause, empty where it is no entry; notes what was decided.

    Args:
        ruled: What the rules say, empty where they find no entry.
        words: The words of the clause.
        features: What else is seen of it; the decisions are added.
        around: What is seen of its place.
        taught: What was learned.
    """
    features[f"ruled:{ruled or NONE}"] = 1.0
    likely = taught.category.likelihoods(words, features, around)
    likely[NONE] = likely.get(NONE, 0.0) * DOUBT
    settled = _surest(ruled or NONE, likely)
    features[f"is:{settled}"] = 1.0
    return "" if settled == NONE else settled


def settled_kind(
    ruled: str,
    category: str,
    words: Words,
    features: dict[str, float],
    around: Sequence[Seen],
    taught: Taught,
) -> str:
    """Return how far a clause of `category` binds; notes what was decided."""
    features[f"ruled kind:{ruled}"] = 1.0
    features[f"ruled kind:{category}/{ruled}"] = 1.0
    settled = ruled
    if category not in _NAMED_ALIKE:
        settled = _surest(ruled, taught.kind.likelihoods(words, features, around))
    features[f"is kind:{settled}"] = 1.0
    return settled


def settled_duties(
    ruled: tuple[str, ...],
    words: Words,
    features: dict[str, float],
    around: Sequence[Seen],
    taught: Taught,
) -> tuple[str, ...]:
    """Return the duties of a clause, in a fixed order."""
    features.update(dict.fromkeys((f"ruled duty:{each}" for each in ruled), 1.0))
    chances = taught.duty.chances(words, features, around)
    kept = {each for each in ruled if chances.get(each, 1.0) >= DROPPED}
    added = {each for each, chance in chances.items() if chance >= ADDED}
    return tuple(sorted(kept | added))


def _surest(ruled: str, likely: dict[str, float]) -> str:
    best = max(sorted(likely), key=lambda each: likely[each], default=ruled)
    return best if likely.get(best, 0.0) > likely.get(ruled, 0.0) else ruled
