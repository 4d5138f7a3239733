"""The inventory in the words of Fides: dataset and system manifests.

Source: fideslang 3, models ``Dataset``, ``DatasetCollection``, ``DatasetField``, ``FidesMeta``,
``System`` and ``PrivacyDeclaration``.
"""

import re
from collections.abc import Iterable, Mapping

from kept.inventory.dataset import Dataset, Direction, Field, Reference, Whose
from kept.inventory.promised import Promised, Words, speaking_of
from kept.inventory.record import PROCESSOR, Facts
from kept.settings import Party
from kept.vocabulary.data_category import DataCategory, is_personal, is_special
from kept.vocabulary.fideslang import category_of_fides, fides_category
from kept.vocabulary.purpose import Purpose

Json = dict[str, object]

SUBJECTS: Mapping[str, str] = {
    "customer": "customer",
    "user": "customer",
    "staff": "employee",
    "employee": "employee",
    "applicant": "job_applicant",
    "contractor": "consultant",
    "supplier": "supplier_vendor",
    "visitor": "visitor",
    "prospect": "prospect",
    "patient": "patient",
    "anybody": "anonymous_user",
}
"""Keys of fideslang's data subjects, by what ``about`` says."""

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9_.<>-]+")


def fides_key(name: str) -> str:
    """Return a name as Fides takes keys: letters, digits, ``_``, ``.``, ``-``.

    Examples:
        >>> fides_key("Web shop (EU)")
        'Web_shop_EU_'
    """
    return _NOT_IN_KEYS.sub("_", name) or "_"


def dataset_manifests(facts: Facts) -> Mapping[str, Json]:
    """Return a dataset manifest for each store, by the store's key."""
    stores: dict[str, list[Dataset]] = {}
    for each in facts.inventory.datasets:
        stores.setdefault(each.id.store, []).append(each)
    return {
        fides_key(store): {
            "dataset": [
                {
                    "fides_key": fides_key(store),
                    "organization_fides_key": "default_organization",
                    "name": store,
                    "description": f"Store {store}, as mapped by Kept",
                    "meta": {"kept": _kept(datasets)},
                    "collections": [_collection(each) for each in datasets],
                }
            ]
        }
        for store, datasets in stores.items()
    }


def _kept(datasets: Iterable[Dataset]) -> Json:
    """Return what fideslang has no word for, so that it comes back as it was."""
    known = list(datasets)
    finer = {
        each.id.name: {
            field.name: sorted(held.value for held in field.holds)
            for field in each.fields
            if {category_of_fides(fides_category(held)) for held in field.holds} != field.holds
        }
        for each in known
    }
    return {
        "about": {each.id.name: each.about for each in known},
        "categories": {name: fields for name, fields in finer.items() if fields},
    }


def _collection(dataset: Dataset) -> Json:
    told: Json = {"name": dataset.id.name}
    if dataset.about:
        told["description"] = f"About: {dataset.about}"
    retention = _retention(dataset)
    if retention:
        told["retention"] = retention
    told["fields"] = [_field(each, dataset) for each in dataset.fields]
    return told


def _retention(dataset: Dataset) -> str:
    if dataset.minimum is not None:
        minimum = dataset.minimum
        return f"{minimum.keep_for.count} {minimum.keep_for.unit.value}s ({minimum.provision})"
    return dataset.keep_reason


def _field(field: Field, dataset: Dataset) -> Json:
    told: Json = {"name": field.name, "description": field.type}
    if field.categories:
        told["data_categories"] = sorted({fides_category(each) for each in field.holds})
    meta: Json = {}
    if field.name in dataset.key:
        meta["primary_key"] = True
    if field.identity is not None:
        meta["identity"] = field.identity.value
    references = [
        _reference(each, field.name)
        for each in dataset.references
        if field.name in each.fields and each.whose is not Whose.REFERENCED
    ]
    if references:
        meta["references"] = references
    if meta:
        told["fides_meta"] = meta
    return told


def _reference(reference: Reference, field: str) -> Json:
    target = reference.to_fields[reference.fields.index(field)]
    # Fides says which way its search goes: "from" is out of the other collection into this.
    backward = reference.direction is Direction.BACKWARD
    return {
        "dataset": fides_key(reference.to.store),
        "field": f"{reference.to.name}.{target}",
        "direction": "from" if backward else "to",
    }


