"""How many numbers of a dataset have the shape of a payment card's, and how many pass as one.

Counted by what the name of a field may say of numbers alone in it, so that the counts stay
true when a person labels the field otherwise.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import ClassVar

from kept.checks.card_number import (
    ESCAPING,
    QUICK,
    Candidate,
    Lean,
    candidates,
    unescaped,
    whole_number,
)
from kept.checks.chance import made_to_pass, odds_of_design
from kept.checks.port import Columns
from kept.checks.watch import FieldCounts
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.inventory.scanned import Memory

COUNTED = "card-numbers/1"

_SHORTEST = 13
_SMALLEST, _LARGEST = 10**12, 10**19
_REMEMBERED = 200_000
_CARRIED = 500
"""So many numbers are known again in the next run: of more, a repeat tells nothing."""


class _Class(StrEnum):
    """How a candidate is written, and so how likely it is a card before its check digit."""

    NAMED = "named as a card"
    GROUPED = "in groups of digits"
    IN_TEXT = "inside a text"
    ALONE = "alone in its field"
    IN_CARD_FIELD = "alone in a card field"
    NAMED_OTHER = "named as something else"


_PRIOR: Mapping[_Class, float] = {
    _Class.NAMED: 20.0,
    _Class.GROUPED: 2.0,
    _Class.IN_TEXT: 0.6,
    _Class.ALONE: 0.3,
    _Class.IN_CARD_FIELD: 5.0,
    _Class.NAMED_OTHER: 0.02,
}
"""Odds that numbers of a class hold cards, before their check digits are looked at."""


@dataclass(slots=True)
class _Tally:
    """Counts different candidates of one class in one field, and rows that pass."""

    tried: int = 0
    passed: int = 0
    rows: int = 0
    seen: set[int] = field(default_factory=set)
    carried: list[int] = field(default_factory=list)

    def add(self, candidate: Candidate) -> None:
        """Count `candidate`; the same number again counts as a row and no more."""
        self.rows += candidate.passes
        known = _short(candidate.digits)
        if known in self.seen:
            return
        if len(self.seen) < _REMEMBERED:
            self.seen.add(known)
        if len(self.carried) < _CARRIED:
            self.carried.append(known)
        self.tried += 1
        self.passed += candidate.passes

    def cards(self, prior: float) -> int:
        """Return how many rows hold a card's number, accident taken off."""
        if not self.passed or odds_of_design(self.tried, self.passed, prior=prior) <= 1:
            return 0
        share = made_to_pass(self.tried, self.passed) / self.passed
        return max(1, round(self.rows * share))


