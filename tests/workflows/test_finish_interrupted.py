# ruff: noqa: ANN401 - what stands for any port takes and returns anything
import json
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kept.connectors.errors import StoreUnreachableError
from kept.evidence.entry import Entry
from kept.evidence.receipt import read_receipt, verify
from kept.plans.errors import IdentityUnknownError
from kept.rights.request import RequestState
from kept.storage.errors import DatabaseReadOnlyError
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, answer_request, plan_for
from kept.workflows.finish_interrupted import Ending, Finished, finish_interrupted
from kept.workflows.request_closing import ErasureUnfinishedError

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), body TEXT);
INSERT INTO customer VALUES (1, 'bo@example.com', 'Bo'), (2, 'ana@example.com', 'Ana Silva');
INSERT INTO ticket VALUES (1, 1, 'mine'), (2, 2, 'hers'), (3, 2, '');
"""
SHOP_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.ticket.fields]
body = { categories = ["user.content"] }
"""
CRM = """
CREATE TABLE contact (id INTEGER PRIMARY KEY, mail TEXT, full_name TEXT);
INSERT INTO contact VALUES (7, 'ana@example.com', 'Silva, Ana'), (8, 'bo@example.com', 'Bo');
"""
CRM_MAP = """
[stores.crm.datasets.contact]
state = "decided"
on_erasure = "delete"
identity = { mail = "email" }
[stores.crm.datasets.contact.fields]
full_name = { categories = ["user.name"] }
"""
ANA = (Identifier(IdentifierKind.EMAIL, "ana@example.com"),)


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


class Dying:
    """A port of which one method does not come back."""

    def __init__(self, port: object, method: str, error: BaseException, *, after: bool) -> None:
        self._port, self._method, self._error, self._after = port, method, error, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._method:
            return found

        def dies(*values: object, **named: object) -> object:
            if self._after:
                found(*values, **named)
            raise self._error

        return dies


class Uncommitted:
    """A store whose process ends just before it commits."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def erase(self, *values: object, before_commit: Callable[..., None], **named: object) -> object:
        def noted(done: object) -> None:
            before_commit(done)
            raise Killed

        return self._store.erase(*values, before_commit=noted, **named)


class CommittedOnly:
    """A store whose process ends just after it committed, before anybody is told."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def erase(self, *values: object, **named: object) -> object:
        self._store.erase(*values, **named)
        raise Killed


def erase(made: Any, error: type[BaseException] = Killed, **ports: object) -> None:
    company = made.company()
    stores = {**company.ports().stores, **ports.pop("stores", {})}  # type: ignore[dict-item] - stores
    asked = Asked(id="r", right=Right.ERASURE, identifiers=ANA, received_at=company.now)
    with pytest.raises(error):
        answer_request(
            replace(company.ports(), stores=stores, **ports),  # type: ignore[arg-type] - fakes
            company.desk(),
            asked,
        )


def finished(made: Any, **ports: object) -> tuple[Finished, ...]:
    company = made.company()
    return finish_interrupted(replace(company.ports(), **ports), company.now)  # type: ignore[arg-type] - fakes


def known(made: Any) -> int:
    company = made.company()
    suppression = company.suppression
    digests = [
        suppression.identifier(ANA[0]),
        suppression.row("app", "customer", (2,)),
        suppression.row("app", "ticket", (2,)),
    ]
    return len(company.erasures.known(digests))


def require_complete(made: Any) -> None:
    company = made.company()
    request = company.requests.load("r")
    assert request.state is RequestState.FULFILLED
    assert verify(read_receipt(json.dumps(request.receipt)), company.vault.public_key()).ok
    assert {each["dataset"]: each["erased"] for each in request.result["datasets"]} == {
        "customer": 1,
        "ticket": 2,
    }
    assert known(made) == 3
    assert company.intents.waiting() == ()
    assert company.vault.known_secret("intent/r") is None
    assert company.verify_log().ok


