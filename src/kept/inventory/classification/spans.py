"""Where free text holds personal data: addresses, numbers, cards, names of people."""

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
from kept.inventory.classification.span_names import arabic_names, latin_names
from kept.inventory.classification.span_streets import arabic_streets, streets
from kept.inventory.classification.text_shape import LONG_NUMBER, beyond_latin, pairs_in, shape_of
from kept.vocabulary.data_category import DataCategory

_EMAIL = DataCategory.USER_CONTACT_EMAIL
_PHONE = DataCategory.USER_CONTACT_PHONE_NUMBER
_IP = DataCategory.USER_DEVICE_IP_ADDRESS
_CARD = DataCategory.USER_FINANCIAL_CREDIT_CARD
_ACCOUNT = DataCategory.USER_FINANCIAL_BANK_ACCOUNT
_NAME = DataCategory.USER_NAME
_STREET = DataCategory.USER_CONTACT_ADDRESS_STREET


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


_OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_DIGITS_OF_OTHERS = str.maketrans(_OTHER_DIGITS, "01234567890123456789")

_TWO_DIGITS = re.compile(r"[0-9][0-9]")
_DIGIT = re.compile(r"[0-9]")
_MOMENT = re.compile(
    r"(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?![0-9:])"
)
_WORD_END = re.compile(r"(?:(?:[+(]+[0-9]|(?<![\w.,-])1)[ .\-/()]{1,2})?[+(]*[^\W_]*[+(]*$")
"""The word that ends here, with a country's code of one digit before it."""
_JOINTS = frozenset(" .-/)")
_GOES_ON = ("-", "/", ".", "_", "#", "@", "=")
_ALNUM = re.compile(r"[^\W_]+")
_LOCAL_BACKWARDS = re.compile(r"[\w.!#$%&'*+=?^`{|}~/-]{1,64}")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_LOCAL_REACH = 64

# What can stand around digits in a number; the longest stretch is cut.
_STRETCH = re.compile(r"\+?\(?[0-9A-Za-z][0-9A-Za-z ()+./:\u2010-\u2013\u00a0\u202f-]{4,60}")
_APART = r"[ ./\u2010-\u2013\u00a0\u202f-]"
_WIDE_APART = r"(?: ?[./\u2010-\u2013-] ?|[ \u00a0\u202f])"
"""After the code of an area or a country there can be more: "030 / 231 25", "06 12 34"."""

_PHONE_SHAPE = re.compile(
    rf"(?:(?:\+|00)[1-9][0-9]{{0,2}}(?:{_WIDE_APART}?\(?0?\)?[0-9]{{1,5}}\)?){{1,6}}"
    rf"|\([0-9]{{2,5}}\){_WIDE_APART}?{_WIDE_APART}?[0-9]{{2,8}}(?:{_APART}[0-9]{{2,5}}){{0,3}}"
    rf"|0[0-9]{{1,4}}{_WIDE_APART}[0-9]{{2,8}}(?:{_APART}[0-9]{{2,8}}){{0,3}}"
    r"|0[1-9][0-9]{8,9}"
    r"|(?:1[ .\-])?[2-9][0-9]{2}[.\-][2-9][0-9]{2}[.\-][0-9]{4}"
    r"|[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}"
    r"|(?P<bare>[1-9][0-9]{6,10}))"
    r"(?: ?(?:x|ext\.? ?|poste )[0-9]{1,6})?(?![^\W_])"
)
_EXTENSION = re.compile(r" ?(?:x|ext|poste).*$")
_DATE = re.compile(
    r"[0-9]{1,2} ?([./-]) ?[0-9]{1,2} ?\1 ?(?:19|20)?[0-9]{2}(?![0-9])|(?:19|20)[0-9]{2}([./-])[0-9]{1,2}\2[0-9]"
)
_PHONE_WORD = re.compile(
    r"(?:tel|phone|mobile|call|fax|whatsapp|portable|handy|rufnummer|movil|هاتف|جوال|اتصل|موبايل|تليفون)[^0-9+]{0,25}$",
    re.IGNORECASE,
)
_REGIONS = ("US", "GB", "FR", "DE", "PK", "EG", "SA", "ES", "IN", "MA", "IT", "CH", "TN", "AE")
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
_TWO_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_OF_V6 = frozenset("0123456789abcdefABCDEF:")
_LONGEST_GROUP = 40
_PHONE_DIGITS = range(7, 16)
_WITH_COUNTRY = 9
_RARE, _BY_CHANCE = 4.0, 0.02
_BEFORE = 30


