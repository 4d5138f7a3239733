"""Where a text may hold a payment card's number, and what speaks for and against it.

A number is a *candidate* when its length and its first digits are those of a card brand
and it stands alone. Whether it also passes the check digit tells cards from other numbers
only in the mass (`kept.checks.chance`): one number in ten passes by accident.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from kept.inventory.classification.cards import is_issued, passes_luhn

_SEPARATORS = r"[ \t\r\n\u00a0\u2000-\u200b\u2028\u202f\u3000.\-\u2010\u2011\u2012\u2013_/]"
QUICK = re.compile(rf"\d(?:{_SEPARATORS}{{0,3}}+\d){{12}}")
"""Finds out fast that a text holds no thirteen digits in a row, gaps of separators allowed."""

_RUN = re.compile(rf"\d(?:{_SEPARATORS}{{0,3}}+\d){{12,}}")
_GROUP = re.compile(r"\d+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\+[tnr]|&nbsp;|&#(?:160|32|x[aA]0|x20);|%20|%09")
ESCAPING = ("\\", "&", "%", "[")
"""Signs without which a text is what its reader sees."""

_LIST = re.compile(r"\[\s*([\"']?)\d{4}\1(?:\s*,\s*\1\d{3,7}\1){2,4}\s*\]")
_GROUPED: frozenset[tuple[int, ...]] = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8), (6, 10), (4, 4, 5)}
)
_FIRST = frozenset(each[0] for each in _GROUPED)
_LENGTHS = range(13, 20)

_USUAL = frozenset({15, 16})
"""Lengths that count by themselves; numbers of 13, 14, 17, 18 and 19 digits are more often
something else (barcodes, company numbers, tracking) and need a word or grouping besides."""

_FOR = (
    r"cards?|visa|master ?card|maestro|amex|american express|credit|debit|cvv2?|cvc2?|"
    r"carte|bancaire|(?:kredit|bank)?karte\w*|tarjeta|carta|بطاقة|البطاقة|ccnum|cc|pan|"
    r"expir\w*|exp|valid (?:until|thru)|good until"
)
_AGAINST = (
    r"orders?|tracking|parcel|shipment|shipping|waybill|awb|invoices?|ref|reference|tickets?|case|"
    r"imei|iccid|serial|sn|iban|account|acct|siret|siren|transaction|txn|ids?|uuid|barcode|ean|"
    r"isbn|gtin|commande|facture|suivi|colis|dossier|bestell\w*|auftrag\w*|rechnung\w*|"
    r"sendung\w*|tel|phone|fax|mobile|msisdn|whatsapp|timestamp|coupon|voucher|policy|"
    r"طلب|الطلب|فاتورة|رقم التتبع"
)
_FILLED = r"(?:[\s:#=\"'()\-]|\b(?:number|no|nr|num|n°|code|is|was|the|رقم)\b\.?)*"
_SPEAKS = re.compile(rf"(?<!\w)(?:(?P<for>{_FOR})|(?P<against>{_AGAINST}))(?!\w)", re.IGNORECASE)
_SPEAKS_FOR = re.compile(rf"(?<!\w)(?:{_FOR})(?!\w)", re.IGNORECASE)
# "Order no. 4111…" names the number; "my order failed, use 4111…" does not.
_NAMES_OTHER = re.compile(rf"(?<!\w)(?:{_AGAINST})(?!\w){_FILLED}$", re.IGNORECASE)
_GLUED = re.compile(r"[^\W\d_]+$")
_LETTERS = re.compile(r"[^\W\d_]{0,12}(?!\w)")
_EXPIRY = re.compile(r"(?<!\d)(?:0[1-9]|1[0-2])\s?[/\-]\s?(?:20)?\d{2}(?!\d)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")
_BEFORE, _AFTER = 40, 30


class Lean(StrEnum):
    """What the words around a number say of it."""

    CARD = "card"
    NOTHING = "nothing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number that has the shape of a card's.

    Attributes:
        digits: Its digits; never leaves the run of a check.
        passes: Whether its check digit is right.
        grouped: Whether it is written in the groups that cards are written in.
        whole: Whether the text holds nothing else.
        lean: What the words around it, or the name of the field, say.
    """

    digits: str
    passes: bool
    grouped: bool
    whole: bool
    lean: Lean

    def __repr__(self) -> str:
        return f"Candidate(passes={self.passes}, grouped={self.grouped}, lean={self.lean})"


def lean_of_name(name: str) -> Lean:
    """Return what the name of a field says of the numbers in it.

    Examples:
        >>> lean_of_name("cardNumber"), lean_of_name("order_number"), lean_of_name("note")
        (<Lean.CARD: 'card'>, <Lean.OTHER: 'other'>, <Lean.NOTHING: 'nothing'>)
    """
    words = [each for each in _CAMEL.split(name) if each]
    found = [_SPEAKS.fullmatch(each) for each in words]
    if any(each is not None and each["for"] for each in found):
        return Lean.CARD
    if any(each is not None for each in found):
        return Lean.OTHER
    return Lean.NOTHING


def candidates(text: str, *, name: Lean = Lean.NOTHING) -> Iterator[Candidate]:
    """Yield the numbers in `text` that have the shape of a card's, and stand alone.

    Args:
        text: One cell.
        name: What the name of its field says, for numbers that are the whole cell.
    """
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        yield from _in_run(text, groups, name)


