"""Where free text holds personal data that has a form: addresses, numbers, cards."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

from stdnum import iban

from kept.inventory.classification.cards import card_numbers
from kept.inventory.classification.contacts import is_phone_number
from kept.inventory.classification.devices import BIGGEST_IN_VERSIONS, PRIVATE_BLOCK
from kept.inventory.classification.national_ids import IdentityNumber, identity_numbers_known
from kept.vocabulary.data_category import DataCategory

_EMAIL = DataCategory.USER_CONTACT_EMAIL
_PHONE = DataCategory.USER_CONTACT_PHONE_NUMBER
_IP = DataCategory.USER_DEVICE_IP_ADDRESS
_CARD = DataCategory.USER_FINANCIAL_CREDIT_CARD
_ACCOUNT = DataCategory.USER_FINANCIAL_BANK_ACCOUNT


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One piece of personal data in a text, by position alone.

    Attributes:
        start: Offset of the first character, in code points.
        end: Offset after the last character.
        category: What it is.
    """

    start: int
    end: int
    category: DataCategory


_DIGITS_OF_OTHERS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

_TWO_DIGITS = re.compile(r"[0-9][0-9]")
_ALNUM = re.compile(r"[^\W_]+")
_LOCAL = re.compile(r"[\w.!#$%&'*+=?^`{|}~/-]{1,64}$")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_LOCAL_REACH = 64

# What can stand around digits in a number; the longest stretch is cut.
_STRETCH = re.compile(r"\+?\(?[0-9A-Za-z][0-9A-Za-z ()+./:\u00a0\u202f-]{4,60}")
_PHONE_SHAPE = re.compile(
    r"(?:\+|00)[1-9][0-9]{0,2}(?:[ .\-/]?\(?0?\)?[0-9]{1,5}\)?){1,6}"
    r"|\(0?[0-9]{2,5}\)[ .\-]?[0-9]{2,5}(?:[ .\-][0-9]{2,5}){1,3}"
    r"|0[0-9]{1,4}(?:[ .\-/][0-9]{2,8}){1,4}"
    r"|0[1-9][0-9]{8,9}"
    r"|[2-9][0-9]{2}[.\-][2-9][0-9]{2}[.\-][0-9]{4}"
    r"|[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}"
)
_DATE = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1(?:19|20)?[0-9]{2}(?![0-9])|(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\2[0-9]"
)
_PHONE_WORD = re.compile(
    r"(?:tel|phone|mobile|call|fax|whatsapp|portable|num|handy|telefon|rufnummer|movil|هاتف|جوال|رقم|اتصل|موبايل)[^0-9+]{0,25}$",
    re.IGNORECASE,
)
_REGIONS = (
    "US",
    "GB",
    "FR",
    "DE",
    "PK",
    "EG",
    "SA",
    "ES",
    "IN",
    "MA",
    "CA",
    "IT",
    "CH",
    "BE",
    "TN",
    "DZ",
    "AE",
)
_IBAN_SHAPE = re.compile(
    r"[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)(?![A-Za-z0-9])"
)
_V4 = re.compile(
    r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}(?![\w]|\.[0-9])"
)
_V6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{0,40}:)[0-9A-Fa-f:]{3,39}(?:[0-9.]{7,15})?(?![\w:])"
)
_VERSION_WORD = re.compile(
    r"(?:version|release|build|firmware|driver|ver|v)[ .:=]{0,3}$", re.IGNORECASE
)
_NUMBER_WORD = re.compile(
    r"(?:order|invoice|ticket|ref|reference|case|sku|serial|tracking|commande|facture|bestell\w*|rechnung\w*|طلب|فاتورة)(?:[ _-]?(?:no|nr|number|num|id|n°))?[ .:#=]{0,3}$",
    re.IGNORECASE,
)
_COLONS = 2
_PHONE_DIGITS = range(7, 16)
_WITH_COUNTRY = 9
_RARE, _BY_CHANCE = 4.0, 0.02
_BEFORE = 30


def find(text: str) -> Iterator[Found]:
    """Yield the personal data in `text` that has a form, in order and never overlapping.

    Mail and IP addresses, telephone numbers, payment cards, IBANs and identity numbers
    whose form is hardly anything else; all validated. Names and streets have no form
    and are not found. Digits of other scripts count as digits.

    Cost is linear in the text; pieces without an at sign, two digits or a colon are
    passed over at the speed of a search for them.

    Examples:
        >>> [(each.start, each.end) for each in find("write to ana@example.com, please")]
        [(9, 24)]
        >>> list(find("order 2023-000123 of version 1.2.3.4"))
        []
    """
    if not text.isascii():
        text = text.translate(_DIGITS_OF_OTHERS)
    found = [*_emails(text), *_sixes(text)]
    if _TWO_DIGITS.search(text):
        found += [Found(each.start, each.end, _CARD) for each in card_numbers(text)]
        found += _numbers(text, {(each.start, each.end) for each in found})
    yield from _apart(found)


_ORDER = {_EMAIL: 0, _CARD: 1, _ACCOUNT: 2, _IP: 4, _PHONE: 5}


