"""What is counted in every row for a check, by a full scan as by the check itself.

A full scan reads the rows once, at night, and remembers the counts. A check that finds
them fresh and whole need not read a large dataset again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kept.checks.port import Columns
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Memory

FieldCounts = Mapping[str, Mapping[str, int]]
"""By field, the counts by name."""


class Watch(Protocol):
    """An observer whose counts outlive the run, and can go on in another one."""

    @property
    def check(self) -> str:
        """Name and version of what is counted: counts of another version say nothing."""
        ...

    @property
    def dataset(self) -> DatasetId:
        """The dataset that it wants to see."""
        ...

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it wants to see."""
        ...

    def observe(self, columns: Columns, /) -> None:
        """Count one batch."""
        ...

    def counts(self) -> FieldCounts:
        """Return what was counted: an entry for every field, empty where there was nothing."""
        ...

    def memory(self) -> Memory:
        """Return what the counts need to go on: a bounded number of short hashes."""
        ...

    def resume(self, counts: FieldCounts, memory: Memory) -> None:
        """Go on from what `counts` and `memory` returned."""
        ...


def largest(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the larger of each count, where several looks may have seen the same rows.

    Examples:
        >>> largest([{"md5": 3, "clear": 1}, {"md5": 2, "bcrypt": 9}])
        {'md5': 3, 'clear': 1, 'bcrypt': 9}
    """
    found: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            found[name] = max(found.get(name, 0), count)
    return found


def of_field(looks: Sequence[FieldCounts], name: str) -> list[Mapping[str, int]]:
    """Return what each look counted in one field."""
    return [look[name] for look in looks if name in look]
