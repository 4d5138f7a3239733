"""Whether values are what people wrote, what they do for a living, or where they work."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from kept.inventory.classification import spans
from kept.inventory.classification.evidence import (
    ENOUGH_VALUES,
    HARDLY_ANY,
    SEVERAL,
    Term,
    graded,
    percent,
)
from kept.inventory.classification.lexicon import listed, read_toml
from kept.inventory.classification.people import names
from kept.inventory.classification.profile import Kind, whole_line
from kept.inventory.classification.question import Question, seen
from kept.inventory.classification.words import plain
from kept.vocabulary.data_category import DataCategory

_CONTENT = DataCategory.USER_CONTENT
_JOB = DataCategory.USER_PROFESSIONAL_INFORMATION_JOB_TITLE
_WORKPLACE = DataCategory.USER_PROFESSIONAL_INFORMATION_WORKPLACE
_USERNAME = DataCategory.USER_ACCOUNT_USERNAME
_IMAGE = DataCategory.USER_CONTENT_SELF_IMAGE

_PROSE_WORDS = 5
_MOST_JOB_WORDS = 7
_SPANS_TRIED = 100
_SHORTEST_ENDING = 6
_CODE_WORDS = 2
_SPACES = 3
"""Spaces in a value on average below which nothing stands inside it."""
_SPANS_RATE = 0.2
_OWN_WORDS = re.compile(
    r"\b(?:i|i'm|i've|my|me|we|our|please|hello|hi|dear|thanks|thank you|je|j'ai|mon|ma|mes|nous|notre|bonjour|merci"
    r"|ich|mein|meine|wir|bitte|hallo|danke|yo|mi|mis|hola|gracias|por favor|ben|benim|bizim|biz|lutfen|merhaba|tesekkur|tesekkurler|eu|meu|minha|nao consigo|nos|ola|obrigado|obrigada|por favor|io|mio|mia|noi|grazie|buongiorno|ik|mijn|wij|graag|bedankt|انا|لدي|طلبي|اريد|استلم|شكرا|مرحبا|ارجو|نحن|طلبي|حسابي)\b"
)
_HANDLE = whole_line(r"@?[a-z][a-z0-9]*(?:[._-][a-z0-9]+){0,3}\d*", re.IGNORECASE | re.ASCII)
_AT_HANDLE = whole_line(r"@[A-Za-z0-9_.]{2,30}", re.ASCII)


@cache
def _jobs() -> frozenset[str]:
    found = read_toml("work.toml")["jobs"]
    return frozenset(
        word + plural
        for text in found.values()
        for word in plain(text).split()
        for plural in ("", "s", ".")
    )


@cache
def _job_endings() -> tuple[str, ...]:
    """Return words that German writes together with others: ``bauingenieur``."""
    words = plain(read_toml("work.toml")["jobs"]["de"]).split()
    return tuple(word for word in words if len(word) >= _SHORTEST_ENDING)


@cache
def _company_marks() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the last words, without dots, and the beginnings that names of companies have."""
    found = read_toml("work.toml")["companies"]
    endings = frozenset(each.replace(".", "").split()[-1] for each in listed(found["endings"]))
    return endings, tuple(f"{each} " for each in listed(found["starts"]))


def jobs(question: Question) -> Iterator[Term]:
    """Say what share of values have a word for an occupation."""
    profile = question.profile
    if profile.kind is not Kind.TEXT:
        if question.claims(_JOB) and profile.count:
            yield seen(_JOB, -4.0, "the values are no words")
        return
    if profile.average_words > _MOST_JOB_WORDS:
        return
    disjoint = _jobs().isdisjoint
    endings = _job_endings()
    hits = sum(
        not disjoint(words) or any(word.endswith(endings) for word in words)
        for words in profile.words
    )
    share = hits / profile.count
    if share:
        scale = ((0.1, 0.0), (0.25, 0.4), (0.5, 0.75), (0.8, 1.0))
        yield seen(
            _JOB,
            graded(share, profile.count, 4.9, scale),
            f"{percent(share)} of {profile.count} values have a word for an occupation",
            min(1.0, share * 1.2),
        )


def companies(question: Question) -> Iterator[Term]:
    """Say what share of values end or begin as names of companies do."""
    profile = question.profile
    if profile.kind is not Kind.TEXT:
        if question.claims(_WORKPLACE) and profile.count:
            yield seen(_WORKPLACE, -4.0, "the values are no names")
        return
    if question.claims(_WORKPLACE) and not profile.has_letters:
        yield seen(_WORKPLACE, -4.0, "the values have no letters")
        return
    endings, starts = _company_marks()
    hits = 0
    for line in profile.lines:
        head, _, last = line.rpartition(" ")
        hits += (head != "" and last.replace(".", "") in endings) or line.startswith(starts)
    share = hits / profile.count
    if share >= HARDLY_ANY:
        yield seen(
            _WORKPLACE,
            graded(share, profile.count, 3.4, ((0.1, 0.1), (0.3, 0.6), (0.6, 1.0))),
            f"{percent(share)} of {profile.count} values are named as companies are",
            share,
        )


