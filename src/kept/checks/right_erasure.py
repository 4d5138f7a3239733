"""Whether anybody whose erasure has a receipt is still, or again, in a store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.creation import creation_field
from kept.checks.instant import day_of, instant_of
from kept.checks.port import (
    Check,
    Columns,
    Cost,
    Erased,
    Erasure,
    Observer,
    Privilege,
    Read,
    Sees,
    View,
)
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import speaks_of, sure
from kept.inventory.connector import Value
from kept.inventory.dataset import (
    Dataset,
    DatasetId,
    Direction,
    Erasing,
    Field,
    Inventory,
    Reference,
    Whose,
)
from kept.jurisdictions.minimum import kept_until
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty
from kept.vocabulary.identifier_kind import CATEGORY_OF, IdentifierKind

NAME = "right-erasure/1"
STILL_THERE = "right-erasure.erased-person"

_BY_LABEL = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.PHONE,
        IdentifierKind.NATIONAL_ID,
        IdentifierKind.USERNAME,
    }
)
"""Kinds that a field's label is enough for.

A number under which one system keeps an account is any number in another: such fields
count only where the map says that people are found by them.
"""

_REQUESTS_NAMED = 20


def kinds_in(each: Field) -> tuple[IdentifierKind, ...]:
    """Return the kinds of identifier that `each` can hold."""
    if each.identity is not None:
        return (each.identity,) if each.identity.locates else ()
    held = sure(each)
    return tuple(
        kind
        for kind in IdentifierKind
        if kind in _BY_LABEL and any(CATEGORY_OF[kind].covers(category) for category in held)
    )


@dataclass(slots=True, kw_only=True)
class _Search:
    """Looks for erased people in one dataset."""

    source: Dataset
    sought: tuple[tuple[str, IdentifierKind], ...]
    created: str
    erased: Erased
    view: View
    owner: Reference | None = None
    back: dict[str, int] = field(default_factory=dict)
    by_choice: int = 0
    excused: int = 0
    requests: set[str] = field(default_factory=set)

    @property
    def dataset(self) -> DatasetId:
        """The dataset."""
        return self.source.id

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that can name a person, the key, and what tells a row's age."""
        minimum = (self.source.minimum.counted_from,) if self.source.minimum else ()
        created = (self.created,) if self.created else ()
        named = tuple(name for name, _ in self.sought)
        named += self.owner.fields if self.owner is not None else ()
        return tuple(dict.fromkeys((*named, *self.source.key, *created, *minimum)))

    def observe(self, columns: Columns) -> None:
        """Look at one batch: a row counts once, under the first field that names somebody."""
        column = dict(zip(self.fields, columns, strict=True))
        met: dict[int, tuple[str, tuple[Erasure, ...]]] = {}
        for name, kind in self.sought:
            for place, erasures in self.erased.identifiers(kind, column[name]).items():
                met.setdefault(place, (name, tuple(erasures)))
        if self.owner is not None:
            keys = list(zip(*(column[name] for name in self.owner.fields), strict=True))
            for place, erasures in self.erased.rows(self.owner.to, keys).items():
                met.setdefault(place, (self.owner.fields[0], tuple(erasures)))
        if not met:
            return
        keys = [tuple(column[name][place] for name in self.source.key) for place in met]
        again = self.erased.rows(self.dataset, keys) if self.source.key else {}
        for at, (place, (name, erasures)) in enumerate(met.items()):
            row = {each: values[place] for each, values in column.items()}
            self._judge(row, name, erasures, same_row=at in again)

    def _judge(
        self,
        row: Mapping[str, Value],
        name: str,
        erasures: Sequence[Erasure],
        *,
        same_row: bool,
    ) -> None:
        if self._kept_by_law(row):
            self.excused += 1
            return
        made = instant_of(row[self.created]) if self.created else None
        last = max(each.erased_at for each in erasures)
        if not same_row and made is not None and made > last:
            self.by_choice += 1
            return
        self.back[name] = self.back.get(name, 0) + 1
        self.requests.update(each.request for each in erasures)

    def _kept_by_law(self, row: Mapping[str, Value]) -> bool:
        minimum = self.source.minimum
        start = day_of(row[minimum.counted_from]) if minimum else None
        if minimum is None or start is None:
            return False
        last = kept_until(minimum.keep_for, start, from_year_end=minimum.from_year_end)
        return last >= self.view.today


