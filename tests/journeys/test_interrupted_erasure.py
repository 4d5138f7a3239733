import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

STORE = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);
INSERT INTO customer VALUES (1, 'bo@example.com', 'Bo'), (2, 'ana@example.com', 'Ana Silva');
"""
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
email = { categories = ["user.contact.email"] }
name = { categories = ["user.name"] }
"""
POLICY = """
# Privacy policy

You may ask us to delete your personal data at any time, and we will erase it.
"""
# Ends its own process, as an operator or the kernel would, at the worst moment: the store has
# committed, and nothing of ours knows of it.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kept.connectors.sql.store import SqlStore
from kept.runtime import open_company
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, answer_request

real = SqlStore.erase
company = open_company(Path(sys.argv[1]), at=datetime(2026, 8, 31, tzinfo=UTC))

def at_the_worst_moment(self, *values, before_commit, **named):
    def noted(done):
        before_commit(done)
        if sys.argv[2] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    real(self, *values, before_commit=noted, **named)
    if sys.argv[2] == "running":
        print("running", flush=True)
        sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)

SqlStore.erase = at_the_worst_moment
ana = (Identifier(IdentifierKind.EMAIL, "ana@example.com"),)
answer_request(
    company.ports(),
    company.desk(),
    Asked(id="r1", right=Right.ERASURE, identifiers=ana, received_at=company.now),
)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A company with one store of two customers."""
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.executescript(STORE)
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
        '[[policies]]\npath = "policy.md"\n[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    (tmp_path / "policy.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "datamap.toml").write_text(DATAMAP, encoding="utf-8")
    return tmp_path


def started(folder: Path, moment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder / "kept.toml"), moment],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed(folder: Path, moment: str) -> None:
    with started(folder, moment) as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def listed(folder: Path) -> dict[str, object]:
    result = run(folder, "request", "list", "--json")
    assert result.exit_code == 0, result.output
    (request,) = json.loads(result.stdout)["requests"]
    found: dict[str, object] = request
    return found


def emails(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        return [email for (email,) in connection.execute("SELECT email FROM customer ORDER BY id")]


def right_erasure(folder: Path) -> dict[str, object]:
    result = run(folder, "check", "--json", "--at", "2026-09-01T00:00:00Z")
    assert result.exit_code in {0, 1, 75}, result.output
    found: list[dict[str, object]] = [
        duty
        for promise in json.loads(result.stdout)["verdicts"]
        for duty in promise["duties"]
        if duty["duty"] == "right-erasure"
    ]
    assert found
    return found[0]


def test_an_erasure_killed_after_its_commit_gets_its_receipt_from_the_next_command(
    shop: Path,
) -> None:
    killed(shop, "after")
    assert emails(shop) == ["bo@example.com"]
    for path in (shop / ".kept").rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            assert b"ana@" not in content, path.name
            assert b"silva" not in content, path.name
    request = listed(shop)
    assert request["state"] == "fulfilled"
    assert [(each["dataset"], each["erased"]) for each in request["datasets"]] == [  # type: ignore[attr-defined] - JSON
        ("customer", 1)
    ]
    receipt = shop / "RECEIPT.json"
    receipt.write_text(json.dumps(request["receipt"]), encoding="utf-8")
    key = shop / ".kept" / "keys" / "log.pub"
    verified = CliRunner().invoke(app, ["receipt", "verify", str(receipt), "--key", str(key)])
    assert verified.exit_code == 0, verified.output
    assert run(shop, "log", "verify").exit_code == 0
    assert list((shop / ".kept" / "intents").iterdir()) == []
    assert list((shop / ".kept" / "keys" / "secrets" / "intent").iterdir()) == []
    with closing(sqlite3.connect(shop / "app.sqlite")) as connection, connection:
        connection.execute("INSERT INTO customer VALUES (2, 'ana@example.com', 'Ana Silva')")
    assert right_erasure(shop)["verdict"] == "broken"


def test_an_erasure_killed_before_its_commit_is_run_again(shop: Path) -> None:
    killed(shop, "before")
    assert listed(shop)["state"] == "action_delayed"
    again = run(shop, "request", "erase", "--identity", "email=ana@example.com", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["state"] == "fulfilled"
    assert emails(shop) == ["bo@example.com"]


def test_a_check_finishes_first_and_proves_nothing_while_it_cannot(shop: Path) -> None:
    killed(shop, "after")
    notes = shop / ".kept" / "keys" / "secrets" / "intent" / "r1.bin"
    key = notes.read_bytes()
    notes.unlink()
    said = right_erasure(shop)
    assert said["verdict"] == "unproven"
    assert listed(shop)["state"] == "accepted"
    notes.write_bytes(key)
    notes.chmod(0o600)
    assert right_erasure(shop)["verdict"] == "kept"
    assert listed(shop)["state"] == "fulfilled"


def test_an_erasure_that_still_runs_is_left_alone(shop: Path) -> None:
    with started(shop, "running") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        assert listed(shop)["state"] == "accepted"
        assert right_erasure(shop)["verdict"] == "unproven"
        process.communicate("")
    assert listed(shop)["state"] == "fulfilled"
