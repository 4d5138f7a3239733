"""A service on loopback that follows what a real one publishes, for tests of declarations.

For authors of declarations too: give it the routes of the service, and point the store's
address at it with ``base=`` and ``private=yes``.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What it answers."""

    status: int = 200
    document: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


Answers = Callable[[Asked], Reply]


@dataclass(slots=True)
class Double:
    """A service that runs.

    Attributes:
        base: Its address.
        asked: Everything that it was asked, in order.
        answers: What it answers with.
        first: Answers that are given before those, one each, whatever is asked.
    """

    base: str
    answers: Answers
    asked: list[Asked] = field(default_factory=list)
    first: list[Reply] = field(default_factory=list)

    def said(self) -> Sequence[str]:
        """Return what was asked, a line each."""
        return [f"{each.method} {each.path}" for each in self.asked]


@contextmanager
def service_double(answers: Answers) -> Iterator[Double]:
    """Run a service on loopback until the block ends."""
    double = Double("", answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                unquote(parts.path),
                dict(parse_qsl(parts.query)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length", 0))),
            )
            double.asked.append(asked)
            reply = double.first.pop(0) if double.first else double.answers(asked)
            content = reply.raw
            if content is None:
                content = b"" if reply.document is None else json.dumps(reply.document).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _answer  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
