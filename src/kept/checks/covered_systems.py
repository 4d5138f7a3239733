"""Whether every dataset that holds personal data is in a system that the policy covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.form_watch import Looked
from kept.checks.populated import PopulatedRows
from kept.checks.port import Check, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.proof import Proof, coverage_by, proof_of
from kept.checks.ruling import left_out, over_budget, rows_of, ruled, unseen
from kept.checks.scope import IDENTIFYING, about_people, doubtful, listed, telling_fields
from kept.inventory.dataset import Dataset, DatasetId, State
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty

NAME = "covered-systems/3"
UNLISTED = "covered-systems.unlisted-dataset"
CADENCE = Period(1, Unit.DAY)


@dataclass(slots=True)
class _Run:
    """One run: which datasets nobody listed, and how many personal rows they have."""

    view: View
    seen: list[PopulatedRows] = field(default_factory=list)
    suspected: list[DatasetId] = field(default_factory=list)
    looked: dict[DatasetId, Looked] = field(default_factory=dict)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self._unlisted():
            if about_people(dataset, self.view.inventory):
                self.seen.append(PopulatedRows(dataset.id, telling_fields(dataset)))
            elif any(each.personal and doubtful(each) for each in dataset.fields):
                self.suspected.append(dataset.id)
            else:
                names = [each.name for each in dataset.fields]
                self.looked[dataset.id] = Looked.at(dataset, names)

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return the counters of the unlisted datasets, and what looks at the others, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        looked = [each for each in self.looked.values() if each.fields]
        return [*self.seen, *(one for each in looked for one in each.observers)]

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: what nobody listed is in no covered system."""
        del promise
        datasets = self.view.inventory.datasets
        counted = {
            each.dataset: proof_of(
                self.view,
                self.view.inventory.dataset(each.dataset),
                read.get(each.dataset),
                cadence=CADENCE,
                counts={},
            )
            for each in self.seen
        }
        proofs = {
            name: looked.proof(self.view, read, CADENCE) for name, looked in self.looked.items()
        }
        return ruled(
            self.view,
            Duty.COVERED_SYSTEMS,
            NAME,
            coverage=coverage_by(
                self.view,
                [*counted.values(), *proofs.values()],
                silent=left_out(self.view),
                measures={"datasets_compared": len(datasets)},
                besides=over_budget(
                    self.view, (each for each in datasets if each.id not in {*counted, *proofs})
                ),
            ),
            findings=[
                Finding(
                    code=UNLISTED,
                    store=each.dataset.store,
                    dataset=each.dataset.name,
                    field=each.fields[0],
                    count=each.rows,
                    message=f"In {rows_of(each.rows, of=counted[each.dataset])} stand personal data "
                    f"({', '.join(each.fields)}), in a dataset that no covered system lists.",
                    remedy="Run `kept map --write` and decide whose data it is, or delete it.",
                )
                for each in self.seen
                if each.rows
            ],
            doubts=self._doubts(proofs),
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

    def _doubts(self, proofs: Mapping[DatasetId, Proof]) -> list[str]:
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
        suspected = [*self.suspected, *self._formed(proofs)]
        if suspected:
            doubts.append(
                f"{len(suspected)} unlisted datasets may hold personal data, first "
                f"{suspected[0]}: run `kept map --write` and decide."
            )
        return [*doubts, *unseen(self.looked.values(), proofs)]

    def _formed(self, proofs: Mapping[DatasetId, Proof]) -> list[DatasetId]:
        """Return the datasets in whose rows something has the form of personal data."""
        return [
            name
            for name, looked in self.looked.items()
            if any(
                category.covers(found) or found.covers(category)
                for each in looked.found(proofs[name]).values()
                for found in each
                for category in IDENTIFYING
            )
        ]


CHECK = Check(
    duty=Duty.COVERED_SYSTEMS,
    version=3,
    cadence=CADENCE,
    cost=Cost.PART,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No table of a store holds personal data without being listed in datamap.toml.",
    begin=_Run,
)
