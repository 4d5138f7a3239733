"""What `kept init` prints to be granted is applied here to real servers, and tried."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from kept.cli.main import app
from kept.connectors.grants import grants_of
from kept.connectors.registry import connect

if TYPE_CHECKING:
    from obstore.store import S3Store

Made = Callable[[str], str]
POLICY = "# Privacy policy\n\nWe collect your name and your e-mail address to fulfil orders.\n"
PEOPLE = "INSERT INTO {table} VALUES (1, 'ann@example.com'), (2, 'ben@example.com');"


def _init(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Run `kept init`, and return what it prints to be granted for reading and for erasing."""
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    (folder / "policy.md").write_text(POLICY)
    ran = CliRunner().invoke(
        app,
        ["init", "--policy", "policy.md", "--store", f"shop={url}", "--yes", "--overwrite"],
    )
    assert ran.exit_code == 0, ran.output
    assert "First verdicts" in ran.stdout
    assert "unproven" in ran.stdout
    return _section(ran.stdout, "reading (url)"), _section(ran.stdout, "erasing (write_url)")


def _section(printed: str, title: str) -> list[str]:
    lines = iter(printed.splitlines())
    next(line for line in lines if line.endswith(f"shop: {title}"))
    found = []
    for line in lines:
        if not line or line.startswith(("--", "#")):
            break
        found.append(line)
    return found


