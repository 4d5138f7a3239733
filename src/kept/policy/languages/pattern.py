"""How the phrases of a lexicon are written, and how they are found in words.

A phrase is written as it is read, one word after the other:

========== ======================================================================
``data``      this word
``collect*``  any word that begins so
``*ing``      any word that ends so
``a|b c``     inside parentheses, one of several phrases: ``(a|b c)``
``{we}``      a named group of phrases
``word?``     may be missing; groups and parentheses too: ``{may}?``
``...``       up to five words of any kind; ``...2`` up to two
``#``         a number
``,``         a comma stands here (also ``;`` ``:`` ``(`` ``)`` ``?``)
``&``         a particle that joins clauses is written with the next word
``^`` ``$``   the first word, the last word
``/``         where a clause may be cut
========== ======================================================================

Matching is done on all places of a stretch at once, with one bit for each place, so
that it takes time in proportion to the stretch and the phrase, whatever the input.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kept.policy.words import Words, bare

DEFAULT_GAP = 5
_TOKEN = re.compile(
    r"\(([^()]*)\)(\?)?|\{(\w+)\}(\?)?|(\.\.\.)(\d*)|([,;:()?&^$/])(?= |$)|([^\s(){}]+)"
)
_MARKS = frozenset(",;:()?&")
_ATOM = re.compile(r"[^\W_][\w']*\*?|\*[^\W_]+|\d+%|@\w+|#")
_OPTIONAL = "?"

Phrase = tuple[str, ...]


class Choice:
    """Phrases of which one must stand: one object for each set of phrases of a lexicon."""

    __slots__ = ("by_first", "longer", "phrases", "words")

    def __init__(self, phrases: frozenset[Phrase]) -> None:
        self.phrases = phrases
        self.by_first: dict[str, list[Phrase]] = {}
        for phrase in sorted(phrases):
            self.by_first.setdefault(phrase[0], []).append(phrase)
        # Most phrases are one word, and need no look at what follows it.
        self.words = {phrase[0] for phrase in phrases if len(phrase) == 1}
        self.longer = {
            first: longer
            for first, found in self.by_first.items()
            if (longer := [phrase for phrase in found if len(phrase) > 1])
        }


@cache
def _choice(phrases: frozenset[Phrase]) -> Choice:
    return Choice(phrases)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pattern.

    Attributes:
        choice: What may stand here; ``None`` for a gap, a mark, an edge or a cut.
        optional: Whether it may be missing.
        gap: How many words of any kind may stand here.
        mark: A mark of punctuation, ``"^"``, ``"$"`` or ``"/"``.
    """

    choice: Choice | None = None
    optional: bool = False
    gap: int = 0
    mark: str = ""

    @property
    def phrases(self) -> frozenset[Phrase]:
        """What may stand here, as phrases."""
        return self.choice.phrases if self.choice else frozenset()


class PatternSyntaxError(ValueError):
    """A phrase in a lexicon is not written as phrases are."""


@cache
def _word_phrase(text: str) -> Phrase:
    phrase = tuple(re.split(r"[\s\-]+", bare(text.strip())))
    if not all(_ATOM.fullmatch(atom) for atom in phrase):
        raise PatternSyntaxError(f"these are not words: {text!r}")
    return phrase


def parse(text: str, groups: Mapping[str, frozenset[Phrase]]) -> tuple[Step, ...]:
    """Return the steps of the phrase `text`.

    Raises:
        PatternSyntaxError: It names a group that is not there, or has no word.
    """
    steps = tuple(_steps(text, groups))
    if not any(step.choice and not step.optional for step in steps):
        raise PatternSyntaxError(f"a phrase needs at least one word that must stand: {text!r}")
    return steps


