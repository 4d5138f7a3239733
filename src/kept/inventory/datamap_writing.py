"""How proposals are written into ``datamap.toml`` beside what people wrote there.

Nothing that stands in the file is changed: not a decision, not a comment, not the
order. New datasets are added at the end; a dataset that is only proposed gets what it
lacks. Accepting marks a proposal as decided, where nothing is left to ask.
"""

import json
import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from kept.inventory.datamap import (
    DataMap,
    DatasetDecision,
    FieldDecision,
    ReferenceDecision,
    parse_datamap,
)
from kept.inventory.dataset import DatasetId, Direction, State
from kept.inventory.errors import DataMapError
from kept.inventory.proposals import Proposal

HEADER = """\
# What people decided about each dataset: whose rows it holds, what its fields mean, and
# what an erasure does. `kept map --write` adds proposals here and changes nothing that
# stands here. A dataset is decided when its state says so; until then no erasure runs.
"""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ODD = re.compile(r"[:(),]|^\s|\s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the file.

    Attributes:
        text: The whole file as it should be now.
        added: Datasets that were not in it.
        decided: Datasets that are decided by this.
        open: Datasets that stay undecided, with what is to be asked.
    """

    text: str
    added: tuple[DatasetId, ...] = ()
    decided: tuple[DatasetId, ...] = ()
    open: tuple[tuple[DatasetId, tuple[str, ...]], ...] = ()


def write_proposals(text: str, proposals: Iterable[Proposal], *, accept: bool = False) -> Written:
    """Return the text of a ``datamap.toml`` with `proposals` in it.

    Writing the same proposals again changes nothing.

    Args:
        text: The file as it is; empty for a new one.
        proposals: What discovery proposes.
        accept: Whether to mark proposals without questions as decided.

    Raises:
        DataMapError: The file is no valid map, or proposals cannot be added to it
            without changing what stands there.
    """
    before = parse_datamap(text)
    proposals = list(proposals)
    known = [each for each in proposals if before.of(each.id) is not None]
    new = [each for each in proposals if before.of(each.id) is None]
    try:
        result = _completed(text, known, before, accept=accept)
    except (TOMLKitError, TypeError, ValueError):
        raise _not_addable() from None
    if new:
        start = result if result.strip() else HEADER
        joint = "" if start.endswith("\n") else "\n"
        result = start + joint + "".join(_block(each, accept=accept) for each in new)
    after = _checked(result, before, proposals)
    return Written(
        text=result,
        added=tuple(each.id for each in new),
        decided=tuple(
            each.id
            for each in proposals
            if _state(after, each.id) is State.DECIDED
            and _state(before, each.id) is not State.DECIDED
        ),
        open=tuple(
            (each.id, each.questions)
            for each in proposals
            if _state(after, each.id) is not State.DECIDED
        ),
    )


def _state(datamap: DataMap, dataset: DatasetId) -> State:
    decision = datamap.of(dataset)
    return State.UNLISTED if decision is None else decision.state


def _checked(result: str, before: DataMap, proposals: Sequence[Proposal]) -> DataMap:
    """Refuse a text in which something that was written before means something else."""
    try:
        after = parse_datamap(result)
    except DataMapError:
        raise _not_addable() from None
    kept = all(_still_said(each, after.of(each.id)) for each in before.datasets.values())
    if not kept or any(after.of(each.id) is None for each in proposals):
        raise _not_addable()
    return after


def _still_said(before: DatasetDecision, after: DatasetDecision | None) -> bool:
    """Return whether everything that was written about a dataset stands there still."""
    if after is None or before.state is State.DECIDED:
        return after == before
    return (
        set(before.references) <= set(after.references)
        and before.fields.items() <= after.fields.items()
        and before.identity.items() <= after.identity.items()
        and set(before.identity_periods) <= set(after.identity_periods)
        and before.anchors == after.anchors
        and before.on_erasure in {None, after.on_erasure}
        and before.held_as == after.held_as
    )


def _not_addable() -> DataMapError:
    return DataMapError(
        "datamap.toml is written in a way that proposals cannot be added to",
        remedy="Write each dataset as a table of its own: [stores.NAME.datasets.TABLE].",
    )


# ── datasets that are there already ──────────────────────────────────────────


def _completed(text: str, proposals: Sequence[Proposal], before: DataMap, *, accept: bool) -> str:
    """Give datasets that are only proposed what they lack."""
    document = tomlkit.parse(text)
    changed = False
    for each in proposals:
        decision = before.of(each.id)
        if decision is None or decision.state is State.DECIDED:
            continue
        stores = cast("Mapping[str, Any]", document["stores"])
        table = stores[each.id.store]["datasets"][each.id.name]
        changed |= _complete(table, each.decision, decision)
        if accept and not each.questions and _is_whole(each.decision, decision):
            table["state"] = State.DECIDED.value
            changed = True
    return tomlkit.dumps(document) if changed else text


def _complete(
    table: MutableMapping[str, Any], proposed: DatasetDecision, there: DatasetDecision
) -> bool:
    changed = False
    if "about" not in table:
        table["about"] = proposed.about
        changed = True
    if there.on_erasure is None and proposed.on_erasure is not None:
        table["on_erasure"] = proposed.on_erasure.value
        changed = True
    if proposed.identity and "identity" not in table:
        table["identity"] = _parsed(f"identity = {_identity(proposed)}")["identity"]
        changed = True
    if proposed.identity_periods and "identity_period" not in table:
        written = _parsed(f"identity_period = {_periods(proposed)}")
        table["identity_period"] = written["identity_period"]
        changed = True
    known = {(each.fields, each.to) for each in there.references}
    missing = [each for each in proposed.references if (each.fields, each.to) not in known]
    if missing:
        listed = table.setdefault("references", tomlkit.array().multiline(multiline=True))
        for each in missing:
            listed.append(
                _parsed(f"reference = {_reference(each, proposed.id.store)}")["reference"]
            )
        changed = True
    for name, field in proposed.fields.items():
        if name not in there.fields:
            fields = table.setdefault("fields", tomlkit.table())
            fields[name] = _parsed(f"field = {_field(field)}")["field"]
            changed = True
    return changed


def _is_whole(proposed: DatasetDecision, there: DatasetDecision) -> bool:
    return there.on_erasure is not None or proposed.on_erasure is not None or there.about == "none"


def _parsed(text: str) -> tomlkit.TOMLDocument:
    return tomlkit.parse(text)


# ── datasets that are new ────────────────────────────────────────────────────


def _block(proposal: Proposal, *, accept: bool) -> str:
    decision = proposal.decision
    header = f"stores.{key(decision.id.store)}.datasets.{key(decision.id.name)}"
    state = State.DECIDED if accept and not proposal.questions else State.PROPOSED
    lines = ["", f"[{header}]", f'state = "{state.value}"']
    lines += [f"# Note: {_comment(each)}" for each in proposal.notes]
    lines += [f"# To decide: {_comment(each)}" for each in proposal.questions]
    lines.append(f"about = {string(decision.about)}")
    if decision.on_erasure is not None:
        lines.append(f'on_erasure = "{decision.on_erasure.value}"')
    if decision.identity:
        lines.append(f"identity = {_identity(decision)}")
    if decision.identity_periods:
        lines.append(f"identity_period = {_periods(decision)}")
    if decision.references:
        lines.append("references = [")
        for each in decision.references:
            note = proposal.undeclared.get(each.fields)
            lines += [f"  # {_comment(note)}"] if note else []
            lines.append(f"  {_reference(each, decision.id.store)},")
        lines.append("]")
    if decision.fields:
        lines += ["", f"[{header}.fields]"]
        for name, field in decision.fields.items():
            why = proposal.reasons.get(name)
            lines.append(f"{key(name)} = {_field(field)}" + (f"  # {_comment(why)}" if why else ""))
    return "\n".join(lines) + "\n"


def _identity(decision: DatasetDecision) -> str:
    inside = ", ".join(
        f"{key(name)} = {string(kind.value)}" for name, kind in decision.identity.items()
    )
    return f"{{ {inside} }}"


def _periods(decision: DatasetDecision) -> str:
    inside = ", ".join(
        f"{key(each.field)} = {_list((each.since or '', each.until or ''))}"
        for each in decision.identity_periods
    )
    return f"{{ {inside} }}"


def _reference(reference: ReferenceDecision, store: str) -> str:
    direction = (
        f", direction = {string(reference.direction.value)}"
        if reference.direction is not Direction.BACKWARD
        else ""
    )
    return (
        f"{{ fields = {_list(reference.fields)}, to = {_target(reference, store)},"
        f" whose = {string(reference.whose.value)}{direction} }}"
    )


def _target(reference: ReferenceDecision, store: str) -> str:
    name, fields, there = reference.to.name, reference.to_fields, reference.to.store
    if any(_ODD.search(each) for each in (name, there, *fields)):
        of = f"store = {string(there)}, " if there != store else ""
        return f"{{ {of}dataset = {string(name)}, fields = {_list(fields)} }}"
    of = f"{there}:" if there != store else ""
    return string(f"{of}{name}({', '.join(fields)})")


def _field(field: FieldDecision) -> str:
    parts = []
    if field.categories is not None:
        parts.append(f"categories = {_list([each.value for each in field.categories])}")
    for name, value in (("source", field.source), ("of", field.of), ("author", field.author)):
        if value:
            parts.append(f"{name} = {string(value)}")
    return f"{{ {', '.join(parts)} }}" if parts else "{}"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(string(each) for each in texts)}]"


def string(text: str) -> str:
    """Return `text` as a TOML string."""
    # JSON's escapes are TOML's too, but for the one character that JSON leaves bare.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(name: str) -> str:
    """Return `name` as a TOML key, quoted where it must be."""
    return name if _BARE.fullmatch(name) else string(name)


def _comment(text: str) -> str:
    return _CONTROL.sub(" ", text)
