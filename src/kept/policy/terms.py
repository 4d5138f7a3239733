"""What a clause states in numbers: ages, periods, dates, addresses; and what it is of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kept.policy.languages.language import Dates, Language, Reading
from kept.policy.numerals import number_before
from kept.policy.words import ADDRESS, EMAIL, HIDDEN_EMAIL, Word, Words
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.purpose import Purpose

_YEARS = range(1900, 2200)
_AGES = range(1, 100)
_DAYS = range(1, 32)
_LONGEST = 5
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
# Years of the Islamic calendar: it is named in the value, and nothing is converted, since the
# day that another calendar gives depends on who saw the moon.
_HIJRI_YEARS = range(1300, 1600)
_HIJRI_DAYS = range(1, 31)
_MONTHS = range(1, 13)
HIJRI = " AH"
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?$")
_KEEPING = frozenset({"retention", "delete", "minimise"})
_FILLER_WORDS = 2


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date in a text: ISO 8601, or empty where it can be read in two ways or has no day.

    One of the Islamic calendar stays in it: ``"1446-09-15 AH"``.
    """

    iso: str
    start: int
    end: int
    has_day: bool = True


def dates_in(text: str, start: int, end: int, words: Words, dates: Dates) -> list[StatedDate]:
    """Return the dates that ``text[start:end]``, whose words are `words`, states, in order."""
    found = [
        StatedDate(_dated(int(each[1]), int(each[2]), int(each[3]), dates), *each.span())
        for each in _ISO.finditer(text, start, end)
    ]
    found.extend(
        StatedDate(_from_numbers(each, dates), *each.span())
        for each in _NUMERIC.finditer(text, start, end)
    )
    found.extend(_written(words.words, dates))
    return sorted(found, key=lambda each: each.start)


def _dated(year: int, month: int, day: int, dates: Dates) -> str:
    return _iso(year, month, day) or (_hijri(year, month, day) if dates.hijri else "")


def _hijri(year: int, month: int, day: int) -> str:
    if year in _HIJRI_YEARS and month in _MONTHS and day in _HIJRI_DAYS:
        return f"{year}-{month:02}-{day:02}{HIJRI}"
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else ""
    except ValueError:
        return ""


def _from_numbers(found: re.Match[str], dates: Dates) -> str:
    """Return the date where only one reading is a date, or both are the same day.

    In a language that always puts the day first, that is the reading.
    """
    first, second, year = (int(each) for each in found.groups())
    if dates.hijri and year in _HIJRI_YEARS:
        return _hijri(year, second, first)
    day_first = _iso(year, second, first)
    if dates.day_first and day_first:
        return day_first
    readings = {day_first, _iso(year, first, second)} - {""}
    return readings.pop() if len(readings) == 1 else ""


def _written(words: tuple[Word, ...], dates: Dates) -> Iterator[StatedDate]:
    """Yield "4 January 2025", "January 4, 2025", "1st of March 2026" and "June 2025"."""
    for at, word in enumerate(words):
        month, length = _month(words, at, dates.months)
        if not month:
            found = _written_hijri(words, at, dates)
            if found is not None:
                yield found
            continue
        before = [each for each in words[max(0, at - 2) : at] if each.form not in dates.fillers]
        after = words[at + length : at + length + 2]
        day = _day(before[-1].form) if before else 0
        if day and after and _year(after[0].form):
            iso = _iso(_year(after[0].form), month, day)
            yield StatedDate(iso, before[-1].start, after[0].end)
        elif after[1:] and _day(after[0].form) and _year(after[1].form):
            iso = _iso(_year(after[1].form), month, _day(after[0].form))
            yield StatedDate(iso, word.start, after[1].end)
        elif after and _year(after[0].form):
            yield StatedDate("", word.start, after[0].end, has_day=False)


def _written_hijri(words: tuple[Word, ...], at: int, dates: Dates) -> StatedDate | None:
    """Return the date of the Islamic calendar whose month is named at a place."""
    month, length = _month(words, at, dates.hijri)
    if not month:
        return None
    before = [each for each in words[max(0, at - 2) : at] if each.form not in dates.fillers]
    after = [
        each for each in words[at + length : at + length + 2] if each.form not in dates.fillers
    ]
    day = _day(before[-1].form) if before else 0
    year = int(after[0].form) if after and after[0].form.isdecimal() else 0
    if year not in _HIJRI_YEARS:
        return None
    if not day:
        return StatedDate("", words[at].start, after[0].end, has_day=False)
    return StatedDate(_hijri(year, month, day), before[-1].start, after[0].end)


def _month(words: tuple[Word, ...], at: int, months: Mapping[str, int]) -> tuple[int, int]:
    """Return the month named at a place, 0 for none, and in how many words."""
    if not months:
        return 0, 0
    pair = " ".join(word.form for word in words[at : at + 2])
    if pair in months:
        return months[pair], 2
    return months.get(words[at].form, 0), 1


def _day(form: str) -> int:
    found = _ORDINAL.match(form)
    return int(found[1]) if found and int(found[1]) in _DAYS else 0


