"""``kept log``: the evidence, verified whole, proved piece by piece, and handed out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.log_files import (
    NotInLogError,
    consistency_since,
    keys_from,
    receipt_of,
    text_from,
    verify_archive,
    write_whole,
)
from kept.cli.output import BROKEN, counted, print_json, progress_line, speaks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kept.evidence.log import LogVerification
    from kept.evidence.witness import Witnessed

app = typer.Typer(no_args_is_help=True, help="Verify, prove and hand out the evidence log.")

Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Keys = Annotated[
    Path | None, typer.Option("--key", help="The log's public keys, from a file saved before.")
]
_HERE = Path("kept.toml")


@app.command("verify")
@speaks
def verify(
    config: Config = _HERE,
    against: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint, a receipt, or a folder of checkpoints, kept elsewhere."),
    ] = None,
    key: Keys = None,
    archive: Annotated[
        Path | None, typer.Option(help="Verify a file of `kept log export`, without a database.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole log and every signature; name the first bad entry.

    Compares the log with every checkpoint among the state's own files, and with those given
    with `--against`. A log that was cut short is told from one that never was longer only by
    a checkpoint or a receipt kept elsewhere: without one, it says that it cannot tell.
    Exits 0 if all of it holds, 1 if anything does not.

    Examples:

        kept log verify

        kept log verify --config demo/kept.toml --json

        kept log verify --against receipt.json --against /mnt/usb/checkpoints

        kept log verify --archive log.jsonl --key log.pub
    """
    from kept.storage.checkpoint_files import found_at

    elsewhere = [each.note for path in against or () for each in found_at(path)]
    keys = keys_from(key) if key else None
    seen: Sequence[tuple[int, Witnessed]] = ()
    with progress_line() as say:

        def tell(count: int) -> None:
            say(f"{count} entries verified")

        if archive:
            result = verify_archive(archive, keys, elsewhere, tell)
        else:
            from kept.runtime import open_company

            company = open_company(config)
            result = company.verify_log(keys, elsewhere, tell=tell)
            seen = company.checkpoints.witnessed()
    if as_json:
        print_json({**result.to_json(), "witnesses": [_witness(*each) for each in seen]})
    else:
        _tell(result, seen)
    if not result.ok:
        raise typer.Exit(BROKEN)


@app.command("prove")
@speaks
def prove(
    operation: Annotated[
        str | None, typer.Argument(help="An entry's operation, or its number from 0.")
    ] = None,
    since: Annotated[
        Path | None, typer.Option(help="A checkpoint or receipt that somebody kept.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the proof to this file.")] = None,
    config: Config = _HERE,
) -> None:
    """Prove to an outsider that an entry is in the log, or that the log only grew.

    With an entry, prints its receipt. With `--since`, prints the proof that the log as it is
    now begins with the whole log that the checkpoint speaks of.

    Examples:

        kept log prove 17 --out receipt.json

        kept log prove --since kept-by-the-auditor.checkpoint
    """
    from kept.runtime import open_company

    log = open_company(config).log
    if since is not None:
        text = consistency_since(log, since)
    elif operation is not None:
        text = receipt_of(log, operation)
    else:
        raise NotInLogError("Neither an entry nor --since was given.")
    if out is None:
        sys.stdout.write(text)
    else:
        write_whole(out, [text])


@app.command("export")
@speaks
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    config: Config = _HERE,
) -> None:
    """Write the whole log to one file that is verified without a database.

    One line of JSON for each entry and each checkpoint. `kept log verify --archive` reads it.

    Examples:

        kept log export log-2026.jsonl
    """
    from kept.evidence.archive import archive
    from kept.evidence.errors import KeyMissingError
    from kept.runtime import open_company

    company = open_company(config)
    keys = company.vault.published_keys()
    if keys is None:
        raise KeyMissingError("There is no log yet, or its public key is not in the vault.")
    with company.database.snapshot():
        lines = archive(keys, company.log.entries(), company.log.checkpoints())
        count = write_whole(file, lines)
    typer.echo(f"{counted(count, 'line')} written to {file}")


@app.command("checkpoint")
@speaks
def checkpoint(
    to: Annotated[
        Path | None, typer.Option(help="Also keep it in this folder: another disk, a shared one.")
    ] = None,
    config: Config = _HERE,
) -> None:
    """Print the log's latest checkpoint, and keep it as a file beside the database.

    Run it on a schedule and send what it prints to somebody else: history before a
    checkpoint that others hold cannot be rewritten unseen.

    Examples:

        kept log checkpoint --to /mnt/audit/checkpoints

        kept log checkpoint | mail -s "Checkpoint" auditor@example.com
    """
    from kept.runtime import open_company
    from kept.storage.checkpoint_files import CheckpointFiles

    company = open_company(config)
    head = next(reversed(list(company.log.checkpoints(_head_size(company.log.head())))), None)
    if head is None:
        raise NotInLogError("The log has no entry yet, and so no checkpoint.")
    kept = company.checkpoints.keep(head)
    text = text_from(kept)
    if to is not None:
        CheckpointFiles(to).keep(text)
    sys.stdout.write(text)


