"""What ``kept doctor`` says of each store: whether it answers, what it can, and what is closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from kept.cli.output import counted
from kept.connectors.grants import grants_of
from kept.connectors.registry import connect
from kept.connectors.survey import Survey
from kept.errors import KeptError, RefusedError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Capabilities, SamplesBy, Store
from kept.settings import Settings

_MOST = 8
_DENIED = "permission denied"


class StoreClosedError(RefusedError):
    """An account may not read all of a store: what it does not see, nobody checks or erases."""

    code: ClassVar[str] = "stores.closed"
    remedy: str = "Grant the account what `kept doctor --grants` prints for reading."


_SAMPLES: Mapping[SamplesBy, str] = {
    SamplesBy.ALL: "reads every row for a sample",
    SamplesBy.KEY: "samples along the key",
    SamplesBy.BLOCK: "samples random blocks",
    SamplesBy.PREFIX: "samples the first rows",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The stores that have what they stand on, and why the others have not."""

    stores: Mapping[str, Store]
    failures: Mapping[str, KeptError]


def opened(settings: Settings) -> Opened:
    """Return the stores, each by itself: one whose driver is missing leaves the others alone."""
    stores: dict[str, Store] = {}
    failures: dict[str, KeptError] = {}
    for each in settings.stores.values():
        try:
            stores[each.name] = connect(each.name, each.url, each.write_url)
        except KeptError as error:
            failures[each.name] = error
    return Opened(stores=stores, failures=failures)


def abilities(can: Capabilities) -> tuple[str, ...]:
    """Return what a store can and cannot, each in a few words."""
    return (
        _SAMPLES[can.samples_by],
        "a scan sees one state" if can.reads_snapshot else "a scan may see changes under way",
        "counts exactly" if can.exact_counts else "counts about",
        "scans go on where they ended" if can.resumes else "scans begin anew",
        "declares references" if can.declares_references else "references are found by values",
        "tells what is never read" if can.tells_reads else "does not tell what is never read",
        "ends slow statements itself" if can.times_out else "does not end slow statements itself",
        "requests can be carried out"
        if can.answers_requests
        else "requests cannot be carried out in it yet",
        *(("every row is read to find one person",) if can.finds_by_reading else ()),
    )


def notes(store: Store, url: str, seen: Survey) -> tuple[str, ...]:
    """Return what cannot be read in `store`, and what is open to its account without need."""
    found = [*_few(_closed(seen.catalogs[store.name])), *_few(_unsampled(store.name, seen))]
    if grants_of(store, url).writes:
        found.append("the account in url may write: one that only reads is enough for it")
    return tuple(found)


def closed(store: Store, seen: Survey) -> StoreClosedError | None:
    """Return that something is closed to the account of `store`, or ``None``."""
    catalog = seen.catalogs[store.name]
    # What is of a kind that nobody reads is no matter of permissions.
    count = len([each for each in _closed(catalog) if each.endswith(_DENIED)])
    if not count:
        return None
    what = counted(count, "schema or table", "schemas or tables")
    return StoreClosedError(
        f"it answers ({store.engine}), and its account may not read all of {what}"
    )


def _closed(catalog: Catalog) -> list[str]:
    told = {what for what, _ in catalog.unread}
    return [
        *(f"{what} is not read: {why}" for what, why in catalog.unread),
        *(
            f"{table.name} is read without {', '.join(table.unreadable)}: {_DENIED}"
            for table in catalog.tables
            if table.unreadable and table.name not in told
        ),
    ]


def _unsampled(store: str, seen: Survey) -> list[str]:
    told = {what for what, _ in seen.catalogs[store].unread}
    return [
        f"{dataset.name} gave no sample: {error.code}"
        for dataset, error in seen.unread.items()
        if dataset.store == store and dataset.name not in told
    ]


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"… and {len(lines) - _MOST} more like this"
