"""What people's decisions make of what was read.

A decision follows its words: the same id; else the same words read as something else;
else words so alike, read as the same, that there is no other choice. What it moved to is
marked, so that a person looks again; what found no words at all is told, never dropped.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kept.promises.identity import promise_ids
from kept.promises.promise import (
    Category,
    Clause,
    FindingKind,
    Kind,
    Promise,
    Register,
    Severity,
    TextFinding,
)
from kept.promises.review import Decision, Missed, Reading, Review, Verb
from kept.promises.review_quote import ALIKE, likeness, normalised, place_of

_LEAST_PART = 3
_MOVED = "A decision on other words was carried over to these: look again and decide."
_REFUSED = "A person refused to have this read as a promise: {reason}"
_READ_ANEW = "This is read otherwise than when a person accepted it; the decision holds."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What was read, as people decided on it.

    Attributes:
        register: The promises as decided, with findings of kind ``review``.
        terms: What is settled where words leave it open, by promise id.
        moved: From the id that was decided on to the id that the decision went to.
        orphaned: Decisions whose words no document holds any more.
        absent: Missed promises whose words no document holds.
    """

    register: Register
    terms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    orphaned: tuple[Decision, ...] = ()
    absent: tuple[Missed, ...] = ()


def apply(register: Register, review: Review, texts: Mapping[str, str]) -> Reviewed:
    """Return `register` as people decided on it, and what could not be applied.

    A promise keeps the id that it was read under, also where its category is corrected.
    To words that are only alike a decision carries a correction without its terms, and
    what is settled; no acceptance and no refusal, for nobody read the new words, which may
    state another number or bind less.

    Args:
        register: What was read.
        review: What was decided.
        texts: Text of each document, by name, in which missed promises are looked up.
    """
    held = [each for each in review.decisions if _is_held(each)]
    decided = _targets(register.promises, held)
    promises: list[Promise] = []
    findings: list[TextFinding] = []
    refused: set[str] = set()
    for index, promise in enumerate(register.promises):
        decision = decided.get(index)
        if decision is None:
            promises.append(promise)
            continue
        findings += _findings(promise, decision)
        if decision.verb is Verb.REFUSE and _on_these_words(promise, decision):
            refused.add(promise.id)
        else:
            promises.append(_decided(promise, decision))
    added, absent = _added(register, review.missed, texts)
    names = {register.promises[index].id: each for index, each in decided.items()}
    followed = {each.promise for each in names.values()} | {each.moved_from for each in held}
    return Reviewed(
        register=_in_order(_without(register, refused), (*promises, *added), findings),
        terms={name: each.settled for name, each in names.items() if each.settled},
        moved={each.promise: name for name, each in names.items() if each.promise != name},
        orphaned=tuple(each for each in held if each.promise not in followed),
        absent=absent,
    )


def _is_held(decision: Decision) -> bool:
    """Return whether a person decided: settling terms is deciding, a proposal is not."""
    return decision.verb is not Verb.PROPOSED or bool(decision.settled)


def _targets(promises: Sequence[Promise], held: Sequence[Decision]) -> dict[int, Decision]:
    """Return which decision speaks of which promise, by the place of the promise."""
    places = {promise.id: index for index, promise in enumerate(promises)}
    targets = {places[each.promise]: each for each in held if each.promise in places}
    superseded = {each.moved_from for each in held}
    free = [index for index in range(len(promises)) if index not in targets]
    quotes = {index: normalised(promises[index].clause.quote) for index in free}
    wanted: dict[int, list[Decision]] = {}
    for each in held:
        if each.promise in places or each.promise in superseded or not each.quote.strip():
            continue
        index = _followed(each, promises, quotes)
        if index is not None:
            wanted.setdefault(index, []).append(each)
            continue
        index = _part_of(each, promises, quotes)
        if index is not None:
            wanted.setdefault(index, []).append(_to_look_at(each))
    # Two decisions that want one promise are a choice that only a person can make.
    return targets | {index: each[0] for index, each in wanted.items() if len(each) == 1}


def _followed(
    decision: Decision, promises: Sequence[Promise], quotes: Mapping[int, str]
) -> int | None:
    """Return the one promise that the words of `decision` became, if there is just one."""
    words = normalised(decision.quote)
    same = [index for index, quote in quotes.items() if quote == words]
    category = decision.read_as or decision.reading.category
    found = same or [
        index
        for index, quote in quotes.items()
        if (category is None or promises[index].category is category)
        and likeness(words, quote) >= ALIKE
    ]
    return found[0] if len(found) == 1 else None


def _part_of(
    decision: Decision, promises: Sequence[Promise], quotes: Mapping[int, str]
) -> int | None:
    """Return the promise that the words of `decision` were split into or merged with.

    Of several parts the longest; words that are less than a third of the others are chance.
    """
    words = normalised(decision.quote)
    category = decision.read_as or decision.reading.category
    shared = [
        (min(len(quote), len(words)), -index)
        for index, quote in quotes.items()
        if (category is None or promises[index].category is category)
        and (quote in words or words in quote)
        and _LEAST_PART * min(len(quote), len(words)) >= max(len(quote), len(words))
    ]
    return -max(shared)[1] if shared else None