def prose(question: Question) -> Iterator[Term]:
    """Say whether values are sentences, and what stands in them."""
    profile = question.profile
    claimed = question.claims(_CONTENT)
    if profile.kind is not Kind.TEXT:
        if claimed and profile.count and profile.kind is not Kind.BINARY:
            yield seen(_CONTENT, -5.5, "the values are no text")
        return
    if profile.average_words >= _PROSE_WORDS:
        words = round(profile.average_words)
        distinct = len(set(profile.lines))
        own = sum(_OWN_WORDS.search(line) is not None for line in profile.lines) / profile.count
        weight = (
            1.6 + 2.8 * min(1.0, max(0.0, own - 0.1) * 1.8)
            if distinct >= min(profile.count, ENOUGH_VALUES)
            else 0.3
        )
        yield seen(
            _CONTENT,
            weight,
            f"values are sentences of {words} words on average, {percent(own)} of them in "
            "somebody's own words",
            0.95,
        )
    elif claimed and profile.count >= ENOUGH_VALUES and profile.average_words < _CODE_WORDS:
        yield seen(_CONTENT, -2.5, "values are single words or codes")
    elif claimed and profile.average_words < _PROSE_WORDS - 1.5:
        yield seen(_CONTENT, -1.0, "values are hardly sentences")


def quoted(question: Question) -> Iterator[Term]:
    """Say what stands inside longer values: addresses, numbers, cards."""
    profile = question.profile
    spaces = profile.joined.count(" ") / max(1, profile.count)
    if spaces < _SPACES and "@" not in profile.characters:
        return
    tried = profile.texts[:_SPANS_TRIED]
    counts: Counter[DataCategory] = Counter()
    for text in tried:
        counts.update({found.category for found in spans.find(text)})
    for category, count in sorted(counts.items()):
        share = count / len(tried)
        weight = graded(share, len(tried), 5.5, ((_SPANS_RATE, 0.84), (1.0, 1.0)))
        if share < _SPANS_RATE or count == 1:
            weight = 3.6
        yield seen(
            category,
            weight,
            f"{percent(share)} of {len(tried)} values have one in their text",
            0.0,
        )


_NAME_MADE = whole_line(r"[a-z]{4,20}(?:[._-]?[a-z]{2,20})?[._-]?\d{0,4}", re.ASCII)
_MARKS = re.compile(r"[\d._-]+")


def _made_of_names(question: Question) -> float:
    """Return the share of values like ``amanda14``, ``jsmith`` or ``ana.lopez``."""
    profile = question.profile
    shaped = [found[0] for found in _NAME_MADE.finditer(profile.joined)]
    if len(shaped) < profile.count * 0.5:
        return 0.0
    known = names()
    made = 0
    for each in shaped:
        stem = _MARKS.sub("", each)
        if stem == each and (stem in known.given or stem in known.family):
            continue  # a bare name is a name
        made += any(stem[:size] in known.given for size in range(4, len(stem) + 1)) and (
            stem != each or any(stem[-size:] in known.family for size in range(4, len(stem)))
        )
        made += stem == each and stem[1:] in known.family
    return made / profile.count


def usernames(question: Question) -> Iterator[Term]:
    """Support a name that claims user names; handles with an at sign speak for themselves."""
    profile = question.profile
    handles = profile.share(_AT_HANDLE) if "@" in profile.joined else 0.0
    if handles:
        yield seen(
            _USERNAME,
            graded(handles, profile.count, 4.2),
            f"{percent(handles)} of {profile.count} values are handles",
            handles,
        )
        return
    if (
        profile.kind is Kind.TEXT
        and profile.average_words < _CODE_WORDS + 0.5
        and not question.claimed
    ):
        share = _made_of_names(question)
        if share:
            yield seen(
                _USERNAME,
                graded(share, profile.count, 4.6, ((0.25, 0.0), (0.5, 0.9), (0.7, 1.0))),
                f"{percent(share)} of {profile.count} values are one word made of known names",
                share,
            )
    elif question.claims(_USERNAME) and profile.count:
        if profile.kind in {Kind.TRUTH, Kind.NUMBER, Kind.WHOLE}:
            yield seen(_USERNAME, -3.5, "the values are numbers")
            return
        share = profile.share(_HANDLE)
        weight = graded(share, profile.count, 2.6) if share > SEVERAL else -1.0
        yield seen(
            _USERNAME,
            weight,
            f"{percent(share)} of {profile.count} values can be user names",
            share * 0.5,
        )
