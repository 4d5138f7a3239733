"""Which commands there are."""

import importlib.metadata
from typing import Annotated

import typer

from kept.cli import check, demo, doctor, init, log, read, receipt, request, serve
from kept.cli.map import map_stores

app = typer.Typer(
    name="kept",
    help="A privacy policy you can run: reads its promises, finds the personal data, "
    "carries out people's rights, and says of every promise what the evidence says.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
)


def _version(value: bool) -> None:
    if value:
        typer.echo(importlib.metadata.version("kept"))
        raise typer.Exit


@app.callback()
def kept(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Show the commands."""


app.command("init")(init.init)
app.command("read")(read.read)
app.command("map")(map_stores)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.add_typer(log.app, name="log")
app.add_typer(receipt.app, name="receipt")
app.add_typer(request.app, name="request")


def main() -> None:
    """Run the command line."""
    app()
