"""Which verbs of a text are said of the one who wrote it.

"We collect", "the company collects" and "data is collected" promise the same. In Arabic they
are one word with another first letter: "نجمع", "تجمع", "يجمع". A lexicon lists the first of
them; here is told where another stands for it: beside the name of who writes, or beside the
thing that something is done to. "When you send" has the same letters as "the company sends",
so that a verb after "when", "that" or "which" is left as it is.

`persons` reads verbs of another person by the subject before them and their ending; here
there may be no subject, and what stands around the verb on both sides tells whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kept.policy.languages.affixes import Affixes
from kept.policy.words import Word, Words

_REACH = 2
_LEAST = 4
_MEMORY = 20_000


@dataclass(frozen=True, slots=True)
class Voice:
    """How verbs of a third person are told to be the writer's own.

    Attributes:
        first: The letter with which a verb of the first person begins.
        third: The letters with which one of the third begins.
        future: A letter that may stand before it.
        beside: Words that name who writes, or what something is done to.
        between: Words that may stand between the two.
        not_after: Words after which the verb may be the reader's.
        not_before: Words for the writer to whom something is done.
        not_ending: Endings of verbs that somebody else does to the writer.
        spoken: Words of a region or of spoken language, and those that all read for them.
        denial: A word that denies where a verb of the writer follows it at the beginning.
        denies: The written word that says so.
        relative: Endings that make the same word a pronoun: "what we collect".
    """

    first: str
    third: tuple[str, ...]
    future: str
    beside: frozenset[str]
    between: frozenset[str]
    not_after: frozenset[str]
    not_before: frozenset[str]
    not_ending: tuple[str, ...]
    spoken: Mapping[str, str] = field(default_factory=dict)
    denial: str = ""
    denies: str = ""
    relative: tuple[str, ...] = ()
    _known: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def own(self, word: str, affixes: Affixes) -> str:
        """Return a verb of the third person in the first, or empty if it is no such verb."""
        bare = word[1:] if word.startswith(affixes.conjunctions) else word
        bare = bare[1:] if bare.startswith(self.future) else bare
        verb = bare.startswith(self.third) and len(bare) >= _LEAST
        return self.first + bare[1:] if verb and not bare.endswith(self.not_ending) else ""

    def heard(self, words: Words, affixes: Affixes) -> Words:
        """Return `words` with the form of the first person of each verb that is the writer's."""
        forms = words.words
        others: dict[int, str] = {}
        for at, word in enumerate(forms):
            plain = self._written(words, at, affixes)
            if plain:
                others[at] = plain
                continue
            own = self.own(word.form, affixes)
            before = affixes.forms(forms[at - 1].form) if at and own else ()
            if not own or not self.not_after.isdisjoint(before):
                continue
            ahead = forms[at + 1 : at + 1 + _REACH]
            if ahead and ahead[0].form in self.not_before:
                continue
            behind = tuple(reversed(forms[max(0, at - _REACH) : at]))
            # "Data that you give" is one word after another too: its pronoun tells.
            behind = () if own.endswith(self.relative) else behind
            if self._beside(ahead, affixes) or self._beside(behind, affixes):
                others[at] = own
        return Words(forms, words.marks, {**words.others, **others}) if others else words

    def _written(self, words: Words, at: int, affixes: Affixes) -> str:
        """Return the written word for one of spoken language, or empty."""
        form = words.words[at].form
        written = self._known.get(form)
        if written is None:
            forms = affixes.forms(form)
            written = next((self.spoken[each] for each in forms if each in self.spoken), "")
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[form] = written
        if written:
            return written
        bare = form[1:] if form.startswith(affixes.conjunctions) else form
        if self.denial not in {form, bare} or at + 1 == len(words):
            return ""
        # "We do not collect it" and "what we collect" begin alike; only the first begins a clause.
        begins = at == 0 or any(words.marks.get(mark, 0) >> at & 1 for mark in (",", ":", "&", "("))
        following = words.words[at + 1].form
        verb = following.startswith((self.first, *self.third))
        own = verb and len(following) >= _LEAST and not following.endswith(self.relative)
        return self.denies if begins and own else ""

    def _beside(self, words: tuple[Word, ...], affixes: Affixes) -> bool:
        """Return whether the nearest word, after those that may stand between, is such a name."""
        for word in words:
            forms = affixes.forms(word.form)
            if not self.beside.isdisjoint(forms):
                return True
            if self.between.isdisjoint(forms):
                return False
        return False
