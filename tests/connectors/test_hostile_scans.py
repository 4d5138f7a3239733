"""What goes wrong while every row is read: it is noted, and everything else is read."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import psycopg
import pymysql
import pytest
from sqlalchemy import make_url

from kept.connectors.registry import connect
from kept.connectors.sql.dialects import postgresql
from kept.inventory.connector import Store
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
from kept.vocabulary.data_category import DataCategory
from kept.workflows.scan_stores import Reading, scan_stores

Made = Callable[[str], str]

service = pytest.mark.service
sockets = pytest.mark.enable_socket
AT = datetime(2026, 8, 31, 1, 0, tzinfo=UTC)
MAIL = {DataCategory.USER_CONTACT_EMAIL: 1}


@dataclass
class Scan:
    """One run over some stores, remembered in memory."""

    stores: Mapping[str, Store]
    tell: Callable[[DatasetId, Scanned], None] = lambda _dataset, _scanned: None
    scans: dict[DatasetId, Scanned] = field(default_factory=dict)

    def last(self, dataset: DatasetId) -> Scanned | None:
        return self.scans.get(dataset)

    def record(self, dataset: DatasetId, scanned: Scanned) -> None:
        self.scans[dataset] = scanned

    def run(self) -> dict[str, str]:
        """Scan, and return why what was not read to its end."""
        done = scan_stores(
            Reading(
                stores=self.stores,
                catalogs={name: store.catalog() for name, store in self.stores.items()},
                rows={},
                progress=self,
                clock=lambda: AT,
                tell=self.tell,
            )
        )
        return {dataset.name: error.code for dataset, error in done.failures.items()}

    def whole(self) -> set[str]:
        return {dataset.name for dataset, scan in self.scans.items() if scan.complete}


@service
@sockets
def test_a_table_that_is_dropped_while_it_is_scanned_leaves_the_others(postgres: Made) -> None:
    url = postgres(
        "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a SELECT generate_series(1, 12000);"
        "CREATE TABLE b (mail text); INSERT INTO b VALUES ('ana@example.com')"
    )

    def drop(dataset: DatasetId, scanned: Scanned) -> None:
        if dataset.name == "a" and scanned.read == 5_000:
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("DROP TABLE a")

    scan = Scan({"app": connect("app", url)}, drop)
    assert scan.run() == {"a": "stores.changed"}
    assert scan.whole() == {"b"}


@service
@sockets
def test_a_schema_without_permission_is_noted_and_the_rest_is_scanned(
    postgres: Made, postgres_url: str
) -> None:
    url = postgres(
        "DROP ROLE IF EXISTS scanner; CREATE ROLE scanner LOGIN; CREATE SCHEMA closed;"
        "CREATE TABLE closed.t (a text);"
        "CREATE TABLE part (id int PRIMARY KEY, mail text, secret text);"
        "INSERT INTO part VALUES (1, 'ana@example.com', 'x');"
        "GRANT SELECT (id, mail) ON part TO scanner;"
        "CREATE TABLE denied (a text); CREATE TABLE b (mail text); GRANT SELECT ON b TO scanner"
    )
    del postgres_url
    store = connect("app", url.replace("postgres@", "scanner@"))
    scan = Scan({"app": store})
    assert scan.run() in ({}, {"denied": "stores.denied"})
    assert {"closed", "denied"} <= {name for name, _ in store.catalog().unread}
    # What is read in part proves nothing of the whole.
    assert scan.whole() == {"b"}
    part = scan.scans[DatasetId("app", "part")]
    assert (part.read, part.unreadable) == (1, ("secret",))
    assert part.found["mail"] == MAIL


@service
@sockets
def test_a_materialised_view_is_scanned_and_a_view_that_fails_is_not_asked(postgres: Made) -> None:
    url = postgres(
        "CREATE TABLE t (mail text); INSERT INTO t VALUES ('ana@example.com');"
        "CREATE VIEW bad AS SELECT mail::int AS n FROM t;"
        "CREATE MATERIALIZED VIEW copy AS SELECT mail FROM t"
    )
    scan = Scan({"app": connect("app", url)})
    assert scan.run() == {}
    assert scan.whole() == {"copy", "t"}


@service
@sockets
def test_a_part_that_takes_too_long_is_given_up_and_the_others_are_scanned(
    postgres: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "STATEMENT_SECONDS", 1)
    url = postgres(
        "CREATE TABLE a (id int PRIMARY KEY, mail text);"
        "INSERT INTO a VALUES (1, 'a@example.com');"
        "CREATE TABLE b (mail text); INSERT INTO b VALUES ('b@example.com')"
    )
    # Whoever alters a table lets nobody read it.
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
        scan = Scan({"app": connect("app", url)})
        failed = scan.run()
    assert failed.keys() == {"a"}
    assert failed["a"] in {"stores.timed-out", "stores.locked"}
    assert scan.whole() == {"b"}


@service
@sockets
def test_text_that_is_no_utf_8_is_scanned_around(postgres_url: str, mariadb: Made) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS scanned_ascii")
        admin.execute("CREATE DATABASE scanned_ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    url = f"{postgres_url.rpartition('/')[0]}/scanned_ascii"
    with psycopg.connect(url, autocommit=True) as filling:
        filling.execute("CREATE TABLE t (id int PRIMARY KEY, a text, mail text)")
        filling.execute("INSERT INTO t VALUES (1, E'M\\xfcller', 'ana@example.com')")
    other = mariadb("CREATE TABLE t (id int PRIMARY KEY, a varbinary(20), mail text)")
    address = make_url(other)
    with (
        pymysql.connect(
            host=str(address.host),
            port=address.port or 0,
            user=address.username,
            database=address.database,
            autocommit=True,
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO t VALUES (1, x'4dfc6c', 'ana@example.com')")
    scan = Scan({"ascii": connect("ascii", url), "binary": connect("binary", other)})
    assert scan.run() == {}
    assert len(scan.scans) == 2
    assert all(each.complete and each.found["mail"] == MAIL for each in scan.scans.values())


def test_text_that_is_no_utf_8_in_files_is_scanned_around(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute("CREATE TABLE t (a TEXT, mail TEXT)")
        connection.execute(
            "INSERT INTO t VALUES (CAST(? AS TEXT), 'ana@example.com')", (b"M\xfcller",)
        )
        connection.commit()
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "a.csv").write_bytes(b"a,mail\nM\xfc\xfeller\xff,ana@example.com\n")
    scan = Scan(
        {
            "app": connect("app", f"sqlite:///{tmp_path / 'app.sqlite'}"),
            "lake": connect("lake", f"file://{lake}"),
        }
    )
    assert scan.run() == {}
    assert len(scan.scans) == 2
    assert all(each.complete and each.found["mail"] == MAIL for each in scan.scans.values())


def test_a_parquet_file_cut_short_is_noted_and_the_others_are_scanned(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        mails = [f"person{number}@example.com" for number in range(20_000)]
        made = pl.DataFrame({f"mail_{name}": mails, f"n_{name}": 1})
        made.write_parquet(tmp_path / f"{name}.parquet", row_group_size=5_000)
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    # Its end is whole, so that its metadata is: the rows in the middle are not.
    damaged = bytearray((tmp_path / "b.parquet").read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 4_000] = b"\xff" * 4_000
    (tmp_path / "b.parquet").write_bytes(damaged)
    store = connect("lake", f"file://{tmp_path}")
    scan = Scan({"lake": store})
    failed = scan.run()
    assert failed == {"b.parquet": "stores.corrupt"}
    assert [name for name, _ in store.catalog().unread] == ["a.parquet"]
    assert scan.whole() == {"c.parquet"}
