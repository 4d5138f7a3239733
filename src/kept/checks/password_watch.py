"""How the passwords of a dataset are protected: how many values each scheme has."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from kept.checks.credential_field import may_hold_passwords
from kept.checks.emptiness import is_empty
from kept.checks.port import Columns
from kept.checks.scope import sure
from kept.checks.watch import FieldCounts
from kept.inventory.classification.secrets import (
    PasswordScheme,
    Strength,
    looks_like_des_crypt,
    password_scheme,
    password_strength,
)
from kept.inventory.connector import Value
from kept.inventory.dataset import Dataset, DatasetId, Field
from kept.inventory.scanned import Memory
from kept.vocabulary.data_category import DataCategory

COUNTED = "password-schemes/1"
DES_OR_NOT = frozenset({PasswordScheme.CLEAR, PasswordScheme.UNKNOWN})
_DES = "looks like des"

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


@dataclass(slots=True)
class PasswordWatch:
    """Counts the values of some fields by scheme."""

    check: ClassVar[str] = COUNTED
    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    counters: list[Counter[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counters = [Counter() for _ in self.fields]

    @classmethod
    def of(cls, dataset: Dataset) -> "PasswordWatch":
        """Return what counts in every field that holds passwords, or may."""
        return cls(dataset.id, password_fields(dataset))

    def observe(self, columns: Columns) -> None:
        """Count one batch."""
        for counter, column in zip(self.counters, columns, strict=True):
            for value in column:
                scheme, strength = scheme_of(value)
                counter[f"{scheme.value}/{strength.value}"] += 1
                if scheme in DES_OR_NOT and isinstance(value, str):
                    counter[_DES] += looks_like_des_crypt(value)

    def counts(self) -> FieldCounts:
        """Return how many values each scheme has, by field."""
        return {
            name: dict(counter) for name, counter in zip(self.fields, self.counters, strict=True)
        }

    def memory(self) -> Memory:
        """Return nothing: every value counts for itself."""
        return {}

    def resume(self, counts: FieldCounts, memory: Memory) -> None:
        """Go on from what an earlier run counted."""
        del memory
        self.counters = [Counter(counts.get(name, {})) for name in self.fields]


def schemes_in(
    counts: Mapping[str, int],
) -> tuple[Counter[tuple[PasswordScheme, Strength]], int]:
    """Return how many values each scheme has, and how many have the form of DES crypt."""
    schemes: Counter[tuple[PasswordScheme, Strength]] = Counter()
    for name, count in counts.items():
        scheme, _, strength = name.rpartition("/")
        if scheme in set(PasswordScheme) and strength in set(Strength):
            schemes[PasswordScheme(scheme), Strength(strength)] += count
    return schemes, counts.get(_DES, 0)


def password_fields(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields of a dataset that hold passwords, or may."""
    return tuple(
        each.name
        for each in dataset.fields
        if is_password(each) or may_hold_passwords(dataset, each)
    )


def is_password(each: Field) -> bool:
    """Return whether a field surely holds passwords."""
    return any(DataCategory.USER_AUTHORIZATION_PASSWORD.covers(held) for held in sure(each))


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
