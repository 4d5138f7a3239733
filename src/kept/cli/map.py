"""``kept map``: what the stores hold, and what nobody decided yet."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import fail, print_json, speaks
from kept.errors import KeptError

if TYPE_CHECKING:
    from kept.cli.map_difference import Difference
    from kept.cli.mapping import Look
    from kept.inventory.change import SeenStore
    from kept.inventory.datamap_writing import Written
    from kept.inventory.proposals import Proposal


@speaks
def map_stores(
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Add what is proposed to datamap.toml.")
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Mark what is proposed as decided.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what changed in the stores since the last run.")
    ] = False,
    article30: Annotated[
        str,
        typer.Option(
            "--article30",
            metavar="FILE",
            help="Write the record of processing (.html, .csv, .json; - for JSON here).",
        ),
    ] = "",
    language: Annotated[
        str, typer.Option("--language", help="Of the record: en, fr or ar.")
    ] = "en",
    fides_out: Annotated[
        Path | None,
        typer.Option("--fides-out", metavar="DIR", help="Write Fides dataset and system files."),
    ] = None,
    fides_in: Annotated[
        list[Path] | None,
        typer.Option(
            "--fides-in", metavar="FILE", help="Add what Fides files say to datamap.toml."
        ),
    ] = None,
    dpv: Annotated[
        Path | None,
        typer.Option("--dpv", metavar="FILE", help="Write JSON-LD in the Data Privacy Vocabulary."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every row, going on where the last run ended.")
    ] = False,
    store: Annotated[
        str, typer.Option("--store", metavar="NAME", help="With --full: of this store only.")
    ] = "",
    for_: Annotated[
        str,
        typer.Option("--for", metavar="TIME", help="With --full: stop after this long (30m, 2h)."),
    ] = "",
    until: Annotated[
        str,
        typer.Option(
            "--until",
            metavar="HH:MM",
            help="With --full: stop at this hour of the controller's day (06:00).",
        ),
    ] = "",
    again: Annotated[
        bool,
        typer.Option("--again", help="With --full: read anew what was read within 12 hours too."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
) -> None:
    """Look at every store: its tables, what each field holds and why, and whose rows they are.

    And hold it against the policy: what is held and not stated, stated and never found.
    Reads with the reading credentials and changes nothing in a store. `--write` adds
    proposals to `datamap.toml` beside `kept.toml`, and never changes what stands there;
    `--accept` marks them decided, except where only a person can say.

    Examples:

        kept map

        kept map --write --accept

        kept map --json > map.json

        kept map --diff

        kept map --full --store app --for 2h

        kept map --full --until 06:00

        kept map --article30 record.html --language fr

        kept map --fides-in app.dataset.yml --fides-out fides --dpv record.jsonld
    """
    from kept.cli.map_difference import difference_of, seen_by
    from kept.cli.map_full import run, wanted_scan
    from kept.cli.mapping import look, replace_file
    from kept.inventory.datamap_writing import write_proposals

    wanted = wanted_scan(full=full, store=store, for_=for_, until=until, again=again)
    if article30:
        from kept.cli.map_outputs import check_article30

        check_article30(article30, language)
    seen = look(config, tolerant=diff and not write and not accept)
    failed = () if wanted is None else run(seen, wanted)
    written = None
    if write or accept or fides_in:
        text = seen.read_datamap()
        proposals = _with_fides(seen, fides_in) if fides_in else seen.proposals
        written = write_proposals(text, proposals, accept=accept)
        if written.text != text:
            replace_file(seen.path, written.text)
        seen = seen.again(written.text)
    now = seen_by(seen)
    difference = difference_of(seen, now) if diff else None
    if article30:
        from kept.cli.map_outputs import write_article30

        write_article30(seen, article30, language)
    _give(seen, fides_out, dpv)
    if as_json and article30 != "-":  # one document on standard output, not two
        print_json(_report(seen, difference))
    elif difference is not None or not (article30 or fides_out or dpv):
        _show(seen, difference)
        if written is not None:
            _say_written(written, seen.path)
    _remember(seen, now, must=diff)
    for error in (*seen.failures, *failed):
        fail(error, as_json=as_json)


def _with_fides(seen: "Look", files: list[Path]) -> "tuple[Proposal, ...]":
    """Return what Fides files propose for the datasets that they speak of, and for no other."""
    from kept.cli.map_exchange import read_fides
    from kept.inventory.exchange_fides_reading import merged

    taken = read_fides(seen, files)
    return tuple(each for each in merged(seen.proposals, taken) if each.id in taken.decisions)


def _give(seen: "Look", fides_out: Path | None, dpv: Path | None) -> None:
    if fides_out is not None:
        from kept.cli.map_exchange import write_fides

        write_fides(seen, fides_out)
    if dpv is not None:
        from kept.cli.map_exchange import write_dpv

        write_dpv(seen, dpv)


def _report(seen: "Look", difference: "Difference | None") -> dict[str, object]:
    from kept.checks.comparison_report import as_json as compared
    from kept.checks.declared_data import undeclared
    from kept.cli.map_difference import as_json as changed
    from kept.cli.map_full import scans_seen
    from kept.inventory.report import as_json as report

    told = report(
        seen.inventory,
        seen.catalogs,
        urls=seen.urls,
        proposals=seen.proposals,
        undeclared=undeclared(seen.inventory, seen.declared),
        scans=scans_seen(seen),
    )
    told["against_policy"] = compared(seen.comparison)
    if difference is not None:
        told["difference"] = changed(difference)
    return told


def _show(seen: "Look", difference: "Difference | None") -> None:
    if difference is not None:
        from kept.cli.map_difference import show as show_difference

        show_difference(difference)
        return
    from kept.cli.map_comparison import show as show_comparison
    from kept.cli.map_full import scans_seen
    from kept.cli.map_table import show

    show(seen, scans_seen(seen))
    show_comparison(seen.comparison)


def _remember(seen: "Look", now: "tuple[SeenStore, ...]", *, must: bool) -> None:
    """Keep what was seen for the next `--diff`; a map of a read-only folder is a map too."""
    from kept.cli.map_difference import remember

    try:
        remember(seen, now)
    except KeptError:
        if must:
            raise
        typer.echo("note: this run is not remembered for --diff: .kept is not writable", err=True)


def _say_written(written: "Written", path: Path) -> None:
    typer.echo(
        f"{path.name}: {len(written.added)} datasets added, {len(written.decided)} decided,"
        f" {len(written.open)} left to decide"
    )
    from kept.cli.map_table import printable

    for dataset, questions in written.open:
        for question in questions or ('say state = "decided" when it is right',):
            typer.echo(printable(f"  {dataset}: {question}"))
