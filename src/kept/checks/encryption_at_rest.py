"""Whether what is declared encrypted is encrypted where it rests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.emptiness import is_empty
from kept.checks.port import Check, Columns, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import covers_any, listed, speaks_of, sure
from kept.inventory.classification.secrets import Protection, protection
from kept.inventory.dataset import Dataset, DatasetId, Field
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NAME = "encryption-at-rest/1"
CLEAR = "encryption-at-rest.clear-value"


@dataclass(slots=True)
class _Protected:
    """Counts the values of one field that is declared encrypted, by what they look like."""

    dataset: DatasetId
    name: str
    encrypted: int = 0
    clear: int = 0
    unknown: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The one field."""
        return (self.name,)

    def observe(self, columns: Columns) -> None:
        """Count one batch; what is empty is neither."""
        for value in columns[0]:
            if is_empty(value):
                continue
            match protection(value):
                case Protection.ENCRYPTED:
                    self.encrypted += 1
                case Protection.CLEAR:
                    self.clear += 1
                case Protection.UNKNOWN:
                    self.unknown += 1


@dataclass(slots=True)
class _Run:
    """One run over every field that is declared encrypted."""

    view: View
    seen: dict[tuple[DatasetId, str], _Protected] = field(default_factory=dict)
    asked: bool = False

    def __post_init__(self) -> None:
        for dataset in self.view.inventory.datasets:
            for each in dataset.fields:
                if each.protected:
                    self.seen[dataset.id, each.name] = _Protected(dataset.id, each.name)

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each field, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return tuple(self.seen.values())

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict for the data that the words name, or for all of it."""
        fields = list(_in_scope(promise, self.view))
        seen = [self.seen[dataset.id, each.name] for dataset, each in fields if each.protected]
        return ruled(
            self.view,
            Duty.ENCRYPTION_AT_REST,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in seen],
                read,
                measures={"fields": len(fields), "fields_declared_encrypted": len(seen)},
            ),
            findings=[_finding(each) for each in seen if each.clear],
            doubts=_doubts(len(fields), seen),
            evidence={
                "encrypted": sum(each.encrypted for each in seen),
                "clear": sum(each.clear for each in seen),
                "unknown": sum(each.unknown for each in seen),
            },
        )


def _in_scope(promise: Promise, view: View) -> Iterator[tuple[Dataset, Field]]:
    """Yield the fields that the words speak of.

    Passwords are left to `authentication`: they are hashed, not encrypted.
    """
    wanted = tuple(set(promise.data) - {DataCategory.USER})
    for dataset in view.inventory.datasets:
        if not (speaks_of(dataset) and listed(dataset)):
            continue
        for each in dataset.fields:
            if any(DataCategory.USER_AUTHORIZATION.covers(held) for held in each.holds):
                continue
            if _spoken_of(each, wanted):
                yield dataset, each


def _spoken_of(each: Field, wanted: Sequence[DataCategory]) -> bool:
    """Return whether the words speak of a field: what is declared counts by any label."""
    if each.protected:
        return not wanted or covers_any(wanted, each.holds)
    return covers_any(wanted, sure(each)) if wanted else each.personal and bool(sure(each))


def _finding(seen: _Protected) -> Finding:
    return Finding(
        code=CLEAR,
        store=seen.dataset.store,
        dataset=seen.dataset.name,
        field=seen.name,
        count=seen.clear,
        message=f"In {rows_of(seen.clear)} a field that is declared encrypted holds a clear value.",
        remedy="Encrypt them, and find what writes to the field past the encryption.",
    )


def _doubts(fields: int, seen: Sequence[_Protected]) -> list[str]:
    doubts = []
    if len(seen) < fields:
        doubts.append(
            f"{len(seen)} of {fields} fields with this data are declared encrypted; for the "
            "others nothing reads the engine's or the disk's encryption yet."
        )
    elif not fields:
        doubts.append("No field of the map holds what the words speak of.")
    unknown = sum(each.unknown for each in seen)
    if unknown:
        doubts.append(f"{unknown} values may be encrypted or not: they cannot be told.")
    if seen and not unknown and not any(each.encrypted or each.clear for each in seen):
        doubts.append("The fields are empty, so nothing shows that they are encrypted.")
    return doubts


CHECK = Check(
    duty=Duty.ENCRYPTION_AT_REST,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.REGISTER, Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="Every value of a field that is declared encrypted looks encrypted, and every field "
    "with the data that the words name is declared so.",
    begin=_Run,
)
