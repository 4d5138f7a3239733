"""How Parquet and Delta are opened, and what one file's content is in our terms."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kept.connectors.files.place import Place
from kept.connectors.files.table import Part
from kept.inventory.catalog import Column
from kept.inventory.connector import Value

Lazy = Any
"""A lazy frame: the library is imported when the first file needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One piece of a dataset: a Parquet file, or a Delta table that its files do not tell.

    Attributes:
        key: What a scan remembers it by.
        mark: What changes when its content does.
        size: In bytes, as far as it is known.
        open: Makes it a lazy frame; nothing but its metadata is read.
        given: Fields that its path gives to all its rows.
        versioned: Whether it belongs to a version of a table, which `mark` names.
        slice: How many rows are asked for at a time at first; 0 where asking for rows
            further on would read those before them again.
    """

    key: str
    mark: str
    size: int
    open: Callable[[], AbstractContextManager[Lazy]]
    given: Mapping[str, str] = field(default_factory=dict)
    versioned: bool = False
    slice: int = 0


_SLICE = 100_000
_AFAR = 400_000
"""Likewise over a network, where each slice fetches its whole group of rows again."""

_ROOM = 24_000_000
"""Bytes of a slice: the library decodes all of it before the first row leaves."""

_SMALLEST = 5_000


def parquet(place: Place, part: Part, *, versioned: bool = False) -> Frame:
    """Return one Parquet file, perhaps of a version of a table."""
    path = part.entry.path
    return Frame(
        key=path,
        mark=part.entry.changed,
        size=part.entry.size,
        open=partial(_scan_parquet, place, path),
        given=part.given,
        versioned=versioned,
        slice=_SLICE if place.options is None else _AFAR,
    )


def slices(lazy: Lazy, start: int, frame: Frame, batch: int) -> Iterator[Any]:
    """Yield what `lazy` holds from row `start` on, in parts that need little memory.

    Groups of rows in a file may be as large as the file, and the library decodes several
    at once: so no more is asked for than fits, by the size of what came before.
    """
    if not frame.slice:
        yield from lazy.slice(start).collect_batches(chunk_size=batch, maintain_order=True)
        return
    at, most = start, frame.slice
    while (part := lazy.slice(at, most).collect()).height:
        yield part
        if part.height < most:
            return
        at += part.height
        fitting = _ROOM * part.height // max(1, part.estimated_size())
        most = max(_SMALLEST, min(frame.slice, fitting))


@contextmanager
def _scan_parquet(place: Place, path: str) -> Iterator[Lazy]:
    import polars as pl

    options = place.options
    if options is None:
        # The library reads from the open file: nobody can put a link in its place.
        with place.open(path) as file:
            yield pl.scan_parquet(file, hive_partitioning=False, glob=False, low_memory=True)
        return
    yield pl.scan_parquet(
        place.address(path),
        storage_options=dict(options),
        hive_partitioning=False,
        glob=False,
        low_memory=True,
    )


def columns_of(lazy: Lazy) -> tuple[Column, ...]:
    """Return the fields of a frame, with the types that its metadata says."""
    return tuple(_column(name, kind) for name, kind in lazy.collect_schema().items())


def _column(name: str, kind: Any) -> Column:  # noqa: ANN401 - the library's type of a field
    import polars as pl

    listed = isinstance(kind, pl.List | pl.Array)
    told = tuple(kind.categories) if isinstance(kind, pl.Enum) else ()
    return Column(
        name=name,
        type=str(kind),
        json=listed or isinstance(kind, pl.Struct),
        array=listed,
        enumerated=told,
    )


def rows_of(
    lazy: Lazy, fields: Sequence[str], given: Mapping[str, str]
) -> tuple[Lazy, Callable[[Any], list[tuple[Value, ...]]]]:
    """Return what to collect for `fields`, and what makes rows of a part of it."""
    import polars as pl

    schema = lazy.collect_schema()
    stored = [each for each in dict.fromkeys(fields) if each in schema and each not in given]
    nested = {each for each in stored if schema[each].is_nested()}
    wanted = lazy.select(_plain(pl.col(each), schema[each]) for each in stored)

    def rows(part: Any) -> list[tuple[Value, ...]]:  # noqa: ANN401 - a frame
        size = part.height
        held: dict[str, Sequence[Value]] = {each: [given[each]] * size for each in given}
        for each in stored:
            values = part.get_column(each).to_list()
            held[each] = [_text(value) for value in values] if each in nested else values
        empty = [None] * size
        return list(zip(*(held.get(each, empty) for each in fields), strict=True))

    if not stored:
        # Nothing of the file is wanted, but how many rows it has is.
        return lazy.select(pl.first()), rows
    return wanted, rows


def _plain(column: Any, kind: Any) -> Any:  # noqa: ANN401 - the library's expressions
    """Return what reads a field in a form that may leave a connector."""
    import polars as pl

    if kind.is_temporal():
        return column.dt.to_string("iso:strict")
    if kind.is_decimal() or isinstance(kind, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    return column


def _text(value: object) -> Value:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, default=_inner)


def _inner(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
