"""A Redis: its keys grouped into datasets by pattern, described, sampled and scanned."""

import json
from collections.abc import Iterator, Mapping, Sequence

from kept.connectors.errors import StoreChangedError
from kept.connectors.open_rows import row_of
from kept.connectors.redis.erasing import KEY, commands_for, held_rows
from kept.connectors.redis.index import Index, KeyGroup, walk
from kept.connectors.redis.keys import glob_of
from kept.connectors.redis.server import Server
from kept.connectors.redis.values import look, whole
from kept.connectors.row_sample import ROWS, RowSample, rank
from kept.connectors.staged.held import Change, Held, Refusal, Wanted
from kept.connectors.staged.requests import StagedRequests
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Batch, Capabilities, Sample, SamplesBy, Value

_AT_ONCE = 100
_END = -1
_ATTEMPTS = 3


class RedisStore(StagedRequests):
    """One database of one Redis server. Nothing holds it still while it is read.

    Attributes:
        name: Name of the store in ``kept.toml``.
        engine: Always ``"redis"``.
    """

    def __init__(self, name: str, url: str, write_url: str = "") -> None:
        self.name = name
        self.engine = "redis"
        self._server = Server(name, url)
        self._writing = Server(name, write_url) if write_url else self._server
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
            engine=self.engine,
            samples_by=SamplesBy.KEY,
            exact_counts=False,
            resumes=True,
            answers_requests=True,
            finds_by_reading=True,
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
                Table(name=name, columns=each.columns, expires=each.expires, place=KEY)
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

    # ── requests ─────────────────────────────────────────────────────────────

    def held(self, dataset: str, wanted: Wanted) -> Iterator[Held]:  # noqa: ARG002 - keys have no index
        """Yield every row of `dataset`: nothing but reading tells which are wanted."""
        index, group = self._group(dataset, ())
        cursor = 0
        while True:
            cursor, page = self._server.page(cursor, glob_of(group.pattern))
            keys = sorted({key for key in page if index.pattern(key) == group.pattern})
            for start in range(0, len(keys), _AT_ONCE):
                yield from held_rows(self._server, group, keys[start : start + _AT_ONCE])
            if not cursor:
                return

    def held_again(self, dataset: str, keys: Sequence[Mapping[str, Value]]) -> Iterator[Held]:
        """Yield what stands now under the keys that were written."""
        _, group = self._group(dataset, ())
        named = sorted({bytes(each[KEY]) for each in keys if isinstance(each.get(KEY), bytes)})  # type: ignore[arg-type]  # bytes
        for start in range(0, len(named), _AT_ONCE):
            yield from held_rows(self._server, group, named[start : start + _AT_ONCE])

    def named(self, dataset: str, row: Held) -> Mapping[str, Value]:  # noqa: ARG002 - a key is one of the store
        """Return the key."""
        return {KEY: row.place[0]}

    def refusal(self, dataset: str, *, blank: bool) -> Refusal | None:  # noqa: ARG002 - each key tells its own kind
        """Return nothing: every kind of key can be deleted from."""
        return None

    def prepare(self, changes: Sequence[Change]) -> None:
        """Refuse what cannot be written into a key of its kind.

        Raises:
            PlanRefusedError: Fields were to be emptied where there are none.
        """
        commands_for(self._writing, self.name, changes)

    def write(self, changes: Sequence[Change], *, operation: str) -> None:  # noqa: ARG002 - content tells what is done
        """Write all keys in one transaction, or none where one was changed meanwhile.

        Raises:
            StoreChangedError: Another program wrote to one of the keys.
        """
        keys = sorted(
            {
                bytes(row.place[0])  # type: ignore[arg-type]  # a key
                for each in changes
                for row in (*each.delete, *(row for row, _ in each.blank))
            }
        )
        for _ in range(_ATTEMPTS):
            if self._writing.change(
                keys, lambda: commands_for(self._writing, self.name, changes, still=True)
            ):
                self._known = None
                return
        raise StoreChangedError(
            f"keys of the store {self.name!r} kept changing while they were erased",
            remedy="Try again when whoever writes them has finished.",
        )

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
