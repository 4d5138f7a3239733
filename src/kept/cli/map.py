"""``kept map``: what the stores hold, and what nobody decided yet."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import fail, print_json, speaks

if TYPE_CHECKING:
    from kept.inventory.datamap_writing import Written


@speaks
def map_stores(
    write: Annotated[
        bool, typer.Option("--write", help="Add what is proposed to datamap.toml.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Mark what is proposed as decided.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
) -> None:
    """Look at every store: its tables, what each field holds and why, and whose rows they are.

    Reads with the reading credentials and changes nothing in a store. `--write` adds
    proposals to `datamap.toml` beside `kept.toml`, and never changes what stands there;
    `--accept` marks them decided, except where only a person can say.

    Examples:

        kept map

        kept map --write --accept

        kept map --json > map.json
    """
    from kept.checks.declared_data import undeclared
    from kept.cli.mapping import look
    from kept.inventory.datamap_writing import write_proposals
    from kept.inventory.report import as_json as report

    seen = look(config)
    written = None
    if write or accept:
        text = seen.read_datamap()
        written = write_proposals(text, seen.proposals, accept=accept)
        if written.text != text:
            replace_file(seen.path, written.text)
        seen = seen.again(written.text)
    if as_json:
        print_json(
            report(
                seen.inventory,
                seen.catalogs,
                urls=seen.urls,
                proposals=seen.proposals,
                undeclared=undeclared(seen.inventory, seen.declared),
            )
        )
    else:
        from kept.cli.map_table import show

        show(seen)
        if written is not None:
            _say_written(written, seen.path)
    for error in seen.failures:
        fail(error, as_json=as_json)


def _say_written(written: "Written", path: Path) -> None:
    typer.echo(
        f"{path.name}: {len(written.added)} datasets added, {len(written.decided)} decided,"
        f" {len(written.open)} left to decide"
    )
    from kept.cli.map_table import printable

    for dataset, questions in written.open:
        for question in questions or ('say state = "decided" when it is right',):
            typer.echo(printable(f"  {dataset}: {question}"))


def replace_file(path: Path, text: str) -> None:
    """Put `text` in place of a file, so that a reader sees the old one or the new one."""
    from kept.cli.mapping import FileNotWritableError

    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileNotWritableError(f"{path.name} cannot be written: {error.strerror}") from None
