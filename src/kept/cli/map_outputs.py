"""Where the map is written to for other readers: the record of processing, and other tools."""

import json
from pathlib import Path
from typing import ClassVar

import typer

from kept.checks.promised import promised_by
from kept.checks.scope import speaks_of
from kept.cli.mapping import Look, replace_file
from kept.cli.output import counted
from kept.errors import RefusedError
from kept.inventory.record import Facts
from kept.inventory.record_making import record_of
from kept.inventory.record_page import page
from kept.inventory.record_table import as_csv, as_json
from kept.inventory.record_words import LANGUAGES

STANDARD_OUTPUT = "-"


class OutputNotKnownError(RefusedError):
    """A file is asked for in a form that there is not."""

    code: ClassVar[str] = "map.unknown-output"
    remedy: str = "Name a file that ends in .html, .csv or .json, or - for JSON."


class LanguageNotKnownError(RefusedError):
    """Something is asked for in a language that there are no words for."""

    code: ClassVar[str] = "map.unknown-language"
    remedy: str = "Ask for en, fr or ar."


def facts_of(look: Look) -> Facts:
    """Return what the record of processing is made from."""
    settings = look.company.settings
    return Facts(
        made_at=look.company.now,
        controller=settings.controller,
        stores=settings.stores,
        inventory=look.inventory,
        promised=None if look.register is None else promised_by(look.register),
        silent=tuple(look.seen.failures),
        speaks_of=speaks_of,
        recipients=settings.recipients,
        clients=settings.clients,
        activities=settings.activities,
    )


def check_language(language: str) -> None:
    """Refuse a language that there are no words for, before any store is asked.

    Raises:
        LanguageNotKnownError: There is no such language.
    """
    if language not in LANGUAGES:
        raise LanguageNotKnownError(f"neither map nor record is written in {language!r}")


def check_article30(where: str) -> None:
    """Refuse a form that there is not, before any store is asked.

    Raises:
        OutputNotKnownError: The file's ending says no form that there is.
    """
    if where != STANDARD_OUTPUT and Path(where).suffix.lower() not in {".html", ".csv", ".json"}:
        raise OutputNotKnownError(f"a record of processing cannot be written as {where!r}")


def write_article30(look: Look, where: str, language: str) -> None:
    """Write the record of processing to a file by its ending, or as JSON to standard output.

    Raises:
        FileNotWritableError: The file cannot be written.
    """
    record = record_of(facts_of(look), language)
    forms = {".html": page, ".csv": as_csv}
    form = forms.get(Path(where).suffix.lower())
    text = (
        json.dumps(as_json(record), ensure_ascii=False, indent=2) + "\n"
        if form is None
        else form(record)
    )
    if where == STANDARD_OUTPUT:
        typer.echo(text, nl=False)
        return
    replace_file(Path(where), text)
    typer.echo(
        f"{where}: {counted(len(record.activities), 'activity', 'activities')},"
        f" {counted(record.lacks, 'statement')} missing",
        err=True,
    )
