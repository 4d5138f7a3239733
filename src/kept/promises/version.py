"""Which texts of a policy were seen, and from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One text of one policy, as it was seen.

    Attributes:
        document: Name of the document.
        version_date: The date that the text states of itself, ISO 8601, or ``None``.
        sha256: Of the file's bytes, hexadecimal.
        first_seen: When this text was first seen (UTC).
        last_seen: When it was last seen before another one (UTC).
    """

    document: str
    version_date: str | None
    sha256: str
    first_seen: datetime
    last_seen: datetime


def silent_edits(
    seen: Sequence[PolicyVersion],
) -> tuple[tuple[PolicyVersion, PolicyVersion], ...]:
    """Return each change of the text that left the stated date as it was: before and after.

    A new date on the same text is none: a review may end so. Neither is a change of a text
    that never stated a date, which other checks speak of.

    Args:
        seen: Versions of one document, in the order in which they were first seen.
    """
    return tuple(
        (before, after)
        for before, after in pairwise(seen)
        if before.sha256 != after.sha256
        and before.version_date is not None
        and before.version_date == after.version_date
    )