def no_name_in_our_state(folder: Path) -> None:
    for path in (folder / ".kept").rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            assert b"ana@" not in content, path.name
            assert b"silva" not in content, path.name


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("port", "method"), [("log", "append"), ("erasures", "record")])
def test_an_erasure_killed_after_its_commit_is_finished_by_whoever_comes_next(
    office: Callable, tmp_path: Path, port: str, method: str, *, after: bool
) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(
        made, **{port: Dying(getattr(made.company().ports(), port), method, Killed(), after=after)}
    )
    assert len(made.rows("app", "customer")) == 1
    no_name_in_our_state(tmp_path)
    assert made.company().requests.load("r").state is RequestState.ACCEPTED
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)
    entries = len(list(made.company().log.entries()))
    assert finished(made) == ()
    assert len(list(made.company().log.entries())) == entries


def test_rows_that_are_gone_are_confirmed_by_asking_the_store(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": CommittedOnly(made.company().stores["app"])})
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)
    remarks = made.company().requests.load("r").result["remarks"]
    assert "confirmed-by-verification" in {each["code"] for each in remarks}


def test_an_erasure_killed_before_its_commit_can_be_run_again(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": Uncommitted(made.company().stores["app"])})
    assert len(made.rows("app", "customer")) == 2
    assert [each.ending for each in finished(made)] == [Ending.NOT_STARTED]
    company = made.company()
    request = company.requests.load("r")
    assert (request.state, request.receipt) == (RequestState.ACTION_DELAYED, None)
    assert (known(made), company.intents.waiting()) == (0, ())
    assert made.ask(Right.ERASURE, email="ana@example.com").request.state is RequestState.FULFILLED


@pytest.mark.parametrize("wrap", [Uncommitted, CommittedOnly])
def test_notes_that_come_back_without_their_key_after_the_end_are_dropped(
    office: Callable, wrap: Callable[[object], object]
) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": wrap(made.company().stores["app"])})
    path = made.folder / ".kept" / "intents" / "r.intent"
    notes = path.read_bytes()
    assert len(finished(made)) == 1
    path.write_bytes(notes)
    assert finished(made) == ()
    assert made.company().intents.waiting() == ()


def test_our_database_that_fails_after_the_commit_is_no_refusal(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    log = Dying(made.company().log, "append", DatabaseReadOnlyError("read-only"), after=False)
    erase(made, ErasureUnfinishedError, log=log)
    assert [each.ending for each in finished(made, log=log)] == [Ending.WAITING]
    assert made.company().intents.waiting() == ("r",)
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)


def test_a_database_that_is_read_only_after_the_commit_loses_nothing(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    company = made.company()

    class ThenReadOnly(CommittedOnly):
        def erase(self, *values: object, **named: object) -> object:
            done = self._store.erase(*values, **named)
            with company.database.reading() as cursor:
                cursor.execute("PRAGMA query_only = ON")
            return done

    asked = Asked(id="r", right=Right.ERASURE, identifiers=ANA, received_at=company.now)
    ports = replace(company.ports(), stores={"app": ThenReadOnly(company.stores["app"])})
    with pytest.raises(ErasureUnfinishedError, match="read-only"):
        answer_request(ports, company.desk(), asked)
    assert [each.ending for each in finished(made)] == [Ending.WAITING]
    with company.database.reading() as cursor:
        cursor.execute("PRAGMA query_only = OFF")
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)


def test_a_key_that_was_given_out_again_is_not_the_erased_row(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": CommittedOnly(made.company().stores["app"])})
    with closing(sqlite3.connect(made.path("app"))) as connection, connection:
        connection.execute("INSERT INTO customer VALUES (2, 'zoe@example.com', 'Zoe')")
        connection.execute("INSERT INTO ticket VALUES (2, 2, 'new')")
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)


def test_a_row_that_changed_meanwhile_is_not_called_erased(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": Uncommitted(made.company().stores["app"])})
    with closing(sqlite3.connect(made.path("app"))) as connection, connection:
        connection.execute("UPDATE customer SET name = 'Ana Souza' WHERE id = 2")
    assert [each.ending for each in finished(made)] == [Ending.NOT_STARTED]


@pytest.mark.parametrize("wrap", [Uncommitted, CommittedOnly])
def test_blanked_rows_are_told_from_rows_that_were_empty_before(
    office: Callable, wrap: Callable[[object], object]
) -> None:
    made = office({"app": SHOP}, SHOP_MAP.replace('"delete"', '"blank"'))
    erase(made, stores={"app": wrap(made.company().stores["app"])})
    ending = Ending.NOT_STARTED if wrap is Uncommitted else Ending.FINISHED
    assert [each.ending for each in finished(made)] == [ending]
    assert known(made) == (0 if wrap is Uncommitted else 3)


@pytest.mark.parametrize("wrap", [Uncommitted, CommittedOnly])
def test_of_two_stores_one_that_did_nothing_is_never_called_done(
    office: Callable, wrap: Callable[[object], object]
) -> None:
    made = office({"app": SHOP, "crm": CRM}, SHOP_MAP + CRM_MAP)
    order = [part.store for part in plan_for(Right.ERASURE, made.company().mapped()).parts]
    last = order[-1]
    erase(made, stores={last: wrap(made.company().stores[last])})
    company = made.company()
    if wrap is CommittedOnly:
        assert [each.ending for each in finished(made)] == [Ending.FINISHED]
        assert company.requests.load("r").state is RequestState.FULFILLED
    else:
        assert [each.ending for each in finished(made)] == [Ending.PARTIAL]
        request = company.requests.load("r")
        assert request.state is RequestState.ACTION_DELAYED
        assert request.result["failures"] == [{"store": last, "code": "requests.interrupted"}]
        assert {each["store"] for each in request.result["datasets"]} == {order[0]}
        again = made.ask(Right.ERASURE, email="ana@example.com")
        assert again.request.state is RequestState.FULFILLED
    assert company.verify_log().ok


def test_while_a_store_cannot_be_asked_nothing_is_settled(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    store = made.company().stores["app"]
    erase(made, stores={"app": CommittedOnly(store)})
    away = Dying(store, "left", StoreUnreachableError("away"), after=False)
    assert [each.ending for each in finished(made, stores={"app": away})] == [Ending.WAITING]
    assert [each.ending for each in finished(made, stores={})] == [Ending.WAITING]
    assert known(made) == 0
    assert [each.ending for each in finished(made)] == [Ending.FINISHED]
    require_complete(made)


def test_an_erasure_that_is_running_is_not_taken_for_interrupted(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    company = made.company()
    met: list[object] = []

    class Looking:
        def __getattr__(self, name: str) -> Any:
            return getattr(company.log, name)

        def append(self, entries: Sequence[Entry], at: datetime) -> object:
            met.append((made.company().intents.waiting(), finished(made)))
            return company.log.append(entries, at)

    asked = Asked(id="r", right=Right.ERASURE, identifiers=ANA, received_at=company.now)
    ports = replace(company.ports(), log=Looking())  # type: ignore[arg-type] - a fake
    outcome = answer_request(ports, company.desk(), asked)
    assert outcome.request.state is RequestState.FULFILLED
    assert met == [(("r",), ())]
    require_complete(made)


def test_of_many_that_finish_at_once_one_does(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": CommittedOnly(made.company().stores["app"])})
    made.company().log.head()
    with ThreadPoolExecutor(4) as pool:
        found = [each for run in pool.map(lambda _: finished(made), range(4)) for each in run]
    assert [each.ending for each in found] == [Ending.FINISHED]
    require_complete(made)


def test_a_finish_that_is_killed_is_finished_by_the_next(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    erase(made, stores={"app": CommittedOnly(made.company().stores["app"])})
    for port, method in (("erasures", "record"), ("log", "append"), ("requests", "save")):
        real = getattr(made.company().ports(), port)
        with pytest.raises(Killed):
            finished(made, **{port: Dying(real, method, Killed(), after=True)})
    finished(made)
    require_complete(made)


def test_a_request_without_an_erasure_leaves_no_notes(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    made.ask(Right.ACCESS, email="ana@example.com")
    with pytest.raises(IdentityUnknownError):
        made.ask(Right.ERASURE, email="nobody@example.com")
    assert made.ask(Right.ERASURE, email="ana@example.com").request.closed_at
    assert made.company().intents.waiting() == ()
    assert not list((made.folder / ".kept" / "keys" / "secrets" / "intent").glob("*"))
