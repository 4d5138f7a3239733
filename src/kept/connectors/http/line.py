"""How one call is sent to a service: within bounds, tried again where that is safe, and silent.

Nothing of what is sent or answered gets into an error: both hold secrets and personal data.
"""

import base64
import email.utils
import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from kept.connectors.bounded_line import (
    CompressedAnswerError,
    CutAnswerError,
    LargeAnswerError,
    LateAnswerError,
    content_of,
    line_to,
    numbers_of,
)
from kept.connectors.errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreDeniedError,
    StoreTimeoutError,
    StoreTooLargeError,
    StoreUnreachableError,
)
from kept.connectors.http.declaration import Declaration
from kept.connectors.web_page import is_public
from kept.errors import KeptError, RefusedError

_PORTS = {"http": 80, "https": 443}
_BUSY = frozenset({429, 503})
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_GONE = frozenset({404, 410})
_DENIED = frozenset({401, 403, 407})
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0
_LARGEST_STATUS = 300


class ServiceRefusedError(RefusedError):
    """A service does not do what was asked of it."""

    code: ClassVar[str] = "services.refused"
    remedy: str = "Look at the service's own console for why, put it right, and try again."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered. Never shows in ``repr``.

    Attributes:
        document: The JSON, ``None`` where there is none.
        link: The Link header, or empty.
        there: Whether there is such a thing at all.
    """

    document: object = field(repr=False)
    link: str = field(default="", repr=False)
    there: bool = True


@dataclass(frozen=True, slots=True)
class Asking:
    """What is sent.

    Attributes:
        method: HTTP method.
        target: Path and query, or a whole address of the same origin.
        body: JSON, or ``None``.
        operation: Key under which the service does it once.
        repeatable: Whether it may be sent twice.
    """

    method: str
    target: str = field(repr=False)
    body: object = field(default=None, repr=False)
    operation: str = ""
    repeatable: bool = True


class Line:
    """The line to one service."""

    def __init__(
        self,
        store: str,
        declared: Declaration,
        base: str,
        *,
        secret: str,
        user: str = "",
        private: bool = False,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._declared = declared
        self._base = base
        self._private = private
        self._sleep = sleep
        self._headers = {
            "User-Agent": "kept",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **declared.headers,
            **_credentials(declared, user, secret),
        }
        self._origin = _origin(store, base, private=private)
        if any("\n" in value or "\r" in value for value in self._headers.values()):
            raise StoreAddressError(
                f"the secret of the store {store!r} has a line break in it",
                remedy="Give the secret without what ends its line.",
            )

    def __repr__(self) -> str:
        return f"Line({self._store!r})"

    def target(self, path: str, query: Mapping[str, str]) -> str:
        """Return the address of a path, with a query."""
        return f"{self._base}{path}{'?' + urlencode(query) if query else ''}"

    def further(self, before: str, link: str) -> str:
        """Return the address that an answer names for its next page.

        Raises:
            StoreCorruptError: It leads elsewhere, where the secret must not go.
        """
        address = urljoin(before, link)
        if _origin_of(address) != self._origin:
            raise StoreCorruptError(
                f"the store {self._store!r} names a next page on another host",
                remedy="Check the base address and the paging of the service's declaration.",
            )
        return address

    def ask(self, asking: Asking) -> Answer:
        """Send it, and again where the service is busy or did not answer.

        Raises:
            UnavailableError: It did not answer, or stayed busy.
            RefusedError: It does not let us in, or does not do this.
        """
        failure: KeptError = self._silent()
        for attempt in range(self._declared.retries + 1):
            wait = min(_FIRST_WAIT * 2**attempt, _LONGEST_WAIT)
            try:
                status, headers, content = self._sent(asking)
            except (StoreUnreachableError, StoreTimeoutError) as error:
                if not asking.repeatable:
                    raise
                failure = error
            else:
                if status not in _AGAIN:
                    return self._answered(status, headers, content)
                failure = self._busy() if status in _BUSY else self._silent()
                if status not in _BUSY and not asking.repeatable:
                    raise failure
                wait = _wanted_wait(headers, wait)
            if attempt < self._declared.retries:
                self._sleep(wait)
        raise failure

    def _answered(self, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
        if status in _GONE:
            return Answer(None, there=False)
        if status in _DENIED:
            raise StoreDeniedError(
                f"the store {self._store!r} does not let this account in, or not do this",
                remedy="Check the secret that kept.toml refers to, and what its account may do.",
            )
        if status >= _LARGEST_STATUS:
            raise ServiceRefusedError(
                f"the store {self._store!r} does not do what was asked (status {status})"
            )
        if not content.strip():
            return Answer(None, headers.get("link", ""))
        try:
            return Answer(json.loads(content), headers.get("link", ""))
        except (ValueError, RecursionError):
            raise StoreCorruptError(
                f"the store {self._store!r} did not answer with JSON",
                remedy="Check the base address of the service.",
            ) from None

    def _sent(self, asking: Asking) -> tuple[int, Mapping[str, str], bytes]:
        parts = urlsplit(asking.target)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        numbers = numbers_of(host, port)
        if not numbers:
            raise StoreUnreachableError(f"the host of the store {self._store!r} is not known")
        if not self._private and not all(map(is_public, numbers)):
            raise StoreAddressError(
                f"the store {self._store!r} is not on the public internet",
                remedy="Add private=yes to its url where it should be reached in your own network.",
            )
        headers = {**self._headers, "Host": parts.netloc}
        body = None
        if asking.body is not None:
            body = json.dumps(asking.body).encode()
            headers["Content-Type"] = "application/json"
        if asking.operation and self._declared.idempotency:
            headers[self._declared.idempotency] = asking.operation
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        deadline = time.monotonic() + self._declared.seconds
        secure = parts.scheme == "https"
        try:
            with line_to(host, str(numbers[0]), port, secure=secure, deadline=deadline) as line:
                line.request(asking.method, target, body=body, headers=headers)
                response = line.getresponse()
                content = content_of(response, deadline=deadline, limit=self._declared.bytes)
                told = {name.lower(): value for name, value in response.headers.items()}
                return response.status, told, content
        except LargeAnswerError:
            raise StoreTooLargeError(
                f"an answer of the store {self._store!r} has more than"
                f" {self._declared.bytes:,} bytes"
            ) from None
        except CompressedAnswerError:
            raise StoreCorruptError(
                f"the store {self._store!r} answers with what was not asked for: compressed"
            ) from None
        except LateAnswerError:
            raise StoreTimeoutError(f"the store {self._store!r} took too long to answer") from None
        except (CutAnswerError, OSError, http.client.HTTPException, ValueError):
            raise self._silent() from None

    def _silent(self) -> StoreUnreachableError:
        return StoreUnreachableError(f"the store {self._store!r} did not answer")

    def _busy(self) -> StoreUnreachableError:
        return StoreUnreachableError(
            f"the store {self._store!r} lets no more calls through for now",
            remedy="Try again later: the service limits how often it is called.",
        )


def _credentials(declared: Declaration, user: str, secret: str) -> dict[str, str]:
    match declared.authentication:
        case "bearer":
            return {"Authorization": f"Bearer {secret}"}
        case "basic":
            pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "header":
            return {declared.header: secret}
        case _:
            return {}


def _origin(store: str, base: str, *, private: bool) -> tuple[str, str]:
    try:
        parts = urlsplit(base)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    allowed = {"https", "http"} if private else {"https"}
    if parts.scheme not in allowed or not parts.hostname or parts.username is not None:
        raise StoreAddressError(
            f"the base address of the store {store!r} is no https address",
            remedy="Give an https address without a password; http is for private=yes alone.",
        )
    return _origin_of(base)


def _origin_of(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return parts.scheme, f"{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, 0)}"
    except ValueError:
        return "", ""


def _wanted_wait(headers: Mapping[str, str], otherwise: float) -> float:
    """Return for how many seconds a service wants to be left alone, within reason.

    An instant is counted from the service's own clock.
    """
    told = headers.get("retry-after", "").strip()
    if told.isdigit():
        return min(float(told), _LONGEST_WAIT)
    try:
        until = email.utils.parsedate_to_datetime(told)
        now = email.utils.parsedate_to_datetime(headers.get("date", ""))
        return min(max(0.0, (until - now).total_seconds()), _LONGEST_WAIT)
    except (ValueError, TypeError):
        return otherwise
