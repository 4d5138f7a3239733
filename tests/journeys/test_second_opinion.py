"""A second opinion from the first question to a promise, against a server on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]
FROG = "The glass frog looks after your secrets at night."
POLICY = f"# Privacy policy\n\nWe keep your orders for 24 months.\n\n{FROG}\n"
SAID = [
    {"quote": FROG, "category": "security", "kind": "firm", "duties": ["access-control"]},
    {"quote": "We never sell it.", "category": "no-sale", "kind": "firm", "duties": ["no-sale"]},
]


class Model(BaseHTTPRequestHandler):
    asked = 0

    def do_POST(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        message = {"message": {"content": json.dumps({"proposals": SAID})}}
        content = json.dumps({"choices": [message]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Path]:
    Model.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    (tmp_path / "policy.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Example"\n[[policies]]\npath = "policy.md"\n'
        f'[reading.second_opinion]\nurl = "http://127.0.0.1:{server.server_port}/v1"\n'
        'model = "small"\n',
        encoding="utf-8",
    )
    yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def read(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["read", *words, "--config", str(folder / "kept.toml")])


def quotes(result: Result) -> set[str]:
    return {each["quote"].rstrip(".") for each in json.loads(result.stdout)["promises"]}


def test_nobody_is_asked_unless_somebody_says_so(company: Path) -> None:
    assert read(company, "--json").exit_code == 0
    assert read(company, "--review").exit_code == 0
    assert Model.asked == 0


def test_where_the_text_goes_is_said_and_proposals_stand_apart(company: Path) -> None:
    before = quotes(read(company, "--json"))
    result = read(company, "--second-opinion", "--json")
    assert "small at 127.0.0.1" in result.stderr
    second = json.loads(result.stdout)["second_opinion"]
    assert [each["quote"] for each in second["proposals"]] == [FROG]
    assert POLICY[second["proposals"][0]["start"] : second["proposals"][0]["end"]] == FROG
    assert second["refused"] == {"its words are not in the text": 1}
    assert quotes(result) == before
    assert not (company / "promises.toml").exists(), "reading writes nothing"
    shown = read(company, "--second-opinion").stdout
    assert f"? security firm  “{FROG}”" in shown
    assert "1 proposals not accepted: its words are not in the text" in shown


def test_a_proposal_is_a_promise_once_a_person_accepts_it(company: Path) -> None:
    assert read(company, "--second-opinion", "--review").exit_code == 0
    file = company / "promises.toml"
    first = file.read_text(encoding="utf-8")
    assert read(company, "--second-opinion", "--review").exit_code == 0
    assert file.read_text(encoding="utf-8") == first, "asking twice proposes once"
    before = json.loads(read(company, "--json").stdout)["promises"]
    start = first.index("[[missed]]")
    accepted = first[start:].replace('"proposed"', '"accept"')
    file.write_text(first[:start] + accepted, encoding="utf-8")
    after = json.loads(read(company, "--json").stdout)["promises"]
    fresh = [each for each in after if each not in before]
    assert [(each["quote"], each["category"]) for each in fresh] == [(FROG, "security")]
    again = json.loads(read(company, "--second-opinion", "--json").stdout)["second_opinion"]
    assert again["proposals"] == []


def test_who_is_asked_must_be_named_and_a_key_at_hand(company: Path) -> None:
    config = company / "kept.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + 'key = "env:KEPT_NO_SUCH_KEY"\n', encoding="utf-8")
    result = read(company, "--second-opinion")
    assert result.exit_code == 2
    assert "KEPT_NO_SUCH_KEY" in result.output
    config.write_text(text + 'key = "sk-12345"\n', encoding="utf-8")
    result = read(company, "--second-opinion")
    assert result.exit_code == 2
    assert "sk-12345" not in result.output
    config.write_text(text[: text.index("[reading")], encoding="utf-8")
    result = read(company, "--second-opinion")
    assert result.exit_code == 2
    assert "[reading.second_opinion]" in result.output
    assert Model.asked == 0
