"""How the pages are served: on this machine alone, until the process is told to stop."""

import logging
import signal
import socket
from collections.abc import Callable, Iterable
from types import FrameType
from typing import ClassVar, NoReturn

from django.core.handlers.wsgi import WSGIHandler
from waitress.server import create_server

from kept.errors import RefusedError
from kept.web import setup
from kept.web.page import Page
from kept.web.views import PAGE

HOST = "127.0.0.1"
"""The one address that is listened on: there are no accounts that could say who may read."""

Wsgi = Callable[[dict[str, object], Callable[..., object]], Iterable[bytes]]


class PortTakenError(RefusedError):
    """Another program listens on the port."""

    code: ClassVar[str] = "web.port-taken"
    remedy: str = "Stop the other program, or choose another port with --port."


def application(page: Page) -> Wsgi:
    """Return a WSGI application that shows `page`."""
    setup.configure()
    handler = WSGIHandler()

    def answer(environment: dict[str, object], start: Callable[..., object]) -> Iterable[bytes]:
        environment[PAGE] = page
        answered: Iterable[bytes] = handler(environment, start)
        return answered

    return answer


def serve(page: Page, *, port: int, ready: Callable[[str], None]) -> None:
    """Serve `page` until the process is told to stop.

    Args:
        page: What the pages show.
        port: Where to listen; 0 takes any free port.
        ready: Told the address once it answers.

    Raises:
        PortTakenError: Somebody else listens there.
    """
    # A page that is not there is the asker's affair; the terminal is told of our own faults.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.security").setLevel(logging.CRITICAL)
    listener = _listener(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}/"
    server = create_server(application(page), sockets=[listener], threads=4, ident=None)
    before = signal.signal(signal.SIGTERM, _stop)
    ready(address)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        signal.signal(signal.SIGTERM, before)


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(f"port {port} cannot be used: {error.strerror}") from None
    return listener


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt
