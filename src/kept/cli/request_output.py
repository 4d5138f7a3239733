"""What ``kept request`` prints, asks and writes."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import typer

from kept.cli.output import exit_status, print_json
from kept.errors import RefusedError, UnavailableError
from kept.plans.errors import IdentityUnknownError, refusal
from kept.plans.explain import as_json as plan_as_json
from kept.plans.explain import in_words
from kept.plans.plan import DatasetCounts, Plan, RemarkCode
from kept.rights.notice import LANGUAGES, Sender, letter
from kept.rights.page import page
from kept.rights.request import RightsRequest
from kept.runtime import Company
from kept.settings import OPERATOR
from kept.storage.errors import NothingStoredError
from kept.subjects.identifier import Identifier
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Outcome, plan_for, require_usable
from kept.workflows.request_holds import Holding
from kept.workflows.request_ports import Mapped
from kept.workflows.request_report import result_json
from kept.workflows.request_stores import read_everywhere, rehearse_everywhere


class IdentityFormatError(RefusedError):
    """An identifier is not written as it must be."""

    code: ClassVar[str] = "requests.identity-format"


class InstantFormatError(RefusedError):
    """An instant is not written as it must be."""

    code: ClassVar[str] = "requests.instant-format"
    remedy: str = "Write it as ISO 8601, for example 2026-05-01T12:00:00Z."


class OperatorNotEnoughError(RefusedError):
    """The settings ask for more than that whoever runs the command vouches."""

    code: ClassVar[str] = "requests.operator-not-enough"
    remedy: str = (
        "Answer this request in the console, where identity is proved and a second person "
        'approves; or set [requests] identity and approval to "operator" in kept.toml.'
    )


class NotConfirmedError(RefusedError):
    """Whoever was asked did not say yes."""

    code: ClassVar[str] = "requests.not-confirmed"
    remedy: str = "Run the command again and answer yes, or pass --yes."


class FolderNotWritableError(RefusedError):
    """A package cannot be written where it should be."""

    code: ClassVar[str] = "requests.folder-not-writable"
    remedy: str = "Name another folder with --out, or make room on the disk."


def require_operator(company: Company) -> None:
    """Refuse to act where the settings ask for a proof of identity or a second person.

    Raises:
        OperatorNotEnoughError: They do.
    """
    settings = company.settings
    for name, value in (("identity", settings.identity), ("approval", settings.approval)):
        if value != OPERATOR:
            raise OperatorNotEnoughError(
                f"[requests] {name} is {value!r}: the command line cannot give that"
            )


def show_plan(
    company: Company, right: Right, identifiers: tuple[Identifier, ...], *, as_json: bool
) -> None:
    """Print the plan, and then refuse what carrying it out would refuse. Nothing is changed.

    Raises:
        KeptError: Something stands in the plan's way, or who was named cannot be found, or
            told from others. Without identifiers the plan alone is judged.
    """
    plan = plan_for(right, _mapped(company, right, identifiers))
    if as_json:
        print_json(plan_as_json(plan))
    else:
        for line in in_words(plan):
            typer.echo(line)
    if plan.obstacles:
        raise refusal(plan.obstacles)
    if identifiers:
        require_usable(identifiers)
        _require_somebody(company, plan, identifiers)


def _mapped(company: Company, right: Right, identifiers: tuple[Identifier, ...]) -> Mapped:
    """Return what the stores hold, where what is held now is kept."""
    mapped = company.mapped()
    # A look makes no database where there is none yet: then nothing is held.
    if right is not Right.ERASURE or not (company.settings.state / "kept.sqlite").exists():
        return mapped
    return Holding(company.holds, identifiers, company.now).applied(mapped)


def _require_somebody(company: Company, plan: Plan, identifiers: tuple[Identifier, ...]) -> None:
    # Read, and not rehearsed: a plan asks for no right to write, and holds nobody up.
    readings = read_everywhere(company.answering, plan, identifiers)
    withheld = any(
        remark.code is RemarkCode.OWNED_BY_ANOTHER for each in readings for remark in each.remarks
    )
    if not withheld and not any(count.located for each in readings for count in each.counts):
        kinds = ", ".join(sorted({each.kind.value for each in identifiers}))
        raise IdentityUnknownError(f"nobody is found by {kinds}")


def confirm(company: Company, right: Right, identifiers: tuple[Identifier, ...]) -> None:
    """Show what an erasure would do, and ask.

    Raises:
        NotConfirmedError: The answer was not yes.
        KeptError: The erasure would be refused; nothing was changed.
    """
    plan = plan_for(right, _mapped(company, right, identifiers))
    if plan.obstacles:
        raise refusal(plan.obstacles)
    done = rehearse_everywhere(
        company.answering, plan, identifiers, operation="rehearsal", today=company.now.date()
    )
    for each in done:
        _counts(each.counts)
    if not any(count.located for each in done for count in each.counts):
        raise IdentityUnknownError("nobody is found by what was given")
    if not typer.confirm("Erase this, for good?", default=False):
        raise NotConfirmedError("nothing was erased: the question was not answered with yes")


def say_outcome(outcome: Outcome, company: Company) -> None:
    """Print what became of a request, for a person."""
    _counts(outcome.counts)
    for remark in outcome.remarks:
        typer.echo(f"note: {remark.message}")
    for task in outcome.tasks:
        typer.echo(f"to do: {task.message}")
    say(outcome.request, counts=False)
    if outcome.request.right is Right.ACCESS:
        folder = company.settings.state / "packages"
        typer.echo(f"package: {folder} (encrypted)")
        typer.echo(f"write it out: kept request export {outcome.request.id} --out DIR")


def say(request: RightsRequest, *, counts: bool = True) -> None:
    """Print one request, for a person."""
    if counts:
        for each in _listed(request.result.get("datasets")):
            typer.echo(_line(each))
    typer.echo(f"request {request.id}: {request.right.value}, {request.state.value}")
    typer.echo(f"received {request.received_at.isoformat()}, due {request.due} ({request.clock})")
    if request.receipt is not None:
        typer.echo("receipt: kept, signed, in the evidence log")


def end_with_failures(outcome: Outcome, *, as_json: bool) -> None:
    """End the command as the contract says where a store did not do its part."""
    if not outcome.failures:
        return
    for each in outcome.failures:
        error = each.error
        if as_json:
            body = {"code": error.code, "message": str(error), "remedy": error.remedy}
            sys.stderr.write(json.dumps(body, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write(f"error: {each.store}: {error}\n  what to do: {error.remedy}\n")
    waiting = next(
        (e.error for e in outcome.failures if isinstance(e.error, UnavailableError)), None
    )
    raise typer.Exit(70 if waiting is None else exit_status(waiting))


def write_package(company: Company, request: str, out: Path) -> list[Path]:
    """Write a request's package as JSON and as a page, and its receipt; return the files.

    Raises:
        NothingStoredError: There is no such request, or nothing to write for it.
        FolderNotWritableError: The folder cannot be written.
    """
    found = company.requests.load(request)
    files: dict[str, str] = {}
    if found.right is Right.ACCESS:
        answer = json.loads(company.packages.load(request, at=company.now))
        files["answer.json"] = json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
        files["index.html"] = page(answer)
    if found.right is Right.ERASURE and found.receipt is not None:
        controller = company.settings.controller
        sender = Sender(controller=controller.name, contact=controller.contact)
        for language in LANGUAGES:
            files[f"answer.{language}.txt"] = letter(result_json(found), sender, language)
    if found.receipt is not None:
        files["RECEIPT.json"] = json.dumps(found.receipt, ensure_ascii=False, indent=2) + "\n"
    if not files:
        raise NothingStoredError("There is nothing to write for this request yet.")
    files["request.json"] = json.dumps(result_json(found), ensure_ascii=False, indent=2) + "\n"
    return write_private(out, files)


def write_private(out: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts into a folder, readable by their owner alone; return the files.

    Raises:
        FolderNotWritableError: The folder cannot be written.
    """
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [_write(out / name, text) for name, text in files.items()]
    except OSError as error:
        raise FolderNotWritableError(f"the folder cannot be written: {error.strerror}") from None


def _write(path: Path, text: str) -> Path:
    # Made private before it has content: the answer is a person's whole record.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    path.chmod(0o600)
    return path


def _counts(counts: Sequence[DatasetCounts]) -> None:
    from kept.workflows.request_report import counts_json

    for each in counts_json(counts):
        typer.echo(_line(each))


def _line(counts: object) -> str:
    if not isinstance(counts, dict):
        return ""
    line = f"{counts['store']}.{counts['dataset']}: {counts['located']} found"
    if counts["erased"]:
        line += f", {counts['erased']} deleted"
    if counts["blanked"]:
        line += f", {counts['blanked']} blanked"
    for kept in counts["retained"]:
        source = f", {kept['source']}" if kept["source"] else ""
        until = f", until {kept['until']}" if kept["until"] else ""
        line += f"; {kept['count']} stay: {kept['reason']}{source}{until}"
    return line


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
