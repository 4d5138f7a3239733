"""A small SQL store with a map, built from texts, for every test of plans."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
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

sys.path.insert(0, str(Path(__file__).parent))

from databases import ENGINES, Database, Sqlite, database

TODAY = date(2026, 11, 22)


@dataclass
class Shop:
    """One database with its datamap."""

    base: Database
    datamap: str
    name: str = "app"
    store: SqlStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = SqlStore(self.name, self.base.url)

    @property
    def path(self) -> Path:
        assert isinstance(self.base, Sqlite)
        return self.base.path

    @property
    def engine(self) -> str:
        return self.base.engine

    @property
    def inventory(self) -> Inventory:
        return inventory_of(
            [self.store.catalog()], parse_datamap(self.datamap), classifies=lambda *_: {}
        )

    def mapped(self, datamap: str) -> "Shop":
        return Shop(self.base, datamap, self.name)

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

    def run(self, sql: str) -> None:
        self.base.run(sql)

    def rows(self, table: str) -> list[tuple[object, ...]]:
        return self.base.query(f'SELECT * FROM "{table}" ORDER BY 1, 2')

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: sorted(self.base.query(f'SELECT * FROM "{_escaped(name)}"'), key=repr)
            for name in self.base.tables()
        }

    def broken_references(self) -> list[tuple[object, ...]]:
        return self.base.broken_references()


def _escaped(name: str) -> str:
    return name.replace('"', '""')


def who(**identity: str) -> Who:
    return Who(
        tuple(
            Identifier(IdentifierKind(kind), each)
            for kind, value in identity.items()
            for each in value.split("|")
        )
    )


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in which requests are carried out whole."""
    return str(request.param)


@pytest.fixture
def base(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], Database]]:
    """Return a function that makes an empty database."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(database(engine, tmp_path, request.getfixturevalue))


@pytest.fixture
def shop(base: Callable[[], Database]) -> Callable[..., Shop]:
    """Return a function that makes a store from SQL and a datamap from TOML, on each engine."""

    def make(sql: str, datamap: str, name: str = "app") -> Shop:
        made = base()
        made.run(sql)
        return Shop(made, datamap, name)

    return make


@pytest.fixture
def sqlite_shop(tmp_path: Path) -> Callable[..., Shop]:
    """Return likewise, for what only SQLite has."""

    def make(sql: str, datamap: str, name: str = "app") -> Shop:
        made = Sqlite(tmp_path)
        made.run(sql)
        return Shop(made, datamap, name)

    return make
