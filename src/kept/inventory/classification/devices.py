"""Whether values are addresses and marks of devices: IP, MAC, IMEI, agents, cookies."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from kept.inventory.classification.cards import LUHN_CHANCE, passes_luhn
from kept.inventory.classification.evidence import (
    MOST,
    NEARLY_ALL,
    Term,
    graded,
    likelihood,
    percent,
)
from kept.inventory.classification.profile import whole_line
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_IP = DataCategory.USER_DEVICE_IP_ADDRESS
_DEVICE = DataCategory.USER_DEVICE
_DEVICE_ID = DataCategory.USER_DEVICE_DEVICE_ID
_COOKIE_ID = DataCategory.USER_DEVICE_COOKIE_ID

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_V4 = whole_line(rf"(?:::ffff:)?{_OCTET}(?:\.{_OCTET}){{3}}(?:/32|:\d{{1,5}})?", re.ASCII)
_V4_PARTS = re.compile(
    rf"^(?:::ffff:)?({_OCTET})\.({_OCTET})\.({_OCTET})\.({_OCTET})(?=$|[/:])", re.MULTILINE
)
_PRIVATE = re.compile(
    r"^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.", re.MULTILINE | re.ASCII
)
"""What routers give inside a house: RFC 1918, 3927 and 1122."""
_V4_LIST = whole_line(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:,\s?{_OCTET}(?:\.{_OCTET}){{3}}){{1,8}}")
_V6 = whole_line(
    r"\[?(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:)[0-9A-Fa-f:.]{2,45}\]?(?:%\w{1,16})?(?:/128)?",
    re.ASCII,
)
_DOTS, _COLONS = 3, 2
"""What an IP address has of them at least, in version 4 and 6."""
PRIVATE_BLOCK = 10
"""First part of the private addresses that look like versions: 10.0.0.0/8."""
BIGGEST_IN_VERSIONS = 31
"""Version numbers of four parts hardly ever have a part above this."""

_INSIDE = 3.8
"""Log-odds of private addresses where no name claims them: enough to ask."""

_MAC = whole_line(
    r"[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
)
_IMEI = re.compile(r"^\d{15}$", re.MULTILINE | re.ASCII)
_IMEI_STARTS = ("01", "35", "86", "98", "99", "45", "49", "44", "50", "52", "53", "54")
_ICCID = whole_line(r"89\d{17,18}", re.ASCII)
_AGENT = whole_line(
    r"(?:Mozilla/\d\.\d \([^\n]{3,}|Opera/\d[^\n]{5,}|Dalvik/\d[^\n]{3,}|[\w.-]+/[\d.]+ \((?:Linux|iPhone|iPad|Android|Windows|Macintosh|X11)[^\n]*"
    r"|(?:okhttp|curl|python-requests|CFNetwork|PostmanRuntime|Go-http-client|axios|Wget|Apache-HttpClient|Java)/[\d.]+[^\n]{0,80}"
    r"|[\w.]+/[\d.]+ CFNetwork/[\d.]+ Darwin/[\d.]+)"
)
_COOKIE = whole_line(
    r"GA1\.\d\.\d{6,12}\.\d{9,11}|fb\.\d\.\d{12,14}\.\d{6,20}|GS\d\.\d\.[\w.$]{10,}|amp_[\w-]{6,}[^\n]*"
)
UUID = whole_line(r"\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?")


def is_hardware_address(text: str) -> bool:
    """Return whether all of `text` is a hardware address."""
    return _MAC.fullmatch(text) is not None


def is_agent(text: str) -> bool:
    """Return whether all of `text` is the name that a browser or a program gives itself."""
    return _AGENT.fullmatch(text) is not None


def is_cookie(text: str) -> bool:
    """Return whether all of `text` has the form of a tracking cookie."""
    return _COOKIE.fullmatch(text) is not None


def addresses(question: Question) -> Iterator[Term]:
    """Say what share of values are IP addresses, and whether they may be versions."""
    profile = question.profile
    claimed = question.claims(_IP)
    four = _fours(question)
    six = 0
    if ":" in profile.joined and any(map(_is_v6, profile.spread)):
        six = sum(_is_v6(text) for text in profile.texts)
    share = (four + six) / profile.count if profile.count else 0.0
    if share:
        worth = 8.0 if six or _ranges_like_addresses(profile.joined) else 0.8
        doubt = "" if worth > 1 else "; no part is above 31, as in version numbers"
        private = len(_PRIVATE.findall(profile.joined))
        if worth > 1 and not claimed and not six and private > NEARLY_ALL * four:
            worth, doubt = _INSIDE, "; all are inside a network, as machines' are: ask"
        yield seen(
            _IP,
            graded(share, profile.count, worth),
            f"{percent(share)} of {profile.count} values are IP addresses{doubt}",
            share,
        )
    elif claimed and profile.count:
        yield seen(_IP, -min(5.0, 1.5 + profile.count * 0.7), "no value is an IP address")


def _fours(question: Question) -> int:
    joined = question.profile.joined
    if joined.count(".") < _DOTS:
        return 0
    profile = question.profile
    return profile.hits(_V4) + (profile.hits(_V4_LIST) if "," in joined else 0)


def _is_v6(text: str) -> bool:
    if text.count(":") < _COLONS:
        return False
    if text.startswith("::ffff:") and "." in text:
        return False  # counted among the fours
    try:
        ip_address(text.strip("[]").split("/", maxsplit=1)[0].split("%", maxsplit=1)[0])
    except ValueError:
        return False
    return True


def _ranges_like_addresses(joined: str) -> bool:
    """Whether the numbers spread as in addresses: versions have small parts."""
    parts = [tuple(map(int, found)) for found in _V4_PARTS.findall(joined)]
    wide = sum(max(each) > BIGGEST_IN_VERSIONS or each[0] == PRIVATE_BLOCK for each in parts)
    return bool(parts) and wide / len(parts) >= MOST


def identifiers(question: Question) -> Iterator[Term]:
    """Say what share of values are hardware addresses, IMEIs or cards of a SIM."""
    profile = question.profile
    if not profile.has_digits:
        return
    share = profile.share(_MAC) if profile.has_letters or ":" in profile.joined else 0.0
    if share:
        yield seen(
            _DEVICE_ID,
            graded(share, profile.count, 6.0),
            f"{percent(share)} of {profile.count} values are hardware addresses",
            share,
        )
    numbers: list[str] = _IMEI.findall(profile.joined)
    if len(numbers) > profile.count * 0.5:
        known = [each for each in numbers if each.startswith(_IMEI_STARTS)]
        passed = sum(map(passes_luhn, known))
        weight = likelihood(passed, len(numbers), chance=LUHN_CHANCE) - 0.5
        yield seen(
            _DEVICE_ID,
            max(weight, -0.5) if question.claims(_DEVICE_ID) else weight,
            f"{percent(passed / len(numbers))} of {len(numbers)} numbers of 15 digits start and "
            "end as an IMEI does (chance: 10 %)",
            len(numbers) / profile.count,
        )
    sims = profile.share(_ICCID)
    if sims:
        yield seen(
            _DEVICE_ID,
            graded(sims, profile.count, 5.0),
            f"{percent(sims)} of {profile.count} values are numbers of SIM cards",
            sims,
        )
    yield from _opaque_ids(question)


def _opaque_ids(question: Question) -> Iterator[Term]:
    """Support a name that claims a device or a cookie, where values are opaque ids."""
    profile = question.profile
    cookies = profile.share(_COOKIE)
    if cookies:
        yield seen(
            _COOKIE_ID,
            graded(cookies, profile.count, 6.5),
            f"{percent(cookies)} of {profile.count} values have the form of a tracking cookie",
            cookies,
        )
    for category in (_DEVICE_ID, _COOKIE_ID):
        if question.claims(category) and (share := profile.share(UUID)):
            yield seen(
                category,
                graded(share, profile.count, 1.0),
                f"{percent(share)} of {profile.count} values are UUIDs",
                share,
            )


def agents(question: Question) -> Iterator[Term]:
    """Say what share of values are the names that browsers and programs give themselves."""
    profile = question.profile
    if "/" not in profile.joined:
        return
    share = profile.share(_AGENT)
    if share:
        yield seen(
            _DEVICE,
            graded(share, profile.count, 8.0),
            f"{percent(share)} of {profile.count} values are user agents",
            share,
        )
