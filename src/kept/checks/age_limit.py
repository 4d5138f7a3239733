"""Whether anybody below the age that the policy names has an account."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kept.checks.creation import creation_field
from kept.checks.instant import age_on, day_of, days_of
from kept.checks.port import Check, Columns, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import speaks_of
from kept.checks.terms import terms_of
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, Field
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NAME = "age-limit/1"
TOO_YOUNG = "age-limit.below-limit"

_YEAR = re.compile(r"(?:19|20)\d{2}")
_AGE = re.compile(r"(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,3}))?")
_OLDEST = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """The most that somebody's age can have been.

    Attributes:
        now: On the day of the run; ``None`` where not known.
        then: On the day of collection; ``None`` where not known.
    """

    now: int | None = None
    then: int | None = None

    def below(self, limit: int) -> bool:
        """Return whether the person is or was surely younger than `limit`."""
        return any(each is not None and each < limit for each in (self.now, self.then))

    @property
    def known(self) -> bool:
        """Whether anything is known at all."""
        return self.now is not None or self.then is not None


def ages_of_birth(born: Value, created: Value, today: date) -> Ages:
    """Return how old somebody can be at most, whose birth date is given as `born`.

    A date that can be read in two ways counts as the earlier, and a year alone as its
    first day: only who is surely below a limit is below it. A birth on or after the day
    of collection is a form's default and no birth.
    """
    collected = day_of(created)
    first = min(_births(born), default=None)
    if first is None or first >= (collected or today) or first >= today:
        return Ages()
    if age_on(first, today) > _OLDEST:
        return Ages()
    then = age_on(first, collected) if collected is not None and collected <= today else None
    return Ages(now=age_on(first, today), then=then)


def ages_of_number(age: Value) -> Ages:
    """Return how old somebody was at most, whose age at collection is given as `age`."""
    if isinstance(age, bool) or age is None or isinstance(age, bytes):
        return Ages()
    found = _AGE.fullmatch(str(age).strip())
    if found is None:
        return Ages()
    oldest = int(found[2] or found[1])
    return Ages(then=oldest) if 0 < oldest <= _OLDEST else Ages()


@dataclass(slots=True, kw_only=True)
class _Births:
    """Looks at one field with birth dates or ages."""

    dataset: DatasetId
    name: str
    created: str
    numbers: bool
    today: date
    rows: dict[tuple[int | None, int | None], int] = field(default_factory=dict)
    known: int = 0
    unreadable: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The field, and the one that tells when its row was created."""
        return tuple(dict.fromkeys(each for each in (self.name, self.created) if each))

    def observe(self, columns: Columns) -> None:
        """Count rows by the ages that they tell: some hundred numbers, and no value."""
        births, created = columns[0], columns[-1] if self.created else (None,) * len(columns[0])
        for born, made in zip(births, created, strict=True):
            if born in (None, ""):
                continue
            ages = ages_of_number(born) if self.numbers else ages_of_birth(born, made, self.today)
            if not ages.known:
                self.unreadable += 1
                continue
            self.known += 1
            key = (ages.now, ages.then)
            self.rows[key] = self.rows.get(key, 0) + 1

    def below(self, limit: int) -> int:
        """Return how many rows are of somebody below `limit`."""
        return sum(
            count
            for (now, then), count in self.rows.items()
            if Ages(now=now, then=then).below(limit)
        )


@dataclass(slots=True)
class _Run:
    """One run over every field that tells an age."""

    view: View
    seen: list[_Births] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self.view.inventory.datasets:
            if speaks_of(dataset):
                self.seen += [
                    self._births(dataset, each) for each in dataset.fields if _tells_age(each)
                ]

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each field, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return self.seen

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict for the age that the words name."""
        limit = terms_of(promise, self.view).age
        return ruled(
            self.view,
            Duty.AGE_LIMIT,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in self.seen],
                read,
                measures={"ages_known": sum(each.known for each in self.seen)},
            ),
            findings=[] if limit is None else self._findings(limit),
            doubts=self._doubts(promise, limit),
            evidence={
                "limit": limit,
                "ages_known": sum(each.known for each in self.seen),
                "ages_unreadable": sum(each.unreadable for each in self.seen),
            },
        )

    def _births(self, dataset: Dataset, each: Field) -> _Births:
        created = creation_field(dataset)
        return _Births(
            dataset=dataset.id,
            name=each.name,
            created=created.name if created is not None and created.name != each.name else "",
            numbers=DataCategory.USER_DEMOGRAPHIC_AGE_RANGE in each.holds,
            today=self.view.today,
        )

    def _findings(self, limit: int) -> list[Finding]:
        return [
            Finding(
                code=TOO_YOUNG,
                store=each.dataset.store,
                dataset=each.dataset.name,
                field=each.name,
                count=count,
                message=f"In {rows_of(count)} stands the age of somebody who is, or was when it was "
                f"collected, younger than {limit}.",
                remedy="Block the accounts, delete the data or obtain a parent's consent, and "
                "refuse such birth dates at the gate.",
            )
            for each in self.seen
            if (count := each.below(limit))
        ]

    def _doubts(self, promise: Promise, limit: int | None) -> list[str]:
        if limit is None:
            return [
                (
                    "The words name no age that could be compared: settle it in kept.toml: "
                    f'[terms]."{promise.id}" = {{ age = 16 }}.'
                )
            ]
        if not sum(each.known for each in self.seen):
            return [
                (
                    "No field tells anybody's age, so only a working channel for reports of "
                    "children's accounts could keep this, and no check looks at one yet."
                )
            ]
        doubts = []
        undated = [
            each for each in self.seen if each.known and not each.created and not each.numbers
        ]
        if undated:
            doubts.append(
                f"No field tells when the rows of {undated[0].dataset} were collected, so ages "
                "are known for today alone: name one in datamap.toml under anchors."
            )
        unreadable = sum(each.unreadable for each in self.seen)
        if unreadable:
            doubts.append(f"{unreadable} values are no birth date that could be read.")
        return doubts


def _births(value: Value) -> tuple[date, ...]:
    days = days_of(value)
    if days:
        return days
    if isinstance(value, int | str) and not isinstance(value, bool):
        text = str(value).strip()
        if _YEAR.fullmatch(text):
            return (date(int(text), 1, 1),)
    day = day_of(value)
    return () if day is None else (day,)


def _tells_age(each: Field) -> bool:
    return bool(
        {DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH, DataCategory.USER_DEMOGRAPHIC_AGE_RANGE}
        & each.holds
    )


CHECK = Check(
    duty=Duty.AGE_LIMIT,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.REGISTER, Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="Nobody whose age is known was below the limit when their data was collected, or is now.",
    begin=_Run,
)
