"""The sample company is run end to end, and each promise broken on purpose is noticed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.demo.tamarisk.breaks import BREAKS
from kept.vocabulary.duty import Duty

AT = "2026-11-22T04:00:05Z"
LATER = "2026-11-22T05:00:05Z"
PLACES = {
    Duty.DECLARED_DATA: ("customers", "marital_status", 180),
    Duty.COVERED_SYSTEMS: ("webinar_guests_2024", "full_name", 24),
    Duty.CARD_TOKENISATION: ("orders", "note", 1),
    Duty.RETENTION: ("accounts", "closed_at", 3),
    Duty.AGE_LIMIT: ("customers", "date_of_birth", 1),
    Duty.RIGHT_ERASURE: ("newsletter", "email", 1),
    Duty.AUTHENTICATION: ("accounts", "password", 7),
    Duty.ENCRYPTION_AT_REST: ("customers", "national_id", 4),
}


def kept(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def run_demo(folder: Path, *words: str) -> Result:
    return kept("demo", "--dir", folder, "--no-serve", "--at", AT, *words)


def checked(folder: Path) -> tuple[int, dict]:
    result = kept("check", "--config", folder / "kept.toml", "--at", LATER, "--json")
    return result.exit_code, json.loads(result.stdout)


def broken(report: dict) -> list[dict]:
    return [
        duty
        for promise in report["verdicts"]
        for duty in promise["duties"]
        if duty["verdict"] == "broken"
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("journey") / "demo"
    result = run_demo(folder)
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_the_demonstration_goes_from_the_policy_to_the_scoreboard(told: tuple[Path, str]) -> None:
    _, output = told
    steps = ["kept read", "kept map", "kept check", "kept request access", "kept request erase",
             "kept receipt verify", "The scoreboard"]  # fmt: skip
    places = [output.index(step) for step in steps]
    assert places == sorted(places)
    assert "over-promise: “We guarantee the absolute security of your data”" in output
    assert "the receipt holds" in output
    assert "0 broken" in output


def test_one_access_has_another_persons_data_redacted(told: tuple[Path, str]) -> None:
    folder, output = told
    assert "my colleague [another person: name], reachable at [another person: phone" in output
    assert "handovers.to_name" in output
    answer = (folder / "access" / "answer.json").read_text(encoding="utf-8")
    with closing(sqlite3.connect(folder / "data" / "app.sqlite")) as connection:
        ((other, address),) = connection.execute(
            "SELECT to_name, to_email FROM handovers WHERE id = 1"
        )
    assert "Nadia Rahman" in answer
    assert other not in answer
    assert address not in answer
    assert "argon2" not in answer


def test_one_erasure_keeps_two_invoices_and_says_why(told: tuple[Path, str]) -> None:
    folder, output = told
    assert "kept: invoices 2, tax: § 147" in output
    assert "AO, until 2033-12-31" in output
    with closing(sqlite3.connect(folder / "data" / "app.sqlite")) as connection:
        left = connection.execute(
            "SELECT count(*) FROM invoices WHERE billing_name = 'Jonas Weber' AND customer_id = 2"
        ).fetchone()
        customer = connection.execute("SELECT * FROM customers WHERE id = 2").fetchone()
        others = connection.execute("SELECT count(*) FROM customers").fetchone()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert left == (2,)
    assert not any("weber" in str(value).lower() for value in customer)
    assert others == (401,)


def test_the_receipt_verifies_offline_with_the_command_that_was_shown(
    told: tuple[Path, str],
) -> None:
    folder, output = told
    command = next(line for line in output.splitlines() if "kept receipt verify" in line)
    words = command.split("kept ", 1)[1].split()
    assert kept(*words).exit_code == 0
    assert kept("log", "verify", "--config", folder / "kept.toml").exit_code == 0


def test_the_commands_that_are_shown_can_be_typed(told: tuple[Path, str]) -> None:
    _, output = told
    shown = [
        line.split("$ kept ", 1)[1].split() for line in output.splitlines() if "$ kept " in line
    ]
    for words in shown:
        if words[:2] != ["request", "erase"]:
            assert kept(*words).exit_code == 0, words


def test_nothing_is_broken_in_the_unbroken_company(tmp_path: Path) -> None:
    run_demo(tmp_path / "demo")
    code, report = checked(tmp_path / "demo")
    assert code == 0
    assert broken(report) == []
    assert report["summary"]["broken"] == 0
    assert report["summary"]["unproven"] > 0
    assert report["summary"]["impossible"] == 1
    proved = {
        duty["duty"]
        for promise in report["verdicts"]
        for duty in promise["duties"]
        if duty["verdict"] == "kept"
    }
    assert {str(duty) for duty in BREAKS} <= proved


@pytest.mark.parametrize("duty", BREAKS)
def test_a_promise_broken_on_purpose_is_named_and_no_other(tmp_path: Path, duty: Duty) -> None:
    folder = tmp_path / "demo"
    assert run_demo(folder, "--break", str(duty)).exit_code == 0
    code, report = checked(folder)
    assert code == 1
    found = broken(report)
    assert {each["duty"] for each in found} == {str(duty)}
    places = {
        (finding["dataset"], finding["field"], finding["count"])
        for each in found
        for finding in each["findings"]
    }
    stores = {finding["store"] for each in found for finding in each["findings"]}
    if duty is Duty.POLICY_VERSION:
        assert stores == {""}
        assert places == {("", "", 1)}
        return
    assert stores == {"app"}
    if duty is Duty.RIGHT_ACCESS:
        assert {place[:2] for place in places} == {("login_log", "ip_address")}
        assert all(count > 1000 for _, _, count in places)
    else:
        assert places == {PLACES[duty]}


def test_all_ten_duties_can_be_broken() -> None:
    assert set(BREAKS) == {*PLACES, Duty.RIGHT_ACCESS, Duty.POLICY_VERSION}


def test_a_second_run_starts_afresh(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run_demo(folder, "--break", "retention")
    assert checked(folder)[0] == 1
    assert run_demo(folder).exit_code == 0
    assert checked(folder)[0] == 0


def test_an_unknown_duty_is_refused_by_naming_those_there_are(tmp_path: Path) -> None:
    result = run_demo(tmp_path / "demo", "--break", "no-sale")
    assert result.exit_code == 2
    assert all(str(duty) in result.stderr for duty in BREAKS)
    assert not (tmp_path / "demo").exists()


def test_an_unknown_company_is_refused(tmp_path: Path) -> None:
    result = run_demo(tmp_path / "demo", "--company", "acme")
    assert result.exit_code == 2
    assert "tamarisk" in result.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").write_text('[controller]\nname = "Mine"\n')
    result = run_demo(tmp_path)
    assert result.exit_code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["kept.toml"]


def test_a_page_of_a_company_that_is_not_the_sample_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "kept.toml"
    config.write_text('[controller]\nname = "Mine"\n')
    result = kept("serve", "--config", config)
    assert result.exit_code == 2
    assert "serve.accounts-missing" in result.stderr
