"""Which terms hold for a promise: what its words state, and what a person settled."""

from collections.abc import Mapping

from kept.checks.event import event_of, named_in
from kept.checks.port import SettledTerms, View
from kept.jurisdictions.period import Period
from kept.promises.promise import Promise

_DAYS: Mapping[str, float] = {"day": 1, "month": 30.44, "year": 365.25}
_KNOWN = frozenset({"at_most", "counted_from", "age"})


def terms_of(promise: Promise, view: View) -> SettledTerms:
    """Return the terms of `promise`.

    What the words state holds; what a person settled fills in what they leave open, and
    may be stricter, never laxer: nobody settles a published period away.
    """
    settled = view.terms.get(promise.id, {})
    try:
        stated_period, settled_period = _period(promise.terms), _period(settled)
        stated_age, settled_age = _age(promise.terms), _age(settled)
    except ValueError as error:
        return SettledTerms(settled=bool(settled), invalid=str(error))
    unknown = sorted(settled.keys() - _KNOWN)
    if unknown:
        return SettledTerms(settled=True, invalid=f"nothing reads {unknown[0]}")
    periods = [each for each in (stated_period, settled_period) if each is not None]
    ages = [each for each in (stated_age, settled_age) if each is not None]
    event = _event(promise, settled, view)
    return SettledTerms(
        at_most=min(periods, key=days_in, default=None),
        counted_from=event_of(event) if event else "",
        age=max(ages, default=None),
        settled=bool(settled),
    )


def days_in(period: Period) -> float:
    """Return about how many days `period` has, to compare periods in different units."""
    return period.count * _DAYS[period.unit]


def _event(promise: Promise, settled: Mapping[str, object], view: View) -> str:
    """Return the event that starts the period, as it was written, or empty.

    Where no field holds the event that was read, one that a person declared may stand in
    the words themselves.
    """
    anchors = _anchors(view)
    stated = str(promise.terms.get("counted_from") or settled.get("counted_from") or "")
    if stated and any(event_of(each) == event_of(stated) for each in anchors):
        return stated
    return named_in(promise.clause.quote, anchors) or stated


def _anchors(view: View) -> list[str]:
    return [
        field.anchor
        for dataset in view.inventory.datasets
        for field in dataset.fields
        if field.anchor
    ]


def _period(terms: Mapping[str, object]) -> Period | None:
    text = terms.get("at_most")
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError('at_most must be text such as "24 months"')  # noqa: TRY004 - a wrong value of a file
    return Period.parse(text)


def _age(terms: Mapping[str, object]) -> int | None:
    age = terms.get("age")
    if age is None:
        return None
    if isinstance(age, bool) or not isinstance(age, int) or not 0 < age < 100:  # noqa: PLR2004 - an age
        raise ValueError("age must be a whole number of years")
    return age
