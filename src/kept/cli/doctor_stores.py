"""What ``kept doctor`` says of each store: whether it answers, what it can, and what is closed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kept.connectors.grants import grants_of
from kept.connectors.registry import connect
from kept.connectors.survey import Survey
from kept.errors import KeptError
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Capabilities, SamplesBy, Store
from kept.settings import Settings

_MOST = 8

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
    )


def notes(store: Store, url: str, seen: Survey) -> tuple[str, ...]:
    """Return what is closed to the account of `store`, and what is open to it without need."""
    found = [*_closed(seen.catalogs[store.name]), *_unsampled(store.name, seen)]
    if grants_of(store, url).writes:
        found.append("the account in url may write: one that only reads is enough for it")
    return tuple(found)


def _closed(catalog: Catalog) -> Iterator[str]:
    yield from _few([f"{what} is not read: {why}" for what, why in catalog.unread])
    told = {what for what, _ in catalog.unread}
    yield from _few(
        [
            f"{table.name} is read without {', '.join(table.unreadable)}: permission denied"
            for table in catalog.tables
            if table.unreadable and table.name not in told
        ]
    )


def _unsampled(store: str, seen: Survey) -> Iterator[str]:
    told = {what for what, _ in seen.catalogs[store].unread}
    yield from _few(
        [
            f"{dataset.name} gave no sample: {error.code}"
            for dataset, error in seen.unread.items()
            if dataset.store == store and dataset.name not in told
        ]
    )


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"… and {len(lines) - _MOST} more like this"
