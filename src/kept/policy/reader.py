"""What policies promise: bytes in, a register out."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from kept.policy.contradictions import OFFERS, Stand, contradictions
from kept.policy.density import check_density
from kept.policy.disclosing.reading import disclosures
from kept.policy.disclosing.statement import Placed
from kept.policy.entries import Entry, entries_of
from kept.policy.enumerations import unfold
from kept.policy.errors import DuplicateSourceError, PolicyLanguageError
from kept.policy.extraction.extracted import Extracted
from kept.policy.extraction.extraction import extract
from kept.policy.findings import Remark
from kept.policy.gaps import evaded, unanswered, unstated
from kept.policy.inline import part_inline
from kept.policy.languages.language import Language
from kept.policy.languages.loading import available, load
from kept.policy.languages.recognition import READ
from kept.policy.meaning import heading_categories
from kept.policy.outline import Place, outline
from kept.policy.parallel import alignments, versions
from kept.policy.parallel_findings import Merged, merge
from kept.policy.passages import Tongues, tongues
from kept.policy.sentences import split_sentences
from kept.policy.source import Source
from kept.policy.structure import Block, Part, read_blocks
from kept.policy.view import View, view
from kept.policy.wording import wording_of
from kept.promises.identity import promise_ids
from kept.promises.promise import (
    Clause,
    Disclosure,
    Document,
    FindingKind,
    Promise,
    Register,
    Severity,
    TextFinding,
)
from kept.vocabulary.duty import Duty

READ_BY_DEFAULT = ("en", "fr", "ar")
"""Languages in which promises are read unless a caller names others: those whose lexicons
have shown on texts never seen that they can be trusted."""
_NOTES_IN = "en"


@dataclass(frozen=True, slots=True)
class _Text:
    """One source, taken apart."""

    source: Source
    decoded: Extracted
    view: View
    blocks: list[Block]
    places: list[Place]
    tongues: Tongues
    reading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """What one source says before others are looked at: each can be read in its own process."""

    text: _Text
    entries: list[tuple[str, Entry]]
    passed_over: list[TextFinding]


Spread = Callable[[Callable[[Source], Alone], Sequence[Source]], Iterable[Alone]]
"""Calls a function with each source and returns the results in order, as `map` does."""


def read(
    sources: Sequence[Source],
    *,
    languages: Collection[str] = READ_BY_DEFAULT,
    spread: Spread = map,
) -> Register:
    """Read policies and return everything that they promise, in order.

    The same bytes give the same register. Words are quoted exactly: a clause's `quote` is
    the slice of the file as decoded, or of the text taken out of a page, a PDF or a DOCX.
    Passages in a language that has no lexicons yet are reported as `unread`, and so are
    passages in any other language beside them. What two languages say alike is one promise
    with parallel clauses; what they do not is a finding.

    Args:
        sources: The policies, each under a name of its own.
        languages: Tags of the languages to read; one that has no lexicons is not read.
        spread: How sources are read: one after the other, or by several processes. The
            register is the same.

    Raises:
        UnreadablePolicyError: A source is empty, binary, too large, in no known encoding or
            in none of the languages; the subclass says which. Calling again with a mended
            source is safe.
    """
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise DuplicateSourceError("two policies have the same name")
    reading = tuple(tag for tag in available() if tag in languages)
    alone = list(spread(partial(_read_alone, reading), sources))
    texts = [each.text for each in alone]
    at = {name: index for index, name in enumerate(names)}
    entries = [(each.text, tag, entry) for each in alone for tag, entry in each.entries]
    promises = _promises(entries)
    findings = [(at[each.clause.document], each) for each in _remarked(entries, promises)]
    findings += [
        (index, finding) for index, each in enumerate(alone) for finding in each.passed_over
    ]
    findings += [(at[each.clause.document], each) for each in _contradictions(entries, promises)]
    stated = list(_disclosures(texts, entries, promises))
    findings += [(at[each.clause.document], each) for each in _gaps(entries, promises, stated)]
    merged = merge(promises, list(alignments(versions(promises))), wording_of)
    findings = [(index, _renamed(finding, merged)) for index, finding in findings]
    findings += [(at[each.clause.document], each) for each in merged.findings]
    findings.sort(
        key=lambda each: (each[0], each[1].clause.start, each[1].clause.end, each[1].kind)
    )
    return Register(
        documents=tuple(_document(each.text, each.entries) for each in alone),
        promises=merged.promises,
        findings=tuple(finding for _, finding in findings),
        disclosures=tuple(_called(each, merged) for each in stated),
    )


def _disclosures(
    texts: Sequence[_Text],
    entries: Sequence[tuple[_Text, str, Entry]],
    promises: Sequence[Promise],
) -> Iterator[Disclosure]:
    """Yield what law makes each text state, in each of its languages, and whether it does."""
    placed: dict[str, list[Placed]] = {}
    for (text, _, entry), promise in zip(entries, promises, strict=True):
        placed.setdefault(text.source.name, []).append(Placed(promise, entry.start, entry.end))
    for text in texts:
        name = text.source.name
        wanted = {tag: [each == tag for each in text.tongues.of_block] for tag in text.reading}
        yield from disclosures(
            name, text.view.text, text.places, wanted, _languages(text), placed.get(name, [])
        )


def _called(disclosure: Disclosure, merged: Merged) -> Disclosure:
    """Return a disclosure with its promises as they are called once languages are merged."""
    names = dict.fromkeys(merged.renamed.get(named, named) for named in disclosure.promises)
    return replace(disclosure, promises=tuple(names))


def _contradictions(
    entries: Sequence[tuple[_Text, str, Entry]], promises: Sequence[Promise]
) -> Iterator[TextFinding]:
    """Yield what the promises of one text in one language say against each other."""
    said: dict[tuple[str, str], list[tuple[frozenset[Stand], Promise]]] = {}
    for (text, tag, entry), promise in zip(entries, promises, strict=True):
        if entry.stands:
            said.setdefault((text.source.name, tag), []).append((entry.stands, promise))
    for (_, tag), stands in said.items():
        yield from contradictions(stands, load(tag))


def _remarked(
    entries: Sequence[tuple[_Text, str, Entry]], promises: Sequence[Promise]
) -> Iterator[TextFinding]:
    """Yield the remarks on each promise; what only asks for a look is said once in a text."""
    told: set[tuple[str, str]] = set()
    for (text, tag, entry), promise in zip(entries, promises, strict=True):
        for remark in entry.remarks:
            once = (text.source.name, remark.note)
            if remark.kind is FindingKind.REVIEW and once in told:
                continue
            told.add(once)
            yield _finding(text, tag, remark, promise.id)


def _gaps(
    entries: Sequence[tuple[_Text, str, Entry]],
    promises: Sequence[Promise],
    stated: Sequence[Disclosure],
) -> Iterator[TextFinding]:
    """Yield what each text in each language makes people look for and does not say."""
    said: dict[tuple[str, str], list[tuple[_Text, Entry, Promise]]] = {}
    for (text, tag, entry), promise in zip(entries, promises, strict=True):
        said.setdefault((text.source.name, tag), []).append((text, entry, promise))
    for (name, tag), found in said.items():
        text, language = found[0][0], load(tag)
        status = {
            each.item: each for each in stated if (each.document, each.language) == (name, tag)
        }
        yield from unstated([each for _, _, each in found], status, language)
        yield from evaded(_sections(text, found, language), language)
        yield from unanswered(
            [(entry.stands, each) for _, entry, each in found],
            language,
            cache(partial(_offered, text, language)),
        )


def _offered(text: _Text, language: Language) -> frozenset[str]:
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
    text: _Text, found: Sequence[tuple[_Text, Entry, Promise]], language: Language
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


def _renamed(finding: TextFinding, merged: Merged) -> TextFinding:
    """Return a finding about the promises as they are called once languages are merged."""
    names = dict.fromkeys(merged.renamed.get(name, name) for name in finding.promises)
    return replace(finding, promises=tuple(names))


def _read_alone(reading: tuple[str, ...], source: Source) -> Alone:
    text = _take_apart(source, reading)
    chrome = {language.tag: _chrome(text, language) for language in _languages(text)}
    return Alone(text, list(_entries(text, chrome)), list(_passed_over(text, chrome)))


def _take_apart(source: Source, reading: tuple[str, ...]) -> _Text:
    decoded = extract(source.content, source.name)
    seen = view(decoded.text)
    blocks = unfold(seen.text, read_blocks(seen.text))
    check_density(seen.text, blocks)
    told = tongues(seen.text, blocks)
    if not told.main:
        raise PolicyLanguageError("the policy is not in English, French or Arabic")
    languages = {tag: load(tag) for tag in reading if tag in told.of_block}
    blocks, tags = part_inline(seen.text, blocks, told.of_block, languages)
    told = replace(told, of_block=tags)
    return _Text(source, decoded, seen, blocks, outline(blocks), told, reading)


def _languages(text: _Text) -> list[Language]:
    return [load(tag) for tag in text.reading if tag in text.tongues.of_block]


def _entries(text: _Text, chrome: Mapping[str, Collection[int]]) -> Iterator[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for language in _languages(text):
        wanted = [
            tag == language.tag and index not in chrome[tag]
            for index, tag in enumerate(text.tongues.of_block)
        ]
        entries = entries_of(text.view.text, text.places, wanted, language)
        found.extend((language.tag, entry) for entry in entries)
    yield from sorted(found, key=lambda each: (each[1].start, each[1].end))


def _chrome(text: _Text, language: Language) -> set[int]:
    """Return the blocks that belong to the page: its own lines, and a table of contents."""
    words = text.view.text
    heads = {
        words[block.start : block.end].casefold()
        for block in text.blocks
        if block.part is Part.HEADING
    }
    chrome = set()
    for index, block in enumerate(text.blocks):
        if text.tongues.of_block[index] != language.tag or block.end - block.start > _CHROME_LENGTH:
            continue
        in_contents = (
            block.part is not Part.HEADING
            and words[block.start : block.end].rstrip(" .:").casefold() in heads
        )
        if in_contents or language.is_chrome(language.words(words, block.start, block.end)):
            chrome.add(index)
    return chrome


_CHROME_LENGTH = 80


def _promises(entries: Sequence[tuple[_Text, str, Entry]]) -> list[Promise]:
    clauses = [_clause(text, tag, entry.start, entry.end) for text, tag, entry in entries]
    names = promise_ids(
        (clause.quote, entry.category)
        for clause, (_, _, entry) in zip(clauses, entries, strict=True)
    )
    return [
        Promise(
            id=name,
            clause=clause,
            category=entry.category,
            kind=entry.kind,
            duties=entry.duties,
            data=entry.data,
            purposes=entry.purposes,
            rights=entry.rights,
            terms=entry.terms,
            impossible=entry.impossible,
        )
        for name, clause, (_, _, entry) in zip(names, clauses, entries, strict=True)
    ]


def _clause(text: _Text, tag: str, start: int, end: int) -> Clause:
    first, last = text.view.raw_span(start, end)
    return Clause(
        document=text.source.name,
        start=first,
        end=last,
        quote=text.decoded.text[first:last],
        language=tag,
    )


def _finding(text: _Text, tag: str, remark: Remark, promise: str) -> TextFinding:
    return TextFinding(
        kind=remark.kind,
        clause=_clause(text, tag, remark.start, remark.end),
        note=remark.note,
        promises=(promise,),
        severity=remark.severity,
    )


def _passed_over(text: _Text, chrome: Mapping[str, Collection[int]]) -> Iterator[TextFinding]:
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
                clause=_clause(text, tag, start, end),
                note=notes["unread" if known else "foreign"],
                severity=Severity.HIGH,
            )
    for language in _languages(text):
        for index in sorted(chrome[language.tag]):
            block = text.blocks[index]
            yield TextFinding(
                kind=FindingKind.NOISE,
                clause=_clause(text, language.tag, block.start, block.end),
                note=notes["noise"],
                severity=Severity.LOW,
            )


def _document(text: _Text, entries: Sequence[tuple[str, Entry]]) -> Document:
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
        title=_clause(text, "", title.start, title.end).quote if title else "",
        encoding=text.decoded.encoding,
        format=text.decoded.format.value,
    )
