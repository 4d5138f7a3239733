"""What a language must provide so that policies in it can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kept.policy.languages.affixes import Affixes
from kept.policy.languages.lexicon import Found, Hit, Lexicon
from kept.policy.languages.persons import Persons
from kept.policy.languages.speaker import Speaker, names_in, spoken
from kept.policy.languages.voice import Voice
from kept.policy.likelihood import Taught
from kept.policy.taken_apart import TakenApart
from kept.policy.words import Words, joined, read_words

_MOST_SPANS = 40_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of words and what the lexicon knows of it.

    Attributes:
        words: Its words.
        start: Where it begins in the view.
        end: Where it ends.
        hits: What was found, by list.
    """

    words: Words
    start: int
    end: int
    hits: Found

    def of(self, list_: str, category: str = "") -> Iterator[Hit]:
        """Yield what was found of a list, as far as it counts in `category`."""
        for hit in self.hits[list_]:
            if not category or hit.rule.counts_in(category):
                yield hit

    def has(self, list_: str, value: str) -> bool:
        """Return whether `value` of a list was found."""
        for hit in self.hits[list_]:  # noqa: SIM110 - asked so often that `any` is felt
            if hit.entry.rule.value == value:
                return True
        return False

    def does(self, role: str) -> bool:
        """Return whether the stretch plays `role`."""
        return self.has("role", role)


@dataclass(slots=True)
class _Span:
    """A stretch of the text that is being read: its words, and its reading once asked for."""

    words: Words
    reading: Reading | None = None


_Spans = dict[tuple[int, int], _Span]


