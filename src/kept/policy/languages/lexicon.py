"""Where the phrases of a whole lexicon stand in a stretch of words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kept.policy.languages.affixes import Affixes
from kept.policy.languages.pattern import Phrase, Places, Step, bits, parse
from kept.policy.words import NUMBER, Words

_MEMORY = 20_000
_MOST_FOUND = 2_000
Key = tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a set of phrases speaks for.

    Attributes:
        list: Which list of the lexicon it belongs to, for example ``"category"``.
        value: What it speaks for there.
        within: Categories of clauses in which it counts; empty for all.
        flags: What else is said of it, by names that its list gives a meaning.
        note: A sentence for people.
        number: Its place among the rules.
    """

    list: str
    value: str
    within: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    note: str = ""
    number: int = 0

    def counts_in(self, category: str) -> bool:
        """Return whether the rule counts in clauses of `category`."""
        return not self.within or category in self.within


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a lexicon.

    Attributes:
        rule: What it speaks for.
        weight: How loudly.
        steps: How it is found.
        number: Its place in the lexicon.
        needs: Sets of atoms of which one each must stand there, the rarest first.
    """

    rule: Rule
    weight: float
    steps: tuple[Step, ...]
    number: int
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that stands somewhere in a stretch of words."""

    entry: Entry
    places: Places

    @property
    def rule(self) -> Rule:
        """What the entry speaks for."""
        return self.entry.rule

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield `(first word, word after the last)`, the longest from each beginning."""
        steps = self.entry.steps
        for start in bits((1 << self.places.count) - 1):
            ends = self.places.run(steps, 1 << start)
            if ends:
                yield start, ends.bit_length() - 1

    def first(self) -> int:
        """Return the word at which it begins first."""
        return next(self.spans())[0]

    def cuts(self) -> Iterator[int]:
        """Yield the words before which the entry's ``/`` stands."""
        steps = self.entry.steps
        at = next(index for index, step in enumerate(steps) if step.mark == "/")
        before = self.places.run(steps[:at], (1 << self.places.count) - 1)
        for place in bits(before):
            if self.places.run(steps[at:], 1 << place):
                yield place


def _needs(steps: Sequence[Step], uses: Mapping[str, int]) -> tuple[frozenset[str], ...]:
    """Return the first atoms of each step that must stand, the step met least often first."""
    needed = [
        frozenset(step.choice.by_first)
        for step in steps
        if step.choice is not None and not step.optional
    ]
    return tuple(sorted(needed, key=lambda firsts: max(uses[first] for first in firsts)))


class Lexicon:
    """A set of phrases, compiled once, found in one pass over a stretch of words."""

    def __init__(
        self,
        phrases: Iterable[tuple[Rule, float, str]],
        groups: Mapping[str, frozenset[Phrase]],
        numbers: Collection[str] = (),
        affixes: Affixes | None = None,
    ) -> None:
        self._affixes = affixes
        self._numbers = frozenset(numbers)
        parsed = [(rule, weight, parse(text, groups)) for rule, weight, text in phrases]
        uses = Counter(
            phrase[0] for _, _, steps in parsed for step in steps for phrase in step.phrases
        )
        self.entries = tuple(
            Entry(rule, weight, steps, number, _needs(steps, uses))
            for number, (rule, weight, steps) in enumerate(parsed)
        )
        # What an entry needs beside the words that it is indexed by.
        self._more = tuple(entry.needs[1:] for entry in self.entries)
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._prefixes: dict[int, dict[str, str]] = defaultdict(dict)
        self._suffixes: dict[int, dict[str, str]] = defaultdict(dict)
        self._index: dict[str, list[Entry]] = defaultdict(list)
        self._known: dict[str, tuple[str, ...]] = {}
        self._found: dict[Key, tuple[Hit, ...]] = {}
        self._collect_atoms()
        self._build_index()

    def _collect_atoms(self) -> None:
        atoms = {
            atom
            for entry in self.entries
            for step in entry.steps
            for phrase in step.phrases
            for atom in phrase
        }
        for atom in sorted(atoms):
            if atom.endswith("*"):
                self._prefixes[len(atom) - 1][atom[:-1]] = atom
            elif atom.startswith("*"):
                self._suffixes[len(atom) - 1][atom[1:]] = atom
            else:
                self._exact[atom].append(atom)

    def _build_index(self) -> None:
        """Index each entry by the step whose words are met least often."""
        for entry in self.entries:
            for first in sorted(entry.needs[0]):
                self._index[first].append(entry)

    def find(self, words: Words) -> tuple[Hit, ...]:
        """Return the entries that stand in `words`, in the lexicon's order."""
        key = self.key(words)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            found = self._found[key] = self._find(words, key[0])
        return found

    def key(self, words: Words) -> Key:
        """Return all that matters of `words` here: a word that no phrase names is like another."""
        return tuple([self._atoms_of(word.form) for word in words.words]), tuple(
            words.marks.items()
        )

    def _find(self, words: Words, known: tuple[tuple[str, ...], ...]) -> tuple[Hit, ...]:
        atoms: dict[str, int] = {}
        for place, several in enumerate(known):
            bit = 1 << place
            for atom in several:
                atoms[atom] = atoms.get(atom, 0) | bit
        places = Places(atoms, words)
        # One place past the last word: an entry may begin with a mark that stands there.
        everywhere = (2 << len(words)) - 1
        candidates = {entry.number: entry for atom in atoms for entry in self._index.get(atom, ())}
        missing = atoms.keys().isdisjoint
        return tuple(
            Hit(entry, places)
            for _, entry in sorted(candidates.items())
            if not any(map(missing, self._more[entry.number]))
            and places.run(entry.steps, everywhere)
        )

    def _beginning(self, form: str) -> Iterator[str]:
        """Yield the atoms that a form of a word is, begins with or ends with."""
        yield from self._exact.get(form, ())
        for length, prefixes in self._prefixes.items():
            if len(form) >= length and form[:length] in prefixes:
                yield prefixes[form[:length]]
        for length, suffixes in self._suffixes.items():
            if len(form) > length and form[-length:] in suffixes:
                yield suffixes[form[-length:]]

    def _atoms_of(self, word: str) -> tuple[str, ...]:
        known = self._known.get(word)
        if known is None:
            forms = self._affixes.forms(word) if self._affixes else (word,)
            found = [atom for form in forms for atom in self._beginning(form)]
            if word[0].isdigit() or word in self._numbers:
                found.append(NUMBER)
            known = tuple(found)
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[word] = known
        return known
