"""Rows whose fields nothing declares: which there are, and what to do with further ones."""

import json
from collections.abc import Iterable, Mapping, Sequence

from kept.inventory.catalog import Column
from kept.inventory.connector import Value

Record = Mapping[str, Value]
"""One row by field. What it does not have is null."""

OTHER = "other"
"""The field that holds, as JSON, what a row has in no field that was seen before."""

MOST_FIELDS = 1_000


def row_of(
    record: Record, fields: Sequence[str], given: Mapping[str, str], known: frozenset[str]
) -> tuple[Value, ...]:
    """Return the values of `fields`, in order; what is in no known field is in `OTHER`.

    Args:
        record: The row.
        fields: What is asked for.
        given: What all rows of its file have.
        known: Every field of the dataset.
    """
    found = tuple(given[each] if each in given else record.get(each) for each in fields)
    if OTHER not in fields or known.issuperset(record):
        return found
    rest = {key: _shown(value) for key, value in record.items() if key not in known}
    at = list(fields).index(OTHER)
    return (*found[:at], json.dumps(rest, ensure_ascii=False), *found[at + 1 :])


def _shown(value: Value) -> Value:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def learnt(records: Iterable[Record]) -> tuple[Column, ...]:
    """Return the fields that rows have, in the order they were met."""
    types: dict[str, set[str]] = {}
    for record in records:
        for key, value in record.items():
            if key in types or len(types) < MOST_FIELDS:
                types.setdefault(key, set()).add(_type(value))
    return tuple(_column(key, held - {""}) for key, held in types.items())


def _type(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return {"{": "JSON", "[": "JSON LIST"}.get(value[:1], "TEXT")
    return {bool: "BOOLEAN", int: "INTEGER", float: "REAL"}.get(type(value), "TEXT")


def _column(name: str, held: set[str]) -> Column:
    listed = held == {"JSON LIST"}
    nested = bool(held) and held <= {"JSON", "JSON LIST"}
    told = "JSON" if nested else held.pop() if len(held) == 1 else "TEXT"
    return Column(name=name, type=told, json=nested, array=listed)
