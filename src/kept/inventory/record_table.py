"""The record of processing as JSON values and as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from kept.inventory.record import Activity, Item, Record

_HEAD = (
    "activity",
    "role",
    "client",
    "provision",
    "item",
    "state",
    "text",
    "language",
    "key",
    "marks",
    "source",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(record: Record) -> dict[str, object]:
    """Return the record as JSON values."""
    return {
        "record": "GDPR Art. 30",
        "language": record.language,
        "made_at": record.made_at.isoformat(),
        "controller": record.name,
        "who": _item(record.who),
        "activities": [_activity(each) for each in record.activities],
        "missing": list(record.missing),
        "statements_missing": record.lacks,
    }


def _activity(activity: Activity) -> dict[str, object]:
    return {
        "system": activity.system,
        "about": activity.about,
        "role": activity.role,
        "client": activity.client,
        "title": activity.title,
        "items": [_item(each) for each in activity.items],
        "datasets": [
            {"store": each.store, "dataset": each.name, "rows": each.rows}
            for each in activity.datasets
        ],
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "provision": item.provision,
        "item": item.key,
        "title": item.title,
        "known": [
            {
                "text": each.text,
                "language": each.language,
                "key": each.key,
                "marks": list(each.marks),
                "quoted": each.quoted,
                "source": each.source,
            }
            for each in item.lines
        ],
        "missing": list(item.missing),
        "caution": item.caution,
    }


def as_csv(record: Record) -> str:
    """Return the record as comma-separated values (RFC 4180), one statement a row.

    It begins with a byte order mark, by which spreadsheets know UTF-8. A text that a
    spreadsheet would run as a formula is given as text: names come from stores.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    for row in _rows(record):
        writer.writerow([_inert(each) for each in row])
    return f"\ufeff{out.getvalue()}"


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rows(record: Record) -> Iterator[tuple[str, ...]]:
    for text in record.missing:
        yield ("", "", "", "Art. 30", "", "missing", text, record.language, "", "", "")
    yield from _statements(record, None, record.who)
    for activity in record.activities:
        for item in activity.items:
            yield from _statements(record, activity, item)


def _statements(record: Record, activity: Activity | None, item: Item) -> Iterator[tuple[str, ...]]:
    where = ("", "", "") if activity is None else (activity.title, activity.role, activity.client)
    head = (*where, item.provision, item.title)
    for each in item.lines:
        marks = "; ".join(each.marks)
        yield (*head, "known", each.text, each.language, each.key, marks, each.source)
    for text in item.missing:
        yield (*head, "missing", text, record.language, "", "", "")
    if item.caution:
        yield (*head, "note", item.caution, record.language, "", "", "")
