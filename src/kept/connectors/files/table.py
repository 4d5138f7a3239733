"""How many files of one text format are described, sampled and read as one dataset."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

from kept.connectors.errors import StoreChangedError, StoreCorruptError
from kept.connectors.files.lines import DamagedError, Text, go_to, lines, text_of
from kept.connectors.files.place import Entry, Place
from kept.connectors.open_rows import MOST_FIELDS, OTHER, Record, learnt, row_of
from kept.connectors.row_sample import ROWS, RowSample, rank
from kept.connectors.staged.held import Held
from kept.errors import KeptError
from kept.inventory.catalog import Column
from kept.inventory.connector import Sample, Value

_Piece = TypeVar("_Piece")

_WHOLE = 4 << 20
"""Bytes up to which all the files of a dataset are read to sample it."""

_PACKED = 20_000
"""Rows of a packed file that are read to sample it: nobody can go to its middle."""

_ROOM = 16 << 20
"""Bytes of a file that are handed out in one batch: rows may be very long."""

_FILES = 40
_PLACES = 40
_DESCRIBED = 20
_PRINT = 1 << 10


class Format(Protocol):
    """How the rows of one file are read."""

    @property
    def closed(self) -> bool:
        """Whether the beginning of a file names all its fields."""
        ...

    def columns(self, text: Text) -> tuple[Column, ...]:
        """Return the fields that the beginning of a file names; none where rows name them."""
        ...

    def records(self, text: Text, start: int) -> Iterator[tuple[Record, int]]:
        """Yield rows from the offset `start` on, each with the offset after it.

        Never raises for anything that a line holds, and leaves out none.
        """
        ...

    def settled(self, text: Text, offset: int) -> int | None:
        """Return where the first row after `offset` begins; ``None`` where nothing tells."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a dataset, and the fields that its path gives to all its rows."""

    entry: Entry
    given: Mapping[str, str] = field(default_factory=dict)


