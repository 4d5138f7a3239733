"""When a rights request must have been answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kept.jurisdictions.response_time import ResponseTime
from kept.jurisdictions.working_day import IsWorkingDay, next_working_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Until when an answer is in time, and who says so.

    Attributes:
        due: The last day, inclusive.
        law: The law's identifier.
        source: The provision.
    """

    due: date
    law: str
    source: str


def answer_due(
    received: date,
    rule: ResponseTime,
    *,
    is_working_day: IsWorkingDay,
    extended: bool = False,
    paused: timedelta = timedelta(0),
) -> date:
    """Return the last day on which an answer is still in time.

    The day of receipt is not counted. A month ends on the same day number, or on the
    month's last day where that number does not exist. A last day that is not worked moves
    forward where the rule says so.

    Args:
        received: Day the request reached the controller, in the controller's time zone.
            A request received on a Sunday was received that Sunday.
        rule: The law's response time.
        is_working_day: Calendar of the controller's establishment.
        extended: Whether the subject was told of an extension in time.
        paused: Whole days during which the subject was asked for what the controller
            needs. Counted only where the law stops its clock for that.

    Returns:
        A date, inclusive: answering on it is in time, on the next day is late.

    Examples:
        >>> from kept.jurisdictions.response_time import response_times
        >>> weekdays = lambda day: day.weekday() < 5
        >>> gdpr = response_times()["eu-gdpr"]
        >>> answer_due(date(2026, 8, 31), gdpr, is_working_day=weekdays)
        datetime.date(2026, 9, 30)
    """
    # One period of three months, not one and then two: adding twice clamps twice, and a
    # request of 31 January would be due on 28 instead of 30 April.
    allowed = rule.answer_within + rule.extend_by if extended else rule.answer_within
    last = allowed.after(received) + (paused if rule.pauses else timedelta(0))
    return next_working_day(last, is_working_day) if rule.rolls_to_working_day else last


def strictest(
    received: date, rules: Iterable[ResponseTime], *, is_working_day: IsWorkingDay
) -> Clock | None:
    """Return the clock that runs out first of all laws that apply, or ``None`` of none.

    Of two that run out on one day the first given speaks.
    """
    clocks = [
        Clock(
            due=answer_due(received, rule, is_working_day=is_working_day),
            law=rule.law,
            source=rule.source,
        )
        for rule in rules
    ]
    return min(clocks, key=lambda clock: clock.due, default=None)
