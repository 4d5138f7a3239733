"""Checks of identity numbers that python-stdnum does not have: Arab states and a few others."""

import re
from datetime import date

from kept.inventory.classification.cards import passes_luhn

_NINO = re.compile(r"(?![DFIQUV])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]")
_EGYPT_GOVERNORATES = frozenset([1, 2, 3, 4, *range(11, 20), *range(21, 30), *range(31, 36), 88])
_SAUDI_LENGTH, _KUWAIT_LENGTH, _EGYPT_LENGTH, _EMIRATES_LENGTH = 10, 12, 14, 15


def gb_nino(number: str) -> bool:
    """Return whether `number` is a United Kingdom national insurance number.

    Source: HMRC National Insurance Manual NIM39110.

    Examples:
        >>> gb_nino("AB 12 34 56 C"), gb_nino("BG123456A")
        (True, False)
    """
    return _NINO.fullmatch(_compact(number).upper()) is not None


def eg_national(number: str) -> bool:
    """Return whether `number` is an Egyptian national number: century, birth date, governorate.

    The rule of its last digit is not published; it is not checked.

    Examples:
        >>> eg_national("29001011234567"), eg_national("29013011234567")
        (True, False)
    """
    digits = _compact(number)
    if len(digits) != _EGYPT_LENGTH or digits[0] not in "23":
        return False
    century = 1900 if digits[0] == "2" else 2000
    born = _is_date(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))
    return born and int(digits[7:9]) in _EGYPT_GOVERNORATES


def sa_identity(number: str) -> bool:
    """Return whether `number` is a Saudi identity (1…) or residence (2…) number: Luhn holds."""
    digits = _compact(number)
    return len(digits) == _SAUDI_LENGTH and digits[0] in "12" and passes_luhn(digits)


def ae_identity(number: str) -> bool:
    """Return whether `number` is an Emirates ID: 784, a birth year, seven digits, Luhn holds."""
    digits = _compact(number)
    return len(digits) == _EMIRATES_LENGTH and digits.startswith("784") and passes_luhn(digits)


def kw_civil(number: str) -> bool:
    """Return whether `number` is a Kuwaiti civil number: century, birth date, check digit."""
    digits = _compact(number)
    if len(digits) != _KUWAIT_LENGTH or digits[0] not in "23":
        return False
    year = (1900 if digits[0] == "2" else 2000) + int(digits[1:3])
    weighted = zip((2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), digits, strict=False)
    check = 11 - sum(weight * int(digit) for weight, digit in weighted) % 11
    return _is_date(year, int(digits[3:5]), int(digits[5:7])) and check == int(digits[11])


def ru_snils(number: str) -> bool:
    """Return whether `number` is a Russian pension insurance number.

    Examples:
        >>> ru_snils("112-233-445 95"), ru_snils("112-233-445 96")
        (True, False)
    """
    digits = _compact(number)
    total = sum(
        int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True)
    )
    return total % 101 % 100 == int(digits[9:])


def sg_nric(number: str) -> bool:
    """Return whether `number` is a Singaporean NRIC or FIN.

    Examples:
        >>> sg_nric("S1234567D"), sg_nric("S1234567E")
        (True, False)
    """
    text = _compact(number).upper()
    weights = (2, 7, 6, 5, 4, 3, 2)
    total = sum(w * int(digit) for w, digit in zip(weights, text[1:8], strict=True))
    match text[0]:
        case "S" | "T":
            return "JZIHGFEDCBA"[(total + 4 * (text[0] == "T")) % 11] == text[8]
        case "F" | "G":
            return "XWUTRQPNMLK"[(total + 4 * (text[0] == "G")) % 11] == text[8]
        case _:
            return "KLJNPQRTUWX"[10 - (total + 3) % 11] == text[8]


def de_pension(number: str) -> bool:
    """Return whether `number` is a German pension insurance number.

    Source: VKVV § 4.

    Examples:
        >>> de_pension("65 170839 J 003"), de_pension("65 170839 J 004")
        (True, False)
    """
    text = _compact(number).upper()
    digits = f"{text[:8]}{ord(text[8]) - 64:02d}{text[9:11]}"
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    products = (int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(text[11])


def _compact(number: str) -> str:
    return re.sub(r"[ -]", "", number)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
