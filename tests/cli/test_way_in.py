"""The way in: `kept init` and `kept doctor`, with every kind of store and what can be wrong."""

import contextlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kept.cli import company_files
from kept.cli.init_asking import ask
from kept.cli.main import app

_BLOCKED = """
import sys
sys.modules[sys.argv[1]] = None
sys.argv = ["kept", *sys.argv[2:]]
from kept.cli.main import main
main()
"""
SECRET = "hush-7261"


def _kept(folder: Path, *words: str, blocked: str = "json5") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _BLOCKED, blocked, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SHOP": ""},  # noqa: TID251 - a child needs the parent's
    )


def _doctor(folder: Path, **stores: str) -> tuple[int, dict[str, dict[str, object]]]:
    text = "".join(f'[stores.{name}]\nurl = "{url}"\n' for name, url in stores.items())
    (folder / "kept.toml").write_text(text)
    ran = CliRunner().invoke(app, ["doctor", "--json", "--config", str(folder / "kept.toml")])
    assert SECRET not in ran.output
    return ran.exit_code, {each["what"]: each for each in json.loads(ran.stdout)["looked_at"]}


@pytest.mark.parametrize(
    ("package", "url", "extra"),
    [
        ("psycopg", "postgresql://reader@127.0.0.1:9/app", "postgres"),
        ("pymysql", "mysql://reader@127.0.0.1:9/app", "mariadb"),
        ("duckdb_engine", "duckdb:///shop.duckdb", "duckdb"),
        ("redis", "redis://127.0.0.1:9/0", "redis"),
        ("obstore", "s3://lake/raw?region=eu-west-1", "lake"),
    ],
)
def test_a_missing_extra_is_named_with_the_line_that_installs_it(
    tmp_path: Path, package: str, url: str, extra: str
) -> None:
    (tmp_path / "shop.duckdb").write_bytes(b"")
    ran = _kept(tmp_path, "init", "--yes", "--store", f"shop={url}", blocked=package)
    assert ran.returncode == 2, ran.stderr
    assert f'pip install "kept[{extra}]"' in ran.stderr
    assert "stores.extra-missing" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "kept.toml").exists()


def test_a_missing_extra_of_one_store_leaves_the_others_looked_at(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").write_text(
        '[stores.cache]\nurl = "redis://127.0.0.1:9/0"\n[stores.files]\nurl = "file:///."\n'
    )
    ran = _kept(tmp_path, "doctor", blocked="redis")
    assert ran.returncode == 2
    assert "MEND  store cache" in ran.stdout
    assert 'pip install "kept[redis]"' in ran.stdout
    assert "fine  store files" in ran.stdout


@pytest.mark.enable_socket
@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "redis"])
def test_a_store_that_is_down_is_waited_for_and_its_password_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SHOP", f"{scheme}://ann:{SECRET}@127.0.0.1:9/0")
    ran = CliRunner().invoke(
        app, ["init", "--yes", "--dir", str(tmp_path), "--store", "shop=env:SHOP"]
    )
    assert ran.exit_code == 75, ran.output
    assert ran.stderr.startswith("error: the store 'shop' did not answer\n")
    assert SECRET not in ran.output
    # What must be granted is known all the same, and the files are there to go on with.
    assert "ann" in ran.stdout
    assert SECRET not in (tmp_path / "kept.toml").read_text()
    status, looked = _doctor(tmp_path, shop="env:SHOP")
    assert status == 75
    assert looked["store shop"]["code"] == "stores.unreachable"


def test_a_scheme_that_nobody_reads_is_named_with_those_that_are(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["init", "--yes", "--dir", str(tmp_path), "--store", "shop=oracle://host/app"]
    )
    assert ran.exit_code == 2
    assert "'oracle'" in ran.stderr
    assert "postgresql" in ran.stderr
    assert not (tmp_path / "kept.toml").exists()


