"""What a word is also read as, in whatever person those who speak and listen stand.

"Tu peux" says what "vous pouvez" says, and "on garde" what "nous gardons" says. A lexicon
is written for "nous" and "vous"; here the words of the other persons get the forms that it
knows, beside their own.

A subject before it tells the person of a verb, whatever follows, and the ending changes:
data can say so. In `voice` the beginning changes, and a verb is read so only beside certain
words on either side and not after others, with particles taken off first; one mechanism for
both would be the two of them behind one name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kept.policy.words import Words

_REACH = 4
_LEAST_STEM = 2


@dataclass(frozen=True, slots=True)
class Person:
    """How the verbs of one person become those of another.

    Attributes:
        subjects: The words after which such verbs stand.
        verbs: Verbs with a form of their own.
        endings: What the end of a verb becomes, the longest first.
    """

    subjects: frozenset[str]
    verbs: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]

    def other(self, form: str) -> str:
        """Return a verb in the other person, empty where it does not look like one."""
        known = self.verbs.get(form)
        if known is not None:
            return known
        for ending, becomes in self.endings:
            if form.endswith(ending) and len(form) - len(ending) >= _LEAST_STEM:
                return form[: -len(ending)] + becomes
        return ""


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of a language that are read as another.

    Attributes:
        words: Words with the word that they are also read as.
        between: Words that may stand between a subject and its verb.
        people: The persons.
        orders: Verbs that tell somebody to do something, at the beginning of a clause.
    """

    words: Mapping[str, str]
    between: frozenset[str]
    people: tuple[Person, ...]
    orders: Mapping[str, str]

    def read(self, words: Words) -> Words:
        """Return `words` with the forms that they are also read as."""
        others: dict[int, str] = {}
        forms = [word.form for word in words.words]
        opening = 1
        for mark in ",:?;":
            opening |= words.marks.get(mark, 0)
        for at, form in enumerate(forms):
            known = self.words.get(form)
            if known is not None:
                others.setdefault(at, known)
            if form in self.orders and opening >> at & 1:
                others[at] = self.orders[form]
            for person in self.people:
                if form in person.subjects:
                    self._verb(forms, at + 1, person, others)
        return Words(words.words, words.marks, others) if others else words

    def _verb(
        self, forms: Sequence[str], start: int, person: Person, others: dict[int, str]
    ) -> None:
        """Find the verb after a subject, and say what it is also read as."""
        for at in range(start, min(start + _REACH, len(forms))):
            if forms[at] in self.between:
                continue
            other = person.other(forms[at])
            if other:
                others.setdefault(at, other)
            return
