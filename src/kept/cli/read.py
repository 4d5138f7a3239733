"""``kept read``: policies to promises."""

from collections import Counter
from typing import Annotated

import typer

from kept.cli.output import print_json, speaks

_SHOWN = 72


@speaks
def read(
    files: Annotated[
        list[str], typer.Argument(help="Policies: text, Markdown, HTML, PDF or DOCX; or addresses.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole register.")] = False,
    as_text: Annotated[
        bool, typer.Option("--text", help="Print the text that offsets refer to, and stop.")
    ] = False,
) -> None:
    """Read policies and print the promises that they make.

    Changes nothing and needs no `kept.toml`. Every promise is tied to its exact
    words; with `--json` to their offsets too. From a saved page, a PDF or a DOCX the
    text is taken out first: `--text` prints it.

    Examples:

        kept read policy.en.md

        kept read policies/*.txt --json > register.json

        kept read policy.html --text

        kept read https://example.com/privacy
    """
    from kept.policy.extraction.extraction import extract
    from kept.policy.reader import read as read_sources
    from kept.policy.report import as_json as report
    from kept.policy.source import Source
    from kept.runtime import policy_names, read_policy

    sources = [
        Source(name=name, content=read_policy(place))
        for name, place in zip(policy_names(files), files, strict=True)
    ]
    if as_text:
        for source in sources:
            typer.echo(extract(source.content, source.name).text, nl=False)
        return
    register = read_sources(sources)
    if as_json:
        print_json(report(register))
        return
    for document in register.documents:
        promises = [each for each in register.promises if each.clause.document == document.name]
        dated = f", dated {document.version_date}" if document.version_date else ""
        typer.echo(f"{document.name}: {document.title or 'no title'} ({document.language}{dated})")
        for each in promises:
            words = " ".join(each.clause.quote.split())
            shown = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
            duties = ", ".join(each.duties) or "promises nothing"
            typer.echo(f"  {each.id}  {each.category:<11} {each.kind:<11} {shown}  [{duties}]")
        findings = [each for each in register.findings if each.clause.document == document.name]
        for finding in findings:
            words = " ".join(finding.clause.quote.split())[:_SHOWN]
            typer.echo(f"  ! {finding.kind} ({finding.severity}): {finding.note}  “{words}”")
    kinds = Counter(each.kind for each in register.promises)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    typer.echo(f"{len(register.promises)} promises ({counted}); {len(register.findings)} findings")
