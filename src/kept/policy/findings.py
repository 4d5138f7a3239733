"""What a careful reader reports about the words of a promise."""

from collections.abc import Iterator
from dataclasses import dataclass

from kept.jurisdictions.law import named_laws
from kept.policy.languages.language import Language, Reading
from kept.policy.languages.lexicon import Rule
from kept.promises.promise import FindingKind, Severity

_PROMISES_NOTHING = ("disclaimer", "user-duty")


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


def said(reading: Reading, list_: str, category: str) -> Iterator[Rule]:
    """Yield the rules of a list that hold in a clause, without those that its words settle."""
    settled = {hit.rule.value for hit in reading.of(f"{list_}-unless_says")}
    for hit in reading.of(list_, category):
        if str(hit.rule.number) not in settled:
            yield hit.rule


def severity_of(rule: Rule) -> Severity:
    """Return how much a finding of `rule` matters."""
    if "high" in rule.flags:
        return Severity.HIGH
    return Severity.LOW if "low" in rule.flags else Severity.MEDIUM


def remarks_on(
    reading: Reading, category: str, kind: str, span: tuple[int, int], language: Language
) -> Iterator[Remark]:
    """Yield what is to be said of a clause, each rule once."""
    for law in dict.fromkeys(hit.rule.value for hit in reading.of("law")):
        named = named_laws()[law]
        note = language.notes["unchecked_law"].format(title=named.title, address=named.address)
        yield Remark(FindingKind.REVIEW, *span, note, Severity.LOW)
    # "By registering you accept" may stand beside a promise; giving up a right never does.
    of_none = [
        hit.rule
        for hit in reading.of("invalid")
        if kind == "disclaimer" or "always" in hit.rule.flags
    ]
    if of_none:
        yield Remark(FindingKind.INVALID, *span, of_none[0].note, Severity.HIGH)
    if kind in _PROMISES_NOTHING:
        return
    for rule in dict.fromkeys(hit.rule for hit in reading.of("vague", category)):
        yield Remark(FindingKind.VAGUE, *span, rule.note)
    for list_, what in (("unsettled", FindingKind.VAGUE), ("loophole", FindingKind.LOOPHOLE)):
        for rule in dict.fromkeys(said(reading, list_, category)):
            yield Remark(what, *span, rule.note, severity_of(rule))
    reason, claims = over_promise(reading)
    if claims:
        severity = Severity.CRITICAL if reason else Severity.MEDIUM
        note = reason or language.notes["over_promise"]
        yield Remark(FindingKind.OVER_PROMISE, *span, note, severity)
