"""How a bounded number of rows is read so that they speak for the whole table."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import itemgetter

from sqlalchemy.engine import Connection

from kept.connectors.errors import StoreCorruptError, StoreDeniedError, StoreTooLargeError
from kept.connectors.sql.dialects.dialect import PERMISSION_DENIED, Dialect
from kept.connectors.sql.look import WIDTH, Look, Rows, hash_of
from kept.connectors.sql.patience import Patience
from kept.errors import KeptError
from kept.inventory.catalog import Table
from kept.inventory.connector import Sample, Value

NOT_HANDED_OUT = "not handed out by the store"
TOO_LARGE = "holds a value too large to be read"

_LEFT_OUT = (StoreCorruptError, StoreDeniedError, StoreTooLargeError)
"""What one field is left out for, and the others are read."""


def sample(
    connection: Connection,
    dialect: Dialect,
    table: Table,
    fields: Sequence[str],
    *,
    limit: int,
    seed: int,
    patience: Patience | None = None,
) -> Sample:
    """Return up to `limit` distinct non-null values of each of `fields`.

    The same content, seed and limit give the same sample. Where most of the rows read
    are empty in a field, rows that are not are looked for.
    """
    look = Look(connection, dialect, table, patience)
    rows, exact = look.count()
    read = _read_all(look, fields, rows=rows, seed=seed) if rows and fields else []
    seen: dict[str, dict[Value, None]] = {}
    nulls: dict[str, int] = {}
    for place, field in enumerate(fields):
        filled = [row[place] for row in read if not _empty(row[place])]
        seen[field] = dict.fromkeys(filled)
        nulls[field] = len(read) - len(filled)
    sparse = [
        field
        for field in fields
        if len(seen[field]) < limit
        and nulls[field] * 2 >= len(read)
        and field not in table.always_null
    ]
    if len(read) < rows and sparse:
        found = look.sparse(sparse, rows=rows, seed=seed, limit=limit * 2)
        for field, values in found.items():
            seen[field] |= dict.fromkeys(value for value in values if not _empty(value))
    return Sample(
        dataset=table.name,
        rows=max(rows, len(read)),
        read=len(read),
        values={field: _chosen(seen[field], limit=limit, seed=seed) for field in fields},
        nulls=nulls,
        distinct={field: len(seen[field]) for field in fields},
        rows_exact=exact,
    )


def sample_what_can_be_read(
    table: Table, fields: Sequence[str], read: Callable[[Sequence[str]], Sample]
) -> Sample:
    """Return a sample of those fields that the store hands out, and say which it does not.

    Args:
        table: Whose sample it is.
        fields: All that were asked for.
        read: Samples some fields, in a snapshot of its own.
    """
    allowed = [field for field in fields if field not in table.unreadable]
    denied = [_unread(table, field, PERMISSION_DENIED) for field in fields if field not in allowed]
    if fields and not allowed:
        return _joined(table, fields, denied)
    try:
        parts = [read(allowed)]
    except _LEFT_OUT as error:
        # Whoever cannot even count the rows has no table to speak of.
        rows = read(())
        parts = [rows, *_halves(table, allowed, read, error)]
    return _joined(table, fields, parts + denied)


def _halves(
    table: Table, fields: Sequence[str], read: Callable[[Sequence[str]], Sample], why: KeptError
) -> list[Sample]:
    """Sample the first and the second half apart: one of them may be handed out whole."""
    if len(fields) == 1:
        too_large = isinstance(why, StoreTooLargeError)
        return [_unread(table, fields[0], TOO_LARGE if too_large else NOT_HANDED_OUT)]
    found: list[Sample] = []
    middle = len(fields) // 2
    for part in (fields[:middle], fields[middle:]):
        try:
            found.append(read(part))
        except _LEFT_OUT as error:
            found += _halves(table, part, read, error)
    return found


def _unread(table: Table, field: str, why: str) -> Sample:
    return Sample(
        dataset=table.name,
        rows=table.rows_estimate or 0,
        read=0,
        values={field: ()},
        nulls={field: 0},
        distinct={field: 0},
        rows_exact=False,
        unread={field: why},
    )


def _joined(table: Table, fields: Sequence[str], parts: Sequence[Sample]) -> Sample:
    """Return one sample of several, with the fields in the order asked for."""
    if len(parts) == 1:
        return parts[0]
    values = {name: told for part in parts for name, told in part.values.items()}
    nulls = {name: told for part in parts for name, told in part.nulls.items()}
    distinct = {name: told for part in parts for name, told in part.distinct.items()}
    return Sample(
        dataset=table.name,
        rows=parts[0].rows,
        read=max(part.read for part in parts),
        values={field: values[field] for field in fields},
        nulls={field: nulls[field] for field in fields},
        distinct={field: distinct[field] for field in fields},
        rows_exact=parts[0].rows_exact,
        unread={name: why for part in parts for name, why in part.unread.items()},
    )


def _read_all(look: Look, fields: Sequence[str], *, rows: int, seed: int) -> Rows:
    """Read the same rows of all fields, some fields at a time: engines bound a row's width."""
    parts = [
        look.read(fields[start : start + WIDTH], rows=rows, seed=seed)
        for start in range(0, len(fields), WIDTH)
    ]
    return [tuple(chain.from_iterable(row)) for row in zip(*parts, strict=True)]


def _empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _chosen(seen: Iterable[Value], *, limit: int, seed: int) -> tuple[Value, ...]:
    """Return `limit` of the values seen, in an order that the seed and they alone decide."""
    ranked = [(hash_of(seed, text := repr(value)), text, value) for value in seen]
    return tuple(each[2] for each in heapq.nsmallest(limit, ranked, key=itemgetter(0, 1)))
