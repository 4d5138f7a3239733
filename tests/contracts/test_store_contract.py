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


def test_sqlite_keeps_the_contract_of_a_store(sqlite: SqlStore) -> None:
    assert keeps_the_contract(sqlite) == ALL


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
