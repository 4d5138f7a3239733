"""``kept hold``: rows that must stay, whoever asks for their erasure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from kept.cli.given import DatasetFormatError, datasets_of, identifiers_of, instant_of
from kept.cli.output import print_json, speaks
from kept.errors import RefusedError

if TYPE_CHECKING:
    from kept.inventory.dataset import DatasetId
    from kept.rights.hold import HeldField, Hold
    from kept.runtime import Company

app = typer.Typer(no_args_is_help=True, help="Keep rows that an erasure must not touch.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
At = Annotated[str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")]
Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]

_CONFIG = Path("kept.toml")


class HoldEmptyError(RefusedError):
    """A hold does not say what it holds, or why."""

    code: ClassVar[str] = "holds.empty"
    remedy: str = (
        "Give --reason and --source, and --identity, --dataset or both; --row needs exactly one "
        "--dataset."
    )


class HoldRowFormatError(RefusedError):
    """What a row must hold is not written as it must be."""

    code: ClassVar[str] = "holds.row-format"
    remedy: str = "Write --row FIELD=VALUE, with a field that the dataset has."


@app.command("add")
@speaks
def add(
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; the person is told so.")] = "",
    source: Annotated[str, typer.Option("--source", help="The provision, or the case.")] = "",
    identity: Annotated[
        list[str], typer.Option("--identity", help="KIND=VALUE: whose rows. Repeatable.")
    ] = [],  # noqa: B006 - Typer reads it and nobody changes it
    dataset: Annotated[
        list[str], typer.Option("--dataset", help="STORE.DATASET, or STORE.*. Repeatable.")
    ] = [],  # noqa: B006 - likewise
    row: Annotated[
        list[str], typer.Option("--row", help="FIELD=VALUE that a row must hold. Repeatable.")
    ] = [],  # noqa: B006 - likewise
    since: Annotated[str, typer.Option("--since", help="From when; now unless said.")] = "",
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Keep rows from every erasure until the hold is ended.

    Identifiers and values are kept as keyed hashes alone. When the command returns, every
    erasure that had not committed will leave the rows alone; one that had is named by
    `kept request list`. Where single rows are held, all rows of that person in that dataset
    stay.

    Examples:

        kept hold add --reason "lawsuit" --source "case 7 O 12/26" --identity email=ana@example.com

        kept hold add --reason audit --source "AO 147" --dataset shop.orders --row order_no=1042
    """
    from kept.rights.hold import Hold
    from kept.runtime import new_id, open_company
    from kept.workflows.hold_rows import add_hold

    company = open_company(config, at=instant_of(at))
    identifiers = identifiers_of(identity)
    datasets = datasets_of(dataset, company.stores)
    if not (reason.strip() and source.strip() and (identifiers or datasets)):
        raise HoldEmptyError("a hold says why, under which provision or case, and what it holds")
    if not all(each.normalised for each in identifiers) or (row and len(datasets) != 1):
        raise HoldEmptyError("an identifier is empty, or --row has no dataset of its own")
    hold = Hold(
        id=new_id(),
        reason=reason.strip(),
        source=source.strip(),
        since=instant_of(since, "--since") or company.now,
        people=frozenset(company.holds.hashes.identifier(each) for each in identifiers),
        datasets=datasets,
        rows=_rows(company, datasets, row),
        added_at=company.now,
    )
    add_hold(company.holds, company.log, hold)
    _tell([hold], as_json=as_json)


@app.command("end")
@speaks
def end(
    hold: Annotated[str, typer.Argument(help="Id of the hold.")],
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """End a hold. What it kept is erased by running those erasures again.

    Examples:

        kept hold end 3f2a9c01b7de4455
    """
    from kept.runtime import open_company
    from kept.workflows.hold_rows import end_hold

    company = open_company(config, at=instant_of(at))
    ended = end_hold(company.holds, company.log, hold, company.now)
    _tell([ended], as_json=as_json)
    waiting = [each.id for each in company.requests.listed(open_only=True) if _waits(each.result)]
    if waiting and not as_json:
        typer.echo(f"run these erasures again, if no other hold stands: {', '.join(waiting)}")


@app.command("list")
@speaks
def list_holds(
    ended: Annotated[bool, typer.Option("--all", help="Also those that ended.")] = False,
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """List the holds that stand.

    Examples:

        kept hold list --all --json
    """
    from kept.runtime import open_company

    company = open_company(config, at=instant_of(at))
    found = [each for each in company.holds.listed() if ended or each.ended_at is None]
    if as_json:
        print_json({"holds": [_json(each) for each in found]})
        return
    _tell(found, as_json=False)
    if not found:
        typer.echo("no holds")


def _rows(
    company: "Company", datasets: "tuple[DatasetId, ...]", given: list[str]
) -> "tuple[HeldField, ...]":
    """Return what rows must hold, hashed; refuse datasets and fields that no store has."""
    from kept.rights.hold import HeldField, value_hash

    tables = {
        each: {table.name: table for table in company.stores[each].catalog().tables}
        for each in {dataset.store for dataset in datasets}
    }
    for each in datasets:
        if each.name not in {"*", *tables[each.store]}:
            raise DatasetFormatError(f"the store {each.store!r} has no dataset {each.name!r}")
    found = []
    for text in given:
        name, sign, value = text.partition("=")
        table = tables[datasets[0].store].get(datasets[0].name)
        if not sign or table is None or not table.has((name,)):
            raise HoldRowFormatError("--row takes FIELD=VALUE, with a field of the dataset")
        digest = value_hash(company.holds.hashes, datasets[0], name, value)
        found.append(HeldField(name=name, digest=digest))
    return tuple(found)


def _waits(result: object) -> bool:
    from kept.workflows.request_holds import ACTION

    tasks = result.get("tasks", []) if isinstance(result, dict) else []
    return any(each.get("action") == ACTION for each in tasks)


def _json(hold: "Hold") -> dict[str, object]:
    from kept.workflows.hold_rows import hold_json

    ended = None if hold.ended_at is None else hold.ended_at.isoformat()
    return {"id": hold.id, **hold_json(hold), "ended_at": ended}


def _tell(holds: "list[Hold]", *, as_json: bool) -> None:
    for each in holds:
        if as_json:
            print_json(_json(each))
            continue
        what = ", ".join(str(dataset) for dataset in each.datasets) or "everything"
        whose = f" of the person with {len(each.people)} identifiers" if each.people else ""
        state = (
            f"ended {each.ended_at:%Y-%m-%d}" if each.ended_at else f"since {each.since:%Y-%m-%d}"
        )
        typer.echo(f"{each.id}  {what}{whose}, {state}: {each.reason} ({each.source})")
