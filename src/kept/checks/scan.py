"""How every row is read once for all checks that want to see it."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from kept.checks.port import Columns, Observer, Read
from kept.errors import RefusedError, UnavailableError
from kept.inventory.connector import Scans, Value
from kept.inventory.dataset import DatasetId
from kept.promises.coverage import Gap

BATCH = 5_000
"""Rows handed to the observers at a time: memory is this many rows of one dataset."""

Progress = Callable[[DatasetId, int], None]
"""Told the dataset and how many of its rows were read, now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a round of observers is shown the rows that they want.

    Attributes:
        stores: Where rows are read, by name of store.
        row_budget: The most rows to read of one dataset; ``None`` reads all.
        progress: Told how far it is.
    """

    stores: Mapping[str, Scans]
    row_budget: int | None = None
    progress: Progress | None = None

    def show(self, observers: Iterable[Observer]) -> dict[DatasetId, Read]:
        """Read each dataset that any observer wants, once, and show it to all of those.

        Datasets are read in the order in which they are first wanted. A dataset that
        cannot be read to its end gives a gap that says why, and the others go on.
        """
        wanted: dict[DatasetId, list[Observer]] = defaultdict(list)
        for each in observers:
            wanted[each.dataset].append(each)
        return {dataset: self._one(dataset, group) for dataset, group in wanted.items()}

    def _one(self, dataset: DatasetId, observers: Sequence[Observer]) -> Read:
        read = 0
        store = self.stores.get(dataset.store)
        if store is None:
            return _gap(dataset, read, "no connector reads its rows")
        try:
            for batch in self._batches(store, dataset, observers):
                read += batch
                if self.progress is not None:
                    self.progress(dataset, read)
            rows = read if self.row_budget is None else max(read, store.count(dataset.name))
        except UnavailableError as error:
            return _gap(dataset, read, f"the store did not answer ({error.code})")
        except RefusedError as error:
            return _gap(dataset, read, f"the store refused to be read ({error.code})")
        if read < rows:
            percent = read * 100 // rows
            reason = f"only {percent} % of its rows were read, as the row budget says"
            return Read(rows=rows, read=read, gap=_as_gap(dataset, reason))
        return Read(rows=rows, read=read)

    def _batches(
        self, store: Scans, dataset: DatasetId, observers: Sequence[Observer]
    ) -> Iterator[int]:
        """Show batch after batch; yield how many rows each had."""
        fields = tuple(dict.fromkeys(field for each in observers for field in each.fields))
        places = {field: place for place, field in enumerate(fields)}
        shown = [(each, [places[field] for field in each.fields]) for each in observers]
        left = self.row_budget
        if left == 0:
            return
        # Closing ends the store's snapshot where the budget ends the reading.
        with closing(_closable(store.scan(dataset.name, fields, batch=BATCH))) as batches:
            for rows in batches:
                taken = rows if left is None else rows[:left]
                columns: Columns = list(zip(*taken, strict=True))
                if columns:
                    for observer, wanted in shown:
                        observer.observe([columns[place] for place in wanted])
                yield len(taken)
                if left is not None:
                    left -= len(taken)
                    if left <= 0:
                        return


def _closable(
    batches: Iterator[list[tuple[Value, ...]]],
) -> Generator[list[tuple[Value, ...]], None, None]:
    yield from batches


def _as_gap(dataset: DatasetId, reason: str) -> Gap:
    return Gap(store=dataset.store, dataset=dataset.name, reason=reason)


def _gap(dataset: DatasetId, read: int, reason: str) -> Read:
    return Read(rows=read, read=read, gap=_as_gap(dataset, reason))
