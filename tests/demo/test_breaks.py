"""Each violation is planted in one place and nowhere else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kept.demo.company import company, write_company
from kept.demo.tamarisk.breaks import BREAKS, Site
from kept.testing import violations
from kept.testing.violations import NothingToBreakError
from kept.vocabulary.duty import Duty

NOW = datetime(2026, 11, 22, 4, 0, 5, tzinfo=UTC)
IN_THE_STORE = sorted(set(BREAKS) - {Duty.RIGHT_ACCESS, Duty.POLICY_VERSION})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write_company(company("tamarisk"), tmp_path, now=NOW)
    return Site(directory=tmp_path, now=NOW, erase=lambda address: _forget(tmp_path, address))


def _forget(folder: Path, address: str) -> None:
    with closing(sqlite3.connect(folder / "data" / "app.sqlite")) as connection, connection:
        connection.execute("DELETE FROM newsletter WHERE email = ?", (address,))


def _tables(site: Site) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(site.store)) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()
            for name in names
        }


def _changed(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name


@pytest.mark.parametrize("duty", IN_THE_STORE)
def test_a_violation_changes_the_table_that_it_names_and_no_other(site: Site, duty: Duty) -> None:
    before = _tables(site)
    planted = BREAKS[duty](site)
    assert planted.duty is duty
    assert planted.count >= 1
    assert list(_changed(before, _tables(site))) == [planted.dataset]


@pytest.mark.parametrize("duty", IN_THE_STORE)
def test_a_violation_keeps_every_foreign_key_valid(site: Site, duty: Duty) -> None:
    BREAKS[duty](site)
    with closing(sqlite3.connect(site.store)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_leaving_a_field_out_of_answers_keeps_the_comments_of_the_map(site: Site) -> None:
    datamap = site.directory / "datamap.toml"
    before = datamap.read_text().splitlines()
    BREAKS[Duty.RIGHT_ACCESS](site)
    after = datamap.read_text().splitlines()
    changed = [line for line in after if line not in before]
    assert len(after) == len(before)
    assert changed == [line for line in changed if "disclosed = false" in line]
    assert len(changed) == 1


def test_a_silent_edit_leaves_the_date_as_it_was(site: Site) -> None:
    policy = site.directory / "policy.en.md"
    before = policy.read_text().splitlines()
    BREAKS[Duty.POLICY_VERSION](site)
    after = policy.read_text().splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    assert [line for line in before if "updated" in line] == [
        line for line in after if "updated" in line
    ]


def test_what_is_not_there_cannot_be_broken_and_nothing_changes(site: Site, tmp_path: Path) -> None:
    before = site.store.read_bytes()
    with pytest.raises(NothingToBreakError):
        violations.clear_values(site.store, table="regions", column="city", values=["x"] * 9)
    with pytest.raises(NothingToBreakError):
        violations.weak_hashes(tmp_path / "absent.sqlite", table="a", column="b", rows=1)
    with pytest.raises(NothingToBreakError):
        violations.silent_edit(site.directory / "policy.en.md", old="nobody says this", new="")
    with pytest.raises(NothingToBreakError):
        violations.left_out_of_answers(
            site.directory / "datamap.toml",
            name="app",
            store=site.store,
            table="ghosts",
            column="name",
        )
    assert site.store.read_bytes() == before
    assert not (tmp_path / "absent.sqlite").exists()
