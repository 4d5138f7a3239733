"""Which files are one dataset: those whose names differ only in what numbers a part.

Pure: paths in, groups out. Names stay the same when a further part arrives, because a
decision about a dataset is written down under its name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from kept.connectors.files.place import Entry
from kept.connectors.files.table import Part

KINDS = {
    "csv": "csv", "tsv": "csv", "psv": "csv", "tab": "csv",
    "jsonl": "json", "ndjson": "json", "json": "json",
    "parquet": "parquet", "parq": "parquet", "pq": "parquet",
}  # fmt: skip
"""What a file is, by its ending; ``.gz`` and the like may follow where it is text."""

_PACKED = {"gz", "bz2", "xz"}
_LOG = "_delta_log"
_HIVE = re.compile(r"([A-Za-z_][\w.-]*)=(.*)")
_NUMBERED = re.compile(
    r"\d+|[0-9a-f]{8,}|v\d+|[0-9]{4}q[1-4]|\d{8}t\d{4,6}z?|c000|jan|feb|mar|apr|jun|jul|aug|sep"
    r"|oct|nov|dec",
    re.IGNORECASE,
)
_CUT = re.compile(r"([-_. ]+)")
_GENERIC = {"part", "data", "file", "chunk", "export", "dump", "batch", "run", "output", "out", ""}
_MARKS = {"_SUCCESS", "_metadata", "_common_metadata", "_started", "_committed"}
_LEAST = 2
_TELLING = 3
"""Fields that files must share to be one dataset: many a table is an id and a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Files that are one dataset.

    Attributes:
        name: Its name in the store.
        kind: ``"csv"``, ``"json"``, ``"parquet"`` or ``"delta"``.
        parts: Its files; of a Delta table none: its own log names them.
        folder: Where a Delta table is.
    """

    name: str
    kind: str
    parts: tuple[Part, ...] = ()
    folder: str = ""


Columns = Callable[[Group], Sequence[tuple[str, ...]]]
"""The names of the fields of some files of a group, file by file."""


def groups(
    entries: Iterable[Entry], columns: Columns, title: str
) -> tuple[list[Group], list[tuple[str, str]]]:
    """Return the datasets, and the files that are none, each with why."""
    listed = [each for each in entries if each.path.rpartition("/")[2] not in _MARKS]
    deltas = _deltas(listed)
    unread: list[tuple[str, str]] = []
    found: dict[tuple[str, str, str], list[Part]] = defaultdict(list)
    for entry in listed:
        if any(not root or entry.path.startswith(f"{root}/") for root in deltas):
            continue
        name = entry.path.rpartition("/")[2]
        kind = kind_of(name)
        if not kind:
            if not name.startswith("_"):
                unread.append((entry.path, "of a kind that is not read"))
            continue
        folder, given = _hive(entry.path)
        found[folder, kind, pattern_of(name)].append(Part(entry=entry, given=given))
    made = [Group(name=root or title, kind="delta", folder=root) for root in deltas]
    made += _named(found, columns, title)
    return sorted(_distinct(made), key=lambda each: each.name), unread


def kind_of(name: str) -> str:
    """Return what a file is by its name, empty where nothing reads it."""
    parts = name.lower().split(".")
    if len(parts) > _LEAST and parts[-1] in _PACKED and KINDS.get(parts[-2]) != "parquet":
        parts.pop()
    return KINDS.get(parts[-1], "") if len(parts) > 1 else ""


def pattern_of(name: str) -> str:
    """Return a file's name with a star for whatever numbers it.

    Examples:
        >>> pattern_of("orders-2026-01-31.csv.gz")
        'orders-*.csv'
        >>> pattern_of("part-00000-2f1c0a9e-77d1-4c.snappy.parquet")
        'part-*.parquet'
        >>> pattern_of("b2b.csv")
        'b2b.csv'
    """
    parts = name.split(".")
    if parts[-1].lower() in _PACKED and len(parts) > _LEAST:
        parts.pop()
    stem, ending = ".".join(parts[:-1]), parts[-1].lower()
    cut = _CUT.split(stem)
    starred = ["*" if _NUMBERED.fullmatch(each) else each for each in cut]
    if "*" in starred:
        # What follows the first number names its writing: a task, a codec, a part of an id.
        first = starred.index("*")
        return f"{''.join(starred[:first])}*{_tail(starred[first + 1 :])}.{ending}"
    return f"{stem}.{ending}"


def _tail(cut: Sequence[str]) -> str:
    """Return the words after a number that are words: ``2026-01-orders`` is of orders."""
    words = [each for each in cut if each.isalpha() and each not in {"snappy", "zstd", "gz", "c"}]
    return "".join(f"-{each}" for each in words)


def _hive(path: str) -> tuple[str, dict[str, str]]:
    """Return the folder above the partitions of a path, and what they give to its rows."""
    *folders, _ = path.split("/")
    given: dict[str, str] = {}
    kept = []
    for folder in folders:
        found = _HIVE.fullmatch(folder)
        if found:
            given[found[1]] = unquote(found[2])
        else:
            kept.append(folder)
    return "/".join(kept), given


def _deltas(entries: Iterable[Entry]) -> list[str]:
    """Return the folders that are Delta tables, none of them inside another."""
    roots = {
        each.path.rpartition(_LOG)[0].rstrip("/")
        for each in entries
        if f"/{_LOG}/" in f"/{each.path}" and each.path.endswith((".json", ".parquet"))
    }
    return sorted(
        each
        for each in roots
        if not any(each != root and each.startswith(f"{root}/") for root in roots)
    )


def _named(
    found: dict[tuple[str, str, str], list[Part]], columns: Columns, title: str
) -> list[Group]:
    made: list[Group] = []
    alone: dict[tuple[str, str, tuple[str, ...]], list[Group]] = defaultdict(list)
    for (folder, kind, pattern), parts in sorted(found.items()):
        group = Group(name=_name(folder, pattern, title), kind=kind, parts=tuple(sorted(
            parts, key=lambda each: each.entry.path
        )))  # fmt: skip
        told = columns(group)
        if len(parts) > 1 and not _compatible(told):
            made += [Group(name=each.entry.path, kind=kind, parts=(each,)) for each in group.parts]
        elif "*" in pattern or not told or len(told[0]) < _TELLING:
            made.append(group)
        else:
            alone[folder, f"{kind}.{pattern.rpartition('.')[2]}", told[0]].append(group)
    return made + _merged(alone)


def _merged(alone: dict[tuple[str, str, tuple[str, ...]], list[Group]]) -> list[Group]:
    """Return groups of which those of one folder with the very same fields are one."""
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for (folder, kind, _), found in alone.items():
        sizes[folder, kind] = max(sizes[folder, kind], len(found))
    made: list[Group] = []
    for (folder, kind, _), found in alone.items():
        largest = len(found) == sizes[folder, kind]
        if len(found) < _LEAST or not largest:
            made += found
            continue
        sizes[folder, kind] = 0  # one of a kind in one folder can be called by a star
        own, _, ending = kind.partition(".")
        parts = tuple(part for group in found for part in group.parts)
        made.append(Group(name=f"{folder}/*.{ending}".lstrip("/"), kind=own, parts=parts))
    return made


def _compatible(told: Sequence[tuple[str, ...]]) -> bool:
    """Return whether files have most of their fields in common with the first."""
    if len(told) < _LEAST:
        return True
    first = set(told[0])
    return all(len(first & set(each)) * 2 >= min(len(first), len(each)) for each in told if each)


def _name(folder: str, pattern: str, title: str) -> str:
    words = [each for each in _CUT.split(pattern.rpartition(".")[0]) if each.isalpha()]
    if "*" in pattern and all(word.lower() in _GENERIC for word in words):
        return folder or title
    return f"{folder}/{pattern}".lstrip("/")


def _distinct(made: list[Group]) -> list[Group]:
    """Return groups of which no two have the same name, the longer the name the later."""
    named = list(made)
    for longer in (_by_ending, _by_pattern, _by_path):
        counts = Counter(each.name for each in named)
        named = [
            replace(each, name=longer(each)) if counts[each.name] > 1 and each.parts else each
            for each in named
        ]
    return named


def _by_ending(group: Group) -> str:
    return f"{group.name}/*.{group.parts[0].entry.path.rpartition('.')[2]}"


def _by_pattern(group: Group) -> str:
    folder, _ = _hive(group.parts[0].entry.path)
    return f"{folder}/{pattern_of(group.parts[0].entry.path.rpartition('/')[2])}".lstrip("/")


def _by_path(group: Group) -> str:
    return group.parts[0].entry.path
