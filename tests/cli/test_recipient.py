import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.runtime import open_company

ANA = "ana@example.com"
AT = "2026-08-31T09:00:00Z"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.executescript(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);"
            f"INSERT INTO customer VALUES (1, '{ANA}', 'Ana'), (2, 'bo@example.com', 'Bo');"
        )
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\ncontact = "privacy@example.com"\nestablishment = "DE"\n'
        'laws = ["eu-gdpr"]\n[stores.app]\nurl = "sqlite:///app.sqlite"\nsystem = "Web shop"\n'
        '[[policies]]\npath = "policy.md"\n'
        '[[recipients]]\nname = "Mailer"\nrole = "processor"\ncontact = "dpo@mailer.example"\n'
        '[[recipients]]\nname = "Carrier"\nrole = "controller"\nsystems = ["Web shop"]\n'
        '[[recipients]]\nname = "Payroll"\nrole = "processor"\nabout = ["staff"]\n',
        encoding="utf-8",
    )
    (tmp_path / "policy.md").write_text("# Privacy\n\nWe erase your data when you ask.\n")
    (tmp_path / "datamap.toml").write_text(
        '[stores.app.datasets.customer]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { email = "email" }\n'
        '[stores.app.datasets.customer.fields]\nname = { categories = ["user.name"] }\n',
        encoding="utf-8",
    )
    return tmp_path


def run(folder: Path, *words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])
    assert result.exit_code == status, result.output
    return result


def erased(folder: Path) -> dict[str, object]:
    words = ("--identity", f"email={ANA}", "--yes", "--json", "--at", AT)
    answer: dict[str, object] = json.loads(run(folder, "request", "erase", *words).stdout)
    return answer


def test_each_recipient_of_what_was_erased_is_queued_told_and_confirms(shop: Path) -> None:
    answer = erased(shop)
    said = {(each["recipient"], each["way"]) for each in answer["recipients"]}  # type: ignore[attr-defined] - JSON
    assert said == {("Mailer", "mail"), ("Carrier", "task")}
    body = answer["receipt"]["entry"]["body"]  # type: ignore[index] - JSON
    assert body["recipients"] == answer["recipients"]
    missing = json.loads(run(shop, "recipient", "list", "--missing", "--json").stdout)["notices"]
    # A controller answers for itself: its silence does not count.
    assert [each["recipient"] for each in missing] == ["Mailer"]
    notice = missing[0]["id"]
    told = run(shop, "recipient", "tell", notice, "--out", str(shop / "out"), "--at", AT)
    text = (shop / "out" / f"{notice}.txt").read_text(encoding="utf-8")
    assert text.count(ANA) == 3
    assert all(word in text for word in ("Art. 19", "RGPD, art. 19", "المادة 19", "Web shop"))
    assert (shop / "out" / f"{notice}.txt").stat().st_mode & 0o077 == 0
    assert ANA not in told.output
    assert (
        open_company(shop / "kept.toml").notices.missing(open_company(shop / "kept.toml").now) == 1
    )
    run(shop, "recipient", "confirm", notice)
    run(shop, "recipient", "confirm", notice)
    assert (
        open_company(shop / "kept.toml").notices.missing(open_company(shop / "kept.toml").now) == 0
    )
    assert run(shop, "recipient", "list", "--missing").stdout == "no notices\n"
    run(shop, "recipient", "tell", notice, "--out", str(shop / "out"), status=2)
    verified = json.loads(run(shop, "log", "verify", "--json").stdout)
    assert (verified["ok"], verified["entries"]) == (True, 3)


def test_the_person_is_told_in_three_languages_what_stays_and_who_is_told(shop: Path) -> None:
    run(
        *(shop, "hold", "add", "--reason", "lawsuit", "--source", "case 7 O 12/26"),
        *("--dataset", "app.customer", "--at", AT),
    )
    held = erased(shop)
    out = shop / "letter"
    run(shop, "request", "export", str(held["id"]), "--out", str(out))
    texts = {code: (out / f"answer.{code}.txt").read_text("utf-8") for code in ("en", "fr", "ar")}
    assert all("lawsuit (case 7 O 12/26)" in text for text in texts.values())
    assert "in part" in texts["en"]
    assert "en partie" in texts["fr"]
    assert "جزئيًا" in texts["ar"]
    # Nothing was erased: nobody else has to erase anything.
    assert held["recipients"] == []
