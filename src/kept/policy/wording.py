"""What of a clause's words can be held against the same clause in another language."""

import re
import unicodedata
from dataclasses import dataclass

from kept.policy.findings import said
from kept.policy.languages.language import Reading
from kept.policy.languages.loading import load
from kept.policy.view import view
from kept.promises.promise import Clause

_NUMBER = re.compile(r"(?<![\w.@/-])\d{1,9}(?![\w@/]|\.\w|-\d)")
_SEPARATORS = (",", ";", "&")


@dataclass(frozen=True, slots=True)
class Wording:
    """What no dictionary is needed to compare.

    Attributes:
        denies: Whether something is said not to be done.
        may: Whether the company says "may" of itself.
        scope: ``"all"``, ``"some"``, both, or nothing.
        recipients: Kinds of recipients that are named.
        items: How many things are listed, the most that separators allow for.
        numbers: Numbers in digits, sorted.
    """

    denies: bool
    may: bool
    scope: frozenset[str]
    recipients: frozenset[str]
    items: int
    numbers: tuple[int, ...]


def wording_of(clause: Clause) -> Wording:
    """Return what the words of `clause` show, whatever its language."""
    words = view(clause.quote).text
    reading = load(clause.language).read(words, 0, len(words))
    shown = {rule.value for rule in said(reading, "speech", "")}
    return Wording(
        denies=reading.does("denial"),
        may="may" in shown,
        scope=frozenset(shown & {"all", "some"}),
        recipients=frozenset(hit.rule.value for hit in reading.of("recipient")),
        items=_items(reading),
        numbers=tuple(
            sorted(map(int, _NUMBER.findall(unicodedata.normalize("NFKC", clause.quote))))
        ),
    )


def _items(reading: Reading) -> int:
    """Return how many things separators part: ", and" is one separator."""
    marked = 0
    for mark in _SEPARATORS:
        marked |= reading.words.marks.get(mark, 0)
    joined = {start for hit in reading.of("joiner") for start, _ in hit.spans()}
    for at in joined:
        # A comma stands before the joiner, or after it, and parts the same two things.
        if not marked >> at & 1:
            marked |= 1 << at
    # What stands before the first word joins the clause to the one before it.
    return 1 + (marked >> 1).bit_count()
