"""What each of very many values is as a whole: for scans that read everything."""

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address

from kept.inventory.classification import contacts, devices, numbers, tokens
from kept.inventory.classification.cards import is_issued, passes_luhn
from kept.inventory.classification.national_ids import may_be_telling, telling_numbers
from kept.inventory.classification.phone_numbers import is_valid_number
from kept.vocabulary.data_category import DataCategory

Check = Callable[[str], DataCategory | None]

_REGIONS = ("US", "GB", "FR", "DE", "PK", "EG", "SA", "ES", "IN", "MA", "IT", "CH", "TN", "AE")
_ABROAD = ("+", "00", "(+", "tel:")
_TOKENS = frozenset(
    [
        "ey",
        "sk",
        "pk",
        "rk",
        "gh",
        "gi",
        "xo",
        "AK",
        "AI",
        "ya",
        "gl",
        "Be",
        "SG",
        "--",
        "np",
        "do",
        "sh",
    ]
)
_LONGEST_SHAPE = 64
_MOST_SHAPES = 100_000
_LONGEST = 400
_BIGGEST_OCTET = 255
_SEPARATORS = re.compile(r"[ -]")

# Digits become noughts and letters a: values of one kind have few shapes.
_LATIN = bytes(range(0xC0, 0x100))
_SHAPE = bytes.maketrans(
    b"123456789bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" + _LATIN,
    b"0" * 9 + b"a" * (51 + len(_LATIN)),
)


def recognised(values: Iterable[str]) -> dict[str, DataCategory]:
    """Return those of `values` that are personal data by their form, each with what it is.

    Each distinct value is looked at once, and validated only where its shape (digits,
    letters and signs) is that of something. Names, streets and other words have no form.
    Of what chance lets pass (cards: one number of a brand in ten) the caller knows the
    rate: `kept.inventory.classification.cards.LUHN_CHANCE`.

    Examples:
        >>> found = recognised(["ana@example.com", "42201-0397640-8", "order 12", "1.2.3.4"])
        >>> sorted(each.value for each in found.values())
        ['user.contact.email', 'user.government_id.national_identification_number']
    """
    distinct = list(dict.fromkeys(values))
    joined = "\n".join(distinct)
    if joined.count("\n") != len(distinct) - 1:
        joined = "\n".join([each.replace("\n", " ") for each in distinct])
    shapes = joined.encode("latin-1", "replace").translate(_SHAPE).split(b"\n")
    known, found = _CHECKS, {}
    for value, shape in zip(distinct, shapes, strict=bool(distinct)):
        checks = known.get(shape)
        if checks is None:
            checks = _checks_of(shape)
            if len(shape) <= _LONGEST_SHAPE and len(known) < _MOST_SHAPES:
                known[shape] = checks
        for check in checks:
            category = check(value)
            if category is not None:
                found[value] = category
                break
    return found


_CHECKS: dict[bytes, tuple[Check, ...]] = {}
"""Per shape what can be of it; shapes hold no values."""


def _checks_of(shape: bytes) -> tuple[Check, ...]:
    """Return what values of `shape` can be, the surest first."""
    if len(shape) > _LONGEST:
        return ()
    return tuple(check for wanted, check in _KINDS if wanted(shape))


def _has(pattern: bytes) -> Callable[[bytes], bool]:
    found = re.compile(pattern).fullmatch
    return lambda shape: found(shape) is not None


def _starts(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda shape: shape.startswith(beginnings)


def _email(value: str) -> DataCategory | None:
    return DataCategory.USER_CONTACT_EMAIL if contacts.is_email(value) else None


def _address(value: str) -> DataCategory | None:
    parts = value.partition(":")[0].split(".")
    octets = [int(part) for part in parts]
    if max(octets) > _BIGGEST_OCTET or any(part[0] == "0" and part != "0" for part in parts):
        return None
    wide = max(octets) > devices.BIGGEST_IN_VERSIONS or octets[0] == devices.PRIVATE_BLOCK
    return DataCategory.USER_DEVICE_IP_ADDRESS if wide else None


def _long_address(value: str) -> DataCategory | None:
    try:
        ip_address(value)
    except ValueError:
        return None
    return DataCategory.USER_DEVICE_IP_ADDRESS


def _mac(value: str) -> DataCategory | None:
    return DataCategory.USER_DEVICE_DEVICE_ID if devices.is_hardware_address(value) else None


def _card(value: str) -> DataCategory | None:
    digits = _SEPARATORS.sub("", value)
    if is_issued(digits) and passes_luhn(digits) and digits.strip(digits[0]):
        return DataCategory.USER_FINANCIAL_CREDIT_CARD
    return None


def _account(value: str) -> DataCategory | None:
    if value.isascii() and numbers.passes_mod97(value):
        return DataCategory.USER_FINANCIAL_BANK_ACCOUNT
    return None


def _identity(value: str) -> DataCategory | None:
    found = telling_numbers(value)
    return found.category if found else None


def _phone(value: str) -> DataCategory | None:
    if value.startswith(_ABROAD):
        valid = is_valid_number(value)
    else:
        valid = contacts.is_national_form(value) and is_valid_number(value, _REGIONS)
    return DataCategory.USER_CONTACT_PHONE_NUMBER if valid else None


def _password(value: str) -> DataCategory | None:
    return DataCategory.USER_AUTHORIZATION_PASSWORD if tokens.is_password_hash(value) else None


def _token(value: str) -> DataCategory | None:
    if value[:2] in _TOKENS and tokens.is_token(value):
        return DataCategory.USER_AUTHORIZATION_CREDENTIALS
    return None


def _agent(value: str) -> DataCategory | None:
    return DataCategory.USER_DEVICE if devices.is_agent(value) else None


def _profile(value: str) -> DataCategory | None:
    return DataCategory.USER_CONTACT_SOCIAL_URL if contacts.is_profile(value) else None


def _cookie(value: str) -> DataCategory | None:
    return DataCategory.USER_DEVICE_COOKIE_ID if devices.is_cookie(value) else None


_KINDS: tuple[tuple[Callable[[bytes], bool], Check], ...] = (
    (lambda shape: b"@" in shape, _email),
    (_has(rb"0{1,3}(?:\.0{1,3}){3}(?::0{1,5})?"), _address),
    (_has(rb"[0a.]*:[0a.]*:[0a:.]{0,43}"), _long_address),
    (_has(rb"[0a]{2}(?:[:-][0a]{2}){5}|[0a]{4}\.[0a]{4}\.[0a]{4}"), _mac),
    (_has(rb"aa00(?: ?[0a]{4}){2,7}(?: ?[0a]{1,3})?"), _account),
    (_has(rb"0{14,19}|0{4}(?:[ -]0{4}){3}(?:[ -]0{3})?|0{4}[ -]0{6}[ -]0{4,5}"), _card),
    (may_be_telling, _identity),
    (
        _has(rb"(?:aaa:)?\(?\+?0[0 ().\-/\xa0?]{5,22}(?: ?(?:a{1,3}\.?|#) ?0{1,6})?"),
        _phone,
    ),
    (_starts(b"$", b"{", b"*0", b"*a"), _password),
    (_has(rb"(?s)[a0_-]{3,20}[$:].{12,}|aaa[0a]{32}|0a0.{40,}|a{6}[0a+/=]{60,}"), _password),
    (_has(rb"(?s)aa.{10,}|-----.*"), _token),
    (lambda shape: b"/0" in shape, _agent),
    (lambda shape: b".aa" in shape and b"/" in shape, _profile),
    (_has(rb"aa[a0]?\.[0a]\..{8,}|aaa_.+"), _cookie),
)
