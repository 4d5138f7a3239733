import hashlib
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.check_exports import Text
from kept.cli.main import app

POLICY = """# Privacy Policy

Last updated: 4 January 2025

## What we collect

We collect your name and your email address.

## Retention

We delete your account data 24 months after your account is closed.

## Security

Card numbers are never stored in our systems. We guarantee the absolute security of your data.

## Contact

We encourage you to choose a strong password.
"""
SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, closed_on DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), note TEXT);
INSERT INTO customers VALUES (1, 'Ana Zed', 'ana@example.com', NULL), (2, 'Bo Yu', 'bo@example.com', '2026-01-01');
INSERT INTO orders VALUES (1, 1, 'leave at the door'), (2, 2, 'ring twice');
"""
DATAMAP = """
[stores.app.datasets.customers]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
anchors = { closed_on = "account closed" }
fields = { name = { categories = ["user.name"] }, email = { categories = ["user.contact.email"] } }
[stores.app.datasets.orders]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customers(id)", whose = "owned" }]
fields = { note = { categories = [] } }
"""
AT = "2026-11-22T09:00:00Z"


class Office:
    """A company in a folder, checked by the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.policy, self.store = folder / "policy.md", folder / "app.sqlite"
        self.policy.write_text(POLICY, encoding="utf-8")
        (folder / "datamap.toml").write_text(DATAMAP, encoding="utf-8")
        self.settings("sqlite:///app.sqlite")
        self.sql(SCHEMA)

    def settings(self, url: str, more: str = "") -> None:
        (self.folder / "kept.toml").write_text(
            f'[controller]\nname = "Example Cloud"\n[[policies]]\npath = "policy.md"\n'
            f'[stores.app]\nurl = "{url}"\n{more}',
            encoding="utf-8",
        )

    def sql(self, script: str) -> None:
        with closing(sqlite3.connect(self.store)) as connection:
            connection.executescript(script)

    def run(self, *words: str, at: str = AT) -> Result:
        config = str(self.folder / "kept.toml")
        return CliRunner().invoke(app, ["check", *words, "--at", at, "--config", config])

    def verdicts(self, *words: str, at: str = AT) -> dict[str, object]:
        return dict(json.loads(self.run("--json", *words, at=at).stdout))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def findings(said: dict[str, object]) -> Iterator[tuple[str, str, str, int]]:
    for verdict in said["verdicts"]:  # type: ignore[attr-defined]
        for duty in verdict["duties"]:
            for each in duty["findings"]:
                yield duty["duty"], each["dataset"], each["field"], each["count"]


def test_a_company_that_breaks_nothing_ends_with_0_and_says_how_many_are_unproven(
    office: Office,
) -> None:
    said = office.verdicts()
    office.policy.write_text(POLICY.replace("2025", "2026"), encoding="utf-8")
    said = office.verdicts(at="2026-11-23T09:00:00Z")
    result = office.run(at="2026-11-23T09:00:00Z")
    assert result.exit_code == 0, result.output
    summary = said["summary"]
    assert list(summary) == ["kept", "at_risk", "broken", "unproven", "impossible", "no_promise"]  # type: ignore[call-overload]
    assert not list(findings(said))
    unproven = summary["unproven"]  # type: ignore[index]
    assert result.output.splitlines()[-1].startswith(f"{unproven} promise")


def test_the_json_is_the_contract(office: Office) -> None:
    office.sql("UPDATE orders SET note = 'card 4111 1111 1111 1111' WHERE id = 1")
    said = office.verdicts()
    assert list(said) == ["at", "verdicts", "summary"]
    assert said["at"] == AT
    for verdict in said["verdicts"]:  # type: ignore[attr-defined]
        assert list(verdict) == ["promise", "quote", "verdict", "duties"]
        assert verdict["quote"] in POLICY
        assert verdict["verdict"] in {"kept", "at_risk", "broken", "unproven", "impossible"}
        for duty in verdict["duties"]:
            assert {"duty", "verdict", "check", "at", "coverage", "evidence", "findings"} <= set(
                duty
            )
            assert bool(duty["check"]) or duty["verdict"] == "unproven"
            for each in duty["findings"]:
                assert list(each) == [
                    "code", "basis", "store", "dataset", "field", "count", "since", "until",
                    "message", "remedy",
                ]  # fmt: skip
    assert set(findings(said)) == {("card-tokenisation", "orders", "note", 1)}


