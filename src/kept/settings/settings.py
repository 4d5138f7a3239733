"""Everything that ``kept.toml`` says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kept.settings.controller import Controller, controller_of
from kept.settings.errors import SettingsError
from kept.settings.reading import SecondOpinionSettings, second_opinion_of
from kept.settings.record import (
    ActivitySettings,
    Client,
    Recipient,
    activities_of,
    clients_of,
    recipients_of,
)
from kept.settings.section import Section
from kept.settings.stores import PolicySource, StoreSettings, policy_of, stores_of

OPERATOR = "operator"
VERIFIED = "verified"
SECOND_PERSON = "second person"

_SPAN = re.compile(r"(\d{1,4}) +(day|week|month|year)s?")
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
_MOST = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that ``kept.toml`` says.

    Attributes:
        path: The file itself, absolute. ``datamap.toml`` stands beside it.
        controller: Who answers.
        policies: The published texts, in order.
        stores: The stores, by name, in order.
        terms: What settles a vague promise, by promise id.
        state: Folder of our own state.
        identity: What a request needs as proof: ``"operator"`` or ``"verified"``.
        approval: Who approves an erasure: ``"operator"`` or ``"second person"``.
        tasks_to: Address that tasks for people are handed to, or empty. It may hold a secret.
        tasks_identity: Kinds of identifier that may be passed on with a task; none unless said.
        backups_kept: How long the oldest copy is kept that could be restored; ``None`` where
            nobody said: the list of erasures is kept then.
        prevailing: Language that local law lets prevail, or empty.
        second_opinion: Which model may be asked, or ``None``: nothing is ever sent then.
        recipients: Who gets data.
        clients: For whom data is held, where we are a processor.
        activities: What the company says of its activities.
    """

    path: Path
    controller: Controller
    policies: tuple[PolicySource, ...]
    stores: Mapping[str, StoreSettings]
    terms: Mapping[str, Mapping[str, object]]
    state: Path
    identity: str = OPERATOR
    approval: str = OPERATOR
    backups_kept: timedelta | None = None
    tasks_to: str = field(default="", repr=False)
    tasks_identity: tuple[str, ...] = ()
    prevailing: str = ""
    second_opinion: SecondOpinionSettings | None = None
    recipients: tuple[Recipient, ...] = ()
    clients: tuple[Client, ...] = ()
    activities: tuple[ActivitySettings, ...] = ()

    @property
    def datamap(self) -> Path:
        """Where ``datamap.toml`` is."""
        return self.path.with_name("datamap.toml")

    @property
    def promises(self) -> Path:
        """Where ``promises.toml`` is: what people decided about what was read."""
        return self.path.with_name("promises.toml")


def parse_settings(text: str, *, path: Path, environment: Mapping[str, str]) -> Settings:
    """Return what the text of a ``kept.toml`` says.

    Args:
        text: The file's text.
        path: Where the file is, absolute: relative paths start there.
        environment: Where ``env:NAME`` values are looked up.

    Raises:
        UnknownKeyError: A key is not known; the remedy names the nearest one.
        SettingsError: Not TOML, or a value has the wrong type or is missing.
    """
    top = Section.top(text, path.name).of("")
    stores = stores_of(top.below("stores"), path=path, environment=environment)
    systems = {each.system or name for name, each in stores.items()}
    requests = top.below("requests").of("requests")
    return Settings(
        path=path,
        controller=controller_of(top.below("controller")),
        policies=tuple(policy_of(each, path) for each in top.list("policies")),
        stores=stores,
        terms=_terms(top.below("terms")),
        state=(path.parent / top.below("state").of("state").text("path", ".kept")).resolve(),
        identity=requests.one_of("identity", (OPERATOR, VERIFIED), OPERATOR),
        approval=requests.one_of("approval", (OPERATOR, SECOND_PERSON), OPERATOR),
        backups_kept=_span(requests, "backups_kept"),
        tasks_to=_tasks_to(requests.text("tasks_to", ""), path.name, environment),
        tasks_identity=requests.texts("tasks_identity"),
        prevailing=top.below("languages").of("languages").text("prevailing", ""),
        second_opinion=second_opinion_of(top.below("reading")),
        recipients=recipients_of(top.list("recipients"), systems),
        clients=clients_of(top.list("clients")),
        activities=activities_of(top.list("activities"), systems),
    )


def _span(section: Section, key: str) -> timedelta | None:
    """Return how long `key` says, never less: a month is its longest, a year a leap year."""
    text = section.text(key, "")
    if not text:
        return None
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None or not 0 < int(found[1]) <= _MOST:
        raise section.wrong(key, "is no span of time", 'Write for example "35 days" or "3 months".')
    return timedelta(days=int(found[1]) * _DAYS[found[2]])


def _tasks_to(text: str, file: str, environment: Mapping[str, str]) -> str:
    if "secret=" in text:
        raise SettingsError(
            f"{file}: requests.tasks_to holds a secret",
            remedy='Put the address into an environment variable, and write "env:NAME".',
        )
    if not text.startswith("env:"):
        return text
    name = text.removeprefix("env:")
    if name not in environment:
        raise SettingsError(
            f"{file}: requests.tasks_to comes from the environment variable {name}, which is not"
            " set",
            remedy=f"Set {name} and run the command again.",
        )
    return environment[name]


def _terms(section: Section) -> dict[str, Mapping[str, object]]:
    terms: dict[str, Mapping[str, object]] = {}
    for promise, entry in section.table.items():
        if not isinstance(entry, dict):
            raise section.wrong(f'"{promise}"', "must be a table")
        terms[promise] = entry
    return terms