@dataclass(slots=True)
class CardWatch:
    """Counts candidates in every field of one dataset.

    Attributes:
        dataset: Which.
        fields: Its fields.
        leans: For each field, what its name may say: one where that is known, else all.
    """

    check: ClassVar[str] = COUNTED
    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    leans: tuple[tuple[Lean, ...], ...]
    tallies: list[dict[str, _Tally]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tallies = [{} for _ in self.fields]

    @classmethod
    def of_all(cls, dataset: DatasetId, fields: Sequence[str]) -> "CardWatch":
        """Return one that counts for whatever the fields may be labelled as."""
        return cls(dataset, tuple(fields), (tuple(Lean),) * len(fields))

    def observe(self, columns: Columns) -> None:
        """Look at one batch: a column without thirteen digits in a row costs one search."""
        for leans, tallies, column in zip(self.leans, self.tallies, columns, strict=True):
            numbers, texts = _numbers_in(column), _texts_in(column)
            if len(leans) > 1:
                # In a field of cards everything is one that is one in any other field.
                texts = [text for text in texts if any(_candidates((), (text,), Lean.CARD))]
            for lean in leans if numbers or texts else ():
                for candidate in _candidates(numbers, texts, lean):
                    tallies.setdefault(_key(lean, _class(candidate)), _Tally()).add(candidate)

    def counts(self) -> FieldCounts:
        """Return how many were tried and passed, and in how many rows, by field."""
        return {
            name: {
                f"{key}/{what}": count
                for key, tally in tallies.items()
                for what, count in (
                    ("tried", tally.tried),
                    ("passed", tally.passed),
                    ("rows", tally.rows),
                )
            }
            for name, tallies in zip(self.fields, self.tallies, strict=True)
        }

    def memory(self) -> Memory:
        """Return short hashes of the numbers, so that a repeat is known in the next run."""
        return {
            f"{place}/{key}": tuple(tally.carried)
            for place, tallies in enumerate(self.tallies)
            for key, tally in tallies.items()
        }

    def resume(self, counts: FieldCounts, memory: Memory) -> None:
        """Go on from what an earlier run counted."""
        for place, name in enumerate(self.fields):
            self.tallies[place] = _tallies(counts.get(name, {}))
            for key, tally in self.tallies[place].items():
                tally.carried = list(memory.get(f"{place}/{key}", ()))
                tally.seen = set(tally.carried)


def cards_in(looks: Sequence[Mapping[str, int]], lean: Lean) -> int:
    """Return in how many rows of a field card numbers stand, by what several looks counted.

    The looks may have seen the same rows: of each class, the one counts that saw more.
    """
    best: dict[_Class, _Tally] = {}
    for look in looks:
        tallies = _tallies(look)
        for kind in _Class:
            tally = tallies.get(_key(lean, kind))
            known = best.get(kind)
            if tally is not None and (known is None or _weight(tally) > _weight(known)):
                best[kind] = tally
    return sum(tally.cards(_PRIOR[kind]) for kind, tally in best.items())


def tried_in(look: Mapping[str, int], lean: Lean) -> Counter[str]:
    """Return how many numbers of a field had the shape, and how many of those pass."""
    counts: Counter[str] = Counter()
    for key, tally in _tallies(look).items():
        if key.startswith(f"{lean.value}/"):
            counts["candidates"] += tally.tried
            counts["passing"] += tally.passed
    return counts


def _weight(tally: _Tally) -> tuple[int, int]:
    return tally.passed, tally.tried


def _tallies(counts: Mapping[str, int]) -> dict[str, _Tally]:
    found: dict[str, _Tally] = {}
    for name, count in counts.items():
        key, _, what = name.rpartition("/")
        tally = found.setdefault(key, _Tally())
        match what:
            case "tried":
                tally.tried = count
            case "passed":
                tally.passed = count
            case "rows":
                tally.rows = count
            case _:
                pass
    return found


def _key(lean: Lean, kind: _Class) -> str:
    return f"{lean.value}/{kind.name.lower()}"


def _short(digits: str) -> int:
    """Return a short hash, the same in every run."""
    return int.from_bytes(blake2b(digits.encode(), digest_size=7).digest())


def _texts_in(column: Sequence[Value]) -> list[str]:
    texts = [each for each in column if isinstance(each, str) and len(each) >= _SHORTEST]
    texts += [each.decode("utf-8", "replace") for each in column if isinstance(each, bytes)]
    joined = "\0".join(texts)
    if any(sign in joined for sign in ESCAPING):
        texts = [unescaped(text) for text in texts]
        joined = "\0".join(texts)
    if not texts or not QUICK.search(joined):
        return []
    return [text.strip() for text in texts if QUICK.search(text)]


def _numbers_in(column: Sequence[Value]) -> list[str]:
    numbers = [each for each in column if isinstance(each, int | float)]
    if not numbers or max(numbers) < _SMALLEST:
        return []
    return [
        str(int(each)) for each in numbers if _SMALLEST <= each < _LARGEST and each == int(each)
    ]


def _candidates(numbers: Sequence[str], texts: Sequence[str], lean: Lean) -> Iterator[Candidate]:
    for text in texts:
        yield from candidates(text, name=lean)
    for number in numbers:
        found = whole_number(number, name=lean)
        if found is not None:
            yield found


def _class(candidate: Candidate) -> _Class:
    match candidate.lean:
        case Lean.CARD:
            return _Class.IN_CARD_FIELD if candidate.whole else _Class.NAMED
        case Lean.OTHER:
            return _Class.NAMED_OTHER
        case Lean.NOTHING:
            if candidate.grouped:
                return _Class.GROUPED
            return _Class.ALONE if candidate.whole else _Class.IN_TEXT
