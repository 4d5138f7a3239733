"""What each sentence of a policy says, as far as law makes policies say it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kept.policy.disclosing.signals import Signals
from kept.policy.languages.language import Language
from kept.policy.outline import Place
from kept.policy.sentences import split_sentences
from kept.policy.structure import Part
from kept.policy.words import EMAIL, HIDDEN_EMAIL
from kept.promises.promise import Promise

_EMAIL, _HIDDEN = "has-email", "has-hidden-email"


@dataclass(frozen=True, slots=True)
class Placed:
    """A promise and where it stands in the view."""

    promise: Promise
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, heading or line.

    Attributes:
        says: Signals that its own words give.
        around: Signals of its headings and its lead-in.
        promises: What was read in it.
        heading: Whether it is a heading.
    """

    says: frozenset[str]
    around: frozenset[str]
    promises: tuple[Promise, ...]
    heading: bool = False


def statements(
    text: str,
    places: Sequence[Place],
    wanted: Sequence[bool],
    language: Language,
    known: Signals,
    promises: Sequence[Placed],
) -> Iterator[Statement]:
    """Yield what the `wanted` blocks say, in order; `promises` stand in the view's order."""
    said_by: dict[int, frozenset[str]] = {}
    queue = sorted(promises, key=lambda each: (each.start, each.end))
    at = 0
    for index, place in enumerate(places):
        if not wanted[index]:
            continue
        block = place.block
        above = [*place.headings, *(() if place.lead is None else (place.lead,))]
        around = frozenset[str]().union(*(said_by.get(each, frozenset()) for each in above))
        for start, end in split_sentences(text, block.start, block.end, language.abbreviations):
            says = _says(text, start, end, language, known)
            while at < len(queue) and queue[at].end <= start:
                at += 1
            inside = tuple(_inside(queue, at, start, end))
            said_by[index] = said_by.get(index, frozenset()) | says
            yield Statement(says, around, inside, block.part is Part.HEADING)


def _says(text: str, start: int, end: int, language: Language, known: Signals) -> frozenset[str]:
    words = language.words(text, start, end)
    said = known.of(words)
    forms = {word.form for word in words.words if word.form[0] == "@"}
    if EMAIL in forms:
        said |= {_EMAIL}
    return said | {_HIDDEN} if HIDDEN_EMAIL in forms else said


def _inside(queue: Sequence[Placed], at: int, start: int, end: int) -> Iterator[Promise]:
    for index in range(at, len(queue)):
        placed = queue[index]
        if placed.start >= end:
            return
        if placed.end > start:
            yield placed.promise
