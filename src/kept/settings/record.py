"""What only the company knows of its processing, for the record that law asks for.

Source: GDPR Art. 30(1) and (2).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from kept.settings.controller import Party, party_of
from kept.settings.place import nearest
from kept.settings.section import Section
from kept.settings.wording import Wording

_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|EEA")

ROLES = ("processor", "controller", "joint controller", "authority")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who gets personal data (Art. 4(9)), a processor of ours among them.

    Attributes:
        name: Who.
        role: ``"processor"``, ``"controller"``, ``"joint controller"``, ``"authority"`` or empty.
        kind: Which category of recipient they are: "payment service".
        gets: What they get the data for.
        contact: Address that people write to.
        country: ISO 3166-1 code of where they get it, or empty.
        safeguard: On what it may go there, where that is a third country (Art. 44 to 49).
        systems: From which systems; empty for all.
        about: Data about whom, as ``datamap.toml`` says it; empty for all.
    """

    name: str
    role: str = ""
    kind: Wording = field(default_factory=Wording)
    gets: Wording = field(default_factory=Wording)
    contact: str = ""
    country: str = ""
    safeguard: Wording = field(default_factory=Wording)
    systems: tuple[str, ...] = ()
    about: tuple[str, ...] = ()

    def concern(self, system: str, about: str) -> bool:
        """Return whether they get data about somebody from a system."""
        return (not self.systems or system in self.systems) and (
            not self.about or about in self.about
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A controller on whose behalf data is held (Art. 30(2)(a)).

    Attributes:
        name: As ``client`` in ``datamap.toml`` has it.
        contact: Address that people write to.
        representative: Theirs in the Union, where they have one.
        officer: Their data protection officer, where they have one.
        processing: Which categories of processing are carried out for them.
    """

    name: str
    contact: str = ""
    representative: Party | None = None
    officer: Party | None = None
    processing: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySettings:
    """What a company says of one activity, or of several at once.

    Attributes:
        system: Of which system; empty for all.
        about: About whose data, as ``datamap.toml`` says it; empty for all.
        client: For which client; empty for all, and for what is held for nobody.
        purposes: What the data are used for.
        storage_periods: After what time they are erased.
        measures: How they are protected.
    """

    system: str = ""
    about: str = ""
    client: str = ""
    purposes: tuple[Wording, ...] = ()
    storage_periods: tuple[Wording, ...] = ()
    measures: tuple[Wording, ...] = ()

    def concern(self, system: str, about: str, client: str) -> bool:
        """Return whether this speaks of an activity."""
        return (
            self.system in {"", system}
            and self.about in {"", about}
            and self.client in {"", client}
        )


def recipients_of(sections: Iterable[Section], systems: Collection[str]) -> tuple[Recipient, ...]:
    """Return what each ``[[recipients]]`` says.

    Args:
        sections: The tables.
        systems: Which systems there are.

    Raises:
        SettingsError: A value is not what it should be, or a system is not there.
    """
    found = []
    for section in sections:
        section.of("recipients")
        _known("systems", section.texts("systems"), systems, section)
        found.append(
            Recipient(
                name=section.text("name"),
                role=section.one_of("role", ROLES, ""),
                kind=section.said("kind"),
                gets=section.said("gets"),
                contact=section.text("contact", ""),
                country=_country(section),
                safeguard=section.said("safeguard"),
                systems=section.texts("systems"),
                about=section.texts("about"),
            )
        )
    return tuple(found)


def clients_of(sections: Iterable[Section]) -> tuple[Client, ...]:
    """Return what each ``[[clients]]`` says.

    Raises:
        SettingsError: A value is not what it should be, or a client is named twice.
    """
    found: dict[str, Client] = {}
    for section in sections:
        section.of("clients")
        name = section.text("name")
        if name in found:
            raise section.wrong("name", f"names {name!r}, which is there already")
        found[name] = Client(
            name=name,
            contact=section.text("contact", ""),
            representative=party_of(section, "representative"),
            officer=party_of(section, "officer"),
            processing=section.all_said("processing"),
        )
    return tuple(found.values())


def activities_of(
    sections: Iterable[Section], systems: Collection[str]
) -> tuple[ActivitySettings, ...]:
    """Return what each ``[[activities]]`` says.

    Raises:
        SettingsError: A value is not what it should be, or a system is not there.
    """
    found = []
    for section in sections:
        section.of("activities")
        system = section.text("system", "")
        _known("system", (system,) if system else (), systems, section)
        found.append(
            ActivitySettings(
                system=system,
                about=section.text("about", ""),
                client=section.text("client", ""),
                purposes=section.all_said("purposes"),
                storage_periods=section.all_said("storage_periods"),
                measures=section.all_said("measures"),
            )
        )
    return tuple(found)


def _country(section: Section) -> str:
    country = section.text("country", "").strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise section.wrong("country", "is no ISO 3166-1 code", "Write two letters, as in DE.")
    return country


def _known(key: str, named: Iterable[str], systems: Collection[str], section: Section) -> None:
    for each in named:
        if each not in systems:
            raise section.wrong(
                key,
                f"names {each!r}, which is the system of no store",
                f"{nearest(each, systems)} A store without a system is one by its own name.".strip(),
            )
