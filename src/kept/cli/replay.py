"""``kept replay``: erasures that a restore or an import undid, carried out again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from kept.cli.given import instant_of
from kept.cli.output import FINE, REFUSED, print_json, speaks
from kept.errors import RefusedError

if TYPE_CHECKING:
    from kept.workflows.replay_erasures import Replayed


class ReplaySinceError(RefusedError):
    """Nobody said from when the copy is, or it is from later than now."""

    code: ClassVar[str] = "replay.since"
    remedy: str = "Give --since with the instant at which the backup or the export was made."


@speaks
def replay(
    *,
    since: Annotated[
        str, typer.Option("--since", help="When the copy was made: a day or an instant.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and erase nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    at: Annotated[
        str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")
    ] = "",
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
) -> None:
    """Erase again whom a restored backup or an imported copy brought back.

    A row goes only if its key and an identifier in it are both on the list of erasures, it
    was erased after the copy was made, and it had existed before. Who signed up again since
    stays. What cannot be told is for a person to decide: then it exits 2.

    Examples:

        kept replay --since 2026-02-14T03:00:00Z --dry-run

        kept replay --since 2026-02-14T03:00:00Z --json
    """
    from kept.checks.erased import ErasedPeople
    from kept.cli.request_output import require_operator
    from kept.cli.request_recovery import finish
    from kept.runtime import new_id, open_company
    from kept.workflows.replay_erasures import Replay, replay_erasures

    company = open_company(config, at=instant_of(at))
    made = instant_of(since, "--since")
    if made is None or made > company.now:
        raise ReplaySinceError("--since says when the copy was made, and not later than now")
    kept_for = company.settings.backups_kept
    if kept_for is not None and made < company.now - kept_for:
        raise ReplaySinceError(
            "--since is longer ago than [requests] backups_kept: what was erased then may be "
            "forgotten",
            remedy="Restore a newer copy; from this one people must be erased by hand.",
        )
    if not dry_run:
        require_operator(company)
        finish(company)
    replayed = replay_erasures(
        company.ports(),
        company.desk(),
        Replay(
            id=new_id(),
            since=made,
            at=company.now,
            erased=ErasedPeople(company.suppression, company.erasures),
            memory=company.erasures,
            dry_run=dry_run,
        ),
        company.stores,
    )
    if as_json:
        print_json({"dry_run": dry_run, **replayed.to_json(), "receipt": replayed.receipt})
    else:
        _tell(replayed, dry_run=dry_run)
    raise typer.Exit(REFUSED if replayed.asks and not dry_run else FINE)


def _tell(replayed: "Replayed", *, dry_run: bool) -> None:
    from kept.workflows.replay_judging import WHY, Verdict

    for dataset, counts in sorted(replayed.found.items()):
        for verdict, count in sorted(counts.items()):
            if verdict is Verdict.BACK:
                what = "are back, and would be erased" if dry_run else "were back"
            elif verdict is Verdict.SINCE:
                what = "were made since, and stay"
            else:
                what = WHY[verdict]
            typer.echo(f"{dataset}: {count} rows {what}")
    for name, ended in replayed.requests.items():
        typer.echo(f"request {name}: {ended}")
    for each in replayed.unread:
        typer.echo(f"to do: {each} cannot be compared with the list of erasures: look by hand")
    if not replayed.found:
        typer.echo("nothing that was erased is back")
    if replayed.receipt is not None:
        typer.echo("receipt: kept, signed, in the evidence log")
