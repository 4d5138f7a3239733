"""What only people can do: handed to them, waited for, and answered."""

import json
import socketserver
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.testing.service_double import Reply, service_double

pytestmark = [pytest.mark.enable_socket]

ANA = "ana.silva@example.com"


class _Smtp(socketserver.StreamRequestHandler):
    """As RFC 5321 says, as much of it as a sender needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 desk\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                held = b""
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    held += part
                self.server.mails.append(held.decode())  # type: ignore[attr-defined]  # ours
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 desk\r\n")


@contextmanager
def mail_server() -> Iterator[tuple[str, list[str]]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.daemon_threads = True
        server.mails = []  # type: ignore[attr-defined]  # ours
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", server.mails  # type: ignore[attr-defined]  # ours
        server.shutdown()
        thread.join()


@pytest.fixture
def company(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as database:
        database.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT)")
        database.execute("INSERT INTO customer VALUES (2, ?, 'Ana Silva')", (ANA,))
        database.commit()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text(
        '{"time": "2026-11-01T10:00:00Z", "email": "ana.silva@example.com", "what": "sign-in"}\n'
        '{"time": "2026-11-01T10:00:01Z", "email": "bo@example.com", "what": "sign-in"}\n'
    )
    (tmp_path / "datamap.toml").write_text(
        '[stores.app.datasets.customer]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n'
        '[stores.logs.datasets."app.log"]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n'
    )
    return tmp_path


def settings(folder: Path, more: str = "") -> None:
    (folder / "kept.toml").write_text(
        '[controller]\nname = "Acme"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n[stores.logs]\nurl = "logs:///logs"\n'
        f"[requests]\n{more}"
    )


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def erased(folder: Path) -> dict[str, object]:
    result = run(folder, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def answered(folder: Path, request: object, *words: str) -> Result:
    where = ("--store", "logs", "--dataset", "app.log")
    return run(folder, "request", "task", str(request), *where, *words, "--json")


def test_a_request_with_a_task_is_complete_only_when_the_task_is_done(company: Path) -> None:
    settings(company)
    answer = erased(company)
    assert answer["state"] == "requires_action"
    assert answer["tasks"] == [{"store": "logs", "dataset": "app.log", "action": "erase-by-hand"}]
    (logs,) = [each for each in answer["datasets"] if each["store"] == "logs"]  # type: ignore[attr-defined]  # JSON
    assert (logs["located"], logs["erased"], logs["retained"][0]["count"]) == (1, 0, 1)
    result = answered(company, answer["id"], "--done", "--note", "rotated the log away")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["state"] == "fulfilled"
    assert told["tasks"][0]["answer"] == "done"
    assert answered(company, answer["id"], "--done").exit_code == 0
    assert answered(company, answer["id"], "--refused", "--note", "no").exit_code == 2
    assert run(company, "log", "verify").exit_code == 0


def test_a_task_that_is_refused_leaves_the_request_unfulfilled(company: Path) -> None:
    settings(company)
    answer = erased(company)
    assert answered(company, answer["id"], "--refused").exit_code == 2
    assert answered(company, answer["id"]).exit_code == 2
    for note in (f"wrote to {ANA}", "called +49 30 1234567", "x" * 301):
        refused = answered(company, answer["id"], "--refused", "--note", note)
        assert refused.exit_code == 2
        assert ANA not in refused.output
    told = answered(company, answer["id"], "--refused", "--note", "the tape is sealed")
    assert json.loads(told.stdout)["state"] == "unfulfilled"


def test_a_mail_tells_what_to_do_and_no_more_of_the_person_than_is_allowed(company: Path) -> None:
    with mail_server() as (address, mails):
        to = f"{address}?to=desk@acme.example&from=kept@acme.example&tls=no"
        settings(company, f'tasks_to = "{to}"\n')
        answer = erased(company)
    (mail,) = mails
    assert ANA not in mail
    assert "Ana" not in mail
    assert str(answer["id"]) in mail
    assert "app.log" in mail
    assert "kept request task" in mail


def test_a_mail_names_the_person_only_by_the_kinds_that_the_settings_name(company: Path) -> None:
    with mail_server() as (address, mails):
        to = f"{address}?to=desk@acme.example&from=kept@acme.example&tls=no"
        settings(company, f'tasks_to = "{to}"\ntasks_identity = ["email"]\n')
        erased(company)
    assert f"email: {ANA}" in mails[0]


def test_a_help_desk_gets_one_ticket_under_one_key(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_double(lambda _: Reply(201, {"ticket": {"id": 1}})) as desk:
        monkeypatch.setenv(
            "DESK", f"{desk.base}/api/v2/tickets.json?private=yes&user=a/token&secret=planted"
        )
        settings(company, 'tasks_to = "env:DESK"\n')
        desk.first[:] = [Reply(503, headers={"Retry-After": "0"})]
        answer = erased(company)
    assert len({each.headers["idempotency-key"] for each in desk.asked}) == 1
    assert len(desk.asked) == 2
    ticket = json.loads(desk.asked[0].body)["ticket"]
    assert str(answer["id"]) in ticket["subject"]
    assert ticket["comment"]["public"] is False
    assert ANA not in desk.asked[0].body.decode()


def test_a_desk_that_does_not_answer_loses_no_task(company: Path) -> None:
    settings(company, 'tasks_to = "smtp://127.0.0.1:9?to=a@b.example&from=c@d.example"\n')
    result = run(company, "request", "erase", "--identity", f"email={ANA}", "--yes", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["state"] == "requires_action"
    assert "was not handed over" in result.stderr
    assert ANA not in result.stderr


def test_a_secret_in_the_settings_file_is_refused(company: Path) -> None:
    settings(company, 'tasks_to = "https://x.example/t?secret=abc"\n')
    result = run(company, "request", "list")
    assert result.exit_code == 2
    assert "abc" not in result.output
