"""``kept map --full``: reading every row, in as many runs as it takes."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from kept.cli.map_table import printable
from kept.cli.mapping import Look
from kept.errors import KeptError, RefusedError
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Scanned
from kept.runtime import now
from kept.workflows.scan_stores import Reading, ScanRun, scan_stores, scans_of

_TIME = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_EVERY = timedelta(seconds=5)


class ScanNotKnownError(RefusedError):
    """A full scan is asked for in a way that there is not."""

    code: ClassVar[str] = "map.unknown-scan"
    remedy: str = "Use --full, with the name of a store in kept.toml and a time like 30m or 2h."


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedScan:
    """Which full scan is asked for.

    Attributes:
        store: Name of the only store to read, empty for all.
        lasting: For how long, ``None`` for as long as it takes.
    """

    store: str
    lasting: timedelta | None


def wanted_scan(*, full: bool, store: str, for_: str) -> WantedScan | None:
    """Return which full scan the options ask for, ``None`` for none.

    Raises:
        ScanNotKnownError: They do not fit together, or the time is none.
    """
    if not full:
        if store or for_:
            raise ScanNotKnownError("--store and --for say how --full reads")
        return None
    lasting = None
    if for_:
        found = _TIME.fullmatch(for_)
        if found is None:
            raise ScanNotKnownError("--for is no time")
        lasting = timedelta(**{_UNITS[found[2]]: int(found[1])})
    return WantedScan(store=store, lasting=lasting)


def run(look: Look, wanted: WantedScan) -> tuple[KeptError, ...]:
    """Read what is wanted, say how far it is, and return why something could not be read.

    Raises:
        ScanNotKnownError: There is no such store.
        KeptError: Our own database or the vault cannot be used.
    """
    company = look.company
    if wanted.store and wanted.store not in company.stores:
        raise ScanNotKnownError(f"kept.toml has no store {wanted.store!r}")
    done = scan_stores(
        Reading(
            stores=company.stores,
            catalogs={
                name: catalog
                for name, catalog in look.seen.catalogs.items()
                if wanted.store in {"", name}
            },
            rows={dataset: sample.rows for dataset, sample in look.seen.samples.items()},
            progress=company.scans,
            clock=now,
            until=None if wanted.lasting is None else now() + wanted.lasting,
            tell=_Teller().tell,
        )
    )
    _say_done(done)
    return tuple(done.failures.values())


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
