"""One look at a store as it is kept for the next: names, types, categories and counts."""

from collections.abc import Iterable, Mapping
from typing import Any

from kept.inventory.catalog import Catalog
from kept.inventory.change import SeenDataset, SeenField, SeenStore
from kept.inventory.connector import Sample
from kept.inventory.dataset import Dataset, DatasetId, Field, Inventory
from kept.inventory.shape import Shape, shape_of

FORMAT = 1
"""Of the JSON form; one that is not known is read as no look at all."""


def seen_stores(
    inventory: Inventory,
    catalogs: Iterable[Catalog],
    samples: Mapping[DatasetId, Sample],
) -> tuple[SeenStore, ...]:
    """Return what a look at the stores showed, without a value, by store."""
    return tuple(
        SeenStore(
            store=catalog.store,
            engine=catalog.engine,
            datasets=tuple(
                _dataset(each, samples.get(each.id))
                for each in inventory.datasets
                if each.id.store == catalog.store
            ),
            unread=tuple(name for name, _ in catalog.unread),
        )
        for catalog in sorted(catalogs, key=lambda each: each.store)
    )


def _dataset(dataset: Dataset, sample: Sample | None) -> SeenDataset:
    return SeenDataset(
        name=dataset.id.name,
        rows=dataset.rows,
        sampled=sample is not None,
        fields=tuple(_field(each, sample) for each in dataset.fields),
    )


def _field(field: Field, sample: Sample | None) -> SeenField:
    return SeenField(
        name=field.name,
        type=field.type,
        categories={each.category.value: round(each.score, 3) for each in field.categories},
        shape=_shape(field.name, sample),
    )


def _shape(name: str, sample: Sample | None) -> Shape | None:
    if sample is None or name not in sample.values:
        return None
    return shape_of(
        sample.values[name],
        read=sample.read,
        nulls=sample.nulls.get(name, 0),
        distinct=sample.distinct.get(name, 0),
    )


def as_kept(seen: SeenStore) -> dict[str, Any]:
    """Return a look as JSON values, for our own database."""
    return {
        "format": FORMAT,
        "engine": seen.engine,
        "unread": list(seen.unread),
        "datasets": [
            {
                "name": each.name,
                "rows": each.rows,
                "sampled": each.sampled,
                "fields": [
                    [field.name, field.type, dict(field.categories), _shape_kept(field.shape)]
                    for field in each.fields
                ],
            }
            for each in seen.datasets
        ],
    }


def _shape_kept(shape: Shape | None) -> list[str | float] | None:
    if shape is None:
        return None
    return [shape.kind, shape.nulls, shape.distinct, shape.length, shape.digits, shape.letters]


def from_kept(store: str, kept: Mapping[str, Any]) -> SeenStore | None:
    """Return a look from its JSON values; ``None`` where another version wrote them."""
    if kept.get("format") != FORMAT:
        return None
    return SeenStore(
        store=store,
        engine=kept["engine"],
        unread=tuple(kept["unread"]),
        datasets=tuple(
            SeenDataset(
                name=each["name"],
                rows=each["rows"],
                sampled=each["sampled"],
                fields=tuple(
                    SeenField(
                        name=name, type=type_, categories=categories, shape=_shape_from(shape)
                    )
                    for name, type_, categories, shape in each["fields"]
                ),
            )
            for each in kept["datasets"]
        ),
    )


def _shape_from(kept: list[Any] | None) -> Shape | None:
    if kept is None:
        return None
    kind, nulls, distinct, length, digits, letters = kept
    return Shape(
        kind=kind, nulls=nulls, distinct=distinct, length=length, digits=digits, letters=letters
    )
