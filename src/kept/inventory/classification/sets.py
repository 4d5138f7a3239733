"""Whether values come from a closed set that says something of people, as gender or religion."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kept.inventory.classification.evidence import ENOUGH_VALUES, SEVERAL, Term, percent
from kept.inventory.classification.lexicon import listed, read_toml
from kept.inventory.classification.profile import Kind
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_FULL = 0.75
"""Share of distinct values that must be in a set."""
_CODE = 2
"""Characters of a value, on average, up to which it is a code."""
_MOST = 80
"""A set of more distinct values than this is no closed set."""


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Values of one kind, as ``lexicon/sets.toml`` lists them."""

    category: DataCategory
    values: frozenset[str]
    core: frozenset[str]
    letters: frozenset[str]
    worth: float
    letters_worth: float
    missing: float


@cache
def closed_sets() -> tuple[ClosedSet, ...]:
    """Return every set, in the file's order."""
    return tuple(
        ClosedSet(
            category=DataCategory(entry["category"]),
            values=frozenset(listed(entry["values"])),
            core=frozenset(listed(entry["core"])),
            letters=frozenset(listed(entry.get("letters", ""))),
            worth=entry["worth"],
            letters_worth=entry["letters_worth"],
            missing=entry["missing"],
        )
        for entry in read_toml("sets.toml").values()
    )


def _missing(question: Question) -> Iterator[Term]:
    """Say against a name whose values are all outside the set that it claims."""
    if not question.claimed or question.profile.count < ENOUGH_VALUES:
        return
    if question.profile.average_length <= _CODE:
        return  # codes: what they stand for is written elsewhere
    lines = set(question.profile.lines)
    for each in closed_sets():
        known = each.values | each.letters
        if each.missing and each.category in question.claimed and lines.isdisjoint(known):
            yield seen(each.category, each.missing, "no value is in the set of such values")


def members(question: Question) -> Iterator[Term]:
    """Say which closed set nearly all distinct values are in.

    The set's core (what no other field has) must be met, because "other" and "none"
    are in every list.
    """
    profile = question.profile
    if not profile.texts or profile.kind is not Kind.TEXT:
        return
    yield from _missing(question)
    if len(profile.texts) > _MOST:
        return
    lines = set(profile.lines)
    for each in closed_sets():
        if not each.core and question.claimed and not question.claims(each.category):
            continue  # "English" is a language too: the name says which
        inside = lines & each.values
        share = len(inside) / len(lines)
        cores = len(inside & each.core) if each.core else len(inside)
        if (
            share >= _FULL
            and cores
            and (cores > 1 or len(lines) == 1 or question.claims(each.category))
        ):
            weight = each.worth * share * (1.0 if cores > 1 else 0.7)
        elif each.core and cores >= ENOUGH_VALUES:
            share = max(share, 0.3)
            weight = each.worth * min(1.0, share + 0.15)
        elif lines <= each.letters and len(lines) > 1:
            share, weight = 1.0, each.letters_worth
        elif not each.core and share >= SEVERAL and len(inside) >= ENOUGH_VALUES:
            weight = each.worth * share
        else:
            continue
        yield seen(
            each.category,
            weight,
            f"{percent(share)} of {len(lines)} distinct values are in the set of such values",
            share,
        )
