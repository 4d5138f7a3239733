"""Looking at every store once, whatever some of them answer."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from kept.connectors.errors import StoreTimeoutError, StoreUnreachableError
from kept.connectors.sql import store as store_module
from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import Survey, survey, unread_in
from kept.errors import KeptError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Capabilities, Sample
from kept.inventory.dataset import DatasetId
from kept.testing.memory_store import MemoryStore
from kept.testing.store_contract import COLUMNS, CONTENT


class Failing(MemoryStore):
    """A store of which some tables cannot be read."""

    asked = 0
    fails: Mapping[str, KeptError] = {}

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        self.asked += 1
        if dataset in self.fails:
            raise self.fails[dataset]
        return super().sample(dataset, fields, limit=limit, seed=seed)


def test_a_table_that_fails_is_noted_and_the_others_are_looked_at() -> None:
    failing = Failing("first", COLUMNS, CONTENT)
    failing.fails = {"Order Details": StoreTimeoutError("slow")}
    told: list[str] = []
    seen = survey([failing, MemoryStore("second", COLUMNS, CONTENT)], tell=told.append)
    assert set(seen.unread) == {DatasetId("first", "Order Details")}
    assert not seen.failures
    assert set(seen.catalogs) == {"first", "second"}
    assert len(seen.samples) == 2 * len(COLUMNS) - 1
    assert len(told) == 2 * len(COLUMNS)


def test_a_store_that_goes_down_is_not_asked_for_its_other_tables() -> None:
    failing = Failing("first", COLUMNS, CONTENT)
    failing.fails = {"Order Details": StoreUnreachableError("down")}
    seen = survey([failing, MemoryStore("second", COLUMNS, CONTENT)])
    assert set(seen.failures) == {"first"}
    assert failing.asked == 1
    assert {dataset.store for dataset in seen.samples} == {"second"}


class Several(Failing):
    """A store that serves two readers at once, each of which waits for the other."""

    @property
    def capabilities(self) -> Capabilities:
        return replace(super().capabilities, readers=2)

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        self.both.wait(30)
        return super().sample(dataset, fields, limit=limit, seed=seed)

    both = Barrier(2)


def test_two_tables_are_sampled_at_once_where_the_store_serves_two_and_their_order_stays() -> None:
    names = ["a", "b", "c", "d"]
    columns, content = dict.fromkeys(names, ("id",)), {each: [(1,)] for each in names}
    store = Several("first", columns, content)
    store.fails = {"c": StoreTimeoutError("slow")}
    seen = survey([store])
    assert [dataset.name for dataset in seen.samples] == ["a", "b", "d"]
    assert [dataset.name for dataset in seen.unread] == ["c"]


def test_what_the_time_for_a_store_does_not_suffice_for_is_said_to_be_unread() -> None:
    ticks = count()
    slow = MemoryStore("slow", COLUMNS, CONTENT)
    other = MemoryStore("other", COLUMNS, CONTENT)
    seen = survey([slow, other], seconds=2.5, clock=lambda: float(next(ticks)))
    for name in ("slow", "other"):
        read = [dataset for dataset in seen.samples if dataset.store == name]
        left = {each for dataset, each in seen.unread.items() if dataset.store == name}
        assert len(read) == 2
        assert {each.code for each in left} == {"stores.timed-out"}
    assert not seen.failures


def test_a_table_of_a_store_that_ends_no_statement_itself_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute("CREATE TABLE a (x TEXT)")
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.execute("INSERT INTO t VALUES ('one')")
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        connection.execute(f"CREATE VIEW endless AS SELECT max(i) AS x FROM ({endless})")
        connection.commit()
    monkeypatch.setattr(store_module, "TABLE_SECONDS", 0.3)
    store = SqlStore("app", f"sqlite:///{tmp_path / 'app.sqlite'}")
    with pytest.raises(StoreTimeoutError) as told:
        store.sample("endless", ["x"])
    assert "app.endless" in str(told.value)
    assert store.sample("t", ["x"]).values == {"x": ("one",)}


def test_what_was_not_read_of_a_store_is_told_once_and_with_why() -> None:
    catalog = Catalog(
        store="app", engine="memory", tables=(), unread=(("hr", "permission denied"),)
    )
    nothing = Sample.of_nothing("t")
    seen = Survey(
        catalogs={"app": catalog},
        samples={
            DatasetId("app", "t"): replace(nothing, unread={"b": "invalid UTF-8"}),
            DatasetId("other", "x"): replace(nothing, unread={"y": "timed out"}),
        },
        unread={
            DatasetId("app", "hr"): StoreTimeoutError("slow"),
            DatasetId("app", "slow"): StoreTimeoutError("slow"),
            DatasetId("other", "slow"): StoreTimeoutError("slow"),
        },
    )
    assert unread_in(catalog, seen) == (
        ("hr", "permission denied"),
        ("slow", "timed out"),
        ("t (b)", "invalid UTF-8"),
    )


class Interrupted(Several):
    """A store at whose second table somebody presses Ctrl-C."""

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        self.asked += 1
        if self.asked == 2:
            raise KeyboardInterrupt
        return MemoryStore.sample(self, dataset, fields, limit=limit, seed=seed)


def test_whoever_interrupts_does_not_wait_for_every_table() -> None:
    names = [f"t{number}" for number in range(2_000)]
    columns, content = dict.fromkeys(names, ("id",)), {each: [(1,)] for each in names}
    store = Interrupted("first", columns, content)
    with pytest.raises(KeyboardInterrupt):
        survey([store], tell=lambda _: time.sleep(0.001))
    assert store.asked < 1_000
