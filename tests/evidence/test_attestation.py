"""A statement that people make names a role, runs out, and is in the log like anything else."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kept.cli.main import app
from kept.evidence.attestation import REMIND, Attestation, Standing, standing_statements
from kept.evidence.entry import Entry
from kept.evidence.errors import EntryRefusedError
from kept.runtime import open_company

AT = datetime(2026, 5, 1, tzinfo=UTC)
SETTINGS = """
[controller]
name = "Example Cloud"
contact = "privacy@example.com"
establishment = "DE"
laws = ["eu-gdpr"]
"""


def statement(**changed: object) -> Attestation:
    given: dict[str, object] = {
        "subject": "staff-training",
        "owner": "privacy-officer",
        "made": AT.date(),
        "every_days": 365,
    }
    return Attestation(**{**given, **changed})  # type: ignore[arg-type]  # hostile values too


@given(st.integers(1, 3_700), st.integers(0, 4_000))
def test_it_stands_to_its_last_day_and_its_owner_is_reminded_before(days: int, later: int) -> None:
    made = statement(every_days=days)
    today = made.made + timedelta(days=later)
    standing = made.standing(today)
    assert (standing is Standing.EXPIRED) == (today > made.expires)
    assert (standing is Standing.DUE) == (made.expires - REMIND <= today <= made.expires)


def test_it_is_read_back_from_its_entry() -> None:
    made = statement(file_sha256="0" * 64)
    assert Attestation.read(made.entry(AT).body) == made


def test_the_latest_on_each_subject_stands() -> None:
    entries = [
        statement().entry(AT),
        statement(subject="impact-assessment").entry(AT),
        Entry(type="sweep", at=AT, operation="sweep-1"),
        statement(withdrawn=True).entry(AT + timedelta(days=1)),
    ]
    first, second = standing_statements(entries)
    assert (first.subject, first.standing(AT.date())) == ("impact-assessment", Standing.VALID)
    assert second.standing(AT.date()) is Standing.WITHDRAWN


@pytest.mark.parametrize(
    "changed",
    [
        {"owner": "Jane Doe"},
        {"owner": "jane@example.com"},
        {"subject": ""},
        {"subject": "x" * 61},
        {"every_days": 0},
        {"every_days": 10**9},
        {"file_sha256": "no hash"},
    ],
)
def test_what_names_a_person_or_never_runs_out_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(EntryRefusedError):
        statement(**changed)


@pytest.mark.parametrize("made", ["x", "2026-02-30"])
def test_an_entry_that_holds_none_is_refused(made: str) -> None:
    body = {**statement().entry(AT).body, "made": made}
    with pytest.raises(EntryRefusedError):
        Attestation.read(body)
    with pytest.raises(EntryRefusedError):
        Attestation.read({})


def test_a_statement_is_made_shown_due_run_out_and_taken_back(tmp_path: Path) -> None:
    config, document = tmp_path / "kept.toml", tmp_path / "attendance.pdf"
    config.write_text(SETTINGS, encoding="utf-8")
    document.write_bytes(b"who was there")

    def ran(*arguments: str, at: str = "2026-05-01", status: int = 0) -> dict[str, object]:
        place = ["--config", str(config), "--at", at, "--json"]
        result = CliRunner().invoke(app, ["attest", *arguments, *place])
        assert result.exit_code == status, result.stderr
        value: dict[str, object] = json.loads(result.stdout or result.stderr)
        return value

    made = ran("add", "staff-training", "--owner", "hr", "--file", str(document))
    assert made["expires"] == "2027-05-01"
    assert "who was there" not in json.dumps(made)

    def standing(at: str, status: int = 0) -> list[object]:
        listed = ran("list", at=at, status=status)["attestations"]
        assert isinstance(listed, list)
        return [each["standing"] for each in listed]

    assert standing("2026-06-01") == ["valid"]
    assert standing("2027-04-15") == ["due"]
    assert standing("2027-05-02", status=1) == ["expired"]
    ran("withdraw", "staff-training", at="2026-07-01")
    assert standing("2027-05-02") == ["withdrawn"]
    ran("withdraw", "staff-training", at="2026-07-01", status=2)
    ran("add", "x", "--owner", "Jane Doe", status=2)
    ran("add", "x", "--owner", "hr", "--file", str(tmp_path / "missing"), status=2)
    company = open_company(config)
    assert company.verify_log().entries == 2
    assert company.verify_log().ok
    company.database.close()


def test_days_are_days() -> None:
    assert statement(made=date(2026, 1, 31), every_days=1).expires == date(2026, 2, 1)
