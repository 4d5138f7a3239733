"""A small SQL store with a map, built from texts, for every test of plans."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import Inventory
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Done, Reading, Who
from kept.plans.errors import refusal
from kept.plans.plan import Plan, StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Shop:
    """One SQLite file with its datamap."""

    path: Path
    datamap: str
    name: str = "app"

    @property
    def store(self) -> SqlStore:
        return SqlStore(self.name, f"sqlite:///{self.path}")

    @property
    def inventory(self) -> Inventory:
        return inventory_of(
            [self.store.catalog()], parse_datamap(self.datamap), classifies=lambda *_: {}
        )

    def plan(self, right: Right) -> Plan:
        return plan(right, self.inventory, [self.store.catalog()])

    def plan_for_access(self) -> StorePart:
        return self.plan(Right.ACCESS).parts[0]

    def read(self, **identity: str) -> Reading:
        part = self.plan(Right.ACCESS).parts[0]
        return self.store.read(part, who(**identity))

    def erase(self, *, today: date = TODAY, **identity: str) -> Done:
        planned = self.plan(Right.ERASURE)
        if planned.obstacles:
            raise refusal(planned.obstacles)
        return self.store.erase(
            planned.parts[0], who(**identity), operation="request/1/app", today=today
        )

    def who(self, **identity: str) -> Who:
        return who(**identity)

    def who_is(self, kind: IdentifierKind, value: str) -> Who:
        return Who((Identifier(kind, value),))

    def rows(self, table: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        with closing(sqlite3.connect(self.path)) as connection:
            names = [
                name
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                    " AND name NOT LIKE 'sqlite_%'"
                )
            ]
            return {
                name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
                for name in names
            }

    def broken_references(self) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute("PRAGMA foreign_key_check").fetchall()


def who(**identity: str) -> Who:
    return Who(
        tuple(
            Identifier(IdentifierKind(kind), each)
            for kind, value in identity.items()
            for each in value.split("|")
        )
    )


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Shop]:
    """Return a function that makes a store from SQL and a datamap from TOML."""

    def make(sql: str, datamap: str, name: str = "app") -> Shop:
        path = tmp_path / f"{name}.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql)
            connection.commit()
        return Shop(path, datamap, name)

    return make
