from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_standing import standing
from kept.inventory.dataset import DatasetId
from kept.inventory.discovery import inventory_of

MAP = """
[stores.app.datasets.orders]
state = "decided"
on_erasure = "keep"
minimum = { keep_for = "8 years", counted_from = "issued", reason = "tax", provision = "§ 147 AO" }
identity = { email = "email", gone = "phone" }
anchors = { closed = "account closed" }
references = [
  { fields = ["person"], to = "people(id)", whose = "shared" },
  { fields = ["person"], to = "nobody(id)", whose = "owned" },
  { fields = ["lost"], to = "people(id)", whose = "owned" },
]
[stores.app.datasets.orders.fields]
note = { categories = ["user.content"], author = "lost" }
vanished = { categories = ["user.name"] }
[stores.app.datasets.elsewhere]
state = "decided"
"""
ORDERS = DatasetId("app", "orders")


def table(name: str, *columns: str) -> Table:
    return Table(name=name, columns=tuple(Column(name=each, type="TEXT") for each in columns))


CATALOG = Catalog(
    store="app",
    engine="sqlite",
    tables=(table("orders", "email", "person", "note"), table("people", "id")),
)


def test_what_leads_nowhere_is_left_out_and_the_rest_stands() -> None:
    left = standing(parse_datamap(MAP), [CATALOG])
    orders = left.datasets[ORDERS]
    assert set(orders.identity) == {"email"}
    assert orders.anchors == {}
    assert orders.minimum is None
    assert [each.to.name for each in orders.references] == ["people"]
    assert set(orders.fields) == {"note"}
    assert orders.fields["note"].author == ""
    assert DatasetId("app", "elsewhere") in left.datasets


def test_what_stands_can_always_be_looked_at() -> None:
    found = inventory_of([CATALOG], standing(parse_datamap(MAP), [CATALOG]))
    assert ORDERS in {each.id for each in found.datasets}


def test_a_map_in_which_everything_stands_is_left_as_it_is() -> None:
    whole = Catalog(
        store="app",
        engine="sqlite",
        tables=(
            table(
                "orders", "email", "gone", "person", "lost", "note", "vanished", "closed", "issued"
            ),
            table("people", "id"),
            table("nobody", "id"),
        ),
    )
    datamap = parse_datamap(MAP)
    assert standing(datamap, [whole]) == datamap
