"""A server that ends in the middle of a run, and is started again: nothing is lost or read twice."""

import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kept.connectors.registry import connect
from kept.connectors.survey import survey
from kept.inventory.connector import Store
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
from kept.vocabulary.data_category import DataCategory
from kept.workflows.scan_stores import Reading, ScanRun, scan_stores

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

AT = datetime(2026, 8, 31, 1, 0, tzinfo=UTC)
ROWS = 22_000
PEOPLE = DatasetId("app", "people")


class Remembered:
    """Remembers scans as our own database does, in memory."""

    def __init__(self) -> None:
        self.scans: dict[DatasetId, Scanned] = {}

    def last(self, dataset: DatasetId) -> Scanned | None:
        return self.scans.get(dataset)

    def record(self, dataset: DatasetId, scanned: Scanned) -> None:
        self.scans[dataset] = scanned


def _fill(url: str) -> None:
    driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
    scheme, rest = url.split("://")
    engine = sa.create_engine(f"{driver[scheme]}://{rest}")
    # The servers of tests are in no hurry to write to the disk: here it must be there.
    durable = {
        "postgresql": "ALTER DATABASE postgres SET synchronous_commit = on",
        "mysql": "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
    }
    with engine.begin() as connection:
        connection.execute(sa.text(durable[scheme]))
    engine.dispose()
    with engine.begin() as connection:
        for name in ("a", "people", "z"):
            connection.execute(
                sa.text(f"CREATE TABLE {name} (id integer PRIMARY KEY, mail varchar(80))")
            )
        rows = [{"id": number, "mail": f"person{number}@example.com"} for number in range(ROWS)]
        connection.execute(sa.text("INSERT INTO people VALUES (:id, :mail)"), rows)
    engine.dispose()


def _other(folder: Path) -> Store:
    with closing(sqlite3.connect(folder / "other.sqlite")) as connection:
        connection.execute("CREATE TABLE t (mail TEXT)")
        connection.execute("INSERT INTO t VALUES ('ana@example.com')")
        connection.commit()
    return connect("other", f"sqlite:///{folder / 'other.sqlite'}")


def _scan(
    store: Store, progress: Remembered, tell: Callable[[DatasetId, Scanned], None]
) -> ScanRun:
    catalog = store.catalog()
    return scan_stores(
        Reading(
            stores={"app": store},
            catalogs={"app": catalog},
            rows={PEOPLE: ROWS},
            progress=progress,
            clock=lambda: AT,
            tell=tell,
        )
    )


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_a_scan_goes_on_after_its_server_was_ended_and_started_again(
    engine: str, request: pytest.FixtureRequest
) -> None:
    url, server = request.getfixturevalue(f"{engine}_server")
    _fill(url)
    store, progress = connect("app", url), Remembered()

    def end(dataset: DatasetId, scanned: Scanned) -> None:
        if dataset == PEOPLE and scanned.read >= 10_000 and scanned.ended is None:
            server.stop(signal.SIGQUIT if engine == "postgres" else signal.SIGKILL)

    cut = _scan(store, progress, end)
    assert {error.code for error in cut.failures.values()} == {"stores.unreachable"}
    # What comes after it is not asked of a server that does not answer.
    assert set(cut.left) == {PEOPLE, DatasetId("app", "z")}
    assert progress.scans[PEOPLE].read == 10_000
    server.start()
    parts: list[int] = []
    done = _scan(store, progress, lambda _, scanned: parts.append(scanned.read))
    assert not done.failures
    assert min(each for each in parts if each) > 10_000, parts
    whole = progress.scans[PEOPLE]
    assert whole.complete
    assert (whole.read, whole.rows) == (ROWS, ROWS)
    assert whole.found["mail"] == {DataCategory.USER_CONTACT_EMAIL: ROWS}


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_a_map_goes_on_with_the_other_stores_when_a_server_ends_and_with_it_when_it_is_back(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url, server = request.getfixturevalue(f"{engine}_server")
    _fill(url)
    store, other = connect("app", url), _other(tmp_path)

    def end(name: str) -> None:
        if name == "app.people":
            server.stop(signal.SIGQUIT if engine == "postgres" else signal.SIGKILL)

    seen = survey([store, other], tell=end)
    assert {name: error.code for name, error in seen.failures.items()} == {
        "app": "stores.unreachable"
    }
    assert DatasetId("other", "t") in seen.samples
    assert {each.name for each in seen.samples if each.store == "app"} <= {"a"}
    server.start()
    again = survey([store, other])
    assert (again.failures, again.unread) == ({}, {})
    assert again.samples[PEOPLE].rows == ROWS


def test_redis_that_was_ended_and_started_again_is_read_again(
    redis_server: tuple[str, Any],
) -> None:
    import redis

    url, server = redis_server

    def fill() -> None:
        with redis.Redis.from_url(url) as client:
            client.set("person:1", "ana@example.com")

    fill()
    store = connect("cache", url)
    assert survey([store]).samples
    server.stop(signal.SIGKILL)
    assert {error.code for error in survey([store]).failures.values()} == {"stores.unreachable"}
    server.start()
    fill()
    back = survey([store])
    assert not back.failures
    assert back.samples
