import json
import re
import sqlite3
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kept.cli.main import app
from kept.connectors.sql.dialects import sqlite as dialect
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import DatasetId, State
from kept.inventory.record_words import LANGUAGES, named
from kept.settings import parse_settings
from kept.testing.invented_company import (
    amount,
    day,
    email,
    first,
    last,
    own,
    phone,
    to,
    write_company,
)
from kept.vocabulary.data_category import DataCategory

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id),
    total INTEGER, placed_on DATE);
CREATE TABLE tariffs (id INTEGER PRIMARY KEY, price INTEGER);
"""
RELATIVES = "CREATE TABLE relatives (id INTEGER PRIMARY KEY, customer_id INTEGER, full_name TEXT, phone TEXT)"
POLICY = "# Privacy\n\nWe collect your name and your email address.\n"


def _run(*arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, color=color)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_company(
        tmp_path / "shop.sqlite",
        SCHEMA,
        {
            "customers": (30, [own, email, first, last]),
            "orders": (50, [own, to(30), amount, day]),
            "tariffs": (5, [own, amount]),
        },
    )
    (tmp_path / "policy.md").write_text(POLICY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _init(*more: str) -> Result:
    return _run(
        "init", "--policy", "policy.md", "--store", "shop=sqlite:///shop.sqlite", "--yes", *more
    )


def _states(folder: Path) -> dict[str, State]:
    datamap = parse_datamap((folder / "datamap.toml").read_text(encoding="utf-8"))
    return {each.id.name: each.state for each in datamap.datasets.values()}


def _error(result: Result) -> dict[str, str]:
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    return dict(json.loads(lines[0]))


# ── init ─────────────────────────────────────────────────────────────────────


def test_two_commands_lead_from_nothing_to_a_decided_map(folder: Path) -> None:
    first_run = _init()
    assert first_run.exit_code == 0, first_run.stderr
    assert set(_states(folder).values()) == {State.PROPOSED}
    assert _run("map", "--write", "--accept").exit_code == 0
    assert set(_states(folder).values()) == {State.DECIDED}
    settings = parse_settings(
        (folder / "kept.toml").read_text(encoding="utf-8"),
        path=folder / "kept.toml",
        environment={},
    )
    assert settings.identity == settings.approval == "operator"
    assert settings.policies[0].path == folder / "policy.md"
    assert settings.stores["shop"].url == f"sqlite:///{folder / 'shop.sqlite'}"


def test_files_of_another_folder_still_find_policy_and_store(folder: Path) -> None:
    assert _init("--dir", "new/company").exit_code == 0
    result = _run("map", "--config", "new/company/kept.toml", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["stores"][0]["datasets"][0]["rows"] == 30
    assert "../../shop.sqlite" in (folder / "new/company/kept.toml").read_text(encoding="utf-8")


def test_a_first_file_is_never_replaced_unless_told(folder: Path) -> None:
    assert _init().exit_code == 0
    mine = "# mine\n" + (folder / "kept.toml").read_text(encoding="utf-8")
    (folder / "kept.toml").write_text(mine, encoding="utf-8")
    refused = _init()
    assert refused.exit_code == 2
    assert "init.exists" in refused.stderr
    assert (folder / "kept.toml").read_text(encoding="utf-8") == mine
    assert _init("--overwrite").exit_code == 0
    assert "# mine" not in (folder / "kept.toml").read_text(encoding="utf-8")


def test_a_map_that_is_there_is_added_to_even_when_told_to_replace(folder: Path) -> None:
    decided = '[stores.shop.datasets.customers]\nstate = "decided" # mine\non_erasure = "blank"\n'
    (folder / "datamap.toml").write_text(decided, encoding="utf-8")
    assert _init().exit_code == 0
    text = (folder / "datamap.toml").read_text(encoding="utf-8")
    assert text.startswith(decided)
    assert _states(folder)["orders"] is State.PROPOSED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--store", "shop"], "init.invalid"),
        (["--store", "sh op=sqlite:///x"], "init.invalid"),
        (["--store", "a=sqlite:///shop.sqlite", "--store", "a=sqlite:///b"], "init.invalid"),
        (["--store", "crm=postgresql://me:hush@db/app"], "init.invalid"),
        (["--policy", "nowhere.md"], "init.invalid"),
        (["--store", "crm=env:NOT_SET_ANYWHERE"], "settings.invalid"),
        (["--store", "crm=oracle://db/app"], "stores.scheme-unknown"),
        (["--store", "text=sqlite:///policy.md"], "stores.corrupt"),
    ],
)
def test_what_cannot_be_meant_writes_nothing(
    folder: Path, arguments: Sequence[str], code: str
) -> None:
    result = _run("init", *arguments, "--yes")
    assert result.exit_code == 2
    assert code in result.stderr
    assert "hush" not in result.output
    assert not (folder / "kept.toml").exists()


def test_a_store_that_is_away_does_not_lose_the_files(folder: Path) -> None:
    result = _run("init", "--store", "shop=sqlite:///gone.sqlite", "--yes")
    assert result.exit_code == 75
    assert "stores.missing" in result.stderr
    assert (folder / "kept.toml").exists()
    assert _states(folder) == {}


@pytest.mark.usefixtures("folder")
def test_what_accounts_must_be_granted_is_printed() -> None:
    printed = _init().stdout
    assert "\nrw on " in printed
    assert "shop.sqlite, and w on its folder" in printed
    granted = _run(
        "init", "--dir", "pg", "--yes", "--store", "crm=postgresql+psycopg://reader@127.0.0.1:9/app"
    )
    assert 'GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "reader";' in granted.stdout
    assert "UPDATE, DELETE" in granted.stdout
    assert granted.exit_code == 75


# ── map ──────────────────────────────────────────────────────────────────────


def test_looking_changes_neither_the_map_nor_the_store(folder: Path) -> None:
    _init()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert _run("map").exit_code == 0
    assert _run("map", "--json").exit_code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.usefixtures("folder")
def test_the_map_says_what_was_found_why_and_who_says_so() -> None:
    _init()
    text = _run("map").stdout
    assert "customers: 30 rows, about customer, erasure: delete [proposed]" in text
    line = next(each for each in text.splitlines() if each.strip().startswith("email "))
    for said in ("user.contact.email", "finds people by email", "mail addresses", "discovery"):
        assert said in line
    assert "undecided: shop.customers" in text
    assert "No erasure runs while one is undecided" in text
    # In a pipe: no frames, no colour, no line that depends on a width.
    assert not any(mark in text for mark in ("│", "─", "\x1b"))
    decided = _run("map", "--write", "--accept").stdout
    assert "0 with personal data undecided" in decided


def test_what_the_policy_does_not_state_is_named(folder: Path) -> None:
    _init()
    (folder / "shop.sqlite").unlink()
    write_company(
        folder / "shop.sqlite",
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, phone TEXT)",
        {"customers": (30, [own, email, first, phone])},
    )
    (folder / "datamap.toml").unlink()
    found = json.loads(_run("map", "--json").stdout)
    assert [each["category"] for each in found["undeclared"]] == ["user.contact.phone_number"]
    assert found["unlisted"] == [{"store": "shop", "dataset": "customers"}]
    assert "not stated by the policy: user.contact.phone_number in shop.customers.phone" in (
        _run("map").stdout
    )


def test_a_question_keeps_a_dataset_undecided_and_is_printed(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute(RELATIVES)
        connection.executemany(
            "INSERT INTO relatives VALUES (?, ?, ?, ?)",
            [
                (number, number, f"Ana Silva {number}", f"+49 30 901820{number:02}")
                for number in range(1, 20)
            ],
        )
    connection.close()
    _init()
    result = _run("map", "--write", "--accept")
    assert "1 left to decide" in result.stdout
    assert "shop.relatives: Are these people in their own right" in result.stdout
    assert _states(folder)["relatives"] is State.PROPOSED
    text = (folder / "datamap.toml").read_text(encoding="utf-8")
    assert "# To decide: Are these people" in text
    # A person answers by deciding, and is not asked again.
    (folder / "datamap.toml").write_text(
        text.replace('state = "proposed"', 'state = "decided"'), encoding="utf-8"
    )
    assert "left to decide" not in _run("map").stdout
    assert DatasetId("shop", "relatives") in parse_datamap(text).datasets


def test_a_column_that_came_after_the_decision_is_pointed_out(folder: Path) -> None:
    _init()
    _run("map", "--write", "--accept")
    before = (folder / "datamap.toml").read_bytes()
    assert "found since the decision" not in _run("map").stdout
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute("ALTER TABLE customers ADD COLUMN date_of_birth DATE")
    connection.close()
    said = "user.demographic.date_of_birth in shop.customers.date_of_birth"
    assert f"found since the decision: {said}" in _run("map", "--write").stdout
    assert (folder / "datamap.toml").read_bytes() == before


@pytest.mark.usefixtures("folder")
def test_the_same_stores_give_the_same_bytes() -> None:
    _init()
    assert _run("map", "--json").stdout == _run("map", "--json").stdout


def test_no_value_of_a_store_is_ever_printed_or_written(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute(
            "CREATE TABLE said (id INTEGER PRIMARY KEY, customer_id INTEGER, body TEXT)"
        )
        connection.execute(
            "INSERT INTO said VALUES (1, 1, 'canary-5e1c is my secret word, mind you')"
        )
        connection.execute("UPDATE customers SET first_name = 'Canary-5e1c'")
    connection.close()
    printed = _init().output + _run("map").output + _run("map", "--json").output
    written = (folder / "datamap.toml").read_text(encoding="utf-8")
    assert "5e1c" not in printed + written
    assert "@example.com" not in printed + written


# ── what goes wrong ──────────────────────────────────────────────────────────


def test_a_store_that_fails_is_named_and_the_others_are_shown(folder: Path) -> None:
    _init()
    settings = folder / "kept.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + '[stores.gone]\nurl = "sqlite:///gone.sqlite"\n',
        encoding="utf-8",
    )
    result = _run("map", "--json")
    assert result.exit_code == 75
    assert [each["name"] for each in json.loads(result.stdout)["stores"]] == ["shop"]
    error = _error(result)
    assert (error["code"], bool(error["remedy"])) == ("stores.missing", True)


def test_a_store_that_is_no_database_ends_with_one_message(folder: Path) -> None:
    _init()
    (folder / "shop.sqlite").write_bytes(b"nonsense" * 100)
    result = _run("map", "--json")
    assert result.exit_code == 2
    assert _error(result)["code"] == "stores.corrupt"


def test_a_locked_store_can_be_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _init()
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(folder / "shop.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    result = _run("map", "--json")
    other.close()
    assert result.exit_code == 75
    assert _error(result)["code"] == "stores.locked"


def test_a_policy_that_is_gone_does_not_hide_the_map(folder: Path) -> None:
    _init()
    (folder / "policy.md").unlink()
    result = _run("map", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["stores"]
    assert _error(result)["code"] == "settings.policy-missing"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("kept.toml", "[controler]\nname = 'x'\n", "settings.unknown-key"),
        ("datamap.toml", "[store.shop]\n", "datamap.unknown-key"),
        ("datamap.toml", "[stores.sop]\n", "datamap.unknown-name"),
        (
            "datamap.toml",
            '[stores.shop.datasets.orders]\nidentity = { mail = "email" }\n',
            "datamap.unknown-name",
        ),
        ("datamap.toml", "state = [", "datamap.invalid"),
    ],
)
def test_a_file_with_a_mistake_is_refused_before_anything_is_written(
    folder: Path, name: str, text: str, code: str
) -> None:
    _init()
    (folder / name).write_text(text, encoding="utf-8")
    result = _run("map", "--write", "--accept", "--json")
    assert result.exit_code == 2
    assert _error(result)["code"] == code
    assert (folder / name).read_text(encoding="utf-8") == text


def test_a_map_in_another_encoding_is_refused(folder: Path) -> None:
    _init()
    (folder / "datamap.toml").write_bytes("# né\n".encode("latin-1"))
    result = _run("map", "--write")
    assert result.exit_code == 2
    assert (folder / "datamap.toml").read_bytes() == "# né\n".encode("latin-1")


# ── doctor ───────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("folder")
def test_the_doctor_says_what_is_fine_and_what_is_undecided() -> None:
    _init()
    result = _run("doctor")
    assert result.exit_code == 2
    assert "store shop: answers (sqlite), 3 tables" in result.stdout
    assert "MEND  datamap.toml" in result.stdout
    assert "undecided, so that no erasure runs: shop.customers" in result.stdout
    _run("map", "--write", "--accept")
    result = _run("doctor")
    assert "undecided" not in result.stdout
    assert result.exit_code == 0


def test_the_doctor_names_all_that_is_wrong_at_once(folder: Path) -> None:
    _init()
    (folder / "policy.md").unlink()
    (folder / "shop.sqlite").unlink()
    result = _run("doctor", "--json")
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    assert said["ok"] is False
    wrong = {each["what"]: each["remedy"] for each in said["looked_at"] if not each["ok"]}
    assert set(wrong) == {"policies", "store shop"}
    assert all(wrong.values())


def test_the_doctor_ends_so_that_a_script_may_try_again(folder: Path) -> None:
    _init()
    (folder / "shop.sqlite").unlink()
    assert _run("doctor").exit_code == 75


def test_names_from_a_store_cannot_drive_the_terminal(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute(
            'CREATE TABLE "\x1b[2Jowned" (id INTEGER PRIMARY KEY, "\x1b]0;email" TEXT)'
        )
    connection.close()
    _init()
    for command in (["map"], ["map", "--write", "--accept"], ["doctor"]):
        assert "\x1b" not in _run(*command, color=True).output


INVOICES = (
    "CREATE TABLE invoices (id INTEGER PRIMARY KEY,"
    " customer_id INTEGER REFERENCES customers (id), issued_on DATE)"
)


def test_what_law_may_keep_is_said_before_and_after_it_is_accepted(folder: Path) -> None:
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute(INVOICES)
        connection.execute("INSERT INTO invoices VALUES (1, 1, '2025-02-03')")
    connection.close()
    assert _init().exit_code == 0
    settings = (folder / "kept.toml").read_text(encoding="utf-8")
    established = re.sub(r'(?m)^establishment = ".*?"', 'establishment = "GB"', settings)
    assert 'establishment = "GB"' in established
    (folder / "kept.toml").write_text(established, encoding="utf-8")
    said = (
        'note: law may make you keep these: set minimum = { law = "gb-vat-records",'
        ' counted_from = "issued_on" } and on_erasure = "keep"'
    )
    for arguments in (("map",), ("map", "--write", "--accept"), ("map",)):
        shown = _run(*arguments)
        assert shown.exit_code == 0, shown.stderr
        assert shown.stdout.count(said) == 1
    assert set(_states(folder).values()) == {State.DECIDED}
    text = (folder / "datamap.toml").read_text(encoding="utf-8")
    assert "# Note: law may make you keep these" in text
    answered = text.replace(
        'on_erasure = "delete"\nreferences = [\n  { fields = ["customer_id"], to = "customers(id)"',
        'on_erasure = "keep"\n'
        'minimum = { law = "gb-vat-records", counted_from = "issued_on" }\n'
        'references = [\n  { fields = ["customer_id"], to = "customers(id)"',
    )
    (folder / "datamap.toml").write_text(answered, encoding="utf-8")
    assert said not in _run("map").stdout


# ── against the policy, and for others ───────────────────────────────────────


@pytest.mark.usefixtures("folder")
def test_the_map_says_in_json_what_the_policy_does_not_and_quotes_it() -> None:
    assert _init().exit_code == 0
    told = json.loads(_run("map", "--json").stdout)["against_policy"]
    assert told["policy_read"] is True
    assert {each["store"] for each in told["uncovered"]} == {"shop"}
    assert all(each["quote"] in POLICY for each in told["words"].values())


def test_the_first_run_has_nothing_to_compare_and_the_next_says_what_came(folder: Path) -> None:
    (folder / "kept.toml").write_text('[stores.shop]\nurl = "sqlite:///shop.sqlite"\n')
    first_look = _run("map", "--diff")
    assert first_look.exit_code == 0
    assert "for the first time" in first_look.stdout
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute(RELATIVES)
    connection.close()
    then = json.loads(_run("map", "--diff", "--json").stdout)["difference"]
    (change,) = then["stores"][0]["changes"]
    assert (change["happened"], change["dataset"]) == ("appeared", "relatives")
    assert "nothing changed" in _run("map", "--diff").stdout


@pytest.mark.usefixtures("folder")
def test_what_init_saw_is_what_the_first_map_is_compared_with() -> None:
    assert _init().exit_code == 0
    assert "nothing changed" in _run("map", "--diff").stdout


def test_a_store_and_a_table_that_are_gone_are_told_once_and_while_the_map_speaks_of_them(
    folder: Path,
) -> None:
    _init()
    assert _run("map", "--write", "--accept").exit_code == 0
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute("ALTER TABLE customers RENAME TO clients")
    connection.close()
    told = _run("map", "--diff")
    assert "moved clients (dataset), was customers" in told.stdout
    assert "speaks of shop.customers, which is not there and seems to be clients" in told.stdout
    assert "speaks of shop.customers, which is not there\n" in _run("map", "--diff").stdout
    settings = (folder / "kept.toml").read_text()
    (folder / "kept.toml").write_text(settings.replace("stores.shop", "stores.sales"))
    (folder / "datamap.toml").write_text("")
    assert "shop: in kept.toml no longer" in _run("map", "--diff").stdout
    told = json.loads(_run("map", "--diff", "--json").stdout)["difference"]
    assert (told["gone"], told["written_and_gone"]) == ([], [])


def test_a_renamed_column_that_a_decision_names_is_told_before_it_is_refused(folder: Path) -> None:
    assert _init().exit_code == 0
    assert _run("map", "--write", "--accept").exit_code == 0
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute("ALTER TABLE customers RENAME COLUMN email TO mail_address")
    connection.close()
    told = _run("map", "--diff")
    assert "moved customers.mail_address, was customers.email" in told.stdout
    assert told.exit_code == 2
    assert "datamap.unknown-name" in told.stderr


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_record_of_processing_is_written_by_the_files_ending(folder: Path, language: str) -> None:
    assert _init().exit_code == 0
    for ending, start in (("html", "<!doctype html>"), ("csv", "\ufeffactivity"), ("json", "{")):
        name = f"record.{ending}"
        result = _run("map", "--article30", name, "--language", language)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert (folder / name).read_text(encoding="utf-8").startswith(start)
    assert json.loads(_run("map", "--article30", "-").stdout)["activities"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--article30", "record.pdf"], "map.unknown-output"),
        (["--article30", "-", "--language", "de"], "map.unknown-language"),
        (["--fides-in", "nowhere.yml"], "exchange.missing"),
        (["--fides-in", "policy.md"], "exchange.invalid"),
    ],
)
def test_what_cannot_be_written_or_read_is_refused_and_changes_nothing(
    folder: Path, arguments: list[str], code: str
) -> None:
    assert _init().exit_code == 0
    before = (folder / "datamap.toml").read_bytes()
    refused = _run("map", "--json", *arguments)
    assert refused.exit_code == 2
    assert _error(refused)["code"] == code
    assert (folder / "datamap.toml").read_bytes() == before


def test_what_is_given_to_fides_is_taken_back_into_an_empty_map(folder: Path) -> None:
    assert _init().exit_code == 0
    assert _run("map", "--write", "--accept").exit_code == 0
    assert _run("map", "--fides-out", "fides", "--dpv", "record.jsonld").exit_code == 0
    assert json.loads((folder / "record.jsonld").read_text(encoding="utf-8"))["@graph"]
    before = parse_datamap((folder / "datamap.toml").read_text(encoding="utf-8"))
    (folder / "datamap.toml").write_text("", encoding="utf-8")
    files = sorted((folder / "fides").iterdir())
    options = [each for file in files for each in ("--fides-in", str(file))]
    assert _run("map", *options).exit_code == 0
    after = parse_datamap((folder / "datamap.toml").read_text(encoding="utf-8"))
    customers = DatasetId("shop", "customers")
    assert after.datasets[customers].fields == before.datasets[customers].fields
    assert after.datasets[customers].identity == before.datasets[customers].identity
    again = (folder / "datamap.toml").read_bytes()
    assert _run("map", *options).exit_code == 0
    assert (folder / "datamap.toml").read_bytes() == again


@pytest.mark.parametrize(
    ("language", "email", "head", "about", "nothing"),
    [
        ("fr", "adresse électronique", "[proposé]", "au sujet de : clients", "rien de personnel"),
        ("ar", "البريد الإلكتروني", "[مقترح]", "عن: العملاء", "لا تحتوي على شيء شخصي"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_map_is_said_in_the_language_that_is_asked_for(
    language: str, email: str, head: str, about: str, nothing: str
) -> None:
    _init()
    output = _run("map", "--language", language).output

    assert f"{email} (user.contact.email)" in output
    assert head in output
    assert about in output
    assert nothing in output
    for english in (" rows, about ", "to decide:", "finds people", "undecided", "not stated by"):
        assert english not in output


@pytest.mark.usefixtures("folder")
def test_a_map_in_a_language_that_there_are_no_words_for_is_refused() -> None:
    result = _run("map", "--language", "de")

    assert result.exit_code == 2
    assert "Ask for en, fr or ar." in result.stderr


def test_every_text_of_the_map_takes_the_same_values_in_each_language() -> None:
    texts = tomllib.loads(files("kept.cli").joinpath("map_words.toml").read_text("utf-8"))

    for section in texts.values():
        for key, each in section.items():
            assert len(each) == len(LANGUAGES), key
            assert len({frozenset(re.findall(r"\{(\w+)\}", text)) for text in each}) == 1, key


@pytest.mark.parametrize(
    "category", [each for each in DataCategory if each.value.startswith("user")]
)
def test_every_category_of_a_person_has_a_name_of_its_own_in_each_language(
    category: DataCategory,
) -> None:
    for language in ("fr", "ar"):
        assert named("category", category.value, language) != category.value
