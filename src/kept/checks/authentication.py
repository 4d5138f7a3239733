"""Whether passwords are stored in clear or under a weak hash, in any store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.credential_field import BARE, TELLING
from kept.checks.password_watch import (
    COUNTED,
    DES_OR_NOT,
    PasswordWatch,
    is_password,
    schemes_in,
)
from kept.checks.port import Check, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.proof import Proof, coverage_by, proof_of
from kept.checks.ruling import left_out, rows_of, ruled
from kept.checks.watch import largest, of_field
from kept.inventory.classification.secrets import PasswordScheme, Strength
from kept.inventory.dataset import Dataset, DatasetId
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty

NAME = "authentication/3"
CLEAR = "authentication.clear-password"
WEAK = "authentication.weak-hash"
CADENCE = Period(1, Unit.DAY)

_ENOUGH = 5
"""So many values that all have the form of DES crypt are no accident."""


@dataclass(slots=True)
class _Passwords:
    """One field, and how many of its values are of each scheme.

    Attributes:
        dataset: Where the field is.
        name: Its name.
        suspected: Whether only its name speaks of credentials: then what could be
            something else is asked about and no finding.
        watch: What this run itself counts.
        proof: How far the dataset was looked at, once that is known.
        schemes: How many values each scheme has.
        des: How many values have the form of DES crypt, which words have by accident.
    """

    dataset: Dataset
    name: str
    suspected: bool
    watch: PasswordWatch
    proof: Proof | None = None
    schemes: Counter[tuple[PasswordScheme, Strength]] = field(default_factory=Counter)
    des: int = 0

    def learn(self, proof: Proof) -> None:
        """Take what this run and fresh scans counted."""
        self.proof = proof
        looks = of_field([self.watch.counts(), *proof.counted(COUNTED)], self.name)
        self.schemes, self.des = schemes_in(largest(looks))

    def weak(self, *, clear: bool) -> Counter[str]:
        """Return how many values each weak scheme has: clear ones, or weak hashes."""
        found: Counter[str] = Counter()
        for (scheme, strength), count in self._told().items():
            if self.suspected and scheme not in TELLING:
                continue
            if strength is Strength.WEAK and (scheme is PasswordScheme.CLEAR) is clear:
                found[scheme.value] += count
        return found

    def _told(self) -> Counter[tuple[PasswordScheme, Strength]]:
        """Return the schemes, with what only a whole field tells: that all of it is DES crypt."""
        other = sum(count for (scheme, _), count in self.schemes.items() if scheme in DES_OR_NOT)
        if self.des < _ENOUGH or self.des != other:
            return self.schemes
        told = Counter({each: n for each, n in self.schemes.items() if each[0] not in DES_OR_NOT})
        told[PasswordScheme.DES_CRYPT, Strength.WEAK] += self.des
        return told

    @property
    def asked(self) -> int:
        """How many values may be passwords under a weak hash, and may be something else."""
        if not self.suspected:
            return 0
        return sum(count for (scheme, _), count in self._told().items() if scheme in BARE)

    @property
    def unknown(self) -> int:
        """How many values are in no scheme that is known."""
        if self.suspected:
            return 0
        return sum(
            count for (scheme, _), count in self._told().items() if scheme is PasswordScheme.UNKNOWN
        )

    @property
    def strong(self) -> int:
        """How many values withstand guessing."""
        return sum(
            count for (_, strength), count in self.schemes.items() if strength is Strength.STRONG
        )


@dataclass(slots=True)
class _Run:
    """One run over every password field of every store, whoever's it is."""

    view: View
    seen: list[_Passwords] = field(default_factory=list)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self.view.inventory.datasets:
            watch = PasswordWatch.of(dataset)
            self.seen += [
                _Passwords(dataset, name, not is_password(dataset.field(name)), watch)
                for name in watch.fields
            ]

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each dataset that has such fields, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return list({each.dataset.id: each.watch for each in self.seen}.values())

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one clear or weakly hashed password in any store breaks it."""
        del promise
        proofs = self._learn(read)
        return ruled(
            self.view,
            Duty.AUTHENTICATION,
            NAME,
            coverage=coverage_by(
                self.view,
                proofs,
                silent=left_out(self.view),
                measures={
                    "password_fields": sum(not each.suspected for each in self.seen),
                    "suspected_fields": sum(each.suspected for each in self.seen),
                },
            ),
            findings=[
                finding
                for each in self.seen
                for finding in (_clear(each), _weak(each))
                if finding is not None
            ],
            doubts=self._doubts(),
            evidence={
                "strong": sum(each.strong for each in self.seen),
                "unknown": sum(each.unknown for each in self.seen),
            },
        )

    def _learn(self, read: Mapping[DatasetId, Read]) -> list[Proof]:
        proofs: dict[DatasetId, Proof] = {}
        for each in self.seen:
            dataset = each.dataset
            if dataset.id not in proofs:
                proofs[dataset.id] = proof_of(
                    self.view,
                    dataset,
                    read.get(dataset.id),
                    cadence=CADENCE,
                    counts={COUNTED: each.watch.fields},
                )
            each.learn(proofs[dataset.id])
        return list(proofs.values())

    def _doubts(self) -> list[str]:
        doubts = [
            f"{each.asked} values of {each.dataset.id}.{each.name} may be passwords under a hash that "
            "is guessed fast: label the field in datamap.toml."
            for each in self.seen
            if each.asked
        ]
        if not any(each.schemes for each in self.seen if not each.suspected):
            doubts.append("No password is stored where it could be looked at.")
        unknown = sum(each.unknown for each in self.seen)
        if unknown:
            doubts.append(f"{unknown} stored passwords are in a form that is not known: say which.")
        return doubts


def _clear(seen: _Passwords) -> Finding | None:
    count = seen.weak(clear=True).total()
    if not count:
        return None
    return Finding(
        code=CLEAR,
        store=seen.dataset.id.store,
        dataset=seen.dataset.id.name,
        field=seen.name,
        count=count,
        message=f"In {rows_of(count, of=seen.proof)} a password stands in clear.",
        remedy="Hash them with argon2id at the next sign-in, and make their owners choose new ones."
        + _afterwards(seen),
    )


def _weak(seen: _Passwords) -> Finding | None:
    weak = seen.weak(clear=False)
    if not weak:
        return None
    named = ", ".join(f"{count} {scheme}" for scheme, count in sorted(weak.items()))
    return Finding(
        code=WEAK,
        store=seen.dataset.id.store,
        dataset=seen.dataset.id.name,
        field=seen.name,
        count=weak.total(),
        message=f"In {rows_of(weak.total(), of=seen.proof)} a password stands so that whoever takes the table can "
        f"read or guess it ({named}).",
        remedy="Wrap the old hashes in argon2id now, and replace them at the next sign-in."
        + _afterwards(seen),
    )


def _afterwards(seen: _Passwords) -> str:
    return "" if seen.proof is None else seen.proof.afterwards


CHECK = Check(
    duty=Duty.AUTHENTICATION,
    version=3,
    cadence=CADENCE,
    cost=Cost.PART,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No stored password is in clear, reversibly encrypted or under a hash that is guessed "
    "fast. Lock-out and second factor are not probed yet.",
    begin=_Run,
)