def _to_look_at(decision: Decision) -> Decision:
    """Return a decision that only says where it came from: nobody decided on these words."""
    return replace(decision, verb=Verb.ACCEPT, reading=Reading(), settled={})


def _on_these_words(promise: Promise, decision: Decision) -> bool:
    """Return whether a person decided on the very words of `promise`."""
    return decision.promise == promise.id or (
        normalised(decision.quote) == normalised(promise.clause.quote)
    )


def _decided(promise: Promise, decision: Decision) -> Promise:
    here = _on_these_words(promise, decision)
    if decision.verb is not Verb.CORRECT and not (decision.verb is Verb.ACCEPT and here):
        return promise
    reading = decision.reading
    return replace(
        promise,
        category=reading.category or promise.category,
        kind=reading.kind or promise.kind,
        duties=promise.duties if reading.duties is None else reading.duties,
        data=promise.data if reading.data is None else reading.data,
        purposes=promise.purposes if reading.purposes is None else reading.purposes,
        rights=promise.rights if reading.rights is None else reading.rights,
        terms={**promise.terms, **reading.terms} if here else promise.terms,
    )


def _findings(promise: Promise, decision: Decision) -> Iterator[TextFinding]:
    refused = decision.verb is Verb.REFUSE and _on_these_words(promise, decision)

    def finding(note: str, severity: Severity) -> TextFinding:
        return TextFinding(
            kind=FindingKind.REVIEW,
            clause=promise.clause,
            note=note,
            promises=() if refused else (promise.id,),
            severity=severity,
        )

    if decision.promise != promise.id:
        yield finding(_MOVED, Severity.MEDIUM)
    if refused:
        yield finding(_REFUSED.format(reason=decision.reason.strip()), Severity.LOW)
    elif decision.verb is Verb.ACCEPT and _decided(promise, decision) != promise:
        yield finding(_READ_ANEW, Severity.LOW)


def _added(
    register: Register, missed: Sequence[Missed], texts: Mapping[str, str]
) -> tuple[list[Promise], tuple[Missed, ...]]:
    """Return the promises that people pointed at, and those whose words are not there."""
    languages = {document.name: document.language for document in register.documents}
    found: list[tuple[Missed, Category, Kind, Clause]] = []
    absent = []
    for each in missed:
        if each.verb is Verb.PROPOSED:
            continue
        text = texts.get(each.document, "")
        place = place_of(text, each.quote)
        category, kind = each.reading.category, each.reading.kind
        if place is None or category is None or kind is None:
            absent.append(each)
            continue
        start, end = place
        clause = Clause(
            document=each.document,
            start=start,
            end=end,
            quote=text[start:end],
            language=_language(register, each.document, start) or languages[each.document],
        )
        found.append((each, category, kind, clause))
    names = promise_ids((clause.quote, category) for _, category, _, clause in found)
    read = {promise.id for promise in register.promises}
    promises = [
        Promise(
            id=name,
            clause=clause,
            category=category,
            kind=kind,
            duties=each.reading.duties or (),
            data=each.reading.data or (),
            purposes=each.reading.purposes or (),
            rights=each.reading.rights or (),
            terms=dict(each.reading.terms),
        )
        for name, (each, category, kind, clause) in zip(names, found, strict=True)
        # What was missed once and is read now stands already.
        if name not in read
    ]
    return promises, tuple(absent)


def _language(register: Register, document: str, start: int) -> str:
    """Return the language of the promise read nearest before `start`, or empty."""
    before = [
        promise.clause
        for promise in register.promises
        if promise.clause.document == document and promise.clause.start <= start
    ]
    return max(before, key=lambda clause: clause.start).language if before else ""


def _without(register: Register, refused: Collection[str]) -> Register:
    """Return `register` with nothing said of promises that are none."""

    def left(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in refused)

    return replace(
        register,
        findings=tuple(
            replace(each, promises=left(each.promises))
            for each in register.findings
            if not each.promises or left(each.promises)
        ),
        disclosures=tuple(
            replace(each, promises=left(each.promises)) for each in register.disclosures
        ),
    )


def _in_order(
    register: Register, promises: Sequence[Promise], findings: Sequence[TextFinding]
) -> Register:
    order = {document.name: index for index, document in enumerate(register.documents)}

    def place(clause: Clause) -> tuple[int, int, int]:
        return order[clause.document], clause.start, clause.end

    return replace(
        register,
        promises=tuple(sorted(promises, key=lambda each: place(each.clause))),
        findings=tuple(
            sorted(
                (*register.findings, *findings), key=lambda each: (*place(each.clause), each.kind)
            )
        ),
    )
