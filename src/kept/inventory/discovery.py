"""What the stores hold: what they say, what was seen, and what people decided, in one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from kept.inventory.catalog import Catalog, ForeignKey, Table
from kept.inventory.classification.classify import (
    FieldClassification,
    Spread,
    classify_fields,
    classify_many,
)
from kept.inventory.classification.surroundings import Neighbourhood
from kept.inventory.connector import Sample
from kept.inventory.datamap import (
    DataMap,
    DatasetDecision,
    FieldDecision,
    MinimumDecision,
    ReferenceDecision,
)
from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Field,
    Inventory,
    Minimum,
    Reference,
    State,
)
from kept.inventory.errors import DataMapReferenceError
from kept.jurisdictions.minimum import legal_minimums
from kept.settings.place import nearest
from kept.vocabulary.identifier_kind import CATEGORY_OF

Classifies = Callable[[Table, Sample, Neighbourhood], Mapping[str, FieldClassification]]


def inventory_of(
    catalogs: Iterable[Catalog],
    datamap: DataMap,
    samples: Mapping[DatasetId, Sample] | None = None,
    *,
    classifies: Classifies = classify_fields,
    spread: Spread = map,
) -> Inventory:
    """Return every dataset of the stores with everything known and decided about it.

    What a person decided stands. Everything else is looked at again each time: the
    fields that a decision does not speak of, and the datasets that nobody decided.
    Views are left out, unless ``datamap.toml`` lists them: their rows are those of
    tables. A materialised view is there: it keeps copies.

    Args:
        catalogs: Of the stores that answered.
        datamap: What people decided.
        samples: Values seen, by dataset. Without a sample, names alone are judged.
        classifies: Says what fields hold.
        spread: Shares the tables out; the inventory is the same whatever it is.

    Raises:
        DataMapReferenceError: A decision names a field or a dataset that does not exist.
    """
    samples = samples or {}
    by_store = {catalog.store: catalog for catalog in catalogs}
    look = _Look(by_store, datamap)
    listed = {
        DatasetId(catalog.store, table.name): table
        for catalog in by_store.values()
        for table in catalog.tables
        if table.keeps_rows or datamap.of(DatasetId(catalog.store, table.name))
    }
    held = _held(by_store.values(), listed, samples, classifies, spread)
    found = [
        _dataset(each, table, held[each], samples.get(each), look) for each, table in listed.items()
    ]
    there = {each.id for each in found}
    return Inventory(
        datasets=tuple(sorted(found, key=lambda each: each.id)),
        absent=tuple(
            sorted(
                each for each in datamap.datasets if each.store in by_store and each not in there
            )
        ),
    )


def _held(
    catalogs: Iterable[Catalog],
    listed: Mapping[DatasetId, Table],
    samples: Mapping[DatasetId, Sample],
    classifies: Classifies,
    spread: Spread,
) -> dict[DatasetId, Mapping[str, FieldClassification]]:
    """Return what each field of each dataset holds."""
    held: dict[DatasetId, Mapping[str, FieldClassification]] = {}
    for catalog in catalogs:
        around = Neighbourhood.of(catalog.tables)
        here = [each for each in listed if each.store == catalog.store]
        looked = [
            (listed[each], samples.get(each) or Sample.of_nothing(each.name)) for each in here
        ]
        if classifies is classify_fields:
            held.update(zip(here, classify_many(looked, around, spread=spread), strict=True))
        else:
            held.update(zip(here, (classifies(*each, around) for each in looked), strict=True))
    return held


class _Look:
    """What is needed beside the table itself to say what a dataset is."""

    def __init__(self, catalogs: Mapping[str, Catalog], datamap: DataMap) -> None:
        self.catalogs = catalogs
        self.datamap = datamap
        self._tables = {
            DatasetId(catalog.store, table.name): table
            for catalog in catalogs.values()
            for table in catalog.tables
        }

    def table(self, dataset: DatasetId) -> Table | None:
        """Return a dataset's structure, or ``None`` where it is not there or did not answer."""
        return self._tables.get(dataset)

    def leads_somewhere(self, store: str, key: ForeignKey) -> bool:
        """Return whether a foreign key leads to columns that exist: SQLite does not ask."""
        target = self.table(DatasetId(store, key.to))
        return (
            target is not None
            and len(key.fields) == len(key.to_fields)
            and target.has(key.to_fields)
        )


