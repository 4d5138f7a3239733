from collections.abc import Callable

import pytest

from kept.plans.errors import IdentityAmbiguousError, RowsOfTwoError
from kept.plans.plan import Hidden, RemarkCode

PEOPLE = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, national_id TEXT,
                       first TEXT, last TEXT, born TEXT);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id),
                     body TEXT);
CREATE TABLE newsletter (id INTEGER PRIMARY KEY, address TEXT);
INSERT INTO customer VALUES
  (1, 'Ana@Example.com ', '+49 30 1234567', '12345-1234567-1', 'Ana', 'Silva', '1990-01-02'),
  (2, 'office@example.com', '030 555666', NULL, 'Bo', 'Berg', '1980-05-05'),
  (3, 'office@example.com', '030 555666', NULL, 'Cy', 'Cole', '1985-06-06'),
  (4, 'dd@example.com', NULL, '99999-9999999-9', 'Dee', 'Dale', NULL),
  (5, 'DD@EXAMPLE.COM', NULL, '9999999999999', 'Dee', 'Dale', NULL),
  (6, NULL, NULL, NULL, 'Nobody', 'Known', NULL),
  (7, 'ém@example.com', '00493077', NULL, 'Em', 'Ember', '1970-01-01 00:00:00');
INSERT INTO ticket VALUES (10, 1, 'a'), (20, 2, 'b'), (30, 3, 'c'), (40, 4, 'd'), (50, 5, 'e'),
                          (60, 6, 'f'), (70, 7, 'g');
INSERT INTO newsletter VALUES (1, 'ana@example.com'), (2, 'OFFICE@example.com'),
                              (3, 'dd@example.com'), (4, NULL);
"""
MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email", phone = "phone" }
[stores.app.datasets.customer.fields]
email = { categories = ["user.contact.email"] }
phone = { categories = ["user.contact.phone_number"] }
national_id = { categories = ["user.government_id.national_identification_number"] }
first = { categories = ["user.name.first"] }
last = { categories = ["user.name.last"] }
born = { categories = ["user.demographic.date_of_birth"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.ticket.fields]
body = { categories = ["user.content"] }
[stores.app.datasets.newsletter]
state = "decided"
on_erasure = "delete"
identity = { address = "email" }
"""


def found(reading: object) -> dict[str, list[object]]:
    ids: dict[str, list[object]] = {}
    for record in reading.records:  # type: ignore[attr-defined] - a Reading
        ids.setdefault(record.dataset.name, []).append(record.values["id"])
    return ids


@pytest.mark.parametrize(
    "identity",
    [
        {"email": "ana@example.com"},
        {"email": "  ANA@EXAMPLE.COM"},
        {"phone": "+49 (30) 123-4567"},
        {"phone": "0049301234567"},
        {"email": "ana@example.com", "name": "ana  silva"},
        {"email": "ana@example.com", "name": "Silva Ana"},
        {"email": "ana@example.com", "date_of_birth": "1990-01-02"},
        {"email": "ana@example.com", "national_id": "1234512345671"},
        {"email": "ana@example.com", "account_id": "1"},
        {"email": "old@example.com|ana@example.com"},
    ],
)
def test_a_person_is_found_however_an_identifier_is_spelt(
    shop: Callable, identity: dict[str, str]
) -> None:
    reading = shop(PEOPLE, MAP).read(**identity)
    assert found(reading) == {"customer": [1], "newsletter": [1], "ticket": [10]}


def test_text_beyond_ascii_is_compared_by_its_folded_form(shop: Callable) -> None:
    made = shop(PEOPLE, MAP)
    assert found(made.read(email="ÉM@example.com"))["customer"] == [7]
    assert found(made.read(phone="+49 30 77", date_of_birth="1970-01-01"))["customer"] == [7]


