"""Sharing the classification of a large survey out changes nothing but the time it takes."""

from concurrent.futures.process import BrokenProcessPool

import pytest

from kept.connectors import shared_work
from kept.connectors.shared_work import spread_for
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Sample
from kept.inventory.datamap import DataMap
from kept.inventory.dataset import DatasetId, Inventory
from kept.inventory.discovery import inventory_of

TABLES = tuple(
    Table(
        name=f"people_{number}",
        columns=tuple(
            Column(name=name, type="TEXT") for name in ("email", "x1", "full_name", "version", "ip")
        ),
    )
    for number in range(40)
)
CATALOG = Catalog(store="app", engine="sqlite", tables=TABLES)


def _sample(name: str, number: int) -> Sample:
    values: dict[str, tuple[str | int | float | bytes | bool, ...]] = {
        "email": tuple(f"p{number}{at}@example.com" for at in range(20)),
        "x1": tuple(f"+44 20 7946 0{at:03}" for at in range(20)),
        "full_name": tuple(f"{one} Smith" for one in ("Ana", "Ben", "Cleo", "Dan")),
        "version": tuple(f"1.{at}.{number}" for at in range(20)),
        "ip": tuple(f"198.51.100.{at}" for at in range(20)),
    }
    return Sample(
        dataset=name,
        rows=20,
        read=20,
        values=values,  # type: ignore[arg-type] # narrower values are values
        nulls=dict.fromkeys(values, 0),
        distinct={name: len(each) for name, each in values.items()},
    )


SAMPLES = {
    DatasetId("app", table.name): _sample(table.name, number) for number, table in enumerate(TABLES)
}


def _inventory(*, processes: int, enough: int) -> Inventory:
    spread = spread_for(SAMPLES.values(), processes=processes, enough=enough)
    return inventory_of([CATALOG], DataMap(), SAMPLES, spread=spread)


def test_processes_find_what_one_finds_in_the_same_order() -> None:
    shared = _inventory(processes=2, enough=1)
    assert shared == _inventory(processes=1, enough=1)
    assert all(each.field("email").personal for each in shared.datasets)


def test_little_work_is_not_shared_out() -> None:
    assert spread_for(SAMPLES.values(), processes=2) is map
    assert spread_for(SAMPLES.values(), processes=1, enough=1) is map
    assert spread_for(SAMPLES.values(), processes=2, enough=200) is not map


@pytest.mark.parametrize("fails", [OSError("no room"), BrokenProcessPool("one died")])
def test_where_no_process_can_be_started_the_work_is_done_here(
    fails: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_pool(*_: object, **__: object) -> None:
        raise fails

    monkeypatch.setattr(shared_work, "ProcessPoolExecutor", no_pool)
    assert _inventory(processes=2, enough=1) == _inventory(processes=1, enough=1)
