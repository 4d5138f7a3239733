"""``kept attest``: statements that only people can make, in the log like anything else."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.log_files import NotInLogError
from kept.cli.output import BROKEN, print_json, speaks

if TYPE_CHECKING:
    from kept.evidence.attestation import Attestation
    from kept.runtime import Company

app = typer.Typer(no_args_is_help=True, help="State what only people can state; be reminded.")

Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
At = Annotated[
    datetime | None, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")
]
_HERE = Path("kept.toml")


@app.command("add")
@speaks
def add(
    subject: Annotated[str, typer.Argument(help="What is stated, as a code: staff-training.")],
    owner: Annotated[str, typer.Option(help="Role that stands for it: privacy-officer.")],
    every_days: Annotated[int, typer.Option(help="After so many days it must be made anew.")] = 365,
    file: Annotated[
        Path | None, typer.Option(help="The document it rests on; only its hash is kept.")
    ] = None,
    at: At = None,
    config: Config = _HERE,
    as_json: AsJson = False,
) -> None:
    """State that something was done, with the role that stands for it and the day it runs out.

    The statement enters the evidence log. It names a role and never a person.

    Examples:

        kept attest add staff-training --owner privacy-officer --file attendance.pdf

        kept attest add impact-assessment --owner data-protection-officer --every-days 730
    """
    from kept.evidence.attestation import Attestation
    from kept.runtime import open_company

    company = open_company(config)
    moment = _moment(at)
    statement = Attestation(
        subject=subject,
        owner=owner,
        made=moment.date(),
        every_days=every_days,
        file_sha256=_hash_of(file) if file else "",
    )
    _enter(company, statement, moment, as_json=as_json)


@app.command("withdraw")
@speaks
def withdraw(
    subject: Annotated[str, typer.Argument(help="What was stated.")],
    at: At = None,
    config: Config = _HERE,
    as_json: AsJson = False,
) -> None:
    """Take a statement back. What was stated before stays in the log.

    Examples:

        kept attest withdraw staff-training
    """
    from dataclasses import replace

    from kept.runtime import open_company

    company = open_company(config)
    found = [each for each in _standing(company) if each.subject == subject]
    if not found or found[0].withdrawn:
        raise NotInLogError("Nobody states this, or it was taken back already.")
    _enter(company, replace(found[0], withdrawn=True), _moment(at), as_json=as_json)


@app.command("list")
@speaks
def list_statements(at: At = None, config: Config = _HERE, as_json: AsJson = False) -> None:
    """Show every statement and how it stands; run it daily to be reminded.

    A statement is due in its last thirty days. Exits 1 if one has run out.

    Examples:

        kept attest list

        kept attest list --json --at 2027-01-31
    """
    from kept.evidence.attestation import Standing
    from kept.runtime import open_company

    today = _moment(at).date()
    statements = _standing(open_company(config))
    if as_json:
        shown = [{**_as_json(each), "standing": each.standing(today).value} for each in statements]
        print_json({"attestations": shown})
    elif not statements:
        typer.echo("nobody has stated anything yet: kept attest add --help")
    else:
        for each in statements:
            typer.echo(
                f"{each.standing(today).value:<10} {each.subject}, by {each.owner}, "
                f"until {each.expires.isoformat()}"
            )
    if any(each.standing(today) is Standing.EXPIRED for each in statements):
        raise typer.Exit(BROKEN)


def _enter(company: "Company", statement: "Attestation", at: datetime, *, as_json: bool) -> None:
    (receipt,) = company.log.append([statement.entry(at)], at)
    if as_json:
        print_json({**_as_json(statement), "receipt": receipt.to_json()})
    else:
        what = "withdrawn" if statement.withdrawn else f"stated until {statement.expires}"
        typer.echo(f"{statement.subject}: {what}, entry {receipt.leaf_index} of the log")


def _standing(company: "Company") -> "tuple[Attestation, ...]":
    from kept.evidence.attestation import TYPE, standing_statements

    marked = f'"type":"{TYPE}"'.encode()
    return standing_statements(
        stored.entry for stored in company.log.entries() if marked in stored.leaf
    )


def _as_json(statement: "Attestation") -> dict[str, object]:
    return {
        "subject": statement.subject,
        "owner": statement.owner,
        "made": statement.made.isoformat(),
        "every_days": statement.every_days,
        "expires": statement.expires.isoformat(),
        "file_sha256": statement.file_sha256,
        "withdrawn": statement.withdrawn,
    }


def _moment(at: datetime | None) -> datetime:
    from datetime import UTC

    from kept.runtime import now

    if at is None:
        return now()
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _hash_of(path: Path) -> str:
    from kept.evidence.errors import CheckpointFileError

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CheckpointFileError(f"{path.name} cannot be read: {error.strerror}.") from None
