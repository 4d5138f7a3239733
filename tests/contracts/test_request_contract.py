"""Every kind of store that carries out requests keeps one contract, and a false one does not."""

import csv
import itertools
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kept.connectors.http.service import HttpService
from kept.connectors.lake.store import LakeStore
from kept.connectors.sql.store import SqlStore
from kept.connectors.staged.held import Change
from kept.plans.connector import Done, Touched, Who
from kept.plans.plan import StorePart
from kept.testing.request_contract import NOTES, PEOPLE, Names, keeps_the_request_contract
from kept.testing.service_double import Asked, Reply, service_double
from kept.testing.store_contract import ContractBrokenError

BOTH = ("reads", "erases")


def database(folder: Path) -> SqlStore:
    path = folder / "store.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name TEXT)")
        connection.execute(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people, text TEXT)"
        )
        for name, rows in (("people", PEOPLE), ("notes", NOTES)):
            marks = ", ".join(f":{each}" for each in rows[0])
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))
        connection.commit()
    return SqlStore("store", f"sqlite:///{path}")


def folder_of(folder: Path, ending: str) -> LakeStore:
    place = folder / "lake"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, rows in (("people", PEOPLE), ("notes", NOTES)):
        path = place / f"{name}.{ending}"
        if ending == "csv":
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        elif ending == "jsonl":
            path.write_text("".join(f"{json.dumps(dict(each))}\n" for each in rows))
        elif ending == "json":
            path.write_text(json.dumps([dict(each) for each in rows]))
        else:
            import polars as pl

            pl.DataFrame([dict(each) for each in rows]).write_parquet(path)
    return LakeStore("store", f"file://{place}")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet"])
def test_a_folder_keeps_the_contract_of_requests(tmp_path: Path, ending: str) -> None:
    names = Names(people=f"people.{ending}", notes=f"notes.{ending}")
    assert keeps_the_request_contract(lambda: folder_of(tmp_path, ending), names) == BOTH


def test_a_database_keeps_the_contract_of_requests(tmp_path: Path) -> None:
    assert keeps_the_request_contract(lambda: database(tmp_path)) == BOTH


@pytest.mark.service
@pytest.mark.enable_socket
def test_a_redis_keeps_the_contract_of_requests(redis_url: str) -> None:
    import redis

    from kept.connectors.redis.store import RedisStore

    url = redis_url.rpartition("/")[0] + "/12"

    def fresh() -> RedisStore:
        with redis.Redis.from_url(url) as client:
            client.flushdb()
            for name, rows in (("person", PEOPLE), ("note", NOTES)):
                for row in rows:
                    held = {key: value for key, value in row.items() if key != "id"}
                    client.hset(f"{name}:{row['id']!r}", mapping=held)
        return RedisStore("store", url)

    names = Names(people="person:{id}", notes="note:{id}", fields={"id": "key:id"})
    assert keeps_the_request_contract(fresh, names) == BOTH


DECLARED = """
[service]
name = "Contract"
base = "https://service.example"
[authentication]
kind = "none"
[datasets.people]
key = "id"
fields = ["id", "email", "name"]
[[datasets.people.find]]
by = "email"
path = "/people"
query = { email = "{value}" }
items = "/items"
[datasets.people.get]
path = "/people/{key}"
[[datasets.people.erase]]
method = "DELETE"
path = "/people/{key}"
[datasets.notes]
key = "id"
fields = ["id", "person_id", "text"]
[[datasets.notes.find]]
field = "person_id"
path = "/notes"
query = { person_id = "{value}", page = "1" }
items = "/items"
paging = { kind = "page", parameter = "page" }
[datasets.notes.get]
path = "/notes/{key}"
[[datasets.notes.erase]]
method = "DELETE"
path = "/notes/{key}"
"""


class Service:
    """Two collections that can be asked, two rows a page."""

    def __init__(self) -> None:
        self.fill()

    def fill(self) -> None:
        self.rows = {
            "people": {each["id"]: dict(each) for each in PEOPLE},
            "notes": {each["id"]: dict(each) for each in NOTES},
        }

    def __call__(self, asked: Asked) -> Reply:
        _, name, *key = asked.path.split("/")
        held = self.rows[name]
        if key:
            number = int(key[0])
            if asked.method == "DELETE":
                held.pop(number, None)
                return Reply(204)
            return Reply(200, held[number]) if number in held else Reply(404)
        query = dict(asked.query)
        page = int(query.pop("page", "1")) - 1
        ((field, value),) = query.items()
        found = [each for each in held.values() if str(each[field]).lower() == value.lower()]
        return Reply(200, {"items": found[page * 2 : page * 2 + 2]})


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[[], HttpService]]:
    (tmp_path / "service.toml").write_text(DECLARED)
    held = Service()
    with service_double(held) as double:

        def fresh() -> HttpService:
            held.fill()
            url = f"service://{tmp_path / 'service.toml'}?base={double.base}&private=yes"
            return HttpService("store", url, sleep=lambda _: None)

        yield fresh


@pytest.mark.enable_socket
def test_a_declared_service_keeps_the_contract_of_requests(
    service: Callable[[], HttpService],
) -> None:
    assert keeps_the_request_contract(service) == BOTH


class _Forgets(LakeStore):
    """Says that it erased, and did not."""

    _said = False

    def write(self, changes: Sequence[Change], *, operation: str) -> None:
        self._said = bool(changes and operation)

    def left(self, touched: Sequence[Touched]) -> int:
        return 0 if self._said else super().left(touched)


class _TakesAll(LakeStore):
    """Erases whoever comes first as well."""

    def erase(self, part: StorePart, who: Who, **more: object) -> Done:
        for name in ("people.csv", "notes.csv"):
            path = Path(self._place.address(name))
            lines = path.read_text().splitlines(keepends=True)
            path.write_text("".join(lines[:1] + lines[2:]))
        return super().erase(part, who, **more)  # type: ignore[arg-type]  # as given


class _Miscounts(LakeStore):
    """Counts a row too many."""

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        done = super().rehearse(part, who, operation=operation, today=today)
        first, *rest = done.counts
        return replace(done, counts=(replace(first, erased=first.erased + 1), *rest))


@pytest.mark.parametrize("planted", [_Forgets, _TakesAll, _Miscounts])
def test_a_connector_that_does_otherwise_does_not_keep_the_contract(
    tmp_path: Path, planted: type[LakeStore]
) -> None:
    names = Names(people="people.csv", notes="notes.csv")

    def fresh() -> LakeStore:
        folder_of(tmp_path, "csv")
        return planted("store", f"file://{tmp_path / 'lake'}")

    with pytest.raises(ContractBrokenError):
        keeps_the_request_contract(fresh, names)


def test_a_store_that_carries_out_no_request_is_told_so() -> None:
    with pytest.raises(ContractBrokenError):
        keeps_the_request_contract(itertools.count)
