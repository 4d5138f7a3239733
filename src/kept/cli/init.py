"""``kept init``: the first ``kept.toml`` and ``datamap.toml`` of a company."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import complain, fail, speaks

if TYPE_CHECKING:
    from kept.errors import KeptError
    from kept.runtime import Company

FIRST_ROWS = 2_000
"""Rows of each dataset that the first verdicts read: enough to break a promise, not to keep it."""


@speaks
def init(
    policy: Annotated[
        list[Path] | None, typer.Option("--policy", help="A published policy; may be repeated.")
    ] = None,
    store: Annotated[
        list[str] | None,
        typer.Option("--store", metavar="NAME=URL", help="A data store; may be repeated."),
    ] = None,
    directory: Annotated[
        Path, typer.Option("--dir", help="Folder that the files are written to.")
    ] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a kept.toml that is there already.")
    ] = False,
) -> None:
    """Write a first `kept.toml` and `datamap.toml`, and print what accounts must be granted.

    Asks at a terminal for what the options do not say. Looks at the stores with the
    reading credentials and proposes what they hold; a `datamap.toml` that is there
    already is added to and never overwritten. A password never goes into the files:
    give `NAME=env:VARIABLE` instead. Ends with first verdicts, from some rows of each
    dataset. Exits 0 when the files are written, 2 if something must be changed first,
    75 if a store did not answer: the files are then written without it.

    Examples:

        kept init --policy policy.en.md --store shop=sqlite:///shop.sqlite

        kept init --policy policy.en.md --store crm=env:CRM_URL --dir company --yes
    """
    from kept.cli import company_files
    from kept.cli.map_table import printable
    from kept.cli.mapping import replace_file

    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    wanted = company_files.Wanted.of(policy or [], store or [], directory)
    if asks:
        wanted = company_files.ask(wanted)
    company_files.must_not_exist(directory / "kept.toml", overwrite=overwrite, asks=asks)
    text = company_files.kept_toml(wanted)
    company = company_files.company_of(text, directory)
    first = company_files.first_map(company)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise company_files.FolderError(f"{directory} cannot be made: {error.strerror}") from None
    replace_file(directory / "kept.toml", text)
    replace_file(directory / "datamap.toml", first.text)
    typer.echo(
        f"{directory / 'kept.toml'}: {len(wanted.policies)} policies, {len(wanted.stores)} stores"
    )
    typer.echo(
        f"{directory / 'datamap.toml'}: {len(first.added)} datasets proposed,"
        f" {sum(bool(questions) for _, questions in first.open)} with something to decide"
    )
    for line in company_files.permissions(company):
        typer.echo(printable(line))
    failures = (*first.failures, *_verdicts(company))
    typer.echo("\nNext: kept map shows what is proposed; kept map --write --accept decides it.")
    for failure in failures[:-1]:
        complain(failure, as_json=False)
    if failures:
        fail(failures[-1], as_json=False)


def _verdicts(company: "Company") -> "tuple[KeptError, ...]":
    """Print the first verdicts, and return what kept them from being said."""
    from kept.cli.check import run
    from kept.cli.check_report import brief
    from kept.cli.map_table import printable
    from kept.errors import KeptError

    if not company.settings.policies:
        typer.echo("\nNo policy is named: no verdicts yet.")
        return ()
    try:
        board = run(company, row_budget=FIRST_ROWS).scoreboard
    except KeptError as error:
        return (error,)
    typer.echo(f"\nFirst verdicts, from at most {FIRST_ROWS} rows of each dataset:")
    for line in brief(board):
        typer.echo(printable(line))
    return ()