@pytest.mark.service
@pytest.mark.enable_socket
def test_a_wrong_password_is_refused_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mariadb_url: str, redis_url: str
) -> None:
    for url in (mariadb_url.replace("kept@", "ann@"), redis_url):
        host = url.rpartition("@")[2].rpartition("//")[2]
        monkeypatch.setenv("SHOP", f"{url.partition(':')[0]}://ann:{SECRET}@{host}")
        ran = CliRunner().invoke(
            app, ["init", "--yes", "--dir", str(tmp_path), "--store", "shop=env:SHOP"]
        )
        assert ran.exit_code == 2, ran.output
        assert "stores.denied" in ran.stderr
        assert SECRET not in ran.output
        assert not (tmp_path / "kept.toml").exists()


@pytest.mark.service
@pytest.mark.enable_socket
def test_doctor_tells_what_is_closed_to_the_account_and_what_is_open_without_need(
    tmp_path: Path, postgres_url: str
) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE way_in")
    url = postgres_url.rpartition("/")[0] + "/way_in"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "CREATE SCHEMA payroll; CREATE TABLE person (id int PRIMARY KEY, email text, pay int);"
            "CREATE TABLE letter (id int PRIMARY KEY); CREATE ROLE narrow LOGIN;"
            "GRANT SELECT (id, email) ON person TO narrow"
        )
        try:
            status, looked = _doctor(tmp_path, shop=url.replace("postgres@", "narrow@"))
            narrow = looked["store shop"]
            assert status == 2
            assert narrow["code"] == "stores.closed"
            assert "kept doctor --grants" in str(narrow["remedy"])
            assert narrow["notes"] == [
                "payroll is not read: permission denied",
                "letter is not read: permission denied",
                "person is read without pay: permission denied",
            ]
            assert "samples random blocks" in str(narrow["can"])
            status, looked = _doctor(tmp_path, shop=url)
            assert status == 2, "a table with personal data is undecided"
            assert looked["datamap.toml"]["code"] == "plans.undecided"
            assert looked["store shop"]["ok"]
            assert looked["store shop"]["notes"] == [
                "the account in url may write: one that only reads is enough for it"
            ]
        finally:
            admin.execute("DROP OWNED BY narrow; DROP ROLE narrow")


def test_doctor_says_what_files_can_and_cannot(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,email\n1,ann@example.com\n")
    status, looked = _doctor(tmp_path, lake=f"file://{tmp_path}")
    assert status == 2
    assert looked["store lake"]["ok"]
    assert "lake.people.csv" in str(looked["datamap.toml"]["message"])
    can = looked["store lake"]["can"]
    assert isinstance(can, list)
    assert "requests can be carried out" in can
    assert "every row is read to find one person" in can
    assert "ann@example.com" not in json.dumps(looked)


def test_what_is_asked_at_a_terminal_may_be_several_and_mistaken_at_first(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_text("We collect your name.\n")
    answers = (
        "Example Ltd", "privacy@example.com", "Germany", "de", "gdpr", "",
        f"{tmp_path}/nothing.md", f"{tmp_path}/policy.md", "",
        "no-address", "shop=sqlite:///nowhere.sqlite", f"shop=postgresql://ann:{SECRET}@127.0.0.1/app",
        f"files=file://{tmp_path}", "cache=redis://127.0.0.1:9/0", "",
    )  # fmt: skip
    with CliRunner().isolation(input="\n".join(answers) + "\n") as (out, err, *_):
        wanted = ask(company_files.Wanted(directory=tmp_path))
        said = err.getvalue().decode()
    assert (wanted.name, wanted.contact) == ("Example Ltd", "privacy@example.com")
    assert (wanted.country, wanted.laws) == ("DE", ("eu-gdpr",))
    assert "'Germany' is no code of a country" in said
    assert "'gdpr' is no law that is known" in said
    assert len(wanted.policies) == 1
    assert set(wanted.stores) == {"files", "cache"}
    assert "there is no policy" in said
    assert "nothing is at sqlite:///nowhere.sqlite" in said
    assert "a store is NAME=URL" in said
    assert "env:VARIABLE" in said
    assert SECRET not in said
    del out


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@127.0.0.1:9/app",
        f"mysql://ann:a/{SECRET}@127.0.0.1:9/app",
        f"postgresql://ann@127.0.0.1:9/app?sslmode=require&password={SECRET}",
        f"postgresql://ann@127.0.0.1:9/app?sslpassword={SECRET}",
        f"redis://:{SECRET}@127.0.0.1:9/0",
        f"s3://KEY:{SECRET}@lake/raw",
        f"s3://lake/raw?endpoint=https://ann:{SECRET}@store.example.com",
    ],
)
def test_a_secret_in_an_address_never_reaches_the_files(tmp_path: Path, url: str) -> None:
    ran = CliRunner().invoke(app, ["init", "--yes", "--dir", str(tmp_path), "--store", f"a={url}"])
    assert ran.exit_code == 2, ran.output
    assert "env:VARIABLE" in ran.stderr
    assert SECRET not in ran.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@127.0.0.1:5432/app?sslmode=require&sslkey=/etc/a.pem",
        "file:///srv/a:b@c",
        "s3://lake/raw?endpoint=https://store.example.com:9000&region=eu",
        "redis://ann@127.0.0.1:6379/0",
    ],
)
def test_an_address_without_a_secret_is_taken(tmp_path: Path, url: str) -> None:
    wanted = company_files.Wanted(directory=tmp_path).with_store(f"a={url}")
    assert wanted.stores == {"a": url}


