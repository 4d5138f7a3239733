"""``kept request``: what a person asks for, carried out and proved."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.given import identifiers_of, instant_of
from kept.cli.output import print_json, speaks

if TYPE_CHECKING:
    from kept.runtime import Company
    from kept.subjects.identifier import Identifier
    from kept.vocabulary.right import Right

app = typer.Typer(no_args_is_help=True, help="Carry out people's rights, and prove it.")

Identity = Annotated[
    list[str],
    typer.Option("--identity", help="KIND=VALUE, for example email=ana@example.com. Repeatable."),
]
PlanOnly = Annotated[
    bool, typer.Option("--plan", help="Print the plan, refuse what a run would refuse, and end.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
At = Annotated[str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")]
Config = Annotated[Path, typer.Option("--config", help="The company's kept.toml.")]

_CONFIG = Path("kept.toml")


@app.command("access")
@speaks
def access(
    identity: Identity = [],  # noqa: B006 - Typer reads it and nobody changes it
    plan: PlanOnly = False,
    yes: Yes = False,
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Find everything that is held on a person, and keep it as an encrypted package.

    Identifiers of one kind are alternatives; of different kinds, all must fit. Nothing in
    a store changes. `kept request export ID --out DIR` writes the package out.

    Examples:

        kept request access --identity email=ana@example.com

        kept request access --identity email=ana@example.com --identity "name=Ana Silva"

        kept request access --identity account_id=42 --plan
    """
    _ = yes
    _run("access", identity, plan_only=plan, ask=False, as_json=as_json, at=at, config=config)


