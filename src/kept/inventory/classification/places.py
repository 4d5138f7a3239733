"""Whether values are parts of postal addresses, or positions on the globe."""

import re
from collections.abc import Iterator
from functools import cache

from kept.inventory.classification.evidence import (
    ENOUGH_VALUES,
    MOST,
    NEARLY_ALL,
    SEVERAL,
    Term,
    graded,
    percent,
)
from kept.inventory.classification.lexicon import listed, read_toml
from kept.inventory.classification.profile import Kind, Profile, whole_line
from kept.inventory.classification.question import Question, seen
from kept.inventory.classification.words import plain
from kept.vocabulary.data_category import DataCategory

_ADDRESS = DataCategory.USER_CONTACT_ADDRESS
_STREET = DataCategory.USER_CONTACT_ADDRESS_STREET
_CITY = DataCategory.USER_CONTACT_ADDRESS_CITY
_STATE = DataCategory.USER_CONTACT_ADDRESS_STATE
_COUNTRY = DataCategory.USER_CONTACT_ADDRESS_COUNTRY
_POSTAL = DataCategory.USER_CONTACT_ADDRESS_POSTAL_CODE
_PRECISE = DataCategory.USER_LOCATION_PRECISE

_SCALE = ((0.08, 0.0), (0.25, 0.45), (0.5, 0.8), (0.8, 1.0))
_MOST_WORDS = 10
_CODE_LETTERS = 3
_ENOUGH_CODES = 8
_LONGEST_POSTAL = 11
_DEGREES = 180
_AS_MANY = 0.8
_SHORTEST_ADDRESS = 4
_CITY_WORDS = 3
_SHORTEST_WITH_ENDING = 6

# Forms that hardly anything else has come first; plain digits only support a name.
_POSTAL_TELLING = whole_line(
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d"
    r"|\d{4} ?[A-Z]{2}|[A-Z]\d{2} ?[A-Z0-9]{4}|(?:A|B|CH|D|DK|E|F|FL|H|I|L|N|NL|P|PL|S|SE|SI|SK)-\d{4,5}|[A-Z]{2} \d{5}(?:-\d{4})?"
    r"|(?:AD|AX|AZ|BB|BM|FI|HR|KY|LT|LV|MD|SI|VC|VG)[- ]?\d{3,5}|\d{5}-\d{4}|\d{5}-\d{3}|\d{3} \d{2}|\d{2}-\d{3}|〒?\d{3}-\d{4}",
    re.ASCII,
)
_HARDLY_ANY = 0.1
_POSTAL_DIGITS = whole_line(r"\d{3,7}", re.ASCII)
_DECIMAL = re.compile(r"^-?\d{1,3}[.,]\d{3,}$", re.MULTILINE | re.ASCII)
_PAIR = whole_line(
    r"\(?\[?-?\d{1,2}\.\d{3,}[,; ]\s?-?\d{1,3}\.\d{3,}\]?\)?|POINT ?\(-?\d{1,3}\.\d+ -?\d{1,3}\.\d+\)"
    r"|\d{1,3}°\s?\d{1,2}['′].{1,30}[NSEW]",
    re.IGNORECASE,
)
_NUMBER_NEAR = re.compile(
    r"^\d{1,5}[a-z]?(?:[/-]\d{1,4}[a-z]?)?[ ,]|[ ,]\d{1,5} ?[a-z]?(?:[/-]\d{1,4}[a-z]?)?(?:$|,)|\bp\.? ?o\.? ?box \d|\b(?:no|nr|n|apt|suite|unit|flat|house|plot)[.°]? ?\d"
)
_HOUSE = whole_line(r"\d{1,5} ?[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?)?", re.ASCII)


@cache
def _file() -> dict[str, dict[str, str]]:
    return read_toml("places.toml")


@cache
def cities() -> frozenset[str]:
    """Return known cities, in plain form."""
    return frozenset(name for text in _file()["cities"].values() for name in listed(text))


@cache
def states() -> frozenset[str]:
    """Return known states and provinces, in plain form."""
    found = _file()["states"]
    return frozenset(
        name for key in ("us", "world", "more") for name in listed(found[key].replace("-", " "))
    )


@cache
def _state_codes() -> tuple[frozenset[str], frozenset[str]]:
    found = _file()["states"]
    return (
        frozenset(found["codes_us_ca"].lower().split()),
        frozenset(found["codes_world"].lower().split()),
    )


@cache
def _countries_file() -> dict[str, dict[str, str]]:
    return read_toml("countries.toml")


