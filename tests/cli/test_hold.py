import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.executescript(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);"
            "INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo');"
        )
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    (tmp_path / "datamap.toml").write_text(
        '[stores.app.datasets.customer]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n'
        '[stores.app.datasets.customer.fields]\nname = { categories = ["user.name"] }\n',
        encoding="utf-8",
    )
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


WHY = ("--reason", "lawsuit", "--source", "case 7 O 12/26")


def test_a_hold_is_added_obeyed_ended_and_witnessed(shop: Path) -> None:
    added = run(shop, "hold", "add", *WHY, "--identity", "email=ana@example.com", "--json")
    assert added.exit_code == 0, added.output
    hold = json.loads(added.stdout)
    assert (hold["identifiers"], hold["reason"]) == (1, "lawsuit")
    erase = ("request", "erase", "--identity", "email=ANA@example.com", "--yes")
    answer = json.loads(run(shop, *erase, "--json").stdout)
    assert answer["state"] == "requires_action"
    assert answer["datasets"][0]["retained"][0]["reason"] == "legal hold: lawsuit"
    ended = run(shop, "hold", "end", hold["id"])
    assert answer["id"] in ended.stdout
    assert json.loads(run(shop, *erase, "--json").stdout)["state"] == "fulfilled"
    assert run(shop, "hold", "list").stdout == "no holds\n"
    assert hold["id"] in run(shop, "hold", "list", "--all").stdout
    verified = json.loads(run(shop, "log", "verify", "--json").stdout)
    assert (verified["ok"], verified["entries"]) == (True, 4)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "holds.empty"),
        (WHY, "holds.empty"),
        ((*WHY, "--identity", "email="), "holds.empty"),
        ((*WHY, "--row", "id=1"), "holds.empty"),
        ((*WHY, "--dataset", "app.custmer"), "requests.dataset-format"),
        ((*WHY, "--dataset", "'; drop table"), "requests.dataset-format"),
        ((*WHY, "--dataset", "app.customer", "--row", "nmae=Ana"), "holds.row-format"),
        ((*WHY, "--dataset", "app.customer", "--since", "someday"), "requests.instant-format"),
        (("--reason", "of ana@example.com", "--source", "x", "--dataset", "app.*"), "evidence."),
    ],
)
def test_a_hold_that_would_hold_nothing_is_refused(
    shop: Path, words: tuple[str, ...], code: str
) -> None:
    result = run(shop, "hold", "add", *words, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["code"].startswith(code)
    assert "ana@example.com" not in result.output
    assert json.loads(run(shop, "hold", "list", "--json").stdout) == {"holds": []}


def test_a_plan_shows_what_a_hold_keeps(shop: Path) -> None:
    plan = ("request", "erase", "--identity", "email=ana@example.com", "--plan")
    assert "lawsuit" not in run(shop, *plan).stdout
    run(shop, "hold", "add", *WHY, "--identity", "email=ana@example.com")
    assert "legal hold: lawsuit" in run(shop, *plan).stdout
    other = ("request", "erase", "--identity", "email=bo@example.com", "--plan")
    assert "lawsuit" not in run(shop, *other).stdout
