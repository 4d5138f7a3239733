"""Which words of a text about one person are about somebody else, and are not handed out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from kept.inventory.classification.spans import Found, find
from kept.vocabulary.data_category import DataCategory

_SHORTEST_NAME = 2
_SHORTEST_NUMBER = 6


Finds = Callable[[str], Iterable[Found]]

_CARD = DataCategory.USER_FINANCIAL_CREDIT_CARD


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was taken out of one text.

    Attributes:
        kind: What it was: ``"name"``, ``"email"``, ``"phone"`` …
        count: How often.
    """

    kind: str
    count: int


@dataclass(frozen=True)
class Redactor:
    """Takes other people out of texts about one person. Never shows in ``repr``.

    Attributes:
        own: Everything that the person's own rows hold: it stays.
        names: Names among it.
        others: Names of other people: they go.
        finds: Finds what reaches anybody.
    """

    own: frozenset[str] = field(default_factory=frozenset, repr=False)
    names: frozenset[str] = field(default_factory=frozenset, repr=False)
    others: frozenset[str] = field(default_factory=frozenset, repr=False)
    finds: Finds = field(default=find, repr=False)

    def redact(self, text: str) -> tuple[str, tuple[Redaction, ...]]:
        """Return `text` without other people, and what was taken out.

        What is taken out leaves a mark that says what stood there, so that nobody takes
        the gap for the company's own words.

        Examples:
            >>> redactor = Redactor(others=frozenset({"Jane Peacock", "Jane"}))
            >>> redactor.redact("Jane Peacock called; jane@example.com is new.")[0]
            '[another person: name] called; [another person: email] is new.'
        """
        pieces = [
            (each.start, each.end, _kind(each.category))
            for each in self.finds(text)
            if each.category is _CARD or not self._is_own(text[each.start : each.end])
        ]
        if self._strangers is not None:
            pieces += [
                (each.start(), each.end(), "name") for each in self._strangers.finditer(text)
            ]
        made, at = [], 0
        counts: Counter[str] = Counter()
        for start, end, kind in sorted(pieces, key=lambda each: (each[0], -each[1])):
            if start < at:
                continue
            # A card's number is nobody's to copy, whosever it is.
            mark = f"[{kind}]" if kind == _kind(_CARD) else f"[another person: {kind}]"
            made += [text[at:start], mark]
            counts[kind] += 1
            at = end
        made.append(text[at:])
        return "".join(made), tuple(Redaction(*each) for each in sorted(counts.items()))

    def _is_own(self, piece: str) -> bool:
        folded, digits = _folded(piece), _digits(piece).lstrip("0")
        if folded in self._own_texts:
            return True
        return len(digits) >= _SHORTEST_NUMBER and any(
            each.endswith(digits) or digits.endswith(each) for each in self._own_numbers
        )

    @cached_property
    def _own_texts(self) -> frozenset[str]:
        return frozenset(_folded(each) for each in self.own)

    @cached_property
    def _own_numbers(self) -> frozenset[str]:
        """Numbers of the person: one may be written with or without its country."""
        numbers = (_digits(each).lstrip("0") for each in self.own)
        return frozenset(each for each in numbers if len(each) >= _SHORTEST_NUMBER)

    @cached_property
    def _strangers(self) -> re.Pattern[str] | None:
        mine = {word for each in self.names for word in _folded(each).split()}
        names = {
            each.strip()
            for each in self.others
            if len(each.strip()) >= _SHORTEST_NAME
            and not set(_folded(each).split()) <= mine
            and not each.strip().isdigit()
        }
        if not names:
            return None
        longest_first = sorted(names, key=lambda each: (-len(each), each))
        words = "|".join(r"\s+".join(map(re.escape, each.split())) for each in longest_first)
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _kind(category: DataCategory) -> str:
    return category.value.rpartition(".")[2].replace("_", " ")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _digits(text: str) -> str:
    # What has letters is no number of its own: an order "AB-123456" is not a telephone.
    if any(each.isalpha() for each in text):
        return ""
    return "".join(each for each in text if each.isdigit())
