"""``kept doctor``: whether everything that a run needs is there."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import FINE, exit_status, print_json, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kept.errors import KeptError
    from kept.runtime import Company


@speaks
def doctor(
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the settings, the policies, every store and the map, and say what to mend.

    Changes nothing. Exits 0 if a run has what it needs, 2 if something must be changed,
    75 if a store did not answer.

    Examples:

        kept doctor

        kept doctor --config company/kept.toml --json
    """
    from kept.cli.map_table import printable
    from kept.runtime import open_company

    looked = list(_look(open_company(config)))
    if as_json:
        print_json(
            {
                "ok": all(error is None for _, _, error in looked),
                "looked_at": [
                    {
                        "what": what,
                        "ok": error is None,
                        "message": says if error is None else str(error),
                        "remedy": None if error is None else error.remedy,
                    }
                    for what, says, error in looked
                ],
            }
        )
    else:
        for what, says, error in looked:
            if error is None:
                typer.echo(printable(f"fine  {what}: {says}"))
            else:
                typer.echo(printable(f"MEND  {what}: {error}"))
                typer.echo(printable(f"      {error.remedy}"))
    # What the asker must change comes before what only has to be waited for.
    worst = min((exit_status(error) for _, _, error in looked if error), default=FINE)
    if worst:
        raise typer.Exit(worst)


def _look(company: "Company") -> "Iterator[tuple[str, str, KeptError | None]]":
    """Yield what was looked at, what it says, and the error that it ended with."""
    from kept.errors import KeptError

    settings = company.settings
    yield "kept.toml", f"{len(settings.policies)} policies, {len(settings.stores)} stores", None
    try:
        promises = len(company.register.promises)
        yield "policies", f"{promises} promises", None
    except KeptError as error:
        yield "policies", "", error
    yield from _stores_and_map(company)


def _stores_and_map(company: "Company") -> "Iterator[tuple[str, str, KeptError | None]]":
    from kept.cli.mapping import read_text
    from kept.connectors.survey import survey
    from kept.errors import KeptError
    from kept.inventory.datamap import parse_datamap
    from kept.inventory.dataset import State
    from kept.inventory.discovery import inventory_of

    try:
        datamap = parse_datamap(read_text(company.settings.datamap), stores=company.settings.stores)
        stores = company.stores
    except KeptError as error:
        yield "datamap.toml", "", error
        return
    decided = {each.id for each in datamap.datasets.values() if each.state is State.DECIDED}
    seen = survey(stores.values(), sampled=lambda dataset: dataset not in decided)
    for name in stores:
        failure = seen.failures.get(name)
        tables = 0 if failure else len(seen.catalogs[name].tables)
        yield f"store {name}", f"answers, {tables} tables", failure
    try:
        inventory = inventory_of(seen.catalogs.values(), datamap, seen.samples)
    except KeptError as error:
        yield "datamap.toml", "", error
        return
    open_ = [
        str(each.id)
        for each in inventory.datasets
        if each.personal and each.state is not State.DECIDED
    ]
    said = f"{len(decided)} datasets decided"
    if open_:
        said += f"; undecided, so that no erasure runs: {', '.join(open_)}"
    if inventory.absent:
        said += f"; in no store: {', '.join(map(str, inventory.absent))}"
    yield "datamap.toml", said, None
