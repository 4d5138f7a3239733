"""Whether an answer to an access request contains everything that is held on a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.populated import Populated
from kept.checks.port import Check, Columns, Cost, Located, Observer, Privilege, Read, Sees, View
from kept.checks.right_erasure import kinds_in
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import listed, speaks_of, telling_fields
from kept.checks.search import Index
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, Direction, Whose
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty

NAME = "right-access/1"
LEFT_OUT = "right-access.field-left-out"
NOT_LOCATED = "right-access.rows-not-located"


@dataclass(slots=True, kw_only=True)
class _Reconciled:
    """Looks in one dataset for the people of the sample, and compares with the plan.

    A row that the plan does not find may be somebody else's that only mentions the
    person: a row with an owner of its own is left alone. A row that nobody's answer would
    contain is not. Identifiers that two people share are in no sample.
    """

    source: Dataset
    people: Sequence[Located] = field(repr=False)
    index: Index = field(repr=False)
    reached: bool
    owners: tuple[str, ...]
    missed: dict[str, int] = field(default_factory=dict)
    concerned: set[int] = field(default_factory=set)
    mentions: int = 0
    others: int = 0
    agreed: int = 0

    @property
    def dataset(self) -> DatasetId:
        """The dataset."""
        return self.source.id

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field: an identifier may stand where nobody expects it."""
        return tuple(each.name for each in self.source.fields)

    def observe(self, columns: Columns) -> None:
        """Look at one batch: a row counts once for all people and fields."""
        column = dict(zip(self.fields, columns, strict=True))
        seen: set[int] = set()
        for each in self.source.fields:
            kinds = kinds_in(each)
            # Where rows are reached, a mention inside a text is somebody else's row.
            for hit in self.index.hits(column[each.name], kinds, mentions=not self.reached):
                if hit.place not in seen:
                    seen.add(hit.place)
                    self._compare(each.name, hit.place, hit.person, column, whole=hit.whole)

    def _compare(
        self,
        name: str,
        place: int,
        person: int,
        column: Mapping[str, Sequence[Value]],
        *,
        whole: bool,
    ) -> None:
        if not self.reached:
            if whole:
                self._miss(name, person)
            else:
                self.mentions += 1
            return
        key = tuple(column[each][place] for each in self.source.key)
        if key and key in self.people[person].rows.get(self.dataset, frozenset()):
            self.agreed += 1
        elif not key or self._of_somebody_else(name, place, column):
            self.others += 1
        else:
            self._miss(name, person)

    def _of_somebody_else(
        self, name: str, place: int, column: Mapping[str, Sequence[Value]]
    ) -> bool:
        if self.owners:
            return any(column[each][place] is not None for each in self.owners)
        # A row that belongs to nobody else is a person: its own identifier says which.
        return self.source.field(name).identity is None

    def _miss(self, name: str, person: int) -> None:
        self.missed[name] = self.missed.get(name, 0) + 1
        self.concerned.add(person)


@dataclass(slots=True)
class _Run:
    """One run: fields that answers leave out, and people looked for independently."""

    view: View
    left_out: list[Populated] = field(default_factory=list)
    searched: list[_Reconciled] = field(default_factory=list)
    unreached: list[Dataset] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        claimed = Duty.COVERED_SYSTEMS in self.view.checked
        datasets = [
            each
            for each in self.view.inventory.datasets
            if speaks_of(each) and (listed(each) or not claimed)
        ]
        for dataset in datasets:
            self.left_out += [
                Populated(dataset.id, each.name)
                for each in dataset.fields
                if each.personal and not each.disclosed and not each.not_disclosed_because
            ]
        reach = self.view.reach
        if reach is None:
            return
        index = Index.of([each.identifiers for each in reach.people])
        for dataset in datasets:
            reached = dataset.id in reach.fields
            if not reached and telling_fields(dataset):
                self.unreached.append(dataset)
            if reach.people and dataset.fields:
                self.searched.append(
                    _Reconciled(
                        source=dataset,
                        people=reach.people,
                        index=index,
                        reached=reached,
                        owners=_owners(dataset),
                    )
                )

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return the counters and the searches, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return [*self.left_out, *self.searched]

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: what an answer leaves out without a reason breaks it."""
        del promise
        reach = self.view.reach
        return ruled(
            self.view,
            Duty.RIGHT_ACCESS,
            NAME,
            coverage=coverage_of(
                self.view,
                {
                    *(each.dataset for each in self.left_out),
                    *(each.dataset for each in self.searched),
                },
                read,
                measures={
                    "people": len(reach.people) if reach else 0,
                    "people_in_all": reach.population if reach else 0,
                    "fields_in_answers": (
                        sum(len(each) for each in reach.fields.values()) if reach else 0
                    ),
                },
            ),
            findings=[*self._undisclosed(), *self._unlocated()],
            doubts=list(self._doubts()),
            evidence={
                "rows_found_and_located": sum(each.agreed for each in self.searched),
                "rows_of_others_that_mention": sum(each.others for each in self.searched),
                "rows_not_located": sum(
                    count for each in self.searched for count in each.missed.values()
                ),
                "people_that_could_not_be_told_apart": reach.ambiguous if reach else 0,
            },
        )

    def _undisclosed(self) -> Iterator[Finding]:
        for each in self.left_out:
            if each.rows:
                yield Finding(
                    code=LEFT_OUT,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=each.name,
                    count=each.rows,
                    message=f"In {rows_of(each.rows)} stand personal data in a field that answers "
                    "leave out, and no exception is named.",
                    remedy="Disclose the field in datamap.toml, or name the exception under "
                    "`because`.",
                )

    def _unlocated(self) -> Iterator[Finding]:
        for each in self.searched:
            for name, count in each.missed.items():
                yield Finding(
                    code=NOT_LOCATED,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=name,
                    count=count,
                    message=f"In {rows_of(count)} stands the name or number of somebody of a random "
                    "sample, and no answer to them would contain that.",
                    remedy="Decide in datamap.toml by which field or reference people are found "
                    "here.",
                )

    def _doubts(self) -> Iterator[str]:
        reach = self.view.reach
        if reach is None:
            yield "No plan for an access request can be made, so nothing shows what one contains."
            return
        if not reach.people:
            why = reach.missing or "nobody was found to look for"
            yield f"Nothing was compared with what is held on real people: {why}."
        for each in self.searched:
            if each.mentions:
                yield (
                    f"{each.mentions} texts in {each.dataset} mention people of the sample and no "
                    "answer reaches them: decide in datamap.toml whose they are."
                )
        missed = {each.dataset for each in self.searched if each.missed}
        lost = [each for each in self.unreached if each.id not in missed]
        if lost:
            yield (
                f"{len(lost)} datasets hold personal data and no identifier or reference leads to "
                f"their rows, first {lost[0].id}: decide in datamap.toml."
            )


def _owners(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields that say whose a row is."""
    return tuple(
        dict.fromkeys(
            name
            for reference in dataset.references
            if reference.decided
            and reference.whose is not Whose.REFERENCED
            and reference.direction is Direction.BACKWARD
            for name in reference.fields
        )
    )


CHECK = Check(
    duty=Duty.RIGHT_ACCESS,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS, Sees.REACH}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No personal field is left out of answers without an exception, and an independent "
    "search for the identifiers of a random sample of real people finds no row that a plan "
    "would not.",
    begin=_Run,
)
