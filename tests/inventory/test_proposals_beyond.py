"""What is proposed where no erasure of ours reaches: logs, keys, and copies that views keep."""

from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Sample, Value
from kept.inventory.datamap import DataMap
from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import DatasetId, Erasing
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import Proposal, propose
from kept.inventory.proposing.seen import Evidence

Content = dict[str, list[Value]]

PEOPLE: Content = {
    "id": list(range(1, 61)),
    "email": [f"p{at}@example.com" for at in range(1, 61)],
    "full_name": [f"Ana Smith{at}" for at in range(1, 61)],
}
HITS: Content = {
    "ip": [f"198.51.100.{at}" for at in range(1, 61)],
    "path": [f"/shop/{at % 7}" for at in range(1, 61)],
}


def _table(name: str, content: Content, **more: bool) -> Table:
    key = ("id",) if "id" in content else ()
    columns = tuple(
        Column(name=each, type="INTEGER" if each == "id" else "TEXT", key=each in key)
        for each in content
    )
    return Table(name=name, columns=columns, key=key, uniques=(key,) if key else (), **more)  # type: ignore[arg-type] # flags only


def _sample(name: str, content: Content) -> Sample:
    rows = len(next(iter(content.values())))
    values = {each: tuple(dict.fromkeys(values)) for each, values in content.items()}
    return Sample(
        dataset=name,
        rows=rows,
        read=rows,
        values=values,
        nulls=dict.fromkeys(content, 0),
        distinct={each: len(seen) for each, seen in values.items()},
    )


def _proposed(
    *catalogs: Catalog,
    contents: dict[DatasetId, Content],
    **evidence: frozenset[str],
) -> dict[str, Proposal]:
    samples = {each: _sample(each.name, content) for each, content in contents.items()}
    inventory = inventory_of(catalogs, DataMap(), samples)
    found = propose(inventory, catalogs, Evidence(samples=samples, **evidence))  # type: ignore[arg-type] # names of stores only
    return {str(each.id): each for each in found}


def _shop(*tables: Table) -> Catalog:
    return Catalog(store="app", engine="postgresql", tables=tables)


def test_a_log_is_the_customers_and_a_person_says_whether_anybody_is_found_in_it() -> None:
    logs = Catalog(store="web", engine="logs", tables=(_table("access.log", HITS),))
    found = _proposed(
        logs, contents={DatasetId("web", "access.log"): HITS}, unerasable=frozenset({"web"})
    )
    log = found["web.access.log"]
    assert (log.decision.about, log.decision.on_erasure) == ("customer", None)
    assert not log.decision.identity
    assert any("By ip?" in each for each in log.questions)
    written = write_proposals("", found.values(), accept=True)
    assert not written.decided


def test_people_in_a_store_without_requests_get_no_erasing_and_no_identity() -> None:
    keys = Catalog(store="cache", engine="redis", tables=(_table("user:{id}:profile", PEOPLE),))
    dataset = DatasetId("cache", "user:{id}:profile")
    beyond = _proposed(keys, contents={dataset: PEOPLE}, unerasable=frozenset({"cache"}))
    reached = _proposed(keys, contents={dataset: PEOPLE})
    assert reached[str(dataset)].decision.on_erasure is Erasing.DELETE
    assert beyond[str(dataset)].decision.on_erasure is None
    assert beyond[str(dataset)].decision.identity == {}
    assert beyond[str(dataset)].questions


def test_a_log_of_things_alone_is_nobodys_and_asks_nothing() -> None:
    things: Content = {"level": ["warn", "error"] * 30, "status": ["200", "404"] * 30}
    logs = Catalog(store="web", engine="logs", tables=(_table("builds.log", things),))
    found = _proposed(
        logs, contents={DatasetId("web", "builds.log"): things}, unerasable=frozenset({"web"})
    )
    assert found["web.builds.log"].decision.about == "none"
    assert not found["web.builds.log"].questions


def test_a_materialised_view_is_looked_at_and_changes_nothing_about_the_tables() -> None:
    people = _table("customers", PEOPLE)
    copy = _table("customer_report", PEOPLE, view=True, materialised=True)
    plain = _table("customer_list", PEOPLE, view=True)
    contents = {DatasetId("app", each.name): PEOPLE for each in (people, copy)}
    found = _proposed(_shop(copy, plain, people), contents=contents)
    alone = _proposed(_shop(people), contents=contents)
    assert list(found) == ["app.customer_report", "app.customers"]
    assert found["app.customers"].decision == alone["app.customers"].decision
    report = found["app.customer_report"]
    assert report.decision.on_erasure is None
    assert not report.decision.identity
    assert "email" in report.decision.fields
    assert any("materialised view" in each for each in report.questions)


def test_the_tables_of_a_schema_are_understood_without_its_name() -> None:
    people = _table("archive.customers", PEOPLE)
    found = _proposed(_shop(people), contents={DatasetId("app", "archive.customers"): PEOPLE})
    proposed = found["app.archive.customers"]
    assert (proposed.decision.about, proposed.decision.on_erasure) == ("customer", Erasing.DELETE)
    assert not proposed.questions
