"""Who has to do with the data, as nodes of the Data Privacy Vocabulary.

Source: DPV 2.1, modules *entities*, *entities-legalrole* and *jurisdiction*.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from kept.inventory.record import JOINT, Facts
from kept.jurisdictions.economic_area import is_in_economic_area
from kept.settings import Client, Party, Recipient, Wording

Json = dict[str, object]

CONTROLLER = "#controller"
JOINTLY = "#jointly"

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
_ROLES: Mapping[str, str] = {
    "processor": "dpv:DataProcessor",
    "controller": "dpv:DataController",
    "joint controller": "dpv:DataController",
    "authority": "dpv:Authority",
}


def entities(facts: Facts, clients: Iterable[str]) -> Iterator[Json]:
    """Yield whoever answers for the data, gets them, or has them held.

    Args:
        facts: What is known.
        clients: Names of those for whom data is held.
    """
    controller = facts.controller
    yield {
        "@id": CONTROLLER,
        "@type": "dpv:DataController",
        **_reached(Party(name=controller.name, contact=controller.contact)),
        **_speaking(controller.representative, controller.officer),
    }
    if any(each.held_as == JOINT for each in facts.inventory.datasets):
        others: list[Json] = [
            {"@type": "dpv:DataController", **_reached(each)} for each in controller.joint
        ]
        yield {
            "@id": JOINTLY,
            "@type": "dpv:JointDataControllers",
            "dpv:hasDataController": [{"@id": CONTROLLER}, *others],
        }
    known = {each.name: each for each in facts.clients}
    for name in sorted(set(clients)):
        yield _client(name, known.get(name))
    for each in facts.recipients:
        yield _recipient(each)


def fragment(kind: str, *names: str) -> str:
    """Return the id of a node of our own: two names never become one."""
    return ".".join([f"#{kind}", *map(_safe, names)])


def said(wording: Wording) -> list[Json]:
    """Return a statement as literals, each with its language where it has one."""
    return [
        {"@value": text, **({"@language": language} if language else {})}
        for language, text in wording.texts
    ]


def _safe(name: str) -> str:
    safe = _NOT_IN_NAMES.sub("-", name)
    return safe if safe == name else f"{safe}-{name.encode().hex()[-12:]}"


def _reached(party: Party) -> Json:
    return {
        **({"dpv:hasName": party.name} if party.name else {}),
        **({"dpv:hasContact": party.contact} if party.contact else {}),
    }


def _speaking(representative: Party | None, officer: Party | None) -> Json:
    told: Json = {}
    for key, kind, party in (
        ("dpv:hasRepresentative", "dpv:Representative", representative),
        ("dpv:hasDataProtectionOfficer", "dpv:DataProtectionOfficer", officer),
    ):
        if party is not None and not party.not_needed:
            told[key] = {"@type": kind, **_reached(party)}
    return told


def _client(name: str, client: Client | None) -> Json:
    told: Json = {
        "@id": fragment("client", name),
        "@type": "dpv:DataController",
        "dpv:hasName": name,
    }
    if client is not None:
        told.update(_reached(Party(name=name, contact=client.contact)))
        told.update(_speaking(client.representative, client.officer))
    return told


def _recipient(recipient: Recipient) -> Json:
    told: Json = {
        "@id": fragment("recipient", recipient.name),
        "@type": _ROLES.get(recipient.role, "dpv:Recipient"),
        **_reached(Party(name=recipient.name, contact=recipient.contact)),
    }
    described = [*said(recipient.kind), *said(recipient.gets)]
    if described:
        told["dct:description"] = described
    if recipient.country:
        third = not is_in_economic_area(recipient.country)
        told["dpv:hasThirdCountry" if third else "dpv:hasCountry"] = {
            "@type": "dpv:ThirdCountry" if third else "dpv:Country",
            "dct:identifier": recipient.country,
        }
    if recipient.safeguard:
        told["dpv:hasOrganisationalMeasure"] = {
            "@type": "dpv:SafeguardForDataTransfer",
            "dct:description": said(recipient.safeguard),
        }
    return told
