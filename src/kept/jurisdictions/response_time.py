"""How long a law gives to answer somebody who exercises a right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kept.jurisdictions.data import LawDataError, day_of, only, packaged, text_of
from kept.jurisdictions.period import Period

_FILE = "response_times.toml"
_KEYS = frozenset(
    {
        "answer_within",
        "extend_by",
        "rolls_to_working_day",
        "pauses",
        "provision",
        "address",
        "checked",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTime:
    """How long a controller has to answer a rights request under one law.

    Attributes:
        law: The law's identifier in ``kept.toml``.
        answer_within: From receipt to answer.
        extend_by: What may be added once, if the subject is told in time.
        rolls_to_working_day: Whether a last day that is not worked moves on.
        pauses: Whether the clock stands still while the subject was asked for what the
            controller needs.
        source: The provision, so that a reader can check it.
        address: Where its text can be read.
        checked: Day on which the entry was compared with it.
    """

    law: str
    answer_within: Period
    extend_by: Period
    rolls_to_working_day: bool
    pauses: bool
    source: str
    address: str
    checked: date


@cache
def response_times() -> Mapping[str, ResponseTime]:
    """Return the response time of every law that the package knows, by law."""
    return {law: _response_time(law, entry) for law, entry in packaged(_FILE).items()}


def _response_time(law: str, entry: Mapping[str, object]) -> ResponseTime:
    where = f"{_FILE}: {law}"
    only(entry, _KEYS, where)
    return ResponseTime(
        law=law,
        answer_within=_period(entry, "answer_within", where),
        extend_by=_period(entry, "extend_by", where),
        rolls_to_working_day=_truth(entry, "rolls_to_working_day", where),
        pauses=_truth(entry, "pauses", where),
        source=text_of(entry, "provision", where),
        address=text_of(entry, "address", where),
        checked=day_of(entry, "checked", where),
    )


def _period(entry: Mapping[str, object], key: str, where: str) -> Period:
    try:
        return Period.parse(text_of(entry, key, where))
    except ValueError:
        raise LawDataError(f"{where}: {key} must be a period such as '1 month'") from None


def _truth(entry: Mapping[str, object], key: str, where: str) -> bool:
    value = entry.get(key)
    if not isinstance(value, bool):
        raise LawDataError(f"{where}: {key} must be true or false")
    return value
