"""Which rooms and devices a running Kept is built from.

The composition root, and the one reader of clock, environment and randomness:
everywhere else the instant, the id and the random bytes are arguments. What is
heavy is built when it is first asked for, so that a command pays only for what
it uses.
"""

import os
import secrets  # noqa: TID251 - this is the one reader of randomness
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from kept.errors import RefusedError
from kept.settings import Settings, parse_settings

if TYPE_CHECKING:
    from kept.connectors.language_model import LanguageModel
    from kept.connectors.survey import Survey
    from kept.evidence.keyring import Keyring
    from kept.evidence.log import LogVerification
    from kept.inventory.connector import Store
    from kept.inventory.datamap import DataMap
    from kept.inventory.dataset import Inventory
    from kept.policy.source import Source
    from kept.promises.promise import Register
    from kept.storage.checkpoint_files import CheckpointFiles
    from kept.storage.checks import DjangoChecks
    from kept.storage.database import Database
    from kept.storage.erasures import DjangoErasures
    from kept.storage.evidence import DjangoLog
    from kept.storage.holds import DjangoHolds
    from kept.storage.intents import Intents
    from kept.storage.looks import DjangoLooks
    from kept.storage.notices import DjangoNotices
    from kept.storage.packages import Packages
    from kept.storage.policies import DjangoPolicies
    from kept.storage.requests import DjangoRequests
    from kept.storage.scans import DjangoScans
    from kept.subjects.suppression import Suppression
    from kept.vaults.file import FileVault
    from kept.workflows.request_ports import Desk, Mapped, Ports
    from kept.workflows.review_policies import Reading
    from kept.workflows.sample_people import ReadsPeople
    from kept.workflows.tell_recipients import Told


class ConfigurationMissingError(RefusedError):
    """There is no ``kept.toml`` where the command looked."""

    code: ClassVar[str] = "settings.missing"
    remedy: str = "Run `kept init`, or name the file with --config."


class SecondOpinionMissingError(RefusedError):
    """``kept.toml`` does not say who gives a second opinion, or its key is not at hand."""

    code: ClassVar[str] = "settings.second-opinion-missing"
    remedy: str = "Name url and model under [reading.second_opinion] in kept.toml."


def now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one reader of the clock


def new_id() -> str:
    """Return a fresh identifier: sixteen lower-case hexadecimal digits, unguessable."""
    return secrets.token_hex(8)


def random_bytes(count: int) -> bytes:
    """Return `count` bytes fit for keys."""
    return secrets.token_bytes(count)


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ  # noqa: TID251 - this is the one reader of the environment


