"""Legal periods: how long, in which unit, counted how."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """The unit that a legal text counts in. Never converted into another."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time as a text states it.

    ``Period(1, Unit.MONTH)`` is not thirty days: in February it is twenty-eight.

    Raises:
        ValueError: `count` is negative.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a negative count."""
        if self.count < 0:
            raise ValueError(f"a period cannot be negative: {self.count}")

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read what ``str`` prints: ``"24 months"``, ``"8 years"``, ``"45 days"``, ``"2 weeks"``.

        Raises:
            ValueError: The text is not a whole number and a unit.

        Examples:
            >>> Period.parse("24 months").after(date(2024, 2, 29))
            datetime.date(2026, 2, 28)
        """
        found = re.fullmatch(r"\s*(\d{1,5})\s+(day|week|month|year)s?\s*", text)
        if found is None:
            raise ValueError("a period is a number and days, weeks, months or years")
        count, unit = int(found[1]), found[2]
        return cls(count * 7, Unit.DAY) if unit == "week" else cls(count, Unit(unit))

    def after(self, day: date) -> date:
        """Return the last day of this period, where `day` itself is not counted.

        A month or a year ends on the same day number, or on the month's last day
        where that number does not exist. A period past year 9999 ends there.

        Source: Regulation (EEC, Euratom) 1182/71 Art. 3(2)(c).
        """
        if self.unit is Unit.DAY:
            try:
                return day + timedelta(days=self.count)
            except OverflowError:
                return date.max
        months = self.count * (12 if self.unit is Unit.YEAR else 1)
        years, month0 = divmod(day.month - 1 + months, 12)
        year, month = day.year + years, month0 + 1
        if year > date.max.year:
            return date.max
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

    def before(self, day: date) -> date:
        """Return the latest day whose period has ended by the end of `day`.

        The inverse of `after` for sweeps: every anchor on or before the result has
        ``after(anchor) <= day``. Never before year 1.
        """
        if self.unit is Unit.DAY:
            try:
                return day - timedelta(days=self.count)
            except OverflowError:
                return date.min
        months = self.count * (12 if self.unit is Unit.YEAR else 1)
        years, month0 = divmod(day.month - 1 - months, 12)
        year, month = day.year + years, month0 + 1
        if year < 1:
            return date.min
        last = calendar.monthrange(year, month)[1]
        # The last day of a month stands for the days that a longer month had.
        end_of_month = day.day == calendar.monthrange(day.year, day.month)[1]
        return date(year, month, last if end_of_month else min(day.day, last))

    def __add__(self, other: "Period") -> "Period":
        if self.unit is not other.unit:
            raise ValueError(f"cannot add {other.unit}s to {self.unit}s")
        return Period(self.count + other.count, self.unit)