def test_a_file_or_a_folder_is_found_from_where_the_files_will_be(tmp_path: Path) -> None:
    (tmp_path / "a:b@c").mkdir()
    (tmp_path / "shop.sqlite").write_bytes(b"")
    wanted = company_files.Wanted(directory=tmp_path)
    for there in (
        f"sqlite:///{tmp_path}/shop.sqlite",
        "sqlite:///shop.sqlite",
        f"file://{tmp_path}/a:b@c",
        "logs:///a:b@c",
        "postgresql://ann@127.0.0.1/app",
    ):
        assert wanted.with_store(f"a={there}").stores == {"a": there}
        assert wanted.is_there(there)
    for gone in (
        "sqlite:///shop.sqlit",
        f"duckdb:///{tmp_path}/shop.duckdb",
        "file:///nowhere-to-be-found",
        "logs:///shop.sqlite",
    ):
        assert not wanted.is_there(gone)


def test_what_is_asked_can_be_given_as_options_and_what_is_wrong_writes_nothing(
    tmp_path: Path,
) -> None:
    told = [
        "--name",
        "Example",
        "--contact",
        "x@example.com",
        "--country",
        "fr",
        "--law",
        "EU-GDPR",
    ]
    for more in (["--law", "gdpr"], ["--country", "France"]):
        ran = CliRunner().invoke(app, ["init", "--yes", "--dir", str(tmp_path), *told, *more])
        assert ran.exit_code == 2, ran.output
        assert "init.invalid" in ran.stderr
        assert not list(tmp_path.iterdir())
    ran = CliRunner().invoke(app, ["init", "--yes", "--dir", str(tmp_path), *told])
    assert ran.exit_code == 0, ran.output
    controller = tomllib.loads((tmp_path / "kept.toml").read_text())["controller"]
    assert controller["establishment"] == "FR"
    assert controller["laws"] == ["eu-gdpr"]
    assert controller["name"] == "Example"


