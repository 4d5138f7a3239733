import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app

POLICY = """# Privacy policy

Last updated: January 4, 2025

## What we collect

- Your name and email address

## How long we keep it

We keep your orders for 24 months after your account is closed.

## Security

We regularly test the security of our systems.
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "policy.md").write_text(POLICY, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute("CREATE TABLE colour (id INTEGER PRIMARY KEY, shade TEXT)")
    (tmp_path / "kept.toml").write_text(
        '[controller]\nname = "Example"\nlaws = ["eu-gdpr"]\n[[policies]]\npath = "policy.md"\n'
        '[stores.app]\nurl = "sqlite:///app.sqlite"\n',
        encoding="utf-8",
    )
    return tmp_path


def kept(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--config", str(folder / "kept.toml")])


def promises(folder: Path, *words: str) -> dict[str, dict[str, object]]:
    result = kept(folder, "read", *words, "--json")
    assert result.exit_code == 0, result.output
    return {each["quote"]: each for each in json.loads(result.stdout)["promises"]}


REGULAR = "We regularly test the security of our systems"


def test_a_review_is_proposed_decided_and_kept(company: Path) -> None:
    read = promises(company)
    assert not (company / "promises.toml").exists(), "reading writes nothing"
    assert kept(company, "read", "--review").exit_code == 0
    file = company / "promises.toml"
    proposed = file.read_text(encoding="utf-8")
    assert all(f"[promises.{each['id']}]" in proposed for each in read.values())
    assert promises(company) == read, "a proposal decides nothing"

    name = str(read[REGULAR]["id"])
    start = f'[promises.{name}]\ndecision = "proposed"'
    assert start in proposed
    decided = proposed.replace(
        start, f'[promises.{name}] # asked Ada\ndecision = "refuse"\nreason = "We do not."'
    )
    file.write_text(decided, encoding="utf-8")
    assert REGULAR not in promises(company)
    assert kept(company, "read", "--review").exit_code == 0
    assert file.read_text(encoding="utf-8") == decided


def test_named_files_are_read_alone_unless_a_review_is_asked_for(company: Path) -> None:
    policy = str(company / "policy.md")
    name = str(promises(company)[REGULAR]["id"])
    (company / "promises.toml").write_text(
        f'[promises.{name}]\ndecision = "refuse"\nreason = "No."\n', encoding="utf-8"
    )
    assert REGULAR in promises(company, policy)
    assert REGULAR not in promises(company, policy, "--review")


def test_what_was_refused_is_not_checked_and_what_was_lost_is_told(company: Path) -> None:
    name = str(promises(company)[REGULAR]["id"])
    (company / "promises.toml").write_text(
        f'[promises.{name}]\ndecision = "refuse"\nreason = "No."\n'
        '[promises.0123456789ab]\ndecision = "accept"\nquote = "We paint your house blue."\n',
        encoding="utf-8",
    )
    checked = kept(company, "check", "--json", "--at", "2026-08-31T10:00:00Z")
    assert checked.exit_code in {0, 1}, checked.output
    assert name not in {each["promise"] for each in json.loads(checked.stdout)["verdicts"]}
    told = kept(company, "check", "--at", "2026-08-31T10:00:00Z")
    assert "0123456789ab" in told.stderr
    lost = json.loads(kept(company, "read", "--json").stdout)["review"]["orphaned"]
    assert [each["promise"] for each in lost] == ["0123456789ab"]


def test_terms_of_kept_toml_stand_over_those_of_the_review(company: Path) -> None:
    from kept.runtime import open_company

    name = str(promises(company)[REGULAR]["id"])
    (company / "promises.toml").write_text(
        f'[promises.{name}]\ndecision = "accept"\n'
        'settled = { at_most = "12 months", counted_from = "last test" }\n',
        encoding="utf-8",
    )
    with (company / "kept.toml").open("a", encoding="utf-8") as file:
        file.write(f'[terms]\n"{name}" = {{ at_most = "6 months" }}\n')
    assert open_company(company / "kept.toml").terms == {
        name: {"at_most": "6 months", "counted_from": "last test"}
    }


def test_a_wrong_decision_stops_the_check_with_what_to_do(company: Path) -> None:
    (company / "promises.toml").write_text('[promises.a]\ndecison = "accept"\n', encoding="utf-8")
    for command in ("read", "check"):
        result = kept(company, command)
        assert result.exit_code == 2
        assert "'decision'" in result.stderr
        assert "review.unknown-key" in result.stderr
    (company / "promises.toml").write_bytes(b"\xff\xfe\x00")
    assert kept(company, "read").exit_code == 2


def test_two_versions_are_compared_promise_by_promise(company: Path) -> None:
    later = company / "later.md"
    later.write_text(
        POLICY.replace("24 months", "36 months")
        .replace("We regularly test", "We may test")
        .replace("- Your name and email address\n", "- Your name and email address\n- Your age\n"),
        encoding="utf-8",
    )
    policy = str(company / "policy.md")
    result = CliRunner().invoke(app, ["diff", policy, str(later), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    period = [
        aspect
        for each in told["changes"]
        for aspect in each["what"]
        if aspect["aspect"] == "period"
    ]
    assert period == [
        {"aspect": "period", "old": "24 months", "new": "36 months", "effect": "weakened"}
    ]
    assert told["summary"]["added"] == 1
    assert told["summary"]["weakened"] >= 1
    shown = CliRunner().invoke(app, ["diff", policy, str(later)])
    assert "24 months → 36 months" in shown.stdout
    same = CliRunner().invoke(app, ["diff", policy, policy, "--json"])
    assert {each["change"] for each in json.loads(same.stdout)["changes"]} == {"unchanged"}
