"""After a request ended, our own database, its journals and the packages hold nobody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.runtime import now, open_company

PLANTED = "zerah.quillfeather@example.com"
NAME = "Zerah Quillfeather"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.executescript(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);"
            f"INSERT INTO customer VALUES (1, '{PLANTED}', '{NAME}'), (2, 'bo@example.com', 'Bo');"
        )
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Shop"\nestablishment = "DE"\nlaws = ["eu-gdpr"]\n'
        '[requests]\nbackups_kept = "35 days"\n[stores.app]\nurl = "sqlite:///app.sqlite"\n'
        '[[recipients]]\nname = "Mailer"\nrole = "processor"\n',
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
    result = CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])
    assert result.exit_code == 0, result.output
    return result


def own_files(folder: Path) -> Iterator[Path]:
    yield from (path for path in (folder / ".kept").rglob("*") if path.is_file())


def holders(folder: Path) -> list[str]:
    wanted = [text.encode(code) for text in (PLANTED, NAME) for code in ("utf-8", "utf-16-le")] + [
        PLANTED.upper().encode(),
        PLANTED.encode().hex().encode(),
    ]
    return [
        path.name
        for path in own_files(folder)
        for content in [path.read_bytes()]
        if any(each in content for each in wanted)
    ]


def test_no_identifier_is_left_in_the_database_its_journals_or_the_packages(shop: Path) -> None:
    identity = ("--identity", f"email={PLANTED}")
    run(shop, "hold", "add", "--reason", "case", "--source", "7 O 1/26", *identity)
    run(shop, "request", "access", *identity)
    run(shop, "request", "erase", *identity, "--yes")
    (hold,) = open_company(shop / "kept.toml").holds.listed()
    run(shop, "hold", "end", hold.id)
    run(shop, "request", "erase", *identity, "--yes")
    files = {path.name for path in own_files(shop)}
    assert "kept.sqlite" in files
    assert any(name.endswith(".package") for name in files)
    assert holders(shop) == []


def test_packages_and_the_list_of_erasures_end_with_their_time(shop: Path) -> None:
    long_ago = (now() - timedelta(days=60)).isoformat()
    identity = ("--identity", f"email={PLANTED}")
    run(shop, "request", "access", *identity, "--at", long_ago)
    run(shop, "request", "erase", *identity, "--yes", "--at", long_ago)
    assert any(path.suffix == ".package" for path in own_files(shop))
    company = open_company(shop / "kept.toml")
    assert company.erasures.count() == 2
    run(shop, "request", "expire")
    assert not any(path.suffix == ".package" for path in own_files(shop))
    assert company.erasures.count() == 0
