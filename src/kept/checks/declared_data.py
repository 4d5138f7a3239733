"""Whether only the categories of data that the policy lists are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.form_watch import FILLED, FilledWatch, Looked
from kept.checks.port import Check, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.proof import Proof, coverage_by
from kept.checks.ruling import left_out, over_budget, rows_of, ruled, unseen
from kept.checks.scope import NOBODY, doubtful, listed, speaks_of, sure
from kept.checks.stating import bearer, denied_by, plain, stated_by, states
from kept.checks.watch import largest, of_field
from kept.inventory.dataset import Dataset, DatasetId, DecidedBy, Field, Inventory, State
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory, is_special
from kept.vocabulary.duty import Duty

NAME = "declared-data/3"
UNSTATED = "declared-data.unstated-category"
CADENCE = Period(1, Unit.DAY)

_CONTENT = DataCategory.USER_CONTENT


def undeclared(
    inventory: Inventory, stated: frozenset[DataCategory] | None
) -> list[tuple[DataCategory, DatasetId, str]]:
    """Return what is held of the policy's people and not stated by the policy, by field.

    The check says the same of every field that holds anything, unless another check names
    the cause. Nothing, where no policy was read or its words name no category.

    Args:
        inventory: What the stores hold.
        stated: Categories that the policy states; ``None`` where no policy was read.
    """
    return sorted(
        (category, dataset.id, each.name)
        for dataset in inventory.datasets
        if stated and speaks_of(dataset)
        for each in dataset.fields
        for category in _unstated(each, stated)
        if not _is_asked(each, category)
    )


def _unstated(each: Field, stated: frozenset[DataCategory]) -> list[DataCategory]:
    return [held for held in sure(each) if not states(stated, held)]


def _is_asked(each: Field, category: DataCategory) -> bool:
    """Return whether a person has to say it first: whether free text is about anybody."""
    return each.decided_by is not DecidedBy.PERSON and _CONTENT.covers(category)


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A field that holds a category which the policy does not state."""

    dataset: Dataset
    field: Field
    category: DataCategory


