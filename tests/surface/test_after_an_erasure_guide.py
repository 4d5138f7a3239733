import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli.main import app

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "after-an-erasure.md"


def test_every_command_of_the_guide_to_what_follows_an_erasure_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.executescript(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, city TEXT);"
            "INSERT INTO customer VALUES (1, 'ana@example.com', 'Oslo');"
        )
    text = GUIDE.read_text(encoding="utf-8")
    (settings,) = re.findall(r"```toml\n(.+?)```", text, re.DOTALL)
    # A replay from further back than backups are kept is refused, as the guide says.
    settings = settings.replace("35 days", "9 years")
    (tmp_path / "kept.toml").write_text(
        f'[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n{settings}'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    (tmp_path / "datamap.toml").write_text(
        '[stores.app.datasets.customer]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n'
        '[stores.app.datasets.customer.fields]\ncity = { categories = ["user.contact.address.city"] }\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^\$ kept (.+)$", text, re.MULTILINE)
    assert len(commands) >= 8
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command), catch_exceptions=False)
        assert result.exit_code == 0, (command, result.output)
