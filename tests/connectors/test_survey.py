"""Looking at every store once, whatever some of them answer."""

from collections.abc import Mapping, Sequence

from kept.connectors.errors import StoreTimeoutError, StoreUnreachableError
from kept.connectors.survey import survey
from kept.errors import KeptError
from kept.inventory.connector import Sample
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
