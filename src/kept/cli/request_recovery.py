"""What commands do first about erasures that a crash interrupted."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kept.runtime import Company


def finish(company: "Company") -> None:
    """Finish interrupted erasures, and say on standard error what became of each.

    Costs the reading of one folder where there are none.
    """
    if not company.intents.waiting():
        return
    from kept.workflows.finish_interrupted import finish_interrupted

    for each in finish_interrupted(company.ports(), company.now):
        typer.echo(f"request {each.request}: {each.message}", err=True)
