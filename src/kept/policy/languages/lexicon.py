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
_DEMANDS = 3
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
    """

    rule: Rule
    weight: float
    phrase: str
    moves: tuple[Move, ...]


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


class Found(dict[str, tuple[Hit, ...]]):
    """What stands in a stretch of words, by the list of the lexicon that it belongs to.

    Of all that may stand there, what is on a list is looked for when the list is asked for.
    """

    __slots__ = ("_candidates", "_lexicon", "_places")

    def __init__(self, lexicon: "Lexicon", candidates: int, places: Places) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._candidates = candidates
        self._places = places

    def __missing__(self, list_: str) -> tuple[Hit, ...]:
        """Look for what is on a list."""
        entries, places = self._lexicon.entries, self._places
        # One place past the last word: an entry may begin with a mark that stands there.
        everywhere = (2 << places.count) - 1
        found = self[list_] = tuple(
            Hit(entries[number], places)
            for number in bits(self._candidates & self._lexicon.on_list.get(list_, 0))
            if places.run(entries[number].moves, everywhere)
        )
        return found


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
        self.entries = tuple(
            Entry(rule, weight, text, self._choices.moves(steps))
            for rule, weight, text, steps in parsed
        )
        self.on_list: dict[str, int] = defaultdict(int)
        for number, entry in enumerate(self.entries):
            self.on_list[entry.rule.list] |= 1 << number
        self._begun_by: dict[str, list[list[int]]] = defaultdict(list)
        self._undemanding = [0] * _DEMANDS
        self._build_index([steps for *_, steps in parsed])
        self._demanded: dict[str, tuple[int, ...]] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        self._found: dict[Key, Found] = {}

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
        """Index each entry by the steps that must stand, that met least often first."""
        uses = Counter(phrase[0] for steps in patterns for step in steps for phrase in step.phrases)
        rarity: dict[frozenset[Phrase], int] = {}
        asking: dict[frozenset[Phrase], list[int]] = defaultdict(lambda: [0] * _DEMANDS)
        for number, steps in enumerate(patterns):
            needed = dict.fromkeys(
                step.phrases for step in steps if step.phrases and not step.optional
            )
            for each in needed.keys() - rarity.keys():
                rarity[each] = max(uses[phrase[0]] for phrase in each)
            rarest = sorted(needed, key=rarity.__getitem__)
            for demand in range(_DEMANDS):
                if demand < len(rarest):
                    asking[rarest[demand]][demand] |= 1 << number
                else:
                    self._undemanding[demand] |= 1 << number
        for phrases, demands in asking.items():
            for first in {phrase[0] for phrase in phrases}:
                self._begun_by[first].append(demands)

    def _demands_of(self, atom: str) -> tuple[int, ...]:
        """Return which entries an atom helps to stand, for each of their first demands."""
        known = self._demanded.get(atom)
        if known is None:
            helped = [0] * _DEMANDS
            for demands in self._begun_by.get(atom, ()):
                helped = [one | other for one, other in zip(helped, demands, strict=True)]
            known = self._demanded[atom] = tuple(helped)
        return known

    def find(self, words: Words) -> Found:
        """Return the entries that stand in `words`, by list, each in the lexicon's order."""
        key = self.key(words)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            found = self._found[key] = self._find(words, key[0])
        return found

    def key(self, words: Words) -> Key:
        """Return all that matters of `words` here: a word that no phrase names is like another."""
        atoms = [self._atoms_of(word.form) for word in words.words]
        for place, other in words.others.items():
            atoms[place] += self._atoms_of(other)
        return tuple(atoms), tuple(words.marks.items())

    def _find(self, words: Words, known: tuple[tuple[str, ...], ...]) -> Found:
        places = Places(known, self._choices, words)
        one, other, third = self._undemanding
        for atom in places.atoms:
            first, second, last = self._demands_of(atom)
            one |= first
            other |= second
            third |= last
        return Found(self, one & other & third, places)

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
