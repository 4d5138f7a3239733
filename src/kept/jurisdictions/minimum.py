"""Which records law makes a company keep, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kept.jurisdictions.data import LawDataError, day_of, only, packaged, text_of
from kept.jurisdictions.period import Period

_FILE = "minimums.toml"
_KEYS = frozenset(
    {
        "country",
        "records",
        "reason",
        "keep_for",
        "from_year_end",
        "provision",
        "address",
        "in_force_since",
        "note",
        "checked",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalMinimum:
    """A statutory minimum period.

    Attributes:
        id: Its key, as ``datamap.toml`` cites it under ``minimum.law``.
        country: ISO 3166-1 code of whose law it is.
        records: Which records, in words.
        reason: Code of the reason, for example ``"tax"``.
        keep_for: How long.
        from_year_end: Whether it runs from the end of the calendar year of its anchor.
        provision: The provision that says so.
        address: Where the law's own text can be read.
        checked: Day on which the entry was compared with it.
        in_force_since: Day from which the period is this long, where it changed.
        note: What a lawyer should know, or empty.
    """

    id: str
    country: str
    records: str
    reason: str
    keep_for: Period
    from_year_end: bool
    provision: str
    address: str
    checked: date
    in_force_since: date | None = None
    note: str = ""


@cache
def legal_minimums() -> Mapping[str, LegalMinimum]:
    """Return every statutory minimum that the package knows, by key."""
    return {key: _minimum(key, entry) for key, entry in packaged(_FILE).items()}


def kept_until(keep_for: Period, counted_from: date, *, from_year_end: bool) -> date:
    """Return the last day on which law makes us keep what is counted from `counted_from`.

    Examples:
        >>> from kept.jurisdictions.period import Unit
        >>> kept_until(Period(8, Unit.YEAR), date(2025, 3, 1), from_year_end=True)
        datetime.date(2033, 12, 31)
    """
    start = date(counted_from.year, 12, 31) if from_year_end else counted_from
    return keep_for.after(start)


def _minimum(key: str, entry: Mapping[str, object]) -> LegalMinimum:
    where = f"{_FILE}: {key}"
    only(entry, _KEYS, where)
    from_year_end = entry.get("from_year_end")
    if not isinstance(from_year_end, bool):
        raise LawDataError(f"{where}: from_year_end must be true or false")
    try:
        keep_for = Period.parse(text_of(entry, "keep_for", where))
    except ValueError:
        raise LawDataError(f'{where}: keep_for must be a period such as "8 years"') from None
    return LegalMinimum(
        id=key,
        country=text_of(entry, "country", where),
        records=text_of(entry, "records", where),
        reason=text_of(entry, "reason", where),
        keep_for=keep_for,
        from_year_end=from_year_end,
        provision=text_of(entry, "provision", where),
        address=text_of(entry, "address", where),
        checked=day_of(entry, "checked", where),
        in_force_since=day_of(entry, "in_force_since", where)
        if "in_force_since" in entry
        else None,
        note=text_of(entry, "note", where, default=""),
    )
