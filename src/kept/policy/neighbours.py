"""What stands beside a clause: what the rules find in those before and after it?

Policies speak of one thing for a while, and in an order that readers expect: a clause
whose own words say little is known by the company that it keeps.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kept.policy.likelihood import Features, Seen

_REACH = 3
_LOUDNESS = 0.5
"""What is beside a clause speaks half as loud as what is in it."""

NEAR = tuple(f"{sign}{far}:" for far in range(1, _REACH + 1) for sign in "-+")
"""What features of neighbours begin with: before and after, and how far."""

_OWN = "own:"
_NONE_THERE = "end"


class Neighbours:
    """The clauses of one text in the order of their words, as the rules see them."""

    def __init__(self) -> None:
        self._noted: dict[tuple[int, int], Features] = {}
        self._order: list[tuple[int, int]] = []

    def note(self, start: int, end: int, found: Features) -> None:
        """Take what the rules find in a clause; what was noted of it before is replaced."""
        self._noted[start, end] = found
        self._order.clear()

    def spoken(self) -> Iterator[tuple[int, str]]:
        """Yield where each clause starts, and what its own words speak most for, if anything."""
        for (start, _), found in self._noted.items():
            own = {key: value for key, value in found.items() if key.startswith(_OWN)}
            best = max(sorted(own), key=own.__getitem__, default="")
            yield start, best.removeprefix(_OWN)

    def beside(self, start: int, end: int) -> Seen:
        """Return what is found in the clauses before and after a stretch of the text."""
        if not self._order:
            self._order = sorted(self._noted)
        return Seen(dict(self._around(start, end)))

    def _around(self, start: int, end: int) -> Iterator[tuple[str, float]]:
        order = self._order
        before = bisect_left(order, (start, end))
        after = bisect_right(order, (start, end)) - 1
        for far in range(1, _REACH + 1):
            for sign, at in (("-", before - far), ("+", after + far)):
                if not 0 <= at < len(order):
                    yield f"{sign}{far}:{_NONE_THERE}", 1.0
                    continue
                for feature, value in self._noted[order[at]].items():
                    yield f"{sign}{far}:{feature}", value * _LOUDNESS