@cache
def country_names() -> dict[str, str]:
    """Return known countries' names in plain form, each with its ISO 3166 code."""
    names = _countries_file()["names"]
    return {name: code for code, text in names.items() for name in listed(text)}


@cache
def country_codes() -> dict[str, str]:
    """Return ISO 3166 codes of two and three letters, in plain form, each with the first."""
    found = {code.lower(): code for code in _countries_file()["names"]}
    pairs = (pair.split(":") for pair in _countries_file()["codes"]["alpha3"].split())
    return found | {three.lower(): two for three, two in pairs}


def regions_in(profile: Profile) -> list[str]:
    """Return the ISO codes of countries among the values, in order of appearance."""
    names, codes = country_names(), country_codes()
    found = (names.get(line) or codes.get(line) for line in profile.lines)
    return list(dict.fromkeys(code for code in found if code))


def places(question: Question) -> Iterator[Term]:
    """Say what share of values are cities, states, countries or streets."""
    profile = question.profile
    if profile.kind is not Kind.TEXT or profile.average_words > _MOST_WORDS:
        return
    yield from _countries(question)
    yield from _states(question)
    yield from _cities(question)
    yield from _streets(question)


@cache
def _city_endings() -> tuple[str, ...]:
    return tuple(_file()["city_endings"]["all"].split())


def _cities(question: Question) -> Iterator[Term]:
    profile = question.profile
    known, endings = cities(), _city_endings()
    share = profile.share_in(known)
    count = sum(
        line.endswith(endings)
        and line not in known
        and 0 < len(words) <= _CITY_WORDS
        and len(words[-1]) > _SHORTEST_WITH_ENDING
        for line, words in zip(profile.lines, profile.words, strict=True)
    )
    ended = count / profile.count
    if share or ended > SEVERAL:
        yield seen(
            _CITY,
            max(
                graded(share, profile.count, 5.2, _SCALE),
                graded(min(1.0, share + ended * 0.7), profile.count, 4.4, _SCALE),
            ),
            f"{percent(share)} of {profile.count} values are known cities, {percent(ended)} end "
            "as names of towns do",
            min(1.0, (share + ended) * 1.3),
        )


def digits(question: Question) -> Iterator[Term]:
    """Say against places, where the name claims one and the values are numbers."""
    profile = question.profile
    if profile.kind not in {Kind.WHOLE, Kind.NUMBER, Kind.TRUTH, Kind.BINARY}:
        return
    for category in (_CITY, _STATE, _COUNTRY):
        if question.claims(category):
            yield seen(category, -4.5, "the values are numbers: at most references to a list")
    if question.claims(_STREET):
        share = profile.share(_HOUSE)
        weight = -0.5 if share > NEARLY_ALL and profile.kind is Kind.WHOLE else -3.0
        yield seen(
            _STREET, weight, f"{percent(share)} of {profile.count} values can be house numbers"
        )


def _countries(question: Question) -> Iterator[Term]:
    profile = question.profile
    count = profile.count
    named = profile.share_in(frozenset(country_names()))
    coded = 0.0
    if profile.average_length <= _CODE_LETTERS:
        coded = profile.share_in(frozenset(country_codes()))
    if named:
        yield seen(
            _COUNTRY,
            graded(named, count, 5.2, _SCALE),
            f"{percent(named)} of {count} values are names of countries",
            named,
        )
    if not named and not coded and count >= ENOUGH_VALUES and question.claims(_COUNTRY):
        yield seen(_COUNTRY, -2.5, "no value is the name or the code of a country")
    if coded:
        worth = 3.2 if coded > NEARLY_ALL else 1.5
        yield seen(
            _COUNTRY,
            graded(coded, count, worth, _SCALE),
            f"{percent(coded)} of {count} values are codes of countries",
            coded * 0.9,
        )


def _states(question: Question) -> Iterator[Term]:
    profile = question.profile
    count = profile.count
    named = sum(line.replace("-", " ") in states() for line in profile.lines) / count
    if named:
        yield seen(
            _STATE,
            graded(named, count, 4.9, _SCALE),
            f"{percent(named)} of {count} values are known states or provinces",
            named,
        )
    if profile.average_length > _CODE_LETTERS + 0.5:
        return
    american, world = _state_codes()
    coded = profile.share_in(american)
    other = profile.share_in(american | world) if question.claims(_STATE) else 0.0
    if coded and coded >= other * _AS_MANY:
        worth = 4.6 if coded > NEARLY_ALL and count >= _ENOUGH_CODES else 2.0
        yield seen(
            _STATE,
            graded(coded, count, worth, _SCALE),
            f"{percent(coded)} of {count} values are codes of states or provinces",
            coded,
        )
    elif other:
        yield seen(
            _STATE,
            graded(other, count, 3.0, _SCALE),
            f"{percent(other)} of {count} values are codes of provinces",
            other,
        )


