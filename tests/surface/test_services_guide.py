"""The guide to services says what works: its files are read, its commands are run."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli.main import app
from kept.connectors.http.declaration import parse_declaration
from kept.connectors.registry import connect
from kept.connectors.task_desk import task_desk
from kept.settings import parse_settings

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "services.md"
SECRETS = {"STRIPE_KEY": "planted", "ZENDESK_TOKEN": "planted", "MAILCHIMP_KEY": "planted"}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_stores_of_the_guide_connect_and_show_no_secret(tmp_path: Path) -> None:
    text = '[controller]\nname = "Acme"\n' + blocks("toml")[0]
    settings = parse_settings(text, path=tmp_path / "kept.toml", environment=SECRETS)
    for each in settings.stores.values():
        store = connect(each.name, each.url, each.write_url)
        assert store.catalog().tables
        assert "planted" not in store.shown + repr(store) + repr(each)


def test_the_declaration_of_the_guide_is_one() -> None:
    declared = parse_declaration(blocks("toml")[1], "crm.toml")
    assert set(declared.datasets) == {"contacts", "invoices"}
    assert declared.datasets["invoices"].source == "§ 147 AO"


def test_the_desk_of_the_guide_is_one(tmp_path: Path) -> None:
    text = '[controller]\nname = "Acme"\n' + blocks("toml")[2]
    settings = parse_settings(text, path=tmp_path / "kept.toml", environment={})
    assert task_desk(settings.tasks_to)
    assert settings.tasks_identity == ("email",)


def test_the_commands_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as database:
        database.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT)")
        database.execute("INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana Silva')")
        database.commit()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").write_text(
        '{"time": "2026-11-01T10:00:00Z", "email": "ana@example.com", "what": "sign-in"}\n'
    )
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Acme"\n[stores.app]\nurl = "sqlite:///app.sqlite"\n'
        '[stores.logs]\nurl = "logs:///logs"\n'
    )
    (tmp_path / "datamap.toml").write_text(
        '[stores.logs.datasets."app.log"]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n[stores.app.datasets.customer]\nstate = "decided"\n'
        'on_erasure = "delete"\nidentity = { email = "email" }\n'
    )
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    commands = [line[7:] for block in blocks("console") for line in block.splitlines()]
    for line in commands:
        assert line
        words = re.findall(r'"[^"]*"|\S+', line)
        if words[:2] == ["request", "task"]:
            result = runner.invoke(
                app, ["request", "erase", "--identity", "email=ana@example.com", "--yes", "--json"]
            )
            if result.exit_code == 0:
                request = re.search(r'"id": "([0-9a-f]+)"', result.stdout)
                assert request
                words[2] = request[1]
            else:
                continue  # Nobody is left for the second answer.
        result = runner.invoke(app, [each.strip('"') for each in words])
        assert result.exit_code == 0, (line, result.output)
