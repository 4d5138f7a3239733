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
_SHORTEST_STREET = 6


Finds = Callable[[str], Iterable[Found]]

_CARD = DataCategory.USER_FINANCIAL_CREDIT_CARD
_NAME = DataCategory.USER_NAME
_STREET = DataCategory.USER_CONTACT_ADDRESS_STREET


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
            if each.category is _CARD or not self._is_own(text[each.start : each.end], each)
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

    def _is_own(self, piece: str, found: Found) -> bool:
        folded, digits = _folded(piece), _digits(piece).lstrip("0")
        if folded in self._own_texts:
            return True
        if found.category is _NAME:
            # In part or with one name more: what they are called is seldom written in full.
            words = set(folded.split())
            return bool(self._own_names) and (words <= self._own_names or self._own_names <= words)
        if found.category is _STREET:
            return any(each in folded for each in self._own_texts if len(each) >= _SHORTEST_STREET)
        return len(digits) >= _SHORTEST_NUMBER and any(
            each.endswith(digits) or digits.endswith(each) for each in self._own_numbers
        )

    @cached_property
    def _own_names(self) -> frozenset[str]:
        return frozenset(word for each in self.names for word in _folded(each).split())

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
        names = {
            each.strip()
            for each in self.others
            if len(each.strip()) >= _SHORTEST_NAME
            and not set(_folded(each).split()) <= self._own_names
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
