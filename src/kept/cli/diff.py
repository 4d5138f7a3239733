"""``kept diff``: two versions of a policy, promise by promise."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kept.cli.output import print_json, speaks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kept.promises.difference import Changed
    from kept.promises.difference_meaning import Aspect
    from kept.promises.promise import Promise, Register

_SIGNS = {"added": "+", "removed": "-", "reworded": "~"}
_SHOWN = 200


@speaks
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The version before.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The version after.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print every promise of both.")] = False,
) -> None:
    """Compare two versions of a policy promise by promise.

    Says what was added, removed and reworded, which periods, ages, dates, contacts,
    duties and data changed, and where that is less or more for the person, if it can
    be told. Changes nothing and always ends with 0 when both could be read.

    Examples:

        kept diff policy.2024.md policy.2025.md

        kept diff policy.2024.md policy.2025.md --json > changes.json
    """
    from kept.cli.read import sources_of
    from kept.policy.polarity import denies
    from kept.policy.reader import read
    from kept.promises.difference import difference

    before, after = (read(sources_of([place])) for place in (old, new))
    changes = difference(before.promises, after.promises, denies)
    if as_json:
        print_json(_report(before, after, changes))
        return
    _show(before, after, changes)


def _report(before: "Register", after: "Register", changes: "Sequence[Changed]") -> dict[str, Any]:
    from kept.policy.report import as_json

    told_before, told_after = as_json(before), as_json(after)
    olds = {each["id"]: each for each in told_before["promises"]}
    news = {each["id"]: each for each in told_after["promises"]}
    return {
        "old": told_before["documents"],
        "new": told_after["documents"],
        "changes": [
            {
                "change": each.change.value,
                "effect": each.effect.value,
                "old": olds[each.old.id] if each.old else None,
                "new": news[each.new.id] if each.new else None,
                "what": [
                    {
                        "aspect": aspect.name,
                        "old": aspect.old,
                        "new": aspect.new,
                        "effect": aspect.effect.value,
                    }
                    for aspect in each.what
                ],
            }
            for each in changes
        ],
        "summary": _summary(changes),
    }


def _summary(changes: "Sequence[Changed]") -> dict[str, int]:
    from kept.promises.difference import Change
    from kept.promises.difference_meaning import Effect

    counted = Counter(each.change.value for each in changes)
    effects = Counter(each.effect.value for each in changes)
    return {
        **{change.value: counted[change.value] for change in Change},
        **{
            effect.value: effects[effect.value] for effect in (Effect.WEAKENED, Effect.STRENGTHENED)
        },
    }


def _show(before: "Register", after: "Register", changes: "Sequence[Changed]") -> None:
    from kept.promises.difference import Change

    for sign, register in (("-", before), ("+", after)):
        for document in register.documents:
            dated = f", dated {document.version_date}" if document.version_date else ""
            typer.echo(f"{sign} {document.name}{dated}")
    for each in changes:
        if each.change is Change.UNCHANGED:
            continue
        promise = each.new or each.old
        effect = "" if each.effect == "unclear" else f": {each.effect} for the person"
        typer.echo(
            f"\n{_SIGNS[each.change.value]} {each.change.value}{effect}"
            f"  [{promise.category if promise else ''}]"
        )
        for sign, side in (("-", each.old), ("+", each.new)):
            if side is not None:
                typer.echo(f"    {sign} “{_words(side)}”")
        for aspect in each.what:
            typer.echo(f"      {_line(aspect)}")
    total = _summary(changes)
    typer.echo(
        f"\n{total['added']} added, {total['removed']} removed, {total['reworded']} reworded,"
        f" {total['unchanged']} unchanged; {total['weakened']} weakened and"
        f" {total['strengthened']} strengthened for the person"
    )


def _words(promise: "Promise") -> str:
    words = " ".join(promise.clause.quote.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def _line(aspect: "Aspect") -> str:
    """Return one aspect as people say it: lists by what came and what went."""
    effect = "" if aspect.effect == "unclear" else f"  ({aspect.effect})"
    old, new = aspect.old, aspect.new
    if isinstance(old, list) and isinstance(new, list) and aspect.name != "numbers":
        gone = [f"-{each}" for each in old if each not in new]
        come = [f"+{each}" for each in new if each not in old]
        return f"{aspect.name}: {' '.join((*gone, *come))}{effect}"
    return f"{aspect.name}: {_said(old)} → {_said(new)}{effect}"


def _said(value: object) -> str:
    if value is None or value == []:
        return "not stated"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
