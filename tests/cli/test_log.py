"""``kept log`` tells a log that holds from one that was touched, and says what it cannot tell."""

import base64
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.evidence.checkpoint import read_note
from kept.evidence.consistency import read_consistency
from kept.evidence.entry import Entry
from kept.evidence.key import SigningKey
from kept.evidence.keyring import Keyring
from kept.evidence.receipt import read_receipt, verify
from kept.evidence.witness import WitnessKey, cosignature_message
from kept.runtime import Company, open_company

AT = datetime(2026, 5, 1, tzinfo=UTC)
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
"""


@dataclass
class Shown:
    """A company with a log, and the commands that speak of it."""

    config: Path

    @property
    def company(self) -> Company:
        return open_company(self.config)

    def append(self, first: int, count: int, group: int = 10) -> None:
        company = self.company
        for start in range(first, first + count, group):
            entries = [
                Entry(type="sweep", at=AT, operation=f"op-{each}", body={"erased": each})
                for each in range(start, min(start + group, first + count))
            ]
            company.log.append(entries, AT)
        company.database.close()

    def run(self, *arguments: str) -> Result:
        result = CliRunner().invoke(app, ["log", *arguments, "--config", str(self.config)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    def verified(self, *arguments: str) -> dict[str, object]:
        result = self.run("verify", "--json", *arguments)
        value: dict[str, object] = json.loads(result.stdout)
        assert result.exit_code == (0 if value["ok"] else 1)
        return value

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        self.company.database.close()
        path = self.config.parent / ".kept" / "kept.sqlite"
        with closing(sqlite3.connect(path)) as connection, connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    config = tmp_path / "kept.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    made = Shown(config)
    made.append(0, 25)
    yield made
    made.company.database.close()


def test_a_log_that_holds_is_said_to_hold_and_what_nobody_can_tell_is_said(shown: Shown) -> None:
    result = shown.run("verify")
    assert result.exit_code == 0
    assert "25 entries, 3 checkpoints: all of it holds, signed by example-cloud/" in result.stdout
    assert "cannot tell whether entries were cut off" in result.stdout
    value = shown.verified()
    assert (value["ok"], value["truncation"], value["outside"]) == (True, "cannot-tell", None)


def test_a_checkpoint_or_receipt_kept_elsewhere_shows_that_the_log_was_rolled_back(
    shown: Shown, tmp_path: Path
) -> None:
    state, before = tmp_path / ".kept", tmp_path / "before"
    shown.company.database.close()
    shutil.copytree(state, before)
    shown.append(25, 10)
    assert shown.run("checkpoint", "--to", str(tmp_path / "usb")).exit_code == 0
    receipt = tmp_path / "receipt.json"
    assert shown.run("prove", "op-30", "--out", str(receipt)).exit_code == 0
    shown.company.database.close()
    # Everything is set back, the folder of checkpoints too: nothing on this disk shows it.
    shutil.rmtree(state)
    shutil.copytree(before, state)
    assert shown.verified()["truncation"] == "cannot-tell"
    for kept in (tmp_path / "usb", receipt):
        found = shown.verified("--against", str(kept))
        assert (found["ok"], found["first_bad"], found["truncation"]) == (False, 25, "detected")
        told = shown.run("verify", "--against", str(kept))
        assert "at entry 25: log is shorter than a checkpoint kept elsewhere" in told.stdout


def test_the_database_alone_set_back_is_caught_by_the_checkpoint_beside_it(shown: Shown) -> None:
    assert shown.run("checkpoint").exit_code == 0
    shown.sql('DELETE FROM kept_entry WHERE "index" >= 20')
    shown.sql("DELETE FROM kept_checkpoint WHERE size > 20")
    shown.sql("DELETE FROM kept_node WHERE position >= 38")
    found = shown.verified()
    assert (found["ok"], found["first_bad"], found["truncation"]) == (False, 20, "detected")


def test_what_a_checkpoint_kept_elsewhere_vouches_for_is_said(shown: Shown, tmp_path: Path) -> None:
    shown.run("checkpoint", "--to", str(tmp_path / "usb"))
    shown.append(25, 5)
    assert "before entry 25" in shown.run("verify").stdout
    assert shown.verified()["outside"] == 25


def test_a_receipt_of_any_entry_is_proved_by_number_and_by_operation(
    shown: Shown, tmp_path: Path
) -> None:
    key = shown.company.vault.published_keys()
    by_number = read_receipt(shown.run("prove", "7").stdout)
    assert by_number == read_receipt(shown.run("prove", "op-7").stdout)
    assert verify(by_number, key).ok
    for nobody in ("25", "op-99", "-1", "9" * 40, "٣"):
        assert shown.run("prove", "--", nobody).exit_code == 2
    assert shown.run("prove").exit_code == 2
    assert shown.run("prove", "7", "--out", str(tmp_path / "no" / "where")).exit_code == 2


def test_that_the_log_only_grew_is_proved_from_what_somebody_kept(
    shown: Shown, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(shown.run("checkpoint").stdout, encoding="utf-8")
    shown.append(25, 7)
    key = shown.company.vault.published_keys()
    assert key is not None
    grown = read_consistency(shown.run("prove", "--since", str(kept)).stdout)
    assert grown.holds(key)
    assert read_note(grown.new).checkpoint.size == 32
    assert not read_consistency(grown.to_text().replace(grown.new[-9:-3], "AAAAAA")).holds(key)
    other = SigningKey(key.name, bytes(32)).public
    assert not grown.holds(other)


def test_an_archive_is_verified_without_a_database(shown: Shown, tmp_path: Path) -> None:
    archive, page = tmp_path / "log.jsonl", tmp_path / "keys.txt"
    assert shown.run("export", str(archive)).exit_code == 0
    page.write_text(shown.run("keys").stdout, encoding="utf-8")
    there = ["--archive", str(archive)]
    found = shown.verified(*there, "--key", str(page))
    assert (found["ok"], found["entries"], found["checkpoints"]) == (True, 25, 3)
    # Its own word for its keys is not enough.
    assert shown.verified(*there)["signer"] == "unverified"
    whole = archive.read_text(encoding="utf-8")
    for damaged, first in (
        (whole.replace('erased\\":17', 'erased\\":18'), 10),
        ("".join(each for each in whole.splitlines(True) if '"index":17,' not in each), 17),
    ):
        assert damaged != whole
        archive.write_text(damaged, encoding="utf-8")
        found = shown.verified(*there, "--key", str(page))
        assert (found["ok"], found["first_bad"]) == (False, first)
    for rubbish in (
        "",
        "x",
        '{"kept_log":1}\n',
        whole[:-5],
        whole.replace('{"index"', '{ "index"'),
    ):
        archive.write_text(rubbish, encoding="utf-8")
        assert shown.run("verify", *there, "--key", str(page)).exit_code == 2


def test_a_key_that_is_rotated_leaves_every_receipt_good(shown: Shown) -> None:
    before = read_receipt(shown.run("prove", "3").stdout)
    first = shown.company.vault.public_key()
    assert shown.run("rotate").exit_code == 0
    shown.append(26, 4)
    after = read_receipt(shown.run("prove", "op-27").stdout)
    assert before.key_id != after.key_id
    page = Keyring.parse(shown.run("keys").stdout)
    assert verify(before, page).ok
    assert verify(after, page).ok
    assert not verify(after, first).ok
    # The last thing that the old key signed names the new one.
    handed = read_receipt(shown.run("prove", "25").stdout)
    assert verify(handed, first).ok
    assert handed.entry.body["key"] == str(page.current)
    assert shown.verified()["ok"] is True
    listed = json.loads(shown.run("keys", "--json").stdout)["keys"]
    assert [(each["first"], each["last"]) for each in listed] == [(0, 26), (27, None)]


def test_a_witness_is_accepted_shown_and_never_invented(shown: Shown, tmp_path: Path) -> None:
    secret = SigningKey("witness.example.org", bytes([5]) * 32)
    key = WitnessKey(secret.name, secret.public.raw)
    note = shown.run("checkpoint").stdout
    cosigned, page = tmp_path / "cosigned.checkpoint", tmp_path / "witness.pub"
    page.write_text(f"{key}\n", encoding="utf-8")
    cosigned.write_text(note, encoding="utf-8")
    given = ["witness", str(cosigned), "--witness-key", str(page)]
    assert shown.run(*given).exit_code == 1
    assert shown.verified()["witnesses"] == []

    at = 1_800_000_000
    raw = key.id + at.to_bytes(8, "big")
    raw += secret.sign(cosignature_message(read_note(note).text, at))
    line = f"\u2014 {key.name} {base64.b64encode(raw).decode()}\n"
    cosigned.write_text(note + line, encoding="utf-8")
    assert shown.run(*given).exit_code == 0
    seen = [{"name": key.name, "size": 25, "at": "2027-01-15T08:00:00+00:00"}]
    assert shown.verified()["witnesses"] == seen
    assert f"{key.name} had seen 25 entries" in shown.run("verify").stdout
    # What is published from then on carries the witness's word.
    assert shown.run("checkpoint").stdout == note + line


def test_files_that_are_nothing_are_refused_and_named(shown: Shown, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.checkpoint"
    rubbish.write_bytes(b"\xff\x00")
    for path in (rubbish, tmp_path / "missing", tmp_path):
        result = shown.run("verify", "--against", str(path), "--json")
        assert result.exit_code == 2
        assert json.loads(result.stderr)["code"] == "evidence.file"
    result = shown.run("verify", "--key", str(rubbish))
    assert result.exit_code == 2


def test_a_checkpoint_of_another_log_is_not_taken_for_this_ones(
    shown: Shown, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "kept.toml"
    other.parent.mkdir()
    other.write_text(SETTINGS, encoding="utf-8")
    elsewhere = Shown(other)
    elsewhere.append(0, 5)
    kept = tmp_path / "other.checkpoint"
    kept.write_text(elsewhere.run("checkpoint").stdout, encoding="utf-8")
    found = shown.verified("--against", str(kept))
    assert found["ok"] is False
    assert found["flaw"] == "checkpoint-kept-elsewhere-is-not-signed-by-the-logs-key"
    elsewhere.company.database.close()


SAMPLES = 1_000
_TABLES = (
    ("kept_entry", '"index"', ("leaf", "operation", "tree_size")),
    ("kept_node", "position", ("hash",)),
    ("kept_checkpoint", "size", ("note",)),
)


def bent(value: object, chance: random.Random) -> object:
    """Return a value with one byte changed, in the type that the column has."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(10)
    content = bytearray(value if isinstance(value, bytes) else str(value).encode())
    # An operation that another entry has is no change that the database would take.
    place = 0 if content.startswith(b"op-") else chance.randrange(len(content))
    # A text stays one: what is no text does not come out of the database at all.
    most = 255 if isinstance(value, bytes) else 7
    content[place] ^= chance.randint(1, most)
    return bytes(content) if isinstance(value, bytes) else content.decode(errors="replace")


