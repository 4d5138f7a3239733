"""Looking at every store once: its structure and a sample of each table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kept.connectors.errors import StoreUnreachableError
from kept.errors import KeptError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Contains, Sample, Store, Value
from kept.inventory.dataset import DatasetId
from kept.inventory.proposing.seen import Evidence
from kept.plans.connector import Erases


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
) -> Survey:
    """Look at every store. One that fails is noted, and the others are looked at.

    Args:
        stores: Which.
        sampled: Whether to read values of a dataset; its structure is read anyway.
        tell: Is told each dataset's name before it is read, for whoever waits.
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
        for table in catalog.tables:
            dataset = DatasetId(store.name, table.name)
            if not (table.columns and table.keeps_rows) or not sampled(dataset):
                continue
            tell(str(dataset))
            try:
                samples[dataset] = store.sample(
                    table.name, [column.name for column in table.columns]
                )
            except StoreUnreachableError as error:
                # Each further table would wait as long for the same answer.
                failures[store.name] = error
                break
            except KeptError as error:
                unread[dataset] = error
    return Survey(catalogs=catalogs, samples=samples, failures=failures, unread=unread)


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
