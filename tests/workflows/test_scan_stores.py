"""A full scan reads every row once, however often it is cut off, and keeps no value."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
from kept.runtime import Company, open_company
from kept.vocabulary.data_category import DataCategory
from kept.workflows.scan_stores import FRESH, Reading, ScanRun, scan_stores, scans_of

AT = datetime(2026, 8, 31, 1, 0, tzinfo=UTC)
NOTES = DatasetId("app", "notes")
CARD = "4111111111111111"
ROWS = 23_456
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
[stores.app]
url = "sqlite:///app.sqlite"
"""
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from kept.runtime import open_company
from kept.workflows.scan_stores import Reading, scan_stores

def tell(dataset, scanned):
    if scanned.read >= 10_000:
        os.kill(os.getpid(), signal.SIGKILL)

company = open_company(Path("kept.toml"))
scan_stores(Reading(
    stores=company.stores, catalogs={n: s.catalog() for n, s in company.stores.items()},
    rows={}, progress=company.scans, clock=lambda: datetime(2026, 8, 31, 0, 30, tzinfo=UTC),
    tell=tell,
))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept.toml").write_text(SETTINGS, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute(
            "CREATE TABLE notes (mail TEXT PRIMARY KEY, note TEXT, n INTEGER) WITHOUT ROWID"
        )
        connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?)",
            (
                (f"person{n:06}@example.com", CARD if n == ROWS - 1 else "fine", n)
                for n in range(ROWS)
            ),
        )
        connection.commit()
    return tmp_path


def _company(folder: Path) -> Company:
    return open_company(folder / "kept.toml", at=AT)


def _run(
    company: Company, at: datetime = AT, *, seconds: int | None = None
) -> tuple[ScanRun, list[Scanned]]:
    told: list[Scanned] = []
    done = scan_stores(
        Reading(
            stores=company.stores,
            catalogs={name: store.catalog() for name, store in company.stores.items()},
            rows={NOTES: ROWS},
            progress=company.scans,
            clock=lambda: at + timedelta(seconds=len(told)),
            until=None if seconds is None else at + timedelta(seconds=seconds),
            tell=lambda _, scanned: told.append(scanned),
        )
    )
    return done, told


def _last(company: Company) -> Scanned:
    last = company.scans.last(NOTES)
    assert last is not None
    return last


def _is_whole(scanned: Scanned) -> None:
    assert (scanned.read, scanned.rows, scanned.percent) == (ROWS, ROWS, 100)
    assert scanned.complete
    # Each row has a key of its own: as many as there are rows were seen, each once.
    assert scanned.found["mail"] == {DataCategory.USER_CONTACT_EMAIL: ROWS}
    assert scanned.found["note"] == {DataCategory.USER_FINANCIAL_CREDIT_CARD: 1}


def test_what_stands_in_the_last_row_alone_is_found_where_a_sample_misses_it(folder: Path) -> None:
    company = _company(folder)
    sample = company.stores["app"].sample("notes", ["note"])
    _run(company)
    assert sample.read < ROWS
    assert CARD not in sample.values["note"]
    _is_whole(_last(company))


def test_a_scan_whose_process_was_killed_goes_on_and_reads_each_row_once(folder: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=folder,
        env=dict(os.environ),  # noqa: TID251 - the process is given its own
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    company = _company(folder)
    before = _last(company)
    assert (before.read, before.ended, before.complete) == (10_000, None, False)
    done, told = _run(company)
    assert told[0].read == 15_000
    assert not done.left
    _is_whole(_last(company))


def test_nothing_of_a_value_is_in_our_database(folder: Path) -> None:
    company = _company(folder)
    _run(company, seconds=2)
    held = _last(company)
    assert "person009999@example.com" in held.after
    assert "person" not in repr(held)
    assert "person" not in str(held.as_json())
    _run(company)
    company.database.close()
    for file in (folder / ".kept").glob("kept.sqlite*"):
        content = file.read_bytes()
        assert b"@example.com" not in content
        assert b"person0" not in content
        assert CARD.encode() not in content


def test_a_time_that_is_up_ends_a_run_after_its_part_and_runs_add_up(folder: Path) -> None:
    company = _company(folder)
    runs = 0
    left: tuple[DatasetId, ...] = (NOTES,)
    while left:
        left = _run(company, seconds=1)[0].left
        runs += 1
    assert runs == 5
    _is_whole(_last(company))


def test_a_structure_that_changed_begins_anew_and_says_nothing_of_before(folder: Path) -> None:
    company = _company(folder)
    _run(company, seconds=1)
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    catalogs = {"app": company.stores["app"].catalog()}
    assert NOTES in scans_of(catalogs, company.scans)
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.execute("ALTER TABLE notes ADD COLUMN extra TEXT")
    catalogs = {"app": company.stores["app"].catalog()}
    assert NOTES not in scans_of(catalogs, company.scans)
    _, told = _run(company)
    assert min(each.read for each in told if each.rows) <= 5_000
    _is_whole(_last(company))


def test_a_place_whose_key_is_gone_begins_anew(folder: Path) -> None:
    company = _company(folder)
    _run(company, seconds=2)
    assert company.vault.destroy("scans")
    assert _last(company).after == ""
    assert _run(company)[1][0].read == 5_000
    _is_whole(_last(company))


def test_what_was_read_to_its_end_is_read_again_the_next_night_alone(folder: Path) -> None:
    company = _company(folder)
    _run(company)
    assert _run(company, AT + FRESH / 2)[1] == []
    assert len(_run(company, AT + 2 * FRESH)[1]) > 1
    _is_whole(_last(company))


def test_a_table_without_a_key_is_never_counted_twice(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "app.sqlite")) as connection:
        connection.execute("DROP TABLE notes")
        connection.execute("CREATE TABLE notes (mail TEXT)")
        connection.execute("INSERT INTO notes VALUES ('ana@example.com')")
        connection.commit()
    company = _company(folder)
    structure = _run(company)[1][-1]
    # A scan that was cut off where no place can be found again.
    company.scans.record(NOTES, replace(structure, read=1, ended=None, after=""))
    _run(company)
    assert _last(company).read == 1
    assert _last(company).found["mail"] == {DataCategory.USER_CONTACT_EMAIL: 1}


def test_values_cut_short_or_fields_not_read_leave_a_scan_incomplete() -> None:
    whole = Scanned(structure="", rows=1, read=1, begun=AT, at=AT, ended=AT)
    assert whole.complete
    assert not replace(whole, cut=1).complete
    assert not replace(whole, unreadable=("a",)).complete
    assert replace(whole, ended=None).percent == 99
