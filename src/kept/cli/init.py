"""``kept init``: the first ``kept.toml`` and ``datamap.toml`` of a company."""

import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import complain, fail, speaks

if TYPE_CHECKING:
    from kept.cli.company_files import FirstMap, Wanted
    from kept.errors import KeptError
    from kept.runtime import Company

FIRST_ROWS = 2_000
"""Rows of each dataset that the first verdicts read: enough to break a promise, not to keep it."""


@speaks
def init(
    *,
    policy: Annotated[
        list[Path] | None, typer.Option("--policy", help="A published policy; may be repeated.")
    ] = None,
    store: Annotated[
        list[str] | None,
        typer.Option("--store", metavar="NAME=URL", help="A data store; may be repeated."),
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of the company.")] = "",
    contact: Annotated[
        str, typer.Option("--contact", help="Address that people write to about their data.")
    ] = "",
    country: Annotated[
        str, typer.Option("--country", help="Where it is established: DE, or DE-BE.")
    ] = "",
    law: Annotated[
        list[str] | None,
        typer.Option("--law", help="One that applies: eu-gdpr, uk-gdpr, us-ca-ccpa; repeated."),
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

        kept init --yes --name "Example Ltd" --country DE --law eu-gdpr --store logs=logs:///var/log
    """
    from kept.cli import company_files
    from kept.cli.init_asking import ask, must_not_exist
    from kept.cli.map_table import printable

    asks = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if directory.exists() and not directory.is_dir():
        raise company_files.FolderError(f"{directory} is a file")
    must_not_exist(directory / "kept.toml", overwrite=overwrite, asks=asks)
    wanted = company_files.Wanted.of(policy or [], store or [], directory)
    wanted = replace(wanted, name=name, contact=contact)
    wanted = wanted.with_country(country).with_laws(law or [])
    if asks:
        wanted = ask(wanted)
    text = company_files.kept_toml(wanted)
    company = company_files.company_of(text, directory)
    if company.settings.policies:
        _ = company.register  # one that cannot be read is mended before anything is written
    first = company_files.first_map(company)
    _write(directory, text, first.text)
    _remember(company, first)
    _say(wanted, first)
    for line in company_files.permissions(company.stores, company.settings):
        typer.echo(printable(line))
    failures = (*first.failures, *_verdicts(company))
    _say_next(company)
    for failure in failures[:-1]:
        complain(failure, as_json=False)
    if failures:
        fail(failures[-1], as_json=False)


def _write(directory: Path, settings: str, datamap: str) -> None:
    from kept.cli.company_files import FolderError
    from kept.cli.mapping import replace_file

    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{directory} cannot be made: {error.strerror}") from None
    replace_file(directory / "kept.toml", settings)
    replace_file(directory / "datamap.toml", datamap)


def _remember(company: "Company", first: "FirstMap") -> None:
    """Keep what the stores showed for `kept map --diff`; without it, that one begins later."""
    from kept.errors import KeptError

    with suppress(KeptError):
        for each in first.seen:
            company.looks.record(each, at=company.now)


def _say(wanted: "Wanted", first: "FirstMap") -> None:
    from kept.cli.output import counted

    directory = wanted.directory
    policies = counted(len(wanted.policies), "policy", "policies")
    stores = counted(len(wanted.stores), "store")
    typer.echo(f"{directory / 'kept.toml'}: {policies}, {stores}")
    open_ = sum(bool(questions) for _, questions in first.open)
    typer.echo(
        f"{directory / 'datamap.toml'}: {counted(len(first.added), 'dataset')} proposed,"
        f" {open_} with something to decide"
    )


def _say_next(company: "Company") -> None:
    path = company.settings.path
    here = "" if path.parent == Path.cwd() else f" --config {shlex.quote(str(path))}"
    typer.echo(
        f"\nNext: kept map{here} shows what is proposed;"
        f" kept map --write --accept{here} decides it."
    )


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
