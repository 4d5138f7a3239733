"""Which of the values read become the sample of a dataset, in stores that run no statements."""

import heapq
import zlib
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from kept.inventory.connector import Sample, Value

ROWS = 1_000
"""Rows read of a dataset: about five for each distinct value asked for."""

CELL = 4_096
"""Characters or bytes of one value that are kept. What a field holds shows before that."""

DOCUMENT = 65_536
"""Likewise of a JSON text: one that is cut cannot be read."""


class RowSample:
    """Distinct values of the rows that were read, field by field.

    Attributes:
        read: How many rows were read.
    """

    def __init__(self, dataset: str, fields: Sequence[str]) -> None:
        self.read = 0
        self._dataset = dataset
        self._fields = tuple(fields)
        self._seen: list[dict[Value, None]] = [{} for _ in fields]
        self._filled = [0] * len(self._fields)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Take note of rows, whose values stand in the order of the fields."""
        for row in rows:
            self.read += 1
            for place, value in enumerate(row):
                if not empty(value):
                    self._filled[place] += 1
                    self._seen[place][cut(value)] = None

    def sample(
        self,
        *,
        rows: int,
        exact: bool,
        limit: int,
        seed: int,
        unread: Mapping[str, str] | None = None,
    ) -> Sample:
        """Return the sample: the same rows read, limit and seed give the same one."""
        named = list(zip(self._fields, self._seen, self._filled, strict=True))
        return Sample(
            dataset=self._dataset,
            rows=max(rows, self.read),
            read=self.read,
            values={field: chosen(seen, limit=limit, seed=seed) for field, seen, _ in named},
            nulls={field: self.read - filled for field, _, filled in named},
            distinct={field: len(seen) for field, seen, _ in named},
            rows_exact=exact,
            unread=unread or {},
        )


def empty(value: Value) -> bool:
    """Return whether a value says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def cut(value: Value) -> Value:
    """Return the beginning of a value that is too long to keep; a JSON text is kept longer."""
    if not isinstance(value, str | bytes) or len(value) <= CELL:
        return value
    return value[: DOCUMENT if value[:1] in ("{", "[") else CELL]


def chosen(seen: Iterable[Value], *, limit: int, seed: int) -> tuple[Value, ...]:
    """Return `limit` of the values, in an order that the seed and they alone decide."""
    ranked = [(rank(seed, text := repr(value)), text, value) for value in seen]
    return tuple(each[2] for each in heapq.nsmallest(limit, ranked, key=itemgetter(0, 1)))


def rank(seed: int, text: str) -> int:
    """Return a number that `seed` and `text` alone decide."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"), zlib.crc32(str(seed).encode()))
