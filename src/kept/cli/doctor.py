"""``kept doctor``: whether everything that a run needs is there."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import FINE, counted, exit_status, print_json, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kept.connectors.survey import Survey
    from kept.errors import KeptError
    from kept.inventory.connector import Store
    from kept.inventory.datamap import DataMap
    from kept.runtime import Company


@speaks
def doctor(
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    grants: Annotated[
        bool, typer.Option("--grants", help="Print what accounts must be granted, and no more.")
    ] = False,
) -> None:
    """Check the settings, the policies, every store and the map, and say what to mend.

    Of each store it says what can be done with it and what cannot, which schemas and
    tables are closed to its account, and which package is missing. Changes nothing.
    Exits 0 if a run has what it needs; 2 if something must be changed: the settings, an
    account that may not read all of its store, personal data about which nobody decided;
    75 if a store did not answer.

    Examples:

        kept doctor

        kept doctor --config company/kept.toml --json

        kept doctor --grants
    """
    from kept.cli.map_table import printable
    from kept.runtime import open_company

    company = open_company(config)
    if grants:
        _print_grants(company, as_json=as_json)
        return
    looked = list(_look(company))
    if as_json:
        print_json(
            {
                "ok": all(each.error is None for each in looked),
                "looked_at": [_as_json(each) for each in looked],
            }
        )
    else:
        for each in looked:
            for line in _lines(each):
                typer.echo(printable(line))
    # What the asker must change comes before what only has to be waited for.
    worst = min((exit_status(each.error) for each in looked if each.error), default=FINE)
    if worst:
        raise typer.Exit(worst)


def _print_grants(company: "Company", *, as_json: bool) -> None:
    """Print what accounts must be granted; stores that cannot be opened get what their kind asks."""
    from kept.cli.company_files import permissions
    from kept.cli.doctor_stores import opened
    from kept.cli.map_table import printable
    from kept.connectors.grants import grants_of

    settings = company.settings
    found = opened(settings)
    if as_json:
        granted = {
            name: grants_of(found.stores.get(name), store.url)
            for name, store in settings.stores.items()
        }
        print_json(
            {
                "stores": [
                    {
                        "name": name,
                        "reading": list(each.reading),
                        "erasing": list(each.erasing),
                        "notes": list(each.notes),
                    }
                    for name, each in granted.items()
                ]
            }
        )
        return
    for line in permissions(found.stores, settings):
        typer.echo(printable(line))
    for error in found.failures.values():
        raise error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One thing that was looked at.

    Attributes:
        what: What it is.
        says: What it says, where it is fine.
        error: What it ended with, where it is not.
        can: What can be done with it and what cannot.
        notes: What is worth knowing, and keeps no run from running.
    """

    what: str
    says: str = ""
    error: "KeptError | None" = None
    can: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _as_json(look: _Look) -> dict[str, object]:
    error = look.error
    return {
        "what": look.what,
        "ok": error is None,
        "message": look.says if error is None else str(error),
        "remedy": None if error is None else error.remedy,
        "code": None if error is None else error.code,
        "can": list(look.can),
        "notes": list(look.notes),
    }


def _lines(look: _Look) -> "Iterator[str]":
    if look.error is None:
        yield f"fine  {look.what}: {look.says}"
    else:
        yield f"MEND  {look.what}: {look.error}"
        yield f"      {look.error.remedy}"
    if look.can:
        yield f"      {'; '.join(look.can)}"
    for note in look.notes:
        yield f"note  {look.what}: {note}"


def _look(company: "Company") -> "Iterator[_Look]":
    """Yield what was looked at, with what it says or the error that it ended with."""
    settings = company.settings
    yield _Look(
        what="kept.toml",
        says=f"{counted(len(settings.policies), 'policy', 'policies')},"
        f" {counted(len(settings.stores), 'store')}",
    )
    yield _policies(company)
    yield from _stores_and_map(company)


def _policies(company: "Company") -> _Look:
    from kept.errors import KeptError

    none = "kept.toml names no policy: kept check has nothing to check"
    try:
        return _Look(
            what="policies",
            says=counted(len(company.register.promises), "promise"),
            notes=() if company.settings.policies else (none,),
        )
    except KeptError as error:
        return _Look(what="policies", error=error)


def _stores_and_map(company: "Company") -> "Iterator[_Look]":
    from kept.cli.doctor_stores import opened
    from kept.cli.mapping import read_text
    from kept.connectors.survey import survey
    from kept.errors import KeptError
    from kept.inventory.datamap import DataMap, parse_datamap
    from kept.inventory.dataset import State

    settings = company.settings
    datamap = DataMap()
    unread: KeptError | None = None
    try:
        datamap = parse_datamap(read_text(settings.datamap), stores=settings.stores)
    except KeptError as error:
        unread = error  # the stores can be looked at without it
    decided = {each.id for each in datamap.datasets.values() if each.state is State.DECIDED}
    found = opened(settings)
    seen = survey(found.stores.values(), sampled=lambda dataset: dataset not in decided)
    failures = {**found.failures, **seen.failures}
    for name, store in settings.stores.items():
        yield _store(name, store.url, found.stores.get(name), seen, failures.get(name))
    if unread is None:
        yield _map(datamap, seen, len(decided))
    else:
        yield _Look(what="datamap.toml", error=unread)


def _store(
    name: str, url: str, store: "Store | None", seen: "Survey", failure: "KeptError | None"
) -> _Look:
    from kept.cli.doctor_stores import abilities, closed, notes

    what = f"store {name}"
    can = abilities(store.capabilities) if store else ()
    if failure is not None or store is None:
        return _Look(what=what, error=failure, can=can)
    return _Look(
        what=what,
        says=f"answers ({store.engine}), {counted(len(seen.catalogs[name].tables), 'table')}",
        error=closed(store, seen),
        can=can,
        notes=notes(store, url, seen),
    )


def _map(datamap: "DataMap", seen: "Survey", decided: int) -> _Look:
    from kept.connectors.shared_work import spread_for
    from kept.errors import KeptError
    from kept.inventory.dataset import State
    from kept.inventory.discovery import inventory_of
    from kept.plans.errors import UndecidedError

    try:
        inventory = inventory_of(
            seen.catalogs.values(),
            datamap,
            seen.samples,
            spread=spread_for(seen.samples.values()),
        )
    except KeptError as error:
        return _Look(what="datamap.toml", error=error)
    open_ = [
        str(each.id)
        for each in inventory.datasets
        if each.personal and each.state is not State.DECIDED
    ]
    said = f"{counted(decided, 'dataset')} decided"
    if open_:
        said += f"; undecided, so that no erasure runs: {', '.join(open_)}"
    gone = ", ".join(map(str, inventory.absent))
    return _Look(
        what="datamap.toml",
        says=said,
        error=UndecidedError(said) if open_ else None,
        notes=(f"in no store: {gone}",) if gone else (),
    )
