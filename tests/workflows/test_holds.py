import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kept.connectors.sql.store import SqlStore
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, ErasesMany, Who
from kept.rights.hold import HeldField, Hold, value_hash
from kept.rights.request import RequestState
from kept.storage.errors import HoldKeyLostError
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import plan_for
from kept.workflows.request_holds import HeldMeanwhileError, Holding

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


def test_in_a_batch_of_shared_statements_only_who_is_held_is_taken_back(shop: Office) -> None:
    company = shop.company()
    planned = plan_for(Right.ERASURE, company.mapped())
    (part,) = planned.parts
    mails = ("ana@example.com", "bo@example.com", "cy@example.com")
    people = [(Identifier(IdentifierKind.EMAIL, each),) for each in mails]
    holdings = [Holding(company.holds, each, AT) for each in people]
    hold(shop, email="bo@example.com")

    def check(done: Mapping[int, Done]) -> None:
        for at, each in done.items():
            holdings[at].look(planned, lambda at=at: (store.read(part, Who(people[at])),))
            holdings[at].check(each)

    store = company.answering["app"]
    assert isinstance(store, ErasesMany)
    ended = store.erase_all(
        part,
        [(Who(each), f"batch/{at}") for at, each in enumerate(people)],
        today=AT.date(),
        before_commit=check,
    )
    assert [isinstance(each, HeldMeanwhileError) for each in ended] == [False, True, False]
    assert [row[0] for row in shop.rows("app", "customer")] == [2]
    assert [row[0] for row in shop.rows("app", "ticket")] == [3]


def test_a_new_hold_waits_for_a_commit_that_has_begun(shop: Office) -> None:
    holds = shop.company().holds
    added = threading.Event()

    def add() -> None:
        hold(shop, email="ana@example.com")
        added.set()

    with holds.committing():
        adding = threading.Thread(target=add)
        adding.start()
        assert not added.wait(0.3)
        assert holds.standing(AT) == ()
    assert added.wait(10)
    adding.join()
    assert len(holds.standing(AT)) == 1


def test_a_hold_of_the_future_holds_nothing_yet(shop: Office) -> None:
    holds = shop.company().holds
    later = AT + timedelta(days=30)
    holds.add(
        Hold(
            id="later",
            reason="audit",
            source="AO 147",
            since=later,
            datasets=(TICKETS,),
            added_at=AT,
        )
    )
    assert shop.ask(Right.ERASURE, email="ana@example.com").request.state is RequestState.FULFILLED
    assert shop.ask(Right.ERASURE, later, email="bo@example.com").tasks


def test_holds_under_a_lost_key_stop_every_erasure(shop: Office) -> None:
    hold(shop, email="ana@example.com")
    for path in (shop.folder / ".kept" / "keys").rglob("holds*"):
        path.unlink()
    with pytest.raises(HoldKeyLostError):
        shop.ask(Right.ERASURE, email="ana@example.com")
    assert len(shop.rows("app", "customer")) == 3


def test_rows_that_hold_nothing_personal_are_held_too(office: Callable[..., Office]) -> None:
    parts = "CREATE TABLE part (id INTEGER PRIMARY KEY, ticket_id INTEGER REFERENCES ticket(id), n INTEGER);"
    shop = office(
        {"app": f"{SHOP}{parts} INSERT INTO part VALUES (1, 1, 7), (2, 3, 8);"},
        f'{SHOP_MAP}[stores.app.datasets.part]\nstate = "decided"\non_erasure = "delete"\n'
        'references = [{ fields = ["ticket_id"], to = "ticket(id)", whose = "owned" }]\n',
    )
    hold(shop, email="ana@example.com")
    assert shop.ask(Right.ERASURE, email="ana@example.com").tasks
    assert len(shop.rows("app", "part")) == 2
    hold(shop, datasets=(DatasetId("app", "part"),))
    assert shop.ask(Right.ERASURE, email="bo@example.com").tasks
    assert len(shop.rows("app", "part")) == 2
