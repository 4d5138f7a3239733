"""What does one policy say before others are looked at?

All that needs no other policy is worked out here, so that many policies are read by many
processes. Promises are numbered; they get their names once all of them are known.
"""

import gc
import hashlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial

from kept.policy.contradictions import OFFERS, contradictions
from kept.policy.disclosing.reading import disclosures
from kept.policy.disclosing.statement import Placed
from kept.policy.entries import Entry, entries_of
from kept.policy.findings import Remark
from kept.policy.gaps import evaded, unanswered, unstated
from kept.policy.languages.language import Language
from kept.policy.languages.loading import load
from kept.policy.languages.recognition import READ
from kept.policy.meaning import heading_categories
from kept.policy.sentences import split_sentences
from kept.policy.source import Source
from kept.policy.structure import Part
from kept.policy.text import Text, chrome_of, take_apart
from kept.promises.promise import (
    Disclosure,
    Document,
    FindingKind,
    Promise,
    Severity,
    TextFinding,
)
from kept.vocabulary.duty import Duty

_NOTES_IN = "en"
_Stated = list[tuple[str, Entry, Promise]]
"""The tag, the entry and the promise of each clause, in order."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What one policy says: its promises have their numbers for names.

    Attributes:
        document: What it is.
        promises: In order.
        findings: In no order that matters but among those at one place.
        disclosures: What law makes it state, and whether it does.
    """

    document: Document
    promises: tuple[Promise, ...]
    findings: tuple[TextFinding, ...]
    disclosures: tuple[Disclosure, ...]


def read_alone(reading: tuple[str, ...], source: Source) -> Alone:
    """Read one policy in the languages `reading`.

    Raises:
        UnreadablePolicyError: As `take_apart` does.
    """
    with _uncollected():
        return _read_alone(reading, source)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector wait while one text is read.

    Reading makes many small objects and no cycles; looking for cycles among them takes an
    eighth of the time. What a text may hold is bounded, and so is what waits.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _read_alone(reading: tuple[str, ...], source: Source) -> Alone:
    text = take_apart(source, reading)
    chrome = {language.tag: chrome_of(text, language) for language in text.languages}
    entries = list(entries_in(text, chrome))
    promises = _promises(text, entries)
    said = [(tag, entry, each) for (tag, entry), each in zip(entries, promises, strict=True)]
    by_tag: dict[str, _Stated] = {}
    for each in said:
        by_tag.setdefault(each[0], []).append(each)
    stated = list(_disclosures(text, said))
    findings = [*_remarked(text, said), *_passed_over(text, chrome)]
    for tag, of_tag in by_tag.items():
        stands = [(entry.stands, promise) for _, entry, promise in of_tag if entry.stands]
        findings += contradictions(stands, load(tag))
    for tag, of_tag in by_tag.items():
        own = {each.item: each for each in stated if each.language == tag}
        findings += _gaps(text, of_tag, own, load(tag))
    return Alone(_document(text, entries), tuple(promises), tuple(findings), tuple(stated))


def entries_in(text: Text, chrome: Mapping[str, Collection[int]]) -> Iterator[tuple[str, Entry]]:
    """Yield the entries of a text, each with the tag of its language, in order.

    Args:
        text: A policy, taken apart.
        chrome: The blocks of each language that belong to the page.
    """
    found: list[tuple[str, Entry]] = []
    for language in text.languages:
        wanted = [
            tag == language.tag and index not in chrome[tag]
            for index, tag in enumerate(text.tongues.of_block)
        ]
        entries = entries_of(text.view.text, text.places, wanted, language)
        found.extend((language.tag, entry) for entry in entries)
    yield from sorted(found, key=lambda each: (each[1].start, each[1].end))


def _promises(text: Text, entries: Sequence[tuple[str, Entry]]) -> list[Promise]:
    return [
        Promise(
            id=str(number),
            clause=text.clause(tag, entry.start, entry.end),
            category=entry.category,
            kind=entry.kind,
            duties=entry.duties,
            data=entry.data,
            purposes=entry.purposes,
            rights=entry.rights,
            terms=entry.terms,
            impossible=entry.impossible,
        )
        for number, (tag, entry) in enumerate(entries)
    ]


