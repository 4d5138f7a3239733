"""Whether values are names of people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kept.inventory.classification.evidence import (
    HARDLY_ANY,
    MOST,
    NEARLY_ALL,
    Term,
    graded,
    percent,
)
from kept.inventory.classification.lexicon import read_toml
from kept.inventory.classification.profile import Kind, Profile, whole_line
from kept.inventory.classification.question import Question, seen
from kept.inventory.classification.words import plain, without_article
from kept.vocabulary.data_category import DataCategory

_NAME = DataCategory.USER_NAME
_FIRST = DataCategory.USER_NAME_FIRST
_LAST = DataCategory.USER_NAME_LAST
_NAMES = (_NAME, _FIRST, _LAST)

_SCALE = ((0.08, 0.0), (0.2, 0.4), (0.35, 0.75), (0.55, 0.92), (0.75, 1.0))
_MOST_WORDS, _USUAL_WORDS = 6, 3
_ENOUGH_NAMES = 10
_HALF_WORDS = 2
_LIST_SIGN = re.compile(r"\s*[,;&|/\n]\s*|\s+and\s+|\s+et\s+|\s+und\s+|\s+y\s+")
_CJK_NAME = re.compile(
    r"[\u3400-\u9fff\uac00-\ud7a3\u3040-\u30ff々ー]{2,6}|[\u3400-\u9fff々]{1,3}[ \u3000・][\u3400-\u9fff\u3040-\u30ff々]{1,4}"
)
# What Arabic family names of more words begin with, in plain form: house, son, father of.
_OF_THE_HOUSE = frozenset({"ال", "بن", "ابن", "ابو", "بو", "بني"})
_FAMILY_ENDINGS = (
    *("mann", "meier", "meyer", "maier", "huber", "bauer", "oglu", "sson", "dottir", "enko"),
    *("shvili", "owski", "owska", "ewski", "ewska", "owicz", "opoulos", "opoulou", "escu"),
)
_SHORTEST_WITH_ENDING = 5
_OTHER_MARKS = whole_line(r"[^\n]*[\d@/\\_#*%=<>{}\[\]+|:;?!&][^\n]*")
_CAPITAL = whole_line(r"[^\W\d_a-zà-öø-ÿ][^\n]*")


@dataclass(frozen=True, slots=True)
class Names:
    """Names that people wrote down, in plain form."""

    given: frozenset[str]
    family: frozenset[str]
    honorifics: frozenset[str]
    cjk: tuple[str, ...]
    ordinary: frozenset[str]


@cache
def names() -> Names:
    """Return the names of ``lexicon/people.toml``."""
    found = read_toml("people.toml")
    ordinary = _words(found["ordinary"].values())
    return Names(
        given=_words(found["given"].values()) - ordinary,
        family=_words(found["family"].values()) - ordinary,
        honorifics=_words(found["honorifics"].values()),
        cjk=tuple(found["cjk"]["family"].split()),
        ordinary=ordinary,
    )


def _words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(without_article(word) for text in texts for word in plain(text).split())


def is_family_name(word: str) -> bool:
    """Return whether `word`, in plain form, is a known family name or ends as they do."""
    known = names().family
    parts = word.split("-")
    return (
        without_article(parts[-1]) in known
        or parts[0] in known
        or (len(word) > _SHORTEST_WITH_ENDING and word.endswith(_FAMILY_ENDINGS))
    )


def people(question: Question) -> Iterator[Term]:
    """Say what share of values are given names, family names, or names of people in full."""
    profile = _one_by_one(question.profile)
    if profile is not question.profile:
        question = replace(question, profile=profile)
    if profile.kind is not Kind.TEXT or not profile.has_letters:
        if profile.count and any(question.claims(each) for each in _NAMES):
            for category in _NAMES:
                yield seen(category, -4.5, "the values are no words")
        return
    if profile.average_words > _MOST_WORDS:
        return
    marks = profile.share(_OTHER_MARKS)
    if marks > NEARLY_ALL and not any(question.claims(each) for each in _NAMES):
        return
    half = question.claims(_FIRST) or question.claims(_LAST)
    tally = _tally(profile, titled=not half)
    capitals = profile.share(_CAPITAL)
    worth = 5.4 * (1 - marks) * (0.55 if capitals < MOST and not tally.caseless else 1.0)
    yield from _single_names(question, tally, worth)
    full = tally.full / profile.count
    if full:
        yield seen(
            _NAME,
            graded(full, profile.count, worth, _SCALE),
            f"{percent(full)} of {profile.count} values are two to five words with a known "
            "given or family name where people's names have it",
            min(1.0, full * 1.3),
        )
    yield from _against(question, tally, marks)


def _one_by_one(profile: Profile) -> Profile:
    """Return the names of lists of several ("Ana Lopez, Jo Li") one by one, or `profile` as it is.

    "Lopez, Ana" is no list: a list has names of several words between its signs.
    """
    if profile.kind is not Kind.TEXT or not any(each in profile.characters for each in ",;&|/"):
        return profile
    lists = [_LIST_SIGN.split(text) for text in profile.texts]
    several = [each for each in lists if len(each) > 1 and all(" " in name for name in each)]
    if len(several) < profile.count * MOST:
        return profile
    return Profile.of(list(dict.fromkeys(name for each in lists for name in each)))


def _single_names(question: Question, tally: "_Tally", worth: float) -> Iterator[Term]:
    count = question.profile.count
    first, last = tally.given / count, tally.family / count
    if tally.singles < count * 0.3:
        return
    # Many names are both; the list that has more of them tells which.
    if first >= last:
        last *= 0.4
    else:
        first *= 0.4
    if question.claims(_LAST) and not question.claims(_FIRST):
        first *= 0.3
    if question.claims(_FIRST) and not question.claims(_LAST):
        last *= 0.3
    if which := _other_half(question):
        known = max(first, last)
        first, last = (known, last * 0.3) if which is _FIRST else (first * 0.3, known)
        yield seen(which, 4.5, "beside a field for the other half of a name, a name is this half")
    for category, share, word in ((_FIRST, first, "given"), (_LAST, last, "family")):
        if share:
            yield seen(
                category,
                graded(share, count, worth, _SCALE),
                f"{percent(share)} of {count} values are known {word} names",
                min(1.0, share * 1.3),
            )
    both = max(first, last)
    if both and _NAME in question.claimed:
        yield seen(
            _NAME,
            graded(both, count, 3.0, _SCALE),
            f"{percent(both)} of {count} values are known names of people",
            both,
        )


def _other_half(question: Question) -> DataCategory | None:
    """Return which half of a name a bare "name" holds: where the other has a field of its own."""
    if _NAME not in question.claimed or question.profile.average_words > _HALF_WORDS:
        return None
    halves = {_FIRST, _LAST} & question.beside
    if len(halves) != 1 or halves & question.claimed:
        return None
    return _LAST if _FIRST in halves else _FIRST


def _against(question: Question, tally: "_Tally", marks: float) -> Iterator[Term]:
    count = question.profile.count
    if marks > MOST:
        for category in _NAMES:
            if question.claims(category):
                yield seen(
                    category,
                    -2.5,
                    f"{percent(marks)} of {count} values have digits or signs that names have not",
                )
    known = tally.given + tally.family + tally.full
    if _NAME in question.claimed and count >= _ENOUGH_NAMES and known / count < HARDLY_ANY:
        yield seen(_NAME, -1.5, f"hardly any of {count} values has a known name of a person in it")


@dataclass(slots=True)
class _Tally:
    singles: int = 0
    given: float = 0.0
    family: float = 0.0
    full: float = 0.0
    caseless: bool = False


def _tally(profile: Profile, *, titled: bool) -> _Tally:
    """Count what values look like; with `titled`, a title and a name are a name in full."""
    known, tally = names(), _Tally()
    for line, found in zip(profile.lines, profile.words, strict=True):
        spoken = [each.strip(".'’") for each in found]
        words = [each for each in spoken if each and each not in known.honorifics] or spoken
        if not line.isascii() and _CJK_NAME.fullmatch(line):
            tally.caseless = True
            if line.startswith(known.cjk):
                tally.full += 1
            elif line in known.given:
                tally.given += 1
        elif 1 < len(words) < _MOST_WORDS and words[0] in _OF_THE_HOUSE:
            tally.singles += 1
            tally.family += 1
            tally.caseless = True
        elif titled and len(words) == 1 and spoken[0] in known.honorifics - {words[0]}:
            tally.full += _titled(words[0], known)
        elif len(words) == 1:
            tally.singles += 1
            word = words[0]
            parts = word.split("-")
            if not word.isascii() and "\u0600" <= word[0] <= "\u06ff":
                tally.caseless = True
            tally.given += any(each in known.given for each in parts)
            if any(without_article(each) in known.family for each in parts):
                tally.family += 1
            elif len(word) > _SHORTEST_WITH_ENDING and word.endswith(_FAMILY_ENDINGS):
                tally.family += 0.6
        elif 1 < len(words) < _MOST_WORDS:
            tally.full += _fullness(words, line, known, tally)
    return tally


def _titled(word: str, known: Names) -> float:
    """Return how much a word behind a title looks like somebody's name: "Dr. Soto"."""
    parts = word.split("-")
    if any(each in known.given or without_article(each) in known.family for each in parts):
        return 1.0
    return 0.6


def _fullness(words: list[str], line: str, known: Names, tally: _Tally) -> float:
    """Return how much `words` look like one person's name, between 0 and 1."""
    if "\u0600" <= line[0] <= "\u06ff":
        tally.caseless = True
    if "," in line:
        words = [*words[1:], words[0]]
    parts = [each.split("-")[0] for each in words]
    given = parts[0] in known.given or (
        len(parts[0]) == 1 and len(parts) >= _USUAL_WORDS and parts[1] in known.given
    )
    family = (
        without_article(words[-1].split("-")[-1]) in known.family
        or without_article(parts[-1]) in known.family
    )
    reverse = parts[-1] in known.given and without_article(parts[0]) in known.family
    if (given and (family or parts[-1] in known.given)) or reverse:
        return 1.0
    if given:
        return 0.75 if len(words) <= _USUAL_WORDS else 0.5
    initial = len(parts[0]) == 1 or line[1:2] == "."
    if family:
        return 0.8 if initial else 0.45
    return 0.2 if initial and len(words) <= _USUAL_WORDS else 0.0
