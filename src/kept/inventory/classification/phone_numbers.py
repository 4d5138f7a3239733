"""Whether a text is a valid telephone number: told from the number plans, compiled once.

The plans are those of the phonenumbers library, whose own parser also corrects, formats
and guesses; one number costs it fifty times as much.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_FORM = re.compile(
    r"(?:tel:)?(\+|00)?([0-9][0-9 ().\-/\u2010-\u2013\u00a0\u202f]{4,24}?)"
    r"(?: ?(?:;ext=|x|ext\.?|#|poste|app\.?|durchwahl) ?[0-9]{1,7})?",
    re.IGNORECASE,
)
_NO_DIGITS = {ord(each): None for each in " ().-/\u2010\u2011\u2012\u2013\u00a0\u202f"}
_LONGEST_CODE, _FEWEST, _MOST = 3, 5, 17
_ALL = range(_FEWEST, _MOST + 1)


def is_valid_number(text: str, regions: Sequence[str] = ()) -> bool:
    """Return whether `text` is a valid number, international or in one of `regions`.

    Examples:
        >>> is_valid_number("+44 20 7946 0018"), is_valid_number("+44 20 7946 001")
        (True, False)
        >>> is_valid_number("030 901820", ["DE"]), is_valid_number("030 901820")
        (True, False)
    """
    bracketed = text.startswith("(")
    if bracketed:
        text = text[1:]
        if text.startswith("+"):
            bracketed = False
    found = _FORM.fullmatch(text)
    if found is None:
        return False
    written = found[2].replace("(0)", "")
    digits = written.translate(_NO_DIGITS)
    if not digits.isascii() or len(digits) not in _ALL:
        return False
    if found[1] and not bracketed:
        return _international(digits)
    return any(_in_region(region).fullmatch(digits) is not None for region in regions)


def _international(digits: str) -> bool:
    for size in range(1, _LONGEST_CODE + 1):
        plan = _of_code(digits[:size])
        if plan is not None:
            return plan.fullmatch(digits, size) is not None
    return False


@cache
def _of_code(code: str) -> re.Pattern[str] | None:
    """Return what follows a country's code, in any of the regions that share it."""
    if not code.isdigit() or code.startswith("0"):
        return None
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if not regions:
        return None
    plans = [plan for region in regions for plan in _plans(region, int(code))]
    return re.compile("|".join(dict.fromkeys(plans))) if plans else None


@cache
def _in_region(region: str) -> re.Pattern[str]:
    """Return how numbers are dialled inside a region: after the trunk prefix, where it has one."""
    about = PhoneMetadata.metadata_for_region(region, None)
    plans = list(_plans(region, 0))
    if about is None or not plans:
        return re.compile(r"(?!)")
    trunk = re.escape(about.national_prefix or "")
    return re.compile(rf"(?:{trunk})?(?:{'|'.join(plans)})")


def _plans(region: str, code: int) -> Iterator[str]:
    if region == "001":
        about = PhoneMetadata.metadata_for_nongeo_region(code, None)
    else:
        about = PhoneMetadata.metadata_for_region(region, None)
    general = about.general_desc if about is not None else None
    if general is None:
        return
    for kind in _KINDS:
        plan = getattr(about, kind)
        if plan is not None and plan.national_number_pattern:
            lengths = plan.possible_length or general.possible_length
            sizes = "|".join(f"[0-9]{{{size}}}" for size in lengths if size > 0)
            ahead = rf"(?=(?:{sizes})$)" if sizes else ""
            yield f"{ahead}(?:{plan.national_number_pattern})"
