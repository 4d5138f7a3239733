"""Words on a page that may be in another language than the page."""

from dataclasses import dataclass

from django.utils import translation

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def direction(language: str) -> str:
    """Return which way a language is written: ``"ltr"`` or ``"rtl"``."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Text:
    """A fragment in a language.

    Attributes:
        value: The words.
        language: BCP 47 tag of the language they are in.
    """

    value: str
    language: str

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction(self.language)

    @property
    def foreign(self) -> bool:
        """Whether it is in another language than the page it stands on."""
        return self.language != str(translation.get_language())

    def __bool__(self) -> bool:
        return bool(self.value)


def fragment(words: str, language: str = "en") -> Text:
    """Return `words`, which are in `language` and are not translated."""
    return Text(words, language)
