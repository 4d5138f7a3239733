"""What a second reader proposes, and how little of it is believed.

A language model, or anything else, may propose behind the port `SecondOpinion`. It is
asked only where somebody gives one: nothing here calls any. What it says is accepted as a
proposal for a person to decide on, never as a promise: it must quote words that stand in
the text, whose place is found here and not taken from it, and name only what there is. It
says nothing of what a person decided, and no check reads it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

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
from kept.promises.review_quote import normalised, place_of
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose
from kept.vocabulary.right import Right

MOST_PROPOSALS = 500
"""No policy has so many promises that a reader missed: what comes after is not looked at."""
_LONGEST_QUOTE = 2_000
_SHORTEST_QUOTE = 3
_LONGEST_REASON = 300
_NOTE = "A second opinion reads this as {category}, {kind}; nobody decided: see promises.toml."

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a second reader says of some words, as it says it: not even types are believed.

    Attributes:
        quote: The words, exactly as they stand in the text but for white space.
        category: A value of `Category`.
        kind: A value of `Kind`.
        duties: Values of `Duty`.
        data: Values of `DataCategory`.
        purposes: Values of `Purpose`.
        rights: Values of `Right`.
        reason: Why, for the person who decides.
    """

    quote: object
    category: object
    kind: object
    duties: object = ()
    data: object = ()
    purposes: object = ()
    rights: object = ()
    reason: object = ""


class SecondOpinion(Protocol):
    """One who reads the same text again."""

    def propose(self, text: str, register: Register) -> Iterable[Proposal]:
        """Return what `register` lacks or reads otherwise, in the words of `text`.

        The text is a policy: what it says to its reader is material, no instruction.

        Raises:
            UnavailableError: It did not answer; calling again is safe.
        """
        ...  # pragma: no cover


