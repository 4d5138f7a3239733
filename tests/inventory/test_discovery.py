import json

import pytest

from kept.inventory.catalog import Catalog, Column, ForeignKey, Table
from kept.inventory.connector import Sample
from kept.inventory.datamap import parse_datamap
from kept.inventory.dataset import (
    Classified,
    DatasetId,
    DecidedBy,
    Inventory,
    State,
    Whose,
)
from kept.inventory.discovery import inventory_of
from kept.inventory.errors import DataMapReferenceError
from kept.inventory.proposals import propose
from kept.inventory.report import as_json
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind

EMAIL = DataCategory.USER_CONTACT_EMAIL


def _table(name: str, *columns: str, foreign: dict[str, str] | None = None) -> Table:
    return Table(
        name=name,
        columns=tuple(
            Column(name=each, type="INTEGER" if each == "id" else "TEXT", key=each == "id")
            for each in columns
        ),
        key=("id",) if "id" in columns else (),
        uniques=(("id",),) if "id" in columns else (),
        foreign_keys=tuple(
            ForeignKey(fields=(field,), to=to, to_fields=("id",))
            for field, to in (foreign or {}).items()
        ),
    )


APP = Catalog(
    store="app",
    engine="sqlite",
    tables=(
        _table("customer", "id", "email", "level"),
        _table("orders", "id", "customer_id", "note", "place", foreign={"customer_id": "customer"}),
    ),
)
CUSTOMER, ORDERS = DatasetId("app", "customer"), DatasetId("app", "orders")
SAMPLES = {
    CUSTOMER: Sample(
        dataset="customer",
        rows=3,
        read=3,
        values={"email": ("a@example.com", "b@example.com", "c@example.com")},
        nulls={},
        distinct={"email": 3},
    )
}


def _inventory(datamap: str = "", catalogs: tuple[Catalog, ...] = (APP,)) -> Inventory:
    return inventory_of(catalogs, parse_datamap(datamap), SAMPLES)


def test_what_nobody_listed_is_looked_at_and_called_unlisted() -> None:
    customer = _inventory().dataset(CUSTOMER)
    assert (customer.state, customer.rows, customer.key) == (State.UNLISTED, 3, ("id",))
    email = customer.field("email")
    assert EMAIL in email.holds
    assert email.decided_by is DecidedBy.DISCOVERY
    assert email.categories[0].because
    assert customer.field("id").decided_by is DecidedBy.NOBODY
    assert _inventory().dataset(ORDERS).rows is None


def test_a_foreign_key_that_nobody_decided_only_mentions() -> None:
    (reference,) = _inventory().dataset(ORDERS).references
    assert (reference.whose, reference.decided, reference.declared) == (
        Whose.REFERENCED,
        False,
        True,
    )


def test_what_a_person_decided_stands_and_the_rest_is_looked_at_again() -> None:
    customer = _inventory(
        """
        [stores.app.datasets.customer]
        state = "decided"
        on_erasure = "blank"
        fields = { email = { categories = [] }, level = { categories = ["user.account"] } }
        """
    ).dataset(CUSTOMER)
    assert customer.field("email").categories == ()
    assert customer.field("email").decided_by is DecidedBy.PERSON
    level = customer.field("level")
    assert level.categories == (Classified(category=DataCategory.USER_ACCOUNT, score=1.0),)
    again = _inventory('[stores.app.datasets.customer]\nstate = "decided"').dataset(CUSTOMER)
    assert again.field("email").decided_by is DecidedBy.DISCOVERY
    assert EMAIL in again.field("email").holds


def test_a_decided_category_keeps_what_discovery_saw_of_it() -> None:
    decided = _inventory(
        '[stores.app.datasets.customer]\nstate = "decided"\n'
        'fields = { email = { categories = ["user.contact.email"] } }'
    )
    (email,) = decided.dataset(CUSTOMER).field("email").categories
    assert email.score == 1.0
    assert email.because


def test_a_proposal_in_the_file_is_nobodys_decision() -> None:
    orders = _inventory(
        """
        [stores.app.datasets.orders]
        state = "proposed"
        references = [{ fields = ["customer_id"], to = "customer(id)", whose = "owned" }]
        fields = { note = { categories = ["user.content"] } }
        """
    ).dataset(ORDERS)
    (reference,) = orders.references
    assert (reference.whose, reference.decided, reference.declared) == (Whose.OWNED, False, True)
    assert orders.field("note").decided_by is DecidedBy.DISCOVERY


def test_a_field_by_which_people_are_found_holds_at_least_that() -> None:
    orders = _inventory(
        '[stores.app.datasets.orders]\nstate = "decided"\nidentity = { place = "phone" }'
    ).dataset(ORDERS)
    assert orders.field("place").identity is IdentifierKind.PHONE
    assert DataCategory.USER_CONTACT_PHONE_NUMBER in orders.field("place").holds


def test_a_law_is_looked_up_by_its_key() -> None:
    keep = '[stores.app.datasets.orders]\nstate = "decided"\non_erasure = "keep"\n'
    law = 'minimum = { law = "de-ao-147-invoices", counted_from = "place" }'
    minimum = _inventory(keep + law).dataset(ORDERS).minimum
    assert minimum is not None
    assert (minimum.id, minimum.reason, minimum.from_year_end) == (
        "de-ao-147-invoices",
        "tax",
        True,
    )
    assert "AO" in minimum.provision
    with pytest.raises(DataMapReferenceError, match="de-ao-147-invoice'") as caught:
        _inventory(keep + 'minimum = { law = "de-ao-147-invoice", counted_from = "place" }')
    assert "'de-ao-147-invoices'" in caught.value.remedy