@dataclass(slots=True)
class _Run:
    """One run over every field that can name an erased person."""

    view: View
    seen: list[_Search] = field(default_factory=list)
    kept: int = 0
    asked: bool = False

    def __post_init__(self) -> None:
        erased = self.view.erased
        if erased is None or not erased.any:
            return
        for dataset in self.view.inventory.datasets:
            sought = tuple((each.name, kind) for each in dataset.fields for kind in kinds_in(each))
            owner = _erased_owner(dataset, self.view.inventory)
            if not (sought or owner) or not speaks_of(dataset):
                continue
            if dataset.on_erasure is Erasing.KEEP and dataset.minimum is None:
                self.kept += 1
                continue
            created = creation_field(dataset)
            self.seen.append(
                _Search(
                    source=dataset,
                    sought=sought,
                    created=created.name if created is not None else "",
                    erased=erased,
                    view=self.view,
                    owner=owner,
                )
            )

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one search for each dataset, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return self.seen

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: a row of an erased person that nothing covers breaks it."""
        del promise
        requests = sorted({each for search in self.seen for each in search.requests})
        return ruled(
            self.view,
            Duty.RIGHT_ERASURE,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in self.seen],
                read,
                measures={"datasets_kept_for_a_reason": self.kept},
            ),
            findings=[finding for each in self.seen for finding in _findings(each)],
            doubts=list(self._doubts()),
            evidence={
                "rows_kept_by_law": sum(each.excused for each in self.seen),
                "rows_made_after_the_erasure": sum(each.by_choice for each in self.seen),
                "requests": requests[:_REQUESTS_NAMED],
            },
        )

    def _doubts(self) -> Iterator[str]:
        if self.view.erased is None:
            yield "What was erased cannot be looked up, so nobody could be recognised."
        elif not self.view.erased.any:
            yield "Nobody's erasure has a receipt yet, so there is nobody to look for."
        if self.view.unsettled:
            yield (
                f"{self.view.unsettled} erasures are under way, or were interrupted and could not "
                "be finished: `kept request list` says what stands in the way."
            )
        if self.view.unconfirmed:
            yield (
                f"{self.view.unconfirmed} processors have not confirmed an erasure that they were "
                "to be told of: `kept recipient list` names them."
            )
        for each in self.seen:
            if each.by_choice:
                yield (
                    f"{each.by_choice} rows of {each.dataset} were made after the erasure of the "
                    "same person: decide whether they came back by choice or from a copy."
                )


def _erased_owner(dataset: Dataset, inventory: Inventory) -> Reference | None:
    """Return the reference by which rows are an erased person's although they name nobody.

    Only where an erasure deletes such rows without exception, and where the person's own
    row stays, emptied: the number of a row that was deleted may be given out again.
    """
    owners = [
        each
        for each in dataset.references
        if each.decided and each.whose is Whose.OWNED and each.direction is Direction.BACKWARD
    ]
    referred = any(
        each.to == dataset.id for other in inventory.datasets for each in other.references
    )
    if len(owners) != 1 or referred or dataset.minimum is not None:
        return None
    owner = owners[0]
    to = next((each for each in inventory.datasets if each.id == owner.to), None)
    stays = to is not None and to.on_erasure is Erasing.BLANK and to.key == owner.to_fields
    return owner if stays and dataset.on_erasure is Erasing.DELETE else None


def _findings(search: _Search) -> list[Finding]:
    return [
        Finding(
            code=STILL_THERE,
            store=search.dataset.store,
            dataset=search.dataset.name,
            field=name,
            count=count,
            message=f"In {rows_of(count)} stands an identifier of somebody whose erasure has a "
            "receipt, or the row is theirs.",
            remedy="Replay the erasure, and find the restore, import or copy that brought them back.",
        )
        for name, count in search.back.items()
    ]


CHECK = Check(
    duty=Duty.RIGHT_ERASURE,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS, Sees.ERASED}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No row that nothing covers holds an identifier of a person whose erasure has a "
    "receipt. That processors confirmed within 30 days is what they said.",
    begin=_Run,
)
