"""Whether passwords are stored in clear or under a weak hash, in any store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.checks.credential_field import BARE, TELLING, may_hold_passwords
from kept.checks.emptiness import is_empty
from kept.checks.port import Check, Columns, Cost, Observer, Privilege, Read, Sees, View
from kept.checks.ruling import coverage_of, rows_of, ruled
from kept.checks.scope import sure
from kept.inventory.classification.secrets import (
    PasswordScheme,
    Strength,
    looks_like_des_crypt,
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

NAME = "authentication/2"
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

_DES_OR_NOT = frozenset({PasswordScheme.CLEAR, PasswordScheme.UNKNOWN})
_ENOUGH = 5
"""So many values that all have the form of DES crypt are no accident."""


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
    """Counts the values of one field by scheme.

    Attributes:
        dataset: Where the field is.
        name: Its name.
        suspected: Whether only its name speaks of credentials: then what could be
            something else is asked about and no finding.
        schemes: How many values each scheme has.
        des: How many values have the form of DES crypt, which words have by accident.
    """

    dataset: DatasetId
    name: str
    suspected: bool = False
    schemes: Counter[tuple[PasswordScheme, Strength]] = field(default_factory=Counter)
    des: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The one field."""
        return (self.name,)

    def observe(self, columns: Columns) -> None:
        """Count one batch."""
        for value in columns[0]:
            told = scheme_of(value)
            self.schemes[told] += 1
            if told[0] in _DES_OR_NOT and isinstance(value, str):
                self.des += looks_like_des_crypt(value)

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
        other = sum(count for (scheme, _), count in self.schemes.items() if scheme in _DES_OR_NOT)
        if self.des < _ENOUGH or self.des != other:
            return self.schemes
        told = Counter({each: n for each, n in self.schemes.items() if each[0] not in _DES_OR_NOT})
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
            self.seen += [
                _Passwords(dataset.id, each.name, suspected=not _is_password(each))
                for each in dataset.fields
                if _is_password(each) or may_hold_passwords(dataset, each)
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

    def _doubts(self) -> list[str]:
        doubts = [
            f"{each.asked} values of {each.dataset}.{each.name} may be passwords under a hash that "
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
    version=2,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No stored password is in clear, reversibly encrypted or under a hash that is guessed "
    "fast. Lock-out and second factor are not probed yet.",
    begin=_Run,
)
