"""How the promises are drawn: one bar, cut in proportion to the verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720
"""Width of the drawing in its own units; the page scales it."""

_GAP = 3
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of the bar.

    Attributes:
        key: Which verdict.
        count: How many promises.
        x: Where it begins, from the left edge.
        width: How wide it is.
    """

    key: str
    count: int
    x: float
    width: float


def segments(
    counts: Sequence[tuple[str, int]], *, width: int = WIDTH, right_to_left: bool = False
) -> tuple[Segment, ...]:
    """Return the pieces of a bar of `width`, in the order given, empty ones left out.

    A piece is never too thin to see: small ones get the least width and the others
    share what is left in proportion. Read from the right, the first piece is on the right.

    Examples:
        >>> [(each.x, each.width) for each in segments([("a", 1), ("b", 3)], width=403)]
        [(0.0, 100.0), (103.0, 300.0)]
    """
    drawn = [(key, count) for key, count in counts if count > 0]
    if not drawn:
        return ()
    room = width - _GAP * (len(drawn) - 1)
    widths = _shares([count for _, count in drawn], room)
    pieces: list[Segment] = []
    x = 0.0
    for (key, count), wide in zip(drawn, widths, strict=True):
        left = width - x - wide if right_to_left else x
        pieces.append(Segment(key, count, round(left, 2), round(wide, 2)))
        x += wide + _GAP
    return tuple(pieces)


def _shares(counts: Sequence[int], room: float) -> list[float]:
    thin = [index for index, count in enumerate(counts) if count * room < _LEAST * sum(counts)]
    left = room - _LEAST * len(thin)
    total = sum(count for index, count in enumerate(counts) if index not in thin)
    return [
        float(_LEAST) if index in thin else left * count / total
        for index, count in enumerate(counts)
    ]
