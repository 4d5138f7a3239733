"""What carrying out a rights request needs from outside, as arguments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from kept.evidence.log import Log
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import Inventory
from kept.jurisdictions.working_day import IsWorkingDay
from kept.plans.connector import Erases, Reads
from kept.plans.plan import DatasetCounts
from kept.rights.hold import Hold
from kept.rights.notice import Notice
from kept.rights.request import RightsRequest
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Digest, Suppression


class Requests(Protocol):
    """Keeps requests."""

    def add(self, request: RightsRequest) -> RightsRequest:
        """Keep a new request; return it, or the one that was opened by the same operation."""
        ...

    def save(self, request: RightsRequest) -> None:
        """Write the present state of a request that was added before."""
        ...

    def load(self, request: str) -> RightsRequest:
        """Return the request with this id."""
        ...


class Erasures(Protocol):
    """Remembers who was erased."""

    def record(
        self,
        request: str,
        erased_at: datetime,
        *,
        identifiers: Iterable[Digest] = (),
        rows: Iterable[Digest] = (),
    ) -> None:
        """Remember what an erasure removed."""
        ...


class Intent(Protocol):
    """The notes of one erasure, held by one process alone until they are closed."""

    def note(self, content: bytes, *, durable: bool = True) -> None:
        """Append one note, encrypted; it is on disk when this returns, if it must be."""
        ...

    def notes(self) -> tuple[bytes, ...] | None:
        """Return the notes in order, or ``None`` where they cannot be read any more."""
        ...

    def drop(self) -> None:
        """Destroy the notes and their key."""
        ...

    def close(self) -> None:
        """Let others have them."""
        ...


class Intents(Protocol):
    """Keeps what erasures are about to do."""

    def begun(self, request: str) -> Intent:
        """Return new, empty notes of `request`."""
        ...

    def waiting(self) -> tuple[str, ...]:
        """Return the requests that have notes: under way now, or interrupted."""
        ...

    def taken(self, request: str) -> Intent | None:
        """Return the notes of an interrupted request; ``None`` where somebody else has them."""
        ...


class Holds(Protocol):
    """Knows which rows must stay."""

    @property
    def hashes(self) -> Suppression:
        """What makes the hashes that holds know people by."""
        ...

    def standing(self, at: datetime) -> tuple[Hold, ...]:
        """Return the holds that hold something at an instant."""
        ...

    def committing(self) -> AbstractContextManager[None]:
        """Keep new holds waiting: what is asked inside is true until it ends."""
        ...


class Tells(Protocol):
    """Tells recipients of an erasure."""

    def queue(
        self,
        request: RightsRequest,
        counts: Iterable[DatasetCounts],
        person: Sequence[Identifier],
        at: datetime,
    ) -> tuple[Notice, ...]:
        """Queue a notice for each recipient of what was erased. Repeating it changes nothing."""
        ...


class Packages(Protocol):
    """Keeps answers, encrypted, for a while."""

    def store(self, request: str, content: bytes, *, expires_at: datetime) -> object:
        """Encrypt and keep the package of a request."""
        ...


@runtime_checkable
class Store(Reads, Erases, Protocol):
    """A store that can read and erase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What the stores hold, as it was just looked at.

    Attributes:
        inventory: Every dataset, with what people decided.
        catalogs: The structure of every store that answered.
    """

    inventory: Inventory
    catalogs: tuple[Catalog, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything outside that a request touches.

    Attributes:
        stores: By name.
        mapped: Looks at the stores anew.
        requests: Where requests are kept.
        log: Where evidence goes.
        erasures: Who was erased.
        packages: Where answers wait.
        intents: Where it is noted what erasures are about to do.
        holds: Which rows must stay.
        recipients: Tells who else has the data.
        suppression: Makes the hashes of what was erased.
        secret: Returns the random key of a name, made on the first call.
    """

    stores: Mapping[str, Store]
    mapped: Callable[[], Mapped]
    requests: Requests
    log: Log
    erasures: Erasures
    packages: Packages
    intents: Intents
    holds: Holds
    recipients: Tells
    suppression: Suppression
    secret: Callable[[str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who answers, under which laws, and in which zone days are counted.

    Attributes:
        controller: Name of the company.
        contact: Where people write to.
        laws: Identifiers of the laws that apply. Of none, the strictest known counts.
        timezone: IANA zone.
        is_working_day: Calendar of the establishment.
    """

    controller: str
    contact: str
    laws: tuple[str, ...]
    timezone: str
    is_working_day: IsWorkingDay
