"""``kept check``: a verdict for each promise, from the stores themselves."""

import importlib.metadata
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import BROKEN, FINE, UNAVAILABLE, print_json, progress_line, speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kept.checks.port import Reach
    from kept.cli.check_exports import Text
    from kept.inventory.dataset import DatasetId
    from kept.promises.verdict import Verdict
    from kept.runtime import Company
    from kept.workflows.check_promises import Checked, Occasion, Ports, Subject

_COLOURS = {"broken": "red", "impossible": "magenta", "unproven": "yellow", "kept": "green"}


@speaks
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", help="Write the findings as SARIF 2.1.0.")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option("--junit", help="Write the verdicts as JUnit XML.")
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            help="Verdicts besides broken that end with 1: unproven,impossible,at_risk.",
        ),
    ] = "",
    at: Annotated[
        str, typer.Option("--at", help="Instant that takes the clock's place, ISO 8601.")
    ] = "",
    rows: Annotated[
        int | None,
        typer.Option(
            "--rows",
            min=0,
            help="Most rows to read of a dataset; less than all keeps nothing that rests on stores. "
            "Without it, what looks for the unexpected reads 100,000 rows: see kept map --full.",
        ),
    ] = None,
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
) -> None:
    """Check every promise of the policy against the stores, and say what the evidence says.

    Reads with the reading credentials and changes nothing in a store. Ends with 1 if a
    promise is broken, with 75 if a store did not answer, else with 0. The last line says
    how many promises are unproven.

    Examples:

        kept check

        kept check --json > verdicts.json

        kept check --fail-on unproven,impossible --sarif kept.sarif --junit kept.xml
    """
    from kept.cli.check_options import instant, verdicts
    from kept.cli.check_report import as_json as report
    from kept.cli.request_recovery import finish
    from kept.runtime import open_company

    widened = verdicts(fail_on)
    company = open_company(config, at=instant(at) if at else None)
    finish(company)
    with progress_line() as say:
        checked = run(
            company,
            row_budget=rows,
            progress=lambda dataset, read: say(f"reading {str(dataset)[:60]}: {read} rows"),
        )
    _export(checked, company, sarif=sarif, junit=junit)
    if as_json:
        print_json(report(checked.scoreboard, checked.at))
    else:
        from kept.cli.review import tell_lost

        _show(checked, company)
        tell_lost(company.reading.reviewed)
    raise typer.Exit(_status(checked, widened))


def run(
    company: "Company",
    *,
    row_budget: int | None = None,
    progress: "Callable[[DatasetId, int], None] | None" = None,
) -> "Checked":
    """Check the promises of `company` now, and keep what was said.

    Raises:
        NoPolicyError: There is nothing that could be checked.
        RefusedError: A store is none, or may not be read.
    """
    from kept.cli.check_options import NoPolicyError
    from kept.errors import UnavailableError
    from kept.workflows.check_promises import check_promises

    if not company.settings.policies:
        raise NoPolicyError(f"{company.settings.path.name} names no policy")
    for error in company.seen.failures.values():
        if not isinstance(error, UnavailableError):
            raise error
    return check_promises(
        _subject(company), _ports(company, progress), _occasion(company, row_budget)
    )


def _subject(company: "Company") -> "Subject":
    """Return what is checked: the promises, and what is known of the stores."""
    from kept.cli.check_options import text_hashes
    from kept.runtime import now
    from kept.workflows.check_promises import Subject
    from kept.workflows.scan_stores import scans_of

    catalogs = company.seen.catalogs
    return Subject(
        register=company.register,
        inventory=company.inventory,
        catalogs=catalogs,
        unanswered={
            name: f"it did not answer ({error.code})"
            for name, error in company.seen.failures.items()
        },
        terms=company.terms,
        laws=company.settings.controller.laws,
        texts=text_hashes(company.register.documents, company.sources),
        scans={
            dataset: scan
            for dataset, scan in scans_of(catalogs, company.scans).items()
            # What claims to have been read later than now says nothing of now.
            if scan.begun <= now()
        },
    )


def _ports(company: "Company", progress: "Callable[[DatasetId, int], None] | None") -> "Ports":
    """Return what it is checked with."""
    from kept.checks.erased import ErasedPeople
    from kept.inventory.connector import Scans
    from kept.workflows.check_promises import Ports
    from kept.workflows.tell_recipients import CONFIRMED_WITHIN

    return Ports(
        stores={name: store for name, store in company.stores.items() if isinstance(store, Scans)},
        policies=company.policies,
        history=company.checks,
        log=company.log,
        erased=lambda: ErasedPeople(company.suppression, company.erasures),
        unsettled=lambda: len(company.intents.waiting()),
        unconfirmed=lambda: company.notices.missing(company.now - CONFIRMED_WITHIN),
        reach=lambda: _reach(company),
        progress=progress,
    )


def _occasion(company: "Company", row_budget: int | None) -> "Occasion":
    """Return when it is checked, and how much of it."""
    from zoneinfo import ZoneInfo

    from kept.runtime import new_id
    from kept.workflows.check_promises import Occasion

    return Occasion(
        now=company.now,
        today=company.now.astimezone(ZoneInfo(company.settings.controller.timezone)).date(),
        id=new_id(),
        row_budget=row_budget,
    )


def _reach(company: "Company") -> "Reach | None":
    """Return what answers to access requests contain; ``None`` where none can be made yet."""
    from kept.connectors.errors import StoreNotYetError
    from kept.workflows.sample_people import PEOPLE, reach_of

    catalogs = company.seen.catalogs
    try:
        stores = {name: store for name, store in company.answering.items() if name in catalogs}
    except StoreNotYetError:
        return None
    return reach_of(
        company.inventory, catalogs, stores, people=PEOPLE, seed=company.now.toordinal()
    )


def _status(checked: "Checked", widened: "frozenset[Verdict]") -> int:
    from kept.promises.verdict import Verdict

    said = {each.verdict for each in checked.scoreboard.verdicts}
    if said & {Verdict.BROKEN, *widened}:
        return BROKEN
    return UNAVAILABLE if checked.unanswered else FINE


def _show(checked: "Checked", company: "Company") -> None:
    from kept.cli.check_report import lines

    for line, verdict in lines(checked.scoreboard, company.register):
        if verdict is None:
            typer.echo(line)
        else:
            typer.secho(line, bold=True, fg=_COLOURS.get(verdict))
    for store, reason in checked.unanswered.items():
        typer.echo(f"store {store}: {reason}", err=True)


def _export(
    checked: "Checked", company: "Company", *, sarif: Path | None, junit: Path | None
) -> None:
    from kept.cli.check_exports import junit as junit_xml
    from kept.cli.check_exports import sarif as sarif_json
    from kept.cli.check_options import write_export

    if sarif is not None:
        document = sarif_json(
            checked.scoreboard,
            company.register,
            _texts(company),
            version=importlib.metadata.version("kept"),
            at=checked.at,
        )
        write_export(sarif, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    if junit is not None:
        write_export(junit, junit_xml(checked.scoreboard, at=checked.at))


def _texts(company: "Company") -> "Mapping[str, Text]":
    from kept.cli.check_exports import Text

    encodings = {each.name: each.encoding for each in company.register.documents}
    folder = company.settings.path.parent
    return {
        source.name: Text(
            _relative(policy.path, folder),
            source.content.decode(encodings[source.name], "replace"),
        )
        for source, policy in zip(company.sources, company.settings.policies, strict=True)
        if source.name in encodings
    }


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_uri()
