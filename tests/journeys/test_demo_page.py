"""The demonstration ends with a page that a browser on this machine can read."""

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]
START = "from kept.cli.main import main; main()"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("served")
    process = subprocess.Popen(
        [sys.executable, "-c", START, "demo", "--dir", str(folder / "demo"), "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    yield _until_ready(process)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert errors == ""


def _until_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in iter(process.stdout.readline, ""):
        if "http://127.0.0.1:" in line:
            return next(word for word in line.split() if word.startswith("http://"))
    assert process.stderr is not None
    pytest.fail(process.stderr.read())


def get(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, dict(response.getheaders()), body


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_scoreboard_and_the_receipt_are_on_the_page(address: str, language: str) -> None:
    status, headers, body = get(address, f"/{language}/")
    assert status == 200
    assert "script" not in headers["Content-Security-Policy"]
    assert "We guarantee the absolute security of your data" in body
    assert "§\u00a0147" in body
    assert "app.invoices" in body


def test_the_page_answers_to_this_machine_alone(address: str) -> None:
    assert get(address, "/en/", Host="attacker.example")[0] == 400
    assert urlsplit(address).hostname == "127.0.0.1"


def test_no_customer_is_on_the_page(address: str) -> None:
    for language in ("en", "fr", "ar"):
        body = get(address, f"/{language}/")[2].lower()
        assert "weber" not in body
        assert "rahman" not in body


def test_a_port_that_is_taken_is_refused_in_one_line(address: str, tmp_path: Path) -> None:
    port = str(urlsplit(address).port)
    result = subprocess.run(
        [sys.executable, "-c", START, "demo", "--dir", "demo", "--port", port],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=tmp_path, timeout=60,
        check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert "web.port-taken" in result.stderr
    assert "Traceback" not in result.stderr
