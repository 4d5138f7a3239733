"""Who answers for the data, and who speaks for them."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kept.settings.place import nearest
from kept.settings.section import Section
from kept.settings.wording import Wording

KNOWN_LAWS = ("eu-gdpr", "uk-gdpr", "us-ca-ccpa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody with a name and an address: GDPR Art. 30(1)(a) asks for both.

    Attributes:
        name: A person's, or a company's.
        contact: Address that people write to.
        not_needed: Why there is nobody, where the law does not ask for one.
    """

    name: str = ""
    contact: str = ""
    not_needed: Wording = field(default_factory=Wording)

    def __bool__(self) -> bool:
        return bool(self.name or self.contact or self.not_needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Who answers for the data (GDPR Art. 4(7)).

    Attributes:
        name: Name of the company.
        contact: Address that people write to.
        establishment: ISO 3166-1 code, with a subdivision where holidays differ.
        laws: Identifiers of the laws that apply, for example ``"eu-gdpr"``.
        timezone: IANA zone in which days are counted.
        representative: In the Union, of a company outside it (Art. 27).
        officer: The data protection officer (Art. 37).
        joint: Those with whom it decides (Art. 26).
    """

    name: str
    contact: str = ""
    establishment: str = ""
    laws: tuple[str, ...] = ()
    timezone: str = "UTC"
    representative: Party | None = None
    officer: Party | None = None
    joint: tuple[Party, ...] = ()


def controller_of(section: Section) -> Controller:
    """Return what ``[controller]`` says.

    Raises:
        SettingsError: A value is not what it should be.
    """
    section.of("controller")
    laws = section.table.get("laws", [])
    if not isinstance(laws, list) or not all(isinstance(law, str) for law in laws):
        raise section.wrong("laws", 'must be a list such as ["eu-gdpr"]')
    for law in laws:
        if law not in KNOWN_LAWS:
            raise section.wrong(
                "laws", f"names {law!r}, which is not known; {nearest(law, KNOWN_LAWS, least=0.0)}"
            )
    return Controller(
        name=section.text("name", ""),
        contact=section.text("contact", ""),
        establishment=section.text("establishment", ""),
        laws=tuple(laws),
        timezone=_timezone(section),
        representative=party_of(section, "representative"),
        officer=party_of(section, "officer"),
        joint=tuple(_joint(each) for each in section.list("joint")),
    )


def _timezone(section: Section) -> str:
    name = section.text("timezone", "UTC")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise section.wrong(
            "timezone", f"names {name!r}, which is no zone", "Write it as in Europe/Berlin."
        ) from None


def _joint(section: Section) -> Party:
    section.of("controller.joint")
    return Party(name=section.text("name"), contact=section.text("contact", ""))


def party_of(section: Section, key: str) -> Party | None:
    """Return who is named under `key`, ``None`` where nobody speaks of it.

    Raises:
        SettingsError: It names somebody and says that nobody is needed, or neither.
    """
    if key not in section.table:
        return None
    below = section.below(key).of(f"controller.{key}")
    party = Party(
        name=below.text("name", ""),
        contact=below.text("contact", ""),
        not_needed=below.said("not_needed"),
    )
    if bool(party.name or party.contact) is bool(party.not_needed):
        raise section.wrong(key, "must say name and contact, or why there is none in not_needed")
    return party
