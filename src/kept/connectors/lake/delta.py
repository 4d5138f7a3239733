"""Which files are the current version of a Delta table, and what its log says of them.

The log may name any file of the machine. Only those are read that were seen in the
table's own folder, and each is opened as every other file is.
"""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any
from urllib.parse import unquote

from kept.connectors.errors import StoreCorruptError
from kept.connectors.files.place import Entry, Place
from kept.connectors.files.table import Part
from kept.connectors.lake.frames import Frame, Lazy, columns_of, parquet
from kept.inventory.catalog import Column

_PARTITION = "partition."
_MAPPING = "delta.columnMapping.mode"


def delta(
    store: str, place: Place, folder: str, there: Collection[str]
) -> tuple[list[Frame], tuple[Column, ...]]:
    """Return the files of the current version, and the fields that the table has.

    Args:
        store: Name of the store.
        place: Where the table is.
        folder: Its folder there.
        there: Paths of the files that were seen.

    Raises:
        StoreCorruptError: The log names a file that is not in the table's folder.
    """
    from deltalake import DeltaTable

    options = place.options
    table = DeltaTable(place.address(folder), storage_options=dict(options) if options else None)
    version = str(table.version())
    schema = columns_of(_scanned(table, options))
    actions = table.get_add_actions(flatten=True)
    named = {each: actions.column(each).to_pylist() for each in actions.column_names}
    frames = [
        _frame(store, place, folder, there, {each: named[each][at] for each in named}, version)
        for at in range(actions.num_rows)
    ]
    if table.metadata().configuration.get(_MAPPING, "none") != "none" or _takes_rows_away(table):
        # The files alone do not tell: some of their rows are gone, or their fields renamed.
        whole = partial(nullcontext, _scanned(table, options))
        return [Frame(key="delta", mark=version, size=0, open=whole, versioned=True)], schema
    return sorted(frames, key=lambda each: each.key), schema


def _scanned(table: Any, options: Mapping[str, str] | None) -> Lazy:  # noqa: ANN401 - the library is imported late
    import polars as pl

    return pl.scan_delta(table, storage_options=dict(options) if options else None)


def _takes_rows_away(table: Any) -> bool:  # noqa: ANN401 - likewise
    features = table.protocol().reader_features or ()
    return "deletionVectors" in features


def _frame(
    store: str,
    place: Place,
    folder: str,
    there: Collection[str],
    told: Mapping[str, Any],
    version: str,
) -> Frame:
    written = str(told["path"])
    for path in (unquote(written), written):
        whole = f"{folder}/{path}" if folder else path
        if whole in there:
            break
    else:
        raise StoreCorruptError(
            f"a Delta table of the store {store!r} names a file that is not in its folder",
            remedy="A shallow clone is read where its files are: name that folder.",
        )
    given = {
        key.removeprefix(_PARTITION): str(value)
        for key, value in told.items()
        if key.startswith(_PARTITION) and value is not None
    }
    entry = Entry(path=whole, size=int(told["size_bytes"]), changed=version)
    return parquet(place, Part(entry=entry, given=given), versioned=True)
