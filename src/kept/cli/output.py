"""How a command speaks: to a person, to a program, and about what went wrong."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import NoReturn, ParamSpec, TypeVar

import typer

from kept.errors import BrokenPromiseError, KeptError, RefusedError, UnavailableError

FINE = 0
BROKEN = 1
REFUSED = 2
IMPOSSIBLE = 70
UNAVAILABLE = 75

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def exit_status(error: KeptError) -> int:
    """Return the exit status that an error ends the command with."""
    match error:
        case RefusedError():
            return REFUSED
        case UnavailableError():
            return UNAVAILABLE
        case BrokenPromiseError():
            return IMPOSSIBLE
        case _:
            return IMPOSSIBLE


def print_json(payload: Mapping[str, object]) -> None:
    """Write one JSON document to standard output, keys in the order given."""
    sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=2) + "\n")


def fail(error: KeptError, *, as_json: bool) -> NoReturn:
    """Say on standard error what went wrong and what to do, and end the command."""
    if as_json:
        body = {"code": error.code, "message": str(error), "remedy": error.remedy}
        sys.stderr.write(json.dumps(body, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"error: {error}\n  what to do: {error.remedy}\n  code: {error.code}\n")
    raise typer.Exit(exit_status(error))


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

    return spoken