@dataclass(frozen=True, slots=True)
class Dates:
    """How a language writes numbers, periods and dates.

    Attributes:
        numbers: Numbers written as words.
        units: Words for units, and the unit that `Period` knows.
        months: Names of months.
        fillers: Words that may stand between a number and its unit.
        before: Words before a number that make it a time to act in.
        pairs: Words that are a number and a unit in one, and the period they name.
        hijri: Names of months of the Islamic calendar, where texts are dated by it.
        day_first: Whether "01.09.2025" is always the first of September.
        joins: Words between the words of one number; empty where numbers are listed whole.
    """

    numbers: Mapping[str, int]
    units: Mapping[str, str]
    months: Mapping[str, int]
    fillers: frozenset[str]
    before: frozenset[str]
    pairs: Mapping[str, str] = field(default_factory=dict)
    hijri: Mapping[str, int] = field(default_factory=dict)
    day_first: bool = False
    joins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which policies are read: data alone, from its folder.

    Attributes:
        tag: BCP 47 tag.
        lexicon: Every phrase of every list.
        contractions: What short forms stand for.
        abbreviations: Words after which a full stop ends no sentence.
        chrome: Lines that belong to a page and not to a policy.
        precedence: How much a category outweighs others in the same words.
        sticky: How much longer the heading of a category holds than others.
        kind_order: Which kind decides first.
        kind_default: The kind of a clause of which no phrase says one.
        duty_always: Duties that every clause of a category creates.
        duty_fallback: Duties of a clause of which no phrase names one.
        right_of_duty: Which right a duty answers.
        notes: Sentences for findings.
        dates: How numbers and dates are written.
        trim_start: Words at the beginning that are no part of a clause, longest first.
        trim_end: Words at the end that are no part of a clause.
        affixes: Particles that are written with the words they belong to, if any.
        voice: How verbs of a third person are told to be the writer's own, if they differ.
        inline_headings: Whether headings stand in one line with the text under them.
        letters: Letters that are compared as others, by code point.
        speaker: How a company speaks of itself by its name, if the language says so.
        persons: Persons that are read as another, if any.
        taught: What annotated policies in it taught, if any.
    """

    tag: str
    lexicon: Lexicon
    contractions: Mapping[str, tuple[str, ...]]
    abbreviations: frozenset[str]
    chrome: tuple[tuple[str, ...], ...]
    precedence: Mapping[str, float]
    sticky: Mapping[str, float]
    kind_order: tuple[str, ...]
    kind_default: Mapping[str, str]
    duty_always: Mapping[str, tuple[str, ...]]
    duty_fallback: Mapping[str, tuple[str, ...]]
    right_of_duty: Mapping[str, str]
    notes: Mapping[str, str]
    dates: Dates
    trim_start: tuple[tuple[str, ...], ...]
    trim_end: tuple[tuple[str, ...], ...]
    affixes: Affixes | None = None
    voice: Voice | None = None
    inline_headings: bool = False
    letters: Mapping[int, str] = field(default_factory=dict)
    persons: Persons | None = None
    speaker: Speaker | None = None
    taught: Taught | None = None
    _recent: dict[str, _Spans] = field(default_factory=dict, repr=False, compare=False)
    _apart: dict[str, TakenApart] = field(default_factory=dict, repr=False, compare=False)
    _called: dict[str, tuple[tuple[str, ...], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _chrome_from: dict[str, list[tuple[str, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _trims_from: dict[str, list[tuple[str, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Index what is looked up at every line and clause by its first word."""
        for line in self.chrome:
            self._chrome_from.setdefault(line[0], []).append(line)
        for opening in self.trim_start:
            self._trims_from.setdefault(opening[0], []).append(opening)

    def words(self, text: str, start: int, end: int) -> Words:
        """Return the words of ``text[start:end]`` alone."""
        return self._span(text, start, end).words

    def read(self, text: str, start: int, end: int) -> Reading:
        """Return the words of ``text[start:end]`` and what the lexicon knows of them."""
        span = self._span(text, start, end)
        if span.reading is None:
            span.reading = Reading(span.words, start, end, self.lexicon.find(span.words))
        return span.reading

    def _span(self, text: str, start: int, end: int) -> _Span:
        """Return a stretch of the text that is being read; it is taken apart once.

        Labels, lead-ins and sentences are looked at from many sides. Only the last text is
        remembered; two readers at the same time only forget more often.
        """
        known = self._recent.get(text)
        if known is None:
            known = {}
            self._recent.clear()
            self._recent[text] = known
            self._called.clear()
        span = known.get((start, end))
        if span is None:
            if len(known) >= _MOST_SPANS:
                known.clear()
            words = self._understood(self._taken_apart(text).words(start, end), text)
            span = known[start, end] = _Span(words)
        return span

    def read_alone(self, text: str) -> Reading:
        """Return what the lexicon knows of a quotation; the text that is being read stays."""
        words = read_words(text, 0, len(text), self.contractions, self.letters)
        words = self._understood(words, "")
        return Reading(words, 0, len(text), self.lexicon.find(words))

    def _understood(self, words: Words, text: str) -> Words:
        """Return the words of a stretch of `text` as what they stand for."""
        if self.affixes is not None:
            words = joined(words, self.affixes.joins)
        if text and self.speaker is not None and (names := self._calls_itself(text, self.speaker)):
            words = spoken(words, text, names, self.speaker)
        if self.persons is not None:
            words = self.persons.read(words)
        if self.voice is not None and self.affixes is not None:
            words = self.voice.heard(words, self.affixes)
        return words

    def _taken_apart(self, text: str) -> TakenApart:
        taken = self._apart.get(text)
        if taken is None:
            self._apart.clear()
            taken = self._apart[text] = TakenApart(text, self.contractions, self.letters)
        return taken

    def _calls_itself(self, text: str, speaker: Speaker) -> tuple[tuple[str, ...], ...]:
        """Return the names by which the text that is being read calls its writer."""
        names = self._called.get(text)
        if names is None:
            names = self._called[text] = names_in(text, speaker)
        return names

    def opening(self, forms: tuple[str, ...], at: int) -> int:
        """Return how many words at a place are no part of the clause that they open."""
        for opening in self._trims_from.get(forms[at], ()):
            if forms[at : at + len(opening)] == opening:
                return len(opening)
        return 0

    def is_chrome(self, words: Words) -> bool:
        """Return whether a whole line belongs to the page and not to the policy."""
        forms = tuple(word.form for word in words.words)
        return any(
            forms[: len(line) - 1] == line[:-1] if line[-1] == "*" else forms == line
            for line in self._chrome_from.get(forms[0] if forms else "", ())
        )
