"""Looking at every store once: its structure and a sample of each table."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock

from kept.connectors.errors import StoreTimeoutError, StoreUnreachableError
from kept.errors import KeptError
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Contains, Sample, Store, Value
from kept.inventory.dataset import DatasetId
from kept.inventory.proposing.seen import Evidence
from kept.plans.connector import Erases

STORE_SECONDS = 1_800.0
"""How long the tables of one store are sampled; what is left is said to be unread."""


_WHY = {
    "stores.changed": "vanished meanwhile",
    "stores.corrupt": "damaged",
    "stores.denied": "permission denied",
    "stores.timed-out": "timed out",
    "stores.too-large": "holds a value too large to be read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the stores showed.

    Attributes:
        catalogs: Of the stores that answered, by name.
        samples: By dataset.
        failures: Why a store could not be looked at, by name.
        unread: Why a dataset could not be sampled, by dataset: it vanished, it is a view
            that fails, it took too long. The others were.
    """

    catalogs: Mapping[str, Catalog]
    samples: Mapping[DatasetId, Sample] = field(default_factory=dict)
    failures: Mapping[str, KeptError] = field(default_factory=dict)
    unread: Mapping[DatasetId, KeptError] = field(default_factory=dict)


def survey(
    stores: Iterable[Store],
    *,
    sampled: Callable[[DatasetId], bool] = lambda _: True,
    tell: Callable[[str], None] = lambda _: None,
    seconds: float = STORE_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Survey:
    """Look at every store. One that fails is noted, and the others are looked at.

    Of a store that serves several readers at once, several tables are sampled at a time.

    Args:
        stores: Which.
        sampled: Whether to read values of a dataset; its structure is read anyway.
        tell: Is told each dataset's name before it is read, for whoever waits.
        seconds: How long the tables of one store are sampled at most.
        clock: Tells seconds that only grow.
    """
    catalogs: dict[str, Catalog] = {}
    samples: dict[DatasetId, Sample] = {}
    failures: dict[str, KeptError] = {}
    unread: dict[DatasetId, KeptError] = {}
    for store in stores:
        try:
            catalog = store.catalog()
        except KeptError as error:
            failures[store.name] = error
            continue
        catalogs[store.name] = catalog
        wanted = [
            table
            for table in catalog.tables
            if table.columns and table.keeps_rows and sampled(DatasetId(store.name, table.name))
        ]
        look = _Look(store, wanted, tell, ends=clock() + seconds, clock=clock)
        look.read()
        # In the order of the tables, whichever was read first.
        names = [DatasetId(store.name, table.name) for table in wanted]
        samples |= {each: look.samples[each] for each in names if each in look.samples}
        unread |= {each: look.unread[each] for each in names if each in look.unread}
        if look.down is not None:
            failures[store.name] = look.down
    return Survey(catalogs=catalogs, samples=samples, failures=failures, unread=unread)


class _Look:
    """One store's tables, taken one after the other by as many readers as it serves.

    Attributes:
        samples: What was read.
        unread: Why a table was not.
        down: Why the store was asked no further.
    """

    def __init__(
        self,
        store: Store,
        tables: Sequence[Table],
        tell: Callable[[str], None],
        *,
        ends: float,
        clock: Callable[[], float],
    ) -> None:
        self.samples: dict[DatasetId, Sample] = {}
        self.unread: dict[DatasetId, KeptError] = {}
        self.down: KeptError | None = None
        self._store = store
        self._tables = iter(tables)
        self._readers = min(store.capabilities.readers, len(tables))
        self._tell = tell
        self._ends = ends
        self._clock = clock
        self._turn = Lock()

    def read(self) -> None:
        """Read all tables, or as many as the time allows."""
        if self._readers < 2:  # noqa: PLR2004 - one reader needs no thread
            self._work()
            return
        with ThreadPoolExecutor(self._readers) as pool:
            workers = [pool.submit(self._work) for _ in range(self._readers)]
            try:
                done, _ = wait(workers, return_when=FIRST_EXCEPTION)
                for each in done:
                    each.result()
            finally:
                # Whoever interrupts waits for the tables under way, and for no other.
                self._tables = iter(())

    def _work(self) -> None:
        while (table := self._next()) is not None:
            dataset = DatasetId(self._store.name, table.name)
            if self._clock() >= self._ends:
                self.unread[dataset] = StoreTimeoutError(
                    f"{dataset} was not sampled: the time for its store was over"
                )
                continue
            self._tell(str(dataset))
            try:
                self.samples[dataset] = self._store.sample(
                    table.name, [column.name for column in table.columns]
                )
            except StoreUnreachableError as error:
                # Each further table would wait as long for the same answer.
                self.down = error
            except KeptError as error:
                self.unread[dataset] = error

    def _next(self) -> Table | None:
        with self._turn:
            return None if self.down is not None else next(self._tables, None)


def unread_in(catalog: Catalog, seen: Survey) -> tuple[tuple[str, str], ...]:
    """Return what of a store was not read, each once and with why.

    What the store itself hides or cannot describe, datasets that gave no sample, and fields
    that were left out of one.
    """
    found = dict(catalog.unread)
    for dataset, error in seen.unread.items():
        if dataset.store == catalog.store:
            found.setdefault(dataset.name, _WHY.get(error.code, "not handed out by the store"))
    for dataset, sample in seen.samples.items():
        if dataset.store == catalog.store and dataset.name not in found:
            # Spelt as no dataset is: a schema may be called as a table is.
            found |= {f"{dataset.name} ({name})": why for name, why in sample.unread.items()}
    return tuple(found.items())


def contained_in(
    stores: Mapping[str, Store],
) -> Callable[[DatasetId, str, Sequence[Value]], int]:
    """Return what looks values up in whichever store a dataset is in.

    Where a store cannot look them up, or fails at it, none is found: a reference is then
    not proposed, and the map goes on.
    """

    def contained(dataset: DatasetId, name: str, values: Sequence[Value]) -> int:
        store = stores[dataset.store]
        try:
            return store.contained(dataset.name, name, values) if isinstance(store, Contains) else 0
        except KeptError:
            return 0

    return contained


def evidence_of(seen: Survey, stores: Mapping[str, Store]) -> Evidence:
    """Return what proposals may look at: the samples, and what the stores can be asked."""
    return Evidence(
        samples=seen.samples,
        contained=contained_in(stores),
        unerasable=frozenset(name for name, each in stores.items() if not isinstance(each, Erases)),
    )
