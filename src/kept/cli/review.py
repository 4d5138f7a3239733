"""What ``kept read`` does with what people decided about promises."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kept.promises.review import Missed
    from kept.promises.review_application import Reviewed
    from kept.workflows.review_policies import Reading


def write_proposals(path: Path, reading: "Reading", missed: "Sequence[Missed]" = ()) -> None:
    """Add to ``promises.toml`` what nobody decided yet, and say on standard error how much."""
    from kept.cli.mapping import replace_file
    from kept.connectors.policy_file import decisions_in
    from kept.promises.review import parse_review
    from kept.promises.review_writing import propose

    text = decisions_in(path)
    proposed = propose(text, reading.read, reading.reviewed, missed)
    if proposed != text:
        replace_file(path, proposed)
    before, after = parse_review(text), parse_review(proposed)
    count = len(after.decisions) - len(before.decisions)
    count += len(after.missed) - len(before.missed)
    typer.echo(f"{path.name}: {count} proposals added; nothing that stood there changed", err=True)


def tell_lost(reviewed: "Reviewed") -> None:
    """Say on standard error which decisions moved or found no words: none is lost in silence."""
    for before, after in reviewed.moved.items():
        typer.echo(
            f"promises.toml: the decision on {before} moved to {after}: look again", err=True
        )
    for decision in reviewed.orphaned:
        typer.echo(
            f"promises.toml: no policy holds the words of {decision.promise} any more:"
            " its decision applies to nothing",
            err=True,
        )
    for missed in reviewed.absent:
        typer.echo(
            f"promises.toml: {missed.document} does not hold the words of a missed promise:"
            f" “{' '.join(missed.quote.split())[:72]}”",
            err=True,
        )


def as_json(reviewed: "Reviewed") -> dict[str, Any]:
    """Return what became of the decisions: JSON values only."""
    return {
        "moved": dict(reviewed.moved),
        "settled": {name: dict(terms) for name, terms in reviewed.terms.items()},
        "orphaned": [{"promise": each.promise, "quote": each.quote} for each in reviewed.orphaned],
        "absent": [{"document": each.document, "quote": each.quote} for each in reviewed.absent],
    }
