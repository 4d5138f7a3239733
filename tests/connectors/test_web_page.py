"""What an address on the web is asked, and what is never asked."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kept.connectors import web_page
from kept.connectors.web_page import (
    AddressRefusedError,
    AddressUnavailableError,
    Number,
    fetch,
    is_public,
)

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]
PAGE = b"<!doctype html><html><p>We collect your name.</p></html>"


class Site(BaseHTTPRequestHandler):
    robots = (404, b"")
    asked: tuple[str, ...] = ()

    def do_GET(self) -> None:
        type(self).asked += (self.path,)
        if self.path == "/robots.txt":
            self._answer(*self.robots)
        elif self.path.startswith("/again/"):
            left = int(self.path.rpartition("/")[2])
            self._answer(302, b"", f"/again/{left - 1}" if left else "/page")
        elif self.path.startswith("/to?"):
            self._answer(301, b"", self.path[4:])
        elif self.path == "/large":
            self._answer(200, b"a" * 3_000)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                try:
                    self.wfile.write(b"a")
                except OSError:
                    return
                time.sleep(0.05)
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(b"a")
        else:
            self._answer(200 if self.path == "/page" else 404, PAGE)

    def _answer(self, status: int, content: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[str]:
    Site.robots, Site.asked = (404, b""), ()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def anywhere(_: Number) -> bool:
    return True


def test_a_page_is_fetched_after_asking_whether_robots_are_welcome(site: str) -> None:
    assert fetch(f"{site}/page", allowed=anywhere) == PAGE
    assert Site.asked == ("/robots.txt", "/page")


def test_where_robots_are_not_welcome_nothing_is_read(site: str) -> None:
    for robots in ((200, b"User-agent: *\nDisallow: /page"), (503, b"")):
        Site.robots, Site.asked = robots, ()
        with pytest.raises(AddressRefusedError, match="robots"):
            fetch(f"{site}/page", allowed=anywhere)
        assert Site.asked == ("/robots.txt",)


def test_five_redirects_are_followed_and_a_sixth_is_not(site: str) -> None:
    assert fetch(f"{site}/again/4", allowed=anywhere) == PAGE
    with pytest.raises(AddressRefusedError, match="redirects more than 5"):
        fetch(f"{site}/again/5", allowed=anywhere)


def test_no_private_address_is_ever_connected_to(site: str) -> None:
    for address in (site, site.replace("127.0.0.1", "localhost"), "http://[::1]/", "http://0/"):
        with pytest.raises(AddressRefusedError, match="public internet"):
            fetch(f"{address}/page")
    assert Site.asked == ()


def test_a_redirect_to_a_private_address_is_refused(site: str) -> None:
    def only_this(number: Number) -> bool:
        return str(number) == "127.0.0.1"

    for target in ("http://127.0.0.2/page", "http://169.254.169.254/", "http://10.0.0.1/"):
        with pytest.raises(AddressRefusedError, match="public internet"):
            fetch(f"{site}/to?{target}", allowed=only_this)
    for target in ("file:///etc/hostname", "ftp://example.com/", "http://a:b@127.0.0.1/"):
        with pytest.raises(AddressRefusedError):
            fetch(f"{site}/to?{target}", allowed=only_this)


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
     "2002:a00:1::", "ff02::1", "2001:db8::1", "fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1",
     "64:ff9b:1::7f00:1", "2001:0:7f00:1::", "100::1", "3fff::1", "192.0.0.8", "192.88.99.1"],
)  # fmt: skip
def test_a_number_that_is_not_public_is_told(number: str) -> None:
    assert not is_public(ipaddress.ip_address(number))


def test_public_numbers_are_allowed() -> None:
    assert is_public(ipaddress.ip_address("1.1.1.1"))
    assert is_public(ipaddress.ip_address("2606:4700:4700::1111"))


@pytest.mark.parametrize(
    "address", ["ftp://example.com/", "file:///etc/hostname", "https://", "http://a:b@example.com/", "http://[x/",
                "http://example.com:99999/", "http://example.com:0/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefusedError):
        fetch(address)


def test_an_answer_that_is_too_large_late_or_cut_is_refused(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_page, "MAX_ANSWER_BYTES", 2_000)
    with pytest.raises(AddressRefusedError, match="2,000 bytes"):
        fetch(f"{site}/large", allowed=anywhere)
    with pytest.raises(AddressUnavailableError):
        fetch(f"{site}/broken", allowed=anywhere)
    with pytest.raises(AddressUnavailableError, match="404"):
        fetch(f"{site}/missing", allowed=anywhere)
    monkeypatch.setattr(web_page, "MAX_SECONDS", 0.5)
    began = time.perf_counter()
    with pytest.raises(AddressUnavailableError):
        fetch(f"{site}/slow", allowed=anywhere)
    assert time.perf_counter() - began < 3
