"""The sample company: reproducible, reaching nobody, and not spotless."""

import re
import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stdnum import luhn

from kept.demo.company import COMPANIES, company, is_sample, write_company
from kept.demo.errors import FolderInUseError, UnknownCompanyError
from kept.settings import parse_settings

NOW = datetime(2026, 11, 22, 4, 0, 5, tzinfo=UTC)
POLICIES = Path(__file__).resolve().parents[2].parent / "shared" / "policies"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company") / "demo"
    write_company(company("tamarisk"), folder, now=NOW)
    return folder


def query(folder: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "data" / "app.sqlite")) as connection:
        return connection.execute(sql).fetchall()


def test_the_same_instant_and_seed_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_company(company("tamarisk"), tmp_path / "again", now=NOW)
    for name in ("kept.toml", "datamap.toml", "policy.en.md", "data/app.sqlite"):
        assert (written / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_another_seed_gives_other_people(written: Path, tmp_path: Path) -> None:
    write_company(company("tamarisk"), tmp_path, now=NOW, seed=5)
    names = "SELECT full_name FROM customers ORDER BY id"
    assert query(tmp_path, names)[50:] != query(written, names)[50:]


@pytest.mark.parametrize("day", ["2026-01-01", "2028-02-29", "2027-12-31", "2031-03-31"])
def test_a_company_can_be_written_for_any_day(tmp_path: Path, day: str) -> None:
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    write_company(company("tamarisk"), tmp_path, now=now)
    assert query(tmp_path, "PRAGMA foreign_key_check") == []
    ((latest,),) = query(tmp_path, "SELECT max(issued_on) FROM invoices")
    assert latest <= day


def test_a_second_run_replaces_what_the_first_one_wrote(tmp_path: Path) -> None:
    write_company(company("tamarisk"), tmp_path, now=NOW)
    (tmp_path / ".kept").mkdir()
    (tmp_path / ".kept" / "state.sqlite").write_bytes(b"old")
    (tmp_path / "notes.txt").write_text("mine")
    write_company(company("tamarisk"), tmp_path, now=NOW)
    assert not (tmp_path / ".kept").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("theirs", ["kept.toml", "datamap.toml", "data/app.sqlite", ".kept/log"])
def test_somebody_elses_folder_is_left_alone(tmp_path: Path, theirs: str) -> None:
    path = tmp_path / theirs
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[controller]\n")
    with pytest.raises(FolderInUseError):
        write_company(company("tamarisk"), tmp_path, now=NOW)
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


def test_an_unknown_company_is_refused_by_naming_those_there_are() -> None:
    with pytest.raises(UnknownCompanyError) as caught:
        company("acme")
    assert all(name in caught.value.remedy for name in COMPANIES)


def test_the_configuration_is_valid_and_known_as_a_sample(written: Path, tmp_path: Path) -> None:
    config = written / "kept.toml"
    settings = parse_settings(config.read_text(), path=config, environment={})
    assert settings.controller.laws == ("eu-gdpr",)
    assert settings.controller.establishment.startswith("DE")
    assert is_sample(config)
    (tmp_path / "kept.toml").write_text("[controller]\n")
    assert not is_sample(tmp_path / "kept.toml")
    assert not is_sample(tmp_path / "absent.toml")


def test_the_map_decides_every_table_of_the_store_and_names_only_fields_that_exist(
    written: Path,
) -> None:
    listed = tomllib.loads((written / "datamap.toml").read_text())["stores"]["app"]["datasets"]
    tables = {
        name for (name,) in query(written, "SELECT name FROM sqlite_master WHERE type='table'")
    }
    assert set(listed) == tables
    for name, entry in listed.items():
        columns = {row[1] for row in query(written, f"PRAGMA table_info({name})")}
        named = {
            *entry.get("fields", {}), *entry.get("identity", {}), *entry.get("anchors", {}),
            *(field for each in entry.get("references", []) for field in each["fields"]),
        }  # fmt: skip
        assert entry["state"] == "decided"
        assert named <= columns, name


def test_nobody_can_be_reached_by_what_stands_in_the_store(written: Path) -> None:
    addresses = [row[0] for row in query(
        written, "SELECT email FROM customers UNION SELECT email FROM newsletter UNION "
        "SELECT email FROM staff UNION SELECT from_email FROM handovers",
    )]  # fmt: skip
    reserved = re.compile(r"@(example\.(com|org|net)|tamarisk\.example)$", re.IGNORECASE)
    assert all(reserved.search(address) for address in addresses)
    phones = [row[0] for row in query(written, "SELECT phone FROM customers WHERE phone NOT NULL")]
    fiction = re.compile(
        r"^(\+4930|030|004930)23125\d{3}$|^(\+336|06)3998\d{4}$|^\+447700900\d{3}$"
    )
    assert all(fiction.match(re.sub(r"[^\d+]", "", phone)) for phone in phones)


def test_the_store_is_not_spotless(written: Path) -> None:
    twice = query(written, "SELECT count(*) FROM customers WHERE full_name LIKE '%Bilal Qureshi' "
                  "AND date_of_birth = (SELECT date_of_birth FROM customers WHERE id = 5)")  # fmt: skip
    assert twice == [(2,)]
    assert query(
        written, "SELECT count(*) FROM customers WHERE email = 'atelier.moreau@example.net'"
    ) == [(2,)]
    assert query(written, "PRAGMA foreign_key_list(newsletter)") == []
    assert query(written, "SELECT count(*) FROM messages WHERE body LIKE '%my colleague %'") > [
        (5,)
    ]
    assert query(written, "SELECT count(*) FROM customers WHERE full_name GLOB '*[ء-ي]*'") > [(20,)]


def test_two_invoices_of_the_erasure_are_under_the_tax_minimum_and_one_is_past_it(
    written: Path,
) -> None:
    days = query(
        written,
        "SELECT issued_on FROM invoices WHERE customer_id = "
        "(SELECT id FROM customers WHERE email = 'jonas.weber@example.org') ORDER BY 1",
    )
    ends = [date(date.fromisoformat(day).year + 8, 12, 31) for (day,) in days]
    assert [end < NOW.date() for end in ends] == [True, False, False]


def test_nothing_breaks_the_policy_in_the_unbroken_company(written: Path) -> None:
    closed = (NOW - timedelta(days=24 * 30)).strftime("%Y-%m-%d")
    assert query(written, f"SELECT count(*) FROM accounts WHERE closed_at < '{closed}'") == [(0,)]
    old = (NOW - timedelta(days=90)).strftime("%Y-%m-%d")
    assert query(written, f"SELECT count(*) FROM login_log WHERE at < '{old}'") == [(0,)]
    grown_up = NOW.date().replace(year=NOW.year - 18).isoformat()
    assert query(written, f"SELECT count(*) FROM customers WHERE date_of_birth > '{grown_up}'") == [
        (0,)
    ]
    ids = [row[0] for row in query(written, "SELECT national_id FROM customers") if row[0]]
    assert len(ids) > 80
    assert len(set(ids)) == len(ids)
    assert all(value.startswith("enc:v1:") for value in ids)


def test_no_text_holds_what_could_be_taken_for_a_card_number(written: Path) -> None:
    texts = query(written, "SELECT note FROM orders UNION SELECT body FROM messages "
                  "UNION SELECT payment_token FROM orders UNION SELECT note FROM handovers")  # fmt: skip
    for (text,) in texts:
        for run in re.findall(r"(?:\d[ -]?){13,19}", text or ""):
            digits = re.sub(r"\D", "", run)
            assert digits[0] not in "23456" or not luhn.is_valid(digits)


def test_the_policy_shares_no_sentence_with_the_public_ones(written: Path) -> None:
    if not POLICIES.is_dir():
        pytest.skip("the public policies are not here")
    public = " ".join(
        " ".join(path.read_text(errors="replace").split()).casefold()
        for path in POLICIES.glob("*.txt")
    )
    ours = (written / "policy.en.md").read_text()
    sentences = [
        " ".join(each.split()).strip("-#. ").casefold() for each in re.split(r"[.!?:;]\s|\n", ours)
    ]
    assert [each for each in sentences if len(each.split()) > 4 and each in public] == []
