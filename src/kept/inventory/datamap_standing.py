"""Which decisions still stand in stores that have changed under them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kept.inventory.catalog import Catalog, Table
from kept.inventory.datamap import DataMap, DatasetDecision, ReferenceDecision
from kept.inventory.dataset import DatasetId


def standing(datamap: DataMap, catalogs: Iterable[Catalog]) -> DataMap:
    """Return `datamap` without what names fields or datasets that the stores do not have.

    Only for saying what changed: whoever acts on decisions refuses one that leads nowhere.
    """
    tables = {
        DatasetId(catalog.store, table.name): table
        for catalog in catalogs
        for table in catalog.tables
    }
    return DataMap(
        datasets={
            name: each if name not in tables else _standing(each, tables)
            for name, each in datamap.datasets.items()
        }
    )


def _standing(decision: DatasetDecision, tables: Mapping[DatasetId, Table]) -> DatasetDecision:
    names = {each.name for each in tables[decision.id].columns}
    references = tuple(_leading(decision.references, names, tables))
    followed = {name for each in references for name in each.fields}
    minimum = decision.minimum
    return replace(
        decision,
        identity={name: kind for name, kind in decision.identity.items() if name in names},
        anchors={name: event for name, event in decision.anchors.items() if name in names},
        minimum=minimum if minimum is None or minimum.counted_from in names else None,
        references=references,
        identity_periods=tuple(
            each
            for each in decision.identity_periods
            if names.issuperset(filter(None, (each.field, each.since, each.until)))
        ),
        fields={
            name: replace(
                each,
                of=each.of if each.of in followed else "",
                author=each.author if each.author in followed else "",
            )
            for name, each in decision.fields.items()
            if name in names
        },
    )


def _leading(
    references: Iterable[ReferenceDecision],
    names: set[str],
    tables: Mapping[DatasetId, Table],
) -> Iterator[ReferenceDecision]:
    for each in references:
        target = tables.get(each.to)
        if names.issuperset(each.fields) and target is not None and target.has(each.to_fields):
            yield each