class Company:
    """One company as ``kept.toml`` describes it: its texts, its stores, our own state.

    Everything is built when it is first asked for, and kept. Nothing here touches a
    store before it is asked to.

    Attributes:
        settings: What ``kept.toml`` says.
        now: The instant of this run (UTC): the clock's, or the one that was asked for.
        clocked: Whether it is the clock's.
    """

    def __init__(self, settings: Settings, at: datetime | None) -> None:
        self.settings = settings
        self.clocked = at is None
        self.now = at or now()

    @cached_property
    def sources(self) -> "tuple[Source, ...]":
        """The policies as files.

        Raises:
            PolicyMissingError: One cannot be read.
        """
        from kept.connectors.policy_file import read_file, unique_names
        from kept.policy.source import Source

        names = unique_names([each.path for each in self.settings.policies])
        return tuple(
            Source(name, read_file(each.path))
            for name, each in zip(names, self.settings.policies, strict=True)
        )

    @cached_property
    def reading(self) -> "Reading":
        """What the policies say, before and after what ``promises.toml`` decides.

        Raises:
            UnreadablePolicyError: A policy cannot be read; the subclass says why.
            ReviewError: ``promises.toml`` is not what it should be.
        """
        from kept.connectors.policy_file import decisions_in
        from kept.workflows.review_policies import read_as_decided

        return read_as_decided(
            self.sources,
            decisions_in(self.settings.promises),
            laws=self.settings.controller.laws,
        )

    @property
    def second_opinion(self) -> "LanguageModel":
        """Who is asked for a second opinion. Nothing is sent yet.

        Raises:
            SecondOpinionMissingError: ``kept.toml`` names none, or the environment has no key.
        """
        from kept.connectors.language_model import LanguageModel

        asked = self.settings.second_opinion
        if asked is None:
            raise SecondOpinionMissingError("kept.toml names nobody to ask for a second opinion")
        key = environment().get(asked.key, "") if asked.key else ""
        if asked.key and not key:
            raise SecondOpinionMissingError(
                f"the second reader's key comes from the environment variable {asked.key}, "
                "which is not set",
                remedy=f"Set {asked.key} and run the command again.",
            )
        return LanguageModel(url=asked.url, model=asked.model, key=key, seconds=asked.seconds)

    @property
    def register(self) -> "Register":
        """What the policies promise, as people decided; empty where there is no policy."""
        return self.reading.reviewed.register

    @property
    def terms(self) -> Mapping[str, Mapping[str, object]]:
        """What settles promises, by id: ``promises.toml``, and over it ``[terms]``, key by key."""
        settled, over = self.reading.reviewed.terms, self.settings.terms
        return {
            name: {**settled.get(name, {}), **over.get(name, {})}
            for name in dict.fromkeys((*settled, *over))
        }

    @cached_property
    def stores(self) -> "Mapping[str, Store]":
        """The stores by name. No connection is made yet."""
        from kept.connectors.registry import connect

        return {
            each.name: connect(each.name, each.url, each.write_url)
            for each in self.settings.stores.values()
        }

    @property
    def answering(self) -> "Mapping[str, ReadsPeople]":
        """The stores by name, each able to carry out requests.

        Raises:
            StoreNotYetError: One of them cannot: an answer without it would be incomplete.
        """
        from kept.connectors.errors import StoreNotYetError
        from kept.workflows.sample_people import ReadsPeople

        able: dict[str, ReadsPeople] = {}
        for name, store in self.stores.items():
            if not (store.capabilities.answers_requests and isinstance(store, ReadsPeople)):
                raise StoreNotYetError(
                    f"requests cannot be carried out in the store {name!r} ({store.engine}) yet"
                )
            able[name] = store
        return able

    @cached_property
    def datamap(self) -> "DataMap":
        """What people decided; empty where there is no ``datamap.toml`` yet."""
        from kept.connectors.policy_file import read_file
        from kept.inventory.datamap import parse_datamap

        path = self.settings.datamap
        text = read_file(path).decode("utf-8", "replace") if path.exists() else ""
        return parse_datamap(text, stores=self.settings.stores)

    @cached_property
    def seen(self) -> "Survey":
        """What every store showed: its structure, and a sample of each table.

        A store that did not answer is noted there; the others are looked at.
        """
        from kept.connectors.survey import survey

        return survey(self.stores.values())

    @cached_property
    def inventory(self) -> "Inventory":
        """What the stores that answered hold, classified from samples where nobody decided."""
        from kept.connectors.shared_work import spread_for
        from kept.inventory.discovery import inventory_of

        samples = self.seen.samples
        return inventory_of(
            self.seen.catalogs.values(), self.datamap, samples, spread=spread_for(samples.values())
        )

    @cached_property
    def database(self) -> "Database":
        """Our own database, made and brought up to date."""
        from kept.storage.setup import open_database

        return open_database(self.settings.state / "kept.sqlite")

    @cached_property
    def vault(self) -> "FileVault":
        """Where keys live."""
        from kept.vaults.file import FileVault

        return FileVault(self.settings.state / "keys", random_bytes)

    @cached_property
    def log(self) -> "DjangoLog":
        """The evidence log."""
        from kept.evidence.checkpoint import origin_for
        from kept.storage.evidence import DjangoLog

        origin = origin_for(self.settings.controller.name, random_bytes(4))
        return DjangoLog(self.database, self.vault, origin=origin)

    @cached_property
    def requests(self) -> "DjangoRequests":
        """Rights requests."""
        from kept.storage.requests import DjangoRequests

        return DjangoRequests(self.database)

    @cached_property
    def packages(self) -> "Packages":
        """Where answers wait for the person."""
        from kept.storage.packages import Packages

        return Packages(self.settings.state / "packages", self.vault, random_bytes)

    @cached_property
    def intents(self) -> "Intents":
        """Where it is noted what erasures are about to do."""
        from kept.storage.intents import Intents

        return Intents(self.settings.state / "intents", self.vault, random_bytes)

    @cached_property
    def suppression(self) -> "Suppression":
        """What recognises an erased person again."""
        from kept.subjects.suppression import Suppression

        return Suppression(self.vault.secret("suppression"))

    @cached_property
    def erasures(self) -> "DjangoErasures":
        """Who was erased."""
        from kept.storage.erasures import DjangoErasures

        return DjangoErasures(self.database, self.suppression)

    @cached_property
    def holds(self) -> "DjangoHolds":
        """Which rows must stay, under a key that is not the one of who was erased."""
        from kept.storage.holds import DjangoHolds
        from kept.subjects.suppression import Suppression

        return DjangoHolds(self.database, Suppression(self.vault.secret("holds")))

    @cached_property
    def notices(self) -> "DjangoNotices":
        """Which recipients were to be told of which erasure."""
        from kept.storage.notices import DjangoNotices

        return DjangoNotices(self.database)

    @property
    def told(self) -> "Told":
        """Queues what recipients are told."""
        from kept.rights.notice import Sender
        from kept.workflows.tell_recipients import Told

        controller = self.settings.controller
        return Told(
            recipients=self.settings.recipients,
            systems={name: each.system or name for name, each in self.settings.stores.items()},
            datamap=self.datamap,
            sender=Sender(controller=controller.name, contact=controller.contact),
            notices=self.notices,
            packages=self.packages,
        )

    @cached_property
    def policies(self) -> "DjangoPolicies":
        """Which texts of the policies were seen."""
        from kept.storage.policies import DjangoPolicies

        return DjangoPolicies(self.database)

    @cached_property
    def looks(self) -> "DjangoLooks":
        """What the last looks at the stores showed, without a value."""
        from kept.storage.looks import DjangoLooks

        return DjangoLooks(self.database)

    @cached_property
    def scans(self) -> "DjangoScans":
        """How far full scans of the stores have come, without a value."""
        from kept.storage.scans import DjangoScans

        return DjangoScans(self.database, self.vault, random_bytes)

    @cached_property
    def checks(self) -> "DjangoChecks":
        """What the checks said, run after run."""
        from kept.storage.checks import DjangoChecks

        return DjangoChecks(self.database)

    def mapped(self) -> "Mapped":
        """Look at the stores anew, for a plan.

        Raises:
            KeptError: A store did not answer: nothing starts anywhere.
        """
        from kept.workflows.request_ports import Mapped

        for name in ("seen", "inventory"):
            self.__dict__.pop(name, None)
        for failure in self.seen.failures.values():
            raise failure
        return Mapped(inventory=self.inventory, catalogs=tuple(self.seen.catalogs.values()))

    def ports(self) -> "Ports":
        """Everything outside that a rights request touches."""
        from kept.workflows.request_ports import Ports

        return Ports(
            stores=self.answering,
            mapped=self.mapped,
            requests=self.requests,
            log=self.log,
            erasures=self.erasures,
            packages=self.packages,
            intents=self.intents,
            holds=self.holds,
            recipients=self.told,
            suppression=self.suppression,
            secret=self.vault.secret,
        )

    def desk(self) -> "Desk":
        """Who answers requests, under which laws."""
        from kept.jurisdictions.working_day import working_days
        from kept.workflows.request_ports import Desk

        controller = self.settings.controller
        return Desk(
            controller=controller.name,
            contact=controller.contact,
            laws=controller.laws,
            timezone=controller.timezone,
            is_working_day=working_days(controller.establishment),
        )

    @cached_property
    def checkpoints(self) -> "CheckpointFiles":
        """Checkpoints of the log that are kept as files."""
        from kept.storage.checkpoint_files import CheckpointFiles

        return CheckpointFiles(self.settings.state / "checkpoints")

    def verify_log(
        self,
        keys: "Keyring | None" = None,
        elsewhere: Sequence[str] = (),
        *,
        tell: Callable[[int], None] | None = None,
    ) -> "LogVerification":
        """Recompute the whole log, and compare it with all checkpoints kept as files.

        Args:
            keys: The log's keys, from outside; without them those that the vault publishes.
            elsewhere: Further checkpoints, which were kept outside.
            tell: Called now and then with how many entries were seen.

        Raises:
            KeyMissingError: There is a log, and nobody has a key of it.
        """
        from kept.evidence.errors import KeyMissingError

        known = keys or self.vault.published_keys()
        if known is None and self.log.key() is not None:
            raise KeyMissingError("There is a log, and its public key is not in the vault.")
        kept = [each.note for each in self.checkpoints.found()]
        return self.log.verify(known, [*kept, *elsewhere], tell=tell)


def open_company(config: Path, *, at: datetime | None = None) -> Company:
    """Return the company that the file `config` describes.

    Args:
        config: Path of a ``kept.toml``.
        at: Instant that takes the clock's place, aware.

    Raises:
        ConfigurationMissingError: There is no such file.
        SettingsError: It is not what it should be.
    """
    try:
        text = config.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationMissingError(f"there is no readable {config}") from None
    settings = parse_settings(text, path=config.resolve(), environment=environment())
    return Company(settings, at)