@app.command("witness")
@speaks
def witness(
    file: Annotated[Path, typer.Argument(help="The checkpoint as the witness co-signed it.")],
    witness_key: Annotated[
        Path, typer.Option("--witness-key", help="The witness's key: name+hash+base64.")
    ],
    config: Config = _HERE,
    as_json: AsJson = False,
) -> None:
    """Accept a witness's co-signature of a checkpoint of this log.

    Exits 1 if the witness did not sign it. `kept log verify` shows who has signed what.

    Examples:

        kept log witness cosigned.checkpoint --witness-key witness.pub
    """
    from kept.cli.log_files import accepted
    from kept.evidence.witness import WitnessKey
    from kept.runtime import open_company

    company = open_company(config)
    key = WitnessKey.parse(text_from(witness_key))
    size, seen = accepted(company.log, company.checkpoints, text_from(file), key)
    if as_json:
        print_json({"ok": seen is not None, "witness": _witness(size, seen) if seen else None})
    elif seen is None:
        typer.echo(f"NOT accepted: {key.name} did not sign this checkpoint")
    else:
        typer.echo(_said(size, seen))
    if seen is None:
        raise typer.Exit(BROKEN)


@app.command("keys")
@speaks
def keys_page(config: Config = _HERE, as_json: AsJson = False) -> None:
    """Print the page of keys to publish: every key that the log had, and for which sizes.

    Whoever saves this page verifies receipts with it: `kept receipt verify FILE --key PAGE`.

    Examples:

        kept log keys > log-keys.txt
    """
    from kept.evidence.errors import KeyMissingError
    from kept.runtime import open_company

    keys = open_company(config).vault.published_keys()
    if keys is None:
        raise KeyMissingError("There is no log yet, or its public key is not in the vault.")
    if as_json:
        print_json(
            {
                "keys": [
                    {
                        "key": str(each.key),
                        "fingerprint": each.key.fingerprint,
                        "first": each.first,
                        "last": each.last,
                    }
                    for each in keys.tenures
                ]
            }
        )
    else:
        typer.echo(str(keys))


@app.command("rotate")
@speaks
def rotate(config: Config = _HERE) -> None:
    """Let a new key sign the log from now on, and destroy the secret of the old one.

    The last thing that the old key signs names the new one. Publish the page of keys again
    afterwards: `kept log keys`.

    Examples:

        kept log rotate && kept log keys > log-keys.txt
    """
    from kept.runtime import now, open_company

    key = open_company(config).log.rotate(now())
    typer.echo(f"The log is signed with a new key from now on. Its fingerprint: {key.fingerprint}")


def _head_size(head: object) -> int:
    from kept.evidence.checkpoint import Note

    return head.checkpoint.size if isinstance(head, Note) else 0


def _tell(result: "LogVerification", seen: "Sequence[tuple[int, Witnessed]]") -> None:
    if result.ok:
        signed = f", signed by {result.signer}" if result.entries else ""
        typer.echo(
            f"{counted(result.entries, 'entry', 'entries')}, "
            f"{counted(result.checkpoints, 'checkpoint')}: all of it holds{signed}"
        )
    else:
        where = "" if result.first_bad is None else f" at entry {result.first_bad}"
        typer.echo(f"NOT verified{where}: {result.flaw.value.replace('-', ' ') or 'no key'}")
    if result.ok and result.outside is None:
        typer.echo(
            "It cannot tell whether entries were cut off at the end: no checkpoint or receipt "
            "that was kept elsewhere was at hand (--against)."
        )
    elif result.ok and result.outside is not None:
        typer.echo(
            f"Nothing was cut off or rewritten before entry {result.outside}: a checkpoint "
            "kept outside the database says so. Of what came later it cannot tell."
        )
    for size, each in seen:
        typer.echo(_said(size, each))


def _said(size: int, seen: "Witnessed") -> str:
    return f"{seen.name} had seen {counted(size, 'entry', 'entries')} at {seen.at.isoformat()}"


def _witness(size: int, seen: "Witnessed") -> dict[str, object]:
    return {"name": seen.name, "size": size, "at": seen.at.isoformat()}
