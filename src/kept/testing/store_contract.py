"""What every connector must do with a store, whatever the store is.

For authors of connectors too: fill a store with `CONTENT`, and call
`keeps_the_contract`. Exactly the capabilities that the connector declares, by having
their methods, are put to the test.
"""

from collections.abc import Iterable, Mapping, Sequence

from kept.errors import KeptError
from kept.inventory.connector import (
    Contains,
    Describes,
    Resumes,
    Samples,
    Scans,
    Value,
)

Rows = Sequence[tuple[Value, ...]]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("id", "email", "note"),
    "Order Details": ("id", "person_id", "amount"),
    "nobody": ("id",),
}
"""Datasets that the store must have, with their fields; ``id`` is the key of each."""

CONTENT: Mapping[str, Rows] = {
    "person": tuple(
        (number, f"person{number}@example.com", None if number % 2 else f"note {number} é 数")
        for number in range(501)
    ),
    "Order Details": tuple((number, number % 501, number / 4) for number in range(1_203)),
    "nobody": (),
}
"""What must be in them. ``person_id`` refers to ``person``; keys begin at 0."""


class ContractBrokenError(AssertionError):
    """A connector does not do what its capability says."""


def keeps_the_contract(store: object) -> tuple[str, ...]:
    """Put every capability that `store` declares to the test, and return their names.

    Raises:
        ContractBrokenError: One is not kept; the message says which and how.
    """
    kept: list[str] = []
    if isinstance(store, Describes):
        _describes(store)
        kept.append("describes")
    if isinstance(store, Samples):
        _samples(store)
        kept.append("samples")
    if isinstance(store, Scans):
        _scans(store)
        kept.append("scans")
    if isinstance(store, Resumes):
        _resumes(store)
        kept.append("resumes")
    if isinstance(store, Contains):
        _contains(store)
        kept.append("contains")
    _must(bool(kept), "the connector declares no capability")
    return tuple(kept)


def _describes(store: Describes) -> None:
    catalog = store.catalog()
    _must(catalog.store == store.name, "the catalog names another store")
    _must(catalog.engine == store.engine, "the catalog names another engine")
    names = [table.name for table in catalog.tables]
    _must(names == sorted(names), "tables are ordered by name")
    _must(set(COLUMNS) <= set(names), "a dataset is missing from the catalog")
    for name, columns in COLUMNS.items():
        table = catalog.table(name)
        told = tuple(column.name for column in table.columns)
        _must(told == columns, f"the columns of {name!r} are not told in order")
        _must(table.key == ("id",), f"the key of {name!r} is not told")
    _must(store.catalog().fingerprint == catalog.fingerprint, "the same structure has one print")


def _samples(store: Samples) -> None:
    for name, columns in COLUMNS.items():
        first = store.sample(name, columns, limit=50, seed=3)
        _must(first == store.sample(name, columns, limit=50, seed=3), "a sample repeats itself")
        _must(first.rows == len(CONTENT[name]), f"the rows of {name!r} are counted")
        _must(first.read <= first.rows, "no more rows are read than there are")
        for at, column in enumerate(columns):
            there = {row[at] for row in CONTENT[name]} - {None}
            values = first.values[column]
            _must(len(values) <= min(50, first.distinct[column]), "a sample keeps to its limit")
            _must(len(set(values)) == len(values), "sampled values are distinct")
            _must(set(values) <= there, f"a value of {name!r} is not the store's")
            _must(bool(values) == bool(there), f"nothing was sampled of {name}.{column}")
    _refuses(lambda: store.sample("person", ["no such field"]), "an unknown field")
    _refuses(lambda: store.sample("no such dataset", []), "an unknown dataset")


def _scans(store: Scans) -> None:
    for name, columns in COLUMNS.items():
        _must(store.count(name) == len(CONTENT[name]), f"{name!r} is counted")
        parts = list(store.scan(name, columns, batch=100))
        _must(all(0 < len(part) <= 100 for part in parts), "batches keep to their size")  # noqa: PLR2004 - the size asked for
        _must(_sorted(row for part in parts for row in part) == _sorted(CONTENT[name]), "all rows")
    some = [row for part in store.scan("person", ["email"], batch=7) for row in part]
    _must(_sorted(some) == _sorted((row[1],) for row in CONTENT["person"]), "only what was asked")
    stream = iter(store.scan("person", ["id"], batch=1))
    next(stream)
    del stream
    _must(store.count("person") == len(CONTENT["person"]), "a scan left early harms nothing")
    _refuses(lambda: list(store.scan("person", ["no such field"])), "an unknown field")


def _resumes(store: Resumes) -> None:
    for name, columns in COLUMNS.items():
        rows: list[tuple[Value, ...]] = []
        after = ""
        while True:
            # A new scan for each batch: as if each were read on another night.
            batch = next(iter(store.scan_from(name, columns, after=after, batch=100)), None)
            if batch is None:
                break
            _must(0 < len(batch.rows) <= 100, "batches keep to their size")  # noqa: PLR2004 - the size asked for
            _must(bool(batch.at), "a place to go on from is told")
            rows += batch.rows
            after = batch.at
        _must(_sorted(rows) == _sorted(CONTENT[name]), "the parts of a scan are the whole")
        whole = [row for part in store.scan_from(name, columns, batch=100) for row in part.rows]
        _must(_sorted(whole) == _sorted(CONTENT[name]), "one scan in parts is the whole")
    first = next(iter(store.scan_from("person", ["id"], batch=100)))
    _must(first.at not in repr(first), "a place, which may hold a key, is not shown")
    other = "Order Details"
    _refuses(lambda: list(store.scan_from(other, ["id"], after=first.at)), "another's place")
    _refuses(lambda: list(store.scan_from("person", ["id"], after="nowhere")), "no place at all")


def _contains(store: Contains) -> None:
    there = [row[1] for row in CONTENT["person"][:7]]
    asked = [*there, "nobody@example.com", there[0]]
    _must(store.contained("person", "email", asked) == len(there), "values are looked up")
    _must(store.contained("person", "id", [0, 500, 501]) == 2, "numbers are looked up")  # noqa: PLR2004 - two of the three
    _must(store.contained("nobody", "id", [0]) == 0, "nothing is in an empty dataset")
    # Values of another type are no reason to fail: whoever asks has them from elsewhere.
    _must(store.contained("person", "id", ["x", b"x", 2**70, None, 1.5]) == 0, "no such number")


def _sorted(rows: Iterable[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    return sorted(rows, key=repr)


def _refuses(act: object, what: str) -> None:
    try:
        if callable(act):
            act()
    except KeptError:
        return
    raise ContractBrokenError(f"{what} was not refused")


def _must(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ContractBrokenError(what)