def _dataset(
    dataset: DatasetId,
    table: Table,
    held: Mapping[str, FieldClassification],
    sample: Sample | None,
    look: _Look,
) -> Dataset:
    decision = look.datamap.of(dataset)
    if decision is None:
        return Dataset(
            id=dataset,
            rows=None if sample is None else sample.rows,
            only_sampled=_in_part(sample),
            looked_at=0 if sample is None else sample.read,
            key=table.key,
            fields=tuple(_field(table, name, held, None) for name in _names(table)),
            references=_declared(dataset, table, look),
        )
    _names_exist(table, decision)
    return Dataset(
        id=dataset,
        state=decision.state,
        about=decision.about,
        held_as=decision.held_as,
        client=decision.client,
        rows=None if sample is None else sample.rows,
        only_sampled=_in_part(sample),
        looked_at=0 if sample is None else sample.read,
        key=table.key,
        fields=tuple(_field(table, name, held, decision) for name in _names(table)),
        on_erasure=decision.on_erasure,
        keep_reason=decision.keep_reason,
        minimum=_minimum(decision),
        references=_references(dataset, table, decision, look),
        reviewed_triggers=tuple(decision.reviewed_triggers.items()),
        identity_periods=decision.identity_periods,
    )


def _in_part(sample: Sample | None) -> bool:
    """Return whether values of a dataset were left unseen: rows not read, or values over the limit."""
    return (
        sample is None
        or sample.read < sample.rows
        or any(sample.distinct[each] > len(seen) for each, seen in sample.values.items())
    )


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


# ── fields ───────────────────────────────────────────────────────────────────


def _field(
    table: Table,
    name: str,
    held: Mapping[str, FieldClassification],
    decision: DatasetDecision | None,
) -> Field:
    seen = held.get(name, FieldClassification())
    field = Field(
        name=name,
        type=table.column(name).type,
        categories=seen.categories,
        decided_by=DecidedBy.DISCOVERY if seen.categories else DecidedBy.NOBODY,
        ambiguous=seen.ambiguous,
    )
    if decision is None:
        return field
    field = replace(
        field,
        identity=decision.identity.get(name),
        anchor=decision.anchors.get(name, ""),
    )
    written = decision.fields.get(name)
    return _as_identity(
        field if written is None else _as_written(field, written, decision), decision
    )


def _as_identity(field: Field, decision: DatasetDecision) -> Field:
    """Return a field with what it holds at least: an identifier of its kind.

    By an address that people are found by, they can also be reached, whatever its
    column is called.
    """
    if field.identity is None:
        return field
    least = CATEGORY_OF[field.identity]
    if any(least.covers(category) for category in field.holds):
        return field
    decided = DecidedBy.PERSON if decision.state is State.DECIDED else DecidedBy.DISCOVERY
    return replace(
        field,
        categories=(Classified(category=least, score=1.0), *field.categories),
        decided_by=decided,
    )


def _as_written(field: Field, written: FieldDecision, decision: DatasetDecision) -> Field:
    field = replace(
        field,
        source=written.source,
        of=written.of,
        author=written.author,
        protected=written.protected,
        disclosed=written.disclosed,
        not_disclosed_because=written.because,
    )
    if written.categories is None:
        return field
    seen = {each.category: each for each in field.categories}
    decided = decision.state is State.DECIDED
    return replace(
        field,
        # What discovery saw of a decided category stays with it as the reason; its score
        # is certain, for a person said so.
        categories=tuple(
            Classified(
                category=category,
                score=1.0 if decided or category not in seen else seen[category].score,
                because=seen[category].because if category in seen else (),
            )
            for category in written.categories
        ),
        decided_by=DecidedBy.PERSON if decided else DecidedBy.DISCOVERY,
        ambiguous=() if decided else field.ambiguous,
    )


# ── references ───────────────────────────────────────────────────────────────


def _declared(dataset: DatasetId, table: Table, look: _Look) -> tuple[Reference, ...]:
    """Return what the store enforces and nobody decided: it mentions, until somebody does."""
    return tuple(
        Reference(
            dataset=dataset,
            fields=key.fields,
            to=DatasetId(dataset.store, key.to),
            to_fields=key.to_fields,
            declared=True,
        )
        for key in table.foreign_keys
        if look.leads_somewhere(dataset.store, key)
    )


