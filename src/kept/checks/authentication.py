"""Whether passwords are stored in clear or under a weak hash, in any store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.emptiness import is_empty
from kept.checks.port import Check, Columns, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import sure
from kept.inventory.classification.secrets import (
    PasswordScheme,
    Strength,
    password_scheme,
    password_strength,
)
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Field
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NAME = "authentication/1"
CLEAR = "authentication.clear-password"
WEAK = "authentication.weak-hash"

_NOBODY_TYPED = frozenset(
    {
        "apple",
        "disabled",
        "external",
        "facebook",
        "github",
        "google",
        "invalid",
        "ldap",
        "locked",
        "microsoft",
        "n/a",
        "na",
        "none",
        "null",
        "oauth",
        "oauth2",
        "oidc",
        "saml",
        "sso",
        "unset",
    }
)
"""What stands in a password field where somebody signs in another way."""


def scheme_of(value: Value) -> tuple[PasswordScheme, Strength]:
    """Return how a stored password is protected, and whether that withstands guessing."""
    if is_empty(value):
        return PasswordScheme.UNUSABLE, Strength.UNKNOWN
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return PasswordScheme.UNKNOWN, Strength.UNKNOWN
    text = str(value)
    if text.strip().lower() in _NOBODY_TYPED:
        return PasswordScheme.UNUSABLE, Strength.UNKNOWN
    return password_scheme(text), password_strength(text)


@dataclass(slots=True)
class _Passwords:
    """Counts the values of one field by scheme."""

    dataset: DatasetId
    name: str
    schemes: Counter[tuple[PasswordScheme, Strength]] = field(default_factory=Counter)

    @property
    def fields(self) -> tuple[str, ...]:
        """The one field."""
        return (self.name,)

    def observe(self, columns: Columns) -> None:
        """Count one batch."""
        self.schemes.update(scheme_of(value) for value in columns[0])

    def weak(self, *, clear: bool) -> Counter[str]:
        """Return how many values each weak scheme has: clear ones, or weak hashes."""
        found: Counter[str] = Counter()
        for (scheme, strength), count in self.schemes.items():
            if strength is Strength.WEAK and (scheme is PasswordScheme.CLEAR) is clear:
                found[scheme.value] += count
        return found

    @property
    def unknown(self) -> int:
        """How many values are in no scheme that is known."""
        return sum(
            count for (scheme, _), count in self.schemes.items() if scheme is PasswordScheme.UNKNOWN
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
            self.seen += [
                _Passwords(dataset.id, each.name) for each in dataset.fields if _is_password(each)
            ]

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return one observer for each field, once."""
        del read
        if self.asked:
            return ()
        self.asked = True
        return self.seen

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict: one clear or weakly hashed password in any store breaks it."""
        del promise
        return ruled(
            self.view,
            Duty.AUTHENTICATION,
            NAME,
            coverage=coverage_of(
                self.view,
                [each.dataset for each in self.seen],
                read,
                measures={"password_fields": len(self.seen)},
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

    def _doubts(self) -> list[str]:
        if not any(each.schemes for each in self.seen):
            return ["No password is stored where it could be looked at."]
        unknown = sum(each.unknown for each in self.seen)
        if unknown:
            return [f"{unknown} stored passwords are in a form that is not known: say which."]
        return []


def _clear(seen: _Passwords) -> Finding | None:
    count = seen.weak(clear=True).total()
    if not count:
        return None
    return Finding(
        code=CLEAR,
        store=seen.dataset.store,
        dataset=seen.dataset.name,
        field=seen.name,
        count=count,
        message=f"In {rows_of(count)} a password stands in clear.",
        remedy="Hash them with argon2id at the next sign-in, and make their owners choose new ones.",
    )


def _weak(seen: _Passwords) -> Finding | None:
    weak = seen.weak(clear=False)
    if not weak:
        return None
    named = ", ".join(f"{count} {scheme}" for scheme, count in sorted(weak.items()))
    return Finding(
        code=WEAK,
        store=seen.dataset.store,
        dataset=seen.dataset.name,
        field=seen.name,
        count=weak.total(),
        message=f"In {rows_of(weak.total())} a password stands so that whoever takes the table can "
        f"read or guess it ({named}).",
        remedy="Wrap the old hashes in argon2id now, and replace them at the next sign-in.",
    )


def _is_password(each: Field) -> bool:
    return any(DataCategory.USER_AUTHORIZATION_PASSWORD.covers(held) for held in sure(each))


CHECK = Check(
    duty=Duty.AUTHENTICATION,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No stored password is in clear, reversibly encrypted or under a hash that is guessed "
    "fast. Lock-out and second factor are not probed yet.",
    begin=_Run,
)
