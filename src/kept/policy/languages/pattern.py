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
``#age``      a whole number of which a policy may make an age limit
``,``         a comma stands here (also ``;`` ``:`` ``(`` ``)`` ``?``)
``&``         a particle that joins clauses is written with the next word
``^`` ``$``   the first word, the last word
``/``         where a clause may be cut
========== ======================================================================
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kept.policy.words import bare

DEFAULT_GAP = 5
_TOKEN = re.compile(
    r"\(([^()]*)\)(\?)?|\{(\w+)\}(\?)?|(\.\.\.)(\d*)|([,;:()?&^$/])(?= |$)|([^\s(){}]+)"
)
_ATOM = re.compile(r"[^\W_][\w']*\*?|\*[^\W_]+|\d+%|@\w+|#(?:age)?")
_OPTIONAL = "?"

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a pattern.

    Attributes:
        phrases: What may stand here; empty for a gap, a mark, an edge or a cut.
        optional: Whether it may be missing.
        gap: How many words of any kind may stand here.
        mark: A mark of punctuation, ``"^"``, ``"$"`` or ``"/"``.
    """

    phrases: frozenset[Phrase] = frozenset()
    optional: bool = False
    gap: int = 0
    mark: str = ""

    @property
    def word(self) -> str:
        """The only word that may stand here, and must; empty where there is none."""
        if self.optional or len(self.phrases) != 1:
            return ""
        (phrase,) = self.phrases
        return phrase[0] if len(phrase) == 1 else ""


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
    if not any(step.phrases and not step.optional for step in steps):
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
            yield Step(phrases_of(choice, groups), optional=bool(choice_optional))
        elif group is not None:
            if group not in groups:
                raise PatternSyntaxError(f"no group of words is called {group!r}: {text!r}")
            yield Step(groups[group], optional=bool(group_optional))
        elif gap is not None:
            yield Step(gap=int(width) if width else DEFAULT_GAP)
        elif mark is not None:
            yield Step(mark=mark)
        else:
            optional = len(word) > 1 and word.endswith(_OPTIONAL)
            bare = word.removesuffix(_OPTIONAL) if optional else word
            parts = _word_phrase(bare)
            if optional:
                yield Step(frozenset({parts}), optional=True)
            else:
                for part in parts:
                    yield Step(frozenset({(part,)}))
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
