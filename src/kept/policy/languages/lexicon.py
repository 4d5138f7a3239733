"""Where the phrases of a whole lexicon stand in a stretch of words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kept.policy.languages.affixes import Affixes
from kept.policy.languages.matching import Choices, Move, Places, bits
from kept.policy.languages.pattern import Phrase, Step, parse
from kept.policy.words import AGE, NUMBER, Words

_MEMORY = 20_000
_MOST_FOUND = 2_000
_AGES = range(3, 26)
_AGE_DIGITS = 2
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
        phrase: How it is written in the lexicon.
        moves: How it is found.
        words: Atoms that must all stand there.
        choices: Numbers of choices that must all stand there.
    """

    rule: Rule
    weight: float
    phrase: str
    moves: tuple[Move, ...]
    words: frozenset[str]
    choices: frozenset[int]


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
        moves, run = self.entry.moves, self.places.run
        for start in bits(self.places.begins(moves[0])):
            ends = run(moves, 1 << start)
            if ends:
                yield start, ends.bit_length() - 1

    def first(self) -> int:
        """Return the word at which it begins first."""
        return next(self.spans())[0]

    def cuts(self) -> Iterator[int]:
        """Yield the words before which the entry's ``/`` stands."""
        moves, run = self.entry.moves, self.places.run
        at = next(index for index, move in enumerate(moves) if move.mark == "/")
        before = run(moves[:at], (1 << self.places.count) - 1)
        for place in bits(before):
            if run(moves[at:], 1 << place):
                yield place


def _is_age(word: str) -> bool:
    """Return whether a word is a number that may be an age limit: "16", and "16s"."""
    digits = word.removesuffix("s")
    return digits.isdecimal() and len(digits) <= _AGE_DIGITS and int(digits) in _AGES


Found = Mapping[str, tuple[Hit, ...]]
"""What stands in a stretch of words, by the list of the lexicon that it belongs to."""


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
        parsed = [(rule, weight, text, parse(text, groups)) for rule, weight, text in phrases]
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._prefixes: dict[int, dict[str, str]] = defaultdict(dict)
        self._suffixes: dict[int, dict[str, str]] = defaultdict(dict)
        self._collect_atoms(steps for *_, steps in parsed)
        self._choices = Choices()
        self.entries = tuple(self._entry(*each) for each in parsed)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_choice: dict[int, list[int]] = defaultdict(list)
        self._build_index([steps for *_, steps in parsed])
        self._known: dict[str, tuple[str, ...]] = {}
        self._found: dict[Key, Found] = {}

    def _entry(self, rule: Rule, weight: float, phrase: str, steps: Sequence[Step]) -> Entry:
        moves = self._choices.moves(steps)
        return Entry(
            rule,
            weight,
            phrase,
            moves,
            frozenset(word for move in moves for word in move.words),
            frozenset({move.choice for move in moves if move.choice >= 0 and not move.optional}),
        )

    def _collect_atoms(self, patterns: Iterable[Sequence[Step]]) -> None:
        atoms = {
            atom
            for steps in patterns
            for step in steps
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

    def _build_index(self, patterns: Sequence[Sequence[Step]]) -> None:
        """Index each entry by the step whose words are met least often."""
        uses = Counter(phrase[0] for steps in patterns for step in steps for phrase in step.phrases)
        for number, steps in enumerate(patterns):
            needed = [step for step in steps if step.phrases and not step.optional]
            rarest = min(needed, key=lambda step: max(uses[phrase[0]] for phrase in step.phrases))
            if rarest.word:
                self._by_word[rarest.word].append(number)
            else:
                (move,) = self._choices.moves([rarest])
                self._by_choice[move.choice].append(number)

    def find(self, words: Words) -> Found:
        """Return the entries that stand in `words`, by list, in the lexicon's order."""
        key = self.key(words)
        found = self._found.get(key)
        if found is None:
            by_list: dict[str, list[Hit]] = defaultdict(list)
            for hit in self._find(words, key[0]):
                by_list[hit.rule.list].append(hit)
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            found = self._found[key] = {list_: tuple(hits) for list_, hits in by_list.items()}
        return found

    def key(self, words: Words) -> Key:
        """Return all that matters of `words` here: a word that no phrase names is like another."""
        atoms = [self._atoms_of(word.form) for word in words.words]
        for place, other in words.others.items():
            atoms[place] += self._atoms_of(other)
        return tuple(atoms), tuple(words.marks.items())

    def _find(self, words: Words, known: tuple[tuple[str, ...], ...]) -> Iterator[Hit]:
        atoms: dict[str, int] = {}
        for place, several in enumerate(known):
            bit = 1 << place
            for atom in several:
                atoms[atom] = atoms.get(atom, 0) | bit
        places = Places(atoms, self._choices.stand(atoms, known), words)
        present, standing = atoms.keys(), places.choices.keys()
        candidates: list[int] = []
        for atom in self._by_word.keys() & present:
            candidates += self._by_word[atom]
        for choice in self._by_choice.keys() & standing:
            candidates += self._by_choice[choice]
        # One place past the last word: an entry may begin with a mark that stands there.
        everywhere = (2 << len(words)) - 1
        for number in sorted(candidates):
            entry = self.entries[number]
            if (
                entry.words <= present
                and standing >= entry.choices
                and places.run(entry.moves, everywhere)
            ):
                yield Hit(entry, places)

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
            if _is_age(word):
                found.append(AGE)
            known = tuple(found)
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[word] = known
        return known
