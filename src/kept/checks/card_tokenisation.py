"""Whether card numbers are in our own stores although others process payments."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kept.checks.card_number import (
    QUICK,
    Candidate,
    Lean,
    candidates,
    lean_of_name,
    unescaped,
    whole_number,
)
from kept.checks.chance import made_to_pass, odds_of_design
from kept.checks.port import Check, Columns, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NAME = "card-tokenisation/2"
CARD_NUMBER = "card-tokenisation.card-number"

_SHORTEST = 13
_SMALLEST, _LARGEST = 10**12, 10**19
_REMEMBERED = 200_000


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

    def add(self, candidate: Candidate) -> None:
        """Count `candidate`; the same number again counts as a row and no more."""
        self.rows += candidate.passes
        known = hash(candidate.digits)
        if known in self.seen:
            return
        if len(self.seen) < _REMEMBERED:
            self.seen.add(known)
        self.tried += 1
        self.passed += candidate.passes

    def cards(self, prior: float) -> int:
        """Return how many rows hold a card's number, accident taken off."""
        if not self.passed or odds_of_design(self.tried, self.passed, prior=prior) <= 1:
            return 0
        share = made_to_pass(self.tried, self.passed) / self.passed
        return max(1, round(self.rows * share))


@dataclass(slots=True)
class _Cards:
    """Looks for card numbers in every field of one dataset."""

    dataset: DatasetId
    fields: tuple[str, ...]
    leans: tuple[Lean, ...]
    tallies: list[dict[_Class, _Tally]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tallies = [{} for _ in self.fields]

    def observe(self, columns: Columns) -> None:
        """Look at one batch: a column without thirteen digits in a row costs one search."""
        for lean, tallies, column in zip(self.leans, self.tallies, columns, strict=True):
            for candidate in _in_column(column, lean):
                tallies.setdefault(_class(candidate), _Tally()).add(candidate)

    def found(self) -> Iterator[tuple[str, int]]:
        """Yield each field that holds card numbers, and in how many rows."""
        for name, tallies in zip(self.fields, self.tallies, strict=True):
            rows = sum(tally.cards(_PRIOR[kind]) for kind, tally in tallies.items())
            if rows:
                yield name, rows

    def tried(self) -> Counter[str]:
        """Return how many numbers had the shape, and how many of those pass."""
        counts: Counter[str] = Counter()
        for tallies in self.tallies:
            for tally in tallies.values():
                counts["candidates"] += tally.tried
                counts["passing"] += tally.passed
        return counts


def _in_column(column: Sequence[Value], lean: Lean) -> Iterator[Candidate]:
    kinds = set(map(type, column))
    texts = [unescaped(each) for each in column if isinstance(each, str) and len(each) >= _SHORTEST]
    if bytes in kinds:
        texts += [
            unescaped(each.decode("utf-8", "replace")) for each in column if isinstance(each, bytes)
        ]
    if texts and QUICK.search("\0".join(texts)):
        for text in texts:
            if QUICK.search(text):
                yield from candidates(text.strip(), name=lean)
    if int in kinds or float in kinds:
        for each in column:
            if isinstance(each, int | float) and _SMALLEST <= each < _LARGEST and each == int(each):
                found = whole_number(str(int(each)), name=lean)
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


@dataclass(slots=True)
class _Run:
    """One run over every field of every store."""

    view: View
    seen: list[_Cards] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self.view.inventory.datasets:
            if dataset.fields:
                names = tuple(each.name for each in dataset.fields)
                leans = tuple(_lean_of(dataset, name) for name in names)
                self.seen.append(_Cards(dataset.id, names, leans))

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each dataset, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return self.seen

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one number in one row breaks it, all rows read keep it."""
        del promise
        tried: Counter[str] = Counter()
        for each in self.seen:
            tried.update(each.tried())
        return ruled(
            self.view,
            Duty.CARD_TOKENISATION,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in self.seen],
                read,
                measures={"fields": sum(len(each.fields) for each in self.seen)},
            ),
            findings=[
                Finding(
                    code=CARD_NUMBER,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=name,
                    count=rows,
                    message=f"In {rows_of(rows)} stands a payment card's number, which the policy "
                    "says others process.",
                    remedy="Remove the numbers, keep the processor's token, and refuse card "
                    "numbers where this field is filled.",
                )
                for each in self.seen
                for name, rows in each.found()
            ],
            evidence={
                "numbers_of_card_shape": tried["candidates"],
                "with_right_check_digit": tried["passing"],
            },
        )


def _lean_of(dataset: Dataset, name: str) -> Lean:
    """Return what a field's name and label say of numbers that are alone in it."""
    held = dataset.field(name)
    if DataCategory.USER_FINANCIAL_CREDIT_CARD in held.holds:
        return Lean.CARD
    refers = {each for reference in dataset.references for each in reference.fields}
    if name in dataset.key or name in refers:
        return Lean.OTHER
    return lean_of_name(name)


CHECK = Check(
    duty=Duty.CARD_TOKENISATION,
    version=2,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No field of any store holds the number of a payment card: brand ranges, lengths "
    "and check digits, compared with what accident explains.",
    begin=_Run,
)
