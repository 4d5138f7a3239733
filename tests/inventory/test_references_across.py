"""References that no store declares, found by looking their values up in every store."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from kept.connectors.errors import StoreTimeoutError
from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import contained_in, evidence_of, survey
from kept.inventory.connector import Store, Value
from kept.inventory.datamap import DataMap, parse_datamap
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import DatasetId, Whose
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import Proposal, propose
from kept.inventory.proposing.across import MOST_PROBES, across_stores
from kept.inventory.proposing.seen import Evidence, Seen

PEOPLE = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT);"


def _store(
    folder: Path, name: str, schema: str, rows: dict[str, Sequence[Sequence[Value]]]
) -> SqlStore:
    path = folder / f"{name}.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(schema)
        for table, given in rows.items():
            marks = ", ".join("?" * len(given[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", given)
    connection.close()
    return SqlStore(name, f"sqlite:///{path}")


def _people(count: int = 60) -> list[tuple[Value, ...]]:
    return [(at, f"p{at}@example.com", f"Ana Smith{at}") for at in range(1, count + 1)]


def _proposed(*stores: Store) -> dict[str, Proposal]:
    seen = survey(stores)
    catalogs = tuple(seen.catalogs.values())
    inventory = inventory_of(catalogs, DataMap(), seen.samples)
    evidence = evidence_of(seen, {each.name: each for each in stores})
    return {str(each.id): each for each in propose(inventory, catalogs, evidence)}


def test_a_number_kept_as_text_in_another_store_leads_to_its_person(tmp_path: Path) -> None:
    crm = _store(tmp_path, "crm", PEOPLE, {"customers": _people()})
    shop = _store(
        tmp_path,
        "shop",
        "CREATE TABLE reviews (id INTEGER PRIMARY KEY, customer_id TEXT, body TEXT);",
        {"reviews": [(at, str(at % 60 + 1), f"Good thing {at}") for at in range(1, 100)]},
    )
    found = _proposed(crm, shop)
    (reference,) = found["shop.reviews"].decision.references
    assert (reference.fields, reference.to) == (("customer_id",), DatasetId("crm", "customers"))
    assert reference.whose is Whose.OWNED
    text = write_proposals("", found.values()).text
    assert 'to = "crm:customers(id)"' in text
    read = parse_datamap(text).of(DatasetId("shop", "reviews"))
    assert read is not None
    assert read.references == (reference,)
    assert write_proposals(text, found.values()).text == text


def test_a_text_key_is_found_from_a_number_and_zeros_before_one_are_not_dropped(
    tmp_path: Path,
) -> None:
    schema = PEOPLE.replace("id INTEGER", "id TEXT")
    crm = _store(tmp_path, "crm", schema, {"customers": [(str(a), b, c) for a, b, c in _people()]})
    reviews = "CREATE TABLE reviews (id INTEGER PRIMARY KEY, customer_id {}, body TEXT);"
    rows: list[tuple[Value, ...]] = [(at, at, f"Good thing {at}") for at in range(1, 50)]
    numbers = _store(tmp_path, "numbers", reviews.format("INTEGER"), {"reviews": rows})
    padded = [(at, f"{at:05}", f"Good thing {at}") for at in range(1, 50)]
    texts = _store(tmp_path, "texts", reviews.format("TEXT"), {"reviews": padded})
    found = _proposed(crm, numbers, texts)
    assert found["numbers.reviews"].decision.references
    assert not found["texts.reviews"].decision.references


def test_counters_of_two_stores_that_only_coincide_are_no_reference(tmp_path: Path) -> None:
    crm = _store(tmp_path, "crm", PEOPLE, {"customers": _people()})
    plant = _store(
        tmp_path,
        "plant",
        "CREATE TABLE readings (id INTEGER PRIMARY KEY, machine_id INTEGER, level INTEGER);",
        {"readings": [(at, at % 50 + 1, at % 9) for at in range(1, 100)]},
    )
    assert not _proposed(crm, plant)["plant.readings"].decision.references


def test_values_that_are_not_there_are_no_reference_whatever_the_name(tmp_path: Path) -> None:
    crm = _store(tmp_path, "crm", PEOPLE, {"customers": _people()})
    shop = _store(
        tmp_path,
        "shop",
        "CREATE TABLE reviews (id INTEGER PRIMARY KEY, customer_id INTEGER, body TEXT);",
        {"reviews": [(at, at + 5_000, f"Good thing {at}") for at in range(1, 100)]},
    )
    assert not _proposed(crm, shop)["shop.reviews"].decision.references


def test_a_long_key_under_a_name_that_says_nothing_is_found_by_its_values(tmp_path: Path) -> None:
    def code(at: int) -> str:
        return f"{at * 7919:08x}-1111-4222-8333-{at:012x}"

    schema = PEOPLE.replace("id INTEGER", "id TEXT") + (
        "CREATE TABLE visits (no INTEGER PRIMARY KEY, k7 TEXT, k8 TEXT, page TEXT);"
    )
    visits = [(at, code(at % 60 + 1), code(at + 90_000), f"/page/{at % 5}") for at in range(1, 100)]
    people = [(code(at), email, name) for at, email, name in _people()]  # type: ignore[arg-type] # numbers
    app = _store(tmp_path, "app", schema, {"customers": people, "visits": visits})
    references = _proposed(app)["app.visits"].decision.references
    assert [(each.fields, each.to.name) for each in references] == [(("k7",), "customers")]


def test_a_store_that_fails_at_looking_up_finds_nothing_and_stops_nothing(tmp_path: Path) -> None:
    crm = _store(tmp_path, "crm", PEOPLE, {"customers": _people()})

    class Slow:
        name, engine = "crm", "sqlite"

        def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
            raise StoreTimeoutError(f"{dataset} {field} {len(values)}")

    ask = contained_in({"crm": Slow()})  # type: ignore[dict-item] # looks up, and no more
    assert ask(DatasetId("crm", "customers"), "id", [1, 2]) == 0
    assert contained_in({"crm": crm})(DatasetId("crm", "customers"), "id", [1, 2]) == 2


def test_stores_are_asked_a_bounded_number_of_times(tmp_path: Path) -> None:
    crm = _store(tmp_path, "crm", PEOPLE, {"customers": _people()})
    columns = ", ".join(f"k{at}_customer_id INTEGER" for at in range(MOST_PROBES + 50))
    wide = _store(
        tmp_path,
        "wide",
        f"CREATE TABLE wide ({columns});",
        {"wide": [[at + 9_000] * (MOST_PROBES + 50) for at in range(20)]},
    )
    seen = survey([crm, wide])
    inventory = inventory_of(seen.catalogs.values(), DataMap(), seen.samples)
    asked = 0

    def count(*_: object) -> int:
        nonlocal asked
        asked += 1
        return 0

    looked = {
        each.id: Seen(
            dataset=each,
            table=seen.catalogs[each.id.store].table(each.id.name),
            sample=seen.samples[each.id],
        )
        for each in inventory.datasets
    }
    assert across_stores(looked, [], Evidence(samples=seen.samples, contained=count)) == []
    assert asked == MOST_PROBES