@app.command("erase")
@speaks
def erase(
    identity: Identity = [],  # noqa: B006 - likewise
    plan: PlanOnly = False,
    yes: Yes = False,
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Erase a person from every store: checked, written, verified, or not at all.

    At a terminal the counts are shown and a yes is asked for. What law keeps stays, and the
    receipt says under which provision and until when.

    Examples:

        kept request erase --identity email=ana@example.com --plan

        kept request erase --identity email=ana@example.com --yes --json
    """
    ask = not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    _run("erasure", identity, plan_only=plan, ask=ask, as_json=as_json, at=at, config=config)


@app.command("list")
@speaks
def list_requests(
    open_only: Annotated[bool, typer.Option("--open", help="Only those that wait.")] = False,
    as_json: AsJson = False,
    config: Config = _CONFIG,
) -> None:
    """List requests, those due first first.

    Examples:

        kept request list --open
    """
    from kept.cli.expiring import expire_packages
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company
    from kept.workflows.request_report import result_json

    company = open_company(config)
    finish(company)
    expire_packages(company)
    found = company.requests.listed(open_only=open_only)
    if as_json:
        print_json({"requests": [result_json(each) for each in found]})
        return
    for each in found:
        typer.echo(f"{each.id}  {each.right.value}  {each.state.value}  due {each.due}")
    if not found:
        typer.echo("no requests")


@app.command("show")
@speaks
def show(
    request: Annotated[str, typer.Argument(help="Id of the request.")],
    as_json: AsJson = False,
    config: Config = _CONFIG,
) -> None:
    """Show one request: its state, its clock, what was done, and its receipt.

    Examples:

        kept request show 3f2a9c01b7de4455 --json
    """
    from kept.cli.request_output import say
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company
    from kept.workflows.request_report import result_json

    company = open_company(config)
    finish(company)
    found = company.requests.load(request)
    if as_json:
        print_json(result_json(found))
    else:
        say(found)


@app.command("export")
@speaks
def export(
    request: Annotated[str, typer.Argument(help="Id of the request.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write into.")] = Path(),
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Write a request's package and its receipt into a folder, readable by you alone.

    Examples:

        kept request export 3f2a9c01b7de4455 --out ana
    """
    from kept.cli.request_output import write_package
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company

    company = open_company(config, at=instant_of(at))
    finish(company)
    written = write_package(company, request, out)
    if as_json:
        print_json({"id": request, "files": [str(each) for each in written]})
    else:
        for each in written:
            typer.echo(f"wrote {each}")


@app.command("task")
@speaks
def task(
    request: Annotated[str, typer.Argument(help="Id of the request.")],
    *,
    store: Annotated[str, typer.Option("--store", help="Where the task was.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Likewise.")],
    done: Annotated[bool, typer.Option("--done", help="It was done.")] = False,
    refused: Annotated[bool, typer.Option("--refused", help="It cannot be done.")] = False,
    note: Annotated[str, typer.Option("--note", help="How, or why not; nobody's data.")] = "",
    as_json: AsJson = False,
    at: At = "",
    config: Config = _CONFIG,
) -> None:
    """Note what became of a task that only a person could do. With the last one the request ends.

    One that was refused leaves the request unfulfilled: it is never shown as complete.

    Examples:

        kept request task 3f2a9c01b7de4455 --store lake --dataset orders --done

        kept request task 3f2a9c01b7de4455 --store lake --dataset orders --refused --note "on tape"
    """
    from kept.cli.request_output import say
    from kept.cli.request_task import answered
    from kept.runtime import open_company
    from kept.workflows.request_report import result_json

    company = open_company(config, at=instant_of(at))
    found = answered(company, request, store, dataset, done=done, refused=refused, note=note)
    if as_json:
        print_json(result_json(found))
    else:
        say(found)


@app.command("expire")
@speaks
def expire(as_json: AsJson = False, config: Config = _CONFIG) -> None:
    """Delete packages whose time is over, and erasures that no backup can undo any more.

    `kept serve` does so every hour. How long backups are kept is `[requests] backups_kept`;
    where nobody says it, the list of erasures is kept.

    Examples:

        kept request expire --json
    """
    from kept.cli.expiring import expire_packages, forget_erasures
    from kept.runtime import open_company

    company = open_company(config)
    packages, erasures = expire_packages(company), forget_erasures(company)
    if as_json:
        print_json({"packages": packages, "erasures": erasures})
    else:
        typer.echo(f"deleted: {packages} packages, {erasures} entries of the list of erasures")


def _not_yet(right: str) -> None:
    @app.command(right, hidden=True, context_settings={"ignore_unknown_options": True})
    @speaks
    def refused(
        rest: Annotated[list[str] | None, typer.Argument()] = None,
        as_json: AsJson = False,
    ) -> None:
        """Say that this right is not carried out yet."""
        from kept.vocabulary.right import Right
        from kept.workflows.answer_request import RightNotSupportedError, require_supported

        _ = rest, as_json
        known = {
            "rectify": Right.RECTIFICATION,
            "restrict": Right.RESTRICTION,
            "port": Right.PORTABILITY,
            "object": Right.OBJECTION,
            "withdraw": Right.WITHDRAW_CONSENT,
        }
        if right in known:
            require_supported(known[right])
        raise RightNotSupportedError(f"`kept request {right}` is not carried out yet")


for _right in ("rectify", "restrict", "port", "object", "withdraw", "approve", "refuse"):
    _not_yet(_right)


def _run(
    right: str,
    identity: list[str],
    *,
    plan_only: bool,
    ask: bool,
    as_json: bool,
    at: str,
    config: Path,
) -> None:
    from kept.cli.expiring import expire_packages
    from kept.cli.request_output import confirm, require_operator, show_plan
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company
    from kept.vocabulary.right import Right
    from kept.workflows.answer_request import require_usable

    company = open_company(config, at=instant_of(at))
    identifiers = identifiers_of(identity)
    if plan_only:
        show_plan(company, Right(right), identifiers, as_json=as_json)
        return
    require_operator(company)
    require_usable(identifiers)
    finish(company)
    expire_packages(company)
    if ask:
        confirm(company, Right(right), identifiers)
    _carry_out(company, Right(right), identifiers, as_json=as_json)


def _carry_out(
    company: "Company", right: "Right", identifiers: "tuple[Identifier, ...]", *, as_json: bool
) -> None:
    from kept.cli.request_output import end_with_failures, say_outcome
    from kept.cli.request_task import hand_over
    from kept.runtime import new_id
    from kept.workflows.answer_request import Asked, answer_request

    outcome = answer_request(
        company.ports(),
        company.desk(),
        Asked(id=new_id(), right=right, identifiers=identifiers, received_at=company.now),
    )
    hand_over(company, outcome, identifiers)
    if as_json:
        print_json(outcome.to_json())
    else:
        say_outcome(outcome, company)
    end_with_failures(outcome, as_json=as_json)