def test_a_broken_promise_ends_with_1_and_no_value_is_ever_shown(office: Office) -> None:
    office.sql("UPDATE orders SET note = 'card 4111 1111 1111 1111' WHERE id = 1")
    office.sql("UPDATE customers SET closed_on = '2020-01-01' WHERE id = 2")
    result = office.run(
        "--sarif", str(office.folder / "k.sarif"), "--junit", str(office.folder / "k.xml")
    )
    assert result.exit_code == 1
    told = (
        result.output
        + (office.folder / "k.sarif").read_text()
        + (office.folder / "k.xml").read_text()
    )
    told += office.run("--json").output
    for value in ("4111", "Bo Yu", "bo@example.com", "ana@"):
        assert value not in told
    assert "app.customers.closed_on (1 row, since 2022-01-02)" in result.output


def test_checking_changes_nothing_in_a_store(office: Office) -> None:
    before = hashlib.sha256(office.store.read_bytes()).digest()
    office.run()
    assert hashlib.sha256(office.store.read_bytes()).digest() == before
    assert not list(office.folder.glob("app.sqlite-*"))


@pytest.mark.parametrize(
    ("fail_on", "status"), [("", 0), ("unproven", 1), ("impossible", 1), ("at-risk", 0)]
)
def test_fail_on_widens_what_ends_with_1(office: Office, fail_on: str, status: int) -> None:
    assert office.run("--fail-on", fail_on).exit_code == status


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "kept"], "check.fail-on"),
        (["--fail-on", "unproven,nonsense"], "check.fail-on"),
        (["--sarif", "/nowhere/at/all.sarif"], "check.export"),
    ],
)
def test_what_cannot_be_asked_ends_with_2_and_says_what_to_do(
    office: Office, words: list[str], code: str
) -> None:
    result = office.run("--json", *words)
    assert result.exit_code == 2
    assert json.loads(result.stderr)["code"] == code


def test_an_instant_that_is_none_ends_with_2(office: Office) -> None:
    result = office.run(at="tomorrow")
    assert result.exit_code == 2
    assert "check.instant" in result.stderr


def test_a_store_that_does_not_answer_leaves_its_duties_unproven_and_ends_with_75(
    office: Office,
) -> None:
    office.store.unlink()
    result = office.run()
    assert result.exit_code == 75, result.output
    assert "stores.missing" in result.output
    assert "Kept" not in [line.split(" (")[0] for line in result.output.splitlines()]


def test_broken_counts_more_than_a_store_that_does_not_answer(office: Office) -> None:
    office.sql("UPDATE orders SET note = 'card 4111 1111 1111 1111' WHERE id = 1")
    office.settings("sqlite:///app.sqlite", '[stores.crm]\nurl = "sqlite:///crm.sqlite"\n')
    result = office.run()
    assert result.exit_code == 1
    assert "crm" in result.output


def test_a_store_that_is_no_database_ends_with_2(office: Office) -> None:
    office.store.write_bytes(b"this is no database, it only looks like a file" * 50)
    assert office.run().exit_code == 2


def test_a_part_of_the_rows_keeps_nothing(office: Office) -> None:
    duties = {
        duty["duty"]: duty
        for verdict in office.verdicts("--rows", "1")["verdicts"]  # type: ignore[attr-defined]
        for duty in verdict["duties"]
    }
    assert duties["card-tokenisation"]["verdict"] == "unproven"
    assert "50 %" in duties["card-tokenisation"]["reason"]


def test_a_silent_edit_is_seen_by_the_next_run_and_wrapping_the_text_anew_is_none(
    office: Office,
) -> None:
    office.run()
    office.policy.write_text(POLICY.replace("\n", "\r\n\r\n"), encoding="utf-8", newline="")
    assert office.run(at="2026-11-23T09:00:00Z").exit_code == 0
    office.policy.write_text(POLICY.replace("24 months", "99 months"), encoding="utf-8")
    said = office.verdicts(at="2026-11-24T09:00:00Z")
    assert set(findings(said)) == {("policy-version", "", "", 1)}
    office.policy.write_text(POLICY, encoding="utf-8")
    assert office.run(at="2026-11-25T09:00:00Z").exit_code == 0


def test_every_run_is_witnessed_by_the_log_without_a_name(office: Office) -> None:
    from kept.runtime import open_company

    office.run()
    office.run(at="2026-11-23T09:00:00Z")
    company = open_company(office.folder / "kept.toml")
    entries = [each.entry for each in company.log.entries()]
    assert [each.type for each in entries] == ["check.run", "check.run"]
    assert entries[0].body["stores"] == 1
    assert company.verify_log().ok
    assert "customers" not in json.dumps([each.to_json() for each in entries])


