"""``kept read``: policies to promises."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kept.cli.output import print_json, speaks
from kept.cli.spreading import spreading

if TYPE_CHECKING:
    from kept.connectors.language_model import LanguageModel
    from kept.policy.source import Source
    from kept.promises.promise import Register
    from kept.runtime import Company
    from kept.workflows.ask_second_opinion import Heard
    from kept.workflows.review_policies import Reading

_SHOWN = 72


@speaks
def read(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Policies: text, Markdown, HTML, PDF or DOCX; or addresses. None: those of kept.toml."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole register.")] = False,
    as_text: Annotated[
        bool, typer.Option("--text", help="Print the text that offsets refer to, and stop.")
    ] = False,
    review: Annotated[
        bool,
        typer.Option("--review", help="Apply promises.toml beside kept.toml, and add to it."),
    ] = False,
    second_opinion: Annotated[
        bool,
        typer.Option("--second-opinion", help="Send the text to the model of kept.toml."),
    ] = False,
    config: Annotated[Path, typer.Option("--config", help="The company's kept.toml.")] = Path(
        "kept.toml"
    ),
) -> None:
    """Read policies and print the promises that they make.

    Named files are read alone and need no `kept.toml`. Without a name, the policies
    of `kept.toml` are read, and what `promises.toml` beside it decides is applied.
    `--review` adds to that file what nobody decided yet and changes nothing that stands
    there; without it nothing is written. Every promise is tied to its exact words; with
    `--json` to their offsets too. From a saved page, a PDF or a DOCX the text is taken
    out first: `--text` prints it.

    `--second-opinion` sends the text to the language model that `kept.toml` names under
    `[reading.second_opinion]`, and shows what it proposes beside the register, never in it:
    a proposal counts once a person accepts it in `promises.toml`, where `--review` puts it.

    Examples:

        kept read policy.en.md

        kept read policies/*.txt --json > register.json

        kept read policy.html --text

        kept read https://example.com/privacy

        kept read --review

        kept read --second-opinion --review
    """
    company = None if files else _company(config)
    sources = company.sources if company else sources_of(files or [])
    if as_text:
        _print_text(sources)
        return
    asked = _Asked(
        where=config.with_name("promises.toml"),
        decides=review or not files,
        laws=company.settings.controller.laws if company else (),
    )
    reading = _reading(sources, asked)
    model = (company or _company(config)).second_opinion if second_opinion else None
    heard = _heard(sources, reading, asked, model) if model is not None else None
    if review:
        from kept.cli.review import write_proposals

        write_proposals(asked.where, reading, heard.missed if heard else ())
    if as_json:
        _print_json(reading, heard, asked)
    else:
        _print(reading, heard)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How policies are to be read.

    Attributes:
        where: Where ``promises.toml`` is.
        decides: Whether what it decides is applied.
        laws: Identifiers of the laws that apply.
    """

    where: Path
    decides: bool
    laws: tuple[str, ...]

    def decisions(self) -> str:
        """Return the text of ``promises.toml``, empty where it does not count."""
        from kept.connectors.policy_file import decisions_in

        return decisions_in(self.where) if self.decides else ""


def _company(config: Path) -> "Company":
    from kept.runtime import open_company

    return open_company(config)


def _reading(sources: "Sequence[Source]", asked: _Asked) -> "Reading":
    from kept.workflows.review_policies import read_as_decided

    with spreading(len(sources)) as spread:
        return read_as_decided(sources, asked.decisions(), laws=asked.laws, spread=spread)


def _heard(
    sources: "Sequence[Source]", reading: "Reading", asked: _Asked, model: "LanguageModel"
) -> "Heard":
    from kept.cli.second_opinion import heard_about

    return heard_about(sources, reading, asked.decisions(), model)


def _print_text(sources: "Iterable[Source]") -> None:
    from kept.policy.extraction.extraction import extract

    for source in sources:
        typer.echo(extract(source.content, source.name).text, nl=False)


def _print_json(reading: "Reading", heard: "Heard | None", asked: _Asked) -> None:
    from kept.cli.review import as_json as review_report
    from kept.cli.second_opinion import as_json as opinion_report
    from kept.policy.report import as_json as report

    told = report(reading.reviewed.register)
    decided = {"review": review_report(reading.reviewed)} if asked.decides else {}
    second = {"second_opinion": opinion_report(heard)} if heard else {}
    print_json(told | decided | second)


def _print(reading: "Reading", heard: "Heard | None") -> None:
    from kept.cli.review import tell_lost
    from kept.cli.second_opinion import show_opinion

    tell_lost(reading.reviewed)
    _show(reading.reviewed.register)
    if heard:
        show_opinion(heard)


def sources_of(places: Sequence[str]) -> "tuple[Source, ...]":
    """Return policies, by files or addresses, each under a name of its own."""
    from kept.connectors.policy_file import policy_names, read_policy
    from kept.policy.source import Source

    return tuple(
        Source(name=name, content=read_policy(place))
        for name, place in zip(policy_names(places), places, strict=True)
    )


def _show(register: "Register") -> None:
    for document in register.documents:
        promises = [each for each in register.promises if each.clause.document == document.name]
        dated = f", dated {document.version_date}" if document.version_date else ""
        typer.echo(f"{document.name}: {document.title or 'no title'} ({document.language}{dated})")
        for each in promises:
            words = " ".join(each.clause.quote.split())
            shown = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
            duties = ", ".join(each.duties) or "promises nothing"
            typer.echo(f"  {each.id}  {each.category:<11} {each.kind:<11} {shown}  [{duties}]")
        _show_disclosures(register, document.name)
        findings = [each for each in register.findings if each.clause.document == document.name]
        for finding in findings:
            words = " ".join(finding.clause.quote.split())[:_SHOWN]
            typer.echo(f"  ! {finding.kind} ({finding.severity}): {finding.note}  “{words}”")
    kinds = Counter(each.kind for each in register.promises)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    typer.echo(f"{len(register.promises)} promises ({counted}); {len(register.findings)} findings")


def _show_disclosures(register: "Register", document: str) -> None:
    """Say in one line how much of what law makes a policy state the document states."""
    counted = Counter(each.status for each in register.disclosures if each.document == document)
    if counted:
        shown = ", ".join(f"{counted[each]} {each}" for each in ("present", "partial", "absent"))
        typer.echo(f"  what law makes it state: {shown} (each with --json)")
