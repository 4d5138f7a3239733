"""Which days are worked where a controller is established."""

from collections.abc import Callable
from datetime import date, timedelta

IsWorkingDay = Callable[[date], bool]

_SATURDAY = 5


def working_days(establishment: str) -> IsWorkingDay:
    """Return the calendar of a controller's establishment.

    Public holidays, and the weekend as it is kept there, are not worked. Of a place that
    no calendar is known for, only Saturdays and Sundays are not.

    Args:
        establishment: ISO 3166-1 code, with a subdivision where holidays differ:
            ``"DE"``, ``"DE-BY"``.

    Source: Regulation (EEC, Euratom) 1182/71 Art. 2.

    Examples:
        >>> working_days("DE")(date(2026, 10, 3)), working_days("")(date(2026, 10, 2))
        (False, True)
    """
    country, _, subdivision = establishment.strip().upper().partition("-")
    # Loading the calendars of the world takes longer than all the rest of a request.
    import holidays  # noqa: PLC0415

    try:
        calendar = holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        if subdivision:
            return working_days(country)
        return _weekdays

    def worked(day: date) -> bool:
        return bool(calendar.is_working_day(day))

    return worked


def next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    """Return `day`, or the first day after it that is worked."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _weekdays(day: date) -> bool:
    return day.weekday() < _SATURDAY
