"""Which laws there are: those of ``kept.toml``, and those that a policy may only name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kept.jurisdictions.data import day_of, only, packaged, text_of

_KEYS = frozenset({"title", "territory", "address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLaw:
    """One law that is recognised by its name.

    Attributes:
        id: Its identifier; for a law that a controller can be under, that of ``kept.toml``.
        title: Its name.
        territory: Where it applies.
        address: Where its text, or the authority that publishes it, is found.
    """

    id: str
    title: str
    territory: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law(NamedLaw):
    """One law that a controller can be under, and whose list of statements is checked.

    Attributes:
        checked: Day on which the entry was compared with the law's text.
    """

    checked: date


@cache
def laws() -> Mapping[str, Law]:
    """Return every law that a controller can be under, by identifier."""
    return {
        named.id: Law(
            id=named.id,
            title=named.title,
            territory=named.territory,
            address=named.address,
            checked=day_of(entry, "checked", f"laws.toml: {named.id}"),
        )
        for named, entry in _listed("laws.toml", _KEYS | {"checked"})
    }


@cache
def named_laws() -> Mapping[str, NamedLaw]:
    """Return every law that a policy may name and nobody checks, by identifier."""
    return {named.id: named for named, _ in _listed("named_laws.toml", _KEYS)}


def _listed(file: str, known: frozenset[str]) -> Iterator[tuple[NamedLaw, Mapping[str, object]]]:
    for key, entry in packaged(file).items():
        where = f"{file}: {key}"
        only(entry, known, where)
        named = NamedLaw(
            id=key,
            title=text_of(entry, "title", where),
            territory=text_of(entry, "territory", where),
            address=text_of(entry, "address", where),
        )
        yield named, entry
