"""How a lexicon may be spelt, so that people can write it as their language is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What people read is left as it is, and so is what says how to spell.
_AS_WRITTEN = frozenset(
    {"note", "notes", "impossible", "contractions", "letters", "elided", "name", "speaker"}
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Letters that count as others, and short words that are joined to the next.

    Attributes:
        letters: What each letter is compared as, by code point.
        elided: Finds the apostrophe after a short word, or none where there are no such words.
    """

    letters: Mapping[int, str]
    elided: re.Pattern[str] | None = None

    def phrase(self, text: str) -> str:
        """Return a phrase as words of a text are compared.

        Examples:
            >>> spelling_of({"letters": {"é": "e", "è": "e"}, "elided": ["d"]}).phrase("d'accès")
            'd acces'
        """
        plain = text.lower().translate(self.letters) if self.letters else text
        return self.elided.sub(" ", plain) if self.elided else plain

    def table(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table of a lexicon with all its phrases, and the words that are keys."""
        return {
            key.translate(self.letters): value if key in _AS_WRITTEN else self._value(value)
            for key, value in table.items()
        }

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return self.phrase(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        return self.table(value) if isinstance(value, dict) else value


def spelling_of(words: Mapping[str, Any]) -> Spelling:
    """Return how a language is spelt, from its ``words.toml``."""
    letters = {
        ord(letter): plain
        for several, plain in words.get("letters", {}).items()
        for letter in several
    }
    elided = words.get("elided", ())
    before = "|".join(rf"(?<=\b{re.escape(each)})" for each in elided)
    return Spelling(letters, re.compile(rf"(?:{before})'(?=\w)") if elided else None)