def tampered(connection: sqlite3.Connection, chance: random.Random) -> str:
    """Do one thing to the log that whoever holds the file can do; return what."""
    table, place, columns = chance.choice(_TABLES)
    places = [each for (each,) in connection.execute(f"SELECT {place} FROM {table}")]
    one, other = chance.sample(places, 2)
    column = chance.choice(columns)
    read = f"SELECT {column} FROM {table} WHERE {place} = ?"
    write = f"UPDATE {table} SET {column} = ? WHERE {place} = ?"
    (value,) = connection.execute(read, [one]).fetchone()
    kind = chance.choice(["change", "change", "change", "remove", "reorder", "insert"])
    if kind == "remove":
        connection.execute(f"DELETE FROM {table} WHERE {place} = ?", [one])
    elif kind == "reorder":
        for at, to in ((one, -1), (other, one), (-1, other)):
            connection.execute(f"UPDATE {table} SET {place} = ? WHERE {place} = ?", [to, at])
    elif kind == "insert":
        fresh = max(places) + 1
        row = connection.execute(f"SELECT * FROM {table} WHERE {place} = ?", [one]).fetchone()
        row = [
            fresh if each == one else f"{each}+" if each == f"op-{one}" else each for each in row
        ]
        marks = ",".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    else:
        connection.execute(write, [bent(value, chance), one])
    return f"{kind} {table}.{column} at {one}"