@cache
def _english_line() -> re.Pattern[str]:
    """Return what a street line of Britain or America is: a number, words, a word for streets.

    These words (hill, mill, spring) are no street's elsewhere: form and place decide.
    """
    words = "|".join(plain(_file()["streets"]["english"]).split())
    unit = r"(?:apt|apartment|suite|unit|flat|studio|room|floor|ste)\.? ?\w{1,5}"
    return whole_line(
        rf"(?:{unit},? )?\d{{1,5}}[a-z]? [^\d,\n]{{2,40}} (?:{words})s?\.?(?:,? (?:{unit}|n|s|e|w|north|south|east|west))?"
    )


@cache
def _street_words() -> tuple[frozenset[str], tuple[str, ...]]:
    found = _file()["streets"]
    bare = plain(found["words"]).split()
    return frozenset((*bare, *(f"{each}." for each in bare))), tuple(
        plain(found["endings"]).split()
    )


def _streets(question: Question) -> Iterator[Term]:
    profile = question.profile
    known, endings = _street_words()
    worded = numbered = both = 0
    for line, words in zip(profile.lines, profile.words, strict=True):
        number = profile.has_digits and _NUMBER_NEAR.search(line) is not None
        street = not known.isdisjoint(words) or any(
            each.endswith(endings) for each in words if len(each) > _SHORTEST_WITH_ENDING
        )
        worded += street
        numbered += number
        both += street and number
    if not worded and not numbered:
        if question.claims(_STREET) and profile.average_length < _SHORTEST_ADDRESS:
            yield seen(_STREET, -4.0, "the values are too short for addresses")
        return
    english = len(_english_line().findall(profile.plain)) if numbered > both else 0
    whole, named = max(both, english) / profile.count, max(worded, english) / profile.count
    yield seen(
        _STREET,
        graded(whole, profile.count, 5.2, _SCALE)
        + graded(named - whole, profile.count, 2.0, _SCALE),
        f"{percent(whole)} of {profile.count} values have a word for streets and a house number, "
        f"{percent(named)} a word for streets",
        max(whole, named * 0.8),
    )
    alone = numbered / profile.count
    if question.claims(_STREET) and alone > named:
        yield seen(
            _STREET,
            graded(alone, profile.count, 1.5),
            f"{percent(alone)} of {profile.count} values have a house number",
        )


def postal_codes(question: Question) -> Iterator[Term]:
    """Say what share of values have the form of postal codes."""
    profile = question.profile
    if not profile.has_digits or profile.average_length > _LONGEST_POSTAL:
        if question.claims(_POSTAL) and profile.count:
            yield seen(_POSTAL, -3.0, "the values have not the form of postal codes")
        return
    telling = profile.share(_POSTAL_TELLING)
    if telling:
        worth = 4.4 if profile.has_letters else 1.8
        yield seen(
            _POSTAL,
            graded(telling, profile.count, worth),
            f"{percent(telling)} of {profile.count} values have the form of postal codes",
            telling * (0.9 if profile.has_letters else 0.5),
        )
    elif question.claims(_POSTAL):
        share = profile.share(_POSTAL_DIGITS)
        yield seen(
            _POSTAL,
            0.8 if share > MOST else -1.0 if share > _HARDLY_ANY else -3.0,
            f"{percent(share)} of {profile.count} values have three to seven digits, as postal codes have",
            share,
        )


def positions(question: Question) -> Iterator[Term]:
    """Say what share of values are positions on the globe."""
    profile = question.profile
    if not profile.has_digits:
        return
    pairs = profile.share(_PAIR)
    if pairs:
        yield seen(
            _PRECISE,
            graded(pairs, profile.count, 4.6),
            f"{percent(pairs)} of {profile.count} values are pairs of coordinates",
            pairs,
        )
        return
    if not question.claims(_PRECISE):
        return
    decimals = [float(each.replace(",", ".")) for each in _DECIMAL.findall(profile.joined)]
    fitting = sum(abs(each) <= _DEGREES for each in decimals) / profile.count
    yield seen(
        _PRECISE,
        graded(fitting, profile.count, 2.8) if fitting else -2.0,
        f"{percent(fitting)} of {profile.count} values are degrees with three decimals or more",
        fitting,
    )
