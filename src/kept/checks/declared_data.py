"""Whether only the categories of data that the policy lists are held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.populated import Populated
from kept.checks.port import (
    Check,
    Cost,
    Observer,
    Privilege,
    Read,
    Sees,
    View,
)
from kept.checks.ruling import coverage_of, rows_of, ruled, unseen
from kept.checks.scope import NOBODY, doubtful, listed, speaks_of, sure
from kept.checks.stating import bearer, denied_by, plain, stated_by, states
from kept.inventory.dataset import Dataset, DatasetId, DecidedBy, Field, Inventory, State
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory, is_special
from kept.vocabulary.duty import Duty

NAME = "declared-data/2"
UNSTATED = "declared-data.unstated-category"

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
    seen: Populated


@dataclass(slots=True)
class _Run:
    """One run: which fields are suspect, and how many of their rows are populated."""

    view: View
    stated: frozenset[DataCategory] = frozenset()
    compared: list[Dataset] = field(default_factory=list)
    suspects: list[_Suspect] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
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
            self.compared.append(dataset)
            for each in dataset.fields:
                self._compare(dataset, each)

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return the counters of the suspect fields, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return [each.seen for each in self.suspects]

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one clause answers for what none of the list states."""
        register = self.view.register
        borne = [each for each in self.suspects if bearer(register, each.category) is promise]
        bears = bearer(register, DataCategory.USER) is promise
        doubts: list[str] = []
        if not self.stated:
            doubts.append("The words name no category that a store could be compared with.")
        elif bears:
            doubts += self._doubts()
        if self.stated and (bears or denied_by(promise)):
            doubts += unseen(self.view, self.compared)
        looked_at = {each.dataset.id for each in borne}
        fields = [each for dataset in self.compared for each in dataset.fields]
        return ruled(
            self.view,
            Duty.DECLARED_DATA,
            NAME,
            coverage=coverage_of(
                self.view,
                looked_at,
                read,
                measures={"datasets_compared": len(self.compared), "fields": len(fields)},
                compared=self.compared,
            ),
            findings=_findings(borne),
            doubts=doubts,
            evidence={
                "stated": sorted(self.stated),
                "fields_decided": sum(each.decided_by is DecidedBy.PERSON for each in fields),
                # Whoever accepted a dataset had its fields before them: what they left
                # without a label, they took to hold nothing about a person.
                "fields_accepted": sum(
                    each.decided_by is not DecidedBy.PERSON
                    for dataset in self.compared
                    if dataset.state is State.DECIDED
                    for each in dataset.fields
                ),
                "datasets_only_sampled": sum(
                    each.only_sampled for each in self.compared if each.state is not State.DECIDED
                ),
                "fields_of_this": sum(
                    any(states(promise.data, held) for held in sure(each)) for each in fields
                ),
            },
        )

    def _doubt(self, dataset: Dataset) -> None:
        """Note what came into a dataset after a person said that it is about nobody."""
        if dataset.about.strip().lower() == NOBODY and self.stated:
            self.undecided += [
                f"{dataset.id}.{each.name}"
                for each in dataset.fields
                if not all(states(self.stated, held) for held in sure(each))
            ]

    def _compare(self, dataset: Dataset, each: Field) -> None:
        if not self.stated:
            return
        unstated = _unstated(each, self.stated)
        for category in unstated:
            if self._claimed_elsewhere(category):
                continue
            if _is_asked(each, category):
                self.undecided.append(f"{dataset.id}.{each.name}")
                continue
            self.suspects.append(
                _Suspect(dataset, each, category, Populated(dataset.id, each.name))
            )
        doubted = doubtful(each) and not self._all_stated(each)
        if not unstated and (doubted or self._scan_found(dataset, each)):
            self.undecided.append(f"{dataset.id}.{each.name}")

    def _scan_found(self, dataset: Dataset, each: Field) -> bool:
        """Return whether a full scan saw what no clause states, where nobody said what a field holds.

        By its form alone: some numbers look like a card's by chance, so a person has to say.
        """
        scanned = self.view.scans.get(dataset.id)
        if scanned is None or each.decided_by is DecidedBy.PERSON:
            return False
        return any(
            not states(self.stated, category) and not self._claimed_elsewhere(category)
            for category in scanned.found.get(each.name, {})
        )

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

    def _doubts(self) -> list[str]:
        doubts = []
        proposed = [each for each in self.compared if each.state is State.PROPOSED]
        if proposed:
            doubts.append(
                f"{len(proposed)} datasets are proposed and nobody decided what they hold, "
                f"first {proposed[0].id}: run `kept map --accept` after looking at them."
            )
        if self.undecided:
            doubts.append(
                f"{len(self.undecided)} fields may hold something that the policy does not "
                f"state, first {self.undecided[0]}: decide in datamap.toml."
            )
        return doubts


def _findings(suspects: Sequence[_Suspect]) -> list[Finding]:
    return [
        Finding(
            code=UNSTATED,
            store=each.dataset.id.store,
            dataset=each.dataset.id.name,
            field=each.field.name,
            count=each.seen.rows,
            message=f"In {rows_of(each.seen.rows)} stands {plain(each.category)} ({each.category}), "
            "which the policy does not state.",
            remedy="Stop collecting it and delete what is there, or state it in the policy; "
            "if the field holds something else, say so in datamap.toml.",
        )
        for each in suspects
        if each.seen.rows
    ]


CHECK = Check(
    duty=Duty.DECLARED_DATA,
    version=2,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.REGISTER, Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No field about the policy's people holds a category that no clause states; the "
    "first clause that lists data answers for the whole list.",
    begin=_Run,
)
