"""Where free text has postal addresses: a word for streets with a house number beside it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from kept.inventory.classification.cues import cues
from kept.inventory.classification.span import Span
from kept.inventory.classification.text_shape import SHARP_S, Pair, every
from kept.inventory.classification.words import plain

# Three letters of words for streets that follow a number, as a shape has them.
_AFTER_NUMBER = re.compile(
    rb"0(?:,? | bis,? | ter,? )(?P<word>rue|av|bou|bd |pla|all|che|imp|qua|cou|rou|A[uvold])"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_REACH = 60
_STRASSE = "straße "
_ONLY_STREETS = frozenset({"rue", "avenue", "av", "boulevard", "bd", "impasse", "calle", "avenida"})
"""Words that mean streets and hardly anything else."""

# "221B", "12 bis", "7/9", before or after the name of a street.
_NUMBER = r"\d{1,5}(?:\s?[A-Da-d](?![^\W\d_])|[/-]\d{1,4}|\s(?:bis|ter|quater)(?![^\W\d_]))?"
_NUMBER_BEFORE = re.compile(
    rf"(?<![\w.,/+:-])(?P<all>{_NUMBER},? (?:[NSEWnsew]\.? )?(?:[^\W\d_][\w'’.-]*,? ){{0,3}})$"
)
_NUMBER_AT_ONCE = re.compile(rf"(?<![\w.,/+:-])(?P<all>{_NUMBER},? (?:[Bb]d |[Aa]v\.? )?)$")
_NUMBER_AFTER = re.compile(
    rf"(?:,? (?:n[°o.]{{1,2}} ?|no\.? ?|nr\.? ?)?|,\s?){_NUMBER}(?![\w.,:/%-]*\d)"
)
_NAME_OF_STREET = re.compile(
    r"(?:(?:de|du|des|de la|del|della|dos|da|do|d['’]|l['’]|la|le|les|el|los|las)\s?){0,2}"
    r"[^\W\d_][\w'’.-]*(?: (?:(?:de|du|des|la|le|et|y|e|del|della|dos|da|do) ){0,2}[A-Z\u00c0-\u00de][\w'’.-]*){0,3}"
)
# What goes on after a street: a floor, a postal code and a town, or a town alone.
_GOES_ON = re.compile(
    r"(?:,? (?:apt|apartment|suite|ste|unit|flat|floor|bat|bât|appt|app)\.? ?#?\w{1,5})?"
    r"(?:,?\s(?:[A-Z]{1,2}-)?\d{4,5}(?: ?[A-Z]{2})?(?:-\d{4})?,? [A-Z\u00c0-\u00de][\w'’-]+(?:[ -][A-Z\u00c0-\u00de][\w'’-]+){0,2}"
    r"|, [A-Z\u00c0-\u00de][\w'’-]+(?: [A-Z\u00c0-\u00de][\w'’-]+){0,2}(?:,? [A-Z]{2})?,? (?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}))?"
)


def streets(text: str, shape: bytes, pairs: Iterable[Pair]) -> Iterator[Span]:
    """Yield the postal addresses in `text`, in no order; they may overlap.

    A word for streets alone is no address: it has a house number beside it.

    Args:
        text: The text.
        shape: Its shape, as `shape_of` returns it.
        pairs: Its pairs of capitals, as `pairs_in` returns them.
    """
    first, last = cues().street_first, _lasts()
    for start, _, follows, word in pairs:
        if word in first or text[follows : follows + 2] in last:
            yield from _named_street(text, start, follows)
    for numbered in _AFTER_NUMBER.finditer(shape):
        kind = _WORD.match(text, numbered.start("word"))
        if kind is not None and plain(kind[0]).rstrip(".") in first:
            yield from _numbered(text, kind.start(), kind.end() + 1)
    for phrase in cues().streets:
        for at in every(shape, phrase.encode("latin-1")):
            yield from _street_at(text, at, at + len(phrase) - 1)
    for at in every(shape, SHARP_S):
        if text.startswith(_STRASSE, at - 4):
            yield from _street_at(text, at - 4, at + 3)


@cache
def _lasts() -> frozenset[str]:
    """Return the first two letters of words for streets that follow their name."""
    return frozenset(word[:2].title() for word in cues().street_last)


def _named_street(text: str, start: int, follows: int) -> Iterator[Span]:
    """Yield the address that two capitals are part of: "High Street", "Via Roma"."""
    first = _WORD.match(text, start)
    second = _WORD.match(text, follows)
    if first is None or second is None:
        return
    if plain(second[0]).rstrip(".") in cues().street_last:
        before = _NUMBER_BEFORE.search(text[max(0, start - _REACH) : start])
        if before is not None:
            yield _on(text, Span(start - len(before["all"]), second.end()))
    elif plain(first[0]).rstrip(".") in cues().street_first:
        yield from _numbered(text, start, first.end() + 1)


def _street_at(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the address around a word for streets: "12 rue des Lilas", "Hauptstraße 5"."""
    while start and (text[start - 1].isalpha() or text[start - 1] in "-’'"):
        start -= 1
    glued = plain(text[start:end]).strip(" .") not in cues().street_first
    after = _NUMBER_AFTER.match(text, end - 1)
    if glued and text[start].isupper() and after is not None:
        yield _on(text, Span(start, after.end()))
    elif not glued:
        yield from _numbered(text, start, end)


def _numbered(text: str, start: int, name: int) -> Iterator[Span]:
    """Yield a street whose word stands first, with its number before or after its name."""
    named = _NAME_OF_STREET.match(text, name)
    if named is None or not _names_a_street(plain(text[start : name - 1]), named[0]):
        return
    before = _NUMBER_AT_ONCE.search(text[max(0, start - _REACH) : start])
    after = _NUMBER_AFTER.match(text, named.end())
    if before is not None:
        yield _on(text, Span(start - len(before["all"]), named.end()))
    elif after is not None:
        yield _on(text, Span(start, after.end()))


def _names_a_street(word: str, name: str) -> bool:
    """Whether `name` is a street's: "des Lilas", "Mirabeau"; not the dance of "cours de danse"."""
    if any(map(str.isupper, name)):
        return True
    return word.rstrip(".") in _ONLY_STREETS and " " in name


def _on(text: str, street: Span) -> Span:
    following = _GOES_ON.match(text, street.end)
    return Span(street.start, following.end() if following else street.end)


@cache
def _arabic() -> tuple[re.Pattern[str], re.Pattern[str]]:
    near = "|".join(map(re.escape, cues().near_arabic_streets))
    return (
        re.compile(
            r"[\u0621-\u064a]+(?: (?!رقم)[\u0621-\u064a]+){0,2}(?:[،,]? ?(?:رقم )?[0-9]{1,4})?"
        ),
        re.compile(rf"[0-9٠-٩]|(?:{near})"),
    )


def arabic_streets(text: str) -> Iterator[Span]:
    """Yield the streets in Arabic script that a number or a word for living stands near."""
    for phrase in cues().arabic_streets:
        at = text.find(phrase)
        while at >= 0:
            name, near = _arabic()
            named = name.match(text, at + len(phrase))
            around = text[max(0, at - _REACH // 2) : at + _REACH]
            if named is not None and near.search(around) is not None:
                yield Span(at, named.end())
            at = text.find(phrase, at + 1)
