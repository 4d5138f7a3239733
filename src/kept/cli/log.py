"""``kept log``: the evidence, verified whole."""

from pathlib import Path
from typing import Annotated

import typer

from kept.cli.output import BROKEN, print_json, speaks

app = typer.Typer(no_args_is_help=True, help="Verify the evidence log.")


@app.command("verify")
@speaks
def verify(
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recompute the whole log and every signature; name the first bad entry.

    Exits 0 if all of it holds, 1 if anything does not.

    Examples:

        kept log verify

        kept log verify --config demo/kept.toml --json
    """
    from kept.runtime import open_company

    result = open_company(config).verify_log()
    if as_json:
        print_json(result.to_json())
    elif result.ok:
        typer.echo(
            f"{result.entries} entries, {result.checkpoints} checkpoints: all of it holds"
            f"{f', signed by {result.signer}' if result.entries else ''}"
        )
    else:
        where = "" if result.first_bad is None else f" at entry {result.first_bad}"
        typer.echo(f"NOT verified{where}: {result.flaw.value.replace('-', ' ') or 'no key'}")
    if not result.ok:
        raise typer.Exit(BROKEN)
