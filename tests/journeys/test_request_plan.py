import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

MAP = """
[stores.app.datasets.customers]
state = "decided"
about = "customer"
on_erasure = "ERASING"
identity = { email = "email", name = "name" }

[stores.app.datasets.customers.fields.email]
categories = ["user.contact.email"]

[stores.app.datasets.customers.fields.name]
categories = ["user.name"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as store, store:
        store.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT)")
        store.executemany(
            "INSERT INTO customers (email, name) VALUES (?, ?)",
            [
                ("ana@example.com", "Ana"),
                ("shared@example.com", "Bo"),
                ("shared@example.com", "Cy"),
            ],
        )
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n'
    )
    (tmp_path / "datamap.toml").write_text(MAP.replace("ERASING", "delete"))
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def code(folder: Path, *words: str) -> tuple[int, str]:
    done = run(folder, *words)
    return done.exit_code, json.loads(done.stderr)["code"] if done.stderr else ""


@pytest.mark.parametrize("right", ["erase", "access"])
@pytest.mark.parametrize(
    "identity", ["email=nobody@example.com", "email=shared@example.com", "name=Ana"]
)
def test_a_plan_for_an_identity_that_a_run_refuses_says_what_the_run_says(
    folder: Path, right: str, identity: str
) -> None:
    words = ["request", right, "--identity", identity, "--json"]
    planned = run(folder, *words, "--plan")
    assert planned.exit_code == 2
    assert json.loads(planned.stdout)["stores"]
    assert code(folder, *words, "--plan") == code(folder, *words, "--yes")
    assert identity.partition("=")[2] not in planned.stderr


@pytest.mark.parametrize("right", ["erase", "access"])
def test_a_plan_for_somebody_who_is_found_ends_well_and_changes_nothing(
    folder: Path, right: str
) -> None:
    before = (folder / "app.sqlite").read_bytes()
    assert (
        run(folder, "request", right, "--identity", "email=ana@example.com", "--plan").exit_code
        == 0
    )
    assert run(folder, "request", right, "--plan").exit_code == 0
    assert (folder / "app.sqlite").read_bytes() == before


def test_every_line_of_a_plan_says_something(folder: Path) -> None:
    text = MAP.replace("ERASING", "blank").replace(
        'identity = { email = "email", name = "name" }', 'identity = { id = "account_id" }'
    )
    text = text.partition("[stores.app.datasets.customers.fields.email]")[0]
    (folder / "datamap.toml").write_text(text)
    lines = run(folder, "request", "erase", "--plan").stdout.splitlines()
    assert not [line for line in lines if line.endswith(("blank", "blank "))]


def test_a_folder_that_is_read_as_a_policy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["read", "."])
    assert done.exit_code == 2
    assert f"the policy {tmp_path.name} cannot be read" in done.stderr
