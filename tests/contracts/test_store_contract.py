import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.connector import Value
from kept.testing.memory_store import MemoryStore
from kept.testing.store_contract import COLUMNS, CONTENT, ContractBrokenError, keeps_the_contract


@pytest.fixture
def sqlite(tmp_path: Path) -> SqlStore:
    path = tmp_path / "contract.sqlite"
    with sqlite3.connect(path) as connection:
        for name, columns in COLUMNS.items():
            first, *others = (f'"{column}"' for column in columns)
            listed = ", ".join([f"{first} INTEGER PRIMARY KEY", *others])
            connection.execute(f'CREATE TABLE "{name}" ({listed})')
            marks = ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', CONTENT[name])
    connection.close()
    return SqlStore("contract", f"sqlite:///{path}")


ALL = ("describes", "samples", "scans")
SQL = (*ALL, "resumes", "contains")


def test_sqlite_keeps_the_contract_of_a_store(sqlite: SqlStore) -> None:
    assert keeps_the_contract(sqlite) == SQL


def _statements(mark: str, text: str, real: str) -> Iterator[str]:
    """Yield what makes the content of the contract, names marked as the engine does."""
    kinds = {"id": "INTEGER", "person_id": "INTEGER", "amount": real}
    for name, columns in COLUMNS.items():
        listed = ", ".join(
            f"{mark}{column}{mark} {kinds.get(column, text)}{' PRIMARY KEY' if column == 'id' else ''}"
            for column in columns
        )
        yield f"CREATE TABLE {mark}{name}{mark} ({listed})"


@pytest.mark.service
@pytest.mark.enable_socket
def test_postgresql_keeps_the_contract_of_a_store(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE contract")
    url = postgres_url.rpartition("/")[0] + "/contract"
    with psycopg.connect(url) as filling:
        for statement in _statements('"', "text", "double precision"):
            filling.execute(statement)  # type: ignore[call-overload]  # literal enough for a test
        for name, rows in CONTENT.items():
            marks = ", ".join(["%s"] * len(COLUMNS[name]))
            filling.cursor().executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # type: ignore[arg-type]  # likewise
    assert keeps_the_contract(SqlStore("contract", url)) == SQL


def test_the_store_in_memory_keeps_the_contract_of_a_store() -> None:
    assert keeps_the_contract(MemoryStore("memory", COLUMNS, CONTENT)) == ALL


class Forgetful(MemoryStore):
    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        for part in super().scan(dataset, fields, batch=batch):
            yield part[:-1]


class Restless(MemoryStore):
    calls = 0

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> object:  # type: ignore[override]  # breaks the contract on purpose
        self.calls += 1
        return super().sample(dataset, fields, limit=limit, seed=seed + self.calls)


@pytest.mark.parametrize("kind", [Forgetful, Restless])
def test_a_connector_that_breaks_the_contract_is_caught(kind: type[MemoryStore]) -> None:
    with pytest.raises(ContractBrokenError):
        keeps_the_contract(kind("memory", COLUMNS, CONTENT))


def test_something_that_can_do_nothing_is_no_connector() -> None:
    with pytest.raises(ContractBrokenError):
        keeps_the_contract(object())


@pytest.mark.service
@pytest.mark.enable_socket
def test_mariadb_keeps_the_contract_of_a_store(mariadb_url: str) -> None:
    import pymysql
    from sqlalchemy import make_url

    address = make_url(mariadb_url)
    with pymysql.connect(host=address.host, port=address.port or 0, user=address.username) as one:
        cursor = one.cursor()
        cursor.execute("CREATE DATABASE contract CHARACTER SET utf8mb4")
        cursor.execute("USE contract")
        for statement in _statements("`", "varchar(200)", "double"):
            cursor.execute(statement)
        for name, rows in CONTENT.items():
            marks = ", ".join(["%s"] * len(COLUMNS[name]))
            cursor.executemany(f"INSERT INTO `{name}` VALUES ({marks})", rows)
        one.commit()
    assert keeps_the_contract(SqlStore("contract", mariadb_url.replace("/app", "/contract"))) == SQL


def test_duckdb_keeps_the_contract_of_a_store(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "contract.duckdb"
    with duckdb.connect(path) as filling:
        for statement in _statements('"', "varchar", "double"):
            filling.execute(statement)
        for name, rows in CONTENT.items():
            marks = ", ".join("?" * len(COLUMNS[name]))
            if rows:
                filling.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    assert keeps_the_contract(SqlStore("contract", f"duckdb:///{path}")) == SQL
