"""What ``kept init`` asks at a terminal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import typer

from kept.cli.company_files import ExistsError, InitError, Wanted
from kept.settings import KNOWN_LAWS


def ask(wanted: Wanted) -> Wanted:
    """Ask for what the options did not say; what cannot be taken is asked again."""
    if not wanted.name:
        wanted = replace(wanted, name=_answer("Name of the company"))
    if not wanted.contact:
        wanted = replace(wanted, contact=_answer("Address that people write to about their data"))
    if not wanted.country:
        wanted = _until_taken(
            "Country of establishment, two letters as in DE", wanted, Wanted.with_country
        )
    if not wanted.laws:
        wanted = _until_taken(
            f"Laws that apply, of {', '.join(KNOWN_LAWS)}, or none",
            wanted,
            lambda now, text: now.with_laws([text]),
            default=", ".join(wanted.likely_laws),
        )
    if not wanted.policies:
        wanted = _one_after_another(
            "A published policy, its file", "Another policy", wanted, _with_policy
        )
    if not wanted.stores:
        typer.echo("A store whose address holds a password is given as NAME=env:VARIABLE.")
        wanted = _one_after_another(
            "A data store, as in shop=postgresql://reader@host/shop",
            "Another store",
            wanted,
            _with_store,
        )
    return wanted


def must_not_exist(path: Path, *, overwrite: bool, asks: bool) -> None:
    """Refuse to replace a file, unless told so.

    Raises:
        ExistsError: It is there, and nobody said to replace it.
    """
    if not path.exists() or overwrite:
        return
    if not (asks and typer.confirm(f"{path} is there already. Replace it?", default=False)):
        raise ExistsError(f"{path} is there already")


def _with_policy(wanted: Wanted, text: str) -> Wanted:
    return wanted.with_policy(Path(text).expanduser())


def _with_store(wanted: Wanted, text: str) -> Wanted:
    added = wanted.with_store(text)
    # Given as an option it may be away for now; typed a moment ago it is misspelt.
    url = text.partition("=")[2]
    if not wanted.is_there(url):
        raise InitError(f"nothing is at {url}", remedy="Name a file or folder that is there.")
    return added


def _answer(question: str, default: str = "") -> str:
    shown = bool(default)
    answer: str = typer.prompt(question, default=default, show_default=shown)
    return answer.strip()


def _until_taken(
    question: str, wanted: Wanted, take: Callable[[Wanted, str], Wanted], *, default: str = ""
) -> Wanted:
    while True:
        try:
            return take(wanted, _answer(question, default))
        except InitError as error:
            _refused(error)


def _one_after_another(
    first: str, more: str, wanted: Wanted, add: Callable[[Wanted, str], Wanted]
) -> Wanted:
    """Ask for one after the other until nothing is given."""
    question = f"{first} (none: Enter)"
    while given := _answer(question):
        try:
            wanted = add(wanted, given)
        except InitError as error:
            _refused(error)
        else:
            question = f"{more} (no more: Enter)"
    return wanted


def _refused(error: InitError) -> None:
    typer.echo(f"  {error}. {error.remedy}", err=True)
