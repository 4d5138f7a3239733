"""Which promises of one text cannot both be kept."""

from collections.abc import Iterator, Sequence

from kept.policy.languages.language import Language, Reading
from kept.promises.promise import FindingKind, Promise, Severity, TextFinding

Stand = tuple[str, bool]
"""What a clause takes a stand on, and whether it holds it (or says the opposite)."""

_HOLDS, _OPPOSES, _EXCUSES = "claims", "counters", "excuses"


def stands_of(parts: Sequence[Reading], category: str) -> frozenset[Stand]:
    """Return what a clause claims without exception, and what it says against such claims.

    A claim with an exception of its own ("unless", "without your consent") claims nothing
    here, and what is denied opposes nothing.
    """
    excused = any(True for part in parts for _ in part.of(_EXCUSES))
    stands: set[Stand] = set()
    for part in parts:
        if not excused:
            stands.update((hit.rule.value, True) for hit in part.of(_HOLDS, category))
        stands.update(
            (hit.rule.value, False)
            for hit in part.of(_OPPOSES, category)
            if "even-denied" in hit.rule.flags or not part.does("denial")
        )
    return frozenset(stands)


def contradictions(
    said: Sequence[tuple[frozenset[Stand], Promise]], language: Language
) -> Iterator[TextFinding]:
    """Yield each claim of one text in one language beside what the text says against it."""
    for stands, claim in said:
        for topic, holds in sorted(stands):
            against = [other for others, other in said if holds and (topic, False) in others]
            if against:
                yield TextFinding(
                    kind=FindingKind.CONTRADICTION,
                    clause=claim.clause,
                    note=language.notes[f"opposed_{topic}"],
                    promises=tuple(dict.fromkeys((claim.id, *(each.id for each in against)))),
                    severity=Severity.HIGH,
                )