def _mapped(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Map as the account of `url`, and return the store as `kept map --json` tells it."""
    monkeypatch.setenv("SHOP", url)
    (folder / "kept.toml").write_text('[stores.shop]\nurl = "env:SHOP"\n')
    ran = CliRunner().invoke(app, ["map", "--json", "--config", str(folder / "kept.toml")])
    assert ran.exit_code == 0, ran.output
    told: dict[str, object] = json.loads(ran.stdout)["stores"][0]
    return told


def _names(told: dict[str, object]) -> set[str]:
    datasets = told["datasets"]
    assert isinstance(datasets, list)
    return {each["name"] for each in datasets}


@pytest.mark.service
@pytest.mark.enable_socket
def test_the_printed_postgresql_accounts_read_everything_and_write_only_where_they_should(
    tmp_path: Path, postgres: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg
    from psycopg.errors import InsufficientPrivilege

    url = postgres(
        'CREATE SCHEMA "Back Office"; CREATE TABLE person (id int PRIMARY KEY, email text);'
        'CREATE TABLE "Back Office".person (id int PRIMARY KEY, email text);'
        + PEOPLE.format(table="person")
        + PEOPLE.format(table='"Back Office".person')
    )
    with psycopg.connect(url, autocommit=True) as admin:
        reading, erasing = _init(tmp_path, url, monkeypatch)
        assert any('"Back Office"' in line for line in reading)
        try:
            for line in reading + erasing:
                admin.execute(line.encode())
            admin.execute('CREATE TABLE "Back Office".later (id int PRIMARY KEY, email text)')
            reader = url.replace("postgres@", "kept_reader@")
            told = _mapped(tmp_path, reader, monkeypatch)
            assert _names(told) == {"person", "Back Office.person", "Back Office.later"}
            with psycopg.connect(reader, autocommit=True) as tried:
                for statement in (
                    "UPDATE person SET email = 'x'",
                    'DELETE FROM "Back Office".person',
                    'INSERT INTO "Back Office".later VALUES (1)',
                    "TRUNCATE person",
                    "DROP TABLE person",
                    "CREATE TABLE mine (id int)",
                ):
                    with pytest.raises(InsufficientPrivilege):
                        tried.execute(statement.encode())
            eraser = url.replace("postgres@", "kept_eraser@")
            with psycopg.connect(eraser, autocommit=True) as tried:
                assert tried.execute("UPDATE person SET email = NULL").rowcount == 2
                assert tried.execute('DELETE FROM "Back Office".person').rowcount == 2
                assert tried.execute('DELETE FROM "Back Office".later').rowcount == 0
                for statement in ("INSERT INTO person VALUES (9)", "DROP TABLE person"):
                    with pytest.raises(InsufficientPrivilege):
                        tried.execute(statement.encode())
            # A second look, as the reader, has nothing to make and nothing to warn of.
            again = grants_of(connect("shop", reader), reader)
            assert again.writes is False
            assert not any(line.startswith("CREATE ROLE") for line in again.reading)
        finally:
            for role in ("kept_reader", "kept_eraser"):
                admin.execute(f"DROP OWNED BY {role}".encode())
                admin.execute(f"DROP ROLE {role}".encode())


@pytest.mark.service
@pytest.mark.enable_socket
def test_the_printed_mariadb_accounts_read_everything_and_write_only_where_they_should(
    tmp_path: Path, mariadb: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymysql
    from sqlalchemy import make_url

    url = mariadb(
        "CREATE TABLE person (id int PRIMARY KEY, email text);" + PEOPLE.format(table="person")
    )
    address = make_url(url)

    def opened(user: str) -> pymysql.Connection:
        return pymysql.connect(
            host=str(address.host),
            port=address.port or 0,
            user=user,
            password="" if user == "kept" else "invented",
            database=address.database,
            autocommit=True,
        )

    reading, erasing = _init(tmp_path, url, monkeypatch)
    with opened("kept") as admin, admin.cursor() as cursor:
        try:
            for line in reading + erasing:
                cursor.execute(line)
            for each in ("kept_reader", "kept_eraser"):
                cursor.execute(
                    f"ALTER USER {each}@'127.0.0.1' IDENTIFIED BY 'invented' ACCOUNT UNLOCK"
                )
            cursor.execute("CREATE TABLE later (id int PRIMARY KEY, email text)")
            reader = url.replace("kept@", "kept_reader:invented@")
            assert _names(_mapped(tmp_path, reader, monkeypatch)) == {"person", "later"}
            assert grants_of(connect("shop", reader), reader).writes is False
            with opened("kept_reader") as tried, tried.cursor() as trying:
                for statement in (
                    "UPDATE person SET email = 'x'",
                    "DELETE FROM person",
                    "INSERT INTO later VALUES (1, 'x')",
                    "DROP TABLE person",
                    "CREATE TABLE mine (id int)",
                    "CREATE TRIGGER t BEFORE DELETE ON person FOR EACH ROW SET @a = 1",
                ):
                    with pytest.raises(pymysql.err.OperationalError, match="denied"):
                        trying.execute(statement)
            with opened("kept_eraser") as tried, tried.cursor() as trying:
                assert trying.execute("UPDATE person SET email = NULL") == 2
                assert trying.execute("DELETE FROM person") == 2
                for statement in ("INSERT INTO person VALUES (9, 'x')", "DROP TABLE person"):
                    with pytest.raises(pymysql.err.OperationalError, match="denied"):
                        trying.execute(statement)
        finally:
            for each in ("kept_reader", "kept_eraser"):
                cursor.execute(f"DROP USER IF EXISTS {each}@'127.0.0.1'")


@pytest.mark.service
@pytest.mark.enable_socket
def test_the_printed_redis_accounts_read_everything_and_write_only_where_they_should(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import redis
    from redis.exceptions import NoPermissionError

    url = redis_url.rpartition("/")[0] + "/5"
    kinds: Sequence[tuple[str, ...]] = (
        ("HSET", "person:1", "email", "ann@example.com"),
        ("SET", "mail:1", "ann@example.com"),
        ("RPUSH", "list:1", "ann@example.com"),
        ("SADD", "set:1", "ann@example.com"),
        ("ZADD", "sorted:1", "1", "ann@example.com"),
        ("XADD", "stream:1", "*", "email", "ann@example.com"),
    )
    with redis.Redis.from_url(url) as admin:
        admin.flushdb()
        for each in kinds:
            admin.execute_command(*each)
        reading, erasing = _init(tmp_path, url, monkeypatch)
        try:
            for line in reading + erasing:
                admin.execute_command(*line.split(), ">invented")
            reader = url.replace("://", "://kept_reader:invented@")
            assert len(_names(_mapped(tmp_path, reader, monkeypatch))) == len(kinds)
            with redis.Redis.from_url(reader) as tried:
                for command in (
                    ("SET", "mail:1", "x"), ("DEL", "mail:1"), ("HDEL", "person:1", "email"),
                    ("FLUSHDB",), ("KEYS", "*"), ("CONFIG", "GET", "*"), ("CLIENT", "KILL", "ID", "1"),
                ):  # fmt: skip
                    with pytest.raises(NoPermissionError):
                        tried.execute_command(*command)
            eraser = url.replace("://", "://kept_eraser:invented@")
            with redis.Redis.from_url(eraser) as tried:
                assert tried.execute_command("HDEL", "person:1", "email") == 1
                assert tried.set("mail:1", "")
                assert tried.delete("list:1", "set:1", "sorted:1", "stream:1") == 4
                with pytest.raises(NoPermissionError):
                    tried.flushdb()
        finally:
            admin.acl_deluser("kept_reader", "kept_eraser")
            admin.flushdb()


def test_the_policy_of_a_bucket_names_its_prefix_and_no_more() -> None:
    grants = grants_of(None, "s3://lake/raw/people?endpoint=https://store.example.com")
    listing, objects = json.loads(grants.reading[0])["Statement"]
    assert listing["Resource"] == ["arn:aws:s3:::lake"]
    assert listing["Condition"]["StringLike"]["s3:prefix"] == ["raw/people/*"]
    assert objects["Action"] == ["s3:GetObject"]
    assert objects["Resource"] == ["arn:aws:s3:::lake/raw/people/*"]
    assert set(json.loads(grants.erasing[0])["Statement"][1]["Action"]) == {
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
    }


@pytest.mark.parametrize(
    "address", ["sqlite:///{}/a.db", "duckdb:///{}/a.db", "file://{}", "logs://{}"]
)
def test_what_has_no_accounts_says_which_permissions_its_files_need(
    tmp_path: Path, address: str
) -> None:
    grants = grants_of(None, address.format(tmp_path))
    assert all(line.startswith("r") and str(tmp_path) in line for line in grants.reading)
    assert all(line.startswith("rw") for line in grants.erasing)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hush@127.0.0.1:9/app",
        "mysql://ann:hush@127.0.0.1:9/app",
        "mysql://ann:a/hush@127.0.0.1:9/app",
        "redis://ann:hush@127.0.0.1:9/0",
        "s3://ann:hush@lake/raw",
    ],
)
def test_no_grant_shows_a_secret(url: str) -> None:
    assert "hush" not in repr(grants_of(None, url))


def test_a_name_with_quotes_stays_one_name() -> None:
    grants = grants_of(None, 'postgresql://a%22b@127.0.0.1/x"y')
    assert grants.reading[0] == 'GRANT CONNECT ON DATABASE "x""y" TO "a""b";'
    grants = grants_of(None, "mysql://o%27k@127.0.0.1/a_b`c")
    assert grants.reading[0] == "GRANT SELECT, SHOW VIEW ON `a\\_b``c`.* TO 'o''k'@'%';"


@pytest.mark.service
@pytest.mark.enable_socket
def test_the_printed_bucket_policies_read_everything_and_write_only_where_they_should(
    tmp_path: Path, s3_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import obstore
    from moto import settings
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam.models import iam_backends
    from moto.s3.models import s3_backends
    from obstore.exceptions import PermissionDeniedError

    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket("granted", "us-east-1")
    address = f"s3://{{}}granted/raw?endpoint={s3_endpoint}"
    people = b"id,email\n1,ann@example.com\n2,ben@example.com\n"
    obstore.put(_bucket(s3_endpoint, "key", "secret"), "raw/people.csv", people)
    monkeypatch.setenv("SHOP", address.format("key:secret@"))
    reading, erasing = _init(tmp_path, "env:SHOP", monkeypatch)
    accounts, keys = iam_backends[DEFAULT_ACCOUNT_ID]["aws"], {}
    for name, printed in (("kept_reader", reading), ("kept_eraser", erasing)):
        accounts.create_user("us-east-1", name)
        accounts.put_user_policy(name, "printed", "\n".join(printed))
        key = accounts.create_access_key(name)
        keys[name] = key.access_key_id, key.secret_access_key
    # From here on the server asks the policies whether something may be done.
    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
    key_id, secret = (quote(part, safe="") for part in keys["kept_reader"])
    told = _mapped(tmp_path, address.format(f"{key_id}:{secret}@"), monkeypatch)
    assert _names(told) == {"people.csv"}
    with pytest.raises(PermissionDeniedError):
        obstore.put(_bucket(s3_endpoint, *keys["kept_reader"]), "raw/people.csv", b"x")
    assert _deleted(s3_endpoint, *keys["kept_reader"]) == 403
    eraser = _bucket(s3_endpoint, *keys["kept_eraser"])
    obstore.put(eraser, "raw/people.csv", b"id,email\n")
    assert _deleted(s3_endpoint, *keys["kept_eraser"]) == 204
    with pytest.raises(PermissionDeniedError):
        obstore.put(eraser, "elsewhere/people.csv", b"x")


def _deleted(endpoint: str, key: str, secret: str) -> int:
    """Ask for one object to be deleted, and return the answer's status.

    The server of these tests holds only such requests against what an account may do, and
    not those that delete many at once, which the library makes of one too.
    """
    import http.client

    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    asked = AWSRequest(method="DELETE", url=f"{endpoint}/granted/raw/people.csv")
    S3SigV4Auth(Credentials(key, secret), "s3", "us-east-1").add_auth(asked)
    asking = http.client.HTTPConnection(endpoint.removeprefix("http://"))
    asking.request("DELETE", "/granted/raw/people.csv", headers=dict(asked.headers))
    status = asking.getresponse().status
    asking.close()
    return status


def _bucket(endpoint: str, key: str, secret: str) -> "S3Store":
    from obstore.store import S3Store

    config = {
        "aws_access_key_id": key,
        "aws_secret_access_key": secret,
        "aws_region": "us-east-1",
        "aws_endpoint": endpoint,
        "aws_allow_http": "true",
    }
    return S3Store("granted", config=config)  # type: ignore[arg-type]  # its own mapping
