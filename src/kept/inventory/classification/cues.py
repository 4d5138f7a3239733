"""Which words of a text say that a name or a street stands beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kept.inventory.classification.lexicon import listed, read_toml


@dataclass(frozen=True, slots=True)
class Cues:
    """What ``lexicon/cues.toml`` says, in plain form, and the phrases that are searched for.

    Attributes:
        titles: Before a name: ``"mrs"``.
        dotted: Titles that need their full stop: ``"m."``.
        greetings: Before a name that is spoken to.
        closings: The last word before a signature.
        labels: Before a colon and a name.
        particles: Small words inside a name: ``"van"``.
        nobody: Spoken to as names are, and no name.
        before: Before a name that is a street's or an institution's.
        after: After such a name.
        street_last: Words for streets that follow their name.
        street_first: Words for streets that stand before it.
        said: What somebody says before their own name, as the shape of a text has it.
        streets: Words that are written together with a street's name, likewise.
        arabic_streets: Words for streets in Arabic, as they stand in texts.
        near_arabic_streets: What stands near one that is somebody's address.
        arabic: Titles, greetings and labels in Arabic, the longest first.
        arabic_titles: The titles among them.
        arabic_nobody: Spoken to as names are, and no name.
    """

    titles: frozenset[str]
    dotted: frozenset[str]
    greetings: frozenset[str]
    closings: frozenset[str]
    labels: frozenset[str]
    particles: frozenset[str]
    nobody: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    street_last: frozenset[str]
    street_first: frozenset[str]
    said: tuple[str, ...]
    streets: tuple[str, ...]
    arabic_streets: tuple[str, ...]
    near_arabic_streets: tuple[str, ...]
    arabic: tuple[str, ...]
    arabic_titles: tuple[str, ...]
    arabic_nobody: frozenset[str]


@cache
def cues() -> Cues:
    """Return the cues, read once."""
    found = read_toml("cues.toml")
    spoken = (found["titles"], found["greetings"], found["closings"])
    return Cues(
        titles=_set(found["titles"]["latin"]),
        dotted=_set(found["titles"]["dotted"]),
        greetings=_set(found["greetings"]["latin"]),
        closings=_set(found["closings"]["latin"]),
        labels=_set(found["labels"]["latin"]),
        particles=_set(found["particles"]["latin"]),
        nobody=_set(found["nobody"]["latin"]),
        before=_set(found["nobody"]["before"]),
        after=_set(found["nobody"]["after"]),
        street_last=_set(found["streets"]["last"]),
        street_first=_set(found["streets"]["first"]),
        said=tuple(found["self"]["latin"]),
        streets=tuple(found["streets"]["latin"]),
        arabic_streets=tuple(found["streets"]["arabic"]),
        near_arabic_streets=_words([found["streets"]["near_arabic"]]),
        arabic_titles=_words([found["titles"]["arabic"]]),
        arabic_nobody=_set(found["nobody"]["arabic"]),
        arabic=_words(each["arabic"] for each in spoken),
    )


def _set(text: str) -> frozenset[str]:
    return frozenset(listed(text))


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words as they are written, the longest first."""
    found = {word.strip() for text in texts for word in text.split(",")}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))
