"""Where free text names people: after a title, in a greeting, below a letter, or by itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from kept.inventory.classification.cues import cues
from kept.inventory.classification.people import Names, is_family_name, names
from kept.inventory.classification.span import Span
from kept.inventory.classification.text_shape import CLOSING, SHARP_S, Pair, every
from kept.inventory.classification.words import plain, without_article

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NEXT = re.compile(r"(?P<space> |\. )(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)")
_MOST_WORDS = 4
_ENDS_GREETING = re.compile(r"\s{0,2}(?:[,!:;\r\n]|$)")
_ENDS_LINE = re.compile(r"[ .]{0,2}(?:[\r\n,]|$)")
_LOOK_BACK = 24
_IS_CALLED = "heiße "
"""The end of "ich heiße"; its sharp s is rare enough to be searched for alone."""
_CLOSES = re.compile(r"[^\W\d_]+$")
_HOUSE = re.compile(r"\n[ \t]*\d{1,5}[A-Za-z]?,?[ \t]+\Z")
_LAST_WORD = re.compile(r"([^\W\d_]+)\.? $")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Named:
    """One name in a text.

    Attributes:
        span: Where it stands.
        cued: Whether a word beside it says that it is one; a bare name may be a place's.
    """

    span: Span
    cued: bool


def latin_names(text: str, shape: bytes, pairs: Iterable[Pair]) -> Iterator[Named]:
    """Yield the names of people in Latin letters, in no order; they may overlap.

    Args:
        text: The text.
        shape: Its shape, as `shape_of` returns it.
        pairs: Its pairs of capitals, as `pairs_in` returns them.
    """
    telling = _telling()
    for start, end, _, word in pairs:
        if word not in telling and word.isascii() and "-" not in word:
            continue
        named = _named(text, Span(start, end), plain(word))
        if named is not None:
            yield named
    yield from _said(text, shape)
    for found in CLOSING.finditer(shape):
        before = _CLOSES.search(text[max(0, found.start() - _LOOK_BACK) : found.start()])
        if before is not None and plain(before[0]) in cues().closings:
            named = _signed(text, found.start())
            if named is not None:
                yield named


@cache
def _telling() -> frozenset[str]:
    """Return the first words after which it is worth to look at all."""
    known = cues()
    spoken = known.titles | known.dotted | known.greetings | known.closings | known.labels
    return spoken | names().given


def _said(text: str, shape: bytes) -> Iterator[Named]:
    """Yield what follows "my name is"."""
    for phrase in cues().said:
        for at in every(shape, phrase.encode("latin-1")):
            yield from _introduced(text, at + len(phrase) - 1)
    for at in every(shape, SHARP_S):
        if text.startswith(_IS_CALLED, at - 3):
            yield from _introduced(text, at + 3)


def _introduced(text: str, at: int) -> Iterator[Named]:
    run = _run(text, at)
    if run and _plain_word(run[0], text) not in cues().nobody:
        yield Named(Span(run[0].start, run[-1].end), cued=True)


def _named(text: str, first: Span, word: str) -> Named | None:
    """Return the name that the capitals from `first` on are, or that follows them."""
    known = cues()
    if first.start and text[first.start - 1].isalpha():
        return None
    sign = text[first.end : first.end + 1]
    if word in known.titles or (word in known.dotted and sign == "."):
        return _titled(text, first.end + (sign == "."))
    if word in known.greetings and sign == " ":
        return _greeted(text, first.end + 1)
    if word in known.closings and sign in {",", "\n", "\r"}:
        return _signed(text, first.end)
    if word in known.labels and sign == ":":
        return _labelled(text, first.end)
    return _bare(text, first)


def _titled(text: str, at: int) -> Named | None:
    run = _run(text, at + 1) if text[at : at + 1] == " " else []
    words = [_plain_word(each, text) for each in run]
    while words and words[0] in cues().titles | cues().dotted:
        run, words = run[1:], words[1:]
    if not run or words[0] in cues().nobody or len(words[0]) < _SHORTEST:
        return None
    return Named(Span(run[0].start, run[-1].end), cued=True)


def _greeted(text: str, at: int) -> Named | None:
    run = _run(text, at)
    words = [_plain_word(each, text) for each in run]
    if words and (words[0] in cues().titles or words[0] in cues().dotted):
        return _titled(text, run[0].end + (text[run[0].end : run[0].end + 1] == "."))
    if not run or cues().nobody.intersection(words):
        return None
    known = _is_known(words[0])
    ends = _ENDS_GREETING.match(text, run[-1].end) is not None
    if not known and not (ends and len(run) <= _SHORTEST):
        return None
    return Named(Span(run[0].start, run[-1].end), cued=True)


def _signed(text: str, at: int) -> Named | None:
    while at < len(text) and text[at] in ", \r\n":
        at += 1
    run = _run(text, at)
    words = [_plain_word(each, text) for each in run]
    if not run or cues().nobody.intersection(words) or not _ENDS_LINE.match(text, run[-1].end):
        return None
    in_full = _SHORTEST <= len(run) < _MOST_WORDS and not cues().after.intersection(words)
    if not in_full and not any(map(_is_known, words)):
        return None
    return Named(Span(run[0].start, run[-1].end), cued=True)


def _labelled(text: str, at: int) -> Named | None:
    run = _run(text, at + 2) if text[at : at + 2] == ": " else []
    words = [_plain_word(each, text) for each in run]
    if not run or cues().nobody.intersection(words) or not any(map(_is_known, words)):
        return None
    return Named(Span(run[0].start, run[-1].end), cued=True)


def _bare(text: str, first: Span) -> Named | None:
    """Return a name without any cue: a known given name before a known family name."""
    known = names()
    given = plain(text[first.start : first.end])
    if given.partition("-")[0] not in known.given:
        return None
    run = _run(text, first.start)
    if len(run) < _SHORTEST:
        return None
    words = [_plain_word(each, text) for each in run]
    if not _is_last(words[-1], known) and len(words) > _SHORTEST and _is_last(words[-2], known):
        run, words = run[:-1], words[:-1]  # "Ana Lopez Monday": the last begins something else
    if words[-1] in cues().after | cues().nobody:
        return None
    if not _is_last(words[-1], known):
        return None
    if _of_a_place(text, Span(run[0].start, run[-1].end)):
        return None
    return Named(Span(run[0].start, run[-1].end), cued=False)


def _of_a_place(text: str, name: Span) -> bool:
    """Whether what stands beside a name says that it is a street's, a school's or a brand's.

    A line that begins with a number is an address: "14 Garrett Hill".
    """
    beside = text[max(0, name.start - _LOOK_BACK) : name.start]
    if _HOUSE.search(beside if name.start > _LOOK_BACK else f"\n{beside}"):
        return True
    before = _LAST_WORD.search(beside)
    if before is not None and plain(before[1]) in cues().before:
        return True
    after = _NEXT.match(text, name.end)
    return after is not None and plain(after["word"]) in cues().after


def _run(text: str, at: int) -> list[Span]:
    """Return the words of one name from `at` on: capitals, with small particles between."""
    first = _WORD.match(text, at)
    if first is None or not first[0][0].isupper():
        return []
    run, small = [Span(first.start(), first.end())], 0
    end = first.end()
    while len(run) + small < _MOST_WORDS + small:
        following = _NEXT.match(text, end)
        if following is None:
            break
        word = following["word"]
        initial = end - run[-1].start == 1
        title = plain(text[run[-1].start : end]) in cues().titles
        if following["space"] == ". " and not (initial or title):
            break
        if word[0].isupper():
            run.append(Span(following.start("word"), following.end("word")))
        elif word not in cues().particles:
            break
        end = following.end()
    return run


def _plain_word(word: Span, text: str) -> str:
    return plain(text[word.start : word.end])


def _is_known(word: str) -> bool:
    return word.partition("-")[0] in names().given or is_family_name(word)


def _is_last(word: str, known: Names) -> bool:
    """Whether a given name before `word` makes it a family name: "Price" is one then."""
    return is_family_name(word) or word.partition("-")[0] in known.given or word in known.ordinary


_LETTERS = "\u0621-\u064a\u0671-\u06d3"
_ARABIC_WORD = re.compile(rf"[{_LETTERS}]+")
_ARABIC = re.compile(rf"[{_LETTERS}]")
_JOINED = frozenset("وبلف")
"""Letters that Arabic writes together with the word after them."""
_NAME_PARTS = frozenset({"عبد", "ابو", "ابن", "بن", "بنت", "ام", "ال"})


@cache
def _arabic_cues() -> re.Pattern[str]:
    # No look at what stands before: that is asked of the few places that are found. Words
    # that begin alike are tried together.
    alike: dict[str, list[str]] = {}
    for word in cues().arabic:
        alike.setdefault(word[:2], []).append(word[2:])
    words = "|".join(f"{begin}(?:{'|'.join(rest)})" for begin, rest in alike.items())
    return re.compile(rf"(?:{words})[ :،/.\-]{{1,3}}")


def arabic_names(text: str) -> Iterator[Named]:
    """Yield the names of people in Arabic script that a title, a greeting or a label leads to."""
    for cue in _arabic_cues().finditer(text):
        before = text[max(0, cue.start() - 2) : cue.start()]
        if before[-1:] in _JOINED:
            before = before[:-1]
        if _ARABIC.match(before[-1:]):
            continue
        run = _arabic_run(text, cue.end()) or _arabic_stranger(text, cue)
        if run is not None:
            yield Named(run, cued=True)


def _arabic_stranger(text: str, cue: re.Match[str]) -> Span | None:
    """Return an unknown name of one word: after a title, or before the comma of a greeting."""
    found = _ARABIC_WORD.match(text, cue.end())
    if found is None or plain(found[0]) in cues().arabic_nobody:
        return None
    titled = plain(cue[0].strip(" :،/.-")).lstrip("وبلف") in _arabic_titles()
    ends = text[found.end() : found.end() + 1] in {"،", ",", "!", ":", "\n"}
    return Span(found.start(), found.end()) if titled or ends else None


@cache
def _arabic_titles() -> frozenset[str]:
    return frozenset(plain(word).lstrip("وبلف") for word in cues().arabic_titles)


def _arabic_run(text: str, at: int) -> Span | None:
    """Return the known names that stand from `at` on, one after the other."""
    known, end, start, at_name, after_slave = names(), at, -1, False, False
    for _ in range(_MOST_WORDS + 2):
        found = _ARABIC_WORD.match(text, end + (text[end : end + 1] == " "))
        if found is None:
            break
        word = plain(found[0])
        part = word in _NAME_PARTS
        bare = without_article(word)
        listed = word in known.given or bare in known.given or bare in known.family
        if not (part or listed or after_slave):
            break
        at_name = at_name or listed or after_slave
        after_slave = word == "عبد"  # "the servant of": what follows is one of ninety-nine names
        start = start if start >= 0 else found.start()
        end = found.end()
    return Span(start, end) if at_name else None
