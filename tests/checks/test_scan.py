from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks import scan as scan_module
from kept.checks.populated import Populated, PopulatedRows
from kept.checks.port import Columns
from kept.checks.scan import Scan
from kept.connectors.errors import StoreDeniedError, StoreUnreachableError
from kept.errors import KeptError
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.testing.memory_store import MemoryStore

ORDERS, NOTES = DatasetId("app", "orders"), DatasetId("app", "notes")


class Seen:
    """Remembers what it was shown."""

    def __init__(self, dataset: DatasetId, *fields: str) -> None:
        self.dataset, self.fields = dataset, fields
        self.columns: list[list[Value]] = [[] for _ in fields]
        self.batches = 0

    def observe(self, columns: Columns) -> None:
        self.batches += 1
        for whole, part in zip(self.columns, columns, strict=True):
            whole.extend(part)


class Counting(MemoryStore):
    """Counts scans and can fail after some batches."""

    scans = 0
    error: KeptError | None = None
    closed = 0

    def scan(
        self, dataset: str, fields: Sequence[str], *, batch: int = 5_000
    ) -> Iterator[list[tuple[Value, ...]]]:
        del batch
        self.scans += 1
        try:
            for number, rows in enumerate(super().scan(dataset, fields, batch=2)):
                if self.error is not None and number == 1:
                    raise self.error
                yield rows
        finally:
            self.closed += 1


def store(rows: int = 5) -> Counting:
    content = {"orders": [(n, f"note {n}") for n in range(rows)], "notes": [(1, "x")]}
    return Counting("app", {"orders": ("id", "note"), "notes": ("id", "text")}, content)


def test_one_scan_serves_every_observer_of_a_dataset_each_in_its_own_order() -> None:
    app = store()
    one, two, three = Seen(ORDERS, "note", "id"), Seen(ORDERS, "id"), Seen(NOTES, "text")
    read = Scan(stores={"app": app}).show([one, two, three])
    assert app.scans == 2
    assert one.columns == [[f"note {n}" for n in range(5)], list(range(5))]
    assert two.columns == [list(range(5))]
    assert three.columns == [["x"]]
    assert (read[ORDERS].rows, read[ORDERS].read, read[ORDERS].gap) == (5, 5, None)


@pytest.mark.parametrize("budget", [0, 1, 3, 4])
def test_a_row_budget_reads_no_more_and_says_how_much_is_missing(budget: int) -> None:
    app, seen = store(), Seen(ORDERS, "id")
    read = Scan(stores={"app": app}, row_budget=budget).show([seen])[ORDERS]
    assert seen.columns == [list(range(budget))]
    assert (read.rows, read.read) == (5, budget)
    assert read.gap is not None
    assert f"{budget * 20} %" in read.gap.reason
    assert app.closed == app.scans


def test_a_budget_that_suffices_leaves_no_gap() -> None:
    assert (
        Scan(stores={"app": store()}, row_budget=5).show([Seen(ORDERS, "id")])[ORDERS].gap is None
    )


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (StoreUnreachableError("gone"), "did not answer (stores.unreachable)"),
        (StoreDeniedError("no"), "refused to be read (stores.denied)"),
    ],
)
def test_a_store_that_fails_in_the_middle_is_a_gap_and_the_others_are_read(
    error: KeptError, says: str
) -> None:
    app = store()
    app.error = error
    other = MemoryStore("crm", {"people": ("id",)}, {"people": [(1,)]})
    people = Seen(DatasetId("crm", "people"), "id")
    read = Scan(stores={"app": app, "crm": other}).show([Seen(ORDERS, "id"), people])
    gap = read[ORDERS].gap
    assert gap is not None
    assert says in gap.reason
    assert read[ORDERS].read == 2
    assert people.columns == [[1]]


class SeenInPart(Seen):
    """Wants no more than a part."""

    in_part = True


def test_those_who_want_a_part_see_no_more_and_the_others_see_every_row() -> None:
    app, part, whole = store(), SeenInPart(ORDERS, "note"), Seen(ORDERS, "id")
    for rows, scans in (({ORDERS: 5}, 2), ({}, 3)):
        read = Scan(stores={"app": app}, part=3, rows=rows).show([part, whole])[ORDERS]
        assert app.scans == scans
        assert part.columns[0][-3:] == ["note 0", "note 1", "note 2"]
        assert whole.columns[0][-5:] == [0, 1, 2, 3, 4]
        assert (read.rows, read.read, read.seen, read.gap, read.whole) == (5, 5, 3, None, False)


@pytest.mark.parametrize("believed", [0, 2, 5])
def test_how_much_was_seen_is_told_of_the_rows_there_are_and_not_of_an_estimate(
    believed: int,
) -> None:
    part = SeenInPart(ORDERS, "note")
    scan = Scan(stores={"app": store()}, part=3, rows={ORDERS: believed})
    read = scan.show([part])[ORDERS]
    assert (read.rows, read.seen, read.whole) == (5, 3, False)
    assert Scan(stores={"app": store()}, part=5).show([part])[ORDERS].whole


def test_a_part_ends_early_where_its_values_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "VOLUME", 12)
    part = SeenInPart(ORDERS, "note")
    read = Scan(stores={"app": store()}).show([part])[ORDERS]
    assert (read.rows, read.seen, read.whole) == (5, 2, False)


def test_a_value_that_is_longer_than_what_is_read_leaves_the_reading_incomplete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scan_module, "LONGEST", 5)
    read = Scan(stores={"app": store()}).show([SeenInPart(ORDERS, "note")])[ORDERS]
    assert (read.rows, read.seen, read.cut, read.whole) == (5, 5, 5, False)


def test_a_dataset_that_nothing_reads_is_a_gap() -> None:
    read = Scan(stores={}).show([Seen(ORDERS, "id")])
    assert read[ORDERS].gap is not None


def test_progress_is_told_what_was_read() -> None:
    told: list[tuple[str, int]] = []
    scan = Scan(
        stores={"app": store()}, progress=lambda dataset, rows: told.append((str(dataset), rows))
    )
    scan.show([Seen(ORDERS, "id")])
    assert told == [("app.orders", 2), ("app.orders", 4), ("app.orders", 5)]


@given(st.lists(st.tuples(st.sampled_from([None, "", " ", "a", 0]), st.sampled_from([None, "b"]))))
def test_rows_are_populated_where_any_field_holds_something(
    rows: list[tuple[Value, Value]],
) -> None:
    one, both = Populated(ORDERS, "x"), PopulatedRows(ORDERS, ("x", "y"))
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    one.observe(columns[:1])
    both.observe(columns)
    assert one.rows == sum(row[0] in ("a", 0) for row in rows)
    assert both.rows == sum(row[0] in ("a", 0) or row[1] == "b" for row in rows)
