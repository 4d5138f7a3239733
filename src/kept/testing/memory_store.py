"""A store that is nothing but values in memory, for tests that need no database."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from kept.connectors.errors import StoreChangedError
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Capabilities, Sample, SamplesBy, Value


class MemoryStore:
    """Describes, samples and scans tables that are given to it.

    Attributes:
        name: Name of the store.
        engine: Always ``"memory"``.
    """

    engine: ClassVar[str] = "memory"

    def __init__(
        self,
        name: str,
        columns: Mapping[str, Sequence[str]],
        content: Mapping[str, Sequence[tuple[Value, ...]]],
        *,
        key: Sequence[str] = ("id",),
    ) -> None:
        self.name = name
        self._columns = {table: tuple(each) for table, each in columns.items()}
        self._content = content
        self._key = tuple(key)

    @property
    def shown(self) -> str:
        """Where it is: nowhere that needs a secret."""
        return "memory:"

    @property
    def capabilities(self) -> Capabilities:
        """What values in memory can honour."""
        return Capabilities(engine=self.engine, samples_by=SamplesBy.PREFIX, reads_snapshot=True)

    def catalog(self) -> Catalog:
        """Return the tables given."""
        return Catalog(
            store=self.name,
            engine=self.engine,
            tables=tuple(
                Table(
                    name=name,
                    columns=tuple(
                        Column(name=each, type="", key=each in self._key) for each in columns
                    ),
                    key=self._key,
                )
                for name, columns in sorted(self._columns.items())
            ),
        )

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return the first distinct values from a row on that the seed names."""
        rows = self._rows(dataset, fields)
        start = seed % len(rows) if rows else 0
        turned = rows[start:] + rows[:start]
        held = {
            field: dict.fromkeys(row[at] for row in turned if row[at] not in {None, ""})
            for at, field in enumerate(fields)
        }
        return Sample(
            dataset=dataset,
            rows=len(rows),
            read=len(rows),
            values={field: tuple(values)[:limit] for field, values in held.items()},
            nulls={
                field: sum(row[at] in {None, ""} for row in rows) for at, field in enumerate(fields)
            },
            distinct={field: len(values) for field, values in held.items()},
        )

    def count(self, dataset: str) -> int:
        """Return how many rows were given."""
        return len(self._rows(dataset, ()))

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield the rows given, in batches."""
        rows = self._rows(dataset, fields)
        for start in range(0, len(rows), batch):
            yield rows[start : start + batch]

    def _rows(self, dataset: str, fields: Sequence[str]) -> list[tuple[Value, ...]]:
        try:
            known = self._columns[dataset]
            places = [known.index(field) for field in fields]
        except (KeyError, ValueError):
            raise StoreChangedError(
                f"the store {self.name!r} has no table {dataset!r} with the fields asked for"
            ) from None
        return [tuple(row[place] for place in places) for row in self._content[dataset]]
