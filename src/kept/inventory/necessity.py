"""Which personal fields nobody seems to need: always empty, or never read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Sample
from kept.inventory.dataset import Dataset, DatasetId, Inventory


class Why(StrEnum):
    """Why a field seems to be needed by nobody."""

    ALWAYS_EMPTY = "always empty"
    NEVER_READ = "never read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unneeded:
    """A field of a dataset with personal data that nobody seems to need.

    Attributes:
        dataset: Where.
        field: Which; empty where the whole dataset is meant.
        why: What speaks for it.
        proven: Whether all rows were looked at, or the engine counts it itself. Else only
            a sample was read.
        evidence: What was seen, in counts.
    """

    dataset: DatasetId
    field: str
    why: Why
    proven: bool
    evidence: str


def unneeded(
    inventory: Inventory,
    catalogs: Iterable[Catalog],
    samples: Mapping[DatasetId, Sample],
) -> tuple[Unneeded, ...]:
    """Return the fields of datasets with personal data that nobody seems to need.

    An empty dataset says nothing of its fields. That it is advice and no violation is for
    the reader to know: duties speak of fields that are populated.
    """
    tables = {
        DatasetId(catalog.store, table.name): table
        for catalog in catalogs
        for table in catalog.tables
    }
    return tuple(
        each
        for dataset in inventory.datasets
        if dataset.personal
        for each in _of(dataset, tables.get(dataset.id), samples.get(dataset.id))
    )


def _of(dataset: Dataset, table: Table | None, sample: Sample | None) -> Iterator[Unneeded]:
    if table is not None and table.never_read:
        yield Unneeded(
            dataset=dataset.id,
            field="",
            why=Why.NEVER_READ,
            proven=True,
            evidence="the engine counts no read of it since its statistics began",
        )
    for field in dataset.fields:
        if table is not None and field.name in table.always_null:
            yield _empty(
                dataset.id, field.name, "the engine says that every row is null", proven=True
            )
        elif sample is not None and _empty_in(sample, field.name):
            whole = sample.rows_exact and sample.read >= sample.rows
            seen = f"empty in all {sample.read} rows"
            yield _empty(
                dataset.id,
                field.name,
                seen if whole else f"{seen} read of {sample.rows}: only sampled",
                proven=whole,
            )


def _empty_in(sample: Sample, field: str) -> bool:
    read = sample.read > 0 and field not in sample.unread and field in sample.nulls
    return read and sample.nulls[field] >= sample.read


def _empty(dataset: DatasetId, field: str, evidence: str, *, proven: bool) -> Unneeded:
    return Unneeded(
        dataset=dataset, field=field, why=Why.ALWAYS_EMPTY, proven=proven, evidence=evidence
    )
