"""Writes the parts of ``docs/reference`` that the code itself says: errors and commands.

python tools/write_reference.py           writes them
python tools/write_reference.py --check   exits 1 if they are not up to date
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

import kept
from kept.cli.main import app
from kept.cli.output import exit_status
from kept.errors import KeptError
from kept.storage.setup import configure

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def errors() -> str:
    """Return the page of every error that is raised on purpose."""
    lines = [
        "# Errors",
        "",
        "Every error has a stable code. Its message says what and where, and never a person's",
        "data; the remedy says what to do. With `--json` an error is one object",
        '`{"code", "message", "remedy"}` on standard error.',
        "",
        "Exit status: 2, you must change something; 70, it cannot be carried out; 75, something",
        "outside did not answer or did not take what was printed, try again. An internal fault",
        "is one line with its class and no value; `KEPT_DEBUG=1` shows the traceback too.",
        "",
    ]
    for error in sorted(_errors(), key=lambda each: each.code):
        meaning = inspect.cleandoc(error.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        lines += [
            f"## `{error.code}`",
            "",
            f"{meaning.replace('``', '`')} Exit status {exit_status(error(''))}.",
            "",
            f"What to do: {error.remedy}",
            "",
        ]
    return "\n".join(lines)


def commands() -> str:
    """Return the page of every command, as its ``--help`` has it."""
    lines = ["# Commands", "", "What `kept COMMAND --help` says, on one page.", ""]
    for path, command in _commands(typer.main.get_command(app), ()):
        lines += [f"## `{' '.join(('kept', *path))}`", "", _help(command), "", *_options(command)]
    return "\n".join(lines).rstrip() + "\n"


def _errors() -> set[type[KeptError]]:
    configure()
    for module in pkgutil.walk_packages(kept.__path__, "kept."):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    found: set[type[KeptError]] = set()
    left: list[type[KeptError]] = [KeptError]
    while left:
        for each in left.pop().__subclasses__():
            if each.__module__.startswith("kept.") and each not in found:
                found.add(each)
                left.append(each)
    named: dict[str, type[KeptError]] = {}
    for each in sorted(found, key=lambda error: len(error.__mro__)):
        named.setdefault(each.code, each)
    return set(named.values())


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
        return
    for name, each in sorted(below.items()):
        yield from _commands(each, (*path, name))


def _help(command: Any) -> str:
    lines = inspect.cleandoc(command.help or "").splitlines()
    return "\n".join(line.removeprefix("\b") for line in lines)


def _options(command: Any) -> Iterator[str]:
    shown = [each for each in command.params if getattr(each, "help", None)]
    if not shown:
        return
    yield "| option | meaning |"
    yield "|---|---|"
    for each in shown:
        names = ", ".join(f"`{name}`" for name in each.opts) or f"`{each.name}`"
        yield f"| {names} | {getattr(each, 'help', '')} |"
    yield ""


def main() -> int:
    """Write the pages, or compare them."""
    pages = {"errors.md": errors(), "commands.md": commands()}
    stale = []
    for name, text in pages.items():
        path = REFERENCE / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"not up to date: {', '.join(stale)}; run `make docs`")  # noqa: T201 - a script
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
