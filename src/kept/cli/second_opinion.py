"""What ``kept read`` says of a second opinion: before it asks, and after."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kept.connectors.language_model import LanguageModel
    from kept.policy.source import Source
    from kept.workflows.ask_second_opinion import Heard
    from kept.workflows.review_policies import Reading


def heard_about(
    sources: "Sequence[Source]", reading: "Reading", decisions: str, model: "LanguageModel"
) -> "Heard":
    """Say on standard error what leaves this machine and to whom, then ask."""
    from kept.promises.review import parse_review
    from kept.workflows.ask_second_opinion import ask

    typer.echo(
        f"asking {model.model} at {model.host} about {len(sources)} policies: their text and "
        "what was read from it are sent there, and nothing else",
        err=True,
    )
    return ask(sources, reading.read, parse_review(decisions), model)


def show_opinion(heard: "Heard") -> None:
    """Print what was proposed, each with its words, apart from what was read."""
    typer.echo("a second opinion proposes; none of it is a promise before a person accepts it:")
    for missed in heard.missed:
        reading = missed.reading
        duties = ", ".join(reading.duties or ()) or "promises nothing"
        words = " ".join(missed.quote.split())
        typer.echo(f"  ? {reading.category} {reading.kind}  “{words}”  [{duties}]")
        if missed.reason:
            typer.echo(f"    it says why: {missed.reason}")
    for reason, count in _refused(heard).items():
        typer.echo(f"  {count} proposals not accepted: {reason}")
    typer.echo(f"{len(heard.missed)} proposals to decide on")


def as_json(heard: "Heard") -> dict[str, Any]:
    """Return what was proposed and what was not accepted: JSON values only."""
    return {
        "proposals": [
            {
                "document": missed.document,
                "start": finding.clause.start,
                "end": finding.clause.end,
                "quote": missed.quote,
                "category": missed.reading.category,
                "kind": missed.reading.kind,
                "duties": list(missed.reading.duties or ()),
                "data": list(missed.reading.data or ()),
                "purposes": list(missed.reading.purposes or ()),
                "rights": list(missed.reading.rights or ()),
                "reason": missed.reason,
            }
            for _, opinion in heard.opinions
            for missed, finding in zip(opinion.missed, opinion.findings, strict=True)
        ],
        "refused": _refused(heard),
    }


def _refused(heard: "Heard") -> dict[str, int]:
    counted = Counter(why for _, opinion in heard.opinions for _, why in opinion.refused)
    return {why.value: count for why, count in sorted(counted.items())}
