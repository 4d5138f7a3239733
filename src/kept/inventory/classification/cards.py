"""Where a text holds payment card numbers, judged by brand, length, grouping and check digit."""

import re
from collections.abc import Iterator

from kept.inventory.classification.span import Span

LUHN_CHANCE = 0.1
"""Share of random numbers whose last digit is a right Luhn digit."""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# First digits (from, to) and the lengths that the brand issues. Numbers of twelve
# and thirteen digits are read only where a word for cards stands before them: barcodes look the same.
_BRANDS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard
    (34, 34, frozenset({15})),  # American Express
    (37, 37, frozenset({15})),
    (6011, 6011, frozenset({16, 19})),  # Discover
    (644, 659, frozenset({16, 19})),
    (300, 305, frozenset({14, 16})),  # Diners
    (36, 36, frozenset({14, 16})),
    (38, 39, frozenset({14, 16})),
    (3528, 3589, frozenset({16, 19})),  # JCB
    (62, 62, frozenset({16, 17, 18, 19})),  # UnionPay
    (81, 82, frozenset({16})),  # RuPay
    (508, 508, frozenset({16})),
    (60, 60, frozenset({16})),
    (5018, 5038, frozenset({12, 13, 16, 18, 19})),  # Maestro
    (5893, 5893, frozenset({12, 13, 16, 18, 19})),
    (6304, 6304, frozenset({12, 13, 16, 18, 19})),
    (6759, 6763, frozenset({12, 13, 16, 18, 19})),
    (2200, 2204, frozenset({16, 19})),  # Mir
    (9792, 9792, frozenset({16})),  # Troy
    (2131, 2131, frozenset({15})),  # JCB, old
    (1800, 1800, frozenset({15})),
)
_PREFIXES: dict[str, frozenset[int]] = {}
for _low, _high, _lengths in _BRANDS:
    for _prefix in range(_low, _high + 1):
        _PREFIXES[str(_prefix)] = _PREFIXES.get(str(_prefix), frozenset()) | _lengths

_GROUPS = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (8, 8), (6, 10), (6, 13)})
_RUN = re.compile(
    r"(?<![\w.,/+&=%-])(?<!\d[ ])"  # starts where no other number or word goes on
    r"[0-9]{4,19}(?:[ \u00a0\u202f.-][0-9]{3,13}){0,4}"
    r"(?![\w%]|[.,/-][0-9])"
)
_AFTER_SIGN = re.compile(
    r"(?<=[=&/+#:-])[0-9]{4,19}(?:[ \u00a0\u202f.-][0-9]{3,13}){0,4}(?![\w%]|[.,/-][0-9])"
)
_LONG = re.compile(r"[0-9](?:[ \u00a0\u202f.-]?[0-9]){11}")
"""Twelve digits near each other: most texts have none."""
_CARD_WORD = re.compile(
    r"card|carte|karte|visa|master|maestro|amex|pan\b|cb\b|tarjeta|carta|بطاق|فيزا|ccn|cc[ _]?n",
    re.IGNORECASE,
)
_LOOK_BACK = 40
_LONGEST_BARCODE = 13


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit of `digits` (ASCII) is their right Luhn check digit.

    Source: ISO/IEC 7812-1 Annex B.

    Examples:
        >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
        (True, False)
    """
    numbers = [ord(digit) - 48 for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[each] for each in numbers[1::2])) % 10 == 0


def is_issued(digits: str) -> bool:
    """Return whether a brand issues numbers that start and are as long as `digits`."""
    length = len(digits)
    return any(length in _PREFIXES.get(digits[:size], ()) for size in (1, 2, 3, 4))


def is_card_number(text: str) -> bool:
    """Return whether all of `text` is a card number: brand, length, grouping and Luhn.

    Examples:
        >>> is_card_number("4111 1111-1111 1111"), is_card_number("4111 1111 1111 1111")
        (False, True)
    """
    found = next(card_numbers(text), None)
    return found is not None and found == Span(0, len(text))


def card_numbers(text: str) -> Iterator[Span]:
    """Yield where card numbers stand in `text`, in order.

    A card number has the first digits and the length of a brand, a right Luhn digit,
    digits that are not all the same, one kind of separator in the groups that cards
    are printed in, and it stands alone: it is no part of a longer number, of a word,
    a decimal or an order number with letters before it. Luhn holds for one random
    number in ten, so over a whole field compare the rate with that.

    Cost is linear in the text. Spans never overlap and carry no value.

    Examples:
        >>> list(card_numbers("paid with 4111 1111 1111 1111 on Monday"))
        [Span(start=10, end=29)]
    """
    if not _LONG.search(text):
        return
    found = {_card_in(text, run) for run in _RUN.finditer(text)}
    signed = (_card_in(text, run) for run in _AFTER_SIGN.finditer(text))
    found.update(each for each in signed if each and _has_card_word(text, each.start))
    yield from sorted(each for each in found if each is not None)


def _card_in(text: str, found: re.Match[str]) -> Span | None:
    """Return the card that `found` starts with: what follows it may be a date or a code."""
    groups = re.split(r"[^0-9]", found[0])
    separators = re.sub(r"[0-9]", "", found[0])
    for count in range(len(groups), 0, -1):
        digits = "".join(groups[:count])
        sizes = tuple(len(group) for group in groups[:count])
        if count > 1 and (sizes not in _GROUPS or len(set(separators[: count - 1])) > 1):
            continue
        if not is_issued(digits) or len(set(digits)) == 1 or not passes_luhn(digits):
            continue
        if len(digits) <= _LONGEST_BARCODE and not _has_card_word(text, found.start()):
            continue
        return Span(found.start(), found.start() + len(digits) + count - 1)
    return None


def _has_card_word(text: str, start: int) -> bool:
    return _CARD_WORD.search(text, max(0, start - _LOOK_BACK), start) is not None
