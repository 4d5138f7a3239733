"""How long and how much a host may answer before the line to it is cut."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_CHUNK = 65_536

Number = ipaddress.IPv4Address | ipaddress.IPv6Address


class LateAnswerError(Exception):
    """The host was not done at the deadline."""


class LargeAnswerError(Exception):
    """The host answers with more than was allowed."""


class CompressedAnswerError(Exception):
    """The host answers with what was not asked for: something compressed."""


class CutAnswerError(Exception):
    """The host stopped before its answer was whole."""


def numbers_of(host: str, port: int) -> list[Number]:
    """Return the numbers that the name of a host stands for now, none where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ipaddress.ip_address(str(each[4][0]).split("%")[0]) for each in found]
    except (OSError, ValueError):
        return []


@contextmanager
def line_to(
    host: str, number: str, port: int, *, secure: bool, deadline: float
) -> Iterator[http.client.HTTPConnection]:
    """Connect to a number, and cut the line at the deadline whatever the host does.

    Args:
        host: The name that its certificate must bear where the line is `secure`.
        number: What is connected to: the one who calls has checked it.
        port: The port there.
        secure: Whether the line is TLS.
        deadline: Instant on the monotonic clock.

    Raises:
        LateAnswerError: The deadline is over already.
        OSError: There is no such host, or it does not speak.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise LateAnswerError
    plain = socket.create_connection((number, port), timeout=left)
    # A host may send a byte at a time and never be late: at the deadline the line is cut.
    watched = plain.dup()
    cut = threading.Timer(left, _cut, (watched,))
    cut.daemon = True
    cut.start()
    try:
        line: socket.socket = plain
        if secure:
            line = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = line
        try:
            yield connection
        finally:
            connection.close()
    finally:
        cut.cancel()
        watched.close()
        plain.close()


def _cut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def content_of(response: http.client.HTTPResponse, *, deadline: float, limit: int) -> bytes:
    """Return the whole body of an answer.

    Raises:
        CompressedAnswerError: It is encoded.
        LargeAnswerError: It has more than `limit` bytes.
        LateAnswerError: It was not whole at the deadline.
        CutAnswerError: It ended before it was whole.
    """
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise CompressedAnswerError
    pieces, length = [], 0
    while piece := response.read1(_CHUNK):
        pieces.append(piece)
        length += len(piece)
        if length > limit:
            raise LargeAnswerError
        if time.monotonic() >= deadline:
            break
    # A line that was cut looks like an answer that ended.
    if time.monotonic() >= deadline:
        raise LateAnswerError
    if response.length:
        raise CutAnswerError
    return b"".join(pieces)
