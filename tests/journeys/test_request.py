import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CHINOOK = SHARED / "databases" / "chinook.sqlite"

pytestmark = pytest.mark.skipif(not CHINOOK.exists(), reason="the sample database is not there")

LUIS = "email=luisg@embraer.com.br"


@pytest.fixture
def chinook(tmp_path: Path) -> Path:
    """A company on a copy of the sample database, mapped and accepted as it was proposed."""
    shutil.copyfile(CHINOOK, tmp_path / "app.sqlite")
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Chinook"\nestablishment = "DE"\nlaws = ["eu-gdpr", "us-ca-ccpa"]\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    assert run(tmp_path, "map", "--write", "--accept").exit_code == 0
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def asked(folder: Path, *words: str) -> dict[str, object]:
    result = run(folder, "request", *words, "--json", "--at", "2026-08-31T10:00:00Z")
    assert result.exit_code == 0, result.output
    parsed: dict[str, object] = json.loads(result.stdout)
    return parsed


def dump(folder: Path) -> dict[str, set[tuple[object, ...]]]:
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {name: set(connection.execute(f'SELECT * FROM "{name}"')) for name in names}


def counts(answer: dict[str, object]) -> dict[str, tuple[int, int, int]]:
    return {
        each["dataset"]: (each["located"], each["erased"], each["blanked"])
        for each in answer["datasets"]  # type: ignore[attr-defined] - JSON
    }


def test_an_access_returns_the_customer_and_nothing_of_the_representative(chinook: Path) -> None:
    before = dump(chinook)
    answer = asked(chinook, "access", "--identity", LUIS)
    assert set(answer) >= {
        "id",
        "right",
        "state",
        "received_at",
        "due",
        "clock",
        "datasets",
        "tasks",
        "receipt",
    }
    assert (answer["right"], answer["state"], answer["due"]) == (
        "access",
        "fulfilled",
        "2026-09-30",
    )
    found = {name: located for name, (located, _, _) in counts(answer).items() if located}
    assert found == {"Customer": 1, "Invoice": 7, "InvoiceLine": 38}
    out = chinook / "out"
    export = ["request", "export", str(answer["id"]), "--out", str(out), "--at", "2026-09-01"]
    assert run(chinook, *export).exit_code == 0
    text = (out / "answer.json").read_text(encoding="utf-8")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "luisg@embraer.com.br" in text
    assert "luisg@embraer.com.br" in page
    for other in ("Peacock", "Jane", "jane@chinookcorp.com", "<script"):
        assert other not in text + page
    assert (out / "answer.json").stat().st_mode & 0o077 == 0
    assert dump(chinook) == before


@pytest.mark.parametrize("erasing", ["delete", "blank"])
def test_an_erasure_leaves_every_other_row_as_it_was(chinook: Path, erasing: str) -> None:
    datamap = chinook / "datamap.toml"
    text = datamap.read_text(encoding="utf-8")
    datamap.write_text(
        text.replace('on_erasure = "delete"', f'on_erasure = "{erasing}"'), encoding="utf-8"
    )
    before = dump(chinook)
    answer = asked(chinook, "erase", "--identity", LUIS)
    after = dump(chinook)
    mine = {"Customer": 1, "Invoice": 7, "InvoiceLine": 38}
    for name, rows in before.items():
        gone, new = rows - after[name], after[name] - rows
        if erasing == "delete":
            assert (len(gone), len(new)) == (mine.get(name, 0), 0)
        else:
            # The lines of an invoice hold nothing personal.
            changed = 0 if name == "InvoiceLine" else mine.get(name, 0)
            assert (len(gone), len(new)) == (changed, changed)
            assert {row[0] for row in gone} == {row[0] for row in new}
    with closing(sqlite3.connect(chinook / "app.sqlite")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        text_left = "\n".join(connection.iterdump())
    assert "luisg" not in text_left
    assert "Gonçalves" not in text_left
    erased = {name: (one, two) for name, (_, one, two) in counts(answer).items()}
    assert erased["Customer"] == ((1, 0) if erasing == "delete" else (0, 1))
    again = run(chinook, "request", "erase", "--identity", LUIS)
    assert again.exit_code == 2
    assert dump(chinook) == after


def test_a_receipt_verifies_offline(chinook: Path) -> None:
    answer = asked(chinook, "erase", "--identity", LUIS)
    receipt = chinook / "RECEIPT.json"
    receipt.write_text(json.dumps(answer["receipt"]), encoding="utf-8")
    key = chinook / ".kept" / "keys" / "log.pub"
    verified = CliRunner().invoke(app, ["receipt", "verify", str(receipt), "--key", str(key)])
    assert verified.exit_code == 0, verified.output
    assert run(chinook, "log", "verify").exit_code == 0


def test_a_plan_is_printed_and_nothing_happens(chinook: Path) -> None:
    before = dump(chinook)
    shown = run(chinook, "request", "erase", "--identity", LUIS, "--plan")
    assert shown.exit_code == 0
    assert "rows whose CustomerId is CustomerId of app.Customer" in shown.output
    assert "luisg" not in shown.output
    parsed = json.loads(run(chinook, "request", "access", "--plan", "--json").stdout)
    assert [step["dataset"] for step in parsed["stores"][0]["steps"]] == [
        "Customer",
        "Employee",
        "Invoice",
        "InvoiceLine",
    ]
    assert run(chinook, "request", "list").output.strip() == "no requests"
    assert dump(chinook) == before


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["erase", "--identity", "email=nobody@example.com"], 2, "plans.identity-unknown"),
        (["erase", "--identity", "nobody@example.com"], 2, "requests.identity-format"),
        (["erase", "--identity", "shoe=42"], 2, "requests.identity-format"),
        (["erase"], 2, "plans.identity-unusable"),
        (["access", "--identity", "email="], 2, "plans.identity-unusable"),
        (["access", "--identity", LUIS, "--at", "tomorrow"], 2, "requests.instant-format"),
        (["rectify", "--identity", LUIS], 2, "rights.not-supported"),
        (["show", "nothing"], 2, "storage.not-found"),
    ],
)
def test_what_cannot_be_done_is_one_object_on_standard_error(
    chinook: Path, words: list[str], status: int, code: str
) -> None:
    before = dump(chinook)
    result = run(chinook, "request", *words, "--json")
    assert result.exit_code == status
    error = json.loads(result.stderr.strip().splitlines()[-1])
    assert set(error) == {"code", "message", "remedy"}
    assert error["code"] == code
    assert "nobody@" not in result.output
    assert dump(chinook) == before


