"""Tables and samples written by hand, for what classification is asked in its tests."""

import sqlite3
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kept.inventory.catalog import Column, ForeignKey, Table
from kept.inventory.classification.classify import FieldClassification, classify_fields
from kept.inventory.connector import Sample, Value

SCHEMAS = Path(__file__).parent / "schemas"
CHINOOK = Path(__file__).resolve().parents[4] / "shared" / "databases" / "chinook.sqlite"


@dataclass(frozen=True)
class Looked:
    """One table as it is given to classification, and what a careful person says of it."""

    table: Table
    sample: Sample
    holds: dict[str, frozenset[str]] = field(default_factory=dict)


def sampled(name: str, values: dict[str, Sequence[Value]]) -> Sample:
    return Sample(
        dataset=name,
        rows=100,
        read=100,
        values={field: tuple(each) for field, each in values.items()},
        nulls=dict.fromkeys(values, 0),
        distinct={field: len(each) for field, each in values.items()},
    )


def _looked(raw: dict[str, Any]) -> Looked:
    columns = raw["column"]
    table = Table(
        name=raw["name"],
        columns=tuple(
            Column(name=each["name"], type=each["type"], key=each["name"] in raw.get("key", ()))
            for each in columns
        ),
        key=tuple(raw.get("key", ())),
        foreign_keys=tuple(
            ForeignKey(fields=(column,), to=to, to_fields=("id",))
            for column, to in raw.get("refers", ())
        ),
    )
    return Looked(
        table=table,
        sample=sampled(raw["name"], {each["name"]: each["values"] for each in columns}),
        holds={each["name"]: frozenset(each.get("holds", ())) for each in columns},
    )


@pytest.fixture(scope="session")
def schemas() -> dict[str, list[Looked]]:
    return {
        path.stem: [_looked(raw) for raw in tomllib.loads(path.read_text("utf-8"))["table"]]
        for path in sorted(SCHEMAS.glob("*.toml"))
    }


@pytest.fixture(scope="session")
def classified() -> Callable[..., FieldClassification]:
    """Classify one field that stands alone in a table."""

    def classify(
        column: str, values: Sequence[Value], *, table: str = "t1", declared: str = "TEXT"
    ) -> FieldClassification:
        structure = Table(name=table, columns=(Column(name=column, type=declared),))
        return classify_fields(structure, sampled(table, {column: values}))[column]

    return classify


@pytest.fixture(scope="session")
def chinook() -> list[Looked]:
    if not CHINOOK.exists():
        pytest.skip("the public sample database is not beside the project")
    store = sqlite3.connect(f"file:{CHINOOK}?mode=ro", uri=True)
    try:
        names = [
            row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return [_from_store(store, name) for name in sorted(names)]
    finally:
        store.close()


def _from_store(store: sqlite3.Connection, name: str) -> Looked:
    columns = tuple(
        Column(name=row[1], type=row[2], key=bool(row[5]))
        for row in store.execute(f'PRAGMA table_info("{name}")')
    )
    keys = tuple(
        ForeignKey(fields=(row[3],), to=row[2], to_fields=(row[4],))
        for row in store.execute(f'PRAGMA foreign_key_list("{name}")')
    )
    values = {
        each.name: tuple(
            row[0]
            for row in store.execute(
                f'SELECT DISTINCT "{each.name}" FROM "{name}" '
                f'WHERE "{each.name}" IS NOT NULL ORDER BY 1 LIMIT 200'
            )
        )
        for each in columns
    }
    own = tuple(each.name for each in columns if each.key)
    table = Table(name=name, columns=columns, key=own, foreign_keys=keys)
    return Looked(table=table, sample=sampled(name, values))
