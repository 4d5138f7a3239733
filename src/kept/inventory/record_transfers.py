"""Who gets the data, in which countries they are, and on what they may be there.

Source: GDPR Art. 30(1)(d) and (e), (2)(c).
"""

from collections.abc import Sequence

from kept.inventory.dataset import Dataset
from kept.inventory.record import Facts, Item, Line
from kept.inventory.record_lines import item, origin
from kept.inventory.record_words import labelled, said
from kept.jurisdictions.economic_area import is_in_economic_area
from kept.settings import Recipient, Wording


def recipient_line(recipient: Recipient, language: str) -> Line:
    """Return who somebody is that gets data, and for what."""
    spoken = [each.read_in(language) for each in (recipient.kind, recipient.gets) if each]
    name = ", ".join(filter(None, (recipient.name, recipient.contact)))
    described = ". ".join(text for _, text in spoken)
    foreign = any(each not in {"", language} for each, _ in spoken)
    return Line(
        text=labelled(name, described, language) if described else name,
        language="" if foreign or not spoken else language,
        source=origin("settings", language),
        key=recipient.country,
        marks=(said("recipient", recipient.role, language),) if recipient.role else (),
    )


def transfers(
    key: str,
    facts: Facts,
    language: str,
    datasets: Sequence[Dataset],
    recipients: Sequence[Recipient],
    words: Sequence[Line],
) -> Item:
    """Return in which countries the data of an activity are, and what is missing of it.

    Args:
        key: ``"1e"`` or ``"2c"``.
        facts: What the record is made from.
        language: Of the record.
        datasets: The activity's.
        recipients: Who gets its data.
        words: What the policy says of transfers.
    """
    told = _Transfers(language, said_by_policy=bool(words))
    for store in sorted({each.id.store for each in datasets}):
        settings = facts.stores.get(store)
        region = settings.region if settings is not None else ""
        if region:
            safeguard = settings.safeguard if settings is not None else Wording()
            told.place(("stored_in", "outside"), store, region, safeguard)
        else:
            told.missing.append(said("missing", "region", language, store=store))
    for each in recipients:
        if each.country:
            told.place(("inside_party", "outside_party"), each.name, each.country, each.safeguard)
        else:
            told.missing.append(said("missing", "country", language, name=each.name))
    return item(key, language, [*told.lines, *words], told.missing, caution="access")


class _Transfers:
    """Places and gaps while they are gathered."""

    def __init__(self, language: str, *, said_by_policy: bool) -> None:
        self.language = language
        self.said_by_policy = said_by_policy
        self.lines: list[Line] = []
        self.missing: list[str] = []

    def place(self, texts: tuple[str, str], name: str, country: str, safeguard: Wording) -> None:
        """Say where data is, and on what, where that is a third country."""
        outside = not is_in_economic_area(country)
        text = said(
            "text",
            texts[outside],
            self.language,
            name=name,
            store=name,
            country=country,
            region=country,
        )
        self._line(text, self.language, country)
        if not outside:
            return
        if safeguard:
            spoken, words = safeguard.read_in(self.language)
            title = said("text", "safeguard", self.language, name=name)
            self._line(
                labelled(title, words, self.language),
                self.language if spoken == "" else spoken,
                country,
            )
        elif not self.said_by_policy:
            region = f"{country} ({name})"
            self.missing.append(said("missing", "safeguard", self.language, region=region))

    def _line(self, text: str, language: str, key: str) -> None:
        source = origin("settings", self.language)
        self.lines.append(Line(text=text, language=language, source=source, key=key))
