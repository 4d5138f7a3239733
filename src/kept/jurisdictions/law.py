"""Which laws there are, by the identifiers that ``kept.toml`` uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kept.jurisdictions.data import day_of, only, packaged, text_of

_FILE = "laws.toml"
_KEYS = frozenset({"title", "territory", "address", "checked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One law that a controller can be under.

    Attributes:
        id: Its identifier in ``kept.toml``.
        title: Its name.
        territory: Where it applies.
        address: Where its text can be read.
        checked: Day on which the entry was compared with it.
    """

    id: str
    title: str
    territory: str
    address: str
    checked: date


@cache
def laws() -> Mapping[str, Law]:
    """Return every law that the package knows, by identifier."""
    found = {}
    for key, entry in packaged(_FILE).items():
        where = f"{_FILE}: {key}"
        only(entry, _KEYS, where)
        found[key] = Law(
            id=key,
            title=text_of(entry, "title", where),
            territory=text_of(entry, "territory", where),
            address=text_of(entry, "address", where),
            checked=day_of(entry, "checked", where),
        )
    return found
