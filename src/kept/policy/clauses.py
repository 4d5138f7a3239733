"""Which stretches of a sentence are clauses of their own, and what each means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kept.policy.languages.language import Language, Reading
from kept.policy.meaning import (
    LIKELY,
    Context,
    Meaning,
    duties_of,
    is_sentence,
    kind_of,
    understand,
)
from kept.policy.words import MAX_WORDS, Word

_LEAST_WORDS = 2
# As many semicolons part the items of a list, and not two statements.
_LEAST_LISTED = 3
# What is done for children is said in one breath: "tell us, and we delete it".
_UNDIVIDED = frozenset({"children"})
_CLOSING = {")": "(", "]": "[", '"': '"', "'": "'"}
_LABEL = re.compile(
    r"(?:[^\n:.!?;]{2,90}?(?:\*\*|__)?[ ]?(?::|[ ][-–—])(?:\*\*|__)?"
    r"|[^\n*_]{2,90}?(?:[.:](?:\*\*|__)|(?:\*\*|__)[.:]))[ ]+(?=\S)"
)
_LABEL_WORDS = 9


@dataclass(frozen=True, slots=True)
class Found:
    """A clause that is an entry of the register.

    Attributes:
        start: Where its words start in the view.
        end: Where they end.
        meaning: What it means.
        parts: The readings that it was put together from.
    """

    start: int
    end: int
    meaning: Meaning
    parts: tuple[Reading, ...]


def label_of(text: str, start: int, end: int) -> int:
    """Return where the words after an item's label begin, `start` where it has none.

    A label is a few words before a colon or a dash: "Retention: we keep ...". A date or
    an address after the colon makes it a statement instead.
    """
    found = _LABEL.match(text, start, end)
    if found is None or len(found[0].split()) > _LABEL_WORDS:
        return start
    rest = text[found.end() : end]
    return start if rest[0].isdigit() or "@" in rest.split(None, 1)[0] else found.end()


def clauses_of(
    text: str, start: int, end: int, context: Context, language: Language
) -> Iterator[Found]:
    """Yield the clauses of the sentence ``text[start:end]`` that promise or disclose."""
    start = _opened(text, start, end, language)
    while start < end:
        whole = language.read(text, start, end)
        if not whole.words.words:
            return
        stop = _stop(whole)
        if stop < end and text[stop:end].strip():
            whole = replace(whole, end=stop)
        yield from _of_stretch(text, whole, context, language)
        start = max(stop, start + 1) if whole.end == stop else end


def _opened(text: str, start: int, end: int, language: Language) -> int:
    """Return where a sentence begins after "However," and the like."""
    words = language.words(text, start, end).words
    if not words:
        return start
    begins = _first_word(words, language).start
    return begins if begins > words[0].start else start


def _stop(reading: Reading) -> int:
    """Return where reading stopped: the end, or the last word that was taken."""
    return reading.words.words[-1].end if len(reading.words) >= MAX_WORDS else reading.end


def _of_stretch(text: str, whole: Reading, context: Context, language: Language) -> Iterator[Found]:
    meaning = understand(whole, context, language)
    category = meaning.category if meaning else ""
    if category == "children" and _only_asks(whole):
        return
    cuts = [] if category in _UNDIVIDED else _cuts(whole, category)
    if not cuts:
        if meaning is not None:
            yield _found(text, whole, meaning, language)
        return
    found = list(_of_parts(text, whole, cuts, context, language))
    one = len(found) == 1 and meaning is not None and meaning.category == found[0].meaning.category
    if one and meaning is not None and len(found[0].parts) == len(cuts) + 1:
        start, end = _trimmed(text, whole, whole, language)
        yield Found(start, end, meaning, found[0].parts)
        return
    yield from found


def _only_asks(reading: Reading) -> bool:
    """Return whether a clause asks to be told of a child and does not say what is done then."""
    deletes = any(hit.rule.value == "child-data-deletion" for hit in reading.of("duty", "children"))
    return reading.does("appeal") and not deletes


def _cuts(whole: Reading, category: str) -> list[int]:
    """Return the words before which the sentence may be cut, in order."""
    cuts = {
        place
        for hit in whole.of("cut")
        if not hit.rule.within or category in hit.rule.within
        for place in hit.cuts()
    }
    cuts |= {
        place for place in range(len(whole.words)) if whole.words.marks.get(";", 0) >> place & 1
    }
    # The first comma after "If you ask us" ends the condition, and parts nothing.
    cuts -= {min(hit.cuts()) for hit in whole.of("leading") if hit.rule.value == "stays"}
    if whole.has("leading", "drop") or whole.has("leading", "never"):
        mains = [
            place for hit in whole.of("leading") if hit.rule.value == "main" for place in hit.cuts()
        ]
        cuts |= {min(mains)} if mains else set()
    # "We collect, use, and protect your data": verbs of one sentence are not cut apart.
    cuts -= {
        place for hit in whole.of("leading") if hit.rule.value == "series" for place in hit.cuts()
    }
    kept: list[int] = []
    for cut in sorted(cuts):
        if (
            cut - (kept[-1] if kept else 0) >= _LEAST_WORDS
            and len(whole.words) - cut >= _LEAST_WORDS
        ):
            kept.append(cut)
    return kept


def _of_parts(
    text: str, whole: Reading, cuts: Sequence[int], context: Context, language: Language
) -> Iterator[Found]:
    """Yield the clauses that the parts of a cut sentence make, put together where they agree."""
    words = whole.words.words
    if whole.does("sentence"):
        context = replace(context, is_item=False, lead=None)
    edges = [0, *cuts, len(words)]
    listed = whole.words.marks.get(";", 0)
    listed = listed if listed.bit_count() >= _LEAST_LISTED else 0
    held: list[Reading] = []
    current: list[Reading] = []
    meaning: Meaning | None = None
    for first, after in pairwise(edges):
        end = words[after].start if after < len(words) else whole.end
        part = language.read(text, words[first].start if first else whole.start, end)
        before = meaning.category if meaning else ""
        means = understand(part, replace(context, previous=before), language)
        flags = _flags_at(whole, first)
        if listed >> first & 1 and means is not None and meaning is not None and not flags:
            # "Your name; your address; cookies; ...": one list, whatever its parts name.
            means = means if is_sentence(part) or part.does("actor") else None
        if means is None and meaning is not None and flags:
            means = _inherited(part, meaning, flags, context, language)
        if part.has("leading", "never"):
            continue
        if means is not None and meaning is not None and not flags and means.own < LIKELY:
            # It says nothing of its own: it goes on with what stands before it.
            means = None
        if means is None:
            if part.does("courtesy") or _is_aside(part):
                continue
            (current or held).append(part)
        elif (
            meaning is not None
            and "always" not in flags
            and (means.category, means.kind) == (meaning.category, meaning.kind)
        ):
            current.append(part)
            meaning = _both(meaning, means)
        else:
            if meaning is not None:
                yield _joined(text, current, meaning, language)
            current, held, meaning = [*held, part], [], means
    if meaning is not None:
        yield _joined(text, current, meaning, language)


def _inherited(
    part: Reading, before: Meaning, flags: frozenset[str], context: Context, language: Language
) -> Meaning:
    """Return the meaning of a part that goes on with what stands before its cut."""
    category = before.category
    if "inherits" in flags:
        duties = language.duty_fallback.get(category, ())
        return Meaning(category, language.kind_default[category], duties, 0.0)
    return Meaning(
        category,
        kind_of(part, category, context, language),
        duties_of(part, category, context, language),
        0.0,
    )


def _flags_at(whole: Reading, cut: int) -> frozenset[str]:
    """Return what is said of a cut by the rules that make it."""
    flags = (hit.rule.flags for hit in whole.of("cut") if hit.rule.flags and cut in hit.cuts())
    return frozenset[str]().union(*flags)


def _is_aside(part: Reading) -> bool:
    """Return whether a part only says when, if or although."""
    return part.has("leading", "drop")


def _both(one: Meaning, other: Meaning) -> Meaning:
    return replace(one, duties=tuple(sorted({*one.duties, *other.duties})))


def _joined(text: str, parts: list[Reading], meaning: Meaning, language: Language) -> Found:
    start, end = _trimmed(text, parts[0], parts[-1], language)
    return Found(start, end, meaning, tuple(parts))


def _found(text: str, reading: Reading, meaning: Meaning, language: Language) -> Found:
    start, end = _trimmed(text, reading, reading, language)
    return Found(start, end, meaning, (reading,))


def _trimmed(text: str, first: Reading, last: Reading, language: Language) -> tuple[int, int]:
    """Return the span without connectives, brackets and final punctuation."""
    start = _first_word(first.words.words, language).start
    end = _last_word(last.words.words, language).end
    while end < last.end and text[end] in _CLOSING:
        opening = _CLOSING[text[end]]
        inside = text.count(opening, start, end)
        closed = text.count(text[end], start, end)
        balanced = inside % 2 if opening == text[end] else inside - closed
        if balanced < 1:
            break
        end += 1
    return start, end


def _first_word(words: Sequence[Word], language: Language) -> Word:
    forms = tuple(word.form for word in words)
    at = 0
    while True:
        skipped = language.opening(forms, at)
        if not skipped or at + skipped >= len(words):
            return words[at]
        at += skipped


def _last_word(words: Sequence[Word], language: Language) -> Word:
    forms = tuple(word.form for word in words)
    after = len(words)
    for each in language.trim_end:
        if (
            each[-1] == forms[after - 1]
            and len(each) < after
            and (forms[after - len(each) : after] == each)
        ):
            after -= len(each)
    return words[after - 1]
