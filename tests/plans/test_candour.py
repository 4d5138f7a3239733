from collections.abc import Callable
from dataclasses import replace

import pytest

from kept.inventory.dataset import Classified, Inventory
from kept.plans.plan import Plan, RemarkCode
from kept.plans.planner import plan
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.right import Right

SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT);
CREATE TABLE post (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), body TEXT);
CREATE TABLE setting (number INTEGER PRIMARY KEY, text VARCHAR(40));
CREATE TABLE count (day DATE, number INTEGER);
"""
FULL_TEXT = (
    "CREATE VIRTUAL TABLE post_text USING fts5 (body, content = 'post', content_rowid = 'id');"
)
BOXES = "CREATE VIRTUAL TABLE box USING rtree (id, left, right);"
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.app.datasets.post]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
"""
DECIDED = """
[stores.app.datasets.post_text]
state = "decided"
about = "none"
"""
NOTES = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);"


def _notes(about: str, on_erasure: str = "delete", reason: str = "") -> str:
    return f"""
[stores.app.datasets.note]
state = "decided"
about = "{about}"
on_erasure = "{on_erasure}"
{reason}
[stores.app.datasets.note.fields]
text = {{ categories = ["user.content"] }}
"""


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE])
def test_an_undecided_table_that_can_hold_text_is_said_not_to_be_searched(
    shop: Callable, right: Right
) -> None:
    planned = shop(SQL, DATAMAP).plan(right)
    assert [(each.code, each.dataset) for each in planned.remarks] == [
        (RemarkCode.NOT_SEARCHED, "setting")
    ]
    assert planned.obstacles == ()


def test_an_erasure_waits_for_a_decision_about_an_index_of_its_text(sqlite_shop: Callable) -> None:
    planned = sqlite_shop(SQL + FULL_TEXT, DATAMAP).plan(Right.ERASURE)
    assert [(each.code, each.dataset) for each in planned.obstacles] == [
        ("plans.undecided", "post_text")
    ]
    assert "post_text" in {each.dataset for each in planned.remarks}


def test_an_access_only_says_that_an_index_was_not_searched(sqlite_shop: Callable) -> None:
    planned = sqlite_shop(SQL + FULL_TEXT, DATAMAP).plan(Right.ACCESS)
    assert planned.obstacles == ()
    assert "post_text" in {each.dataset for each in planned.remarks}


def test_an_index_that_somebody_decided_about_stops_nothing(sqlite_shop: Callable) -> None:
    planned = sqlite_shop(SQL + FULL_TEXT, DATAMAP + DECIDED).plan(Right.ERASURE)
    assert planned.obstacles == ()
    assert {each.dataset for each in planned.remarks} == {"setting"}


def test_an_index_of_numbers_stops_nothing(sqlite_shop: Callable) -> None:
    planned = sqlite_shop(SQL + BOXES, DATAMAP).plan(Right.ERASURE)
    assert planned.obstacles == ()
    assert {each.dataset for each in planned.remarks} == {"setting"}


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE])
def test_personal_data_that_nothing_leads_to_is_left_to_people(
    shop: Callable, right: Right
) -> None:
    planned = shop(SQL + NOTES, DATAMAP + _notes("customer")).plan(right)
    assert [(each.dataset, each.action) for each in planned.tasks] == [("note", "search-by-hand")]


@pytest.mark.parametrize("about", ["staff", "supplier", "none"])
def test_what_is_decided_to_be_about_others_leaves_nothing_to_do(
    shop: Callable, about: str
) -> None:
    planned = shop(SQL + NOTES, DATAMAP + _notes(about)).plan(Right.ACCESS)
    assert planned.tasks == ()


def test_what_is_kept_anyway_is_looked_for_in_an_access_alone(shop: Callable) -> None:
    kept = _notes(
        "customer", "keep", 'keep = { reason = "claims", provision = "§ 195 BGB", until = "2030" }'
    )
    company = shop(SQL + NOTES, DATAMAP + kept)
    assert company.plan(Right.ERASURE).tasks == ()
    assert [each.dataset for each in company.plan(Right.ACCESS).tasks] == ["note"]


UNSURE = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT, word TEXT, size INTEGER, tag TEXT UNIQUE);"
PERSON = """
[stores.app.datasets.person]
state = "decided"
on_erasure = "blank"
identity = { email = "email" }
"""


def _unsure(company: object, right: Right) -> Plan:
    inventory = company.inventory  # type: ignore[attr-defined] # the fixture's own class
    perhaps = (Classified(category=DataCategory.USER_CONTACT_PHONE_NUMBER, score=0.47),)
    datasets = tuple(
        replace(
            each,
            fields=tuple(
                field
                if field.name in {"id", "email"} or field.decided_by == "person"
                else replace(field, ambiguous=perhaps)
                for field in each.fields
            ),
        )
        for each in inventory.datasets
    )
    catalog = company.store.catalog()  # type: ignore[attr-defined] # the fixture's own class
    return plan(right, Inventory(datasets=datasets), [catalog])


def test_words_that_may_be_personal_are_blanked_and_the_rest_is_said_to_stay(
    shop: Callable,
) -> None:
    planned = _unsure(shop(UNSURE, PERSON), Right.ERASURE)
    assert {each.name for each in planned.parts[0].steps[0].fields if each.erased} == {
        "email",
        "word",
    }
    assert {(each.code, each.field) for each in planned.remarks} == {
        (RemarkCode.FIELD_UNDECIDED, "size"),
        (RemarkCode.FIELD_UNDECIDED, "tag"),
    }


def test_what_somebody_decided_to_hold_nothing_is_neither_blanked_nor_remarked(
    shop: Callable,
) -> None:
    fields = "\n".join(f"{name} = {{ categories = [] }}" for name in ("word", "size", "tag"))
    decided = f"{PERSON}[stores.app.datasets.person.fields]\n{fields}\n"
    planned = _unsure(shop(UNSURE, decided), Right.ERASURE)
    assert [each.name for each in planned.parts[0].steps[0].fields if each.erased] == ["email"]
    assert planned.remarks == ()


def test_rows_that_are_deleted_leave_no_doubtful_field_behind(shop: Callable) -> None:
    deleting = PERSON.replace("blank", "delete")
    assert _unsure(shop(UNSURE, deleting), Right.ERASURE).remarks == ()


def test_an_access_shows_a_doubtful_field_and_has_nothing_to_say_of_blanking(
    shop: Callable,
) -> None:
    assert _unsure(shop(UNSURE, PERSON), Right.ACCESS).remarks == ()
