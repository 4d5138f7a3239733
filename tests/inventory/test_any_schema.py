import random
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.discovery import inventory_of
from kept.testing.invented_company import map_company

NAMES = [
    "user",
    "users",
    "customer",
    "order",
    "a",
    "type",
    "owner_id",
    "from_id",
    "to_id",
    "email",
    "phone",
    "name",
    "id",
    "customer_id",
    "created_by",
    "select",
    "note",
    "ip",
    "parent_id",
    "buyer_id",
    "seller_id",
    "value",
    "key",
    "of",
    "members",
    "staff",
    "role",
    "rowid",
    "birth_date",
    "Id",
    "ID2",
    "_",
    "1",
    "é",
    "'",
    '"',
    "]",
    "x:y",
    "x(y)",
]
VALUES = (None, 1, -1, 2**62, 3.5, "", "a@example.com", "+49 30 901820", "Ana", b"\x00\xff")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _some(rng: random.Random, most: int) -> list[str]:
    chosen = rng.sample(NAMES, rng.randint(1, most))
    return list({name.lower(): name for name in chosen}.values())


def _write(path: Path, rng: random.Random) -> None:
    tables = _some(rng, 7)
    connection = sqlite3.connect(path)
    for table in tables:
        columns = _some(rng, 8)
        parts = []
        for column in columns:
            parent, field = _quoted(rng.choice([*tables, "gone"])), _quoted(rng.choice(NAMES))
            kind = rng.choice(["TEXT", "INTEGER", "", "BLOB"])
            more = rng.choice(
                ["", "NOT NULL", "UNIQUE", f"REFERENCES {parent}", f"REFERENCES {parent} ({field})"]
            )
            parts.append(f"{_quoted(column)} {kind} {more}")
        if rng.random() < 0.7:
            key = rng.sample(columns, rng.randint(1, min(2, len(columns))))
            parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, key))})")
        marks = ", ".join("?" * len(columns))
        with suppress(sqlite3.Error):
            connection.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(parts)})")
            for _ in range(rng.randint(0, 20)):
                with suppress(sqlite3.Error):
                    row = [rng.choice(VALUES) for _ in columns]
                    connection.execute(f"INSERT INTO {_quoted(table)} VALUES ({marks})", row)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("seed", range(40))
def test_any_schema_is_mapped_written_and_read_back(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "any.sqlite"
    _write(path, random.Random(seed))  # noqa: S311 - reproducible, not secret
    company = map_company(path)
    proposals = list(company.proposals.values())
    assert len(proposals) == sum(not table.view for table in company.catalogs[0].tables)
    written = write_proposals("", proposals, accept=True)
    datamap = parse_datamap(written.text)
    # What was written names only what exists, and nothing is left to write.
    inventory = inventory_of(company.catalogs, datamap)
    assert inventory.absent == ()
    assert write_proposals(written.text, proposals, accept=True).text == written.text