def _year(form: str) -> int:
    return int(form) if form.isdecimal() and int(form[:_LONGEST]) in _YEARS else 0


def _number(form: str, dates: Dates) -> int | None:
    if form.isdecimal() and len(form) <= _LONGEST:
        return int(form)
    return dates.numbers.get(form)


def _periods(words: tuple[Word, ...], dates: Dates) -> Iterator[tuple[str, int]]:
    """Yield each period as ``"24 months"`` and the word at which it begins."""
    for at, word in enumerate(words):
        if word.form in dates.pairs:
            yield dates.pairs[word.form], at
        unit = dates.units.get(word.form)
        if unit is None:
            continue
        back = at - 1
        for _ in range(_FILLER_WORDS):
            if back >= 0 and words[back].form in dates.fillers:
                back -= 1
        if back < 0:
            continue
        count, back = _count(words, back, dates)
        if count:
            yield f"{count} {unit}{'' if count == 1 else 's'}", back


def _count(words: tuple[Word, ...], last: int, dates: Dates) -> tuple[int, int]:
    """Return the number that ends at a word, 0 for none, and the word at which it begins."""
    if dates.joins:
        forms = [word.form for word in words[: last + 1]]
        count, start = number_before(forms, last + 1, dates.numbers, dates.joins)
        if count:
            return count, start
    pair = " ".join(word.form for word in words[max(0, last - 1) : last + 1])
    return dates.numbers.get(pair) or _number(words[last].form, dates) or 0, last


def terms_of(text: str, reading: Reading, category: str, language: Language) -> dict[str, object]:
    """Return what a clause states in numbers, as JSON values, by the names of `Promise.terms`."""
    terms: dict[str, object] = {}
    words = reading.words.words
    age = _age(reading, language.dates)
    if age and category in {"children", "rights", "collect", "scope", "basis"}:
        terms["age"] = age
    else:
        terms.update(_period_terms(reading, category, language))
    if category == "change":
        stated = dates_in(text, reading.start, reading.end, reading.words, language.dates)
        # Where both calendars are stated, the one that others can compare counts.
        stated.sort(key=lambda each: each.iso.endswith(HIJRI))
        if stated and stated[0].iso:
            terms["date"] = stated[0].iso
    contact = next((word for word in words if word.form in {EMAIL, ADDRESS}), None)
    if contact is not None and category in {"contact", "rights", "choice", "children"}:
        terms["contact"] = text[contact.start : contact.end].rstrip(".,;:")
    elif any(word.form == HIDDEN_EMAIL for word in words):
        terms["contact"] = ""
    return terms


def _period_terms(reading: Reading, category: str, language: Language) -> dict[str, object]:
    periods = list(_periods(reading.words.words, language.dates))
    if not periods:
        return {}
    words = reading.words.words
    if category not in _KEEPING:
        timed = [
            period
            for period, at in periods
            if at > 0 and words[at - 1].form in language.dates.before
        ]
        return {"within": timed[0]} if timed else {}
    period, _ = periods[0]
    key = (
        "at_least" if any(hit.rule.value == "at_least" for hit in reading.of("term")) else "at_most"
    )
    anchor = _anchor(reading, periods[0][1])
    return {key: period, "counted_from": anchor} if anchor else {key: period}


def _anchor(reading: Reading, period: int) -> str:
    """Return the event that a period is counted from: the first said after it, or before."""
    spans = [
        (start < period, start, hit.rule.number, hit.rule.value)
        for hit in reading.of("anchor")
        for start, end in hit.spans()
        if not start <= period < end - 1 or start < period
    ]
    return min(spans)[3] if spans else ""


def _age(reading: Reading, dates: Dates) -> int | None:
    for hit in reading.of("term"):
        if hit.rule.value != "age":
            continue
        for start, end in hit.spans():
            for word in reading.words.words[start:end]:
                age = _number(word.form, dates)
                if age in _AGES and word.form not in {"a", "an"}:
                    return age
    return None


def data_in(reading: Reading) -> tuple[DataCategory, ...]:
    """Return the categories of data that a clause names, the longest phrase winning."""
    found = {span: DataCategory(value) for span, value in _longest(reading, "data").items()}
    return tuple(dict.fromkeys(found[span] for span in sorted(found)))


def purposes_in(reading: Reading) -> tuple[Purpose, ...]:
    """Return the purposes that a clause names, in the order of the taxonomy."""
    named = {hit.rule.value for hit in reading.of("purposes")}
    return tuple(purpose for purpose in Purpose if purpose.value in named) if named else ()


def _longest(reading: Reading, list_: str) -> Mapping[tuple[int, int], str]:
    spans = [
        (end - start, -start, hit.rule.value)
        for hit in reading.of(list_)
        for start, end in hit.spans()
    ]
    taken = 0
    kept: dict[tuple[int, int], str] = {}
    for length, negative, value in sorted(spans, reverse=True):
        start = -negative
        places = ((1 << length) - 1) << start
        if not places & taken:
            taken |= places
            kept[start, start + length] = value
    return kept
