"""What a public address on the web answers, within bounds and without touching what is private."""

import http.client
import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from kept.connectors.bounded_line import (
    CompressedAnswerError,
    CutAnswerError,
    LargeAnswerError,
    LateAnswerError,
    Number,
    content_of,
    line_to,
    numbers_of,
)
from kept.errors import RefusedError, UnavailableError

AGENT = "kept"
MAX_ANSWER_BYTES = 20_000_000
MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
"""How long an address may take, with its redirects and its rules for robots."""
_MAX_ROBOTS_BYTES = 500_000
_MOVED = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
# All of version 6 that is given out to anybody (IANA): the rest stands for other addresses,
# which may be private, or for none.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
# What stands for others within it, or is only for protocols and documents.
_SPECIAL = tuple(
    map(ipaddress.ip_network, ("2002::/16", "3fff::/20", "192.0.0.0/24", "192.88.99.0/24"))
)


class AddressRefusedError(RefusedError):
    """The address is not one that a policy may be read from."""

    code: ClassVar[str] = "web-page.refused"
    remedy: str = "Save the page and give the file, or name a public https address."


class AddressUnavailableError(UnavailableError):
    """The address did not answer with a page."""

    code: ClassVar[str] = "web-page.unavailable"
    remedy: str = "Check the address, try again later, or save the page and give the file."


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content: bytes
    location: str


def is_public(address: Number) -> bool:
    """Return whether `address` belongs to the public internet.

    Examples:
        >>> is_public(ipaddress.ip_address("10.0.0.1"))
        False
        >>> is_public(ipaddress.ip_address("::ffff:127.0.0.1"))
        False
        >>> is_public(ipaddress.ip_address("1.1.1.1"))
        True
    """
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_public(mapped)
    if address.version == _GIVEN_OUT.version and address not in _GIVEN_OUT:
        return False
    if any(address in each for each in _SPECIAL if each.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def fetch(address: str, *, allowed: Callable[[Number], bool] = is_public) -> bytes:
    """Return the bytes of the page at `address`. Nothing is sent but the request.

    Every host is resolved once and connected to by the number that was checked, on each
    redirect anew.

    Args:
        address: An ``http`` or ``https`` address.
        allowed: Which numbers may be connected to.

    Raises:
        AddressRefusedError: The address is no public one, robots are not welcome there, it
            redirects too often, or its answer is too large.
        AddressUnavailableError: It did not answer in time, or with an error.
    """
    deadline = time.monotonic() + MAX_SECONDS
    welcome: dict[str, RobotFileParser] = {}

    def is_welcome(parts: SplitResult) -> None:
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in welcome:
            welcome[origin] = _rules(origin, allowed, deadline)
        if not welcome[origin].can_fetch(AGENT, parts.geturl()):
            raise AddressRefusedError("the address does not welcome robots")

    answer = _follow(address, allowed, deadline, MAX_ANSWER_BYTES, is_welcome)
    if answer.status != http.client.OK:
        raise AddressUnavailableError(f"the address answered with status {answer.status}")
    return answer.content


def _rules(origin: str, allowed: Callable[[Number], bool], deadline: float) -> RobotFileParser:
    """Return what the host says to robots. Source: RFC 9309, 2.3.1."""
    rules = RobotFileParser()
    answer = _follow(f"{origin}/robots.txt", allowed, deadline, _MAX_ROBOTS_BYTES, lambda _: None)
    if answer.status >= http.client.INTERNAL_SERVER_ERROR:
        rules.parse(["User-agent: *", "Disallow: /"])
    elif answer.status == http.client.OK:
        rules.parse(answer.content.decode("utf-8", "replace").splitlines())
    else:
        rules.parse([])
    return rules


def _follow(
    address: str,
    allowed: Callable[[Number], bool],
    deadline: float,
    limit: int,
    is_welcome: Callable[[SplitResult], None],
) -> _Answer:
    secure = False
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(address)
        if secure and parts.scheme != "https":
            raise AddressRefusedError("the address redirects from https to http")
        secure = parts.scheme == "https"
        is_welcome(parts)
        answer = _ask(parts, allowed, deadline, limit)
        if answer.status not in _MOVED or not answer.location:
            return answer
        address = urljoin(parts.geturl(), answer.location)
    raise AddressRefusedError(f"the address redirects more than {MAX_REDIRECTS} times")


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressRefusedError("this is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise AddressRefusedError("only http and https addresses are read")
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError("an address with a password is not read")
    return parts


def _number(parts: SplitResult, allowed: Callable[[Number], bool]) -> tuple[str, int]:
    """Return the number and port to connect to, once every number of the host is allowed."""
    port = parts.port or _PORTS[parts.scheme]
    numbers = numbers_of(parts.hostname or "", port)
    if not numbers:
        raise AddressUnavailableError("the host of the address is not known")
    if not all(map(allowed, numbers)):
        raise AddressRefusedError("the address is not on the public internet")
    return str(numbers[0]), port


def _ask(
    parts: SplitResult, allowed: Callable[[Number], bool], deadline: float, limit: int
) -> _Answer:
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": "*/*"}
    headers |= {"Accept-Encoding": "identity", "Connection": "close"}
    number, port = _number(parts, allowed)
    secure, host = parts.scheme == "https", parts.hostname or ""
    try:
        with line_to(host, number, port, secure=secure, deadline=deadline) as connection:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            content = content_of(response, deadline=deadline, limit=limit)
            return _Answer(response.status, content, response.headers.get("Location", ""))
    except CompressedAnswerError:
        raise AddressRefusedError(
            "the address answers with what was not asked for: compressed"
        ) from None
    except LargeAnswerError:
        raise AddressRefusedError(f"the answer has more than {limit:,} bytes") from None
    except LateAnswerError:
        raise AddressUnavailableError("the address took too long to answer") from None
    except CutAnswerError:
        raise AddressUnavailableError("the address stopped before its answer was whole") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise AddressUnavailableError("the address did not answer as a page does") from None
