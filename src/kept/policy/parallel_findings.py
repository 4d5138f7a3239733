"""What differs between the languages of one policy, and the promises put together."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from kept.policy.parallel import Alignment
from kept.policy.parallel_wording import BINDS, worded
from kept.policy.terms import HIJRI
from kept.policy.wording import Wording
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
_MOST_LONGER = 1.8
_OPPOSITE = "The opposite is said"
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
# What is promised to people here, not what is taken from them: "may" makes it less.
_OWED = frozenset(
    {
        Category.SECURITY, Category.DELETE, Category.RETENTION, Category.INCIDENT, Category.RIGHTS,
        Category.CONTACT, Category.CHANGE, Category.TRANSFER,
    }
)  # fmt: skip
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
    promises: Sequence[Promise], found: Sequence[Alignment], wording: Callable[[Clause], Wording]
) -> Merged:
    """Put together what is one promise in several languages, and say what differs.

    Args:
        promises: All promises, in order.
        found: Which versions are one policy, and how they align.
        wording: What the words of a clause show whatever their language.
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
        for each in _findings(alignment, wording)
    )
    return Merged(kept, findings, into)


def _strictest(promise: Promise, others: Sequence[Promise]) -> Promise:
    """Return one promise of several versions: the higher age, the shorter time, more duties.

    What one version does only with consent is done only with consent, and what one version
    promises to do is not left to the company because another says that it may.
    """
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
    kinds = {promise.kind, *(each.kind for each in others)}
    asked = any(Duty.CONSENT in each.duties for each in others)
    kind = promise.kind
    if kind is Kind.HEDGED and Kind.FIRM in kinds and promise.category in _OWED:
        kind = Kind.FIRM
    elif asked and kind in (Kind.DISCLOSURE, Kind.HEDGED):
        kind = Kind.CONDITIONAL
    return replace(
        promise,
        kind=kind,
        duties=tuple(sorted({*promise.duties, Duty.CONSENT})) if asked else promise.duties,
        terms=terms,
        parallel=tuple(each.clause for each in others),
    )


def _hours(period: str) -> int:
    """Return about how long a period like ``"24 months"`` is, to compare it with others."""
    count, _, unit = period.partition(" ")
    return int(count) * _HOURS.get(unit.removesuffix("s"), 1)


def _findings(alignment: Alignment, wording: Callable[[Clause], Wording]) -> Iterator[TextFinding]:
    one, other = alignment.one, alignment.other
    for i, j in alignment.pairs:
        first, second = one.promises[i], other.promises[j]
        yield from _differences(first, second, wording(first.clause), wording(second.clause))
    for mine, theirs in _gaps(alignment):
        yield from _contradictions(mine, theirs)
        yield from _opposed(mine, theirs, wording)
        if _alone_together(mine, theirs, wording):
            continue
        yield from _missing(mine, theirs, other.language)
        yield from _missing(theirs, mine, one.language)


def _alone_together(
    mine: Sequence[Promise], theirs: Sequence[Promise], wording: Callable[[Clause], Wording]
) -> bool:
    """Return whether one promise of each version is left between two that agree.

    Where their words show the same and are about as long, it is one promise that the two
    languages are read differently in, and no omission.
    """
    if len(mine) != 1 or len(theirs) != 1 or mine[0].impossible or theirs[0].impossible:
        return False
    one, other = mine[0].clause, theirs[0].clause
    shorter, longer = sorted((len(one.quote), len(other.quote)))
    first, second = wording(one), wording(other)
    return (
        longer <= _MOST_LONGER * shorter
        and (first.denies, first.may, first.numbers) == (second.denies, second.may, second.numbers)
        and (not mine[0].data or not theirs[0].data or {*mine[0].data} & {*theirs[0].data} != set())
    )


def _opposed(
    mine: Sequence[Promise], theirs: Sequence[Promise], wording: Callable[[Clause], Wording]
) -> Iterator[TextFinding]:
    """Yield what one version denies where the other says it, in words of another category."""
    for family in sorted({_family(each) for each in mine}):
        ours = [each for each in mine if _family(each) == family]
        others = [each for each in theirs if _family(each) == family]
        if (
            len(ours) != 1
            or len(others) != 1
            or not {ours[0].category, others[0].category} <= _TURNED
        ):
            continue
        if wording(ours[0].clause).denies != wording(others[0].clause).denies:
            yield _differs(
                ours[0], others[0], (FindingKind.CONTRADICTION, Severity.CRITICAL, _OPPOSITE)
            )


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


def _differences(
    one: Promise, other: Promise, words: Wording, others: Wording
) -> Iterator[TextFinding]:
    """Yield where the two languages of one promise say different things."""
    told: set[str] = set()
    turned = one.category in _TURNED and words.denies != others.denies
    for found in (*_said(one, other, turned=turned), *worded(one, other, words, others)):
        if found[2] not in told:
            told.add(found[2])
            yield _differs(one, other, found)


def _differs(one: Promise, other: Promise, found: tuple[FindingKind, Severity, str]) -> TextFinding:
    kind, severity, note = found
    return TextFinding(
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
        if first == second or (None in (first, second) and _in_words(one, other)):
            continue
        if not (_same_digits(one, other) and _one_reading(key, first, second)):
            yield differs, Severity.HIGH, f"Another {key.replace('_', ' ')} is stated"
    denied, affirmed = set(_denied(one)), set(_denied(other))
    if turned or denied & {*other.data} or affirmed & {*one.data}:
        yield FindingKind.CONTRADICTION, Severity.CRITICAL, _OPPOSITE
    elif frozenset({one.kind, other.kind}) in _OPPOSED:
        yield differs, Severity.MEDIUM, BINDS
    if (Duty.CONSENT in one.duties) != (Duty.CONSENT in other.duties):
        yield differs, Severity.HIGH, "Consent is asked otherwise"


def _one_reading(key: str, first: object, second: object) -> bool:
    """Return whether the same digits may have been read as two values: then nobody is told.

    A day and a month may change places, and of two numbers each reader may take another;
    a unit, a month that is a word and an address may not.
    """
    if first is None or second is None:
        return key != "contact"
    one, other = str(first), str(second)
    if key == "date":
        return sorted(one.split("-")) == sorted(other.split("-"))
    return key != "contact" and one.split(maxsplit=1)[0] != other.split(maxsplit=1)[0]


def _denied(promise: Promise) -> Sequence[str]:
    listed = promise.terms.get("denied", ())
    return [str(each) for each in listed] if isinstance(listed, list) else []


def _in_words(one: Promise, other: Promise) -> bool:
    """Return whether neither quote holds a digit: what one reader missed is written in words."""
    return not any(_STATED_ALIKE.search(each.clause.quote) for each in (one, other))


def _same_digits(one: Promise, other: Promise) -> bool:
    """Return whether both quotes hold the same numbers, so that only their reading differs."""
    first, second = (
        sorted(_STATED_ALIKE.findall(unicodedata.normalize("NFKC", each.clause.quote)))
        for each in (one, other)
    )
    return bool(first) and [int(each) for each in first] == [int(each) for each in second]