def test_two_people_with_one_mail_address_are_refused(chinook: Path) -> None:
    with closing(sqlite3.connect(chinook / "app.sqlite")) as connection:
        connection.execute(
            "UPDATE Customer SET Email = 'LUISG@embraer.com.br' WHERE CustomerId = 2"
        )
        connection.commit()
    before = dump(chinook)
    result = run(chinook, "request", "erase", "--identity", LUIS)
    assert result.exit_code == 2
    assert "more than one person" in result.stderr
    assert dump(chinook) == before
    answer = asked(chinook, "erase", "--identity", LUIS, "--identity", "name=Luís Gonçalves")
    assert counts(answer)["Customer"] == (1, 1, 0)
    assert any(row[0] == 2 for row in dump(chinook)["Customer"])


def test_a_desk_that_asks_for_more_than_an_operator_is_not_served_here(chinook: Path) -> None:
    config = chinook / "kept.toml"
    config.write_text(
        config.read_text(encoding="utf-8") + '[requests]\nidentity = "verified"\n',
        encoding="utf-8",
    )
    result = run(chinook, "request", "access", "--identity", LUIS, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["code"] == "requests.operator-not-enough"


@pytest.mark.parametrize("fault", ["missing", "locked", "read-only", "corrupt"])
def test_a_store_that_cannot_be_written_loses_nothing(chinook: Path, fault: str) -> None:
    store = chinook / "app.sqlite"
    before = dump(chinook)
    other = sqlite3.connect(store)
    if fault == "missing":
        store.rename(chinook / "away.sqlite")
    elif fault == "corrupt":
        store.write_bytes(b"no database at all" * 100)
    elif fault == "locked":
        other.execute("BEGIN EXCLUSIVE")
    else:
        config = chinook / "kept.toml"
        text = config.read_text(encoding="utf-8")
        config.write_text(
            text.replace(
                '"sqlite:///app.sqlite"',
                '"sqlite:///app.sqlite"\nwrite_url = "sqlite:///no.sqlite"',
            ),
            encoding="utf-8",
        )
    result = run(chinook, "request", "erase", "--identity", LUIS, "--json")
    other.close()
    assert result.exit_code in {2, 75}
    error = json.loads(result.stderr.strip().splitlines()[-1])
    assert error["remedy"]
    assert "Traceback" not in result.output
    if fault == "missing":
        (chinook / "away.sqlite").rename(store)
    if fault != "corrupt":
        assert dump(chinook) == before


def test_help_shows_examples_and_json_is_in_the_words_of_the_contract(chinook: Path) -> None:
    shown = CliRunner().invoke(app, ["request", "erase", "--help"])
    assert "kept request erase --identity" in shown.output
    listed = asked(chinook, "access", "--identity", LUIS)
    everything = json.loads(run(chinook, "request", "list", "--json").stdout)
    assert [each["id"] for each in everything["requests"]] == [listed["id"]]
    assert json.loads(run(chinook, "request", "show", str(listed["id"]), "--json").stdout) == listed
