"""Whether every row of a dataset was looked at lately enough: by this run, or by a full scan.

A check reads no more of a large dataset than a part. What proves absence there is a full
scan (``kept map --full``) that ended, left nothing out, is of the structure that there is
now, and began no longer ago than the check's cadence: the first row that it read is as old
as its beginning. What an older scan or one under way found proves nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.checks.port import Read, View
from kept.checks.watch import FieldCounts
from kept.inventory.dataset import Dataset, DatasetId
from kept.inventory.scanned import Scanned
from kept.jurisdictions.period import Period, Unit
from kept.promises.coverage import Coverage, Gap

REMEDY = "`kept map --full` reads every row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How far one dataset was looked at, and what fresh scans counted in it.

    Attributes:
        dataset: Which.
        rows: How many rows it has.
        read: How many of them were looked at.
        gap: What is left to be looked at, ``None`` where nothing is.
        scans: Scans that are fresh, whether or not they have ended: what they found is there.
        scanned: Whether it is a full scan that proves it, and not this run's own reading.
    """

    dataset: DatasetId
    rows: int
    read: int
    gap: Gap | None = None
    scans: tuple[Scanned, ...] = ()
    scanned: bool = False

    def counted(self, check: str) -> list[FieldCounts]:
        """Return what fresh scans counted for `check`."""
        return [each.counted[check] for each in self.scans if check in each.counted]

    @property
    def afterwards(self) -> str:
        """What to do after a remedy: what a full scan found stands until the next one."""
        return " Then run `kept map --full --again`." if self.scans else ""


def proof_of(
    view: View,
    dataset: Dataset,
    read: Read | None,
    *,
    cadence: Period,
    counts: Mapping[str, Collection[str]],
) -> Proof:
    """Return how far `dataset` was looked at.

    Args:
        view: What the check was given.
        dataset: The dataset.
        read: How far this run read it itself; ``None`` where it did not.
        cadence: For how long a scan proves anything.
        counts: Fields that a scan must have counted, by the name under which it counts.
    """
    own = 0 if read is None else read.seen
    if read is not None and read.failed:
        return Proof(dataset=dataset.id, rows=read.rows, read=own, gap=read.gap)
    if read is not None and read.whole:
        return Proof(dataset=dataset.id, rows=read.rows, read=own)
    fresh = fresh_scans(view, dataset.id, cadence)
    for scan in fresh:
        if scan.complete and _counted(scan, counts):
            return Proof(
                dataset=dataset.id, rows=scan.rows, read=scan.read, scans=fresh, scanned=True
            )
    partly = max((each.read for each in fresh), default=0)
    rows = max(dataset.rows or 0, 0 if read is None else read.rows, partly)
    looked = min(max(own, partly), rows)
    gap = None if shows_others(view, dataset.id) else _gap(view, dataset, looked, rows, cadence)
    return Proof(dataset=dataset.id, rows=rows, read=looked, gap=gap, scans=fresh)


def coverage_by(
    view: View,
    proofs: Collection[Proof],
    *,
    silent: Collection[Gap],
    measures: Mapping[str, int],
    besides: Collection[Gap] = (),
) -> Coverage:
    """Return the coverage that `proofs` add up to.

    Args:
        view: What the check was given.
        proofs: Of each dataset that the verdict rests on.
        silent: Stores that did not answer.
        measures: Further counts of what was looked at.
        besides: What else was left out.
    """
    counted = [each for each in proofs if each.gap is not None or each.read >= each.rows]
    gaps = [*silent, *(each.gap for each in proofs if each.gap is not None)]
    known = {each.where for each in gaps}
    gaps += [each for each in besides if each.where not in known]
    return Coverage(
        stores=tuple(sorted(view.catalogs)),
        datasets=len(proofs),
        rows_read=sum(each.read for each in counted),
        rows=sum(each.rows for each in counted),
        gaps=tuple(gaps),
        measures={**measures, "datasets_fully_scanned": sum(each.scanned for each in proofs)},
    )


def fresh_scans(view: View, dataset: DatasetId, cadence: Period) -> tuple[Scanned, ...]:
    """Return the scans of `dataset` that began within `cadence`, the one under way first."""
    last = view.scans.get(dataset)
    if last is None:
        return ()
    known = (last,) if last.before is None else (last, last.before)
    return tuple(each for each in known if view.now <= _until(each.begun, cadence))


def proven_by_scan(view: View, dataset: DatasetId, cadence: Period) -> bool:
    """Return whether a full scan that is fresh read every row of `dataset`."""
    return any(each.complete for each in fresh_scans(view, dataset, cadence))


def shows_others(view: View, dataset: DatasetId) -> bool:
    """Return whether a dataset is a view that keeps no rows: the tables behind it are read."""
    catalog = view.catalogs.get(dataset.store)
    return catalog is not None and any(
        table.name == dataset.name and not table.keeps_rows for table in catalog.tables
    )


def share(read: int, rows: int) -> str:
    """Return how much of `rows` was read, in per cent and never rounded up to all.

    Examples:
        >>> share(20_000, 5_000_000), share(4_999_999, 5_000_000), share(0, 0), share(1, 10**9)
        ('0.4 %', '99.9 %', '0 %', '0.0000001 %')
    """
    if not rows or not read:
        return "0 %"
    whole = int(1_000 * min(read, rows) / rows) / 10
    return f"{whole:g} %" if whole else f"{100 * read / rows:.7f}".rstrip("0").rstrip(".") + " %"


def _counted(scan: Scanned, counts: Mapping[str, Collection[str]]) -> bool:
    return all(
        set(fields) <= set(scan.counted.get(check, {}))
        for check, fields in counts.items()
        if fields
    )


def _gap(view: View, dataset: Dataset, read: int, rows: int, cadence: Period) -> Gap:
    said = f"{share(read, rows)} read"
    last = view.scans.get(dataset.id)
    if last is not None:
        said += f", {_why(view, last, cadence)}"
    return Gap(store=dataset.id.store, dataset=dataset.id.name, reason=f"{said}: {REMEDY}")


def _why(view: View, last: Scanned, cadence: Period) -> str:
    """Return why the last scan proves nothing."""
    if last.ended is None:
        return f"a full scan has come to {last.percent} %"
    if view.now > _until(last.begun, cadence):
        return f"the full scan of {last.begun:%Y-%m-%d} is older than {cadence}"
    if last.unreadable:
        return f"the full scan may not read {len(last.unreadable)} of its fields"
    if last.cut:
        return f"{last.cut} values were too long to be read whole"
    return "the full scan did not count what this check asks"


def _until(begun: datetime, cadence: Period) -> datetime:
    """Return until when something that began at `begun` is fresh."""
    if cadence.unit is Unit.DAY:
        return begun + timedelta(days=cadence.count)
    return datetime.combine(cadence.after(begun.date()), begun.timetz())
