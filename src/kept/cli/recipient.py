"""``kept recipient``: who else has the data, and is told of erasures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.given import instant_of
from kept.cli.output import print_json, speaks

if TYPE_CHECKING:
    from kept.rights.notice import Notice

app = typer.Typer(no_args_is_help=True, help="Tell recipients of erasures; record what they say.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
At = Annotated[str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")]
Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]
Id = Annotated[str, typer.Argument(help="Id of the notice, as `kept recipient list` has it.")]

_CONFIG = Path("kept.toml")


@app.command("list")
@speaks
def list_notices(
    request: Annotated[str, typer.Option("--request", help="Only of this erasure.")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Only processors that have not confirmed.")
    ] = False,
    as_json: AsJson = False,
    config: Config = _CONFIG,
) -> None:
    """List who is to be told of which erasure, who was told, and who confirmed.

    A missing confirmation counts for processors alone: they act for the company.

    Examples:

        kept recipient list --missing

        kept recipient list --request 3f2a9c01b7de4455 --json
    """
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company

    company = open_company(config)
    finish(company)
    found = [each for each in company.notices.listed(request) if each.missing or not missing]
    if as_json:
        print_json({"notices": [each.to_json() for each in found]})
        return
    for each in found:
        typer.echo(_line(each))
    if not found:
        typer.echo("no notices")


@app.command("tell")
@speaks
def tell(
    notice: Id,
    out: Annotated[Path, typer.Option("--out", help="Folder to write the message into.")] = Path(),
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Write out the message to a recipient, and record that it was told.

    The message names the person: it is kept encrypted for 30 days, and deleted here once the
    recipient confirmed. Delete the file as soon as it was sent.

    Examples:

        kept recipient tell 3f2a9c01b7de4455-1c2d3e4f --out outbox
    """
    from kept.cli.request_output import write_private
    from kept.runtime import open_company
    from kept.workflows.tell_recipients import package_of
    from kept.workflows.tell_recipients import tell as tell_recipient

    company = open_company(config, at=instant_of(at))
    known = company.notices.load(notice)
    text = company.packages.load(package_of(known.id), at=company.now).decode()
    (written,) = write_private(out, {f"{known.id}.txt": text})
    noted = tell_recipient(company.notices, company.log, known.id, company.now)
    if as_json:
        print_json({**noted.to_json(), "file": str(written)})
    else:
        typer.echo(f"wrote {written}\n{_line(noted)}")


@app.command("confirm")
@speaks
def confirm(
    notice: Id,
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Record that a recipient confirmed, and delete the message that named the person.

    Examples:

        kept recipient confirm 3f2a9c01b7de4455-1c2d3e4f
    """
    from kept.runtime import open_company
    from kept.workflows.tell_recipients import confirm as confirm_notice
    from kept.workflows.tell_recipients import package_of

    company = open_company(config, at=instant_of(at))
    noted = confirm_notice(company.notices, company.log, notice, company.now)
    company.packages.delete(package_of(noted.id))
    if as_json:
        print_json(noted.to_json())
    else:
        typer.echo(_line(noted))


def _line(notice: "Notice") -> str:
    if notice.confirmed_at is not None:
        state = f"confirmed {notice.confirmed_at:%Y-%m-%d}"
    elif notice.told_at is not None:
        state = f"told {notice.told_at:%Y-%m-%d}"
    else:
        state = f"to be told by {notice.way}"
    missing = ", confirmation missing" if notice.missing else ""
    return f"{notice.id}  {notice.recipient} ({notice.role or 'recipient'}): {state}{missing}"
