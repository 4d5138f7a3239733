"""How a hold begins and ends, with the evidence of both."""

from datetime import datetime
from typing import Protocol

from kept.evidence.body import Json, checked
from kept.evidence.entry import Entry
from kept.evidence.log import Log
from kept.rights.hold import Hold


class KeepsHolds(Protocol):
    """Keeps holds."""

    def add(self, hold: Hold) -> None:
        """Keep a new hold, once every erasure that was about to commit has committed."""
        ...

    def end(self, hold: str, at: datetime) -> Hold:
        """End a hold, and return it."""
        ...


def add_hold(holds: KeepsHolds, log: Log, hold: Hold) -> None:
    """Keep a hold, and then its evidence: what must stay comes first.

    Raises:
        EntryRefusedError: What it says looks like a person's data; nothing was kept.
    """
    entry = _entry(hold, "hold.added", "added", hold.added_at)
    holds.add(hold)
    log.append([entry], hold.added_at)


def end_hold(holds: KeepsHolds, log: Log, hold: str, at: datetime) -> Hold:
    """End a hold, and keep the evidence of it. Repeating it changes nothing.

    Raises:
        NothingStoredError: There is no such hold.
    """
    ended = holds.end(hold, at)
    log.append([_entry(ended, "hold.ended", "ended", ended.ended_at or at)], at)
    return ended


def _entry(hold: Hold, kind: str, suffix: str, at: datetime) -> Entry:
    return Entry(
        type=kind,
        at=at,
        operation=f"hold/{hold.id}/{suffix}",
        body={"hold": hold.id, **hold_json(hold)},
    )


def hold_json(hold: Hold) -> dict[str, Json]:
    """Return what may be said of a hold: whom it is about only as a number."""
    return {
        "reason": checked(hold.reason),
        "source": checked(hold.source),
        "since": hold.since.isoformat(),
        "identifiers": len(hold.people),
        "datasets": [str(each) for each in hold.datasets],
        "fields": [each.name for each in hold.rows],
    }
