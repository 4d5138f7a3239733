from dataclasses import replace

import pytest

from kept.inventory.catalog import Catalog, Column, ForeignKey, Table
from kept.inventory.dataset import Classified, Dataset, DatasetId, Field, Inventory
from kept.vocabulary.data_category import DataCategory

ORDERS = Table(
    name="orders",
    columns=(Column(name="id", type="INTEGER", key=True), Column(name="note", type="TEXT")),
    key=("id",),
)


def test_a_fingerprint_changes_with_anything_in_the_structure() -> None:
    catalog = Catalog(store="app", engine="sqlite", tables=(ORDERS,))
    changed = [
        replace(ORDERS, key=()),
        replace(ORDERS, checks=("note <> ''",)),
        replace(ORDERS, columns=ORDERS.columns[:1]),
        replace(ORDERS, foreign_keys=(ForeignKey(fields=("id",), to="people", to_fields=("id",)),)),
        replace(ORDERS, columns=(ORDERS.columns[0], replace(ORDERS.columns[1], nullable=False))),
    ]
    prints = {replace(catalog, tables=(table,)).fingerprint for table in changed}
    assert len(prints | {catalog.fingerprint}) == len(changed) + 1
    assert replace(catalog).fingerprint == catalog.fingerprint


def test_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        ORDERS.column("nothing")
    with pytest.raises(KeyError):
        Catalog(store="app", engine="sqlite", tables=()).table("orders")
    with pytest.raises(KeyError):
        Inventory(datasets=()).dataset(DatasetId("app", "orders"))


def test_a_dataset_is_personal_if_a_field_is() -> None:
    plain = Field(name="id", type="INTEGER")
    mail = Field(
        name="mail",
        type="TEXT",
        categories=(Classified(category=DataCategory.USER_CONTACT_EMAIL, score=1.0),),
    )
    system = Field(
        name="job",
        type="TEXT",
        categories=(Classified(category=DataCategory.SYSTEM_OPERATIONS, score=1.0),),
    )
    made = Dataset(id=DatasetId("app", "orders"), fields=(plain, system))
    assert not made.personal
    assert replace(made, fields=(plain, mail)).personal
    assert made.field("job") is system
    with pytest.raises(KeyError):
        made.field("mail")
