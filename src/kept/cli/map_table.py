"""How the map of the stores looks: tables on a terminal, plain lines in a pipe."""

import sys
from collections.abc import Iterable, Mapping, Sequence

import typer

from kept.cli.map_words import ENGLISH, about_whom, category, named, said
from kept.cli.mapping import Look
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import Dataset, DatasetId, DecidedBy, Direction, Erasing, Field, State
from kept.inventory.proposals import Proposal, likely, strongest
from kept.inventory.proposing.minimums import law_note
from kept.inventory.report import identity_of, references_of
from kept.inventory.scanned import Scanned

_HEAD = ("field", "holds", "score", "why", "who")
_WHY = 48


def show(look: Look, scans: Mapping[DatasetId, Scanned], language: str = ENGLISH) -> None:
    """Print the map for a person, with what the full scans of datasets found."""
    proposals = {each.id: each for each in look.proposals}
    for catalog in sorted(look.catalogs, key=lambda each: each.store):
        _say(f"{catalog.store} ({catalog.engine}, {look.urls[catalog.store]})")
        for dataset in look.inventory.datasets:
            if dataset.id.store == catalog.store:
                _show_dataset(dataset, proposals.get(dataset.id), language)
                _show_law(dataset, catalog, look, language)
                _show_scan(dataset, scans.get(dataset.id), language)
        _show_unread(catalog, language)
    _show_open(look, language)


def _show_dataset(dataset: Dataset, proposal: Proposal | None, language: str) -> None:
    about = dataset.about
    erasing = dataset.on_erasure
    if proposal is not None and dataset.state is State.UNLISTED:
        about, erasing = proposal.decision.about, proposal.decision.on_erasure
    rows = said("not_counted", language)
    if dataset.rows is not None:
        rows = said("rows", language, count=dataset.rows)
    erased = ""
    if erasing is not None:
        erased = said("erasing", language, how=named("erasing", erasing.value, language))
    state = named("state", dataset.state.value, language)
    whose = about_whom(about, language)
    typer.echo("")
    head = {"name": dataset.id.name, "rows": rows, "about": whose, "erasing": erased}
    _say(f"  {said('dataset', language, state=state, **head)}")
    lines = [_line(each, dataset, proposal, language) for each in dataset.fields]
    shown = [line for line in lines if line is not None]
    rest = len(lines) - len(shown)
    if shown:
        _print_table(shown, language)
    if rest:
        _say(f"    {said('nothing', language, count=rest)}")
    for note in () if proposal is None else proposal.notes:
        _say(f"    {said('note', language, text=note)}")
    for question in () if proposal is None else proposal.questions:
        _say(f"    {said('to_decide', language, text=question)}")


def _show_law(dataset: Dataset, catalog: Catalog, look: Look, language: str) -> None:
    """Say of rows that go with a person, as long as nobody said how long law keeps them."""
    goes = dataset.on_erasure is not None and dataset.on_erasure is not Erasing.KEEP
    if dataset.state is State.DECIDED and goes and dataset.minimum is None:
        establishment = look.company.settings.controller.establishment
        note = law_note(catalog.table(dataset.id.name), establishment)
        if note:
            _say(f"    {said('note', language, text=note)}")


def _show_unread(catalog: Catalog, language: str) -> None:
    if catalog.unread:
        typer.echo("")
    for name, why in catalog.unread:
        _say(f"  {said('unread', language, name=name, why=why)}")


def _show_scan(dataset: Dataset, scanned: Scanned | None, language: str) -> None:
    if scanned is None:
        return
    how = said(
        "scan",
        language,
        percent=scanned.percent,
        at=f"{scanned.at:%Y-%m-%d %H:%M}",
        read=scanned.read,
        rows=scanned.rows,
    )
    _say(f"    {how}{'' if scanned.complete else said('scan_open', language)}")
    if scanned.cut:
        _say(f"    {said('scan_cut', language, count=scanned.cut)}")
    for field in dataset.fields:
        known = {each.category for each in (*field.categories, *field.ambiguous)}
        for each, rows in sorted(scanned.found.get(field.name, {}).items()):
            if each not in known:
                what = category(each, language)
                line = said("scan_found", language, category=what, rows=rows, field=field.name)
                _say(f"    {line}")


def _line(
    field: Field, dataset: Dataset, proposal: Proposal | None, language: str
) -> tuple[str, str, str, str, str] | None:
    extra = list(_extras(field, dataset, proposal, language))
    seen = (*field.categories, *field.ambiguous)
    if not seen and not extra:
        return None
    best = seen[0] if seen else None
    names = [category(each, language) for each in likely(field)]
    unsure = [category(each.category, language) for each in field.ambiguous]
    names += [said("perhaps", language, category=each) for each in unsure]
    why = "" if best is None else strongest(best)
    return (
        field.name,
        "; ".join([*names, *extra]),
        f"{best.score:.2f}" if best is not None else "",
        why if len(why) <= _WHY else f"{why[: _WHY - 1]}…",
        ""
        if field.decided_by is DecidedBy.NOBODY
        else named("who", field.decided_by.value, language),
    )


def _extras(
    field: Field, dataset: Dataset, proposal: Proposal | None, language: str
) -> Iterable[str]:
    identity = identity_of(field, dataset, proposal)
    if identity is not None:
        yield said("identifies", language, kind=identity.value)
    for each in references_of(dataset, proposal):
        if field.name in each.fields:
            forward = " forward" if each.direction is Direction.FORWARD else ""
            yield f"→ {each.to.name} {each.whose.value}{forward}"


def _print_table(lines: Sequence[Sequence[str]], language: str) -> None:
    if sys.stdout.isatty():
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        table = Table(*(said(each, language) for each in _HEAD), box=SIMPLE_HEAD)
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


def _show_open(look: Look, language: str) -> None:
    _say("")
    undecided = [
        each
        for each in look.inventory.datasets
        if each.personal and each.state is not State.DECIDED
    ]
    for dataset in look.inventory.absent:
        _say(said("absent", language, dataset=dataset))
    for each in look.inventory.datasets:
        for field in each.fields if each.state is State.DECIDED else ():
            if field.decided_by is DecidedBy.DISCOVERY and likely(field):
                held = ", ".join(category(held, language) for held in likely(field))
                where = f"{each.id}.{field.name}"
                _say(said("since", language, held=held, field=where))
    listed = sum(len(catalog.tables) for catalog in look.catalogs)
    counts = said(
        "summary",
        language,
        datasets=len(look.inventory.datasets),
        stores=len(look.catalogs),
        tables=listed,
        open=len(undecided),
    )
    _say(counts)
    if undecided:
        names = ", ".join(str(each.id) for each in undecided)
        _say(said("undecided", language, names=names))
        _say(said("none_runs", language))
