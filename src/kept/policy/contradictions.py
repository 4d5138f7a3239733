"""Which promises of one text cannot both be kept."""

from collections.abc import Iterator, Sequence

from kept.policy.findings import said
from kept.policy.languages.language import Language, Reading
from kept.promises.promise import FindingKind, Promise, Severity, TextFinding

Stand = tuple[str, str]
"""Which part a clause takes in a matter, by the lists of the lexicon, and the matter."""

HOLDS, OPPOSES, WANTS, OFFERS = "claims", "counters", "wants", "offers"
_EXCUSES, _ALLOWS = "excuses", "allows"
_LIGHTER = frozenset({"collects-least", "asks-consent"})
"""Matters in which a lawyer may see an exception that no words name."""
_WITHOUT_EFFECT = frozenset({"asks-consent"})
"""Matters in which both can be done, and one of them counts for nothing."""


def stands_of(parts: Sequence[Reading], category: str) -> frozenset[Stand]:
    """Return what a clause claims without exception, what it says against such claims, and more.

    A claim with an exception of its own ("unless", "without your consent") claims nothing
    here. What is denied opposes nothing, and neither does what is done with consent or by
    order of the law: that is an exception, and it is stated. The rest is what a clause makes
    a reader look for elsewhere, and what it answers.
    """
    excused = any(True for part in parts for _ in part.of(_EXCUSES))
    allowed = any(True for part in parts for _ in part.of(_ALLOWS))
    stands: set[Stand] = set()
    for part in parts:
        if not excused:
            stands.update((HOLDS, hit.rule.value) for hit in part.of(HOLDS, category))
        if not part.does("denial"):
            stands.update((WANTS, rule.value) for rule in said(part, WANTS, category))
        stands.update((OFFERS, hit.rule.value) for hit in part.of(OFFERS, category))
        stands.update(
            (OPPOSES, hit.rule.value)
            for hit in part.of(OPPOSES, category)
            if "even-denied" in hit.rule.flags or not (allowed or part.does("denial"))
        )
    return frozenset(stands)


def contradictions(
    stated: Sequence[tuple[frozenset[Stand], Promise]], language: Language
) -> Iterator[TextFinding]:
    """Yield each claim of one text in one language beside what the text says against it."""
    opposing: dict[str, list[Promise]] = {}
    for stands, other in stated:
        for part, topic in stands:
            if part == OPPOSES:
                opposing.setdefault(topic, []).append(other)
    for stands, claim in stated:
        for part, topic in sorted(stands):
            against = opposing.get(topic, ()) if part == HOLDS else ()
            if against:
                yield TextFinding(
                    kind=(
                        FindingKind.INVALID
                        if topic in _WITHOUT_EFFECT
                        else FindingKind.CONTRADICTION
                    ),
                    clause=claim.clause,
                    note=language.notes[f"opposed_{topic}"],
                    promises=tuple(dict.fromkeys((claim.id, *(each.id for each in against)))),
                    severity=Severity.MEDIUM if topic in _LIGHTER else Severity.HIGH,
                )
