"""Which words a name or a value is made of, in a form where spellings agree."""

import re
import unicodedata
from functools import lru_cache

_ARABIC_SPELLINGS = str.maketrans("أإآٱىةؤئ", "اااايهوي", "\u0640")  # tatweel goes
_UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
)
# Combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic script.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc]+"
)
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\W\d_A-Z])")
_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_WITH_ARTICLE = 5
LONGEST_NAME = 200
"""Characters of a field's or a table's name that are read; longer ones are cut."""


def plain(text: str) -> str:
    """Return `text` in lower case without accents; line breaks stay where they were.

    Arabic loses its vowel signs and the spellings of alef, yeh and teh marbuta that
    people mix.

    Examples:
        >>> plain("Straße in MÜNCHEN")
        'strasse in munchen'
        >>> plain("أحمد") == plain("احمد")
        True
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    kept = _MARKS.sub("", apart)
    return unicodedata.normalize("NFC", kept.translate(_ARABIC_SPELLINGS))


@lru_cache(maxsize=100_000)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, whichever way it joins them.

    Examples:
        >>> words_of("BillingPostalCode"), words_of("date_de_naissance"), words_of("IPAddress2")
        (('billing', 'postal', 'code'), ('date', 'de', 'naissance'), ('ip', 'address', '2'))
    """
    spaced = _HUMP.sub(" ", unicodedata.normalize("NFC", name[:LONGEST_NAME]))
    spaced = _DIGITS.sub(" ", plain(spaced))
    return tuple(without_article(word) for word in _WORD.findall(spaced))


def without_article(word: str) -> str:
    """Return an Arabic word without its article, which names take or leave."""
    return word[2:] if word.startswith("ال") and len(word) >= _SHORTEST_WITH_ARTICLE else word
