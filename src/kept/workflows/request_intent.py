"""What is noted of an erasure before its first store commits, and read after a crash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Done, Touched
from kept.plans.plan import DatasetCounts, Remark, RemarkCode, Retained, Task
from kept.vocabulary.identifier_kind import IdentifierKind


@dataclass(slots=True, kw_only=True)
class Noted:
    """What the notes of one erasure say. Personal data; never shows in ``repr``.

    Attributes:
        subject: Name of the person's random key in the vault.
        stores: Every store of the plan, in the order in which they are written.
        remarks: What the answer says whatever the stores do.
        tasks: What people have to do.
        done: What each store was about to do, by name.
        committed: Stores that said that it is done.
    """

    subject: str
    stores: tuple[str, ...]
    remarks: tuple[Remark, ...]
    tasks: tuple[Task, ...]
    done: dict[str, Done] = field(default_factory=dict, repr=False)
    committed: set[str] = field(default_factory=set)


def head_note(
    subject: str, stores: Sequence[str], remarks: Sequence[Remark], tasks: Sequence[Task]
) -> bytes:
    """Return the first note: what is known before any store is written."""
    return _written(
        {
            "subject": subject,
            "stores": list(stores),
            "remarks": [asdict(each) for each in remarks],
            "tasks": [asdict(each) for each in tasks],
        }
    )


def store_note(store: str, done: Done) -> bytes:
    """Return the note of what a store is about to do."""
    return _written({"store": store, "done": _done_json(done)})


def committed_note(store: str) -> bytes:
    """Return the note that a store said that it is done."""
    return _written({"committed": store})


def noted(notes: Sequence[bytes]) -> Noted | None:
    """Return what `notes` say, or ``None`` where there is nothing yet."""
    if not notes:
        return None
    head, *rest = (json.loads(each) for each in notes)
    found = Noted(
        subject=head["subject"],
        stores=tuple(head["stores"]),
        remarks=tuple(_remark(each) for each in head["remarks"]),
        tasks=tuple(Task(**each) for each in head["tasks"]),
    )
    for each in rest:
        if "committed" in each:
            found.committed.add(each["committed"])
        else:
            # Tried again after it was taken back: only the last try can have been done.
            found.done[each["store"]] = _done(each["done"])
    return found


def _done_json(done: Done) -> dict[str, object]:
    return {
        "operation": done.operation,
        "counts": [
            {
                "dataset": _dataset_json(each.dataset),
                "located": each.located,
                "erased": each.erased,
                "blanked": each.blanked,
                "retained": [
                    [kept.count, kept.reason, kept.source, kept.until and kept.until.isoformat()]
                    for kept in each.retained
                ],
            }
            for each in done.counts
        ],
        "remarks": [asdict(each) for each in done.remarks],
        "marks": [[kind.value, value] for kind, value in sorted(done.marks)],
        "erased": [
            [_dataset_json(dataset), [_value_json(value) for value in key]]
            for dataset, key in done.erased
        ],
        "touched": [
            [
                _dataset_json(each.dataset),
                [[name, _value_json(value)] for name, value in each.key],
                None if each.after is None else _values_json(each.after),
                dict(each.traces),
            ]
            for each in done.touched
        ],
        "tasks": [asdict(each) for each in done.tasks],
    }


def _done(found: Mapping[str, Any]) -> Done:
    return Done(
        operation=found["operation"],
        counts=tuple(_counts(each) for each in found["counts"]),
        remarks=tuple(_remark(each) for each in found["remarks"]),
        marks=frozenset((IdentifierKind(kind), value) for kind, value in found["marks"]),
        erased=tuple(
            (DatasetId(*dataset), tuple(_value(value) for value in key))
            for dataset, key in found["erased"]
        ),
        touched=tuple(
            Touched(
                DatasetId(*dataset),
                tuple((name, _value(value)) for name, value in key),
                None if after is None else {name: _value(each) for name, each in after.items()},
                traces,
            )
            for dataset, key, after, traces in found["touched"]
        ),
        # Notes that an earlier version wrote know of no tasks.
        tasks=tuple(Task(**each) for each in found.get("tasks", ())),
    )


def _counts(found: Mapping[str, Any]) -> DatasetCounts:
    return DatasetCounts(
        dataset=DatasetId(*found["dataset"]),
        located=found["located"],
        erased=found["erased"],
        blanked=found["blanked"],
        retained=tuple(
            Retained(
                count=count,
                reason=reason,
                source=source,
                until=date.fromisoformat(until) if until else None,
            )
            for count, reason, source, until in found["retained"]
        ),
    )


def _remark(found: Mapping[str, Any]) -> Remark:
    return Remark(**{**found, "code": RemarkCode(found["code"])})


def _dataset_json(dataset: DatasetId) -> list[str]:
    return [dataset.store, dataset.name]


def _values_json(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: _value_json(value) for name, value in values.items()}


def _value_json(value: Value) -> object:
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def _value(found: Any) -> Value:  # noqa: ANN401 - JSON
    read: Value = bytes.fromhex(found["bytes"]) if isinstance(found, dict) else found
    return read


def _written(found: Mapping[str, object]) -> bytes:
    # ASCII: a lone surrogate, which a store may hold, has no other form.
    return json.dumps(found, ensure_ascii=True, separators=(",", ":")).encode("ascii")
