"""Which laws a policy may name whose list of statements is not checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kept.jurisdictions.data import only, packaged, text_of

_FILE = "named_laws.toml"
_KEYS = frozenset({"title", "territory", "address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLaw:
    """One law that is recognised by its name.

    Attributes:
        id: Its identifier.
        title: Its name.
        territory: Where it applies.
        address: Where its text, or the authority that publishes it, is found.
    """

    id: str
    title: str
    territory: str
    address: str


@cache
def named_laws() -> Mapping[str, NamedLaw]:
    """Return every such law that the package knows, by identifier."""
    found = {}
    for key, entry in packaged(_FILE).items():
        where = f"{_FILE}: {key}"
        only(entry, _KEYS, where)
        found[key] = NamedLaw(
            id=key,
            title=text_of(entry, "title", where),
            territory=text_of(entry, "territory", where),
            address=text_of(entry, "address", where),
        )
    return found
