"""What a company says of itself, in one language or in several."""

from dataclasses import dataclass

LANGUAGES = ("en", "fr", "ar")
"""In which a record of processing is written."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One statement, in the words of whoever wrote it.

    Attributes:
        texts: Each language with its text, in the order written; the language is empty
            where nobody said which it is.
    """

    texts: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts)

    def read_in(self, language: str) -> tuple[str, str]:
        """Return language and text, in `language` where it was written in it."""
        return next(
            (each for each in self.texts if each[0] == language),
            self.texts[0] if self.texts else ("", ""),
        )
