"""Which commands there are."""

import importlib.metadata
import io
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from kept.cli import (
    attest,
    check,
    demo,
    diff,
    doctor,
    hold,
    init,
    log,
    read,
    receipt,
    recipient,
    replay,
    request,
    serve,
)
from kept.cli.map import map_stores
from kept.cli.output import Output, OutputNotTakenError, complain, exit_status
from kept.errors import FaultError, KeptError

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
app.command("diff")(diff.diff)
app.command("map")(map_stores)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("replay")(replay.replay)
app.command("serve")(serve.serve)
app.add_typer(attest.app, name="attest")
app.add_typer(hold.app, name="hold")
app.add_typer(log.app, name="log")
app.add_typer(receipt.app, name="receipt")
app.add_typer(recipient.app, name="recipient")
app.add_typer(request.app, name="request")


def main() -> NoReturn:
    """Run the command line.

    Ends with one line, and no traceback, where standard output is not taken (75) or
    something happens that nobody thought of (70). ``KEPT_DEBUG`` shows the traceback.
    """
    as_json = "--json" in sys.argv
    if sys.stdout is None:  # its descriptor was closed, and a file of ours may have got it
        sys.exit(_ended(OutputNotTakenError("standard output is closed"), as_json=as_json))
    if isinstance(sys.stdout, io.TextIOWrapper):
        was = sys.stdout
        encoding, errors, lines = was.encoding, was.errors, was.line_buffering
        sys.stdout = Output(was.detach(), encoding=encoding, errors=errors, line_buffering=lines)
    try:
        status = _status()
        sys.stdout.flush()
    except KeptError as error:
        status = _ended(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last place that can keep values unsaid
        status = _ended(_fault(error), as_json=as_json)
    sys.exit(status)


def _status() -> int | str | None:
    try:
        app()
    except SystemExit as ended:
        return ended.code
    return 0


def _ended(error: KeptError, *, as_json: bool) -> int:
    if isinstance(sys.stdout, Output):
        try:
            sys.stdout.flush()
        except OutputNotTakenError:
            sys.stdout.give_up()
    complain(error, as_json=as_json)
    return exit_status(error)


def _fault(error: Exception) -> FaultError:
    """Return the fault that says the class of `error` and none of its words: they carry values."""
    from kept.runtime import environment

    if environment().get("KEPT_DEBUG"):
        traceback.print_exception(error)
    return FaultError(f"internal fault: {type(error).__name__}")
