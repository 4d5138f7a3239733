"""How the map is given to other tools, and taken from them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import typer

from kept.cli.map_outputs import facts_of
from kept.cli.map_table import printable
from kept.cli.mapping import FileNotWritableError, Look, replace_file
from kept.cli.output import counted
from kept.errors import RefusedError
from kept.inventory.exchange_dpv import as_json_ld
from kept.inventory.exchange_fides import dataset_manifests, system_manifests
from kept.inventory.exchange_fides_reading import Taken, taken_from
from kept.inventory.exchange_yaml import MOST_BYTES, read_yaml, write_yaml


class ExchangeMissingError(RefusedError):
    """A file of another tool cannot be read."""

    code: ClassVar[str] = "exchange.missing"
    remedy: str = "Name a file that exists and that you may read."


def write_fides(look: Look, directory: Path) -> None:
    """Write a dataset file for each store and a system file for each system.

    Raises:
        FileNotWritableError: The folder or a file cannot be written.
    """
    facts = facts_of(look)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileNotWritableError(f"{directory.name} cannot be made: {error.strerror}") from None
    manifests = (("dataset", dataset_manifests(facts)), ("system", system_manifests(facts)))
    for kind, documents in manifests:
        for key, document in documents.items():
            replace_file(directory / f"{key}.{kind}.yml", write_yaml(document))
    written = ", ".join(counted(len(documents), f"{kind} file") for kind, documents in manifests)
    typer.echo(f"{directory}: {written}", err=True)


def write_dpv(look: Look, where: Path) -> None:
    """Write the stores' personal data as JSON-LD in the Data Privacy Vocabulary.

    Raises:
        FileNotWritableError: The file cannot be written.
    """
    text = json.dumps(as_json_ld(facts_of(look)), ensure_ascii=False, indent=2)
    replace_file(where, f"{text}\n")
    typer.echo(f"{where}: written", err=True)


def read_fides(look: Look, files: Sequence[Path]) -> Taken:
    """Return what Fides files decide about the stores' datasets.

    Raises:
        ExchangeMissingError: A file cannot be read.
        ExchangeError: A file is not what it should be.
    """
    documents = [(each.name, read_yaml(_bytes(each), each.name)) for each in files]
    taken = taken_from(documents, look.catalogs)
    for each in taken.left:
        typer.echo(printable(f"not taken over: {each}"), err=True)
    return taken


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than is read says that there is too much, and no file fills memory.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ExchangeMissingError(f"{path.name} cannot be read: {error.strerror}") from None
