"""What ``kept map`` does, in the order in which it does it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kept.cli.map_difference import Difference, difference_of, remember, seen_by
from kept.cli.map_full import WantedScan, scans_seen
from kept.cli.map_full import run as scan
from kept.cli.map_outputs import (
    STANDARD_OUTPUT,
    check_article30,
    check_language,
    write_article30,
)
from kept.cli.map_table import printable
from kept.cli.mapping import Look, look, replace_file
from kept.cli.output import complain, counted, exit_status, fail, print_json
from kept.errors import KeptError
from kept.inventory.datamap_writing import Written, write_proposals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kept.inventory.change import SeenStore
    from kept.inventory.proposals import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What ``kept map`` was told: see `kept.cli.map_options`.

    Attributes:
        scan: Which full scan, ``None`` for none.
    """

    write: bool
    accept: bool
    diff: bool
    article30: str
    language: str
    fides_out: Path | None
    fides_in: tuple[Path, ...]
    dpv: Path | None
    scan: WantedScan | None
    as_json: bool

    @property
    def decides(self) -> bool:
        """Whether ``datamap.toml`` is written."""
        return self.write or self.accept or bool(self.fides_in)

    @property
    def gives(self) -> bool:
        """Whether something is written for other readers."""
        return bool(self.article30 or self.fides_out or self.dpv)


def run(asked: Asked, config: Path) -> None:
    """Look, scan, decide, give to others, and say it.

    Raises:
        KeptError: Nothing, or not all, of it can be done.
    """
    check_language(asked.language)
    if asked.article30:
        check_article30(asked.article30)
    seen = look(config, tolerant=asked.diff and not asked.write and not asked.accept)
    failed = () if asked.scan is None else scan(seen, asked.scan)
    written = None
    if asked.decides:
        seen, written = _decide(seen, asked)
    now = seen_by(seen)
    difference = difference_of(seen, now) if asked.diff else None
    _give(seen, asked)
    _say(seen, asked, difference, written)
    _remember(seen, now, must=asked.diff)
    _end([*seen.failures, *failed], as_json=asked.as_json)


def _decide(seen: Look, asked: Asked) -> tuple[Look, Written]:
    """Add proposals to ``datamap.toml``, and return the same look with it."""
    text = seen.read_datamap()
    proposals = _with_fides(seen, asked.fides_in) if asked.fides_in else seen.proposals
    written = write_proposals(text, proposals, accept=asked.accept)
    if written.text != text:
        replace_file(seen.path, written.text)
    return seen.again(written.text), written


def _with_fides(seen: Look, files: "Sequence[Path]") -> "tuple[Proposal, ...]":
    """Return what Fides files propose for the datasets that they speak of, and for no other."""
    from kept.cli.map_exchange import read_fides
    from kept.inventory.exchange_fides_reading import merged

    taken = read_fides(seen, files)
    return tuple(each for each in merged(seen.proposals, taken) if each.id in taken.decisions)


def _give(seen: Look, asked: Asked) -> None:
    """Write what was asked for other readers."""
    if asked.article30:
        write_article30(seen, asked.article30, asked.language)
    if asked.fides_out is not None:
        from kept.cli.map_exchange import write_fides

        write_fides(seen, asked.fides_out)
    if asked.dpv is not None:
        from kept.cli.map_exchange import write_dpv

        write_dpv(seen, asked.dpv)


def _say(seen: Look, asked: Asked, difference: Difference | None, written: Written | None) -> None:
    if asked.as_json and asked.article30 != STANDARD_OUTPUT:  # one document there, not two
        print_json(_report(seen, difference))
    elif difference is not None or not asked.gives:
        _show(seen, difference, asked.language)
        if written is not None:
            _say_written(written, seen.path)


def _end(errors: "Iterable[KeptError]", *, as_json: bool) -> None:
    """End with what the asker must change, if anything, else with what must be waited for."""
    found = sorted(errors, key=exit_status)
    if not found:
        return
    if not as_json:  # a program is given one error, a person all
        for each in found[1:]:
            complain(each, as_json=False)
    fail(found[0], as_json=as_json)


def _report(seen: Look, difference: Difference | None) -> dict[str, object]:
    from kept.checks.comparison_report import as_json as compared
    from kept.checks.declared_data import undeclared
    from kept.cli.map_difference import as_json as changed
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


def _show(seen: Look, difference: Difference | None, language: str) -> None:
    if difference is not None:
        from kept.cli.map_difference import show as show_difference

        show_difference(difference)
        return
    from kept.cli.map_comparison import show as show_comparison
    from kept.cli.map_table import show

    show(seen, scans_seen(seen), language)
    show_comparison(seen.comparison, language)


def _remember(seen: Look, now: "tuple[SeenStore, ...]", *, must: bool) -> None:
    """Keep what was seen for the next `--diff`; a map of a read-only folder is a map too."""
    try:
        remember(seen, now)
    except KeptError:
        if must:
            raise
        typer.echo("note: this run is not remembered for --diff: .kept is not writable", err=True)


def _say_written(written: Written, path: Path) -> None:
    typer.echo(
        f"{path.name}: {counted(len(written.added), 'dataset')} added, {len(written.decided)} decided,"
        f" {len(written.open)} left to decide"
    )
    for dataset, questions in written.open:
        for question in questions or ('say state = "decided" when it is right',):
            typer.echo(printable(f"  {dataset}: {question}"))
