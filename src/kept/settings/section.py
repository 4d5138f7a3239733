"""Which keys ``kept.toml`` has, and how each of its tables is read."""

from collections.abc import Mapping
from typing import ClassVar

from kept.errors import RefusedError
from kept.settings.errors import SettingsError, UnknownKeyError
from kept.settings.place import Place
from kept.settings.wording import LANGUAGES, Wording

KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {
            "activities",
            "cadence",
            "clients",
            "controller",
            "languages",
            "people",
            "policies",
            "reading",
            "recipients",
            "requests",
            "state",
            "stores",
            "terms",
        }
    ),
    "activities": frozenset(
        {"about", "client", "measures", "purposes", "storage_periods", "system"}
    ),
    "clients": frozenset({"contact", "name", "officer", "processing", "representative"}),
    "controller": frozenset(
        {
            "contact",
            "establishment",
            "joint",
            "laws",
            "name",
            "officer",
            "representative",
            "timezone",
        }
    ),
    "controller.joint": frozenset({"contact", "name"}),
    "controller.officer": frozenset({"contact", "name", "not_needed"}),
    "controller.representative": frozenset({"contact", "name", "not_needed"}),
    "languages": frozenset({"prevailing"}),
    "policies": frozenset({"path", "address", "language", "published"}),
    "reading": frozenset({"second_opinion"}),
    "reading.second_opinion": frozenset({"url", "model", "key", "seconds"}),
    "recipients": frozenset(
        {"about", "contact", "country", "gets", "kind", "name", "role", "safeguard", "systems"}
    ),
    "requests": frozenset({"identity", "approval", "backups_kept", "tasks_to", "tasks_identity"}),
    "state": frozenset({"path"}),
    "stores": frozenset({"canary", "region", "safeguard", "system", "url", "write_url"}),
}
"""Every key by its section; ``docs/reference/settings.md`` says what each means."""


class Section(Place):
    """One table of ``kept.toml``."""

    __slots__ = ()

    error: ClassVar[type[RefusedError]] = SettingsError
    unknown: ClassVar[type[RefusedError]] = UnknownKeyError
    reference: ClassVar[str] = "docs/reference/settings.md"

    def of(self, section: str) -> "Section":
        """Return it, where every key is one of `section`."""
        self.only(KEYS[section])
        return self

    def said(self, key: str) -> Wording:
        """Return the text of `key`, in one language or in several; empty where there is none."""
        return self._wording(key, self.table.get(key, ""))

    def all_said(self, key: str) -> tuple[Wording, ...]:
        """Return the list of `key`, each in one language or in several."""
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, 'must be a list of texts, for example ["one", "two"]')
        found = tuple(self._wording(key, each) for each in value)
        if not all(found):
            raise self.wrong(key, "has an entry that says nothing")
        return found

    def _wording(self, key: str, value: object) -> Wording:
        if isinstance(value, str):
            return Wording((("", value),)) if value.strip() else Wording()
        if not isinstance(value, dict) or not value:
            raise self.wrong(key, 'must be text in quotes, or texts: { en = "…", fr = "…" }')
        texts = type(self)(self.at(key), value, self.file)
        texts.only(LANGUAGES)
        return Wording(tuple((language, texts.text(language)) for language in value))
