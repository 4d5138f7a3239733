"""How ``promises.toml`` is written: proposals beside what people decided.

Pure: text in, text out. What stands in the file stays as it is, comments and order too.
"""

from collections.abc import Sequence

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from kept.promises.promise import Kind, Promise, Register
from kept.promises.review import Missed, Verb
from kept.promises.review_application import Reviewed
from kept.promises.review_errors import ReviewError

_HEAD = (
    "What people decided about the promises that were read. `kept read --review` proposes;",
    'change "proposed" to "accept", "correct" or "refuse" (with a reason).',
)
_SETTLE = 'The words leave this open: settled = { at_most = "12 months", counted_from = "…" }'


def propose(text: str, read: Register, reviewed: Reviewed, missed: Sequence[Missed] = ()) -> str:
    """Return `text` with a proposal for each promise that it does not name yet.

    Nothing that stands there is changed. What a decision moved to is proposed as it was
    decided, and says where it came from: deciding on it lets the old entry go. Writing
    twice writes once.

    Args:
        text: The file as it is; empty where there is none.
        read: What was read, before decisions.
        reviewed: What decisions made of it.
        missed: What a second opinion proposes.

    Raises:
        ReviewError: `text` is not TOML.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ReviewError(f"promises.toml is not valid TOML: {error}") from None
    if not text.strip():
        for line in _HEAD:
            document.add(tomlkit.comment(line))
    came_from = {after: before for before, after in reviewed.moved.items()}
    decided = {each.id: each for each in reviewed.register.promises}
    held = document.get("promises", {})
    fresh = [each for each in read.promises if each.id not in held]
    if fresh:
        tables = document.setdefault("promises", tomlkit.table(is_super_table=True))
        for promise in fresh:
            reading = decided.get(promise.id, promise)
            tables[promise.id] = _table(promise, reading, came_from.get(promise.id, ""))
    changed = bool(fresh) | _point_at(document, missed)
    return tomlkit.dumps(document) if changed else text


def _table(read: Promise, reading: Promise, moved_from: str) -> Table:
    table = tomlkit.table()
    table["decision"] = Verb.PROPOSED.value
    table["quote"] = " ".join(read.clause.quote.split())
    table["read_as"] = read.category.value
    if moved_from:
        table["moved_from"] = moved_from
    _read(table, reading)
    if reading.kind is Kind.VAGUE:
        table.add(tomlkit.comment(_SETTLE))
    table.add(tomlkit.nl())
    return table


def _read(table: Table, reading: Promise) -> None:
    table["category"] = reading.category.value
    table["kind"] = reading.kind.value
    table["duties"] = [each.value for each in reading.duties]
    for key, values in (
        ("data", reading.data),
        ("purposes", reading.purposes),
        ("rights", reading.rights),
    ):
        if values:
            table[key] = [each.value for each in values]


def _point_at(document: tomlkit.TOMLDocument, missed: Sequence[Missed]) -> bool:
    """Add what a second opinion proposes and the file does not hold; say if any was added."""
    held = {(each.get("document"), each.get("quote")) for each in document.get("missed", ())}
    added = [each for each in missed if (each.document, each.quote) not in held]
    listed = document.setdefault("missed", tomlkit.aot()) if added else tomlkit.aot()
    for each in added:
        table = tomlkit.table()
        reading = each.reading
        table["decision"] = Verb.PROPOSED.value
        table["document"] = each.document
        table["quote"] = each.quote
        for key, one in (("category", reading.category), ("kind", reading.kind)):
            if one is not None:
                table[key] = one.value
        for key, several in (
            ("duties", reading.duties),
            ("data", reading.data),
            ("purposes", reading.purposes),
            ("rights", reading.rights),
        ):
            if several:
                table[key] = [member.value for member in several]
        if each.reason:
            table["reason"] = each.reason
        listed.append(table)
    return bool(added)
