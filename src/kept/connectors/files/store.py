"""A store whose datasets are files: described, sampled, scanned, and looked values up in."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from kept.connectors.errors import StoreChangedError, StoreReadOnlyError
from kept.connectors.files.place import Listing, Place
from kept.connectors.files.table import Table
from kept.connectors.staged.held import Change, Held, Refusal, Wanted, handed_over
from kept.connectors.staged.requests import StagedRequests
from kept.inventory import catalog as told
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Batch, Capabilities, Sample, SamplesBy, Value

PLACE = "place"
"""By what a row is known: in which file it stands, and where there."""

Unread = tuple[tuple[str, str], ...]
Finds = Callable[[str, Place, Listing], tuple[Sequence[Table], Unread]]
"""Finds the datasets in the files of a place."""


class FileStore(StagedRequests):
    """Files in one place, read as datasets.

    Attributes:
        name: Name of the store in ``kept.toml``.
        engine: ``"lake"`` or ``"logs"``.
    """

    def __init__(self, name: str, engine: str, place: Place, finds: Finds) -> None:
        self.name = name
        self.engine = engine
        self._place = place
        self._finds = finds
        self._known: tuple[Listing, dict[str, Table], Unread] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.engine!r})"

    @property
    def shown(self) -> str:
        """The address without secrets."""
        return self._place.shown

    @property
    def capabilities(self) -> Capabilities:
        """What can be honoured of files: nothing holds them still while they are read."""
        return Capabilities(
            engine=self.engine,
            samples_by=SamplesBy.BLOCK,
            resumes=True,
            answers_requests=True,
            finds_by_reading=True,
        )

    def catalog(self) -> Catalog:
        """Return the datasets that the files make, as they are now."""
        tables, unread = self._look()
        return Catalog(
            store=self.name,
            engine=self.engine,
            tables=tuple(
                told.Table(name=each.name, columns=each.columns, place=PLACE)
                for each in sorted(tables.values(), key=lambda one: one.name)
            ),
            unread=unread,
        )

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return up to `limit` distinct non-null values of each field.

        The same files, seed and limit give the same sample.
        """
        return self._table(dataset, fields, again=False).sample(fields, limit=limit, seed=seed)

    def count(self, dataset: str) -> int:
        """Return how many rows `dataset` has now."""
        return self._table(dataset, ()).count()

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield every row of `dataset`, file by file, each file as it is when it is opened."""
        for rows, _ in self._table(dataset, fields).scan(fields, "", batch):
            yield rows

    def scan_from(
        self, dataset: str, fields: Sequence[str], *, after: str = "", batch: int = 5_000
    ) -> Iterator[Batch]:
        """Yield every row that comes after `after`, in batches that know where they end.

        Raises:
            StoreChangedError: `after` belongs to another dataset.
        """
        table = self._table(dataset, fields)
        place = self._after(dataset, after)
        for rows, at in table.scan(fields, place, batch):
            yield Batch(rows=rows, at=json.dumps([dataset, at]))

    # ── requests ─────────────────────────────────────────────────────────────

    def held(self, dataset: str, wanted: Wanted) -> Iterator[Held]:  # noqa: ARG002 - files have no index
        """Yield every row of `dataset`: nothing but reading tells which are wanted."""
        yield from self._table(dataset, (), again=False).placed()

    def held_again(self, dataset: str, keys: Sequence[Mapping[str, Value]]) -> Iterator[Held]:  # noqa: ARG002 - likewise
        """Yield every row of `dataset` as it is now."""
        yield from self._table(dataset, ()).placed()

    def named(self, dataset: str, row: Held) -> Mapping[str, Value]:  # noqa: ARG002 - content alone tells
        """Return nothing: where a row stands changes with every row before it."""
        return {}

    def refusal(self, dataset: str, *, blank: bool) -> Refusal | None:  # noqa: ARG002 - neither can be done
        """Return the task that somebody erases by hand: these files are not rewritten."""
        return handed_over(
            self.name, dataset, f"is in files that are not rewritten ({self.engine})"
        )

    def prepare(self, changes: Sequence[Change]) -> None:
        """Refuse to write anything.

        Raises:
            StoreReadOnlyError: There is something to write.
        """
        if changes:
            raise StoreReadOnlyError(f"the files of the store {self.name!r} are not rewritten")

    def write(self, changes: Sequence[Change], *, operation: str) -> None:  # noqa: ARG002 - it is refused
        """Refuse to write anything."""
        self.prepare(changes)

    def _after(self, dataset: str, after: str) -> str:
        if not after:
            return ""
        try:
            of, place = json.loads(after)
        except (ValueError, TypeError):
            of, place = None, ""
        if of != dataset:
            raise StoreChangedError(
                f"a scan of {self.name}.{dataset} cannot go on where it ended",
                remedy="Start the scan from the beginning.",
            )
        return str(place)

    def _look(self, *, again: bool = True) -> tuple[dict[str, Table], Unread]:
        """Return the datasets; where it need not be `again`, those of the last time will do."""
        if self._known is not None and not again:
            return self._known[1], self._known[2]
        listing = self._place.entries()
        if self._known is None or self._known[0] != listing:
            tables, unread = self._finds(self.name, self._place, listing)
            by_name = {each.name: each for each in tables if each.columns}
            nothing = [(each.name, "is empty") for each in tables if not each.columns]
            seen = [*listing.unread, *unread, *nothing]
            seen += [each for table in tables for each in table.unread]
            named = {place for place, why in seen if why != "is empty"}
            kept = (each for each in seen if each[1] != "is empty" or each[0] not in named)
            self._known = listing, by_name, tuple(sorted(set(kept)))
        return self._known[1], self._known[2]

    def _table(self, dataset: str, fields: Sequence[str], *, again: bool = True) -> Table:
        tables, _ = self._look(again=again)
        table = tables.get(dataset)
        if table is None or not {each.name for each in table.columns}.issuperset(fields):
            raise StoreChangedError(
                f"the store {self.name!r} has no dataset {dataset!r} with the fields asked for"
            )
        return table
