"""Which day or instant the value of a field means."""

import re
from datetime import UTC, date, datetime, timedelta

from kept.inventory.connector import Value

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WRITTEN = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1850, 2200
_ISO_DAY = 10
_SECONDS = (10**8, 10**11)
_MILLISECONDS = (10**11, 10**14)
_MONTHS = 12


def days_of(value: Value) -> tuple[date, ...]:
    """Return the days that `value` can mean: none, one, or two where day and month may swap.

    Understands ISO dates and instants, ``YYYYMMDD``, and ``31.12.2020`` with dots,
    slashes or dashes. A zero date, a year alone and anything else mean no day.

    Examples:
        >>> days_of("2001-02-03 04:05:06")
        (datetime.date(2001, 2, 3),)
        >>> days_of("03/04/2001")
        (datetime.date(2001, 4, 3), datetime.date(2001, 3, 4))
        >>> days_of("0000-00-00")
        ()
    """
    if isinstance(value, bool | float | bytes | None):
        return ()
    text = str(value).strip()
    if text[4:5] == "-":
        return _iso(text)
    if compact := _COMPACT.fullmatch(text):
        return _days((int(compact[1]), int(compact[2]), int(compact[3])))
    if written := _WRITTEN.fullmatch(text):
        first, second, year = int(written[1]), int(written[3]), int(written[4])
        dotted = written[2] == "."
        return _days((year, second, first), *([] if dotted else [(year, first, second)]))
    return ()


def instant_of(value: Value) -> datetime | None:
    """Return the instant that `value` means (UTC), or ``None``.

    Understands ISO instants (without a zone: UTC), ISO days (their first instant), and
    seconds or milliseconds since 1970.

    Examples:
        >>> instant_of(1700000000)
        datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc)
        >>> instant_of("2024-05-06T07:08:09+02:00")
        datetime.datetime(2024, 5, 6, 5, 8, 9, tzinfo=datetime.timezone.utc)
    """
    if isinstance(value, bool) or value is None or isinstance(value, bytes):
        return None
    if isinstance(value, int | float):
        return _since_1970(float(value))
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        days = days_of(value)
        return datetime(*days[0].timetuple()[:3], tzinfo=UTC) if len(days) == 1 else None
    if not _plausible(found.date()):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def day_of(value: Value) -> date | None:
    """Return the one day that `value` means, of an instant its day in UTC, or ``None``."""
    days = days_of(value)
    if len(days) == 1:
        return days[0]
    instant = None if days else instant_of(value)
    return None if instant is None else instant.date()


def age_on(born: date, day: date) -> int:
    """Return how many years somebody born on `born` has completed on `day`.

    Somebody born on 29 February completes a year on 1 March where there is no 29th;
    negative before birth.

    Examples:
        >>> age_on(date(2010, 6, 15), date(2026, 6, 14))
        15
        >>> age_on(date(2010, 6, 15), date(2026, 6, 15))
        16
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _iso(text: str) -> tuple[date, ...]:
    try:
        day = date.fromisoformat(text[:_ISO_DAY])
    except ValueError:
        return ()
    return (day,) if _plausible(day) else ()


def _since_1970(number: float) -> datetime | None:
    if _SECONDS[0] <= number < _SECONDS[1]:
        seconds = number
    elif _MILLISECONDS[0] <= number < _MILLISECONDS[1]:
        seconds = number / 1000
    else:
        return None
    found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return found if _plausible(found.date()) else None


def _days(*triples: tuple[int, int, int]) -> tuple[date, ...]:
    found: dict[date, None] = {}
    for year, month, day in triples:
        if month <= _MONTHS:
            try:
                found[date(year, month, day)] = None
            except ValueError:
                continue
    return tuple(each for each in found if _plausible(each))


def _plausible(day: date) -> bool:
    return _FIRST_YEAR <= day.year <= _LAST_YEAR
