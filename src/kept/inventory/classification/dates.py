"""Whether dates can be birth dates, and numbers ages."""

import re
from collections.abc import Iterator
from statistics import median

from kept.inventory.classification.evidence import (
    ENOUGH_VALUES,
    HARDLY_ANY,
    MOST,
    NEARLY_ALL,
    Term,
    percent,
)
from kept.inventory.classification.profile import Kind, Profile, whole_line
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_BORN = DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH
_AGE = DataCategory.USER_DEMOGRAPHIC_AGE_RANGE

_MONTHS = r"[^\W\d_]{3,12}\.?"
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|[AaPp][Mm]|[+-]\d{2}:?\d{0,2}))?)?"
_ISO = re.compile(
    rf"^(\d{{4}})[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01]){_TIME}$",
    re.MULTILINE | re.ASCII,
)
_OTHER = re.compile(
    rf"^(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|[12]\d|3[01])[-/. ](\d{{4}}){_TIME}$",
    re.MULTILINE | re.ASCII,
)
_WRITTEN = re.compile(
    rf"^(?:\d{{1,2}}[ -]{_MONTHS}[ -]|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? )(\d{{4}})$",
    re.MULTILINE,
)
_COMPACT = re.compile(
    r"^(19\d{2}|20[0-2]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$", re.MULTILINE | re.ASCII
)
_SHORT = whole_line(
    r"(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])(?:[-/.]\d{2})?", re.ASCII
)
_AT_NIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?$", re.MULTILINE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_YEAR = whole_line(r"(?:18|19|20)\d{2}", re.ASCII)

_EARLIEST, _LATEST = 1880, 2035
_OLDEST = 116
_GROUP = 5
_MIDDLE = range(1925, 2013)
_YOUNGEST_GROUP = 2022
_GENERATIONS, _OLD, _GROWN_UP = 40, 1965, 2000
"""Years of births over several generations of adults: hardly any other dates lie so."""
_SPREAD = 25
"""Years between the first and the last birth in nearly any group of adults."""


def births(question: Question) -> Iterator[Term]:
    """Say whether dates lie and spread as births do."""
    profile = question.profile
    claimed = question.claims(_BORN)
    if not profile.has_digits:
        if claimed and profile.count >= ENOUGH_VALUES and profile.kind is not Kind.BINARY:
            yield seen(_BORN, -4.0, "no value has a digit")
        return
    years = _years(profile)
    share = len(years) / profile.count
    if share < MOST:
        if claimed:
            yield from _claimed_without_dates(profile)
        return
    clocks = len(_CLOCK.findall(profile.joined)) - len(_AT_NIGHT.findall(profile.joined))
    if clocks > profile.count * 0.2:
        yield seen(_BORN, -3.0, "most values have a time of day, and births are recorded by day")
        return
    spread, middle = max(years) - min(years), median(years)
    plausible = sum(_EARLIEST <= year <= _LATEST for year in years) / len(years)
    if plausible < NEARLY_ALL or (middle > _YOUNGEST_GROUP and len(years) >= _GROUP):
        ages_ago = claimed and middle < _EARLIEST
        yield seen(
            _BORN, -1.0 if ages_ago else -3.0, "the years are not those of births of today", share
        )
    elif len(years) >= _GROUP and _SPREAD <= spread <= _OLDEST and int(middle) in _MIDDLE:
        wide = (
            len(years) >= 3 * _GROUP
            and spread >= _GENERATIONS
            and min(years) < _OLD
            and middle < _GROWN_UP
        )
        yield seen(
            _BORN,
            4.3 if wide else 2.8,
            f"{percent(share)} of {profile.count} values are days that spread over {spread} "
            "years, as births do",
            share,
        )
    elif claimed:
        yield seen(_BORN, 0.5, f"{percent(share)} of {profile.count} values are days", share)


def _claimed_without_dates(profile: Profile) -> Iterator[Term]:
    bare = profile.share(_YEAR) + profile.share(_SHORT)
    if bare > MOST:
        yield seen(
            _BORN,
            0.5,
            f"{percent(bare)} of {profile.count} values are years, or days of a year",
            bare,
        )
    elif profile.count:
        weight = -2.0 if profile.kind is Kind.WHOLE else -4.5
        yield seen(_BORN, weight, "the values are no days")


def _years(profile: Profile) -> list[int]:
    for pattern in (_ISO, _OTHER, _WRITTEN):
        found = pattern.findall(profile.joined)
        if len(found) > profile.count * 0.5:
            return [int(year) for year in found]
    if profile.kind is Kind.WHOLE and not profile.numeric:
        return [int(year) for year in _COMPACT.findall(profile.joined)]
    return []


def ages(question: Question) -> Iterator[Term]:
    """Say whether numbers can be ages of people, where the name says so."""
    profile = question.profile
    if not question.claims(_AGE) or not profile.count:
        return
    if profile.kind is Kind.TEXT:
        ranges = sum(any(each.isdigit() for each in line) for line in profile.lines)
        if ranges < profile.count * 0.5:
            yield seen(_AGE, -2.5, "the values are no ages")
        return
    if profile.kind not in {Kind.WHOLE, Kind.NUMBER}:
        yield seen(_AGE, -3.0, "the values are no ages")
        return
    numbers = [float(text.replace(",", ".")) for text in profile.texts]
    fitting = sum(0 <= each <= _OLDEST for each in numbers) / len(numbers)
    weight = 0.5 if fitting > 1 - HARDLY_ANY else -3.5
    yield seen(_AGE, weight, f"{percent(fitting)} of {len(numbers)} numbers can be ages", fitting)