def unescaped(text: str) -> str:
    r"""Return `text` as its reader sees it: escapes undone, lists of digit groups in one row.

    Examples:
        >>> unescaped(r'{"n": "4111\u00201111"}'), unescaped('["4111", "1111", "1111", "1111"]')
        ('{"n": "4111 1111"}', '[4111 1111 1111 1111]')
    """
    if any(sign in text for sign in ESCAPING[:3]):
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    if "[" in text:
        text = _LIST.sub(lambda found: f"[{' '.join(_GROUP.findall(found[0]))}]", text)
    return text


def whole_number(digits: str, *, name: Lean) -> Candidate | None:
    """Return the candidate that a cell is which holds `digits` alone, or ``None``."""
    kind = _kind(digits)
    if kind is None or (kind is _Kind.RARE and name is not Lean.CARD):
        return None
    return Candidate(digits, passes_luhn(digits), grouped=False, whole=True, lean=name)


class _Kind(StrEnum):
    USUAL = "usual"
    RARE = "rare"


def _in_run(text: str, groups: Sequence[re.Match[str]], name: Lean) -> Iterator[Candidate]:
    at = 0
    while at < len(groups):
        size = _size_at(text, groups, at)
        window = groups[at : at + size]
        found = _candidate(text, window, name) if size else None
        # Four groups out of a longer row of such groups are a bank account's more often.
        if found is not None and (found.lean is Lean.CARD or not _crowded(text, groups, at, size)):
            yield found
            at += size
        else:
            at += 1


def _size_at(text: str, groups: Sequence[re.Match[str]], at: int) -> int:
    """Return how many groups from `at` on look like one number: 0 where none do."""
    if len(groups[at][0]) not in _FIRST:
        return 1 if len(groups[at][0]) in _LENGTHS else 0
    for size in (5, 4, 3, 2):
        window = groups[at : at + size]
        if tuple(len(each[0]) for each in window) in _GROUPED and (
            len({_gap(text, *pair) for pair in pairwise(window)}) == 1
        ):
            return len(window)
    return 0


def _crowded(text: str, groups: Sequence[re.Match[str]], at: int, size: int) -> bool:
    """Return whether a group of the same size stands beside the window in the same way."""
    if size < 2:  # noqa: PLR2004 - one group has no gap to compare
        return False
    first, second, last = groups[at], groups[at + 1], groups[at + size - 1]
    gap = _gap(text, first, second)
    before = groups[at - 1] if at else None
    after = groups[at + size] if at + size < len(groups) else None
    return any(
        beside is not None and len(beside[0]) == len(edge[0]) and _gap(text, *pair) == gap
        for beside, edge, pair in ((before, first, (before, first)), (after, last, (last, after)))
    )


def _candidate(text: str, window: Sequence[re.Match[str]], name: Lean) -> Candidate | None:
    start, end = window[0].start(), window[-1].end()
    digits = _ascii("".join(each[0] for each in window))
    kind = _kind(digits)
    if kind is None or not _stands_alone(text, start, end, name):
        return None
    grouped = len(window) > 1
    whole = start == 0 and end == len(text)
    lean = name if whole else _lean(text, start, end)
    if kind is _Kind.RARE and not grouped and lean is not Lean.CARD:
        return None
    return Candidate(digits, passes_luhn(digits), grouped=grouped, whole=whole, lean=lean)


def _kind(digits: str) -> _Kind | None:
    if len(set(digits)) == 1 or not is_issued(digits):
        return None
    return _Kind.USUAL if len(digits) in _USUAL else _Kind.RARE


def _stands_alone(text: str, start: int, end: int, name: Lean) -> bool:
    """Return whether nothing is glued to the number that makes it part of something longer.

    Letters make it part of a code, unless a word for cards is among them or names them.
    """
    after = text[end : end + 2]
    if after[:1].isalnum():
        return _named_in_letters(text, start, end, name)
    if after[:1] in {".", ","} and after[1:].isdigit():
        return False
    before = text[max(0, start - 2) : start]
    if before[-1:] in {".", ","} and before[:1].isdigit():
        return False
    return not before[-1:].isalnum() or _named_in_letters(text, start, end, name)


def _named_in_letters(text: str, start: int, end: int, name: Lean) -> bool:
    """Return whether the letters around a number are alone with it, and it is said to be a card's."""
    around = text[max(0, start - _BEFORE) : start]
    before, after = _GLUED.search(around), _LETTERS.match(text, end)
    outside = start - (len(before[0]) if before else 0) - 1
    if after is None or (outside >= 0 and (text[outside].isalnum() or text[outside] == "_")):
        return False
    spoken = _SPEAKS.fullmatch(before[0]) if before else None
    if spoken is not None:
        return spoken["for"] is not None
    near = around[: before.start()] if before else around
    if _NAMES_OTHER.search(near):
        return False
    return name is Lean.CARD or _SPEAKS_FOR.search(near) is not None


def _lean(text: str, start: int, end: int) -> Lean:
    """Return what the words around a number say: what names it directly, else what is near."""
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    if _NAMES_OTHER.search(before):
        return Lean.OTHER
    glued = _GLUED.search(before)
    if glued or _SPEAKS_FOR.search(before) or _SPEAKS_FOR.search(after) or _EXPIRY.search(after):
        return Lean.CARD
    return Lean.NOTHING


def _gap(text: str, first: re.Match[str] | None, second: re.Match[str] | None) -> str | None:
    return text[first.end() : second.start()] if first and second else None


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(int(each)) for each in digits)