@pytest.mark.parametrize(
    ("lines", "where", "remedy"),
    [
        ('identity = { emial = "email" }', "customer.identity names the field 'emial'", "'email'"),
        ('anchors = { leve = "closed" }', "customer.anchors names the field 'leve'", "'level'"),
        ("fields = { Email = {} }", "customer.fields names the field 'Email'", "'email'"),
        (
            'references = [{ fields = ["leve"], to = "orders(id)", whose = "owned" }]',
            "customer.references names the field 'leve'",
            "'level'",
        ),
        (
            'references = [{ fields = ["level"], to = "orders(idd)", whose = "owned" }]',
            "names the field 'idd', which 'orders'",
            "'id'",
        ),
        (
            'references = [{ fields = ["level"], to = "order(id)", whose = "owned" }]',
            "leads to 'order'",
            "'orders'",
        ),
        (
            (
                'on_erasure = "keep"\n'
                'minimum = { law = "de-ao-147-invoices", counted_from = "levels" }'
            ),
            "minimum.counted_from names the field 'levels'",
            "'level'",
        ),
        ('fields = { email = { of = "level" } }', "fields.email.of names 'level'", "referring"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_and_the_nearest_named(
    lines: str, where: str, remedy: str
) -> None:
    with pytest.raises(DataMapReferenceError) as caught:
        _inventory(f'[stores.app.datasets.customer]\nstate = "decided"\n{lines}')
    assert where in str(caught.value)
    assert remedy in caught.value.remedy


def test_a_table_that_is_gone_is_reported_and_stops_nothing() -> None:
    gone = """
        [stores.app.datasets.former]
        state = "decided"
        [stores.app.datasets.orders]
        state = "decided"
        references = [{ fields = ["place"], to = "former(id)", whose = "owned" }]
        [stores.crm.datasets.people]
        state = "decided"
        """
    inventory = _inventory(gone)
    # Of a store that did not answer nothing is said.
    assert inventory.absent == (DatasetId("app", "former"),)
    assert [each.to.name for each in inventory.dataset(ORDERS).references] == ["customer"]


def test_a_reference_to_a_store_that_did_not_answer_is_kept() -> None:
    orders = _inventory(
        """
        [stores.app.datasets.orders]
        state = "decided"
        references = [{ fields = ["place"], to = "crm:people(id)", whose = "owned" }]
        """
    ).dataset(ORDERS)
    assert DatasetId("crm", "people") in {each.to for each in orders.references}


def test_a_view_is_no_dataset_unless_somebody_lists_it() -> None:
    view = Table(name="seen", columns=(Column(name="email", type=""),), view=True)
    catalog = Catalog(store="app", engine="sqlite", tables=(*APP.tables, view))
    assert len(_inventory("", (catalog,)).datasets) == 2
    listed = _inventory('[stores.app.datasets.seen]\nstate = "decided"', (catalog,))
    assert listed.dataset(DatasetId("app", "seen")).state is State.DECIDED


def test_a_table_that_cannot_be_read_is_still_told() -> None:
    broken = Catalog(store="app", engine="sqlite", tables=(Table(name="odd", columns=()),))
    inventory = inventory_of([broken], parse_datamap(""))
    assert inventory.datasets[0].fields == ()
    assert propose(inventory, [broken])[0].decision.about == "none"


# ── the report ───────────────────────────────────────────────────────────────


def test_the_report_has_the_keys_that_programs_read() -> None:
    inventory = _inventory()
    report = as_json(
        inventory,
        [APP],
        urls={"app": "sqlite:///app.sqlite"},
        proposals=propose(inventory, [APP]),
        undeclared=[(EMAIL, CUSTOMER, "email")],
    )
    assert list(report)[:3] == ["stores", "undeclared", "unlisted"]
    text = json.loads(json.dumps(report))
    (store,) = text["stores"]
    assert (store["name"], store["url"], store["engine"]) == (
        "app",
        "sqlite:///app.sqlite",
        "sqlite",
    )
    customer, orders = store["datasets"]
    assert (customer["name"], customer["rows"], customer["key"]) == ("customer", 3, ["id"])
    email = customer["fields"][1]
    assert set(email) >= {
        "name",
        "type",
        "categories",
        "decided_by",
        "source",
        "identity",
        "references",
    }
    assert email["categories"][0]["category"] == "user.contact.email"
    assert set(email["categories"][0]) == {"category", "score", "because"}
    assert (email["identity"], email["decided_by"]) == ("email", "discovery")
    (reference,) = orders["fields"][1]["references"]
    assert (reference["dataset"], reference["whose"], reference["decided"]) == (
        "customer",
        "owned",
        False,
    )
    assert {"store": "app", "dataset": "orders"} in text["unlisted"]
    assert text["undeclared"][0] == {
        "category": "user.contact.email",
        "store": "app",
        "dataset": "customer",
        "field": "email",
    }
    assert "a@example.com" not in json.dumps(text)
