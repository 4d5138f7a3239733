"""What differs between the languages of one policy, and the promises put together."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kept.policy.parallel import Alignment
from kept.policy.terms import HIJRI
from kept.promises.promise import (
    Category,
    Clause,
    FindingKind,
    Kind,
    Promise,
    Severity,
    TextFinding,
)
from kept.vocabulary.duty import Duty

_NUMBERS = ("age", "at_most", "at_least", "within", "date", "contact")
_SHORTER = ("at_most", "within")
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
_STATED_ALIKE = re.compile(r"\d+")
_NAMES = {"en": "English", "fr": "French", "ar": "Arabic"}
# What is may in one language and shall in the other is another promise.
_OPPOSED = (
    frozenset({Kind.FIRM, Kind.HEDGED}),
    frozenset({Kind.CONDITIONAL, Kind.HEDGED}),
    frozenset({Kind.FIRM, Kind.DISCLAIMER}),
)
# Where both languages say something of one family in the same place, it is another wording.
_FAMILIES = (
    {Category.COLLECT, Category.PURPOSE, Category.COOKIES, Category.MINIMISE, Category.BASIS},
    {Category.SHARE, Category.NO_SALE, Category.THIRD_PARTY, Category.TRANSFER},
    {Category.RETENTION, Category.DELETE},
    {Category.RIGHTS, Category.CHOICE, Category.CONTACT},
    {Category.SECURITY, Category.INCIDENT, Category.COMPLIANCE},
)
# In these a "not" that only one language has turns the promise round.
_TURNED = frozenset(
    {
        Category.COLLECT, Category.PURPOSE, Category.SHARE, Category.NO_SALE, Category.CHILDREN,
        Category.TRANSFER, Category.COOKIES, Category.DISCLAIMER,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """Promises of several languages as one list.

    Attributes:
        promises: Each once, with the clauses of the other languages as its parallels.
        findings: What the languages do not share.
        renamed: The identifier of each promise that became a parallel, and of its entry.
    """

    promises: tuple[Promise, ...]
    findings: tuple[TextFinding, ...]
    renamed: dict[str, str]


def merge(
    promises: Sequence[Promise], found: Sequence[Alignment], denies: Callable[[Clause], bool]
) -> Merged:
    """Put together what is one promise in several languages, and say what differs.

    Args:
        promises: All promises, in order.
        found: Which versions are one policy, and how they align.
        denies: Whether the words of a clause hold a "not".
    """
    into: dict[str, str] = {}
    for alignment in found:
        for i, j in alignment.pairs:
            one, other = alignment.one.promises[i].id, alignment.other.promises[j].id
            if other not in into and one != other:
                into[other] = into.get(one, one)
    clauses: dict[str, list[Promise]] = {}
    for promise in promises:
        if promise.id in into:
            clauses.setdefault(into[promise.id], []).append(promise)
    kept = tuple(
        _strictest(promise, clauses.get(promise.id, ()))
        for promise in promises
        if promise.id not in into
    )
    findings = tuple(
        replace(each, promises=tuple(dict.fromkeys(into.get(name, name) for name in each.promises)))
        for alignment in found
        for each in _findings(alignment, denies)
    )
    return Merged(kept, findings, into)


def _strictest(promise: Promise, others: Sequence[Promise]) -> Promise:
    """Return one promise of several versions: the higher age, the shorter time."""
    if not others:
        return promise
    terms = dict(promise.terms)
    for other in others:
        for key, value in other.terms.items():
            held = terms.setdefault(key, value)
            if key == "age" and isinstance(value, int) and isinstance(held, int):
                terms[key] = max(held, value)
            elif key in _SHORTER:
                terms[key] = min(str(held), str(value), key=_hours)
    return replace(promise, terms=terms, parallel=tuple(each.clause for each in others))


def _hours(period: str) -> int:
    """Return about how long a period like ``"24 months"`` is, to compare it with others."""
    count, _, unit = period.partition(" ")
    return int(count) * _HOURS.get(unit.removesuffix("s"), 1)


def _findings(alignment: Alignment, denies: Callable[[Clause], bool]) -> Iterator[TextFinding]:
    one, other = alignment.one, alignment.other
    for i, j in alignment.pairs:
        first, second = one.promises[i], other.promises[j]
        turned = first.category in _TURNED and denies(first.clause) != denies(second.clause)
        yield from _differences(first, second, turned=turned)
    for mine, theirs in _gaps(alignment):
        yield from _contradictions(mine, theirs)
        yield from _missing(mine, theirs, other.language)
        yield from _missing(theirs, mine, one.language)


def _gaps(alignment: Alignment) -> Iterator[tuple[list[Promise], list[Promise]]]:
    """Yield what stands between two pairs in both versions and is in none."""
    i = j = 0
    ends = (len(alignment.one.promises), len(alignment.other.promises))
    for until_i, until_j in (*alignment.pairs, ends):
        mine = list(alignment.one.promises[i:until_i])
        theirs = list(alignment.other.promises[j:until_j])
        if mine or theirs:
            yield mine, theirs
        i, j = until_i + 1, until_j + 1


def _missing(
    mine: Sequence[Promise], theirs: Sequence[Promise], language: str
) -> Iterator[TextFinding]:
    """Yield what one version says and the other has nothing for.

    Where both say something in the same place it is another wording, not an omission.
    """
    spare = Counter(_family(each) for each in theirs)
    for promise in mine:
        if spare[_family(promise)] and not promise.impossible:
            spare[_family(promise)] -= 1
            continue
        yield TextFinding(
            kind=FindingKind.MISSING_TRANSLATION,
            clause=promise.clause,
            note=f"This is not said in {_NAMES.get(language, language)}: say it there too.",
            promises=(promise.id,),
            severity=Severity.HIGH,
        )


def _family(promise: Promise) -> str:
    """Return what stands for the categories that two languages may say one thing in."""
    family = next((each for each in _FAMILIES if promise.category in each), {promise.category})
    return min(family)


def _contradictions(mine: Sequence[Promise], theirs: Sequence[Promise]) -> Iterator[TextFinding]:
    """Yield what is claimed without limit in one language and disclaimed in the other."""
    for claims, denials in ((mine, theirs), (theirs, mine)):
        disclaimers = [each for each in denials if each.category is Category.DISCLAIMER]
        for claim in claims:
            if claim.impossible and disclaimers:
                yield TextFinding(
                    kind=FindingKind.CONTRADICTION,
                    clause=claim.clause,
                    note="One language promises without limit what the other disclaims.",
                    promises=(claim.id, *(each.id for each in disclaimers)),
                    severity=Severity.CRITICAL,
                )


def _differences(one: Promise, other: Promise, *, turned: bool) -> Iterator[TextFinding]:
    """Yield where the two languages of one promise say different things."""
    for kind, severity, note in _said(one, other, turned=turned):
        yield TextFinding(
            kind=kind,
            clause=other.clause,
            note=f"{note} in {_NAMES.get(one.clause.language, one.clause.language)}.",
            promises=(one.id, other.id),
            severity=severity,
        )


def _said(
    one: Promise, other: Promise, *, turned: bool
) -> Iterator[tuple[FindingKind, Severity, str]]:
    differs = FindingKind.TRANSLATION_DIFFERS
    for key in _NUMBERS:
        first, second = one.terms.get(key), other.terms.get(key)
        if key == "date" and str(first).endswith(HIJRI) != str(second).endswith(HIJRI):
            # Two calendars: whether they name the same day is not decided here.
            continue
        if first != second and not _same_digits(one, other):
            yield differs, Severity.HIGH, f"Another {key.replace('_', ' ')} is stated"
    denied, affirmed = set(_denied(one)), set(_denied(other))
    if turned or denied & {*other.data} or affirmed & {*one.data}:
        yield FindingKind.CONTRADICTION, Severity.CRITICAL, "The opposite is said"
    elif frozenset({one.kind, other.kind}) in _OPPOSED:
        yield differs, Severity.MEDIUM, "It binds otherwise"
    if (Duty.CONSENT in one.duties) != (Duty.CONSENT in other.duties):
        yield differs, Severity.HIGH, "Consent is asked otherwise"


def _denied(promise: Promise) -> Sequence[str]:
    listed = promise.terms.get("denied", ())
    return [str(each) for each in listed] if isinstance(listed, list) else []


def _same_digits(one: Promise, other: Promise) -> bool:
    """Return whether both quotes hold the same numbers, so that only their reading differs."""
    first, second = (
        sorted(_STATED_ALIKE.findall(unicodedata.normalize("NFKC", each.clause.quote)))
        for each in (one, other)
    )
    return bool(first) and [int(each) for each in first] == [int(each) for each in second]