@dataclass(slots=True)
class _Run:
    """One run: which fields are suspect, how many of their rows are populated, and the rest."""

    view: View
    stated: frozenset[DataCategory] = frozenset()
    compared: dict[DatasetId, Looked] = field(default_factory=dict)
    suspects: list[_Suspect] = field(default_factory=list)
    filled: dict[DatasetId, FilledWatch] = field(default_factory=dict)
    undecided: dict[str, None] = field(default_factory=dict)
    asked: bool = False

    def __post_init__(self) -> None:
        self.stated = stated_by(self.view.register)
        claimed = Duty.COVERED_SYSTEMS in self.view.checked
        for dataset in self.view.inventory.datasets:
            if claimed and not listed(dataset):
                continue
            if not speaks_of(dataset):
                self._doubt(dataset)
                continue
            # What a person said of a field is not looked for again in every row.
            left = [each.name for each in dataset.fields if each.decided_by is not DecidedBy.PERSON]
            self.compared[dataset.id] = Looked.at(dataset, left)
            for each in dataset.fields:
                self._compare(dataset, each)
        for suspect in self.suspects:
            self._count(suspect)

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return the counters of the suspect fields, and what looks at the others, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        looked = [each for each in self.compared.values() if each.fields] if self.stated else []
        return [*self.filled.values(), *(one for each in looked for one in each.observers)]

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one clause answers for what none of the list states."""
        register = self.view.register
        borne = [each for each in self.suspects if bearer(register, each.category) is promise]
        proofs = self._proofs(read)
        bears = bearer(register, DataCategory.USER) is promise
        doubts: list[str] = []
        if not self.stated:
            doubts.append("The words name no category that a store could be compared with.")
        elif bears:
            doubts += self._doubts(proofs)
        if self.stated and (bears or denied_by(promise)):
            doubts += unseen(self.compared.values(), proofs)
        datasets = [each.dataset for each in self.compared.values()]
        fields = [each for dataset in datasets for each in dataset.fields]
        return ruled(
            self.view,
            Duty.DECLARED_DATA,
            NAME,
            coverage=coverage_by(
                self.view,
                list(proofs.values()),
                silent=left_out(self.view),
                measures={"datasets_compared": len(self.compared), "fields": len(fields)},
                besides=over_budget(
                    self.view, (each for each in datasets if not proofs[each.id].scanned)
                ),
            ),
            findings=self._findings(borne, proofs),
            doubts=doubts,
            evidence={
                "stated": sorted(self.stated),
                "fields_decided": sum(each.decided_by is DecidedBy.PERSON for each in fields),
                # Whoever accepted a dataset had its fields before them: what they left
                # without a label, they took to hold nothing about a person.
                "fields_accepted": sum(
                    each.decided_by is not DecidedBy.PERSON
                    for dataset in datasets
                    if dataset.state is State.DECIDED
                    for each in dataset.fields
                ),
                "datasets_only_sampled": sum(
                    each.only_sampled for each in datasets if each.state is not State.DECIDED
                ),
                "fields_of_this": sum(
                    any(states(promise.data, held) for held in sure(each)) for each in fields
                ),
            },
        )

    def _doubt(self, dataset: Dataset) -> None:
        """Note what came into a dataset after a person said that it is about nobody."""
        if dataset.about.strip().lower() == NOBODY and self.stated:
            self.undecided |= {
                f"{dataset.id}.{each.name}": None
                for each in dataset.fields
                if not all(states(self.stated, held) for held in sure(each))
            }

    def _compare(self, dataset: Dataset, each: Field) -> None:
        if not self.stated:
            return
        unstated = _unstated(each, self.stated)
        for category in unstated:
            if self._claimed_elsewhere(category):
                continue
            if _is_asked(each, category):
                self.undecided[f"{dataset.id}.{each.name}"] = None
                continue
            self.suspects.append(_Suspect(dataset, each, category))
        if not unstated and doubtful(each) and not self._all_stated(each):
            self.undecided[f"{dataset.id}.{each.name}"] = None

    def _count(self, suspect: _Suspect) -> None:
        known = self.filled.get(suspect.dataset.id)
        names = (*(() if known is None else known.fields), suspect.field.name)
        self.filled[suspect.dataset.id] = FilledWatch(
            suspect.dataset.id, tuple(dict.fromkeys(names))
        )

    def _proofs(self, read: Mapping[DatasetId, Read]) -> dict[DatasetId, Proof]:
        """Return how far every dataset was looked at that is compared."""
        proofs: dict[DatasetId, Proof] = {}
        for dataset, looked in self.compared.items():
            if looked.fields or dataset in self.filled:
                proofs[dataset] = looked.proof(self.view, read, CADENCE)
            else:
                # A person said what each field holds: no row of it has to be read.
                proofs[dataset] = Proof(dataset=dataset, rows=0, read=0)
        return proofs

    def _formed(self, looked: Looked, proof: Proof) -> list[str]:
        """Return the fields in which something has the form of what no clause states.

        By its form alone: some numbers look like a card's by chance, so a person has to say.
        """
        suspected = {(each.dataset.id, each.field.name) for each in self.suspects}
        return [
            f"{looked.dataset.id}.{name}"
            for name, found in looked.found(proof).items()
            if (looked.dataset.id, name) not in suspected
            and any(
                not states(self.stated, category) and not self._claimed_elsewhere(category)
                for category in found
            )
        ]

    def _all_stated(self, each: Field) -> bool:
        return all(states(self.stated, held) for held in each.holds)

    def _claimed_elsewhere(self, category: DataCategory) -> bool:
        """Return whether another check that runs names this cause: one cause, one finding."""
        checked = self.view.checked
        if DataCategory.USER_FINANCIAL_CREDIT_CARD.covers(category):
            return bool({Duty.CARD_TOKENISATION, Duty.CARD_DATA_SCOPE} & checked)
        if DataCategory.USER_AUTHORIZATION_PASSWORD.covers(category):
            return Duty.AUTHENTICATION in checked
        return is_special(category) and Duty.SENSITIVE_DATA_INTAKE in checked

    def _doubts(self, proofs: Mapping[DatasetId, Proof]) -> list[str]:
        doubts = []
        compared = self.compared.values()
        proposed = [each.dataset.id for each in compared if each.dataset.state is State.PROPOSED]
        if proposed:
            doubts.append(
                f"{len(proposed)} datasets are proposed and nobody decided what they hold, "
                f"first {proposed[0]}: run `kept map --accept` after looking at them."
            )
        formed = [name for each in compared for name in self._formed(each, proofs[each.dataset.id])]
        undecided = list({**self.undecided, **dict.fromkeys(formed)})
        if undecided:
            doubts.append(
                f"{len(undecided)} fields may hold something that the policy does not "
                f"state, first {undecided[0]}: decide in datamap.toml."
            )
        return doubts

    def _findings(
        self, suspects: Sequence[_Suspect], proofs: Mapping[DatasetId, Proof]
    ) -> list[Finding]:
        return [
            _finding(each, rows, proofs[each.dataset.id])
            for each in suspects
            if (rows := self._rows(each, proofs[each.dataset.id]))
        ]

    def _rows(self, suspect: _Suspect, proof: Proof) -> int:
        """Return in how many rows the suspect field holds something."""
        looks = [self.filled[suspect.dataset.id].counts(), *proof.counted(FILLED)]
        return largest(of_field(looks, suspect.field.name)).get("rows", 0)


def _finding(suspect: _Suspect, rows: int, proof: Proof) -> Finding:
    return Finding(
        code=UNSTATED,
        store=suspect.dataset.id.store,
        dataset=suspect.dataset.id.name,
        field=suspect.field.name,
        count=rows,
        message=f"In {rows_of(rows, of=proof)} stands {plain(suspect.category)} "
        f"({suspect.category}), which the policy does not state.",
        remedy="Stop collecting it and delete what is there, or state it in the policy; "
        "if the field holds something else, say so in datamap.toml.",
    )


CHECK = Check(
    duty=Duty.DECLARED_DATA,
    version=3,
    cadence=CADENCE,
    cost=Cost.PART,
    sees=frozenset({Sees.REGISTER, Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No field about the policy's people holds a category that no clause states; the "
    "first clause that lists data answers for the whole list. A large dataset is read in part: "
    "what is not there is proved by `kept map --full`.",
    begin=_Run,
)
