"""A store that the contract can be put to, though it has other names and knows only text.

A file is called ``person.csv``, a group of keys ``person:{id}``; neither declares a key or
a type, and a log without lines has no fields. What is the same for every store is then
tested all the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from kept.connectors.errors import StoreChangedError
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import (
    Batch,
    Capabilities,
    Contains,
    Resumes,
    Sample,
    Scans,
    Store,
    Value,
)
from kept.testing.store_contract import COLUMNS, CONTENT


def typed(field: str, value: Value) -> Value:
    """Return a value of the contract's content in its own type, given as text."""
    if not isinstance(value, str):
        return value
    if field in {"id", "person_id"}:
        return int(value)
    return float(value) if field == "amount" else value


class ToldAs:
    """A store under the names of the contract.

    Attributes:
        name: The store's own.
        engine: The store's own.
    """

    def __init__(
        self,
        store: Store,
        names: Mapping[str, str],
        *,
        value: Callable[[str, Value], Value] = typed,
    ) -> None:
        self.name = store.name
        self.engine = store.engine
        self._store = store
        self._names = names
        self._value = value

    @property
    def shown(self) -> str:
        """The store's own."""
        return self._store.shown

    @property
    def capabilities(self) -> Capabilities:
        """The store's own."""
        return self._store.capabilities

    def catalog(self) -> Catalog:
        """Return the contract's datasets as the store has them, with the key that it cannot tell."""
        told = self._store.catalog()
        tables = []
        for name, columns in sorted(COLUMNS.items()):
            if name in self._names:
                own = told.table(self._names[name])
                kept = tuple(each for each in own.columns if each.name in columns)
                listed = tuple(sorted(kept, key=lambda each: columns.index(each.name)))
            else:
                listed = tuple(Column(name=each, type="") for each in columns)
            tables.append(Table(name=name, columns=listed, key=("id",)))
        return replace(told, tables=tuple(tables))

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return the store's sample, typed."""
        own = self._own(dataset, fields)
        if not own:
            nothing = dict.fromkeys(fields, 0)
            none: dict[str, tuple[Value, ...]] = dict.fromkeys(fields, ())
            return Sample(
                dataset=dataset, rows=0, read=0, values=none, nulls=nothing, distinct=nothing
            )
        read = self._store.sample(own, fields, limit=limit, seed=seed)
        values = {
            field: tuple(self._value(field, each) for each in held)
            for field, held in read.values.items()
        }
        return replace(read, dataset=dataset, values=values)

    def count(self, dataset: str) -> int:
        """Return the store's count."""
        own = self._own(dataset, ())
        return self._store.count(own) if own and isinstance(self._store, Scans) else 0

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield the store's rows, typed."""
        own = self._own(dataset, fields)
        if own and isinstance(self._store, Scans):
            for rows in self._store.scan(own, fields, batch=batch):
                yield self._typed(fields, rows)

    def scan_from(
        self, dataset: str, fields: Sequence[str], *, after: str = "", batch: int = 5_000
    ) -> Iterator[Batch]:
        """Yield the store's batches, typed."""
        own = self._own(dataset, fields)
        if own and isinstance(self._store, Resumes):
            for each in self._store.scan_from(own, fields, after=after, batch=batch):
                yield Batch(rows=self._typed(fields, each.rows), at=each.at)

    def _typed(
        self, fields: Sequence[str], rows: Sequence[tuple[Value, ...]]
    ) -> list[tuple[Value, ...]]:
        return [tuple(map(self._value, fields, row)) for row in rows]

    def _own(self, dataset: str, fields: Sequence[str]) -> str:
        """Return the store's own name, empty for one that it cannot have while it is empty."""
        if dataset in self._names:
            return self._names[dataset]
        if dataset in COLUMNS and not CONTENT[dataset] and set(fields) <= set(COLUMNS[dataset]):
            return ""
        raise StoreChangedError(f"there is no dataset {dataset!r} with the fields asked for")


class ToldAsLooksUp(ToldAs):
    """Likewise one that looks values up."""

    def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
        """Return what the store finds."""
        own = self._own(dataset, (field,))
        if own and isinstance(self._store, Contains):
            return self._store.contained(own, field, values)
        return 0
