import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

CARD = "4111 1111 1111 1111"
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
[stores.app]
url = "sqlite:///app.sqlite"
[stores.other]
url = "sqlite:///other.sqlite"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "kept.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("app", "other"):
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as connection:
            connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT)")
            connection.executemany(
                "INSERT INTO notes (note) VALUES (?)", [(f"fine {n}",) for n in range(12_000)]
            )
            connection.execute(
                "INSERT INTO notes (note) VALUES (?)", (f"please charge {CARD}, thanks",)
            )
            connection.commit()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["map", *arguments], catch_exceptions=False)


def _scanned(result: Result) -> dict[str, Any]:
    told = json.loads(result.stdout)
    return {store["name"]: store["datasets"][0]["scanned"] for store in told["stores"]}


def test_a_full_scan_finds_inside_a_text_what_no_sample_saw_and_later_maps_still_say_so() -> None:
    first = _run("--full", "--json")
    assert first.exit_code == 0, first.stderr
    assert "app.notes: 12001 rows, 100 %" in first.stderr
    for told in (_scanned(first), _scanned(_run("--json"))):
        for each in told.values():
            assert (each["rows"], each["read"], each["complete"]) == (12_001, 12_001, True)
            assert each["found"] == {"note": {"user.financial.credit_card": 1}}
    shown = _run().stdout
    assert "full scan: 100 % of the rows read by " in shown
    assert "full scan: user.financial.credit_card by its form in 1 rows of note" in shown
    assert CARD not in shown + first.stdout + first.stderr


def test_a_scan_of_one_store_leaves_the_others() -> None:
    told = _scanned(_run("--full", "--store", "other", "--for", "1h", "--json"))
    assert told["app"] is None
    assert told["other"]["complete"]


@pytest.mark.parametrize(
    "options",
    [["--store", "app"], ["--for", "1h"], ["--full", "--store", "no"], ["--full", "--for", "soon"]],
)
def test_options_that_make_no_scan_are_refused_before_anything_is_read(options: list[str]) -> None:
    refused = _run(*options)
    assert refused.exit_code == 2
    assert "map.unknown-scan" in refused.stderr


def test_a_scan_that_cannot_be_remembered_is_refused(folder: Path) -> None:
    (folder / ".kept").write_text("no folder", encoding="utf-8")
    assert _run("--full").exit_code != 0
