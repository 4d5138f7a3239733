"""Whatever stores hold and however they fail, no value of theirs is written or said anywhere."""

import base64
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

MAIL = "zq-canary-77@example.com"
NAME = "Zqxavier Canarybird"
CARD = "4539 5787 6362 1486"
PASSWORD = "5f4dcc3b5aa765d61d8327deb882cf99"
KEY = "zq-canary-key"
CANARIES = (
    MAIL,
    "zq-canary-77",
    "Zqxavier",
    "Canarybird",
    CARD,
    CARD.replace(" ", ""),
    KEY,
    PASSWORD,
)
ROWS = 12_000
POLICY = """# Privacy policy

We collect your name and your email address.

Our payment processor handles payments: we never store your card number.

We protect your account with strong passwords.

We delete your data when you ask us to. You can ask for a copy of your data.
"""
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
[[policies]]
path = "policy.en.md"
language = "en"
[stores.app]
url = "sqlite:///app.sqlite"
[stores.shop]
url = "{shop}"
[stores.lake]
url = "file://{lake}"
[stores.down]
url = "postgresql://reader:zq-canary-key@127.0.0.1:1/app"
"""
KILLED = """
import os, signal, sys
from pathlib import Path
import kept.cli.map_full as full
from kept.cli.main import main

def tell(self, dataset, scanned):
    if str(dataset) == "app.people" and scanned.read >= 5_000 and scanned.ended is None:
        os.kill(os.getpid(), signal.SIGKILL)