@pytest.mark.parametrize(
    "identity",
    [
        {"email": "nobody@example.com"},
        {"email": "ana@example.com", "name": "Bo Berg"},
        {"email": "ana@example.com", "phone": "030 555666"},
        {"phone": ""},
        {"email": "' OR 1=1 --"},
        {"email": "%"},
        {"phone": "%"},
        {"email": "a\x00b@example.com"},
        {"email": "a\ud800b@example.com"},
        {"phone": "\u0664\u0663\x00"},
        {"email": "x" * 70_000},
        {"email": "\\"},
        {"email": "a_a@example.com"},
    ],
)
def test_identifiers_that_do_not_all_fit_find_nobody(
    shop: Callable, identity: dict[str, str]
) -> None:
    assert found(shop(PEOPLE, MAP).read(**identity)) == {}


def test_two_people_behind_one_mailbox_are_refused_until_something_tells_them_apart(
    shop: Callable,
) -> None:
    made = shop(PEOPLE, MAP)
    before = made.dump()
    for act in (made.read, made.erase):
        with pytest.raises(IdentityAmbiguousError, match="email fits more than one") as refused:
            act(email="office@example.com")
        assert "date_of_birth or name" in refused.value.remedy
        assert "office" not in str(refused.value) + refused.value.remedy
    assert made.dump() == before


def test_a_shared_mailbox_finds_nothing_elsewhere_and_the_answer_says_so(shop: Callable) -> None:
    made = shop(PEOPLE, MAP)
    reading = made.read(email="office@example.com", name="Bo Berg")
    assert found(reading) == {"customer": [2], "ticket": [20]}
    shared = [each for each in reading.remarks if each.code is RemarkCode.IDENTIFIER_SHARED]
    assert shared
    done = made.erase(email="office@example.com", name="Bo Berg")
    assert (2, "OFFICE@example.com") in made.rows("newsletter")
    assert {row[0] for row in made.rows("customer")} == {1, 3, 4, 5, 6, 7}
    assert not any(value.startswith("office") for _, value in done.marks)


def test_rows_that_agree_on_a_national_number_are_one_person(shop: Callable) -> None:
    made = shop(PEOPLE, MAP)
    expected = {"customer": [4, 5], "ticket": [40, 50], "newsletter": [3]}
    assert found(made.read(email="dd@example.com")) == expected
    assert found(made.read(email="dd@example.com", account_id="4|5")) == expected


def test_an_empty_identifier_fits_no_empty_field(shop: Callable) -> None:
    made = shop(PEOPLE.replace("(6, NULL,", "(6, '',"), MAP)
    assert found(made.read(email=" ")) == {}


