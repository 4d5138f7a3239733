import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.dataset import DatasetId
from kept.rights.hold import HeldField, Hold, value_hash
from kept.rights.request import RequestState
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

Office = Any
AT = datetime(2026, 8, 31, 9, 0, tzinfo=UTC)

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, phone TEXT, name TEXT);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
                     product TEXT, body TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', '+4930111', 'Ana Silva'),
                            (2, 'bo@example.com', '+4930222', 'Bo'), (3, 'cy@example.com', '+4930333', 'Cy');
INSERT INTO ticket VALUES (1, 1, 'kettle', 'broke'), (2, 1, 'iron', 'late'), (3, 2, 'iron', 'hot'),
                          (4, 3, 'iron', 'cold');
"""
SHOP_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email", phone = "phone" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.ticket.fields]
body = { categories = ["user.content"] }
"""
TICKETS = DatasetId("app", "ticket")


@pytest.fixture
def shop(office: Callable[..., Office]) -> Office:
    return office({"app": SHOP}, SHOP_MAP)


def hold(shop: Office, *, datasets: tuple[DatasetId, ...] = (), row: str = "", **who: str) -> None:
    holds = shop.company().holds
    holds.add(
        Hold(
            id=f"h{len(holds.listed())}",
            reason="product liability case",
            source="case 7 O 12/26",
            since=AT + timedelta(hours=1),
            people=frozenset(
                holds.hashes.identifier(Identifier(IdentifierKind(kind), value))
                for kind, value in who.items()
            ),
            datasets=datasets,
            rows=(
                HeldField(
                    name="product", digest=value_hash(holds.hashes, datasets[0], "product", row)
                ),
            )
            if row
            else (),
            added_at=AT + timedelta(hours=1),
        )
    )


def test_everything_of_a_person_under_a_hold_stays_and_the_person_is_told_why(shop: Office) -> None:
    hold(shop, email="ANA@example.com")
    before = shop.rows("app", "customer"), shop.rows("app", "ticket")
    outcome = shop.ask(Right.ERASURE, email="ana@example.com")
    assert (shop.rows("app", "customer"), shop.rows("app", "ticket")) == before
    assert outcome.request.state is RequestState.REQUIRES_ACTION
    assert {
        (kept.count, kept.reason, kept.source) for each in outcome.counts for kept in each.retained
    } == {
        (1, "legal hold: product liability case", "case 7 O 12/26"),
        (2, "legal hold: product liability case", "case 7 O 12/26"),
    }
    assert {(each.dataset, each.action) for each in outcome.tasks} == {
        ("customer", "erase-after-hold"),
        ("ticket", "erase-after-hold"),
    }


def test_a_hold_by_another_identifier_of_the_same_person_counts(shop: Office) -> None:
    hold(shop, phone="+49 30 111")
    before = shop.rows("app", "customer")
    assert shop.ask(Right.ERASURE, email="ana@example.com").tasks
    assert shop.rows("app", "customer") == before


def test_a_hold_on_one_dataset_lets_the_rest_go(shop: Office) -> None:
    hold(shop, datasets=(TICKETS,))
    outcome = shop.ask(Right.ERASURE, email="ana@example.com")
    # The customer is blanked: tickets that stay refer to it.
    assert shop.rows("app", "customer")[0] == (1, None, None, None)
    assert shop.rows("app", "ticket")[:2] == [(1, 1, "kettle", "broke"), (2, 1, "iron", "late")]
    assert outcome.request.state is RequestState.REQUIRES_ACTION


def test_a_hold_by_what_rows_hold_keeps_only_who_has_such_a_row(shop: Office) -> None:
    hold(shop, datasets=(TICKETS,), row="kettle")
    assert shop.ask(Right.ERASURE, email="ana@example.com").tasks
    assert len([row for row in shop.rows("app", "ticket") if row[1] == 1]) == 2
    assert shop.ask(Right.ERASURE, email="bo@example.com").request.state is RequestState.FULFILLED
    assert [row[0] for row in shop.rows("app", "ticket")] == [1, 2, 4]


def test_a_hold_added_in_the_middle_of_a_batch_keeps_who_comes_after(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shop.ask(Right.ERASURE, email="bo@example.com")
    real = SqlStore.erase

    def added_once_it_runs(self: SqlStore, *values: object, **named: object) -> object:
        # The plan is made, nothing is held: now the hold comes, before anything is written.
        if not shop.company().holds.listed():
            hold(shop, email="ana@example.com")
        return real(self, *values, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(SqlStore, "erase", added_once_it_runs)
    ana = shop.ask(Right.ERASURE, email="ana@example.com")
    last = shop.ask(Right.ERASURE, email="cy@example.com")
    assert [each.request.state for each in (first, ana, last)] == [
        RequestState.FULFILLED,
        RequestState.REQUIRES_ACTION,
        RequestState.FULFILLED,
    ]
    assert [row[0] for row in shop.rows("app", "customer")] == [1]
    assert [row[0] for row in shop.rows("app", "ticket")] == [1, 2]


def test_an_ended_hold_holds_nothing(shop: Office) -> None:
    hold(shop, email="ana@example.com")
    shop.company().holds.end("h0", AT)
    assert shop.ask(Right.ERASURE, email="ana@example.com").request.state is RequestState.FULFILLED
    assert [row[0] for row in shop.rows("app", "customer")] == [2, 3]


def test_no_identifier_of_a_hold_is_kept_in_clear(shop: Office) -> None:
    hold(shop, datasets=(TICKETS,), row="kettle", email="ana@example.com", phone="+4930111")
    with closing(sqlite3.connect(shop.folder / ".kept" / "kept.sqlite")) as connection:
        text = "\n".join(connection.iterdump())
    for value in ("ana@", "kettle", "4930111"):
        assert value not in text
