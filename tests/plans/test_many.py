"""Many people at once: the same as one after the other, and nobody stops anybody else."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from databases import Database
from worlds import World, quoted

from kept.connectors.sql import erase_all
from kept.connectors.sql.locate_all import can_be_shared
from kept.connectors.sql.store import SqlStore
from kept.errors import RefusedError
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Done, Reading, Who
from kept.plans.errors import IdentityAmbiguousError, RowsOfTwoError
from kept.plans.plan import StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

TODAY = date(2026, 11, 22)
SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT NOT NULL, phone TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
                     note TEXT);
CREATE TABLE transfer (id INTEGER PRIMARY KEY, giver INTEGER, taker INTEGER, note TEXT);
CREATE TABLE letters (id INTEGER PRIMARY KEY, mail TEXT);
CREATE INDEX by_mail ON letters (mail);
INSERT INTO customer VALUES (0, 'a@example.com', 'A', '1'), (1, 'B@example.com', 'B', '2'),
  (2, 'c@example.com', 'C', '3'), (3, 'd@example.com', 'D', '4'), (4, 'd@example.com', 'E', '5'),
  (5, 'stays@example.com', 'F', '6');
INSERT INTO orders VALUES (1, 0, 'a'), (2, 0, 'a'), (3, 1, 'b'), (4, 2, 'c'), (5, 5, 'f'),
  (6, NULL, 'nobody');
INSERT INTO transfer VALUES (1, 0, 0, 'own'), (2, 2, 5, 'of two');
INSERT INTO letters VALUES (1, 'A@EXAMPLE.com'), (2, ' b@example.com'), (3, 'stays@example.com');
"""
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "blank"
identity = {{ email = "email" }}
[stores.app.datasets.customer.fields]
name = {{ categories = ["user.name"] }}
phone = {{ categories = ["user.contact.phone_number"] }}
[stores.app.datasets.orders]
state = "decided"
on_erasure = "{erasing}"
references = [{{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }}]
[stores.app.datasets.orders.fields]
note = {{ categories = ["user.content"] }}
[stores.app.datasets.transfer]
state = "decided"
on_erasure = "{erasing}"
references = [
  {{ fields = ["giver"], to = "customer(id)", whose = "owned" }},
  {{ fields = ["taker"], to = "customer(id)", whose = "owned" }},
]
[stores.app.datasets.transfer.fields]
note = {{ categories = ["user.content"] }}
[stores.app.datasets.letters]
state = "decided"
on_erasure = "delete"
identity = {{ mail = "email" }}
"""
ASKED = ("a@example.com", "b@example.com", "c@example.com", "D@example.com", "nobody@example.com",
         "A@example.com")  # fmt: skip


def _who(email: str) -> Who:
    return Who((Identifier(IdentifierKind.EMAIL, email),))


@pytest.mark.parametrize("erasing", ["blank", "delete"])
def test_one_person_s_refusal_stops_nobody_else(shop: Callable, erasing: str) -> None:
    made = shop(SQL, DATAMAP.format(erasing=erasing))
    part = made.plan(Right.ERASURE).parts[0]
    assert can_be_shared(part)
    told: list[int] = []
    results = made.store.erase_all(
        part,
        [(_who(email), f"request/{at}/app") for at, email in enumerate(ASKED)],
        today=TODAY,
        before_commit=told.extend,
    )
    kinds = [type(each) for each in results]
    # A row of two people, two people behind a mailbox, nobody, and somebody asked for twice.
    assert kinds == [Done, Done, RowsOfTwoError, IdentityAmbiguousError, Done, Done]
    assert [each.operation for each in results if isinstance(each, Done)] == [
        f"request/{at}/app" for at in (0, 1, 4, 5)
    ]
    assert sorted(told) == [0, 1, 4, 5]
    assert sum(each.located for each in results[0].counts) == 5
    assert sum(each.located for each in results[1].counts) == 3
    assert sum(each.located for each in results[4].counts) == 0
    customers = {row[0]: row for row in made.rows("customer")}
    assert [at for at, row in customers.items() if row[1] is None] == [0, 1]
    assert customers[2] == (2, "c@example.com", "C", "3")
    left = [row[0] for row in made.rows("orders") if row[2] not in {None, "erased"}]
    assert left == [4, 5, 6]
    assert [row[0] for row in made.rows("letters")] == [3]
    assert [row[3] for row in made.rows("transfer") if row[0] == 2] == ["of two"]
    for each in results:
        if isinstance(each, Done):
            assert made.store.left(each.touched) == 0


def test_one_transaction_takes_no_more_rows_than_it_may(
    shop: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erase_all, "MOST_ROWS", 5)
    made = shop(SQL, DATAMAP.format(erasing="delete"))
    part = made.plan(Right.ERASURE).parts[0]
    told: list[list[int]] = []
    people = [_who(email) for email in (ASKED[0], ASKED[1], ASKED[4])]
    results = made.store.erase_all(
        part,
        [(who, f"r/{at}") for at, who in enumerate(people)],
        today=TODAY,
        before_commit=lambda done: told.append(sorted(done)),
    )
    assert all(isinstance(each, Done) for each in results)
    assert told == [[0, 2], [1]]
    assert [row[0] for row in made.rows("letters")] == [3]


def test_many_answers_are_what_each_alone_would_be(shop: Callable) -> None:
    made = shop(SQL, DATAMAP.format(erasing="blank"))
    part = made.plan_for_access()
    people = [_who(email) for email in ASKED]
    for who, together in zip(people, made.store.read_all(part, people), strict=True):
        assert _answer(together) == _answer(_alone(made.store, part, who))


def _alone(store: SqlStore, part: StorePart, who: Who) -> Reading | RefusedError:
    try:
        return store.read(part, who)
    except RefusedError as refused:
        return refused


def _answer(reading: Reading | RefusedError) -> object:
    if isinstance(reading, RefusedError):
        return type(reading), str(reading)
    records = sorted((str(each.dataset), sorted(each.values.items(), key=repr), each.shared)
                     for each in reading.records)  # fmt: skip
    return records, reading.counts, reading.remarks, reading.marks, reading.others


def test_statements_are_shared(shop: Callable) -> None:
    from sqlalchemy import event

    made = shop(SQL, DATAMAP.format(erasing="blank"))
    part = made.plan_for_access()
    made.store.read_all(part, [_who("a@example.com"), _who("b@example.com")])
    asked: list[str] = []
    engine = made.store.sql._engine(writes=False)
    event.listen(engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    counts = []
    for emails in (ASKED[:2], (*ASKED[:2], ASKED[4])):
        asked.clear()
        made.store.read_all(part, [_who(email) for email in emails])
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_random_people_at_once_are_what_they_are_one_after_the_other(
    base: Callable[[], Database], engine: str
) -> None:
    made: Counter[str] = Counter()
    one, all_ = base(), base()
    for seed in range(400):
        world = World(seed, engine)
        if world.history is not None or world.made["cascade"]:
            continue
        world.elsewhere = []
        for each in (one, all_):
            each.empty()
            world.write(each)
        store, part = _planned(world, all_)
        if not can_be_shared(part):
            made["not shared"] += 1
            continue
        people = [_who(f"p{at}@example.com") for at in range(len(world.root.rows))]
        together = store.erase_all(
            part, [(who, f"r/{at}") for at, who in enumerate(people)], today=TODAY
        )
        alone, its = _planned(world, one)
        for at, who in enumerate(people):
            done = _erased(alone, its, who, f"r/{at}")
            made["done" if isinstance(done, Done) else "refused"] += 1
            assert type(together[at]) is type(done), (seed, together[at])
            assert getattr(together[at], "counts", ()) == getattr(done, "counts", ()), seed
        assert _shape(world, all_) == _shape(world, one), seed
        if made["done"] > 60:
            break
    assert made["done"]
    assert made["refused"]


def _erased(store: SqlStore, part: StorePart, who: Who, operation: str) -> Done | RefusedError:
    try:
        return store.erase(part, who, operation=operation, today=TODAY)
    except RefusedError as refused:
        return refused


def _planned(world: World, base: Database) -> tuple[SqlStore, StorePart]:
    store = SqlStore("app", base.url)
    catalog = store.catalog()
    datamap = parse_datamap(world.datamap({}))
    inventory = inventory_of([catalog], datamap, classifies=lambda *_: {})
    return store, plan(Right.ERASURE, inventory, [catalog]).parts[0]


def _shape(world: World, base: Database) -> dict[str, list[str]]:
    """Return every table, with what was written for each row alone told by its kind."""
    return {
        made.name: sorted(
            repr(tuple("made" if "erased-" in str(value) or "invalid" in str(value) else value
                       for value in row))
            for row in base.query(f"SELECT * FROM {quoted(made.name)}")
        )
        for made in world.tables
    }  # fmt: skip
