"""Logs: every text file of a folder, a log and its rotated parts one dataset."""

import re
from collections import defaultdict
from collections.abc import Sequence

from kept.connectors.files.folder import Folder
from kept.connectors.files.place import Listing, Place
from kept.connectors.files.store import FileStore, Unread
from kept.connectors.files.table import Part, Table, TextTable
from kept.connectors.logs.records import LogRecords

_PACKED = re.compile(r"\.(?:gz|bz2|xz)$", re.IGNORECASE)
_DATE = r"(?:\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{4}[-_.]\d{2})(?:[-_.T]?\d{2}(?:[-_.]?\d{2}){0,2}|[-_]\d{1,2})?"
_ENDS = re.compile(rf"[-_.](?:{_DATE}|\d{{1,10}}|old|bak|prev)$", re.IGNORECASE)
_WHOLE = re.compile(_DATE)
_INSIDE = re.compile(rf"[-_.]{_DATE}(?=[-_.]|$)")


class LogStore(FileStore):
    """Log files below one folder."""

    def __init__(self, name: str, url: str, write_url: str = "") -> None:  # noqa: ARG002 - nobody writes logs
        super().__init__(name, "logs", Folder(name, url), _tables)


def log_of(path: str) -> str:
    """Return the log that a file is a part of, by its name.

    Examples:
        >>> log_of("nginx/access.log.2.gz")
        'nginx/access.log'
        >>> log_of("app-2026-01-31.1.log")
        'app.log'
        >>> log_of("access.log-20260131")
        'access.log'
    """
    folder, stroke, name = path.rpartition("/")
    name = _PACKED.sub("", name)
    while (shorter := _ENDS.sub("", name)) != name and shorter:
        name = shorter
    stem, dot, ending = name.rpartition(".")
    if dot and ending.isalpha() and _WHOLE.fullmatch(stem):
        name = f"*.{ending}"
    elif dot and ending.isalpha():
        while (shorter := _ENDS.sub("", stem)) != stem and shorter:
            stem = shorter
        name = f"{stem}.{ending}"
    name = _INSIDE.sub("", name) or name
    return f"{folder}{stroke}{name}"


def _tables(store: str, place: Place, listing: Listing) -> tuple[Sequence[Table], Unread]:
    found: dict[str, list[Part]] = defaultdict(list)
    for entry in listing.entries:
        found[log_of(entry.path)].append(Part(entry=entry))
    return [
        # The oldest first: what is written while they are read is read last.
        TextTable(
            store,
            name,
            place,
            LogRecords(),
            sorted(parts, key=lambda each: (each.entry.changed, each.entry.path)),
        )
        for name, parts in sorted(found.items())
    ], ()
