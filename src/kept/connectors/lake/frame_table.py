"""How Parquet files and Delta tables are described, sampled and read as one dataset."""

import json
from collections.abc import Iterator, Sequence

from kept.connectors.errors import StoreChangedError
from kept.connectors.files.table import spread_over
from kept.connectors.lake.failures import translated
from kept.connectors.lake.frames import Frame, columns_of, rows_of, slices
from kept.connectors.row_sample import ROWS, RowSample, rank
from kept.connectors.staged.held import Held
from kept.errors import KeptError
from kept.inventory.catalog import Column
from kept.inventory.connector import Sample, Value

_DESCRIBED = 20
_FILES = 20
_PLACES = 20
_COUNTED = 500


class FrameTable:
    """A dataset in columnar files.

    Attributes:
        name: Its name in the store.
        columns: Its fields, as the files' metadata names them.
        unread: Files whose metadata cannot be read.
    """

    def __init__(
        self, store: str, name: str, frames: Sequence[Frame], columns: tuple[Column, ...] = ()
    ) -> None:
        self.name = name
        self._store = store
        self._frames = tuple(frames)
        self.columns = columns
        self.unread: tuple[tuple[str, str], ...] = ()
        if not columns:
            self._describe()

    def sample(self, fields: Sequence[str], *, limit: int, seed: int) -> Sample:
        """Read rows at many places of many files; what is damaged is left out."""
        made = RowSample(self.name, fields)
        total, exact = self._total()
        chosen = spread_over(self._frames, _FILES, seed)
        most = max(1, ROWS // max(1, len(chosen)))
        for frame in chosen:
            try:
                for rows in self._places(frame, fields, most, seed):
                    made.add(rows)
            except KeptError:
                exact = False
        return made.sample(rows=total, exact=exact, limit=limit, seed=seed)

    def count(self) -> int:
        """Return what the metadata of all files says."""
        return sum(map(self._length, self._frames))

    def scan(
        self, fields: Sequence[str], after: str, batch: int
    ) -> Iterator[tuple[list[tuple[Value, ...]], str]]:
        """Yield every row after `after`, file by file."""
        for frame, start in self._left(after):
            at = start
            for rows in self._batches(frame, fields, start, batch):
                at += len(rows)
                yield rows, json.dumps([frame.key, frame.mark, at])

    def placed(self) -> Iterator[Held]:
        """Yield every row with its file and its number there."""
        names = [each.name for each in self.columns]
        for frame in self._frames:
            at = 0
            for rows in self._batches(frame, names, 0, 5_000):
                for row in rows:
                    yield Held((frame.key, at), dict(zip(names, row, strict=True)))
                    at += 1

    def contained(self, field: str, values: Sequence[Value]) -> int:
        """Return how many of `values` occur in a field, compared as texts."""
        import polars as pl

        left = {str(each) for each in values if each is not None}
        sought = len(left)
        for frame in self._frames:
            if field in frame.given:
                left.discard(frame.given[field])
                continue
            with translated(self._store, self.name), frame.open() as lazy:
                if field not in lazy.collect_schema() or not left:
                    continue
                text = pl.col(field).cast(pl.String)
                found = lazy.filter(text.is_in(list(left))).select(text.unique()).collect()
                left -= set(found.get_column(field).to_list())
        return sought - len(left)

    def _batches(
        self, frame: Frame, fields: Sequence[str], start: int, batch: int
    ) -> Iterator[list[tuple[Value, ...]]]:
        if not fields:
            left = self._length(frame) - start
            for at in range(0, left, batch):
                yield [()] * min(batch, left - at)
            return
        with translated(self._store, self.name), frame.open() as lazy:
            wanted, rows = rows_of(lazy, fields, frame.given)
            for part in slices(wanted, start, frame, batch):
                for piece in part.iter_slices(batch):
                    yield rows(piece)

    def _left(self, after: str) -> Iterator[tuple[Frame, int]]:
        if not after:
            yield from ((frame, 0) for frame in self._frames)
            return
        try:
            key, mark, at = json.loads(after)
            start = int(at)
        except (ValueError, TypeError):
            raise self._changed() from None
        keys = [frame.key for frame in self._frames]
        if key not in keys and any(frame.versioned for frame in self._frames):
            raise self._changed()
        if key not in keys:
            yield from ((frame, 0) for frame in self._frames if frame.key > str(key))
            return
        frame = self._frames[keys.index(key)]
        if frame.mark != mark and frame.versioned:
            raise self._changed()
        yield frame, start if frame.mark == mark else 0
        yield from ((each, 0) for each in self._frames[keys.index(key) + 1 :])

    def _changed(self) -> KeptError:
        return StoreChangedError(
            f"a scan of {self._store}.{self.name} cannot go on where it ended",
            remedy="Start the scan from the beginning.",
        )

    def _places(
        self, frame: Frame, fields: Sequence[str], most: int, seed: int
    ) -> Iterator[list[tuple[Value, ...]]]:
        length = self._length(frame)
        with translated(self._store, self.name), frame.open() as lazy:
            wanted, rows = rows_of(lazy, fields, frame.given)
            if length <= most:
                yield rows(wanted.collect())
                return
            places = min(_PLACES, most)
            step, some = length // places, most // places
            for place in range(places):
                start = place * step + rank(seed, str(place)) % max(1, step - some)
                yield rows(wanted.slice(start, some).collect())

    def _length(self, frame: Frame) -> int:
        import polars as pl

        with translated(self._store, self.name), frame.open() as lazy:
            return int(lazy.select(pl.len()).collect().item())

    def _total(self) -> tuple[int, bool]:
        """Return how many rows there are, and whether the metadata of every file was read."""
        counted = spread_over(self._frames, _COUNTED, 0)
        found, sizes, exact = 0, 0, len(counted) == len(self._frames)
        for frame in counted:
            try:
                found += self._length(frame)
                sizes += frame.size
            except KeptError:
                exact = False
        if len(counted) < len(self._frames):
            found = round(found * sum(each.size for each in self._frames) / max(1, sizes))
        return found, exact

    def _describe(self) -> None:
        columns: dict[str, Column] = {}
        unread: list[tuple[str, str]] = []
        for frame in spread_over(self._frames, _DESCRIBED, 0):
            try:
                with translated(self._store, self.name), frame.open() as lazy:
                    found = columns_of(lazy)
            except KeptError as error:
                why = "permission denied" if error.code == "stores.denied" else "is damaged"
                unread.append((self.name if frame.versioned else frame.key, why))
                continue
            for column in found:
                columns.setdefault(column.name, column)
        given = dict.fromkeys(key for frame in self._frames for key in frame.given)
        kept = (each for each in columns.values() if each.name not in given)
        partitions = (
            Column(name=key, type="PARTITION", nullable=False, identity=True) for key in given
        )
        self.columns = (*kept, *partitions) if columns else ()
        self.unread = tuple(unread)
