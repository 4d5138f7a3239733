"""``kept receipt``: what proves to a person that something was done."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from kept.cli.output import BROKEN, REFUSED, print_json, speaks
from kept.errors import RefusedError

if TYPE_CHECKING:
    from kept.evidence.receipt import Verification

app = typer.Typer(no_args_is_help=True, help="Verify what proves that something was done.")


class ReceiptMissingError(RefusedError):
    """The receipt's file, or the key's, cannot be read."""

    code: ClassVar[str] = "receipts.missing"
    remedy: str = "Name a file that exists and that you may read."


@app.command("verify")
@speaks
def verify(
    file: Annotated[Path, typer.Argument(help="The receipt.")],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The log's public keys: a file or page saved before."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Verify a receipt, with no network and no database.

    Exits 0 only if the receipt holds and its signer is the key given. Without a key
    everything else is checked, the signer is said to be unverified, and it exits 2.
    A receipt that does not hold exits 1.

    Examples:

        kept receipt verify receipt.json --key log.pub

        kept receipt verify receipt.json
    """
    from kept.evidence.keyring import LONGEST as LONGEST_KEYS
    from kept.evidence.keyring import Keyring
    from kept.evidence.receipt import LONGEST, read_receipt
    from kept.evidence.receipt import verify as verify_receipt

    known = Keyring.parse(_read(key, LONGEST_KEYS).decode("utf-8", "replace")) if key else None
    result = verify_receipt(read_receipt(_read(file, LONGEST)), known)
    if as_json:
        print_json(
            {
                "ok": result.ok,
                "signer": result.signer,
                "root": result.root,
                "entry": result.entry.to_json(),
                "intact": result.intact,
                "fingerprint": result.fingerprint,
                "reason": result.reason.value,
            }
        )
    else:
        _tell(result)
    if not result.ok:
        raise typer.Exit(REFUSED if result.intact else BROKEN)


def _tell(result: "Verification") -> None:
    entry = result.entry.to_json()
    typer.echo(f"{entry.get('type')} at {entry.get('at')}, operation {entry.get('operation')}")
    if result.ok:
        typer.echo(f"verified: signed by {result.signer}, in the log with root {result.root}")
    elif result.intact:
        typer.echo("unverified signer: the receipt holds together, but anybody could have made it.")
        typer.echo(f"  compare this fingerprint with the published one: {result.fingerprint}")
        typer.echo("  or give the key: kept receipt verify FILE --key log.pub")
    else:
        typer.echo(f"NOT verified: {result.reason.value.replace('-', ' ')}")


def _read(path: Path, longest: int) -> bytes:
    """Return the file's bytes, one more than `longest` at the most."""
    try:
        with path.open("rb") as file:
            return file.read(longest + 1)
    except OSError as error:
        raise ReceiptMissingError(f"{path.name} cannot be read: {error.strerror}") from None