def _references(
    dataset: DatasetId, table: Table, decision: DatasetDecision, look: _Look
) -> tuple[Reference, ...]:
    enforced = _declared(dataset, table, look)
    written: list[Reference] = []
    for each in decision.references:
        if not _target_exists(dataset, each, look):
            continue
        written.append(
            Reference(
                dataset=dataset,
                fields=each.fields,
                to=each.to,
                to_fields=each.to_fields,
                whose=each.whose,
                direction=each.direction,
                decided=decision.state is State.DECIDED,
                declared=any(_same(each, key) for key in enforced),
            )
        )
    rest = (key for key in enforced if not any(_same(each, key) for each in decision.references))
    return (*written, *rest)


def _same(written: ReferenceDecision, key: Reference) -> bool:
    return written.to == key.to and set(zip(written.fields, written.to_fields, strict=True)) == set(
        zip(key.fields, key.to_fields, strict=True)
    )


def _target_exists(dataset: DatasetId, written: ReferenceDecision, look: _Look) -> bool:
    """Return whether a reference leads somewhere; refuse one that never can."""
    where = f"stores.{dataset.store}.datasets.{dataset.name}.references"
    target = look.table(written.to)
    if target is not None:
        for name in written.to_fields:
            _must_have(target, name, where)
        return True
    if written.to.store in look.catalogs and look.datamap.of(written.to) is None:
        known = [table.name for table in look.catalogs[written.to.store].tables]
        raise DataMapReferenceError(
            f"datamap.toml: {where} leads to {written.to.name!r}, which is not in the store"
            f" {written.to.store!r}",
            remedy=f"{nearest(written.to.name, known)} Correct the reference.".strip(),
        )
    # The store did not answer, or the table is gone and reported as absent: nothing is
    # there to be followed.
    return written.to.store not in look.catalogs


# ── what must be true of a decision ──────────────────────────────────────────


def _names_exist(table: Table, decision: DatasetDecision) -> None:
    at = f"stores.{decision.id.store}.datasets.{decision.id.name}"
    for name in decision.identity:
        _must_have(table, name, f"{at}.identity")
    for name in decision.anchors:
        _must_have(table, name, f"{at}.anchors")
    for name in decision.period_fields:
        _must_have(table, name, f"{at}.identity_period")
    for reference in decision.references:
        for name in reference.fields:
            _must_have(table, name, f"{at}.references")
    if decision.minimum is not None:
        _must_have(table, decision.minimum.counted_from, f"{at}.minimum.counted_from")
    for name, written in decision.fields.items():
        _must_have(table, name, f"{at}.fields")
        for key, whose in (("of", written.of), ("author", written.author)):
            if whose and not any(whose in each.fields for each in decision.references):
                known = [each for reference in decision.references for each in reference.fields]
                raise DataMapReferenceError(
                    f"datamap.toml: {at}.fields.{name}.{key} names {whose!r}, which is no"
                    " field of a reference of this dataset",
                    remedy=f"{nearest(whose, known)} Name a referring field.".strip(),
                )


def _must_have(table: Table, name: str, where: str) -> None:
    names = _names(table)
    if name not in names:
        raise DataMapReferenceError(
            f"datamap.toml: {where} names the field {name!r}, which {table.name!r} does not have",
            remedy=f"{nearest(name, names)} Correct the name in datamap.toml.".strip(),
        )


def _minimum(decision: DatasetDecision) -> Minimum | None:
    written = decision.minimum
    if written is None or written.written is not None:
        return None if written is None else written.written
    return _legal(written, decision.id)


def _legal(written: MinimumDecision, dataset: DatasetId) -> Minimum:
    law = legal_minimums().get(written.law)
    if law is None:
        raise DataMapReferenceError(
            f"datamap.toml: stores.{dataset.store}.datasets.{dataset.name}.minimum.law names"
            f" {written.law!r}, which is not known",
            remedy=nearest(written.law, legal_minimums())
            or "docs/reference/datamap.md lists every known minimum.",
        )
    return Minimum(
        id=law.id,
        keep_for=law.keep_for,
        counted_from=written.counted_from,
        from_year_end=law.from_year_end,
        reason=law.reason,
        provision=law.provision,
        afterwards=written.afterwards,
    )
