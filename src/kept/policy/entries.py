"""Which entries of the register the blocks of one language yield."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kept.policy.clauses import Found, clauses_of, label_of
from kept.policy.context import Surroundings
from kept.policy.contradictions import Stand, stands_of
from kept.policy.findings import Remark, over_promise, remarks_on
from kept.policy.languages.language import Language, Reading
from kept.policy.meaning import (
    LIKELY,
    Context,
    heading_categories,
    is_sentence,
    own_scores,
    understand,
)
from kept.policy.neighbours import Neighbours
from kept.policy.outline import Place
from kept.policy.rows import goes_with_next, lists_cookies, names_its_row, row_of
from kept.policy.sentences import split_sentences
from kept.policy.structure import Block, Part
from kept.policy.terms import data_in, dates_in, purposes_in, terms_of
from kept.policy.words import ADDRESSES, EMAIL, HIDDEN_EMAIL, Words
from kept.promises.promise import Category, FindingKind, Kind, Severity
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose
from kept.vocabulary.right import Right

# Categories whose items keep their label: it is the subject, or names the right.
_KEEPS_LABEL = frozenset({"rights", "cookies", "basis"})
_DENIABLE = frozenset({"collect", "share", "purpose", "no-sale", "cookies", "minimise"})
# Categories whose items may leave it to their label to say of which data they speak.
_OF_LABEL = frozenset({"collect", "retention", "delete", "share", "transfer"})
_LOOK_AHEAD = 3
# Blocks of the longest text of which what was learned is asked.
_MOST_ASKED = 1_500
_DATE_LENGTH = 40
_ADDRESS_WORDS = 4
_RUN_IN_WORDS = 5
_NAME_WORDS = 2
_LABEL_WORDS = 3
_LISTED_WORDS = 40
_LEAST_RIGHTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A promise of the view, before it is tied to the file and named."""

    start: int
    end: int
    category: Category
    kind: Kind
    duties: tuple[Duty, ...]
    data: tuple[DataCategory, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    rights: tuple[Right, ...] = ()
    terms: dict[str, object] = field(default_factory=dict)
    impossible: str = ""
    remarks: tuple[Remark, ...] = ()
    stands: frozenset[Stand] = frozenset()


def entries_of(
    text: str, places: Sequence[Place], wanted: Sequence[bool], language: Language
) -> Iterator[Entry]:
    """Yield the entries of the blocks that are `wanted`, in order.

    The rules read the text first, and then what was learned, which sees what the rules
    found around each clause. Where both read the text alike, the rules read it alone: they
    tell finer things. So they read what is longer than policies are, and time stays bounded.
    """
    taught = language.taught if len(places) <= _MOST_ASKED else None
    around = Surroundings(text, places, language, Neighbours() if taught else None)
    found = list(_found(text, wanted, around))
    if taught is not None and not around.tally.full:
        deciding = around.deciding(taught)
        settled = list(_found(text, wanted, deciding))
        if not deciding.tally.alike(taught.alike):
            around, found = deciding, settled
    for index, each in found:
        yield _entry(text, index, each, around)


def _found(text: str, wanted: Sequence[bool], around: Surroundings) -> Iterator[tuple[int, Found]]:
    """Yield the clauses of the blocks that are `wanted`, each with the place of its block."""
    language = around.language
    for index, place in enumerate(around.places):
        block = place.block
        if not wanted[index] or block.part is Part.HEADING:
            continue
        # A line of marks alone says nothing, however often it is repeated.
        if len(language.words(text, block.start, block.end)):
            in_table = block.column is not None
            for found in (_of_cell if in_table else _of_block)(text, index, around):
                yield index, found


def _of_cell(text: str, index: int, around: Surroundings) -> Iterator[Found]:
    """Yield the clauses of a cell, or of its whole row where that is one statement."""
    if lists_cookies(text, around.places, index, around.language):
        yield from _of_cookie(text, index, around)
    elif not _is_silent(text, index, around):
        yield from _of_block(text, index, around)


def _of_block(text: str, index: int, around: Surroundings) -> Iterator[Found]:
    place, language = around.places[index], around.language
    block, context = place.block, around.of(index)
    start = _after_label(text, block, language)
    label = start if start > block.start else None
    sentences = list(split_sentences(text, start, block.end, language.abbreviations))
    opening = context
    if label is not None:
        named = language.read(text, block.start, label)
        rest = language.read(text, *sentences[0])
        context = replace(context, label=frozenset(heading_categories(named)))
        # "Identity: surname, first name": a list without bullets.
        opening = replace(context, is_item=context.is_item or _only_names(block, named, rest))
    announced = place.items > 0 and text[block.end - 1] not in ".!?"
    leads = block.part is Part.LEAD_IN or announced
    last: Found | None = None
    for number, (first, end) in enumerate(sentences):
        leading = leads and number == len(sentences) - 1
        if leading and not around.lead(index).stated:
            continue
        if _is_address(language.words(text, first, end)):
            continue
        if _gives_address(context) and not is_sentence(language.read(text, first, end)):
            continue
        said = context if number else opening
        for found in clauses_of(text, first, end, said, language):
            goes_on = found.parts[0].does("goes-on") and last is not None
            if goes_on and last is not None and _agree(last, found):
                last = replace(last, end=found.end, parts=(*last.parts, *found.parts))
                continue
            if last is not None:
                yield last
            keeps = number == 0 and label is not None and _keeps_label(found, block, context)
            last = replace(found, start=block.start) if keeps else found
            if number == 0 and label is not None and found.meaning.category in _OF_LABEL:
                # "Orders: what you bought", "Sign-ins: deleted": the label names data too.
                last = replace(last, parts=(*last.parts, named))
    if last is not None:
        if block.column is not None and goes_with_next(text, around.places, index, language):
            last = replace(last, end=around.places[index + 1].block.end)
        yield last


def _of_cookie(text: str, index: int, around: Surroundings) -> Iterator[Found]:
    """Yield the entry of a cookie at the first cell of its row."""
    row = row_of(around.places, index)
    if index != row.start:
        return
    first, last = around.places[row.start].block, around.places[row.stop - 1].block
    reading = around.language.read(text, first.start, last.end)
    meaning = understand(reading, around.of(index), around.language)
    if meaning is not None and meaning.category == "cookies":
        yield Found(first.start, last.end, meaning, (reading,))


def _only_names(block: Block, label: Reading, rest: Reading) -> bool:
    """Return whether a line is a label and a few words that are no sentence."""
    return (
        block.part is Part.PARAGRAPH
        and len(label.words) <= _LABEL_WORDS
        and 1 < len(rest.words) <= _LISTED_WORDS
        and not rest.does("sentence")
        and not rest.does("actor")
        and not any(word.form in ADDRESSES for word in rest.words.words)
    )


def _is_silent(text: str, index: int, around: Surroundings) -> bool:
    """Return whether a cell promises nothing by itself."""
    places, language = around.places, around.language
    column = places[index].block.column
    if column is not None and language.read(text, *column).does("aside"):
        return True
    if names_its_row(text, places, index, language):
        return True
    return index > 0 and goes_with_next(text, places, index - 1, language)


def _after_label(text: str, block: Block, language: Language) -> int:
    """Return where the words after a block's label begin, its start where it has none."""
    start = label_of(text, block.start, block.end)
    if start == block.start:
        return _after_run_in(text, block, language)
    named = language.read(text, block.start, start)
    if named.does("sentence") or _only_dated(text, start, block.end, language):
        return block.start
    if _rights_in(named, language) >= _LEAST_RIGHTS:
        # "Access, rectification, erasure: write to us" says which rights, and names no item.
        return block.start
    rest = language.words(text, start, block.end).words
    # "Invoices: ten years" is a statement, as "Invoices: 10 years" is.
    number = language.dates.numbers.get(rest[0].form, 0) if rest else 0
    one_unit = len(rest) > 1 and rest[1].form in language.dates.units
    counted = number > 1 or (number == 1 and one_unit)
    return block.start if counted else start


def _rights_in(named: Reading, language: Language) -> int:
    """Return how many rights a label names."""
    said = {hit.rule.value for hit in named.of("duty", "rights")}
    return len(said & language.right_of_duty.keys())


def _after_run_in(text: str, block: Block, language: Language) -> int:
    """Return where the words begin after a heading that runs into them: "Cookies. We use"."""
    first, *others = split_sentences(text, block.start, block.end, language.abbreviations)
    if not others:
        return block.start
    named = language.read(text, *first)
    count = len(named.words)
    unsaid = (
        count <= _NAME_WORDS
        or max(own_scores(named).values(), default=0.0) < LIKELY
        or (bool(heading_categories(named)) and not _says_where(named))
    )
    if count <= _RUN_IN_WORDS and unsaid and not named.does("sentence") and not named.does("actor"):
        return block.start if dates_in(text, *first, named.words, language.dates) else others[0][0]
    return block.start


def _says_where(reading: Reading) -> bool:
    """Return whether words give an address or go on after a comma, as no heading does."""
    addressed = any(word.form in ADDRESSES for word in reading.words.words)
    return addressed or bool(reading.words.marks.get(","))


def _only_dated(text: str, start: int, end: int, language: Language) -> bool:
    """Return whether nothing but a date follows a label: "Last updated: 4 January 2025"."""
    if end - start > _DATE_LENGTH:
        return False
    return bool(dates_in(text, start, end, language.words(text, start, end), language.dates))


def _is_address(words: Words) -> bool:
    """Return whether a line is an address and no sentence: "E-mail: privacy@example.com"."""
    if len(words) > _ADDRESS_WORDS:
        return False
    return any(
        word.form in ADDRESSES and (at == 0 or words.marks.get(":", 0) >> at & 1)
        for at, word in enumerate(words.words)
    )


def _gives_address(context: Context) -> bool:
    """Return whether an item only gives an address that its lead-in announces."""
    lead = context.lead
    return lead is not None and lead.stated and lead.category == "contact"


def _agree(one: Found, other: Found) -> bool:
    return (one.meaning.category, one.meaning.kind) == (other.meaning.category, other.meaning.kind)


def _keeps_label(found: Found, block: Block, context: Context) -> bool:
    """Return whether an item's label belongs to its words."""
    return (
        block.part is Part.ITEM
        and (context.lead is not None or found.meaning.category in context.headings)
        and found.meaning.category in _KEEPS_LABEL
        and not found.parts[0].does("actor")
    )


def _entry(text: str, index: int, found: Found, around: Surroundings) -> Entry:
    language, meaning = around.language, found.meaning
    category, lead = meaning.category, around.of(index).lead
    denied_list = lead is not None and lead.denies
    data: dict[DataCategory, None] = {}
    denied: dict[DataCategory, None] = {}
    purposes: set[Purpose] = set()
    terms: dict[str, object] = {}
    impossible = ""
    remarks: list[Remark] = []
    for part in found.parts:
        named = dict.fromkeys(data_in(part))
        (denied if denied_list or _is_denied(part, category) else data).update(named)
        purposes.update(purposes_in(part))
        terms = {**terms_of(text, part, category, language), **terms}
        impossible = impossible or over_promise(part)[0]
        remarks.extend(remarks_on(part, category, meaning.kind, (found.start, found.end), language))
    if denied:
        terms["denied"] = [each.value for each in denied]
    if category == "contact" and "contact" not in terms:
        terms.update(_address_after(text, index, around))
    if terms.get("contact") == "":
        del terms["contact"]
        note = language.notes["gap_contact"]
        remarks.append(Remark(FindingKind.GAP, found.start, found.end, note, Severity.HIGH))
    if "policy-version" in meaning.duties and "date" not in terms:
        remarks.extend(_unclear_dates(text, found, language))
    remarks.extend(_on_missing_list(text, index, found, around))
    duties = tuple(Duty(each) for each in meaning.duties)
    return Entry(
        start=found.start,
        end=found.end,
        category=Category(category),
        kind=Kind(meaning.kind),
        duties=duties,
        data=tuple(each for each in data if each not in denied),
        purposes=tuple(sorted(purposes)),
        rights=tuple(
            Right(language.right_of_duty[each]) for each in duties if each in language.right_of_duty
        ),
        terms=terms,
        impossible=impossible if duties else "",
        remarks=tuple(dict.fromkeys(remarks)),
        stands=stands_of(found.parts, category),
    )


def _unclear_dates(text: str, found: Found, language: Language) -> Iterator[Remark]:
    """Yield a remark for each date that can be read in two ways, or names no day."""
    for part in found.parts:
        for stated in dates_in(text, part.start, part.end, part.words, language.dates):
            if not stated.iso:
                note = language.notes["invalid_date" if stated.has_day else "no_day"]
                yield Remark(FindingKind.VAGUE, stated.start, stated.end, note)


def _on_missing_list(text: str, index: int, found: Found, around: Surroundings) -> Iterator[Remark]:
    """Yield a gap where a promise ends in a colon and no list follows: "you can choose to:"."""
    place = around.places[index]
    end = place.block.end
    announced = text[end - 1] == ":" and not text[found.end : end].strip(" :")
    if place.items or not announced or found.meaning.category == "contact":
        return
    following = [each.block for each in around.places[index + 1 : index + 3]]
    if following and not _begins_another(text, following, found.meaning.category, around.language):
        return
    note = around.language.notes["gap_list"]
    yield Remark(FindingKind.GAP, found.start, found.end, note, Severity.HIGH)


def _begins_another(text: str, blocks: Sequence[Block], category: str, language: Language) -> bool:
    """Return whether blocks are a heading of another matter and its text.

    Short lines without bullets may be the list itself, and so may headings of the same matter.
    """
    if [each.part for each in blocks] not in (
        [Part.HEADING, Part.PARAGRAPH],
        [Part.HEADING, Part.LEAD_IN],
    ):
        return False
    named = heading_categories(language.read(text, blocks[0].start, blocks[0].end))
    return bool(named) and category not in named


def _is_denied(part: Reading, category: str) -> bool:
    """Return whether a clause says that the data it names is not taken or given."""
    return category in _DENIABLE and part.does("denial")


def _address_after(text: str, index: int, around: Surroundings) -> dict[str, object]:
    """Return the address that the lines after a lead-in give."""
    for place in around.places[index + 1 : index + 1 + _LOOK_AHEAD]:
        if place.block.part is Part.HEADING and place.block.marked:
            break
        reading = around.language.read(text, place.block.start, place.block.end)
        for word in reading.words.words:
            if word.form == EMAIL:
                return {"contact": text[word.start : word.end]}
            if word.form == HIDDEN_EMAIL:
                return {"contact": ""}
    return {}
