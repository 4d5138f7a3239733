"""The record of processing in the Data Privacy Vocabulary, as JSON-LD.

The context stands in the document: whoever reads it needs no network. Source: DPV 2.1, its
extension PD, and Dublin Core terms.
"""

import re
from collections.abc import Iterable

from kept.inventory.dataset import Dataset
from kept.inventory.promised import Promised, Words, speaking_of
from kept.inventory.record import JOINT, PROCESSOR, Facts
from kept.vocabulary.data_category import DataCategory, is_personal, is_special
from kept.vocabulary.dpv import DPV, PD, data_iri, purpose_iri

Json = dict[str, object]

_CONTEXT: Json = {
    "dpv": DPV,
    "pd": PD,
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


def as_json_ld(facts: Facts) -> Json:
    """Return the stores' personal data as DPV processes, one for each dataset.

    Names of our own are blank nodes or fragments of the document; concepts are DPV's.
    What is not known is left out: absence says nothing in linked data.
    """
    promised = facts.promised or Promised()
    controller: Json = {
        "@id": "#controller",
        "@type": "dpv:DataController",
        **({"dpv:hasName": facts.controller.name} if facts.controller.name else {}),
        **({"dpv:hasContact": facts.controller.contact} if facts.controller.contact else {}),
    }
    personal = [each for each in facts.inventory.datasets if each.personal]
    return {
        "@context": _CONTEXT,
        "@graph": [
            controller,
            *(_client(each) for each in sorted({one.client for one in personal if one.client})),
            *(_process(each, facts, promised) for each in personal),
            *_measures(promised),
        ],
    }


def _client(name: str) -> Json:
    return {"@id": _client_id(name), "@type": "dpv:DataController", "dpv:hasName": name}


def _client_id(name: str) -> str:
    return f"#client-{_fragment(name)}"


def _fragment(name: str) -> str:
    # Two names that differ in a sign must not become one node.
    safe = _NOT_IN_NAMES.sub("-", name)
    return safe if safe == name else f"{safe}-{name.encode().hex()[-12:]}"


def _process(dataset: Dataset, facts: Facts, promised: Promised) -> Json:
    held = sorted({each for field in dataset.fields for each in field.holds if is_personal(each)})
    settings = facts.stores.get(dataset.id.store)
    told: Json = {
        "@id": f"#process-{_fragment(dataset.id.store)}-{_fragment(dataset.id.name)}",
        "@type": "dpv:Process",
        "dct:title": str(dataset.id),
        "dpv:hasProcessing": {"@id": "dpv:Store"},
        "dpv:hasPersonalData": [_data(each) for each in held],
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:title": dataset.about},
        **_roles(dataset),
    }
    if settings is not None and settings.region:
        told["dpv:hasLocation"] = {"@type": "dpv:StorageLocation", "dct:title": settings.region}
    if facts.promised is not None and facts.speaks_of(dataset):
        told.update(_said(held, promised))
    if promised.measures:
        told["dpv:hasTechnicalOrganisationalMeasure"] = [
            {"@id": f"#measure-{each.promise}"} for each in promised.measures
        ]
    return told


def _roles(dataset: Dataset) -> Json:
    if dataset.held_as == PROCESSOR:
        return {
            "dpv:hasDataController": {"@id": _client_id(dataset.client)},
            "dpv:hasDataProcessor": {"@id": "#controller"},
        }
    role = "hasJointDataControllers" if dataset.held_as == JOINT else "hasDataController"
    return {f"dpv:{role}": {"@id": "#controller"}}


def _data(category: DataCategory) -> Json:
    kinds = [data_iri(category)]
    if is_special(category):
        kinds.append(f"{DPV}SpecialCategoryPersonalData")
    return {"@type": kinds, "dct:identifier": category.value}


def _said(held: Iterable[DataCategory], promised: Promised) -> Json:
    wanted = list(held)
    told: Json = {}
    purposes = [
        {"@type": purpose_iri(purpose), "dct:description": _quoted(each)}
        for each in promised.purposes
        if each.general or each.name(wanted)
        for purpose in each.purposes
    ]
    if purposes:
        told["dpv:hasPurpose"] = purposes
    recipients = speaking_of(promised.recipients, wanted)
    if recipients:
        told["dpv:hasRecipient"] = [
            {"@type": "dpv:Recipient", "dct:description": _quoted(each)} for each in recipients
        ]
    periods = [each for each in promised.periods if each.name(wanted)]
    if periods:
        told["dpv:hasStorageCondition"] = [
            {"@type": "dpv:StorageDuration", "dct:description": _quoted(each)} for each in periods
        ]
    return told


def _measures(promised: Promised) -> list[Json]:
    return [
        {
            "@id": f"#measure-{each.promise}",
            "@type": "dpv:TechnicalOrganisationalMeasure",
            "dct:description": _quoted(each),
        }
        for each in promised.measures
    ]


def _quoted(words: Words) -> Json:
    return {"@value": " ".join(words.quote.split()), "@language": words.language}