def _disclosures(text: Text, said: _Stated) -> Iterator[Disclosure]:
    """Yield what law makes the text state, in each of its languages, and whether it does."""
    placed = [Placed(promise, entry.start, entry.end) for _, entry, promise in said]
    wanted = {tag: [each == tag for each in text.tongues.of_block] for tag in text.reading}
    yield from disclosures(
        text.source.name, text.view.text, text.places, wanted, text.languages, placed
    )


def _remarked(text: Text, said: _Stated) -> Iterator[TextFinding]:
    """Yield the remarks on each promise; what only asks for a look is said once."""
    told: set[str] = set()
    for tag, entry, promise in said:
        for remark in entry.remarks:
            if remark.kind is FindingKind.REVIEW and remark.note in told:
                continue
            told.add(remark.note)
            yield _finding(text, tag, remark, promise.id)


def _gaps(
    text: Text, said: _Stated, stated: Mapping[str, Disclosure], language: Language
) -> Iterator[TextFinding]:
    """Yield what the text makes people look for in one language and does not say."""
    yield from unstated([each for _, _, each in said], stated, language)
    yield from evaded(_sections(text, said, language), language)
    yield from unanswered(
        [(entry.stands, each) for _, entry, each in said],
        language,
        cache(partial(_offered, text, language)),
    )


def _offered(text: Text, language: Language) -> frozenset[str]:
    """Return what any block of a text in a language answers."""
    words = text.view.text
    return frozenset(
        hit.rule.value
        for block, tag in zip(text.blocks, text.tongues.of_block, strict=True)
        if tag == language.tag
        for hit in language.read(words, block.start, block.end).of(OFFERS)
        # Outside the clauses that it counts in, a telephone is data and no way to call.
        if not hit.rule.within
    )


def _sections(
    text: Text, found: _Stated, language: Language
) -> list[tuple[frozenset[str], list[Promise]]]:
    """Return what the nearest heading of promises names, and the promises under it, in order."""
    under: dict[int, list[Promise]] = {}
    starts = [block.start for block in text.blocks]
    for _, entry, promise in found:
        place = text.places[bisect_right(starts, entry.start) - 1]
        if place.headings:
            under.setdefault(place.headings[-1], []).append(promise)
    words = text.view.text
    return [
        (
            frozenset(
                heading_categories(language.read(words, text.blocks[at].start, text.blocks[at].end))
            ),
            said,
        )
        for at, said in sorted(under.items())
    ]


def _finding(text: Text, tag: str, remark: Remark, promise: str) -> TextFinding:
    return TextFinding(
        kind=remark.kind,
        clause=text.clause(tag, remark.start, remark.end),
        note=remark.note,
        promises=(promise,),
        severity=remark.severity,
    )


def _passed_over(text: Text, chrome: Mapping[str, Collection[int]]) -> Iterator[TextFinding]:
    """Yield what was not read: other languages, and what belongs to the page."""
    notes = load(_NOTES_IN).notes
    words = text.view.text
    for block, tag in zip(text.blocks, text.tongues.of_block, strict=True):
        if tag in text.reading:
            continue
        known = tag in READ
        for start, end in split_sentences(words, block.start, block.end, ()):
            yield TextFinding(
                kind=FindingKind.UNREAD,
                clause=text.clause(tag, start, end),
                note=notes["unread" if known else "foreign"],
                severity=Severity.HIGH,
            )
    for language in text.languages:
        for index in sorted(chrome[language.tag]):
            block = text.blocks[index]
            yield TextFinding(
                kind=FindingKind.NOISE,
                clause=text.clause(language.tag, block.start, block.end),
                note=notes["noise"],
                severity=Severity.LOW,
            )


def _document(text: Text, entries: Sequence[tuple[str, Entry]]) -> Document:
    dated = (
        entry.terms["date"]
        for _, entry in entries
        if Duty.POLICY_VERSION in entry.duties and "date" in entry.terms
    )
    title = next((block for block in text.blocks if block.part is Part.HEADING), None)
    return Document(
        name=text.source.name,
        sha256=hashlib.sha256(text.source.content).hexdigest(),
        language=text.tongues.main,
        version_date=next((str(each) for each in dated), None),
        title=text.clause("", title.start, title.end).quote if title else "",
        encoding=text.decoded.encoding,
        format=text.decoded.format.value,
    )