def test_terms_that_a_person_settled_are_used(office: Office) -> None:
    office.policy.write_text(
        "# Privacy Policy\n\nWe keep your name and email address as long as necessary.\n",
        encoding="utf-8",
    )
    office.sql("UPDATE customers SET closed_on = '2020-01-01' WHERE id = 2")
    retention = [
        each
        for each in office.verdicts()["verdicts"]  # type: ignore[attr-defined]
        if any(duty["duty"] == "retention" for duty in each["duties"])
    ]
    (vague,) = retention
    assert vague["verdict"] == "unproven"
    office.settings(
        "sqlite:///app.sqlite",
        f'[terms]\n"{vague["promise"]}" = {{ at_most = "12 months", counted_from = "account closed" }}\n',
    )
    assert ("retention", "customers", "closed_on", 1) in set(findings(office.verdicts()))


def test_a_finding_is_dated_by_the_run_that_saw_it_first_and_anew_after_it_was_gone(
    office: Office,
) -> None:
    def since(at: str) -> set[str]:
        return {
            each["since"]
            for verdict in office.verdicts(at=at)["verdicts"]  # type: ignore[attr-defined]
            for duty in verdict["duties"]
            for each in duty["findings"]
        }

    card = "UPDATE orders SET note = 'card 4111 1111 1111 1111' WHERE id = 1"
    office.sql(card)
    assert since("2026-11-22T09:00:00Z") == {"2026-11-22T09:00:00Z"}
    assert since("2026-11-23T09:00:00Z") == {"2026-11-22T09:00:00Z"}
    office.sql("UPDATE orders SET note = NULL WHERE id = 1")
    assert since("2026-11-24T09:00:00Z") == set()
    office.sql(card)
    assert since("2026-11-25T09:00:00Z") == {"2026-11-25T09:00:00Z"}


def test_a_company_without_a_policy_is_told_so(office: Office) -> None:
    (office.folder / "kept.toml").write_text('[stores.app]\nurl = "sqlite:///app.sqlite"\n')
    result = office.run()
    assert result.exit_code == 2
    assert "check.no-policy" in result.stderr


# ── exports ──────────────────────────────────────────────────────────────────


def exported(office: Office) -> tuple[dict[str, object], ET.Element]:
    office.sql("UPDATE orders SET note = 'card 4111 1111 1111 1111' WHERE id = 1")
    sarif, junit = office.folder / "k.sarif", office.folder / "k.xml"
    office.run("--sarif", str(sarif), "--junit", str(junit))
    return json.loads(sarif.read_text(encoding="utf-8")), ET.fromstring(junit.read_bytes())  # noqa: S314 - our own


def test_sarif_points_at_the_words_and_at_the_field(office: Office) -> None:
    sarif, _ = exported(office)
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]  # type: ignore[misc]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    (result,) = run["results"]
    assert result["ruleId"] == rules[result["ruleIndex"]] == "card-tokenisation"
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "policy.md"
    region = location["physicalLocation"]["region"]
    words = POLICY[region["charOffset"] : region["charOffset"] + region["charLength"]]
    assert words.startswith("Card numbers")
    line = POLICY.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == words
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "app/orders/note"


def test_junit_counts_what_is_broken_as_failed_and_what_is_unproven_as_skipped(
    office: Office,
) -> None:
    _, suites = exported(office)
    (suite,) = suites
    cases = list(suite)
    assert suite.get("tests") == str(len(cases))
    failed = [each for each in cases if each.find("failure") is not None]
    skipped = [each for each in cases if each.find("skipped") is not None]
    assert suite.get("failures") == str(len(failed)) == "1"
    assert suite.get("skipped") == str(len(skipped))
    assert failed[0].get("classname") == "card-tokenisation"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_offsets_become_lines_and_columns_whatever_ends_a_line(end: str) -> None:
    text = Text("p.md", end.join(["one", "", "thréé 𝒳x", "four"]))
    offset = text.text.index("x")
    assert text.place(0) == (1, 1)
    assert text.place(offset) == (3, 8)
    assert text.place(len(text.text)) == (4, 5)


def test_a_policy_with_signs_that_xml_forbids_still_makes_a_report(office: Office) -> None:
    office.policy.write_text(POLICY.replace("your name", "your \x0c<name> & "), encoding="utf-8")
    _, suites = exported(office)
    assert len(suites) == 1


def test_a_report_to_a_pipe_has_no_colour(office: Office) -> None:
    assert re.search(r"\x1b\[", office.run().output) is None
