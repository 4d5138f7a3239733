"""How the map of the stores looks: tables on a terminal, plain lines in a pipe."""

import sys
from collections.abc import Iterable, Mapping, Sequence

import typer

from kept.cli.mapping import Look
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import Dataset, DatasetId, DecidedBy, Direction, Erasing, Field, State
from kept.inventory.proposals import Proposal, likely, strongest
from kept.inventory.proposing.minimums import law_note
from kept.inventory.report import identity_of, references_of
from kept.inventory.scanned import Scanned

_HEAD = ("field", "holds", "score", "why", "who says")
_WHY = 48


def show(look: Look, scans: Mapping[DatasetId, Scanned]) -> None:
    """Print the map for a person, with what the full scans of datasets found."""
    proposals = {each.id: each for each in look.proposals}
    for catalog in sorted(look.catalogs, key=lambda each: each.store):
        _say(f"{catalog.store} ({catalog.engine}, {look.urls[catalog.store]})")
        for dataset in look.inventory.datasets:
            if dataset.id.store == catalog.store:
                _show_dataset(dataset, proposals.get(dataset.id))
                _show_law(dataset, catalog, look)
                _show_scan(dataset, scans.get(dataset.id))
        _show_unread(catalog)
    _show_open(look)


def _show_dataset(dataset: Dataset, proposal: Proposal | None) -> None:
    about = dataset.about
    erasing = dataset.on_erasure
    if proposal is not None and dataset.state is State.UNLISTED:
        about, erasing = proposal.decision.about, proposal.decision.on_erasure
    rows = "rows not counted" if dataset.rows is None else f"{dataset.rows} rows"
    erased = f", erasure: {erasing.value}" if erasing is not None else ""
    typer.echo("")
    _say(f"  {dataset.id.name}: {rows}, about {about}{erased} [{dataset.state.value}]")
    lines = [_line(each, dataset, proposal) for each in dataset.fields]
    shown = [line for line in lines if line is not None]
    rest = len(lines) - len(shown)
    if shown:
        _print_table(shown)
    if rest:
        _say(f"    {rest} fields that hold nothing personal")
    for note in () if proposal is None else proposal.notes:
        _say(f"    note: {note}")
    for question in () if proposal is None else proposal.questions:
        _say(f"    to decide: {question}")


def _show_law(dataset: Dataset, catalog: Catalog, look: Look) -> None:
    """Say of rows that go with a person, as long as nobody said how long law keeps them."""
    goes = dataset.on_erasure is not None and dataset.on_erasure is not Erasing.KEEP
    if dataset.state is State.DECIDED and goes and dataset.minimum is None:
        establishment = look.company.settings.controller.establishment
        note = law_note(catalog.table(dataset.id.name), establishment)
        if note:
            _say(f"    note: {note}")


def _show_unread(catalog: Catalog) -> None:
    if catalog.unread:
        typer.echo("")
    for name, why in catalog.unread:
        _say(f"  not read: {name}: {why}")


def _show_scan(dataset: Dataset, scanned: Scanned | None) -> None:
    if scanned is None:
        return
    how = f"{scanned.percent} % of the rows read by {scanned.at:%Y-%m-%d %H:%M} UTC"
    whole = "" if scanned.complete else ", so what it did not find may be there"
    _say(f"    full scan: {how} ({scanned.read} of {scanned.rows}){whole}")
    if scanned.cut:
        _say(f"    full scan: {scanned.cut} values were too long to be read whole")
    for field in dataset.fields:
        known = {each.category for each in (*field.categories, *field.ambiguous)}
        for category, rows in sorted(scanned.found.get(field.name, {}).items()):
            if category not in known:
                _say(f"    full scan: {category.value} by its form in {rows} rows of {field.name}")


def _line(
    field: Field, dataset: Dataset, proposal: Proposal | None
) -> tuple[str, str, str, str, str] | None:
    extra = list(_extras(field, dataset, proposal))
    seen = (*field.categories, *field.ambiguous)
    if not seen and not extra:
        return None
    best = seen[0] if seen else None
    names = [each.value for each in likely(field)]
    names += [f"perhaps {each.category.value}?" for each in field.ambiguous]
    why = "" if best is None else strongest(best)
    return (
        field.name,
        "; ".join([*names, *extra]),
        f"{best.score:.2f}" if best is not None else "",
        why if len(why) <= _WHY else f"{why[: _WHY - 1]}…",
        "" if field.decided_by is DecidedBy.NOBODY else field.decided_by.value,
    )


def _extras(field: Field, dataset: Dataset, proposal: Proposal | None) -> Iterable[str]:
    identity = identity_of(field, dataset, proposal)
    if identity is not None:
        yield f"finds people by {identity.value}"
    for each in references_of(dataset, proposal):
        if field.name in each.fields:
            forward = " forward" if each.direction is Direction.FORWARD else ""
            yield f"→ {each.to.name} {each.whose.value}{forward}"


def _print_table(lines: Sequence[Sequence[str]]) -> None:
    if sys.stdout.isatty():
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        table = Table(*_HEAD, box=SIMPLE_HEAD)
        for line in lines:
            table.add_row(*(Text(printable(cell)) for cell in line))
        Console().print(Padding(table, (0, 0, 0, 2)))
        return
    widths = [max(len(printable(line[at])) for line in lines) for at in range(len(_HEAD))]
    for line in lines:
        cells = (printable(cell).ljust(width) for cell, width in zip(line, widths, strict=True))
        _say(f"    {'  '.join(cells)}".rstrip())


def printable(text: str) -> str:
    """Return `text` with nothing that moves a terminal's cursor: names come from a store."""
    return "".join(each if each.isprintable() else "�" for each in text)


def _say(text: str) -> None:
    typer.echo(printable(text))


def _show_open(look: Look) -> None:
    _say("")
    undecided = [
        each
        for each in look.inventory.datasets
        if each.personal and each.state is not State.DECIDED
    ]
    for dataset in look.inventory.absent:
        _say(f"not in any store: {dataset}")
    for each in look.inventory.datasets:
        for field in each.fields if each.state is State.DECIDED else ():
            if field.decided_by is DecidedBy.DISCOVERY and likely(field):
                held = ", ".join(category.value for category in likely(field))
                _say(f"found since the decision: {held} in {each.id}.{field.name}")
    listed = sum(len(catalog.tables) for catalog in look.catalogs)
    _say(
        f"{len(look.inventory.datasets)} datasets in {len(look.catalogs)} stores"
        f" ({listed} tables and views), {len(undecided)} with personal data undecided"
    )
    if undecided:
        _say(f"undecided: {', '.join(str(each.id) for each in undecided)}")
        _say("No erasure runs while one is undecided: kept map --write --accept")