def find(text: str, *, surely: bool = False) -> Iterator[Found]:
    """Yield the personal data in `text`, in order and never overlapping.

    Mail and IP addresses, telephone numbers, payment cards, IBANs and identity numbers
    whose form is hardly anything else, all validated; streets with a house number; and
    names of people: those that a title, a greeting, a label or a signature leads to, and
    known given names before known family names. Digits of other scripts count as digits.

    Cost is linear in the text; pieces without an at sign, two digits, a colon or a
    capital are passed over at the speed of a search for them.

    Args:
        text: The text.
        surely: Leave out names that no word beside them says to be names: "Victor Hugo"
            may be a prize's.

    Examples:
        >>> [(each.start, each.end) for each in find("write to ana@example.com, please")]
        [(9, 24)]
        >>> list(find("order 2023-000123 of version 1.2.3.4"))
        []
    """
    shape = shape_of(text)
    foreign = beyond_latin(text, shape)
    if foreign and any(map(text.__contains__, _OTHER_DIGITS)):
        text = text.translate(_DIGITS_OF_OTHERS)
        shape = shape_of(text)
    pairs = pairs_in(text, shape)
    found = [*_emails(text), *_sixes(text)]
    if _TWO_DIGITS.search(text):
        found += _numbers(text, shape, found)
    roads = list(arabic_streets(text)) if foreign else []
    if _DIGIT.search(text):
        roads += streets(text, shape, pairs)
    found += [Found(each.start, each.end, _STREET) for each in roads]
    named = [*latin_names(text, shape, pairs), *(arabic_names(text) if foreign else ())]
    found += [
        Found(each.span.start, each.span.end, _NAME) for each in named if each.cued or not surely
    ]
    yield from _apart(found)


_ORDER = {_EMAIL: 0, _CARD: 1, _ACCOUNT: 2, _IP: 4, _PHONE: 5, _STREET: 6, _NAME: 7}


def _apart(found: list[Found]) -> Iterator[Found]:
    """Yield what does not overlap; of two that do, the surer kind wins, then the longer."""
    kept: list[Found] = []
    for each in sorted(found):
        while kept and kept[-1].end > each.start and _sureness(each) < _sureness(kept[-1]):
            kept.pop()
        if not kept or kept[-1].end <= each.start:
            kept.append(each)
    yield from kept


def _sureness(found: Found) -> tuple[int, int]:
    return _ORDER.get(found.category, 3), found.start - found.end


def _emails(text: str) -> Iterator[Found]:
    at = text.find("@")
    while at >= 0:
        local = _LOCAL_BACKWARDS.match(text[max(0, at - _LOCAL_REACH) : at][::-1])
        domain = _DOMAIN.match(text, at + 1)
        if local and domain:
            # A key before an equals sign is hardly ever part of the address.
            own = local[0][::-1].rpartition("=")[2].lstrip(".'`{|/&#*!?")
            start = at - len(own)
            if start < at and text[at - 1] != ".":
                yield Found(start, domain.end(), _EMAIL)
        at = text.find("@", at + 1)


def _sixes(text: str) -> Iterator[Found]:
    at = 0
    while (near := _TWO_COLONS.search(text, at)) is not None:
        start, at = near.start(), near.end()
        while start and near.start() - start < _LONGEST_GROUP and text[start - 1] in _OF_V6:
            start -= 1
        found = _V6.match(text, start)
        if found is None:
            continue
        at = max(at, found.end())
        candidate = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        if candidate.count(":") < _COLONS or not any(map(str.isdigit, candidate)):
            continue
        try:
            ip_address(candidate)
        except ValueError:
            continue
        yield Found(found.start(), found.start() + len(candidate), _IP)


