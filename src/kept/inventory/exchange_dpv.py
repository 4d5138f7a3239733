"""The record of processing in the Data Privacy Vocabulary, as JSON-LD.

The context stands in the document: whoever reads it needs no network. Source: DPV 2.1, its
extension PD, and Dublin Core terms.
"""

from collections.abc import Iterable, Mapping

from kept.inventory.dataset import Dataset
from kept.inventory.exchange_dpv_entities import CONTROLLER, JOINTLY, entities, fragment, said
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


def as_json_ld(facts: Facts) -> Json:
    """Return the stores' personal data as DPV processes, one for each dataset.

    Names of our own are blank nodes or fragments of the document; concepts are DPV's.
    What is not known is left out: absence says nothing in linked data.
    """
    promised = facts.promised or Promised()
    personal = [each for each in facts.inventory.datasets if each.personal]
    return {
        "@context": _CONTEXT,
        "@graph": [
            *entities(facts, (each.client for each in personal if each.client)),
            *(_process(each, facts, promised) for each in personal),
            *_measures(promised),
        ],
    }


def _process(dataset: Dataset, facts: Facts, promised: Promised) -> Json:
    held = sorted({each for field in dataset.fields for each in field.holds if is_personal(each)})
    settings = facts.stores.get(dataset.id.store)
    told: Json = {
        "@id": fragment("process", dataset.id.store, dataset.id.name),
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
    measures: list[Json] = [{"@id": f"#measure-{each.promise}"} for each in promised.measures]
    if measures:
        told["dpv:hasTechnicalOrganisationalMeasure"] = measures
    for key, more in _stated(dataset, facts).items():
        there = told.get(key)
        told[key] = [*(there if isinstance(there, list) else []), *more]
    return told


def _stated(dataset: Dataset, facts: Facts) -> Mapping[str, list[Json]]:
    """Return what the settings say of a dataset, by property."""
    settings = facts.stores.get(dataset.id.store)
    system = (settings.system if settings is not None else "") or dataset.id.store
    client = dataset.client if dataset.held_as == PROCESSOR else ""
    told: dict[str, list[Json]] = {}
    for each in facts.recipients:
        if each.concern(system, dataset.about):
            node: Json = {"@id": fragment("recipient", each.name)}
            told.setdefault("dpv:hasRecipient", []).append(node)
    for one in facts.activities:
        if one.concern(system, dataset.about, client):
            for key, kind, wordings in (
                ("dpv:hasPurpose", "dpv:Purpose", one.purposes),
                ("dpv:hasStorageCondition", "dpv:StorageDuration", one.storage_periods),
                (
                    "dpv:hasTechnicalOrganisationalMeasure",
                    "dpv:TechnicalOrganisationalMeasure",
                    one.measures,
                ),
            ):
                told.setdefault(key, []).extend(
                    {"@type": kind, "dct:description": said(each)} for each in wordings
                )
    return {key: nodes for key, nodes in told.items() if nodes}


def _roles(dataset: Dataset) -> Json:
    if dataset.held_as == PROCESSOR:
        return {
            "dpv:hasDataController": {"@id": fragment("client", dataset.client)},
            "dpv:hasDataProcessor": {"@id": CONTROLLER},
        }
    if dataset.held_as == JOINT:
        return {"dpv:hasJointDataControllers": {"@id": JOINTLY}}
    return {"dpv:hasDataController": {"@id": CONTROLLER}}


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
