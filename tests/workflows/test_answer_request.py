import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kept.connectors.errors import StoreLockedError
from kept.evidence.receipt import read_receipt, verify
from kept.plans.errors import (
    CatalogChangedError,
    IdentityAmbiguousError,
    IdentityUnknownError,
    IdentityUnusableError,
    UndecidedError,
)
from kept.plans.plan import RemarkCode
from kept.rights.request import RequestState
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, RightNotSupportedError, answer_request

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT, password TEXT);
CREATE TABLE agent (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
                     agent_id INTEGER REFERENCES agent(id), body TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana Silva', 'hunter2'),
                            (2, 'box@example.com', 'Bo', 'x'), (3, 'box@example.com', 'Cy', 'y');
INSERT INTO agent VALUES (9, 'Jane Peacock');
INSERT INTO ticket VALUES
  (1, 1, 9, 'Ana here (ana@example.com). My neighbour neighbour@example.com, +49 30 7654321, '
            || 'complained to Jane Peacock.');
"""
SHOP_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
password = { categories = ["user.authorization.password"] }
[stores.app.datasets.agent]
state = "decided"
about = "staff"
on_erasure = "blank"
identity = { name = "name" }
[stores.app.datasets.agent.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [
  { fields = ["customer_id"], to = "customer(id)", whose = "owned" },
  { fields = ["agent_id"], to = "agent(id)", whose = "referenced" },
]
[stores.app.datasets.ticket.fields]
body = { categories = ["user.content"] }
"""
CRM = """
CREATE TABLE contact (id INTEGER PRIMARY KEY, shop_id INTEGER, mail TEXT, full_name TEXT);
CREATE TABLE call (id INTEGER PRIMARY KEY, contact_id INTEGER, note TEXT);
CREATE TABLE login (id INTEGER PRIMARY KEY, customer INTEGER, ip TEXT);
INSERT INTO contact VALUES (7, 1, 'ANA@example.com', 'Silva, Ana'), (8, 2, 'bo@example.com', 'Bo');
INSERT INTO call VALUES (1, 7, 'asked'), (2, 8, 'asked');
INSERT INTO login VALUES (1, 1, '192.0.2.1'), (2, 2, '192.0.2.2');
"""
CRM_MAP = """
[stores.crm.datasets.contact]
state = "decided"
on_erasure = "delete"
identity = { mail = "email" }
[stores.crm.datasets.contact.fields]
full_name = { categories = ["user.name"] }
[stores.crm.datasets.call]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["contact_id"], to = "contact(id)", whose = "owned" }]
[stores.crm.datasets.login]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer"], to = "app:customer(id)", whose = "owned" }]
[stores.crm.datasets.login.fields]
ip = { categories = ["user.device.ip_address"] }
"""


def package(office: object, request: str) -> dict[str, object]:
    company = office.company()  # type: ignore[attr-defined] - an Office
    loaded: dict[str, object] = json.loads(company.packages.load(request, at=company.now))
    return loaded


def test_an_access_is_opened_answered_packed_and_receipted(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    outcome = made.ask(Right.ACCESS, email="Ana@example.com")
    request = outcome.request
    assert (request.state, request.due, request.law) == (
        RequestState.FULFILLED,
        date(2026, 9, 30),
        "eu-gdpr",
    )
    assert {each.dataset.name: each.located for each in outcome.counts} == {
        "customer": 1,
        "ticket": 1,
    }
    receipt = read_receipt(json.dumps(request.receipt))
    assert verify(receipt, made.company().vault.public_key()).ok
    assert made.company().verify_log().ok
    assert RemarkCode.OPERATOR_VOUCHED in {each.code for each in outcome.remarks}
    shown = outcome.to_json()
    assert shown["right"] == "access"
    assert shown["datasets"] == request.result["datasets"]


def test_an_answer_holds_no_secret_and_nobody_else(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    outcome = made.ask(Right.ACCESS, email="ana@example.com")
    text = json.dumps(package(made, outcome.request.id))
    assert "ana@example.com" in text
    for other in ("hunter2", "neighbour@example.com", "7654321", "Jane", "Peacock"):
        assert other not in text
    data = {
        datum["name"]: datum
        for group in json.loads(text)["groups"]
        for item in group["items"]
        for datum in item["data"]
    }
    assert data["password"]["withheld"]["code"] == "secret"
    assert data["agent_id"]["withheld"]["code"] == "another-person"
    assert {each["kind"] for each in data["body"]["redacted"]} == {"email", "phone number", "name"}
    assert "Ana here (ana@example.com)" in data["body"]["value"]


def test_an_erasure_is_remembered_by_hashes_that_find_the_person_again(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    outcome = made.ask(Right.ERASURE, email="ana@example.com")
    assert outcome.request.state is RequestState.FULFILLED
    company = made.company()
    suppression = company.suppression
    known = company.ports().erasures.known(  # type: ignore[attr-defined] - the real one
        [
            suppression.identifier(Identifier(IdentifierKind.EMAIL, " ANA@EXAMPLE.com")),
            suppression.row("app", "customer", (1,)),
            suppression.row("app", "customer", (2,)),
            suppression.identifier(Identifier(IdentifierKind.EMAIL, "box@example.com")),
        ]
    )
    assert len(known) == 2
    with pytest.raises(IdentityUnknownError):
        made.ask(Right.ERASURE, email="ana@example.com")


def test_no_identifier_reaches_our_own_database(office: Callable, tmp_path: Path) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    made.ask(Right.ACCESS, email="ana@example.com")
    made.ask(Right.ERASURE, email="ana@example.com")
    for path in (tmp_path / ".kept").rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            for planted in (b"ana@", b"silva", b"hunter2", b"neighbour"):
                assert planted not in content, path.name


def test_two_people_behind_one_mailbox_wait_with_the_clock_running(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    before = made.rows("app", "customer")
    with pytest.raises(IdentityAmbiguousError):
        made.ask(Right.ERASURE, email="box@example.com")
    (request,) = made.company().requests.listed()
    assert (request.state, request.due) == (RequestState.REQUIRES_ACTION, date(2026, 9, 30))
    assert request.result == {"refused": "plans.identity-ambiguous"}
    assert made.rows("app", "customer") == before


def test_an_undecided_map_delays_an_erasure_and_not_an_access(office: Callable) -> None:
    office({"app": SHOP}, SHOP_MAP)
    made = office({"more": "CREATE TABLE extra (id INTEGER PRIMARY KEY, email TEXT);"}, SHOP_MAP)
    config = made.config.read_text(encoding="utf-8")
    made.config.write_text(config + '[stores.app]\nurl = "sqlite:///app.sqlite"\n')
    with pytest.raises(UndecidedError, match=r"more\.extra"):
        made.ask(Right.ERASURE, email="ana@example.com")
    outcome = made.ask(Right.ACCESS, email="ana@example.com")
    assert "extra" in {
        each.dataset for each in outcome.remarks if each.code is RemarkCode.NOT_SEARCHED
    }
    states = {each.state for each in made.company().requests.listed()}
    assert states == {RequestState.ACTION_DELAYED, RequestState.FULFILLED}


def test_a_person_is_followed_from_one_store_into_another(office: Callable) -> None:
    made = office({"app": SHOP, "crm": CRM}, SHOP_MAP + CRM_MAP)
    outcome = made.ask(Right.ACCESS, email="ana@example.com")
    assert {str(each.dataset): each.located for each in outcome.counts} == {
        "app.customer": 1,
        "app.ticket": 1,
        "crm.call": 1,
        "crm.contact": 1,
        "crm.login": 1,
    }
    outcome = made.ask(Right.ERASURE, email="ana@example.com")
    assert outcome.request.state is RequestState.FULFILLED
    assert [row[0] for row in made.rows("crm", "login")] == [2]
    assert [row[0] for row in made.rows("crm", "contact")] == [8]
    assert [row[0] for row in made.rows("crm", "call")] == [2]
    assert [row[0] for row in made.rows("app", "customer")] == [2, 3]
    assert made.company().verify_log().ok


def test_a_store_that_fails_after_another_is_done_is_said_and_never_called_complete(
    office: Callable,
) -> None:
    made = office({"app": SHOP, "crm": CRM}, SHOP_MAP + CRM_MAP)
    company = made.company()
    ports = company.ports()
    store = company.stores["app"]

    class Locked:
        """The real store, whose erasure finds it locked."""

        sight, read, rehearse = store.sight, store.read, store.rehearse

        def erase(self, *_: object, **__: object) -> object:
            raise StoreLockedError("the store 'app' is locked by another program")

    ports = replace(ports, stores={**ports.stores, "app": Locked()})
    asked = Asked(
        id="r",
        right=Right.ERASURE,
        identifiers=(Identifier(IdentifierKind.EMAIL, "ana@example.com"),),
        received_at=company.now,
    )
    outcome = answer_request(ports, company.desk(), asked)
    assert outcome.request.state is RequestState.ACTION_DELAYED
    assert [(each.store, each.error.code) for each in outcome.failures] == [
        ("app", "stores.locked")
    ]
    assert [row[0] for row in made.rows("crm", "contact")] == [8]
    assert [row[0] for row in made.rows("app", "customer")] == [1, 2, 3]
    assert outcome.request.result["failures"] == [{"store": "app", "code": "stores.locked"}]


def test_nothing_starts_anywhere_while_one_store_would_refuse(office: Callable) -> None:
    trigger = "CREATE TRIGGER t BEFORE DELETE ON call BEGIN SELECT RAISE(ABORT, 'no'); END;"
    made = office({"app": SHOP, "crm": CRM + trigger}, SHOP_MAP + CRM_MAP)
    company = made.company()
    body = company.stores["crm"].catalog().table("call").triggers[0].body
    text = (made.folder / "datamap.toml").read_text(encoding="utf-8")
    reviewed = text.replace(
        "[stores.crm.datasets.call]",
        f'[stores.crm.datasets.call]\nreviewed_triggers = {{ t = "{body}" }}',
    )
    (made.folder / "datamap.toml").write_text(reviewed, encoding="utf-8")
    with pytest.raises(Exception, match="constraint"):
        made.ask(Right.ERASURE, email="ana@example.com")
    assert len(made.rows("app", "customer")) == 3
    assert len(made.rows("crm", "contact")) == 2


def test_a_structure_that_changes_once_is_planned_again(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    company = made.company()
    ports, looks = company.ports(), []

    def mapped() -> object:
        looks.append(1)
        seen = company.mapped()
        if len(looks) == 1:
            with closing(sqlite3.connect(made.path("app"))) as connection:
                connection.execute("ALTER TABLE ticket ADD COLUMN closed INTEGER")
        return seen

    asked = Asked(
        id="r",
        right=Right.ERASURE,
        identifiers=(Identifier(IdentifierKind.EMAIL, "ana@example.com"),),
        received_at=company.now,
    )
    outcome = answer_request(replace(ports, mapped=mapped), company.desk(), asked)
    assert outcome.request.state is RequestState.FULFILLED
    assert len(looks) == 2


def test_a_structure_that_keeps_changing_refuses(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    company = made.company()
    looks: list[int] = []

    def mapped() -> object:
        seen = company.mapped()
        looks.append(1)
        with closing(sqlite3.connect(made.path("app"))) as connection:
            connection.execute(f"ALTER TABLE ticket ADD COLUMN c{len(looks)} INTEGER")
        return seen

    asked = Asked(
        id="r",
        right=Right.ERASURE,
        identifiers=(Identifier(IdentifierKind.EMAIL, "ana@example.com"),),
        received_at=company.now,
    )
    with pytest.raises(CatalogChangedError):
        answer_request(replace(company.ports(), mapped=mapped), company.desk(), asked)
    assert len(made.rows("app", "customer")) == 3


def test_a_dataset_held_for_a_client_is_left_alone_and_passed_on(office: Callable) -> None:
    held = CRM_MAP.replace(
        '[stores.crm.datasets.contact]\nstate = "decided"',
        '[stores.crm.datasets.contact]\nstate = "decided"\nheld_as = "processor"\n'
        'client = "Client Ltd"',
    )
    made = office({"app": SHOP, "crm": CRM}, SHOP_MAP + held)
    outcome = made.ask(Right.ERASURE, email="ana@example.com")
    assert len(made.rows("crm", "contact")) == 2
    assert [(each.dataset, each.action) for each in outcome.tasks] == [
        # What refers only to the client's rows is ours, and nothing else leads to it.
        ("call", "search-by-hand"),
        ("contact", "pass-to-client"),
    ]
    assert outcome.request.state is RequestState.REQUIRES_ACTION


@pytest.mark.parametrize(
    ("identifiers", "error"),
    [
        ((), IdentityUnusableError),
        ((Identifier(IdentifierKind.EMAIL, "  "),), IdentityUnusableError),
        ((Identifier(IdentifierKind.NAME, "Ana"),), IdentityUnusableError),
    ],
)
def test_a_request_that_names_nobody_makes_no_row(
    office: Callable, identifiers: tuple[Identifier, ...], error: type[Exception]
) -> None:
    company = office({"app": SHOP}, SHOP_MAP).company()
    asked = Asked(id="r", right=Right.ACCESS, identifiers=identifiers, received_at=company.now)
    with pytest.raises(error):
        answer_request(company.ports(), company.desk(), asked)
    assert company.requests.listed() == ()


def test_an_identifier_that_no_dataset_is_searched_by_says_so(office: Callable) -> None:
    with pytest.raises(IdentityUnusableError, match="phone"):
        office({"app": SHOP}, SHOP_MAP).ask(Right.ACCESS, phone="+49 30 1")


def test_a_right_that_is_not_carried_out_yet_is_refused_clearly(office: Callable) -> None:
    company = office({"app": SHOP}, SHOP_MAP).company()
    asked = Asked(
        id="r",
        right=Right.PORTABILITY,
        identifiers=(Identifier(IdentifierKind.EMAIL, "a@example.com"),),
        received_at=company.now,
    )
    with pytest.raises(RightNotSupportedError, match="portability"):
        answer_request(company.ports(), company.desk(), asked)


def test_a_package_ends_after_thirty_days(office: Callable) -> None:
    made = office({"app": SHOP}, SHOP_MAP)
    outcome = made.ask(Right.ACCESS, email="ana@example.com")
    later = made.company().now + timedelta(days=31)
    with pytest.raises(Exception, match="time is over"):
        made.company().packages.load(outcome.request.id, at=later)


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE])
def test_a_request_is_not_fulfilled_while_rows_that_nothing_leads_to_are_left(
    office: Callable, right: Right
) -> None:
    sql = SHOP + "CREATE TABLE wish (id INTEGER PRIMARY KEY, text TEXT);"
    wish = (
        '\n[stores.app.datasets.wish]\nstate = "decided"\non_erasure = "delete"\n'
        '[stores.app.datasets.wish.fields]\ntext = { categories = ["user.content"] }\n'
    )
    outcome = office({"app": sql}, SHOP_MAP + wish).ask(right, email="ana@example.com")
    assert outcome.request.state is RequestState.REQUIRES_ACTION
    assert [each.dataset for each in outcome.tasks] == ["wish"]
