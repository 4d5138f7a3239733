"""A plan in words that a person can read, and in JSON."""

from collections.abc import Iterator

from kept.inventory.dataset import Direction, Erasing, Whose
from kept.plans.plan import Hidden, Link, Plan, Step, StorePart
from kept.vocabulary.right import Right


def in_words(plan: Plan) -> Iterator[str]:
    """Yield the plan, line by line: per store what is found how, and what happens to it."""
    for part in plan.parts:
        yield f"{part.store} ({part.engine}): one transaction"
        for number, step in enumerate(part.steps, start=1):
            yield f"  {number}. {step.dataset.name}: {'; or '.join(_found(step))}"
            if plan.right is Right.ERASURE:
                yield f"     then {_erased(step)}"
            for line in _fields(step, plan.right):
                yield f"     {line}"
        if plan.right is Right.ERASURE:
            yield f"  written in this order: {', '.join(each.name for each in part.erasing)}"
    for title, messages in (
        ("left to people", [each.message for each in plan.tasks]),
        ("said with the answer", [each.message for each in plan.remarks]),
        ("in the way", [each.message for each in plan.obstacles]),
    ):
        if messages:
            yield f"{title}:"
            yield from (f"  {message}" for message in messages)


def as_json(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON values."""
    return {
        "right": plan.right.value,
        "stores": [_part(part) for part in plan.parts],
        "tasks": [
            {
                "store": each.store,
                "dataset": each.dataset,
                "action": each.action,
                "message": each.message,
            }
            for each in plan.tasks
        ],
        "remarks": [
            {
                "code": each.code.value,
                "store": each.store,
                "dataset": each.dataset,
                "field": each.field,
                "message": each.message,
            }
            for each in plan.remarks
        ],
        "obstacles": [
            {
                "code": each.code,
                "store": each.store,
                "dataset": each.dataset,
                "field": each.field,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in plan.obstacles
        ],
    }


def _part(part: StorePart) -> dict[str, object]:
    return {
        "store": part.store,
        "engine": part.engine,
        "fingerprint": part.fingerprint,
        "steps": [
            {
                "dataset": step.dataset.name,
                "found": list(_found(step)),
                "erasing": step.erasing.value,
                "fields": [
                    {
                        "name": field.name,
                        "categories": sorted(each.value for each in field.categories),
                        "shown": field.hidden is None,
                        "hidden": "" if field.hidden is None else field.hidden.value,
                        "of": "" if field.of is None else ", ".join(field.of.fields),
                        "author": "" if field.author is None else ", ".join(field.author.fields),
                        "erased": field.erased,
                    }
                    for field in step.fields
                ],
                "minimum": None
                if step.minimum is None
                else {
                    "keep_for": str(step.minimum.keep_for),
                    "counted_from": step.minimum.counted_from,
                    "reason": step.minimum.reason,
                    "provision": step.minimum.provision,
                },
            }
            for step in part.steps
        ],
        "order": [each.name for each in part.erasing],
    }


def _found(step: Step) -> Iterator[str]:
    for way in step.sought:
        if way.locates:
            yield f"rows whose {' or '.join(way.fields)} is the person's {way.kind.value}"
    yield from (_along(link) for link in step.links)


def _along(link: Link) -> str:
    here, there = ", ".join(link.fields), ", ".join(link.origin_fields)
    shared = ", shared with others" if link.whose is Whose.SHARED else ""
    if link.direction is Direction.FORWARD:
        return f"rows that {there} of {link.origin} refers to by {here}, and nobody else's{shared}"
    return f"rows whose {here} is {there} of {link.origin}{shared}"


def _erased(step: Step) -> str:
    if step.kept is not None:
        source = f", {step.kept.source}" if step.kept.source else ""
        until = f", until {step.kept.until}" if step.kept.until else ""
        return f"keep: {step.kept.reason}{source}{until}"
    what = {
        Erasing.DELETE: "delete",
        Erasing.BLANK: _blanked(step),
        Erasing.KEEP: "keep",
    }[step.erasing]
    if step.minimum is None:
        return what
    minimum = step.minimum
    return (
        f"keep for {minimum.keep_for} from {minimum.counted_from} "
        f"({minimum.reason}, {minimum.provision}); afterwards {what}"
    )


def _blanked(step: Step) -> str:
    names = ", ".join(each.name for each in step.fields if each.erased)
    return f"blank {names}" if names else "leave the row as it is: no field of it is blanked"


def _fields(step: Step, right: Right) -> Iterator[str]:
    for field in step.fields:
        if field.of is not None:
            verb = "changed" if right is Right.ERASURE else "shown"
            if right is not Right.ERASURE or field.erased:
                yield f"{field.name}: {verb} only where {', '.join(field.of.fields)} is the person"
        elif field.author is not None and right is Right.ERASURE and field.erased:
            yield f"{field.name}: erased only where {', '.join(field.author.fields)} is the person"
        elif field.hidden is not None and right is not Right.ERASURE:
            why = field.because or {Hidden.SECRET: "it is a secret"}.get(field.hidden, "")
            yield f"{field.name}: not shown{f' ({why})' if why else ''}"
