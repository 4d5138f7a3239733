"""What changed between two versions of a policy, promise by promise."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kept.promises.difference_meaning import Aspect, Effect, aspects, lost, won
from kept.promises.promise import Clause, Promise
from kept.promises.review_quote import normalised

_SAME_CATEGORY = 0.5
_OTHER_CATEGORY = 0.75
_SHARED_WORDS = 0.3
_ONE_OF_ITS_KIND = ("date", "contact")
_WORD = re.compile(r"\w+")


class Change(StrEnum):
    """What became of a promise."""

    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One promise in two versions.

    Attributes:
        change: What became of it. Words that stay but mean something else, because the
            words above them changed, are `REWORDED`.
        old: As it was, or ``None`` where it was added.
        new: As it is, or ``None`` where it was removed.
        what: What it states otherwise; empty where only the words differ.
        effect: What that is to the person whose data it is.
    """

    change: Change
    old: Promise | None
    new: Promise | None
    what: tuple[Aspect, ...] = ()
    effect: Effect = Effect.UNCLEAR


def difference(
    old: Sequence[Promise], new: Sequence[Promise], denies: Callable[[Clause], bool]
) -> tuple[Changed, ...]:
    """Return every promise of both versions once, in the order of the new one.

    What was removed stands where it stood. Promises are the same where their words are;
    else where their words are alike, most alike first. Cost grows with the product of
    what is neither in both, so that two unlike texts of a thousand promises take seconds.

    Args:
        old: Promises of the old version, in order.
        new: Promises of the new version, in order.
        denies: Whether the words of a clause say that something is not done.
    """
    pairs = _pairs(old, new)
    came_from = {after: before for before, after in pairs.items()}
    changes = [
        _changed(old[came_from[at]], promise, denies)
        if at in came_from
        else _one(Change.ADDED, promise, denies)
        for at, promise in enumerate(new)
    ]
    return tuple(_with_removed(changes, old, pairs, denies))


def _with_removed(
    changes: Sequence[Changed],
    old: Sequence[Promise],
    pairs: dict[int, int],
    denies: Callable[[Clause], bool],
) -> Iterator[Changed]:
    """Yield `changes`, and what was removed after what stood before it."""
    after: dict[int, list[Promise]] = {}
    last = -1
    for before, promise in enumerate(old):
        if before in pairs:
            last = pairs[before]
        else:
            after.setdefault(last, []).append(promise)
    yield from (_one(Change.REMOVED, promise, denies) for promise in after.get(-1, ()))
    for at, change in enumerate(changes):
        yield change
        yield from (_one(Change.REMOVED, promise, denies) for promise in after.get(at, ()))


def _changed(old: Promise, new: Promise, denies: Callable[[Clause], bool]) -> Changed:
    what = tuple(aspects(old, new, before=denies(old.clause), after=denies(new.clause)))
    same = normalised(old.clause.quote) == normalised(new.clause.quote)
    return Changed(
        change=Change.UNCHANGED if same and not what else Change.REWORDED,
        old=old,
        new=new,
        what=what,
        effect=_together(what),
    )


def _one(change: Change, promise: Promise, denies: Callable[[Clause], bool]) -> Changed:
    denied = denies(promise.clause)
    if change is Change.ADDED:
        return Changed(change=change, old=None, new=promise, effect=won(promise, denied=denied))
    return Changed(change=change, old=promise, new=None, effect=lost(promise, denied=denied))


def _together(what: Sequence[Aspect]) -> Effect:
    """Return the one effect of several aspects; opposite ones cannot be weighed."""
    effects = {each.effect for each in what} - {Effect.UNCLEAR}
    return effects.pop() if len(effects) == 1 else Effect.UNCLEAR


def _pairs(old: Sequence[Promise], new: Sequence[Promise]) -> dict[int, int]:
    """Return which promise of `new` each of `old` became, by their places."""
    places = {promise.id: at for at, promise in enumerate(new)}
    pairs = {at: places[promise.id] for at, promise in enumerate(old) if promise.id in places}
    taken = set(pairs.values())
    left = [at for at in range(len(old)) if at not in pairs]
    free = [at for at in range(len(new)) if at not in taken]
    words = {at: _words(old[at]) for at in left}, {at: _words(new[at]) for at in free}
    found = sorted(
        (
            (-likeness, abs(before / len(old) - after / len(new)), before, after)
            for before in left
            for after in free
            if (likeness := _likeness(old[before], new[after], words[0][before], words[1][after]))
        ),
    )
    for _, _, before, after in found:
        if before not in pairs and after not in taken:
            pairs[before] = after
            taken.add(after)
    return pairs


def _likeness(old: Promise, new: Promise, before: list[str], after: list[str]) -> float:
    """Return how alike two promises are, or 0 where they are no version of each other."""
    if old.clause.language != new.clause.language:
        return 0.0
    if old.category is new.category and any(
        key in old.terms and key in new.terms for key in _ONE_OF_ITS_KIND
    ):
        # "Last updated: …" or an address shares no word with the one that took its place.
        return _SAME_CATEGORY
    shared = len(set(before) & set(after))
    if shared < _SHARED_WORDS * max(len(set(before)), len(set(after)), 1):
        return 0.0
    ratio = SequenceMatcher(None, before, after, autojunk=False).ratio()
    enough = _SAME_CATEGORY if old.category is new.category else _OTHER_CATEGORY
    return ratio if ratio >= enough else 0.0


def _words(promise: Promise) -> list[str]:
    return _WORD.findall(normalised(promise.clause.quote))