def _steps(text: str, groups: Mapping[str, frozenset[Phrase]]) -> Iterator[Step]:
    at = 0
    for found in _TOKEN.finditer(text):
        if text[at : found.start()].strip():
            raise PatternSyntaxError(f"cannot be read at {text[at:]!r}: {text!r}")
        at = found.end()
        choice, choice_optional, group, group_optional, gap, width, mark, word = found.groups()
        if choice is not None:
            yield Step(_choice(phrases_of(choice, groups)), optional=bool(choice_optional))
        elif group is not None:
            if group not in groups:
                raise PatternSyntaxError(f"no group of words is called {group!r}: {text!r}")
            yield Step(_choice(groups[group]), optional=bool(group_optional))
        elif gap is not None:
            yield Step(gap=int(width) if width else DEFAULT_GAP)
        elif mark is not None:
            yield Step(mark=mark)
        else:
            optional = len(word) > 1 and word.endswith(_OPTIONAL)
            bare = word.removesuffix(_OPTIONAL) if optional else word
            parts = _word_phrase(bare)
            if optional:
                yield Step(_choice(frozenset({parts})), optional=True)
            else:
                for part in parts:
                    yield Step(_choice(frozenset({(part,)})))
    if text[at:].strip():
        raise PatternSyntaxError(f"cannot be read at {text[at:]!r}: {text!r}")


def phrases_of(text: str, groups: Mapping[str, frozenset[Phrase]]) -> frozenset[Phrase]:
    """Return the phrases that ``a|b c|{group}`` stands for."""
    phrases: set[Phrase] = set()
    for part in text.split("|"):
        name = re.fullmatch(r"\s*\{(\w+)\}\s*", part)
        if name is None:
            phrases.add(_word_phrase(part))
        elif name[1] in groups:
            phrases |= groups[name[1]]
        else:
            raise PatternSyntaxError(f"no group of words is called {name[1]!r}: {text!r}")
    return frozenset(phrases)


class Places:
    """Where each atom of a lexicon stands in one stretch of words, as bits."""

    __slots__ = ("_starts", "atoms", "count", "marks")

    def __init__(self, atoms: Mapping[str, int], words: Words) -> None:
        self.atoms = atoms
        self.count = len(words)
        self.marks = words.marks
        self._starts: dict[int, tuple[tuple[int, int], ...]] = {}

    def starts(self, choice: Choice) -> tuple[tuple[int, int], ...]:
        """Return `(length, places where a phrase of that length begins)`."""
        # Choices are kept for as long as the program runs, so that their addresses name them.
        known = self._starts.get(id(choice))
        if known is None:
            by_length: dict[int, int] = {}
            atoms = self.atoms
            words = 0
            for first in choice.words & atoms.keys():
                words |= atoms[first]
            if words:
                by_length[1] = words
            if choice.longer:
                for first in choice.longer.keys() & atoms.keys():
                    for phrase in choice.longer[first]:
                        places = self._of(phrase)
                        if places:
                            by_length[len(phrase)] = by_length.get(len(phrase), 0) | places
            known = tuple(by_length.items())
            self._starts[id(choice)] = known
        return known

    def _of(self, phrase: Phrase) -> int:
        places = self.atoms[phrase[0]]
        for offset, atom in enumerate(phrase[1:], 1):
            if not places:
                break
            places &= self.atoms.get(atom, 0) >> offset
        return places

    def run(self, steps: tuple[Step, ...], begin: int) -> int:
        """Return the places just after `steps`, from any of the places `begin`."""
        here = begin
        limit = (2 << self.count) - 1
        for step in steps:
            if step.choice is not None:
                there = here if step.optional else 0
                for length, places in self.starts(step.choice):
                    there |= (here & places) << length
                here = there
            elif step.gap:
                for _ in range(step.gap):
                    here |= here << 1
                here &= limit
            elif step.mark in _MARKS:
                here &= self.marks.get(step.mark, 0)
            elif step.mark == "^":
                here &= 1
            elif step.mark == "$":
                here &= 1 << self.count
            if not here:
                return 0
        return here


def bits(places: int) -> Iterator[int]:
    """Yield the places of `places`, first to last."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest
