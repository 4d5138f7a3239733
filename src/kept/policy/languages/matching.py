"""Where the phrases of a pattern stand in a stretch of words.

Matching is done on all places of a stretch at once, with one bit for each place, so
that it takes time in proportion to the stretch and the phrase, whatever the input. Where
a choice of a lexicon stands is found once, for all its patterns together.
"""

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
    """The sets of phrases of a lexicon, each known by a number."""

    def __init__(self) -> None:
        self._numbers: dict[frozenset[Phrase], int] = {}
        self._words: list[frozenset[str]] = []
        self._longer: list[frozenset[Phrase]] = []
        self._of_pair: dict[str, dict[str, list[Phrase]]] = {}

    def moves(self, steps: Iterable[Step]) -> tuple[Move, ...]:
        """Return the moves in which `steps` are taken."""
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
            longer = frozenset(phrase for phrase in phrases if len(phrase) > 1)
            self._words.append(frozenset(phrase[0] for phrase in phrases - longer))
            self._longer.append(longer)
            for phrase in longer:
                known = self._of_pair.setdefault(phrase[0], {}).setdefault(phrase[1], [])
                if phrase not in known:
                    known.append(phrase)
        return number

    def longer(
        self, atoms: Mapping[str, int], places: Sequence[Sequence[str]]
    ) -> dict[Phrase, int]:
        """Return where each phrase of several words begins in a stretch, as bits.

        Args:
            atoms: At which places each atom stands, as bits.
            places: The atoms of each place.
        """
        found: dict[Phrase, int] = {}
        for at in range(len(places) - 1):
            for first in places[at]:
                seconds = self._of_pair.get(first)
                if seconds is None:
                    continue
                for second in places[at + 1]:
                    for phrase in seconds.get(second, ()):
                        rest = range(2, len(phrase))
                        if all(atoms.get(phrase[each], 0) >> at + each & 1 for each in rest):
                            found[phrase] = found.get(phrase, 0) | 1 << at
        return found

    def stand(
        self, number: int, atoms: Mapping[str, int], longer: Mapping[Phrase, int]
    ) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Return where a choice stands in a stretch.

        Returns:
            At which places one of its words stands, as bits; and for its phrases of several
            words that stand there, how long they are and at which places they begin.
        """
        places = 0
        for word in self._words[number].intersection(atoms):
            places |= atoms[word]
        own = self._longer[number]
        if not own or not longer:
            return places, ()
        return places, tuple((len(phrase), longer[phrase]) for phrase in own & longer.keys())


class Places:
    """Where each atom and each choice of a lexicon stands in one stretch of words, as bits."""

    __slots__ = ("_choices", "_longer", "_standing", "atoms", "count", "marks")

    def __init__(self, known: Sequence[Sequence[str]], choices: Choices, words: Words) -> None:
        self.atoms: dict[str, int] = {}
        for place, several in enumerate(known):
            bit = 1 << place
            for atom in several:
                self.atoms[atom] = self.atoms.get(atom, 0) | bit
        self.count = len(words)
        self.marks = words.marks
        self._choices = choices
        self._longer = choices.longer(self.atoms, known)
        self._standing: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}

    def _stand(self, choice: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """Return where a choice stands; few of them are ever asked for."""
        known = self._standing.get(choice)
        if known is None:
            known = self._choices.stand(choice, self.atoms, self._longer)
            self._standing[choice] = known
        return known

    def begins(self, move: Move) -> int:
        """Return the places at which a move can begin."""
        if move.words:
            return self.atoms.get(move.words[0], 0)
        if move.choice == _NONE or move.optional:
            return (1 << self.count) - 1
        places, longer = self._stand(move.choice)
        for _, starts in longer:
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
                places, longer = self._stand(choice)
                there = (here & places) << 1
                for length, starts in longer:
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
