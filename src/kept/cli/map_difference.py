"""How ``kept map --diff`` says what changed in the stores since the last run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import typer

from kept.cli.map_table import printable
from kept.cli.mapping import Look
from kept.cli.output import counted
from kept.inventory.change import Change, Happened, SeenStore, changes
from kept.inventory.change_seen import seen_stores
from kept.inventory.dataset import DatasetId

_SIGNS = {
    Happened.APPEARED: "+",
    Happened.VANISHED: "-",
    Happened.MOVED: ">",
    Happened.CHANGED: "~",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed in the stores since each was last looked at.

    Attributes:
        since: When each store was last seen, ``None`` for one that was not seen before.
        changes: What changed, by store.
        gone: Stores that were looked at and are in the settings no longer, with when each
            was last seen.
        absent: Datasets that ``datamap.toml`` speaks of and no store has.
    """

    since: Mapping[str, datetime | None]
    changes: tuple[Change, ...]
    gone: Mapping[str, datetime]
    absent: tuple[DatasetId, ...]


def seen_by(look: Look) -> tuple[SeenStore, ...]:
    """Return what a look showed of each store that answered, without a value."""
    return seen_stores(look.inventory, look.catalogs, look.seen.samples)


def difference_of(look: Look, seen: Sequence[SeenStore]) -> Difference:
    """Return what changed since the last run; nothing is remembered by asking.

    Raises:
        UnavailableError: Our own database did not answer.
        RefusedError: It cannot be used.
    """
    since: dict[str, datetime | None] = {}
    found: list[Change] = []
    for now in seen:
        before = look.company.looks.last(now.store)
        since[now.store] = None if before is None else before.at
        if before is not None:
            found += changes(before.seen, now)
    there = look.company.settings.stores
    gone = {name: at for name, at in look.company.looks.stores().items() if name not in there}
    return Difference(since=since, changes=tuple(found), gone=gone, absent=look.inventory.absent)


def remember(look: Look, seen: Iterable[SeenStore]) -> None:
    """Keep what this run saw, for the next one to compare with: no value of a row.

    Raises:
        UnavailableError: Our own database did not answer.
        RefusedError: It cannot be used.
    """
    looks = look.company.looks
    for each in seen:
        looks.record(each, at=look.company.now)
    for name in looks.stores().keys() - look.company.settings.stores.keys():
        looks.forget(name)


def as_json(difference: Difference) -> dict[str, object]:
    """Return the difference as JSON values."""
    return {
        "stores": [
            {
                "name": store,
                "since": None if since is None else since.isoformat(),
                "changes": [_told(each) for each in difference.changes if each.store == store],
            }
            for store, since in difference.since.items()
        ],
        "gone": [{"name": name, "since": at.isoformat()} for name, at in difference.gone.items()],
        "written_and_gone": [
            {"store": each.store, "dataset": each.name} for each in difference.absent
        ],
    }


def _told(change: Change) -> dict[str, object]:
    told: dict[str, object] = {
        "happened": change.happened.value,
        "dataset": change.dataset,
        "field": change.field or None,
        "type": change.type or None,
        "categories": list(change.categories),
    }
    if change.happened is Happened.MOVED:
        told["was"] = {"dataset": change.was[0], "field": change.was[1] or None}
    if change.happened is Happened.CHANGED:
        told["was"] = {
            "type": change.type_before,
            "categories": list(change.categories_before),
        }
    return told


def show(difference: Difference) -> None:
    """Print the difference for a person."""
    for store, since in difference.since.items():
        found = [each for each in difference.changes if each.store == store]
        if since is None:
            _say(f"{store}: looked at for the first time")
            continue
        count = counted(len(found), "change") if found else "nothing changed"
        _say(f"{store}: {count} since {since:%Y-%m-%d %H:%M} UTC")
        for each in found:
            _say(f"  {_line(each)}")
    for name, at in difference.gone.items():
        _say(f"{name}: in kept.toml no longer, last looked at {at:%Y-%m-%d %H:%M} UTC")
    for absent in difference.absent:
        _say(f"datamap.toml speaks of {absent}, which is not there{_now(absent, difference)}")


def _now(gone: DatasetId, difference: Difference) -> str:
    """Return under which name a dataset that is gone was found again."""
    for each in difference.changes:
        is_dataset = each.happened is Happened.MOVED and not each.field
        if is_dataset and (each.store, each.was[0]) == (gone.store, gone.name):
            return f" and seems to be {each.dataset} now"
    return ""


def _line(change: Change) -> str:
    where = f"{change.dataset}.{change.field}" if change.field else change.dataset
    what = "" if change.field else " (dataset)"
    said = f"{_SIGNS[change.happened]} {change.happened.value} {where}{what}"
    if change.happened is Happened.MOVED:
        before = ".".join(each for each in change.was if each)
        said += f", was {before}"
    if change.happened is Happened.CHANGED:
        return said + _changed(change)
    return said + (f": {_listed(change.categories)}" if change.categories else "")


def _changed(change: Change) -> str:
    said = []
    if change.type != change.type_before:
        said.append(f"type {change.type_before} → {change.type}")
    if change.categories != change.categories_before:
        said.append(f"{_listed(change.categories_before)} → {_listed(change.categories)}")
    return f": {'; '.join(said)}"


def _listed(categories: Sequence[str]) -> str:
    return ", ".join(categories) or "nothing personal"


def _say(text: str) -> None:
    typer.echo(printable(text))
