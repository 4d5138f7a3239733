"""``kept map --full``: reading every row, in as many runs as it takes."""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar
from zoneinfo import ZoneInfo

from kept.checks.watch import Watch
from kept.checks.watches import watches_of
from kept.cli.map_table import printable
from kept.cli.mapping import Look
from kept.errors import KeptError, RefusedError
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
from kept.runtime import now
from kept.storage.scan_lock import one_scan
from kept.workflows.scan_stores import Reading, ScanRun, scan_stores, scans_of

_TIME = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_HOUR = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_EVERY = timedelta(seconds=5)


class ScanNotKnownError(RefusedError):
    """A full scan is asked for in a way that there is not."""

    code: ClassVar[str] = "map.unknown-scan"
    remedy: str = (
        "Use --full, with the name of a store in kept.toml, a time like 30m or 2h, and an hour "
        "like 06:00."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedScan:
    """Which full scan is asked for.

    Attributes:
        store: Name of the only store to read, empty for all.
        lasting: For how long, ``None`` for as long as it takes.
        until: Until which hour and minute of the controller's day, ``None`` for no such end.
        again: Whether to read anew what was read to its end a short while ago.
    """

    store: str = ""
    lasting: timedelta | None = None
    until: tuple[int, int] | None = None
    again: bool = False

    def ends(self, at: datetime, zone: tzinfo) -> datetime | None:
        """Return when a scan that begins at `at` has to stop, whichever comes first.

        An hour that has passed is tomorrow's.
        """
        ends = [] if self.lasting is None else [at + self.lasting]
        if self.until is not None:
            local = at.astimezone(zone).replace(tzinfo=None)
            hour, minute = self.until
            end = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
            end += timedelta(days=end <= local)
            ends.append(end.replace(tzinfo=zone).astimezone(UTC))
        return min(ends, default=None)


def wanted_scan(
    *, full: bool, store: str, for_: str, until: str = "", again: bool = False
) -> WantedScan | None:
    """Return which full scan the options ask for, ``None`` for none.

    Raises:
        ScanNotKnownError: They do not fit together, or the time is none.
    """
    if not full:
        if store or for_ or until or again:
            raise ScanNotKnownError("--store, --for, --until and --again say how --full reads")
        return None
    lasting = None
    if for_:
        found = _TIME.fullmatch(for_)
        if found is None:
            raise ScanNotKnownError("--for is no time")
        lasting = timedelta(**{_UNITS[found[2]]: int(found[1])})
    hour = _HOUR.fullmatch(until)
    if until and hour is None:
        raise ScanNotKnownError("--until is no hour of the day")
    end = (int(hour[1]), int(hour[2])) if hour is not None else None
    return WantedScan(store=store, lasting=lasting, until=end, again=again)


def run(look: Look, wanted: WantedScan) -> tuple[KeptError, ...]:
    """Read what is wanted, say how far it is, and return why something could not be read.

    Raises:
        ScanNotKnownError: There is no such store.
        ScanUnderWayError: Another process scans.
        KeptError: Our own database or the vault cannot be used.
    """
    company = look.company
    if wanted.store and wanted.store not in company.stores:
        raise ScanNotKnownError(f"kept.toml has no store {wanted.store!r}")
    began = now()
    zone = ZoneInfo(company.settings.controller.timezone)
    catalogs = {
        name: catalog for name, catalog in look.seen.catalogs.items() if wanted.store in {"", name}
    }
    with one_scan(company.settings.state, pid=os.getpid(), at=began):
        done = scan_stores(
            Reading(
                stores=company.stores,
                catalogs=catalogs,
                rows={dataset: sample.rows for dataset, sample in look.seen.samples.items()},
                progress=company.scans,
                clock=now,
                until=wanted.ends(began, zone),
                tell=_Teller().tell,
                watches=_watches(look),
                again=wanted.again,
            )
        )
    _say_done(done)
    return tuple(done.failures.values())


def _watches(look: Look) -> Callable[[DatasetId], Sequence[Watch]]:
    """Return what says what is counted for the checks in each dataset."""
    unreadable = {
        DatasetId(catalog.store, table.name): table.unreadable
        for catalog in look.catalogs
        for table in catalog.tables
    }
    datasets = {each.id: each for each in look.inventory.datasets}

    def watches(dataset: DatasetId) -> Sequence[Watch]:
        known = datasets.get(dataset)
        return () if known is None else watches_of(known, unreadable.get(dataset, ()))

    return watches


def scans_seen(look: Look) -> Mapping[DatasetId, Scanned]:
    """Return the last full scan of each dataset, none where our own state was never made."""
    # Nothing is written for the sake of looking: a map of a read-only folder is a map too.
    if not (look.company.settings.state / "kept.sqlite").exists():
        return {}
    try:
        return scans_of(look.seen.catalogs, look.company.scans)
    except KeptError:
        sys.stderr.write("note: what full scans found is left out: .kept cannot be read\n")
        return {}


class _Teller:
    """Says on standard error how far a scan is: often on a terminal, now and then in a pipe."""

    def __init__(self) -> None:
        self._last: datetime | None = None

    def tell(self, dataset: DatasetId, scanned: Scanned) -> None:
        """Say how far a dataset is."""
        shown = sys.stderr.isatty()
        due = self._last is None or scanned.at - self._last >= _EVERY
        if not (shown or due or scanned.ended):
            return
        self._last = scanned.at
        said = printable(f"{dataset}: {scanned.read} rows, {scanned.percent} %")
        ended = scanned.ended is not None
        sys.stderr.write(f"\r\x1b[K{said}" + ("\n" if ended else "") if shown else f"{said}\n")
        sys.stderr.flush()


def _say_done(done: ScanRun) -> None:
    for dataset, error in done.failures.items():
        sys.stderr.write(f"{printable(f'{dataset}: not read to its end: {error}')}\n")
    if done.left:
        sys.stderr.write(
            f"{len(done.left)} datasets are not read to their end: kept map --full goes on\n"
        )