def system_manifests(facts: Facts) -> Mapping[str, Json]:
    """Return a system manifest for each system, by its key; a store without one is its own.

    What the policy does not say is left out: a purpose that nobody states is no privacy
    declaration.
    """
    systems: dict[str, list[Dataset]] = {}
    for each in facts.inventory.datasets:
        systems.setdefault(_system_of(each, facts), []).append(each)
    return {
        fides_key(name): {"system": [_system(name, datasets, facts)]}
        for name, datasets in systems.items()
    }


def _system(name: str, datasets: list[Dataset], facts: Facts) -> Json:
    personal = [each for each in datasets if each.personal]
    promised = facts.promised or Promised()
    roles = {"Processor" if each.held_as == PROCESSOR else "Controller" for each in personal}
    told: Json = {
        "fides_key": fides_key(name),
        "organization_fides_key": "default_organization",
        "name": name,
        "description": f"System {name}, as mapped by Kept",
        "system_type": "Service",
        "dataset_references": sorted({fides_key(each.id.store) for each in datasets}),
        "processes_personal_data": bool(personal),
        "responsibility": sorted(roles),
        "legal_name": facts.controller.name or None,
        "dpo": _reached(facts.controller.officer),
        "joint_controller_info": "; ".join(filter(None, map(_reached, facts.controller.joint)))
        or None,
        "data_security_practices": _joined(promised.measures) or None,
        "privacy_declarations": _declarations(personal, facts),
    }
    return {key: value for key, value in told.items() if value is not None}


def _reached(party: Party | None) -> str | None:
    """Return who somebody is and how they are reached, ``None`` where nobody is named."""
    if party is None:
        return None
    return ", ".join(filter(None, (party.name, party.contact))) or None


def _declarations(datasets: list[Dataset], facts: Facts) -> list[Json]:
    spoken = [each for each in datasets if facts.speaks_of(each)]
    held = sorted(
        {
            category
            for each in spoken
            for field in each.fields
            for category in field.holds
            if is_personal(category)
        }
    )
    promised = facts.promised
    if promised is None or not held:
        return []
    uses: dict[Purpose, list[Words]] = {}
    for words in promised.purposes:
        if words.general or words.name(held):
            for purpose in words.purposes:
                uses.setdefault(purpose, []).append(words)
    system, people = _system_of(spoken[0], facts), {each.about for each in spoken}
    named = [
        each.name for each in facts.recipients if any(each.concern(system, one) for one in people)
    ]
    return [_declaration(use, words, held, spoken, promised, named) for use, words in uses.items()]


def _system_of(dataset: Dataset, facts: Facts) -> str:
    settings = facts.stores.get(dataset.id.store)
    return (settings.system if settings is not None else "") or dataset.id.store


def _declaration(
    use: Purpose,
    words: list[Words],
    held: list[DataCategory],
    datasets: list[Dataset],
    promised: Promised,
    getting: Iterable[str],
) -> Json:
    named = {each for one in words for each in held if one.name([each])}
    categories = sorted(named) or held
    periods = [each.at_most for each in promised.periods if each.at_most and each.name(categories)]
    said = _joined(speaking_of(promised.recipients, categories))
    recipients = "; ".join(filter(None, (*getting, said)))
    told: Json = {
        "name": " ".join(words[0].quote.split()),
        "data_use": use.value,
        "data_categories": sorted({fides_category(each) for each in categories}),
        "data_subjects": _subjects(datasets),
        "dataset_references": sorted({fides_key(each.id.store) for each in datasets}),
        "processes_special_category_data": any(map(is_special, categories)),
        "data_shared_with_third_parties": bool(recipients),
    }
    if recipients:
        told["third_parties"] = recipients
    if periods:
        told["retention_period"] = "; ".join(dict.fromkeys(periods))
    return told


def _subjects(datasets: Iterable[Dataset]) -> list[str]:
    return sorted({SUBJECTS.get(each.about, fides_key(each.about)) for each in datasets})


def _joined(words: Iterable[Words]) -> str:
    return "; ".join(" ".join(each.quote.split()) for each in words)
