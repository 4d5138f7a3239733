"""Whether a store's structure allows what a plan would do to it."""

from collections.abc import Iterator

from kept.inventory.catalog import Column, ForeignKey, Table
from kept.inventory.dataset import DatasetId, Erasing
from kept.plans.plan import FieldPart, Obstacle, Step, StorePart

_CODE = "plans.refused-by-catalog"
_CASCADES = frozenset({"CASCADE", "SET NULL", "SET DEFAULT"})


def obstacles_in(part: StorePart) -> Iterator[Obstacle]:
    """Yield what the structure that `part` was made on forbids."""
    planned = {step.dataset for step in part.steps}
    for step in part.steps:
        if step.erasing is Erasing.KEEP:
            continue
        yield from _reachable(step)
        yield from _unreviewed(step)
        if step.erasing is Erasing.DELETE:
            yield from _cascades(step, part, planned)
        else:
            yield from blanking_obstacles(step, part)


def blanking_obstacles(step: Step, part: StorePart) -> Iterator[Obstacle]:
    """Yield the fields that blanking a row of `step` would have to empty and cannot."""
    incoming = [
        key for table in part.tables for key in table.foreign_keys if key.to == step.table.name
    ]
    for field in step.fields:
        if field.erased:
            yield from _field(step, field, incoming)


def unreviewed_triggers(step: Step, event: str) -> tuple[str, ...]:
    """Return the names of triggers that fire on `event` and that nobody reviewed as they are."""
    reviewed = dict(step.reviewed)
    return tuple(
        trigger.name
        for trigger in step.table.triggers
        if trigger.event == event and reviewed.get(trigger.name) != trigger.body
    )


def _reachable(step: Step) -> Iterator[Obstacle]:
    if step.table.view:
        yield _obstacle(step, "is a view, and what it shows is stored elsewhere")
    elif not (step.table.key or step.table.row_number or step.table.place):
        yield _obstacle(step, "has no key by which a row could be named")
    if step.minimum is not None and not _has(step.table, step.minimum.counted_from):
        yield _obstacle(
            step,
            f"has no field {step.minimum.counted_from!r} from which its minimum could be counted",
        )
    for field in step.fields:
        if not _has(step.table, field.name):
            yield _obstacle(step, f"has no column {field.name!r} any more", field.name)


def _unreviewed(step: Step) -> Iterator[Obstacle]:
    event = "DELETE" if step.erasing is Erasing.DELETE else "UPDATE"
    for name in unreviewed_triggers(step, event):
        yield _obstacle(
            step,
            f"has a trigger {name!r} on {event} that nobody reviewed",
            remedy="Review what the trigger does, and write its hash under "
            "reviewed_triggers in datamap.toml.",
        )


def _cascades(step: Step, part: StorePart, planned: set[DatasetId]) -> Iterator[Obstacle]:
    for table in part.tables:
        for key in table.foreign_keys:
            outside = DatasetId(part.store, table.name) not in planned
            if key.to == step.table.name and key.on_delete in _CASCADES and outside:
                yield _obstacle(
                    step,
                    f"would change {part.store}.{table.name}, which the plan does not reach: "
                    f"its column {', '.join(key.fields)} says ON DELETE {key.on_delete}",
                    remedy=f"Decide about the reference from {table.name} in datamap.toml.",
                )


def _field(step: Step, field: FieldPart, incoming: list[ForeignKey]) -> Iterator[Obstacle]:
    if not _has(step.table, field.name):
        return
    column = step.table.column(field.name)
    if column.generated:
        return
    if column.identity or (column.key and not _renamable(step.table, column)):
        yield _obstacle(
            step,
            f"cannot blank the column {field.name!r}: it is what names the row",
            field.name,
            remedy="Set on_erasure to delete, or keep with a reason.",
        )
    elif any(field.name in key.to_fields for key in incoming) or (
        column.key and any(field.name in each.to_fields for each in step.referrers)
    ):
        yield _obstacle(
            step,
            f"cannot blank the column {field.name!r}: other rows refer to it",
            field.name,
            remedy="Set on_erasure to delete, or keep with a reason.",
        )
    elif not column.nullable and _refers(step.table, column):
        yield _obstacle(
            step,
            f"cannot blank the column {field.name!r}: it is a reference and may not be NULL",
            field.name,
            remedy="Set on_erasure to delete, or keep with a reason.",
        )


def _renamable(table: Table, column: Column) -> bool:
    """Return whether a row can be told again in a transaction when this key column changes."""
    is_row_number = table.key == (column.name,) and column.type.upper() == "INTEGER"
    return (bool(table.row_number) or table.strict) and not is_row_number


def _refers(table: Table, column: Column) -> bool:
    return any(column.name in key.fields for key in table.foreign_keys)


def _has(table: Table, name: str) -> bool:
    return any(column.name == name for column in table.columns)


def _obstacle(step: Step, message: str, field: str = "", *, remedy: str = "") -> Obstacle:
    return Obstacle(
        code=_CODE,
        store=step.dataset.store,
        dataset=step.dataset.name,
        field=field,
        message=f"{step.dataset} {message}",
        remedy=remedy or "Change what datamap.toml says of the dataset, and try again.",
    )