ELSEWHERE = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE ticket (id INTEGER PRIMARY KEY, customer_id INTEGER, body TEXT);
CREATE TABLE staff (id INTEGER PRIMARY KEY, mail TEXT, name TEXT);
CREATE TABLE leave (id INTEGER PRIMARY KEY, staff_id INTEGER, why TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana Silva'), (2, 'bo@example.com', 'Bo');
INSERT INTO staff VALUES (1, 'ana@example.com', '{name}');
INSERT INTO ticket VALUES (1, 1, 'a'), (2, 2, 'b');
INSERT INTO leave VALUES (1, 1, 'x');
"""
ELSEWHERE_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email", id = "account_id" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.staff]
state = "decided"
about = "staff"
on_erasure = "delete"
identity = { mail = "email", id = "account_id" }
[stores.app.datasets.staff.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.ticket]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.leave]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["staff_id"], to = "staff(id)", whose = "owned" }]
"""


def test_a_customer_who_is_also_staff_is_one_person(shop: Callable) -> None:
    made = shop(ELSEWHERE.format(name="Silva, Ana"), ELSEWHERE_MAP)
    assert found(made.read(email="ana@example.com")) == {
        "customer": [1],
        "staff": [1],
        "ticket": [1],
        "leave": [1],
    }


def test_a_mailbox_of_two_people_in_two_datasets_is_refused(shop: Callable) -> None:
    made = shop(ELSEWHERE.format(name="Zoe Zander"), ELSEWHERE_MAP)
    with pytest.raises(IdentityAmbiguousError):
        made.read(email="ana@example.com")
    assert found(made.read(email="ana@example.com", name="Ana Silva")) == {
        "customer": [1],
        "ticket": [1],
    }


def test_the_same_number_in_two_datasets_is_not_the_same_person(shop: Callable) -> None:
    made = shop(ELSEWHERE.format(name="Zoe Zander"), ELSEWHERE_MAP)
    with pytest.raises(IdentityAmbiguousError):
        made.read(account_id="1")
    assert found(made.read(account_id="2"))["customer"] == [2]


GUESTS = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, contact TEXT, note TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo');
INSERT INTO orders VALUES (1, 1, 'ana@example.com', 'a'), (2, NULL, 'ANA@example.com', 'guest'),
                          (3, NULL, 'guest@example.com', 'g'), (4, 2, 'old@example.com', 'o');
"""
GUESTS_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.orders]
state = "decided"
on_erasure = "delete"
identity = { contact = "email" }
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.orders.fields]
note = { categories = ["user.content"] }
"""


def test_orders_of_a_guest_are_found_by_their_address(shop: Callable) -> None:
    made = shop(GUESTS, GUESTS_MAP)
    assert found(made.read(email="ana@example.com")) == {"customer": [1], "orders": [1, 2]}
    assert found(made.read(email="guest@example.com")) == {"orders": [3]}
    made.erase(email="guest@example.com")
    assert [row[0] for row in made.rows("orders")] == [1, 2, 4]


def test_an_old_address_on_another_s_order_does_not_open_that_account(shop: Callable) -> None:
    made = shop(GUESTS, GUESTS_MAP)
    assert found(made.read(email="old@example.com")) == {}
    with pytest.raises(RowsOfTwoError):
        made.erase(email="old@example.com")
    assert found(made.read(email="old@example.com|bo@example.com"))["orders"] == [4]


TALK = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE TABLE agent (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE call (id INTEGER PRIMARY KEY, caller INTEGER REFERENCES customer(id),
                   callee INTEGER REFERENCES customer(id), agent INTEGER REFERENCES agent(id),
                   caller_number TEXT, callee_number TEXT, agent_name TEXT, mood TEXT,
                   summary TEXT);
CREATE TABLE remark (id INTEGER PRIMARY KEY, call INTEGER REFERENCES call(id),
                     author INTEGER REFERENCES customer(id), body TEXT);
INSERT INTO customer VALUES (1, 'ana@example.com', 'Ana'), (2, 'bo@example.com', 'Bo'),
                            (3, 'cy@example.com', 'Cy');
INSERT INTO agent VALUES (9, 'Jane Peacock');
INSERT INTO call VALUES (1, 1, 2, 9, '111', '222', 'Jane', 'glad', 's1'),
                        (2, 3, 1, 9, '333', '111', 'Jane', 'sad', 's2'),
                        (3, 2, 3, 9, '222', '333', 'Jane', 'so-so', 's3');
INSERT INTO remark VALUES (1, 1, 1, 'mine'), (2, 1, 2, 'theirs'), (3, 3, 1, 'in a call of others');
"""
TALK_MAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "blank"
identity = { email = "email" }
[stores.app.datasets.customer.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.agent]
state = "decided"
about = "staff"
on_erasure = "blank"
[stores.app.datasets.agent.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.call]
state = "decided"
on_erasure = "delete"
references = [
  { fields = ["caller"], to = "customer(id)", whose = "shared" },
  { fields = ["callee"], to = "customer(id)", whose = "shared" },
  { fields = ["agent"], to = "agent(id)", whose = "referenced" },
]
[stores.app.datasets.call.fields]
caller_number = { categories = ["user.contact.phone_number"], of = "caller" }
callee_number = { categories = ["user.contact.phone_number"], of = "callee" }
agent_name = { categories = ["user.name"], of = "agent" }
mood = { categories = ["user.behavior"] }
summary = { categories = ["user.content"], author = "caller" }
[stores.app.datasets.remark]
state = "decided"
on_erasure = "delete"
references = [
  { fields = ["call"], to = "call(id)", whose = "owned" },
  { fields = ["author"], to = "customer(id)", whose = "shared" },
]
[stores.app.datasets.remark.fields]
body = { categories = ["user.content"], author = "author" }
"""


def test_what_a_shared_row_says_of_others_is_hidden(shop: Callable) -> None:
    reading = shop(TALK, TALK_MAP).read(email="ana@example.com")
    calls = {each.values["id"]: each for each in reading.records if each.dataset.name == "call"}
    assert set(calls) == {1, 2}
    another, nobody = Hidden.ANOTHER_PERSON, Hidden.NOBODY_DECIDED
    assert calls[1].hidden == {
        "callee": another,
        "agent": another,
        "callee_number": another,
        "agent_name": another,
        "mood": nobody,
    }
    assert calls[2].hidden == {
        "caller": another,
        "agent": another,
        "caller_number": another,
        "agent_name": another,
        "mood": nobody,
    }
    assert all(each.shared for each in calls.values())


def test_in_a_shared_row_only_what_is_the_person_s_is_erased(shop: Callable) -> None:
    made = shop(TALK, TALK_MAP)
    made.erase(email="ana@example.com")
    assert made.rows("call") == [
        (1, 1, 2, 9, None, "222", "Jane", "glad", None),
        (2, 3, 1, 9, "333", None, "Jane", "sad", "s2"),
        (3, 2, 3, 9, "222", "333", "Jane", "so-so", "s3"),
    ]
    assert made.rows("remark") == [(1, 1, 1, None), (2, 1, 2, "theirs"), (3, 3, 1, None)]
    assert made.rows("customer")[1:] == [(2, "bo@example.com", "Bo"), (3, "cy@example.com", "Cy")]


def test_access_asks_each_dataset_once(shop: Callable) -> None:
    from sqlalchemy import event

    made = shop(TALK, TALK_MAP)
    store, part = made.store, made.plan_for_access()
    store.read(part, made.who(email="ana@example.com"))
    asked: list[str] = []
    event.listen(
        store.sql._engine(writes=False),
        "before_cursor_execute",
        lambda *each: asked.append(each[2]),
    )
    store.read(part, made.who(email="ana@example.com"))
    for table in ("customer", "call", "remark"):
        rows = [each for each in asked if each.startswith(f'SELECT "{table}"."')]
        assert len(rows) <= 1 + (table == "customer"), rows


def test_numbers_of_rows_that_differ_in_outer_space_are_of_two_people(shop: Callable) -> None:
    made = shop(
        "CREATE TABLE member (id TEXT PRIMARY KEY, mail TEXT, name TEXT);"
        "CREATE TABLE note (id INTEGER PRIMARY KEY, member_id TEXT REFERENCES member (id));"
        "INSERT INTO member VALUES ('0', 'a@example.com', 'A'), (' 0', 'b@example.com', 'A');"
        "INSERT INTO note VALUES (1, '0'), (2, ' 0');",
        '[stores.app.datasets.member]\nstate = "decided"\non_erasure = "delete"\n'
        'identity = { id = "account_id", mail = "email", name = "name" }\n'
        '[stores.app.datasets.note]\nstate = "decided"\non_erasure = "delete"\n'
        'references = [{ fields = ["member_id"], to = "member(id)", whose = "owned" }]\n',
    )
    made.erase(email="a@example.com")
    assert [row[0] for row in made.rows("member")] == [" 0"]
    assert [row[0] for row in made.rows("note")] == [2]
