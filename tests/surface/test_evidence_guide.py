import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli.main import app
from kept.evidence.entry import Entry
from kept.runtime import now, open_company

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "evidence.md"


def test_every_command_of_the_guide_to_the_evidence_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    company = open_company(Path("kept.toml"))
    company.log.append([Entry(type="sweep", at=now(), operation="sweep-1")], now())
    commands = re.findall(r"^\$ kept (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) >= 12
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
        assert result.exit_code == 0, (command, result.output)
    assert "all of it holds" in CliRunner().invoke(app, ["log", "verify"]).stdout
    company.database.close()