full._Teller.tell = tell
sys.argv = ["kept", "map", "--full"]
main()
"""


def _sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE people (code TEXT PRIMARY KEY, name TEXT, mail TEXT, pw TEXT, note TEXT)"
            " WITHOUT ROWID"
        )
        connection.executemany(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?)",
            (
                (f"{KEY}-{n:06}", f"{NAME} {n}", f"{n}.{MAIL}", PASSWORD, f"card {CARD}, {NAME}")
                for n in range(ROWS)
            ),
        )
        connection.execute("CREATE TABLE odd (a TEXT, b BLOB)")
        connection.execute(
            "INSERT INTO odd VALUES (CAST(? AS TEXT), ?)",
            (b"\xff\xfe" + MAIL.encode(), b"\x00" + MAIL.encode()),
        )
        connection.execute(f"CREATE VIEW bad AS SELECT json_extract('{{{MAIL}', '$.a') AS a")
        connection.execute(f"CREATE TABLE listed (a TEXT DEFAULT '{MAIL}' CHECK (a <> '{NAME}'))")
        connection.commit()


def _shop(url: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS canaries")
        admin.execute("CREATE DATABASE canaries ENCODING 'SQL_ASCII' TEMPLATE template0")
        admin.execute("DROP ROLE IF EXISTS canary_looker")
        admin.execute("CREATE ROLE canary_looker LOGIN")
    shop = f"{url.rpartition('/')[0]}/canaries"
    with psycopg.connect(shop, autocommit=True) as filling:
        for statement in (
            "CREATE TABLE t (id int PRIMARY KEY, mail text, raw text)",
            f"INSERT INTO t VALUES (1, '{MAIL}', E'\\xff{NAME}')",
            "CREATE MATERIALIZED VIEW kept_copy AS SELECT * FROM t",
            "CREATE VIEW bad AS SELECT mail::int AS n FROM t",
            "CREATE SCHEMA closed",
            f"CREATE TABLE closed.t AS SELECT '{MAIL}'::text AS mail",
            "CREATE TABLE denied AS SELECT * FROM t",
            "GRANT SELECT ON t, bad, kept_copy TO canary_looker",
        ):
            filling.execute(statement)  # type: ignore[call-overload]  # literal enough for a test
    return shop.replace("postgres@", "canary_looker@")


def _lake(folder: Path) -> None:
    import polars as pl

    folder.mkdir()
    pl.DataFrame({"mail": [MAIL] * 500, "name": [NAME] * 500}).write_parquet(folder / "a.parquet")
    whole = (folder / "a.parquet").read_bytes()
    (folder / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (folder / "b.csv").write_bytes(f'mail,name\n{MAIL},{NAME}\n"{MAIL}'.encode() + b"\xff\n")
    (folder / "c.jsonl").write_text(f'{{"mail": "{MAIL}"}}\n{{"mail": "{MAIL}\n', encoding="utf-8")


@pytest.fixture
def company(tmp_path: Path, postgres_url: str) -> Iterator[Path]:
    folder = tmp_path / "company"
    folder.mkdir()
    (tmp_path / "temporary").mkdir()
    _sqlite(folder / "app.sqlite")
    _lake(folder / "lake")
    (folder / "kept.toml").write_text(
        SETTINGS.format(shop=_shop(postgres_url), lake=folder / "lake"), encoding="utf-8"
    )
    (folder / "policy.en.md").write_text(POLICY, encoding="utf-8")
    yield folder
    (folder / "app.sqlite").unlink()


def _run(company: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    environment: Mapping[str, str] = {
        **os.environ,  # noqa: TID251 - the process is given its own
        "TMPDIR": str(company.parent / "temporary"),
        "HOME": str(company.parent / "temporary"),
        "PYTHONWARNINGS": "default",
        "PYTHONFAULTHANDLER": "1",
    }
    return subprocess.run(command, cwd=company, env=environment, capture_output=True, check=False)


def _forms() -> dict[str, bytes]:
    forms: dict[str, bytes] = {}
    for canary in CANARIES:
        plain = canary.encode()
        forms |= {
            canary: plain,
            f"{canary} in capitals": canary.upper().encode(),
            f"{canary} as UTF-16": canary.encode("utf-16-le"),
            f"{canary} as hexadecimal": plain.hex().encode(),
            f"{canary} as base 64": base64.b64encode(plain).rstrip(b"=")[:-1],
        }
    return forms


def _nothing_in(told: bytes, where: str) -> None:
    for form, content in _forms().items():
        assert content not in told, f"{form} in {where}"


def _nothing_written(company: Path) -> None:
    ours = {company / "app.sqlite", company / "kept.toml"}
    looked = 0
    for path in [*company.rglob("*"), *(company.parent / "temporary").rglob("*")]:
        if path.is_file() and path not in ours and company / "lake" not in path.parents:
            _nothing_in(path.read_bytes(), str(path.relative_to(company.parent)))
            looked += 1
    assert looked >= 3


def test_maps_scans_and_checks_write_and_say_no_value(company: Path) -> None:
    kept = (sys.executable, "-c", "from kept.cli.main import main; main()")
    killed = _run(company, sys.executable, "-c", KILLED)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    _nothing_in(killed.stdout + killed.stderr, "a scan that was killed")
    _nothing_written(company)
    for command in (
        ("map", "--full", "--for", "1s"),
        ("map", "--full", "--json"),
        ("map", "--write", "--accept"),
        ("map", "--diff"),
        ("map", "--article30", "record.html"),
        ("check", "--json"),
        ("check", "--rows", "50", "--sarif", "kept.sarif", "--junit", "kept.xml"),
        ("doctor",),
        ("request", "access", "--identity", f"email=1.{MAIL}", "--plan"),
    ):
        done = _run(company, *kept, *command)
        said = done.stdout + done.stderr
        assert b"Traceback" not in said, said.decode()
        if command[0] == "request":
            # Whoever asks by an address said it: it is not to be written all the same.
            said = b""
        _nothing_in(said, " ".join(command))
        _nothing_written(company)
        if command == ("map", "--full", "--json"):
            assert done.returncode == 75, said.decode()
            told = {each["name"]: each for each in json.loads(done.stdout)["stores"]}
            unread = {name: {each["name"] for each in told[name]["unread"]} for name in told}
            assert {"closed", "denied"} <= unread["shop"]
            assert unread["lake"] == {"cut.parquet"}
            assert {each["name"] for each in told["shop"]["datasets"]} >= {"t", "kept_copy"}
            assert b"user.financial.credit_card" in done.stdout
