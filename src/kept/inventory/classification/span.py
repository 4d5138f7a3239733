"""Where in a text something stands, without what stands there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text, by position alone: the value never travels with it.

    Attributes:
        start: Offset of the first character, in code points.
        end: Offset after the last character.
    """

    start: int
    end: int