class Table(Protocol):
    """One dataset in files."""

    @property
    def name(self) -> str:
        """Its name in the store."""
        ...

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its fields."""
        ...

    @property
    def unread(self) -> tuple[tuple[str, str], ...]:
        """Files of it that cannot be read, each with why."""
        ...

    def sample(self, fields: Sequence[str], *, limit: int, seed: int) -> Sample:
        """Return some values of each field."""
        ...

    def count(self) -> int:
        """Return how many rows it has."""
        ...

    def scan(
        self, fields: Sequence[str], after: str, batch: int
    ) -> Iterator[tuple[list[tuple[Value, ...]], str]]:
        """Yield every row after the token `after`, in batches, each with its own token."""
        ...

    def placed(self) -> Iterator[Held]:
        """Yield every row with its file and its number there.

        Raises:
            KeptError: A file of it cannot be read: then nobody knows what it holds.
        """
        ...


class TextTable:
    """A dataset in text files of one format.

    Attributes:
        name: Its name in the store.
        columns: Its fields, as far as a bounded look at the files tells.
        unread: Files that hold no text.
    """

    def __init__(
        self, store: str, name: str, place: Place, form: Format, parts: Sequence[Part]
    ) -> None:
        self.name = name
        self._store = store
        self._place = place
        self._form = form
        self._parts = tuple(parts)
        self.unread: tuple[tuple[str, str], ...] = ()
        self.columns: tuple[Column, ...] = ()
        self._describe()

    def sample(self, fields: Sequence[str], *, limit: int, seed: int) -> Sample:
        """Read everything where there is little; else at many places of many files."""
        made = RowSample(self.name, fields)
        known = self._known
        rows, exact = 0, True
        for part, most in self._chosen(seed):
            try:
                with self._opened(part) as text:
                    look = _Look(self._form, text, part.entry.size, seed, most)
                    made.add(row_of(each, fields, part.given, known) for each in look.records())
            except KeptError:
                exact = False
                continue
            rows += look.rows
            exact &= look.exact
        if len(self._chosen(seed)) < len(self._parts):
            share = sum(part.entry.size for part, _ in self._chosen(seed)) or 1
            rows = round(rows * sum(each.entry.size for each in self._parts) / share)
            exact = False
        return made.sample(rows=rows, exact=exact, limit=limit, seed=seed)

    def count(self) -> int:
        """Read everything, and return how many rows there are."""
        return sum(len(rows) for rows, _ in self.scan((), "", ROWS))

    def scan(
        self, fields: Sequence[str], after: str, batch: int
    ) -> Iterator[tuple[list[tuple[Value, ...]], str]]:
        """Yield every row after `after`: a file that was renamed meanwhile is known again."""
        known = self._known
        for part, start in self._left(after):
            with self._opened(part) as text:
                mark = _print(text)
                held: list[tuple[Value, ...]] = []
                begun = end = start
                for record, end in self._form.records(text, start):
                    held.append(row_of(record, fields, part.given, known))
                    if len(held) >= batch or end - begun > _ROOM:
                        yield held, json.dumps([part.entry.path, mark, end])
                        held, begun = [], end
                if held:
                    yield held, json.dumps([part.entry.path, mark, end])

    def placed(self) -> Iterator[Held]:
        """Yield every row with its file and its number there."""
        names, known = [each.name for each in self.columns], self._known
        for part in self._parts:
            with self._opened(part) as text:
                for at, (record, _) in enumerate(self._form.records(text, 0)):
                    values = row_of(record, names, part.given, known)
                    told = dict(zip(names, values, strict=True))
                    yield Held((part.entry.path, at), told, record)

    def _left(self, after: str) -> Iterator[tuple[Part, int]]:
        """Yield the files that a scan still has before it, each with where it goes on."""
        if not after:
            yield from ((part, 0) for part in self._parts)
            return
        path, mark, at = self._token(after)
        there = [number for number, part in enumerate(self._parts) if self._is(part, mark)]
        same = [number for number in there if self._parts[number].entry.path == path] or there
        if same:
            yield self._parts[same[0]], at
            yield from ((part, 0) for part in self._parts[same[0] + 1 :])
            return
        # The file is gone: what was read of it is read, what comes after it in order is not.
        yield from ((part, 0) for part in self._parts if part.entry.path > path)

    def _token(self, after: str) -> tuple[str, str, int]:
        try:
            path, mark, at = json.loads(after)
            return str(path), str(mark), int(at)
        except (ValueError, TypeError):
            raise StoreChangedError(
                f"a scan of {self._store}.{self.name} cannot go on where it ended",
                remedy="Start the scan from the beginning.",
            ) from None

    def _is(self, part: Part, mark: str) -> bool:
        try:
            with self._opened(part) as text:
                return _print(text) == mark
        except KeptError:
            return False

    @property
    def _known(self) -> frozenset[str]:
        return frozenset(each.name for each in self.columns)

    @contextmanager
    def _opened(self, part: Part) -> Iterator[Text]:
        """Open a file; what is wrong with its packing is an error of ours."""
        with self._place.open(part.entry.path) as raw:
            try:
                text = text_of(raw, part.entry.size)
                if text is None:
                    raise StoreCorruptError(f"{self._store}.{self.name} has a file that is no text")
                yield text
            except DamagedError:
                raise StoreCorruptError(
                    f"{self._store}.{self.name} has a packed file that is cut short or damaged",
                    remedy="Take the file away or pack it again.",
                ) from None

    def _chosen(self, seed: int) -> list[tuple[Part, int | None]]:
        """Return the files to sample, each with how many rows; ``None`` for all of them."""
        if sum(part.entry.size for part in self._parts) <= _WHOLE and len(self._parts) <= ROWS:
            return [(part, None) for part in self._parts]
        chosen = spread_over([part for part in self._parts if part.entry.size], _FILES, seed)
        return [(part, max(5, ROWS // len(chosen))) for part in chosen]

    def _describe(self) -> None:
        columns: dict[str, Column] = {}
        unread: list[tuple[str, str]] = []
        seen_whole = True
        parts = spread_over(self._parts, _DESCRIBED, 0)
        for part in parts:
            try:
                with self._opened(part) as text:
                    if self._form.closed:
                        found = self._form.columns(text)
                    else:
                        look = _Look(self._form, text, part.entry.size, 0, ROWS)
                        found = learnt(look.records())
                        seen_whole &= look.exact
            except KeptError as error:
                unread.append((part.entry.path, _why(error)))
                continue
            for column in found:
                columns[column.name] = _both(columns.get(column.name), column)
            seen_whole &= len(columns) < MOST_FIELDS
        given = dict.fromkeys(key for part in self._parts for key in part.given)
        shown = tuple(columns.values())[:MOST_FIELDS]
        open_ended = not self._form.closed and (len(parts) < len(self._parts) or not seen_whole)
        if open_ended and shown and OTHER not in columns:
            shown = (*shown, Column(name=OTHER, type="JSON", json=True))
        partitions = tuple(
            Column(name=key, type="PARTITION", nullable=False, identity=True) for key in given
        )
        self.columns = (*(each for each in shown if each.name not in given), *partitions)
        self.unread = tuple(unread)


class _Look:
    """A bounded number of rows of one file, from all over it.

    Attributes:
        rows: How many rows the file has, or about how many; known when all are yielded.
        exact: Whether they were counted.
    """

    def __init__(self, form: Format, text: Text, size: int, seed: int, most: int | None) -> None:
        self.rows = 0
        self.exact = True
        self._form = form
        self._text = text
        self._size = size
        self._seed = seed
        self._most = most

    def records(self) -> Iterator[Record]:
        """Yield the rows, in the file's order."""
        most = None if self._size <= _WHOLE // _FILES else self._most
        if self._text.seekable and most is None:
            yield from self._first(None)
        elif (
            most is not None
            and self._text.seekable
            and self._form.settled(self._text, self._size // 2) is not None
        ):
            yield from self._places(most)
        else:
            yield from self._first(self._most or _PACKED)

    def _first(self, most: int | None) -> Iterator[Record]:
        at = start = self._text.start
        try:
            for record, end in self._form.records(self._text, 0):
                if most is not None and self.rows >= most:
                    self.exact = False
                    break
                self.rows += 1
                at = end
                yield record
        except DamagedError:
            self.exact = False
            if not self.rows:
                raise
        if not self.exact and most is not None:
            self.rows = max(self.rows, round(self.rows * self._size * 5 / max(1, at - start)))

    def _places(self, most: int) -> Iterator[Record]:
        count = min(_PLACES, most)
        step = self._size // count
        last, read, width = self._text.start, 0, 0
        for place in range(count):
            jitter = rank(self._seed, str(place)) % max(1, step // 2)
            start = last
            if place and place * step + jitter > last:
                found = self._form.settled(self._text, place * step + jitter)
                start = last if found is None else max(last, found)
            for record, end in islice(self._form.records(self._text, start), most // count):
                read += 1
                width += end - last if last > start else end - start
                last = end
                yield record
        self.exact = last >= self._size and width >= self._size - self._text.start
        self.rows = read if self.exact else round(self._size * read / max(1, width))


def next_line(text: Text, offset: int) -> int:
    """Return where the first line after `offset` begins."""
    go_to(text, offset)
    return next((each.end for each in lines(text.stream, offset)), offset)


def spread_over(parts: Sequence[_Piece], most: int, seed: int) -> list[_Piece]:
    """Return up to `most` of the files, from all over."""
    if len(parts) <= most:
        return list(parts)
    step = len(parts) / most
    chosen = []
    for place in range(most):
        low, high = int(place * step), max(int(place * step) + 1, int((place + 1) * step))
        chosen.append(parts[low + rank(seed, f"file {place}") % (high - low)])
    return chosen


def _both(one: Column | None, other: Column) -> Column:
    """Return the column that two files have in common."""
    if one is None or one == other:
        return other
    nested = one.json and other.json
    same = one.type if one.type == other.type else "TEXT"
    return Column(name=one.name, type=same, json=nested, array=nested and one.array and other.array)


def _print(text: Text) -> str:
    """Return by what a file is known again under another name."""
    return hashlib.sha256(text.head[:_PRINT]).hexdigest()[:16]


def _why(error: KeptError) -> str:
    return {
        "stores.denied": "permission denied",
        "stores.changed": "vanished meanwhile",
        "stores.corrupt": "is no text, or damaged",
    }.get(error.code, "did not answer")