class _Hits:
    """Where something that has a form can stand: looked for in the shape of the text."""

    # Five digits near each other, or what an IBAN in groups, an Italian and an Indian
    # number begin with: nothing that has a form has less.
    _PATTERNS = (
        re.compile(rb"0(?:[ ().\-/\xa0]{0,4}0){4}"),
        re.compile(rb"AA00 [A0]{4}|AAAAA(?:A00A00A|0000A)"),
    )

    def __init__(self, shape: bytes) -> None:
        self._shape = shape
        self._ahead = [-1] * len(self._PATTERNS)

    def next(self, at: int) -> int:
        """Return the first place from `at` on, -1 where there is none."""
        nearest = -1
        for which, pattern in enumerate(self._PATTERNS):
            known = self._ahead[which]
            if known < at:
                found = pattern.search(self._shape, at)
                known = found.start() if found else len(self._shape)
                self._ahead[which] = known
            if known < len(self._shape) and (nearest < 0 or known < nearest):
                nearest = known
        return nearest


def _numbers(text: str, shape: bytes, known: list[Found]) -> Iterator[Found]:
    """Yield what stands around each group of digits, looking at each stretch once."""
    hits = _Hits(shape)
    if hits.next(0) < 0:
        return
    if LONG_NUMBER.search(shape):
        cards = [Found(each.start, each.end, _CARD) for each in card_numbers(text)]
        yield from cards
        known = [*known, *cards]
    ahead = iter(sorted(known))
    taken = next(ahead, None)
    at = 0
    while (hit := hits.next(at)) >= 0:
        while taken is not None and taken.end <= hit:
            taken = next(ahead, None)
        if taken is not None and taken.start <= hit:
            at = taken.end
            continue
        best, at = _around(text, hit)
        if best is not None:
            yield best


def _around(text: str, hit: int) -> tuple[Found | None, int]:
    """Return what stands around `hit`, and where to go on."""
    start = _begin(text, hit)
    lettered = text[start].isalpha()
    if not lettered:
        moment = _MOMENT.match(text, start)
        if moment:
            return None, moment.end()
    best = _at(text, start, lettered=lettered)
    if best is not None:
        return best, max(best.end, hit + 1)
    past = _ALNUM.match(text, hit)
    return None, past.end() if past else hit + 1


def _begin(text: str, at: int) -> int:
    """Return where the word that holds the digits at `at` begins, with a plus or a bracket."""
    before = text[max(0, at - 20) : at]
    last = before[-1:]
    if last.isalnum() or last in {"+", "("} or (last in _JOINTS and before[-2:-1].isdigit()):
        own = _WORD_END.search(before)
        return at - len(own[0]) if own else at
    return at


def _at(text: str, start: int, *, lettered: bool) -> Found | None:
    before = text[max(0, start - _BEFORE) : start]
    if before.endswith(_GOES_ON) and before[-2:-1].isalnum():
        return None
    if lettered:
        return _account(text, start) or _identity(text, start)
    address = _V4.match(text, start)
    if address and not _VERSION_WORD.search(before) and _is_wide(address[0]):
        return Found(start, address.end(), _IP)
    identity = _identity(text, start)
    if identity:
        return identity
    phone = _PHONE_SHAPE.match(text, start)
    if phone and not _NUMBER_WORD.search(before):
        return _phone(phone, before)
    return None


def _account(text: str, start: int) -> Found | None:
    account = _IBAN_SHAPE.match(text, start)
    for end in _word_ends(account) if account else ():
        if iban.is_valid(text[start:end], check_country=False):
            return Found(start, end, _ACCOUNT)
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
    number = _EXTENSION.sub("", phone[0])
    digits = sum(each.isdigit() for each in number)
    if digits not in _PHONE_DIGITS:
        return None
    here = Found(phone.start(), phone.end(), _PHONE)
    if _PHONE_WORD.search(before) is not None:
        return here
    if phone["bare"]:
        return None  # nothing but digits, and no word says whose
    if number.startswith("+"):
        return here if digits >= _WITH_COUNTRY else None
    return here if is_phone_number(number, _REGIONS) else None


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
