"""Whether card numbers are in our own stores although others process payments."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.card_number import Lean, lean_of_name
from kept.checks.card_watch import COUNTED, CardWatch, cards_in, tried_in
from kept.checks.port import Check, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.proof import Proof, coverage_by, proof_of
from kept.checks.ruling import left_out, rows_of, ruled
from kept.checks.watch import FieldCounts, of_field
from kept.inventory.dataset import Dataset, DatasetId
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NAME = "card-tokenisation/3"
CARD_NUMBER = "card-tokenisation.card-number"
CADENCE = Period(1, Unit.DAY)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One dataset, and what this run itself counts in it."""

    dataset: Dataset
    watch: CardWatch

    def proof(self, view: View, read: Mapping[DatasetId, Read]) -> Proof:
        """Return how far it was looked at."""
        return proof_of(
            view,
            self.dataset,
            read.get(self.dataset.id),
            cadence=CADENCE,
            counts={COUNTED: self.watch.fields},
        )

    def looks(self, proof: Proof) -> list[FieldCounts]:
        """Return what was counted, by this run and by fresh scans."""
        return [self.watch.counts(), *proof.counted(COUNTED)]


@dataclass(slots=True)
class _Run:
    """One run over every field of every store."""

    view: View
    seen: list[_Seen] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self.view.inventory.datasets:
            if dataset.fields:
                names = tuple(each.name for each in dataset.fields)
                leans = tuple((_lean_of(dataset, name),) for name in names)
                self.seen.append(_Seen(dataset, CardWatch(dataset.id, names, leans)))

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each dataset, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return [each.watch for each in self.seen]

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one number in one row breaks it, all rows looked at keep it."""
        del promise
        tried: Counter[str] = Counter()
        proofs: list[Proof] = []
        findings: list[Finding] = []
        for each in self.seen:
            proof = each.proof(self.view, read)
            proofs.append(proof)
            looks = each.looks(proof)
            for name in each.watch.fields:
                counts, lean = of_field(looks, name), _lean_of(each.dataset, name)
                rows = cards_in(counts, lean)
                most: Counter[str] = max([tried_in(look, lean) for look in counts], key=_tried)
                tried += most
                if rows:
                    findings.append(_finding(each.dataset.id, name, rows, proof))
        return ruled(
            self.view,
            Duty.CARD_TOKENISATION,
            NAME,
            coverage=coverage_by(
                self.view,
                proofs,
                silent=left_out(self.view),
                measures={"fields": sum(len(each.watch.fields) for each in self.seen)},
            ),
            findings=findings,
            evidence={
                "numbers_of_card_shape": tried["candidates"],
                "with_right_check_digit": tried["passing"],
            },
        )


def _tried(counts: Counter[str]) -> int:
    return counts["candidates"]


def _finding(dataset: DatasetId, name: str, rows: int, proof: Proof) -> Finding:
    return Finding(
        code=CARD_NUMBER,
        store=dataset.store,
        dataset=dataset.name,
        field=name,
        count=rows,
        message=f"In {rows_of(rows, of=proof)} stands a payment card's number, which the policy "
        "says others process.",
        remedy="Remove the numbers, keep the processor's token, and refuse card numbers where "
        f"this field is filled.{proof.afterwards}",
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
    version=3,
    cadence=CADENCE,
    cost=Cost.PART,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No field of any store holds the number of a payment card: brand ranges, lengths "
    "and check digits, compared with what accident explains. A large dataset is read in part: "
    "what is not there is proved by `kept map --full`.",
    begin=_Run,
)