def test_a_thousand_changes_of_a_log_of_a_thousand_entries_are_all_found(
    shown: Shown, tmp_path: Path
) -> None:
    shown.append(25, 975)
    assert shown.verified()["entries"] == 1_000
    chance = random.Random(6)  # noqa: S311 - a sample, no secret
    path = tmp_path / ".kept" / "kept.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        whole = rows(connection)
        for number in range(SAMPLES):
            what = tampered(connection, chance)
            connection.commit()
            result = shown.run("verify", "--json")
            assert result.exit_code == 1, f"{number}: {what}"
            assert json.loads(result.stdout)["flaw"], f"{number}: {what}"
            put_back(connection, whole)
    assert shown.verified()["ok"] is True


def rows(connection: sqlite3.Connection) -> dict[str, set[tuple[object, ...]]]:
    return {
        table: set(connection.execute(f"SELECT * FROM {table}").fetchall())
        for table, _, _ in _TABLES
    }


def put_back(connection: sqlite3.Connection, whole: dict[str, set[tuple[object, ...]]]) -> None:
    """Make the log's rows again what they were."""
    now = rows(connection)
    for table, place, _ in _TABLES:
        for row in now[table] - whole[table]:
            connection.execute(f"DELETE FROM {table} WHERE {place} = ?", [row[0]])
        for row in whole[table] - now[table]:
            marks = ",".join("?" * len(row))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    connection.commit()
