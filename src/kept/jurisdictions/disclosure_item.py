"""What law makes a privacy policy state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kept.jurisdictions.data import LawDataError, day_of, only, packaged, text_of

_FILE = "disclosure_items.toml"
_KEYS = frozenset({"title", "laws", "provision", "address", "checked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureItem:
    """One thing that a policy must state.

    Attributes:
        id: Its key, for example ``"gdpr-13-1-a-identity"``.
        title: What must be stated, in words.
        laws: Laws that demand it, by the identifiers of ``kept.toml``.
        provision: The provisions that say so.
        address: Where the law's own text can be read.
        checked: Day on which the entry was compared with it; ``None`` where nobody has yet.
    """

    id: str
    title: str
    laws: frozenset[str]
    provision: str
    address: str
    checked: date | None


@cache
def disclosure_items() -> Mapping[str, DisclosureItem]:
    """Return every item that the package knows, by key, in the order of the laws."""
    return {key: _item(key, entry) for key, entry in packaged(_FILE).items()}


def _item(key: str, entry: Mapping[str, object]) -> DisclosureItem:
    where = f"{_FILE}: {key}"
    only(entry, _KEYS, where)
    listed = entry.get("laws")
    if not isinstance(listed, list) or not listed:
        raise LawDataError(f"{where}: laws must list at least one law")
    return DisclosureItem(
        id=key,
        title=text_of(entry, "title", where),
        laws=frozenset(str(each) for each in listed),
        provision=text_of(entry, "provision", where),
        address=text_of(entry, "address", where),
        checked=day_of(entry, "checked", where) if "checked" in entry else None,
    )
