"""What two versions of a promise state otherwise, and whether it is less for the person."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kept.promises.promise import Category, Kind, Promise
from kept.vocabulary.duty import Duty


class Effect(StrEnum):
    """What a change is to the person whose data it is, where that can be told."""

    WEAKENED = "weakened"
    STRENGTHENED = "strengthened"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that two versions state otherwise.

    Attributes:
        name: ``"period"``, ``"deadline"``, ``"age"``, ``"date"``, ``"contact"``,
            ``"numbers"``, ``"kind"``, ``"category"``, ``"polarity"``, ``"duties"``,
            ``"data"``, ``"purposes"``, ``"rights"`` or ``"terms"``.
        old: As it was, JSON values only.
        new: As it is, JSON values only.
        effect: What the change is to the person.
    """

    name: str
    old: object
    new: object
    effect: Effect = Effect.UNCLEAR


_PERMITS = frozenset(
    {
        Category.COLLECT,
        Category.PURPOSE,
        Category.SHARE,
        Category.COOKIES,
        Category.TRANSFER,
        Category.THIRD_PARTY,
    }
)
"""Categories in which a sentence says what may be done with data: a "not" protects."""
_PROTECTS = frozenset(
    {
        Category.SECURITY,
        Category.RETENTION,
        Category.DELETE,
        Category.RIGHTS,
        Category.CHOICE,
        Category.CHILDREN,
        Category.NO_SALE,
        Category.MINIMISE,
        Category.INCIDENT,
        Category.CHANGE,
        Category.CONTACT,
        Category.COMPLIANCE,
    }
)
_DENIED = _PERMITS | {Category.NO_SALE, Category.CHILDREN}
_BINDS: Mapping[Kind, int] = {
    Kind.FIRM: 3,
    Kind.RIGHT: 3,
    Kind.CONDITIONAL: 2,
    Kind.DISCLOSURE: 2,
    Kind.VAGUE: 1,
    Kind.HEDGED: 1,
    Kind.DISCLAIMER: 0,
    Kind.USER_DUTY: 0,
}
_TERMS = {
    "at_most": "period",
    "within": "deadline",
    "at_least": "period",
    "age": "age",
    "date": "date",
    "contact": "contact",
}
_HOURS = {"hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.5, "year": 8766.0}
_PERIOD = re.compile(r"\s*(\d{1,6})\s+([a-z]+?)s?\s*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def aspects(old: Promise, new: Promise, *, before: bool, after: bool) -> Iterator[Aspect]:
    """Yield what `new` states otherwise than `old`.

    Args:
        old: The promise as it was.
        new: The promise as it is.
        before: Whether `old` says that something is not done.
        after: Whether `new` does.
    """
    stated = list(_terms(old, new))
    yield from stated
    if not stated and (numbers := _numbers(old)) != (others := _numbers(new)):
        yield Aspect("numbers", numbers, others)
    if old.category is not new.category:
        yield Aspect("category", old.category.value, new.category.value)
    if old.kind is not new.kind:
        yield Aspect("kind", old.kind.value, new.kind.value, _of_kind(old, new))
    if before != after:
        protects = after if new.category in _DENIED else before
        both = {old.category, new.category}
        known = both <= _DENIED or (len(both) == 1 and both <= _PROTECTS)
        effect = _either(protects) if known else Effect.UNCLEAR
        yield Aspect("polarity", _says(denied=before), _says(denied=after), effect)
    yield from _lists(old, new, denied=after, turned=before != after)


def lost(promise: Promise, *, denied: bool) -> Effect:
    """Return what it is to the person that `promise` is made no more."""
    opposite = {
        Effect.WEAKENED: Effect.STRENGTHENED,
        Effect.STRENGTHENED: Effect.WEAKENED,
        Effect.UNCLEAR: Effect.UNCLEAR,
    }
    gained = won(promise, denied=denied)
    # That data is said to be collected no more does not say that it is not.
    return Effect.UNCLEAR if gained is Effect.WEAKENED else opposite[gained]


def won(promise: Promise, *, denied: bool) -> Effect:
    """Return what it is to the person that `promise` is made."""
    if promise.kind in {Kind.DISCLAIMER, Kind.USER_DUTY}:
        return Effect.WEAKENED if promise.kind is Kind.DISCLAIMER else Effect.UNCLEAR
    if promise.kind is Kind.RIGHT or promise.rights:
        return Effect.STRENGTHENED
    if promise.category in _PERMITS:
        return _either(denied)
    if promise.category in _PROTECTS and promise.kind is Kind.FIRM and promise.duties:
        return Effect.STRENGTHENED
    return Effect.UNCLEAR


def _either(better: bool) -> Effect:  # noqa: FBT001 - the answer itself
    return Effect.STRENGTHENED if better else Effect.WEAKENED


def _says(*, denied: bool) -> str:
    return "not" if denied else "yes"


def _terms(old: Promise, new: Promise) -> Iterator[Aspect]:
    for key in dict.fromkeys((*_TERMS, *sorted({*old.terms, *new.terms}))):
        before, after = old.terms.get(key), new.terms.get(key)
        if before != after:
            yield Aspect(_TERMS.get(key, "terms"), before, after, _of_term(key, before, after))


def _of_term(key: str, before: object, after: object) -> Effect:
    """Return what another number is to the person: longer, later and younger are less."""
    if key == "age" and isinstance(before, int) and isinstance(after, int):
        return _either(after > before)
    if key not in {"at_most", "within"}:
        return Effect.UNCLEAR
    if after is None:
        return Effect.WEAKENED
    if before is None:
        return Effect.STRENGTHENED
    first, second = _hours(before), _hours(after)
    if first is None or second is None or first == second:
        return Effect.UNCLEAR
    return _either(second < first)


def _hours(period: object) -> float | None:
    found = _PERIOD.fullmatch(str(period))
    if found is None or found[2] not in _HOURS:
        return None
    return int(found[1]) * _HOURS[found[2]]


def _of_kind(old: Promise, new: Promise) -> Effect:
    if new.category in _PROTECTS:
        before, after = _BINDS[old.kind], _BINDS[new.kind]
        return Effect.UNCLEAR if before == after else _either(after > before)
    if new.category in _PERMITS and Kind.CONDITIONAL in {old.kind, new.kind}:
        # "Only if" bounds what may be done; without it, it may be done.
        return _either(new.kind is Kind.CONDITIONAL)
    return Effect.UNCLEAR


def _lists(old: Promise, new: Promise, *, denied: bool, turned: bool) -> Iterator[Aspect]:
    for name, before, after in (
        ("duties", old.duties, new.duties),
        ("data", old.data, new.data),
        ("purposes", old.purposes, new.purposes),
        ("rights", old.rights, new.rights),
    ):
        if set(before) == set(after):
            continue
        effect = Effect.UNCLEAR
        fewer, more = set(before) > set(after), set(before) < set(after)
        consent = name == "duties" and set(before) ^ set(after) == {Duty.CONSENT}
        if consent or (name == "rights" and (fewer or more)):
            effect = _either(more)
        elif name in {"data", "purposes"} and new.category in _PERMITS and not turned:
            # More data that is not collected is more protection.
            effect = _either(more is denied) if fewer or more else Effect.UNCLEAR
        yield Aspect(name, _values(before), _values(after), effect)


def _values(members: Iterable[StrEnum]) -> list[str]:
    return [each.value for each in members]


def _numbers(promise: Promise) -> list[str]:
    """Return the numbers in the words, Arabic ones as European."""
    words = unicodedata.normalize("NFKC", promise.clause.quote)
    found = _NUMBER.findall(words)
    return ["".join(str(unicodedata.decimal(c, c)) for c in each) for each in found]
