"""What a careful reader reports about the words of a promise."""

from collections.abc import Iterator
from dataclasses import dataclass

from kept.policy.languages.language import Language, Reading
from kept.promises.promise import FindingKind, Severity


@dataclass(frozen=True, slots=True)
class Remark:
    """Something wrong with a stretch of the view, before it is tied to the file.

    Attributes:
        kind: What is wrong.
        start: Where the words start in the view.
        end: Where they end.
        note: What is wrong, and what would settle it.
        severity: How much it matters.
    """

    kind: FindingKind
    start: int
    end: int
    note: str
    severity: Severity = Severity.MEDIUM


def over_promise(reading: Reading) -> tuple[str, bool]:
    """Return why no system can keep the words, and whether they claim too much at all.

    An absolute that is denied before it ("we cannot guarantee absolute security") claims
    nothing.
    """
    denials = [start for hit in reading.of("denies") for start, _ in hit.spans()]
    reason, claims = "", False
    for hit in reading.of("absolute"):
        at = hit.first()
        if not any(denial < at for denial in denials):
            claims = True
            reason = reason or hit.rule.value
    return reason, claims


def remarks_on(
    reading: Reading, category: str, kind: str, span: tuple[int, int], language: Language
) -> Iterator[Remark]:
    """Yield what is to be said of a clause, each rule once."""
    if kind == "disclaimer":
        if any(True for _ in reading.of("invalid")):
            note = next(reading.of("invalid")).rule.note
            yield Remark(FindingKind.INVALID, *span, note, Severity.HIGH)
        return
    if kind == "user-duty":
        return
    for rule in dict.fromkeys(hit.rule for hit in reading.of("vague", category)):
        yield Remark(FindingKind.VAGUE, *span, rule.note)
    for rule in dict.fromkeys(hit.rule for hit in reading.of("loophole", category)):
        yield Remark(FindingKind.LOOPHOLE, *span, rule.note)
    reason, claims = over_promise(reading)
    if claims:
        severity = Severity.CRITICAL if reason else Severity.MEDIUM
        note = reason or language.notes["over_promise"]
        yield Remark(FindingKind.OVER_PROMISE, *span, note, severity)
