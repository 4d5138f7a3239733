"""What ``kept map`` says of the stores, as one document that programs read."""

from collections.abc import Iterable, Mapping, Sequence

from kept.inventory.catalog import Catalog
from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    Field,
    Inventory,
    Reference,
    State,
)
from kept.inventory.proposals import Proposal
from kept.inventory.scanned import Scanned
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind


def as_json(
    inventory: Inventory,
    catalogs: Iterable[Catalog],
    *,
    urls: Mapping[str, str],
    proposals: Sequence[Proposal] = (),
    undeclared: Iterable[tuple[DataCategory, DatasetId, str]] = (),
    scans: Mapping[DatasetId, Scanned] | None = None,
) -> dict[str, object]:
    """Return the map as JSON values; keys stand in the order that a reader expects.

    Where nobody decided, what discovery proposes is shown and marked as not decided.

    Args:
        inventory: What the stores hold.
        catalogs: Of the stores that answered.
        urls: Address of each store, without secrets.
        proposals: What discovery would decide.
        undeclared: What is held and not stated by the policy, and where.
        scans: The full scan of each dataset that has one.
    """
    proposed = {each.id: each for each in proposals}
    scanned = scans or {}
    return {
        "stores": [
            {
                "name": catalog.store,
                "url": urls.get(catalog.store, ""),
                "engine": catalog.engine,
                "unread": [{"name": name, "why": why} for name, why in catalog.unread],
                "datasets": [
                    _dataset(each, proposed.get(each.id), scanned.get(each.id))
                    for each in inventory.datasets
                    if each.id.store == catalog.store
                ],
            }
            for catalog in sorted(catalogs, key=lambda each: each.store)
        ],
        "undeclared": [
            {"category": category.value, "store": at.store, "dataset": at.name, "field": name}
            for category, at, name in undeclared
        ],
        "unlisted": [
            {"store": each.id.store, "dataset": each.id.name}
            for each in inventory.datasets
            if each.state is State.UNLISTED
        ],
        "absent": [{"store": each.store, "dataset": each.name} for each in inventory.absent],
    }


def _dataset(
    dataset: Dataset, proposal: Proposal | None, scanned: Scanned | None
) -> dict[str, object]:
    decision = None if proposal is None else proposal.decision
    open_ = dataset.state is State.UNLISTED and decision is not None
    erasing = decision.on_erasure if open_ and decision is not None else dataset.on_erasure
    return {
        "name": dataset.id.name,
        "rows": dataset.rows,
        "scanned": None if scanned is None else scanned.as_json(),
        "key": list(dataset.key),
        "fields": [_field(each, dataset, proposal) for each in dataset.fields],
        "state": dataset.state.value,
        "about": decision.about if open_ and decision is not None else dataset.about,
        "on_erasure": None if erasing is None else erasing.value,
        "questions": [] if proposal is None else list(proposal.questions),
    }


def _field(field: Field, dataset: Dataset, proposal: Proposal | None) -> dict[str, object]:
    identity = identity_of(field, dataset, proposal)
    return {
        "name": field.name,
        "type": field.type,
        "categories": [_classified(each) for each in field.categories],
        "ambiguous": [_classified(each) for each in field.ambiguous],
        "decided_by": field.decided_by.value,
        "source": field.source,
        "identity": None if identity is None else identity.value,
        "references": [
            _reference(each)
            for each in references_of(dataset, proposal)
            if field.name in each.fields
        ],
    }


def _classified(classified: Classified) -> dict[str, object]:
    return {
        "category": classified.category.value,
        "score": round(classified.score, 3),
        "because": [each.evidence for each in classified.because],
    }


def references_of(dataset: Dataset, proposal: Proposal | None) -> tuple[Reference, ...]:
    """Return a dataset's references as they stand, or as proposed where nobody wrote any."""
    if proposal is None or dataset.state is not State.UNLISTED:
        return dataset.references
    return tuple(
        Reference(
            dataset=dataset.id,
            fields=each.fields,
            to=each.to,
            to_fields=each.to_fields,
            whose=each.whose,
            direction=each.direction,
            declared=each.fields not in proposal.undeclared,
        )
        for each in proposal.decision.references
    )


def identity_of(field: Field, dataset: Dataset, proposal: Proposal | None) -> IdentifierKind | None:
    """Return by which identifier people are found in a field, as it stands or as proposed."""
    if proposal is None or dataset.state is not State.UNLISTED:
        return field.identity
    return proposal.decision.identity.get(field.name)


def _reference(reference: Reference) -> dict[str, object]:
    return {
        "fields": list(reference.fields),
        "store": reference.to.store,
        "dataset": reference.to.name,
        "to_fields": list(reference.to_fields),
        "whose": reference.whose.value,
        "direction": reference.direction.value,
        "decided": reference.decided,
        "declared": reference.declared,
    }
