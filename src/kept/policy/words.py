"""Which words a stretch of text holds, and where."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

MAX_WORDS = 240
"""The longest stretch read as one. Sentences of real policies end before; a stretch
without an end is cut here, so that reading stays linear in the length of the text."""

EMAIL = "@email"
HIDDEN_EMAIL = "@hidden"
ADDRESS = "@url"
ADDRESSES = frozenset({EMAIL, HIDDEN_EMAIL, ADDRESS})
NUMBER = "#"
AGE = "#age"
"""A number that may be an age limit: "under 16", and neither "under 3.1" nor "under 30"."""
JOINED = "&"
FEMININE = "ة"
# Writers leave hamzas out and write the two ends of "ala" alike; Persian keyboards have
# letters of their own for two that are Arabic.
_ONE_FORM = str.maketrans("أإآٱىیک", "ااااييك")

_HIDDEN = r"\[?(?:email|e-mail)[ \u00a0]?(?:protected|redacted|hidden)\]"
_WORD = re.compile(
    rf"(?P<hidden>{_HIDDEN})"
    r"|(?P<email>[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24})"
    r"|(?P<url>(?:https?://|www\.)[^\s<>()\"\]]{1,600})"
    r"|(?P<number>\d{1,12}(?:[.,]\d{1,6}){0,3}%?)"
    r"|(?P<word>[^\W\d_]{1,80}(?:'[^\W\d_]{1,20})?|\w{1,80})"
    r"|(?P<mark>[,;:()/&?!])",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """One word: how it is compared, and where it stands in the view."""

    form: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one stretch of text.

    Attributes:
        words: In order; at most `MAX_WORDS`.
        marks: For each mark (``","`` and the like) the positions of the words that it
            stands before, as bits.
        others: For some positions, a form that the word is also read as.
    """

    words: tuple[Word, ...]
    marks: Mapping[str, int]
    others: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.words)


def read_words(
    text: str,
    start: int,
    end: int,
    contractions: Mapping[str, tuple[str, ...]],
    letters: Mapping[int, str] = MappingProxyType({}),
) -> Words:
    """Return the words of ``text[start:end]``, lower case, contractions undone.

    A hyphen parts two words, so that "third-party" is read as "third party". `letters`
    are compared as others: "é" as "e", where a language says so.
    """
    words: list[Word] = []
    marks: dict[str, int] = {}
    for _, mark, several in tokens(text, start, end, contractions, letters):
        if not several:
            marks[mark] = marks.get(mark, 0) | 1 << len(words)
        elif len(words) < MAX_WORDS:
            words.extend(several)
        else:
            break
    return Words(tuple(words), marks)


def tokens(
    text: str,
    start: int,
    end: int,
    contractions: Mapping[str, tuple[str, ...]],
    letters: Mapping[int, str],
) -> Iterator[tuple[int, str, tuple[Word, ...]]]:
    """Yield what ``text[start:end]`` is made of: a mark, or the words of one word as written.

    Yields:
        Where it starts; the mark, empty for words; the words, none for a mark.
    """
    for found in _WORD.finditer(text, start, end):
        kind = found.lastgroup
        if kind == "mark":
            yield found.start(), found[0], ()
            continue
        form = _form(kind, found[0])
        if letters:
            form = form.translate(letters)
        first, last = found.span()
        if "'" in form:
            yield first, "", tuple([Word(each, first, last) for each in _parts(form, contractions)])
        else:
            yield first, "", (Word(form, first, last),)


def joined(words: Words, joins: Callable[[str], bool]) -> Words:
    """Return `words` with a mark, ``"&"``, before each that begins with a conjunction."""
    places = sum(1 << place for place, word in enumerate(words.words) if joins(word.form))
    return Words(words.words, {**words.marks, JOINED: places}, words.others)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return `text` as words are compared: lower case, Arabic letters in one form each."""
    return text.lower() if text.isascii() else text.lower().translate(_ONE_FORM)


def bare(text: str) -> str:
    """Return `text` as a lexicon lists it: folded, one letter for two feminine endings."""
    return fold(text).replace(FEMININE, "ه")


def _form(kind: str | None, text: str) -> str:
    match kind:
        case "hidden":
            return HIDDEN_EMAIL
        case "email":
            return EMAIL
        case "url":
            return ADDRESS
        case _:
            return fold(text)


def _parts(form: str, contractions: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Undo ``don't``, ``we'll`` and ``customer's``."""
    whole = contractions.get(form)
    if whole is not None:
        return whole
    head, _, tail = form.partition("'")
    undone = contractions.get(f"'{tail}")
    if undone is None:
        return (head, tail)
    return (head, *undone)
