"""What the values of a field are like, without a value: enough to know them again."""

from collections.abc import Sequence
from dataclasses import dataclass

from kept.inventory.connector import Value

_CLOSE = 0.2
"""How far two shares may be apart and still be called alike."""

_CLOSE_LENGTH = 0.25
"""How far two mean lengths may be apart, as a share of the longer."""

_LOOKED_AT = 50
"""How many values tell a shape: more would tell no more, and cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the values seen in a field have in common.

    Attributes:
        kind: ``"text"``, ``"number"``, ``"flag"`` or ``"bytes"``; empty where all were null.
        nulls: Share of the rows read that were null or empty.
        distinct: Share of the others that were distinct.
        length: Mean length of the values as text.
        digits: Share of digits among all characters.
        letters: Share of letters among all characters.
    """

    kind: str
    nulls: float
    distinct: float
    length: float
    digits: float
    letters: float

    def like(self, other: "Shape", *, in_other_rows: bool = False) -> bool:
        """Return whether both could be shapes of the same values.

        Shapes without a value are like nothing: nothing is known of them.

        Args:
            other: The other shape.
            in_other_rows: Whether the values may stand in other rows, and more often: how
                many there are of each then says nothing.
        """
        if not self.kind or self.kind != other.kind:
            return False
        longer = max(self.length, other.length, 1.0)
        if abs(self.length - other.length) > max(1.0, _CLOSE_LENGTH * longer):
            return False
        pairs = [(self.digits, other.digits), (self.letters, other.letters)]
        if not in_other_rows:
            pairs += [(self.nulls, other.nulls), (self.distinct, other.distinct)]
        return all(abs(one - another) <= _CLOSE for one, another in pairs)


def shape_of(values: Sequence[Value], *, read: int, nulls: int, distinct: int) -> Shape:
    """Return what `values` are like.

    Args:
        values: Distinct non-null values that were seen.
        read: How many rows were read.
        nulls: How many of them were null or empty.
        distinct: How many distinct values there were among the others.
    """
    texts = [each.hex() if isinstance(each, bytes) else str(each) for each in values[:_LOOKED_AT]]
    together = "".join(texts)
    characters = max(1, len(together))
    return Shape(
        kind=_kind(values),
        nulls=_rounded(nulls / read if read else 0.0),
        distinct=_rounded(distinct / (read - nulls) if read > nulls else 0.0),
        length=_rounded(len(together) / len(texts) if texts else 0.0),
        digits=_rounded(sum(map(str.isdigit, together)) / characters),
        letters=_rounded(sum(map(str.isalpha, together)) / characters),
    )


def _rounded(share: float) -> float:
    # Two digits tell shapes apart; more would begin to tell values.
    return round(share, 2)


def _kind(values: Sequence[Value]) -> str:
    for kind, types in (
        ("flag", (bool,)),
        ("number", (int, float)),
        ("bytes", (bytes,)),
        ("text", (str,)),
    ):
        if values and all(isinstance(each, types) for each in values):
            return kind
    return "text" if values else ""