def _apart(found: list[Found]) -> Iterator[Found]:
    """Yield what does not overlap; the surer kind wins, then the longer."""
    taken: list[Found] = []
    for each in sorted(found, key=lambda one: (_ORDER.get(one.category, 3), one.start - one.end)):
        if all(each.end <= other.start or each.start >= other.end for other in taken):
            taken.append(each)
    yield from sorted(taken)


def _emails(text: str) -> Iterator[Found]:
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(text, max(0, at - _LOCAL_REACH), at)
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            # A key before an equals sign is hardly ever part of the address.
            own = local[0].rpartition("=")[2].lstrip(".'`{|/&#*!?")
            start = at - len(own)
            if start < at and text[at - 1] != ".":
                yield Found(start, domain.end(), _EMAIL)
        at = text.find("@", at + 1)


def _sixes(text: str) -> Iterator[Found]:
    if text.count(":") < _COLONS:
        return
    for found in _V6.finditer(text):
        candidate = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        if candidate.count(":") < _COLONS or not any(map(str.isdigit, candidate)):
            continue
        try:
            ip_address(candidate)
        except ValueError:
            continue
        yield Found(found.start(), found.start() + len(candidate), _IP)


def _numbers(text: str, known: set[tuple[int, int]]) -> Iterator[Found]:
    """Yield what stands around each group of two digits, looking at each stretch once."""
    ends = sorted(known)
    at = 0
    while (digits := _TWO_DIGITS.search(text, at)) is not None:
        inside = next((end for start, end in ends if start <= digits.start() < end), None)
        if inside is not None:
            at = inside
            continue
        start = _begin(text, digits.start())
        best = _at(text, start)
        if best is None:
            at = _past(text, digits.end())
        else:
            yield best
            at = max(best.end, digits.end())


def _begin(text: str, at: int) -> int:
    """Return where the word that holds the digits at `at` begins."""
    start = at
    floor = max(0, at - 20)
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in "+("):
        start -= 1
    return start


def _past(text: str, at: int) -> int:
    """Return the end of the run of letters and digits at `at`."""
    found = _ALNUM.match(text, at)
    return found.end() if found else at


def _at(text: str, start: int) -> Found | None:
    before = text[max(0, start - _BEFORE) : start]
    if before.endswith(("-", "/", ".", "_", "#", "@", "=")) and before[-2:-1].isalnum():
        return None
    account = _IBAN_SHAPE.match(text, start)
    if account:
        for end in _word_ends(account):
            if iban.is_valid(text[start:end], check_country=False):
                return Found(start, end, _ACCOUNT)
    address = _V4.match(text, start)
    if address and not _VERSION_WORD.search(before) and _is_wide(address[0]):
        return Found(start, address.end(), _IP)
    identity = _identity(text, start)
    if identity:
        return identity
    phone = _PHONE_SHAPE.match(text, start)
    if (
        phone
        and not _NUMBER_WORD.search(before)
        and not text[phone.end() : phone.end() + 1].isalnum()
    ):
        return _phone(phone, before)
    return None


def _word_ends(found: re.Match[str]) -> Iterator[int]:
    """Yield ends of `found` from the longest back, word by word."""
    end = found.end()
    while end > found.start():
        yield end
        end = found.string.rfind(" ", found.start(), end)


def _is_wide(address: str) -> bool:
    """Whether the parts are as wide as addresses have them, and versions have not."""
    parts = [int(part) for part in address.split(".")]
    return max(parts) > BIGGEST_IN_VERSIONS or parts[0] == PRIVATE_BLOCK


def _phone(phone: re.Match[str], before: str) -> Found | None:
    if _DATE.match(phone[0]):
        return None
    digits = sum(each.isdigit() for each in phone[0])
    if digits not in _PHONE_DIGITS:
        return None
    worded = _PHONE_WORD.search(before) is not None
    if phone[0].startswith(("+", "00")) and digits >= _WITH_COUNTRY:
        if is_phone_number(phone[0]) or worded or phone[0].startswith("+"):
            return Found(phone.start(), phone.end(), _PHONE)
        return None
    if worded or is_phone_number(phone[0], _REGIONS):
        return Found(phone.start(), phone.end(), _PHONE)
    return None


@cache
def _telling() -> tuple[tuple[re.Pattern[str], IdentityNumber], ...]:
    return tuple(
        (re.compile(rf"(?:{each.source})(?![\w-]|\.[0-9])", re.ASCII), each)
        for each in identity_numbers_known()
        if each.rare >= _RARE or (each.rare >= 1 and each.chance <= _BY_CHANCE)
    )


@cache
def _any_telling() -> re.Pattern[str]:
    """All of them at once: nearly no place in a text fits any."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _telling()), re.ASCII)


def _identity(text: str, start: int) -> Found | None:
    if not _any_telling().match(text, start):
        return None
    for pattern, kind in _telling():
        found = pattern.match(text, start)
        if found and kind.is_valid(found[0]):
            return Found(start, found.end(), kind.category)
    return None
