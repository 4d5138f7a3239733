"""Whether what was erased from a file is really not in the file that takes its place.

Decoding tells of rows, and looking at the bytes tells of what decoding does not show: the
statistics and dictionaries of a columnar file.
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from kept.connectors.staged.held import Held
from kept.plans.errors import NotErasedError

_TELLING = 6
"""Characters of a value that is not in a file by chance."""

_MOST_VALUES = 2_000


def require_gone(store: str, kind: str, file: BinaryIO, gone: Sequence[Held]) -> None:
    """Refuse a new file in which a value of an erased row stands and no row explains it.

    Raises:
        NotErasedError: There is such a value.
    """
    if not gone or kind != "parquet":
        return
    values = _telling(gone)
    content = file.read()
    left = {each for each in values if each.encode() in content}
    if left and left - _explained(file, left):
        raise NotErasedError(
            f"a new file of the store {store!r} still holds values of rows that were erased",
            remedy="Erase the person from this store by hand, and report this as a defect.",
        )


def _telling(rows: Iterable[Held]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        found.update(
            value
            for value in row.values.values()
            if isinstance(value, str) and len(value) >= _TELLING
        )
        if len(found) >= _MOST_VALUES:
            break
    return found


def _explained(file: BinaryIO, values: set[str]) -> set[str]:
    """Return which of the values stand in a row that stays, or in the name of a field."""
    import polars as pl

    file.seek(0)
    frame = pl.scan_parquet(file, hive_partitioning=False, glob=False)
    left = {each for each in values if not any(each in name for name in frame.collect_schema())}
    for part in frame.collect_batches(chunk_size=10_000):
        cells = [str(each) for row in part.iter_rows() for each in row if each is not None]
        left = {each for each in left if not any(each in cell for cell in cells)}
    return values - left
