"""One card in very many rows: unproven by a part, broken by the full scan, the value never said."""

import json
import multiprocessing
import os
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kept.checks.scan import PART
from kept.cli.main import app
from kept.cli.map_full import WantedScan
from kept.runtime import now
from kept.storage.scan_lock import one_scan

CARD = "4111 1111 1111 1111"
ROWS = PART + 5_000
POLICY = """# Privacy policy

We collect your name and your email address.

Our payment processor handles payments: we never store your card number.
"""
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
timezone = "Europe/Berlin"
laws = ["eu-gdpr"]
[[policies]]
path = "policy.en.md"
language = "en"
[stores.app]
url = "sqlite:///app.sqlite"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "kept.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "policy.en.md").write_text(POLICY, encoding="utf-8")
    generator = random.Random(5)  # noqa: S311 - reproducible, not secret
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, order_number TEXT, note TEXT)"
        )
        connection.executemany(
            "INSERT INTO orders (order_number, note) VALUES (?, ?)",
            ((f"4{generator.randrange(10**15):015}", "left at the door") for _ in range(ROWS - 1)),
        )
        connection.execute("INSERT INTO orders (note) VALUES (?)", (f"charge {CARD} please",))
        connection.commit()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def _cards(*arguments: str) -> dict[str, Any]:
    result = _run("check", "--json", *arguments)
    assert "1111" not in result.stdout + result.stderr
    (found,) = {
        json.dumps(duty)
        for promise in json.loads(result.stdout)["verdicts"]
        for duty in promise["duties"]
        if duty["duty"] == "card-tokenisation"
    }
    told: dict[str, Any] = json.loads(found)
    return told


def test_one_card_in_very_many_rows_is_unproven_until_a_full_scan_has_found_it(
    folder: Path,
) -> None:
    before = _cards()
    assert before["verdict"] == "unproven"
    assert f"app.orders, {int(1_000 * PART / ROWS) / 10:g} % read" in before["reason"]
    assert before["coverage"]["rows_read"] == PART
    scan = _run("map", "--full", "--json")
    assert scan.exit_code == 0, scan.stderr
    after = _cards()
    assert after["verdict"] == "broken"
    # Order numbers that pass the check digit by chance stay silent: one row, in the note.
    assert [(each["field"], each["count"]) for each in after["findings"]] == [("note", 1)]
    # A scan is fresh for a day, and no longer.
    later = (now() + timedelta(days=2)).isoformat()
    assert _cards("--at", later)["verdict"] == "unproven"
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.execute("UPDATE orders SET note = 'paid' WHERE note LIKE 'charge%'")
        connection.commit()
    assert _cards()["verdict"] == "broken"
    assert "app.orders" not in _run("map", "--full", "--json").stderr
    assert f"app.orders: {ROWS} rows" in _run("map", "--full", "--again", "--json").stderr
    clean = _cards()
    assert clean["verdict"] == "kept"
    assert clean["coverage"]["datasets_fully_scanned"] == 1
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.execute("ALTER TABLE orders ADD COLUMN extra TEXT")
    assert _cards()["verdict"] == "unproven"


def _hold(folder: Path, held: Any, done: Any) -> None:  # noqa: ANN401 - multiprocessing's events
    at = datetime(2026, 8, 31, 1, 2, 3, tzinfo=UTC)
    with one_scan(folder / ".kept", pid=os.getpid(), at=at):
        held.set()
        done.wait(30)


def test_a_second_scan_is_told_who_scans_and_since_when_and_a_dead_owner_holds_nothing(
    folder: Path,
) -> None:
    making = multiprocessing.get_context("spawn")
    held, done = making.Event(), making.Event()
    owner = making.Process(target=_hold, args=(folder, held, done))
    owner.start()
    assert held.wait(30)
    refused = _run("map", "--full")
    assert refused.exit_code == 75
    assert "map.scan-under-way" in refused.stderr
    assert f"process {owner.pid}, since 2026-08-31 01:02:03 UTC" in refused.stderr
    owner.kill()
    owner.join(30)
    assert "since 2026" in (folder / ".kept" / "scan.lock").read_text()
    assert _run("map", "--full", "--for", "1s").exit_code == 0
    assert (folder / ".kept" / "scan.lock").read_text() == ""


def test_an_hour_ends_a_scan_the_next_time_that_it_strikes_where_the_controller_is() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 8, 31, 21, 0, tzinfo=UTC)
    morning = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    assert WantedScan(until=(6, 0)).ends(evening, berlin) == morning
    assert WantedScan(until=(6, 0)).ends(morning, berlin) == morning + timedelta(days=1)
    assert WantedScan(until=(23, 30)).ends(evening, berlin) == evening + timedelta(minutes=30)
    hour = timedelta(hours=1)
    assert WantedScan(lasting=hour, until=(6, 0)).ends(evening, berlin) == evening + hour
    assert WantedScan().ends(evening, berlin) is None


@pytest.mark.parametrize("hour", ["25:00", "6", "6:60", "six", "-1:00"])
def test_an_hour_that_is_none_is_refused(hour: str) -> None:
    refused = _run("map", "--full", "--until", hour)
    assert refused.exit_code == 2
    assert "map.unknown-scan" in refused.stderr
