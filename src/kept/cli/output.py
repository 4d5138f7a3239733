"""How a command speaks: to a person, to a program, and about what went wrong."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ClassVar, NoReturn, ParamSpec, TypeVar

import typer

from kept.errors import BrokenPromiseError, FaultError, KeptError, RefusedError, UnavailableError

FINE = 0
BROKEN = 1
REFUSED = 2
IMPOSSIBLE = 70
UNAVAILABLE = 75

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class OutputNotTakenError(UnavailableError):
    """Standard output did not take what was printed: the disk is full, or nobody reads.

    Attributes:
        stopped: Whether the reader stopped reading, as ``head`` does: nothing to complain of.
    """

    code: ClassVar[str] = "output.not-taken"
    remedy: str = (
        "Make room, or read to the end; what the command did besides printing is done: "
        "`kept request list` and `kept log verify` show it."
    )
    stopped: bool = False


class StoppedError(RefusedError):
    """A question was not answered: whoever was asked stopped the command."""

    code: ClassVar[str] = "kept.stopped"
    remedy: str = "Run it again, or give as options what it asks; --help lists them."


class Output(io.TextIOWrapper):
    """Standard output whose failures are errors of ours, and no traceback."""

    def write(self, text: str, /) -> int:
        """Write `text`.

        Raises:
            OutputNotTakenError: It is not taken.
        """
        try:
            return super().write(text)
        except OSError as error:
            raise _not_taken(error) from None

    def flush(self) -> None:
        """Hand on what was written.

        Raises:
            OutputNotTakenError: It is not taken.
        """
        try:
            super().flush()
        except OSError as error:
            raise _not_taken(error) from None

    def give_up(self) -> None:
        """Let what was not taken go nowhere, so that the end of the process is silent."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


def _not_taken(error: OSError) -> OutputNotTakenError:
    refused = OutputNotTakenError(f"standard output is not taken: {error.strerror}")
    refused.stopped = isinstance(error, BrokenPipeError)
    return refused


def exit_status(error: KeptError) -> int:
    """Return the exit status that an error ends the command with."""
    match error:
        case RefusedError():
            return REFUSED
        case UnavailableError():
            return UNAVAILABLE
        case BrokenPromiseError() | FaultError():
            return IMPOSSIBLE
        case _:
            return IMPOSSIBLE


def print_json(payload: Mapping[str, object]) -> None:
    """Write one JSON document to standard output, keys in the order given."""
    sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=2) + "\n")


def counted(count: int, one: str, many: str = "") -> str:
    """Return how many there are of something.

    Examples:
        >>> counted(1, "policy", "policies"), counted(2, "store")
        ('1 policy', '2 stores')
    """
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def fail(error: KeptError, *, as_json: bool) -> NoReturn:
    """Say on standard error what went wrong and what to do, and end the command."""
    complain(error, as_json=as_json)
    raise typer.Exit(exit_status(error))


def complain(error: KeptError, *, as_json: bool) -> None:
    """Say on standard error what went wrong and what to do.

    Where the output is not taken, or the fault is ours, one line says it. A reader that
    stopped on purpose is told nothing.
    """
    if isinstance(error, OutputNotTakenError) and error.stopped:
        return
    if as_json:
        body = {"code": error.code, "message": str(error), "remedy": error.remedy}
        said = json.dumps(body, ensure_ascii=False)
    elif isinstance(error, OutputNotTakenError | FaultError):
        said = f"error: {error} ({error.code}). {error.remedy}"
    else:
        said = f"error: {error}\n  what to do: {error.remedy}\n  code: {error.code}"
    with suppress(OSError):
        sys.stderr.write(f"{said}\n")


def speaks(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Wrap a command so that every error that is ours ends it with one clear message.

    The command's own ``as_json`` argument decides whether the error is an object.
    """

    @wraps(command)
    def spoken(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        try:
            return command(*args, **kwargs)
        except KeptError as error:
            fail(error, as_json=bool(kwargs.get("as_json", False)))
        except typer.Abort:
            # The shell's own status for it would say that a promise is broken.
            typer.echo(err=True)
            fail(StoppedError("stopped before it was answered"), as_json=False)

    return spoken


@contextmanager
def progress_line() -> Iterator[Callable[[str], None]]:
    """Show what is said last on one line of a terminal's standard error, and wipe it at the end.

    In a pipe nothing is shown.
    """
    shown = sys.stderr.isatty()

    def tell(said: str) -> None:
        if shown:
            sys.stderr.write(f"\r\x1b[K{said}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
