"""What a text leaves out that its own words make a reader look for."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from kept.policy.contradictions import OFFERS, WANTS, Stand
from kept.policy.findings import severity_of
from kept.policy.languages.language import Language
from kept.promises.promise import (
    Category,
    Disclosure,
    FindingKind,
    Kind,
    Promise,
    Severity,
    TextFinding,
)
from kept.vocabulary.duty import Duty

FEWEST = 8
"""A text with fewer promises is a part of one, or a notice: it need not say everything."""
_CONTACT, _RETENTION = "gdpr-13-1-a-contact", "gdpr-13-2-a-retention"

Said = Sequence[tuple[frozenset[Stand], Promise]]


def unanswered(
    said: Said, language: Language, offered: Callable[[], frozenset[str]]
) -> Iterator[TextFinding]:
    """Yield each matter that a clause opens and nothing in the text answers, once.

    Args:
        said: The promises of one text in one language, with their stands.
        language: Their language.
        offered: What any words of the text answer, promises or not; asked only if needed.
    """
    answered = {topic for stands, _ in said for part, topic in stands if part == OFFERS}
    rules = {
        entry.rule.value: entry.rule
        for entry in language.lexicon.entries
        if entry.rule.list == WANTS
    }
    told: set[str] = set()
    for stands, promise in said:
        for part, topic in sorted(stands):
            if part != WANTS or topic in answered | told or topic in offered():
                continue
            told.add(topic)
            yield _gap(promise, rules[topic].note, severity_of(rules[topic]))


def unstated(
    said: Sequence[Promise], status: Mapping[str, Disclosure], language: Language
) -> Iterator[TextFinding]:
    """Yield what any policy must let people do, whatever the law: write, exercise, foresee.

    Args:
        said: The promises of one text in one language.
        status: What the text states of what law makes a policy state, by item.
        language: Their language.
    """
    if len(said) < FEWEST or not status:
        return
    # The first words of a text are its date more often than not: a date lacks nothing.
    first = next((each for each in said if each.category is not Category.CHANGE), said[0])
    reachable = _CONTACT not in status or status[_CONTACT].status != "absent"
    # "Press the help button" reaches somebody, though no law calls it an address.
    reachable = reachable or any(
        Duty.CONTACT_CHANNEL in each.duties and each.kind is Kind.FIRM for each in said
    )
    if not reachable:
        yield _gap(first, language.notes["gap_unreachable"], Severity.HIGH)
        right = next((each for each in said if each.kind is Kind.RIGHT and each.rights), None)
        if right is not None:
            yield _gap(right, language.notes["gap_rights"], Severity.HIGH)
    kept = any(each.category is Category.RETENTION for each in said)
    if not kept and _RETENTION in status and status[_RETENTION].status == "absent":
        yield _gap(first, language.notes["gap_retention"], Severity.MEDIUM)


def evaded(
    sections: Sequence[tuple[frozenset[str], Sequence[Promise]]], language: Language
) -> Iterator[TextFinding]:
    """Yield sections that ask who receives data and answer only that nobody buys it.

    Args:
        sections: Categories that a heading names, and what stands right under it.
        language: Their language.
    """
    shared = any(
        each.category in (Category.SHARE, Category.TRANSFER)
        for _, said in sections
        for each in said
    )
    for named, said in sections:
        if (
            Category.SHARE in named
            and said
            and not shared
            and all(each.category is Category.NO_SALE for each in said)
        ):
            yield _gap(said[0], language.notes["gap_sharing"], Severity.HIGH)


def _gap(promise: Promise, note: str, severity: Severity) -> TextFinding:
    return TextFinding(
        kind=FindingKind.GAP,
        clause=promise.clause,
        note=note,
        promises=(promise.id,),
        severity=severity,
    )
