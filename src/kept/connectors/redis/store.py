"""A Redis: its keys grouped into datasets by pattern, described, sampled and scanned."""

import json
from collections.abc import Iterator, Sequence

from kept.connectors.errors import StoreChangedError
from kept.connectors.open_rows import row_of
from kept.connectors.redis.index import Index, KeyGroup, walk
from kept.connectors.redis.keys import glob_of
from kept.connectors.redis.server import Server
from kept.connectors.redis.values import look, whole
from kept.connectors.row_sample import ROWS, RowSample, rank
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Batch, Capabilities, Sample, SamplesBy, Value

_AT_ONCE = 100
_END = -1


class RedisStore:
    """One database of one Redis server. Nothing holds it still while it is read.

    Attributes:
        name: Name of the store in ``kept.toml``.
        engine: Always ``"redis"``.
    """

    def __init__(self, name: str, url: str, write_url: str = "") -> None:  # noqa: ARG002 - requests come later
        self.name = name
        self.engine = "redis"
        self._server = Server(name, url)
        self._known: tuple[tuple[int, ...], Index] | None = None

    def __repr__(self) -> str:
        return f"RedisStore({self.name!r})"

    @property
    def shown(self) -> str:
        """The address without its password."""
        return self._server.shown

    @property
    def capabilities(self) -> Capabilities:
        """What can be honoured of a Redis: no snapshot, and what it counts may be met twice."""
        return Capabilities(
            engine=self.engine, samples_by=SamplesBy.KEY, exact_counts=False, resumes=True
        )

    def catalog(self) -> Catalog:
        """Return the datasets that the keys make, as they are now."""
        index = self._index()
        unread = [(each.name, each.unread) for each in index.groups.values() if each.unread]
        if not index.whole:
            unread.append(("*", "more keys than are looked at"))
        return Catalog(
            store=self.name,
            engine=self.engine,
            tables=tuple(
                Table(name=name, columns=each.columns, expires=each.expires)
                for name, each in sorted(index.groups.items())
                if each.columns
            ),
            unread=tuple(sorted(unread)),
        )

    def sample(
        self, dataset: str, fields: Sequence[str], *, limit: int = 200, seed: int = 0
    ) -> Sample:
        """Return up to `limit` distinct non-null values of each field.

        The same content, seed and limit give the same sample.
        """
        _, group = self._group(dataset, fields)
        made = RowSample(dataset, fields)
        known = frozenset(each.name for each in group.columns)
        keys = sorted(group.keys, key=lambda each: (rank(seed, repr(each)), each))
        most = max(5, ROWS // max(1, len(keys)))
        met, full = 0, True
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            for key, found in zip(part, look(self._server, part, most), strict=True):
                rows = list(group.rows(key, found.rows))
                made.add(row_of(each, fields, {}, known) for each in rows)
                met += bool(rows)
                full &= len(found.rows) < most or most >= ROWS > len(found.rows)
        about = round(made.read * group.count / met) if met else 0
        exact = full and len(keys) >= group.count and not group.unread
        unread = dict.fromkeys(fields, group.unread) if group.unread and not made.read else {}
        return made.sample(rows=about, exact=exact, limit=limit, seed=seed, unread=unread)

    def count(self, dataset: str) -> int:
        """Return how many rows `dataset` has: all of them are read for that."""
        return sum(len(each.rows) for each in self.scan_from(dataset, ()))

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        """Yield every row of `dataset`, each key as it is when it is reached.

        What is there from beginning to end is yielded; where the server is written to
        meanwhile, a key may come twice.
        """
        for each in self.scan_from(dataset, fields, batch=batch):
            yield each.rows

    def scan_from(
        self, dataset: str, fields: Sequence[str], *, after: str = "", batch: int = 5_000
    ) -> Iterator[Batch]:
        """Yield every row that comes after `after`, in batches that know where they end.

        Raises:
            StoreChangedError: `after` belongs to another dataset.
        """
        index, group = self._group(dataset, fields)
        cursor, passed = self._after(dataset, after)
        known = frozenset(each.name for each in group.columns)
        held: list[tuple[Value, ...]] = []
        while cursor != _END:
            at = 0
            following, page = self._server.page(cursor, glob_of(group.pattern))
            for row in self._rows(index, group, page):
                at += 1
                if at <= passed:
                    continue
                held.append(row_of(row, fields, {}, known))
                if len(held) >= batch:
                    yield Batch(rows=held, at=json.dumps([dataset, cursor, at]))
                    held = []
            passed, cursor = 0, following or _END
        if held:
            yield Batch(rows=held, at=json.dumps([dataset, _END, 0]))

    def _rows(
        self, index: Index, group: KeyGroup, page: Sequence[bytes]
    ) -> Iterator[dict[str, Value]]:
        keys = sorted({key for key in page if index.pattern(key) == group.pattern})
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            for key, row in whole(self._server, part):
                yield from group.rows(key, [row])

    def _after(self, dataset: str, after: str) -> tuple[int, int]:
        if not after:
            return 0, 0
        try:
            of, cursor, passed = json.loads(after)
            if of == dataset:
                return int(cursor), int(passed)
        except (ValueError, TypeError):
            pass
        raise StoreChangedError(
            f"a scan of {self.name} cannot go on where it ended",
            remedy="Start the scan from the beginning.",
        )

    def _index(self, *, again: bool = True) -> Index:
        """Return the datasets; where nothing tells of changes, those of the last time may do."""
        stamp = self._server.stamp()
        if self._known is not None and not stamp and not again:
            return self._known[1]
        if self._known is None or not stamp or self._known[0] != stamp:
            self._known = stamp, walk(self._server)
        return self._known[1]

    def _group(self, dataset: str, fields: Sequence[str]) -> tuple[Index, KeyGroup]:
        index = self._index(again=False)
        group = index.groups.get(dataset)
        if group is None or not {each.name for each in group.columns}.issuperset(fields):
            raise StoreChangedError(
                f"the store {self.name!r} has no dataset {dataset!r} with the fields asked for"
            )
        return index, group
