"""How a person is named to the stores, and when two spellings are one identifier."""

import re
import unicodedata
from dataclasses import dataclass, field

from kept.vocabulary.identifier_kind import IdentifierKind

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]")
# Nearly every value is plain ASCII, and a store has millions: one call instead of a loop.
_NO_DIGIT = {code: None for code in range(128) if not chr(code).isdigit()}
_NO_SIGN = {code: None for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier of a person.

    The value never shows in ``repr``: identifiers are personal data, and reprs end
    up in logs.

    Attributes:
        kind: What it is.
        value: As given.
    """

    kind: IdentifierKind
    value: str = field(repr=False)

    @property
    def normalised(self) -> str:
        """The form in which two spellings of one identifier are equal."""
        return normalise(self.kind, self.value)


def normalise(kind: IdentifierKind, value: str) -> str:
    """Return the form of `value` in which two spellings of one identifier are equal.

    Mail addresses and names lose case and outer space; telephone and national
    numbers keep digits only (and a leading plus). The part of a mail address before
    the at sign is compared without case although RFC 5321 allows otherwise: no
    provider that people use tells them apart, and a missed row is worse.

    Examples:
        >>> normalise(IdentifierKind.PHONE, "+49 (30) 123-456")
        '+4930123456'
        >>> normalise(IdentifierKind.EMAIL, " Ana@Example.COM ")
        'ana@example.com'
    """
    text = unicodedata.normalize("NFKC", value).strip()
    match kind:
        case IdentifierKind.PHONE:
            return _phone(text)
        case IdentifierKind.NATIONAL_ID:
            return _national(text)
        case IdentifierKind.ACCOUNT_ID | IdentifierKind.DEVICE_ID:
            return text
        case IdentifierKind.DATE_OF_BIRTH if _INSTANT.match(text):
            # Stores keep a birthday as an instant at midnight as often as as a date.
            return text[:10]
        case _:
            return " ".join(text.casefold().split())


def _phone(text: str) -> str:
    # Arabic-Indic digits are digits: a number typed on an Arabic keyboard is the same.
    digits = (
        text.translate(_NO_DIGIT)
        if text.isascii()
        else "".join(str(unicodedata.digit(each)) for each in text if each.isdigit())
    )
    if text.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _national(text: str) -> str:
    if text.isascii():
        return text.translate(_NO_SIGN).casefold()
    return "".join(
        str(unicodedata.digit(each)) if each.isdigit() else each.casefold()
        for each in text
        if each.isalnum()
    )
