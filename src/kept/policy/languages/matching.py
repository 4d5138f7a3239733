"""Where the phrases of a pattern stand in a stretch of words.

Matching is done on all places of a stretch at once, with one bit for each place, so
that it takes time in proportion to the stretch and the phrase, whatever the input. Where
each choice of a lexicon stands is found first, for all its patterns together.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kept.policy.languages.pattern import Phrase, Step
from kept.policy.words import Words

_MARKS = frozenset(",;:()?&")
_NONE = -1


class Move(NamedTuple):
    """Steps of a pattern as they are taken: plain words in a row are one move.

    Attributes:
        words: Words that must stand one after the other; empty for all other moves.
        choice: The number of a set of phrases, or -1.
        optional: Whether the choice may be missing.
        gap: How many words of any kind may stand here.
        mark: A mark of punctuation, ``"^"``, ``"$"`` or ``"/"``.
    """

    words: tuple[str, ...] = ()
    choice: int = _NONE
    optional: bool = False
    gap: int = 0
    mark: str = ""


class Choices:
    """The sets of phrases of a lexicon, found in a stretch of words together."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[Phrase], int] = {}
        self._of_word: dict[str, array[int]] = {}
        self._of_pair: dict[str, dict[str, list[tuple[Phrase, array[int]]]]] = {}

    def moves(self, steps: Iterable[Step]) -> tuple[Move, ...]:
        """Return the moves in which `steps` are taken; their choices are found from now on."""
        moves: list[Move] = []
        for step in steps:
            if step.word and moves and moves[-1].words:
                moves[-1] = Move(words=(*moves[-1].words, step.word))
            elif step.word:
                moves.append(Move(words=(step.word,)))
            else:
                choice = self._number(step.phrases) if step.phrases else _NONE
                moves.append(Move((), choice, step.optional, step.gap, step.mark))
        return tuple(moves)

    def _number(self, phrases: frozenset[Phrase]) -> int:
        number = self._numbers.get(phrases)
        if number is None:
            number = self._numbers[phrases] = len(self._numbers)
            for phrase in sorted(phrases):
                self._add(phrase, number)
        return number

    def _add(self, phrase: Phrase, number: int) -> None:
        if len(phrase) == 1:
            self._of_word.setdefault(phrase[0], array("I")).append(number)
            return
        listed = self._of_pair.setdefault(phrase[0], {}).setdefault(phrase[1], [])
        for each, numbers in listed:
            if each == phrase:
                numbers.append(number)
                return
        listed.append((phrase, array("I", [number])))

    def stand(self, atoms: Mapping[str, int], places: Sequence[Sequence[str]]) -> "Standing":
        """Return where each choice stands in a stretch.

        Args:
            atoms: At which places each atom stands, as bits.
            places: The atoms of each place.
        """
        words: dict[int, int] = {}
        for atom, bit in atoms.items():
            for number in self._of_word.get(atom, ()):
                words[number] = words.get(number, 0) | bit
        longer: dict[int, dict[int, int]] = {}
        for phrase, numbers, bit in self._longer(atoms, places):
            for number in numbers:
                words.setdefault(number, 0)
                by_length = longer.setdefault(number, {})
                by_length[len(phrase)] = by_length.get(len(phrase), 0) | bit
        return Standing(words, longer)

    def _longer(
        self, atoms: Mapping[str, int], places: Sequence[Sequence[str]]
    ) -> Iterator[tuple[Phrase, Iterable[int], int]]:
        """Yield each phrase of several words, its choices and a place where it begins."""
        for at in range(len(places) - 1):
            for first in places[at]:
                seconds = self._of_pair.get(first)
                if seconds is None:
                    continue
                for second in places[at + 1]:
                    for phrase, numbers in seconds.get(second, ()):
                        rest = range(2, len(phrase))
                        if all(atoms.get(phrase[each], 0) >> at + each & 1 for each in rest):
                            yield phrase, numbers, 1 << at


class Standing(NamedTuple):
    """Where choices stand, by their numbers.

    Attributes:
        words: At which places one of their words stands, as bits: 0 for a choice of which
            only longer phrases stand.
        longer: For phrases of several words, at which places one begins, by its length.
    """

    words: dict[int, int]
    longer: dict[int, dict[int, int]]


class Places:
    """Where each atom and each choice of a lexicon stands in one stretch of words, as bits."""

    __slots__ = ("atoms", "choices", "count", "longer", "marks")

    def __init__(self, atoms: Mapping[str, int], standing: Standing, words: Words) -> None:
        self.atoms = atoms
        self.choices, self.longer = standing
        self.count = len(words)
        self.marks = words.marks

    def begins(self, move: Move) -> int:
        """Return the places at which a move can begin."""
        if move.words:
            return self.atoms.get(move.words[0], 0)
        if move.choice == _NONE or move.optional:
            return (1 << self.count) - 1
        places = self.choices.get(move.choice, 0)
        for starts in self.longer.get(move.choice, {}).values():
            places |= starts
        return places

    def run(self, moves: tuple[Move, ...], begin: int) -> int:
        """Return the places just after `moves`, from any of the places `begin`."""
        here = begin
        atoms = self.atoms
        for words, choice, optional, gap, mark in moves:
            if words:
                for word in words:
                    here = (here & atoms.get(word, 0)) << 1
            elif choice != _NONE:
                there = (here & self.choices.get(choice, 0)) << 1
                if choice in self.longer:
                    for length, starts in self.longer[choice].items():
                        there |= (here & starts) << length
                here = here | there if optional else there
            elif gap:
                for _ in range(gap):
                    here |= here << 1
                here &= (2 << self.count) - 1
            else:
                here &= self._at(mark)
            if not here:
                return 0
        return here

    def _at(self, mark: str) -> int:
        """Return the places before which a mark stands; an edge is one, a cut is anywhere."""
        if mark in _MARKS:
            return self.marks.get(mark, 0)
        if mark == "^":
            return 1
        return 1 << self.count if mark == "$" else _NONE


def bits(places: int) -> Iterator[int]:
    """Yield the places of `places`, first to last."""
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest
