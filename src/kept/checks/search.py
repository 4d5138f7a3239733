"""Where the identifiers of some people stand, looked for without following any reference."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kept.inventory.connector import Value
from kept.subjects.identifier import Identifier, normalise
from kept.vocabulary.identifier_kind import IdentifierKind

_SHORTEST = 5
_FEWEST_DIGITS = 7
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,17}")
_TAIL = 3
_DIGITS = frozenset({IdentifierKind.PHONE, IdentifierKind.NATIONAL_ID})
_ANYWHERE = frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.NATIONAL_ID})
"""Kinds whose values are long enough to be nobody else's by accident, in any field."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One identifier found.

    Attributes:
        place: Its row in the batch.
        person: Whose it is, by place in the list of people.
        whole: Whether the field holds nothing else.
    """

    place: int
    person: int
    whole: bool


@dataclass(slots=True)
class Index:
    """The identifiers of people, in the forms in which two spellings are equal.

    Attributes:
        by_form: Whose the identifiers are that are nobody else's in any field.
        by_kind: Whose an identifier of a kind is.
        tails: The last digits of the numbers, by kind: what ends otherwise is none of them.
    """

    by_form: dict[str, int] = field(default_factory=dict, repr=False)
    by_kind: dict[tuple[IdentifierKind, str], int] = field(default_factory=dict, repr=False)
    tails: dict[IdentifierKind, set[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, people: Sequence[Iterable[Identifier]]) -> "Index":
        """Return the index of `people`; what two of them share names neither."""
        index = cls()
        shared: set[tuple[IdentifierKind, str]] = set()
        for person, identifiers in enumerate(people):
            for each in identifiers:
                form = (each.kind, each.normalised)
                if index.by_kind.setdefault(form, person) != person:
                    shared.add(form)
        for form in shared:
            del index.by_kind[form]
        for (kind, text), person in index.by_kind.items():
            index.tails.setdefault(kind, set()).add(text[-_TAIL:])
            if kind in _ANYWHERE and len(text) >= _SHORTEST and _long_enough(kind, text):
                index.by_form[text] = person
        return index

    def hits(
        self, column: Sequence[Value], kinds: Sequence[IdentifierKind], *, mentions: bool
    ) -> Iterator[Hit]:
        """Yield where a column holds an identifier of somebody, each row once.

        Args:
            column: The values.
            kinds: Kinds of identifier that the field is known to hold.
            mentions: Whether to look inside longer texts too.
        """
        whole = self._whole(column)
        for kind in kinds:
            whole.update(self._of_kind(column, kind))
        for place, person in whole.items():
            yield Hit(place, person, whole=True)
        if mentions:
            for place, value in enumerate(column):
                if isinstance(value, str) and len(value) > _SHORTEST and place not in whole:
                    for person in dict.fromkeys(self._inside(value)):
                        yield Hit(place, person, whole=False)

    def _whole(self, column: Sequence[Value]) -> dict[int, int]:
        """Return whose the values are that are an identifier as they stand, by place."""
        forms = self.by_form
        found = {
            place: forms[value]
            for place, value in enumerate(column)
            if isinstance(value, str) and value in forms
        }
        for place, value in enumerate(column):
            if isinstance(value, str) and "@" in value and place not in found:
                person = forms.get(value.strip().casefold())
                if person is not None:
                    found[place] = person
        return found

    def _of_kind(self, column: Sequence[Value], kind: IdentifierKind) -> Iterator[tuple[int, int]]:
        tails = self.tails.get(kind)
        if not tails:
            return
        by_kind, digits = self.by_kind, kind in _DIGITS
        for place, value in enumerate(column):
            if value is None or isinstance(value, bool | float | bytes):
                continue
            text = str(value)
            tail = text[-_TAIL:]
            # Cheap first: nearly every value ends otherwise. Unusual ends are looked at.
            if digits and tail.isascii() and tail.isdigit() and tail not in tails:
                continue
            person = by_kind.get((kind, normalise(kind, text)))
            if person is not None:
                yield place, person

    def _inside(self, text: str) -> Iterator[int]:
        for found in _ADDRESS.finditer(text) if "@" in text else ():
            person = self.by_form.get(found[0].casefold().rstrip("."))
            if person is not None:
                yield person
        for number in _NUMBER.finditer(text):
            for kind in (IdentifierKind.PHONE, IdentifierKind.NATIONAL_ID):
                person = self.by_kind.get((kind, normalise(kind, number[0])))
                if person is not None:
                    yield person


def _long_enough(kind: IdentifierKind, text: str) -> bool:
    if kind is IdentifierKind.EMAIL:
        return True
    return sum(each.isdigit() for each in text) >= _FEWEST_DIGITS