class Refusal(StrEnum):
    """Why a proposal was not accepted."""

    NOT_IN_TEXT = "its words are not in the text"
    TOO_SHORT = "its words are too few or too many"
    UNKNOWN_VALUE = "it names something that there is not"
    DECIDED = "a person decided on these words"
    READ_ALIKE = "the words are read so already"
    REPEATED = "it was proposed before"
    TOO_MANY = "too much was proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What is left of a second opinion.

    Attributes:
        missed: Promises to decide on, for ``promises.toml``: they are no promises yet.
        findings: The same as remarks about the text, of kind ``review``.
        refused: What was not accepted, and why.
    """

    missed: tuple[Missed, ...]
    findings: tuple[TextFinding, ...]
    refused: tuple[tuple[Proposal, Refusal], ...]


def hear(
    proposals: Iterable[Proposal], text: str, document: str, register: Register, review: Review
) -> Opinion:
    """Return what of `proposals` a person should look at. The register stays as it is.

    Args:
        proposals: What a second reader says.
        text: The text of the document, as offsets refer to it.
        document: Its name in `register`.
        register: What the reader read.
        review: What people decided: nothing of it is proposed anew.
    """
    missed: list[Missed] = []
    findings: list[TextFinding] = []
    refused: list[tuple[Proposal, Refusal]] = []
    spans: set[tuple[int, int]] = set()
    decided = list(_decided(register, review, document, text))
    for count, proposal in enumerate(proposals):
        if count >= MOST_PROPOSALS:
            refused.append((proposal, Refusal.TOO_MANY))
            break
        heard = _heard(proposal, text, document)
        if isinstance(heard, Refusal):
            refused.append((proposal, heard))
            continue
        found, (start, end) = heard
        told = _needless(found, (start, end), document, register, decided)
        if told is None and (start, end) in spans:
            told = Refusal.REPEATED
        if told is not None:
            refused.append((proposal, told))
            continue
        spans.add((start, end))
        missed.append(found)
        findings.append(_finding(found, start, register))
    return Opinion(missed=tuple(missed), findings=tuple(findings), refused=tuple(refused))


def _heard(
    proposal: Proposal, text: str, document: str
) -> tuple[Missed, tuple[int, int]] | Refusal:
    """Return a proposal as one that can be decided on and where its words stand."""
    if not isinstance(proposal.quote, str) or not isinstance(proposal.reason, str):
        return Refusal.UNKNOWN_VALUE
    if not _SHORTEST_QUOTE <= len(proposal.quote.strip()) <= _LONGEST_QUOTE:
        return Refusal.TOO_SHORT
    place = place_of(text, proposal.quote)
    if place is None:
        return Refusal.NOT_IN_TEXT
    try:
        reading = Reading(
            category=_member(Category, proposal.category),
            kind=_member(Kind, proposal.kind),
            duties=_members(Duty, proposal.duties),
            data=_members(DataCategory, proposal.data) or None,
            purposes=_members(Purpose, proposal.purposes) or None,
            rights=_members(Right, proposal.rights) or None,
        )
    except (ValueError, TypeError):
        return Refusal.UNKNOWN_VALUE
    start, end = place
    missed = Missed(
        document=document,
        quote=text[start:end],
        reading=reading,
        verb=Verb.PROPOSED,
        reason=_printable(proposal.reason),
    )
    return missed, place


def _members(kind: type[_Member], values: object) -> tuple[_Member, ...]:
    if not isinstance(values, list | tuple):
        raise TypeError("a list of values is expected")
    return tuple(dict.fromkeys(_member(kind, value) for value in values))


def _member(kind: type[_Member], value: object) -> _Member:
    if not isinstance(value, str):
        raise TypeError("a value is text")
    return kind(value)


def _printable(reason: str) -> str:
    """Return a reason on one line, with nothing that a terminal would obey."""
    words = " ".join(reason.split())[:_LONGEST_REASON]
    return "".join(each for each in words if each.isprintable())


def _needless(
    missed: Missed,
    span: tuple[int, int],
    document: str,
    register: Register,
    decided: Sequence[tuple[int, int]],
) -> Refusal | None:
    """Return why nobody needs to look at what was proposed, or ``None``."""
    start, end = span
    if any(first < end and start < last for first, last in decided):
        return Refusal.DECIDED
    reading = missed.reading
    for clause, promise in _clauses(register, document):
        same = normalised(clause.quote) == normalised(missed.quote) or (
            clause.start <= start and end <= clause.end
        )
        alike = promise.category is reading.category and promise.kind is reading.kind
        if same and alike and set(reading.duties or ()) <= set(promise.duties):
            return Refusal.READ_ALIKE
    return None


def _clauses(register: Register, document: str) -> Iterator[tuple[Clause, Promise]]:
    for promise in register.promises:
        for clause in (promise.clause, *promise.parallel):
            if clause.document == document:
                yield clause, promise


def _decided(
    register: Register, review: Review, document: str, text: str
) -> Iterator[tuple[int, int]]:
    """Yield where the words stand that a person decided on, in whatever language."""
    held: dict[str, Decision] = {
        each.promise: each for each in review.decisions if each.verb is not Verb.PROPOSED
    }
    for clause, promise in _clauses(register, document):
        if promise.id in held:
            yield clause.start, clause.end
    quotes = [each.quote for each in held.values()]
    quotes += [each.quote for each in review.missed if each.document == document]
    for quote in quotes:
        place = place_of(text, quote)
        if place is not None:
            yield place


def _finding(missed: Missed, start: int, register: Register) -> TextFinding:
    languages = {each.name: each.language for each in register.documents}
    reading = missed.reading
    return TextFinding(
        kind=FindingKind.REVIEW,
        clause=Clause(
            document=missed.document,
            start=start,
            end=start + len(missed.quote),
            quote=missed.quote,
            language=languages[missed.document],
        ),
        note=_NOTE.format(category=reading.category, kind=reading.kind),
        severity=Severity.LOW,
    )
