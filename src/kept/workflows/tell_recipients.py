"""How recipients are told of an erasure, and how their confirmation is recorded."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kept.evidence.entry import Entry
from kept.evidence.log import Log
from kept.inventory.datamap import DataMap
from kept.inventory.dataset import DatasetId
from kept.plans.plan import DatasetCounts
from kept.rights.notice import Notice, Sender, message
from kept.rights.request import RightsRequest
from kept.settings import Recipient
from kept.subjects.identifier import Identifier
from kept.workflows.request_closing import REPLAY
from kept.workflows.request_ports import Packages

KEPT_FOR = timedelta(days=30)
"""How long a message that names the person waits to be sent, encrypted."""

CONFIRMED_WITHIN = timedelta(days=30)
"""After what time a processor's missing confirmation counts."""


class KeepsNotices(Protocol):
    """Keeps notices."""

    def add(self, notices: Iterable[Notice]) -> None:
        """Keep new notices; one that is there already stays as it is."""
        ...

    def told(self, notice: str, at: datetime) -> Notice:
        """Note that a recipient was told."""
        ...

    def confirmed(self, notice: str, at: datetime) -> Notice:
        """Note that a recipient confirmed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Queues notices for recipients.

    Attributes:
        recipients: Who gets which data, as the settings say.
        systems: The system of each store.
        datamap: Says about whom a dataset is.
        sender: Who tells.
        notices: Where notices are kept.
        packages: Where messages wait, encrypted.
    """

    recipients: tuple[Recipient, ...]
    systems: Mapping[str, str]
    datamap: DataMap
    sender: Sender
    notices: KeepsNotices
    packages: Packages

    def queue(
        self,
        request: RightsRequest,
        counts: Iterable[DatasetCounts],
        person: Sequence[Identifier],
        at: datetime,
    ) -> tuple[Notice, ...]:
        """Queue a notice for each recipient of what was erased. Repeating it changes nothing.

        Args:
            request: The erasure.
            counts: What was erased.
            person: Who the person is; empty where nobody knows any more.
            at: Now (UTC).
        """
        if request.opened_by == REPLAY:
            # They were told when it was erased first.
            return ()
        written = [each.dataset for each in counts if each.erased or each.blanked]
        found = tuple(
            _notice(each, request, systems, at)
            for each in self.recipients
            if (systems := self._systems_for(each, written))
        )
        for each in found if person else ():
            text = message(each, self.sender, person)
            self.packages.store(package_of(each.id), text.encode(), expires_at=at + KEPT_FOR)
        self.notices.add(found)
        return found

    def _systems_for(self, recipient: Recipient, datasets: Iterable[DatasetId]) -> tuple[str, ...]:
        return tuple(
            sorted(
                {
                    system
                    for each in datasets
                    for system in [self.systems.get(each.store, each.store)]
                    if recipient.concern(system, self._about(each))
                }
            )
        )

    def _about(self, dataset: DatasetId) -> str:
        decided = self.datamap.of(dataset)
        return "customer" if decided is None else decided.about


def package_of(notice: str) -> str:
    """Return under which name a notice's message is kept."""
    return f"notice-{notice}"


def tell(notices: KeepsNotices, log: Log, notice: str, at: datetime) -> Notice:
    """Record that a recipient was told."""
    noted = notices.told(notice, at)
    log.append([_entry(noted, "recipient.told", noted.told_at or at)], at)
    return noted


def confirm(notices: KeepsNotices, log: Log, notice: str, at: datetime) -> Notice:
    """Record that a recipient confirmed."""
    noted = notices.confirmed(notice, at)
    log.append([_entry(noted, "recipient.confirmed", noted.confirmed_at or at)], at)
    return noted


def _notice(
    recipient: Recipient, request: RightsRequest, systems: tuple[str, ...], at: datetime
) -> Notice:
    name = hashlib.sha256(recipient.name.encode()).hexdigest()[:8]
    return Notice(
        id=f"{request.id}-{name}",
        request=request.id,
        recipient=recipient.name,
        role=recipient.role,
        way="mail" if "@" in recipient.contact else "task",
        systems=systems,
        queued_at=at,
    )


def _entry(notice: Notice, kind: str, at: datetime) -> Entry:
    return Entry(
        type=kind,
        at=at,
        operation=f"{kind}/{notice.id}",
        body={
            "notice": notice.id,
            "request": notice.request,
            "recipient": notice.recipient,
            "role": notice.role,
        },
    )
