"""Looking at every store once: its structure and a sample of each table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kept.errors import KeptError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Contains, Sample, Store, Value
from kept.inventory.dataset import DatasetId


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the stores showed.

    Attributes:
        catalogs: Of the stores that answered, by name.
        samples: By dataset.
        failures: Why a store could not be looked at, by name.
    """

    catalogs: Mapping[str, Catalog]
    samples: Mapping[DatasetId, Sample] = field(default_factory=dict)
    failures: Mapping[str, KeptError] = field(default_factory=dict)


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
    for store in stores:
        try:
            catalog = store.catalog()
            for table in catalog.tables:
                dataset = DatasetId(store.name, table.name)
                if not table.view and table.columns and sampled(dataset):
                    tell(str(dataset))
                    samples[dataset] = store.sample(
                        table.name, [column.name for column in table.columns]
                    )
            catalogs[store.name] = catalog
        except KeptError as error:
            failures[store.name] = error
    return Survey(catalogs=catalogs, samples=samples, failures=failures)


def contained_in(
    stores: Mapping[str, Store],
) -> Callable[[DatasetId, str, Sequence[Value]], int]:
    """Return what looks values up in whichever store a dataset is in."""

    def contained(dataset: DatasetId, name: str, values: Sequence[Value]) -> int:
        store = stores[dataset.store]
        return store.contained(dataset.name, name, values) if isinstance(store, Contains) else 0

    return contained
