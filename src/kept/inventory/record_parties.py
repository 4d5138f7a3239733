"""Who answers for the data, for whom they are held, and who speaks for them.

Source: GDPR Art. 30(1)(a) and (2)(a).
"""

from kept.inventory.record import JOINT, Facts, Item, Line
from kept.inventory.record_lines import item, origin, quotes
from kept.inventory.record_words import labelled, said
from kept.jurisdictions.economic_area import is_in_economic_area
from kept.settings import Client, Party


class _Told:
    """Lines and gaps while they are gathered."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.lines: list[Line] = []
        self.missing: list[str] = []

    def line(self, text: str, *, plain: bool = False) -> None:
        """Say something; `plain` is a name or an address, in no language."""
        language = "" if plain else self.language
        self.lines.append(
            Line(text=text, language=language, source=origin("settings", self.language))
        )

    def lack(self, key: str, **values: object) -> None:
        """Say what is missing."""
        self.missing.append(said("missing", key, self.language, **values))

    def party(self, role: str, party: Party | None) -> None:
        """Say who stands in a role, why nobody does, and how they are reached."""
        if party is None:
            return
        title = said("text", f"{role}_named", self.language)
        if party.not_needed:
            spoken, reason = party.not_needed.read_in(self.language)
            none = said("text", "not_needed", self.language)
            self.lines.append(
                Line(
                    text=labelled(title, f"{none} ({reason})", self.language),
                    language=self.language if spoken in {"", self.language} else "",
                    source=origin("settings", self.language),
                )
            )
            return
        told = ", ".join(filter(None, (party.name, party.contact)))
        self.line(labelled(title, told, self.language))
        if not party.contact:
            self.lack("party_contact", name=party.name)


def who(facts: Facts, language: str) -> Item:
    """Return who keeps the record, and who speaks for them."""
    told = _Told(language)
    _own(facts, told)
    told.lines += quotes(facts.promised.contacts if facts.promised else (), language)
    return item("1a", language, told.lines, told.missing)


def _own(facts: Facts, told: _Told) -> None:
    controller = facts.controller
    for key, text in (("name", controller.name), ("contact", controller.contact)):
        if text:
            told.line(text, plain=True)
        else:
            told.lack(key)
    if controller.establishment:
        told.line(said("text", "established", told.language, place=controller.establishment))
    for each in controller.joint:
        told.party("joint", each)
    shared = any(each.held_as == JOINT for each in facts.inventory.datasets)
    if shared and not controller.joint:
        told.lack("joint")
    told.party("representative", controller.representative)
    inside = is_in_economic_area(controller.establishment)
    if controller.representative is None and not inside:
        told.lack("representative")
    told.party("officer", controller.officer)
    if controller.officer is None:
        told.lack("officer")


def whose(facts: Facts, name: str, language: str) -> Item:
    """Return on whose behalf data is held, and who holds them."""
    controller = facts.controller
    own = _Told(language)
    own.party("processor", Party(name=controller.name or "?", contact=controller.contact))
    own.party("representative", controller.representative)
    own.party("officer", controller.officer)
    told = _Told(language)
    told.lines += own.lines  # what is missing of our own is said once, under 1(a)
    client = next((each for each in facts.clients if each.name == name), None)
    _client(name, client, told)
    return item("2a", language, told.lines, told.missing)


def _client(name: str, client: Client | None, told: _Told) -> None:
    title = said("text", "client_named", told.language)
    contact = client.contact if client is not None else ""
    told.line(labelled(title, ", ".join(filter(None, (name, contact))), told.language))
    if not contact:
        told.lack("client")
    if client is None or client.officer is None:
        told.lack("client_officer")
    if client is not None:
        told.party("representative", client.representative)
        told.party("officer", client.officer)
