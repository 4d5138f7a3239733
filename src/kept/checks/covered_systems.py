"""Whether every dataset that holds personal data is in a system that the policy covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.populated import PopulatedRows
from kept.checks.port import Check, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled, unseen
from kept.checks.scope import about_people, doubtful, listed, telling_fields
from kept.inventory.dataset import Dataset, DatasetId, State
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty

NAME = "covered-systems/2"
UNLISTED = "covered-systems.unlisted-dataset"


@dataclass(slots=True)
class _Run:
    """One run: which datasets nobody listed, and how many personal rows they have."""

    view: View
    seen: list[PopulatedRows] = field(default_factory=list)
    suspected: list[Dataset] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self._unlisted():
            if about_people(dataset, self.view.inventory):
                self.seen.append(PopulatedRows(dataset.id, telling_fields(dataset)))
            elif any(each.personal and doubtful(each) for each in dataset.fields):
                self.suspected.append(dataset)

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return the counters of the unlisted datasets, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return self.seen

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: what nobody listed is in no covered system."""
        del promise
        datasets = self.view.inventory.datasets
        found = {each.dataset for each in self.seen}
        return ruled(
            self.view,
            Duty.COVERED_SYSTEMS,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in self.seen],
                read,
                measures={"datasets_compared": len(datasets)},
                compared=[each for each in datasets if each.id not in found],
            ),
            findings=[
                Finding(
                    code=UNLISTED,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=each.fields[0],
                    count=each.rows,
                    message=f"In {rows_of(each.rows)} stand personal data "
                    f"({', '.join(each.fields)}), in a dataset that no covered system lists.",
                    remedy="Run `kept map --write` and decide whose data it is, or delete it.",
                )
                for each in self.seen
                if each.rows
            ],
            doubts=self._doubts(),
            evidence={
                "listed": sum(listed(each) for each in datasets),
                "unlisted": sum(not listed(each) for each in datasets),
                "unlisted_personal": len(self.seen),
                "unlisted_only_sampled": sum(each.only_sampled for each in self._unlisted()),
            },
        )

    def _unlisted(self) -> list[Dataset]:
        # A view shows rows of tables that are judged themselves; it holds none.
        views = {
            DatasetId(store, table.name)
            for store, catalog in self.view.catalogs.items()
            for table in catalog.tables
            if table.view
        }
        return [
            each
            for each in self.view.inventory.datasets
            if not listed(each) and each.id not in views
        ]

    def _doubts(self) -> list[str]:
        doubts = []
        proposed = [
            each
            for each in self.view.inventory.datasets
            if each.state is State.PROPOSED and each.personal
        ]
        if proposed:
            doubts.append(
                f"{len(proposed)} datasets are proposed and nobody decided whose data they hold, "
                f"first {proposed[0].id}: run `kept map --accept` after looking at them."
            )
        if self.suspected:
            doubts.append(
                f"{len(self.suspected)} unlisted datasets may hold personal data, first "
                f"{self.suspected[0].id}: run `kept map --write` and decide."
            )
        settled = {each.dataset for each in self.seen} | {each.id for each in self.suspected}
        return [
            *doubts,
            *unseen(self.view, (each for each in self._unlisted() if each.id not in settled)),
        ]


CHECK = Check(
    duty=Duty.COVERED_SYSTEMS,
    version=2,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No table of a store holds personal data without being listed in datamap.toml.",
    begin=_Run,
)
