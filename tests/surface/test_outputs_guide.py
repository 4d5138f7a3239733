import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli.main import app
from kept.testing.invented_company import email, first, last, own, write_company

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "outputs.md"
SCHEMA = "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, first TEXT, last TEXT);"


def _kept(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_every_command_of_the_guide_to_outputs_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_company(tmp_path / "app.sqlite", SCHEMA, {"people": (20, [own, email, first, last])})
    (tmp_path / "policy.md").write_text("# Privacy\n\nWe collect your name.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    _kept("init", "--policy", "policy.md", "--store", "app=sqlite:///app.sqlite", "--yes")
    commands = re.findall(r"^\$ kept (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        if "--fides-in" in command:
            # What was written is what somebody else's file would be.
            (tmp_path / "fides" / "app.dataset.yml").rename("app.dataset.yml")
            (tmp_path / "fides" / "app.system.yml").rename("shop.system.yml")
        _kept(*shlex.split(command))
    for name in ("record.html", "record.csv", "record.json", "record.jsonld"):
        assert (tmp_path / name).stat().st_size > 0