def test_a_question_that_is_not_answered_breaks_no_promise(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").write_text("")
    ran = _at_a_terminal(tmp_path, "init")
    assert ran.returncode == 2, ran.stdout
    assert "kept.stopped" in ran.stdout
    assert (tmp_path / "kept.toml").read_text() == ""


def _at_a_terminal(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command at a terminal whose user ends it at the first question."""
    import pty

    terminal, side = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-c", _BLOCKED, "json5", *words],
        cwd=folder, stdin=side, stdout=side, stderr=side, start_new_session=True,
    )  # fmt: skip
    os.close(side)
    said = b""
    while b"?" not in said and b":" not in said:
        said += os.read(terminal, 4096)
    os.write(terminal, b"\x04")
    with contextlib.suppress(OSError):  # the other side is closed when the command ends
        while more := os.read(terminal, 4096):
            said += more
    os.close(terminal)
    return subprocess.CompletedProcess(words, ran.wait(60), said.decode(), "")


def test_a_store_given_as_a_path_is_answered_with_the_line_to_write(tmp_path: Path) -> None:
    import sqlite3

    shop = tmp_path / "shop.db"
    with sqlite3.connect(shop) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    (tmp_path / "table.duckdb").write_bytes(bytes(8) + b"DUCK" + bytes(8))
    wanted = company_files.Wanted(directory=tmp_path)
    for given, written in (
        (str(shop), f"Write a=sqlite:///{shop}"),
        (str(tmp_path), f"Write a=file:///{tmp_path}"),
        (f"{tmp_path}/table.duckdb", f"Write a=duckdb:///{tmp_path}/table.duckdb"),
        (f"ann:{SECRET}@host", "Write a=KIND://…"),
        ("\0", "Write a=KIND://…"),
    ):
        with pytest.raises(company_files.InitError) as refused:
            wanted.with_store(f"a={given}")
        assert refused.value.remedy.startswith(written)
        assert SECRET not in f"{refused.value}{refused.value.remedy}"


def test_what_init_cannot_read_it_refuses_before_it_writes(tmp_path: Path) -> None:
    binary = tmp_path / "policy.md"
    binary.write_bytes(bytes(range(256)) * 4)
    folder = tmp_path / "company"
    for words, code in (
        (["--policy", str(binary), "--dir", str(folder)], "policy."),
        (["--policy", "https://example.com/privacy", "--dir", str(folder)], "init.invalid"),
        (["--dir", str(binary)], "init.folder"),
    ):
        ran = CliRunner().invoke(app, ["init", "--yes", *words])
        assert ran.exit_code == 2, ran.output
        assert f"code: {code}" in ran.stderr
        assert not folder.exists()


def test_doctor_looks_at_the_stores_although_the_map_and_the_policy_are_wrong(
    tmp_path: Path,
) -> None:
    (tmp_path / "datamap.toml").write_text("[stores.gone.datasets.a]\n")
    status, looked = _doctor(tmp_path, files=f"file://{tmp_path}")
    assert status == 2
    assert "names no policy" in str(looked["policies"]["notes"])
    assert looked["store files"]["ok"]
    assert looked["datamap.toml"]["code"] == "datamap.unknown-name"


def test_doctor_prints_the_grants_again(tmp_path: Path) -> None:
    (tmp_path / "kept.toml").write_text('[stores.files]\nurl = "file:///."\n')
    ran = CliRunner().invoke(app, ["doctor", "--grants", "--config", str(tmp_path / "kept.toml")])
    assert ran.exit_code == 0, ran.output
    assert "# files: reading (url)" in ran.stdout
    told = CliRunner().invoke(
        app, ["doctor", "--grants", "--json", "--config", str(tmp_path / "kept.toml")]
    )
    (store,) = json.loads(told.stdout)["stores"]
    assert store["name"] == "files"
    assert store["reading"]
    assert store["erasing"]


@pytest.mark.service
@pytest.mark.enable_socket
def test_postgresql_tells_a_wrong_password_from_a_server_that_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        (access,) = admin.execute("SHOW hba_file").fetchone() or ("",)
        before = Path(access).read_text()
        admin.execute("CREATE ROLE locked LOGIN PASSWORD 'invented'")
        Path(access).write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{before}")
        admin.execute("SELECT pg_reload_conf()")
        try:
            _until_asked_for_a_password(postgres_url.replace("postgres@", "locked@"))
            for account in (f"locked:{SECRET}", "locked", f"nobody_here:{SECRET}"):
                monkeypatch.setenv("SHOP", postgres_url.replace("postgres@", f"{account}@"))
                ran = CliRunner().invoke(
                    app, ["init", "--yes", "--dir", str(tmp_path), "--store", "shop=env:SHOP"]
                )
                assert ran.exit_code == 2, ran.output
                assert "stores.denied" in ran.stderr
                assert SECRET not in ran.output
        finally:
            Path(access).write_text(before)
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("DROP ROLE locked")


def _until_asked_for_a_password(url: str) -> None:
    """Wait until the server has read whom it must ask for a password."""
    import psycopg

    for _ in range(100):
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return
    pytest.fail("the server never asked for a password")
