"""Whether values are mail addresses, telephone numbers or profiles of people on the web."""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from kept.inventory.classification.evidence import (
    FEW,
    HARDLY_ANY,
    Term,
    graded,
    likelihood,
    percent,
)
from kept.inventory.classification.profile import whole_line
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_EMAIL = DataCategory.USER_CONTACT_EMAIL
_PHONE = DataCategory.USER_CONTACT_PHONE_NUMBER
_FAX = DataCategory.USER_CONTACT_FAX_NUMBER
_SOCIAL = DataCategory.USER_CONTACT_SOCIAL_URL

_ONE_EMAIL = r"(?:mailto:)?<?[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}>?"
_EMAIL_LINE = whole_line(rf"(?:[^\n<>@]{{0,80}}<)?{_ONE_EMAIL}(?:[;, ]{{1,3}}{_ONE_EMAIL}){{0,20}}")
_EMAIL_CHANCE = 0.001

_INTERNATIONAL = whole_line(
    r"(?:tel:)?(?:\+|00)[1-9][\d().\s/-]{5,20}\d(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?"
)
# National forms that people write and hardly anything else has: brackets round an area
# code, a leading zero with groups, the North American and the French grouping.
_NATIONAL = whole_line(
    r"\(\+?\d{1,5}\)[\s.-]?\d{2,5}(?:[\s./-]?\d{1,5}){1,4}"
    r"|(?:1[\s.-])?[2-9]\d{2}[\s.-][2-9]\d{2}[\s.-]\d{4}"
    r"|(?:1[\s.-])?\([2-9]\d{2}\)\s?\d{3}[\s.-]\d{4}"
    r"|0\d(?:[\s.-]\d{2}){4}"
    r"|0\d{1,4}[\s/-]{1,3}\d{3,8}(?:[\s-]\d{2,5}){0,3}"
    r"|0\d{2,4}(?:\s\d{2,4}){2,3}"
    r"|\+?\d{1,3}\s\(0\)\s?\d{1,4}(?:[\s.-]\d{2,5}){1,4}"
    r"|\d{2}\s\d{2}\s\d{2}\s\d{2}"
    r"|(?:1[\s.-])?\(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4}\s?(?:x|ext\.?)\s?\d{1,6}"
)
_WITH_EXTENSION = whole_line(
    r"[+()\d.\s/-]{7,24}(?:x|ext\.?|poste|app\.?|durchwahl)\s?\d{1,6}", re.IGNORECASE
)
_TRUNK = whole_line(r"0[1-9]\d{7,10}")
_DIGITS = whole_line(r"\+?\(?\d[\d().\s/–-]{4,19}\d(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?")
_LOOKS_OTHER = whole_line(
    r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}"
    r"|\d{1,3}(?:\.\d{1,3}){3}|\d{4}(?:[ -]\d{4}){2,3}|\d+\.\d+|\d{3}-\d{2}-\d{4}|\d{5}-\d{4}|\d{5}-\d{7}-\d"
    r"|97[89][- ]?\d[\d -]+|\d{4}[-/]\d{2,4}|(?:19|20)\d{2}-\d{3,8}"
)
_PARSED = 24
"""Telephone numbers that are parsed: parsing costs a hundred times what a pattern costs."""
_USUAL_REGIONS = ("US", "GB", "FR", "DE", "PK", "EG", "SA", "ES", "IN")

_SOCIAL_LINE = whole_line(
    r"(?:https?://)?(?:www\.|[a-z]{2}\.)?(?:linkedin\.com/(?:in|pub)/|facebook\.com/|fb\.com/|twitter\.com/|x\.com/"
    r"|instagram\.com/|github\.com/|tiktok\.com/@|youtube\.com/(?:@|user/)|t\.me/|xing\.com/profile/|vk\.com/"
    r"|snapchat\.com/add/|mastodon\.social/@|gitlab\.com/|medium\.com/@)[\w.%@-]{2,80}/?(?:\?\S*)?",
    re.IGNORECASE,
)


def emails(question: Question) -> Iterator[Term]:
    """Say what share of values are mail addresses."""
    profile = question.profile
    claimed = question.claims(_EMAIL)
    if "@" not in profile.joined:
        if claimed and profile.count:
            yield seen(_EMAIL, _missing(profile.count), "no value has the form of a mail address")
        return
    hits = profile.hits(_EMAIL_LINE)
    share = hits / profile.count
    if share:
        yield seen(
            _EMAIL,
            graded(share, profile.count, 9.0),
            f"{percent(share)} of {profile.count} values are mail addresses "
            f"(chance: {percent(_EMAIL_CHANCE)})",
            share,
        )


def is_email(text: str) -> bool:
    """Return whether all of `text` is a mail address, or several."""
    return _EMAIL_LINE.fullmatch(text) is not None


def is_national_form(text: str) -> bool:
    """Return whether `text` is written as telephone numbers are and hardly anything else."""
    return _NATIONAL.fullmatch(text) is not None and _LOOKS_OTHER.fullmatch(text) is None


def is_profile(text: str) -> bool:
    """Return whether all of `text` is the address of a profile on a social network."""
    return _SOCIAL_LINE.fullmatch(text) is not None


def phones(question: Question) -> Iterator[Term]:
    """Say what share of values are telephone numbers: by form, and by parsing some of them.

    Bare digits are hardly evidence: one number of ten digits in three is a valid number
    somewhere. They support a name, and nothing more.
    """
    profile = question.profile
    target = _FAX if question.claims(_FAX) and not question.claims(_PHONE) else _PHONE
    claimed = question.claims(target)
    if not profile.has_digits:
        if claimed and profile.count:
            yield seen(target, _missing(profile.count), "no value has a digit")
        return
    digits = profile.hits(_DIGITS) - profile.hits(_LOOKS_OTHER)
    share = max(0, digits) / profile.count
    if share < HARDLY_ANY and not claimed:
        return
    international = profile.share(_INTERNATIONAL)
    national = max(0.0, profile.share(_NATIONAL) - profile.share(_LOOKS_OTHER))
    extended = profile.share(_WITH_EXTENSION)
    trunk = profile.share(_TRUNK) if not profile.numeric else 0.0
    weight = (
        graded(international, profile.count, 6.5)
        + graded(max(national, extended), profile.count, 4.8)
        + graded(trunk, profile.count, 1.2)
    )
    form = max(international, national, extended)
    if form or trunk:
        yield seen(
            target,
            min(weight, 7.0),
            f"{percent(max(form, trunk))} of {profile.count} values are written as telephone numbers are",
            max(form, share if claimed else 0.0),
        )
        yield from _parsed(question, target)
    elif claimed:
        yield seen(
            target,
            -3.5 if share < FEW else 0.3,
            f"{percent(share)} of {profile.count} values have as many digits as a telephone number",
            share,
        )


def _parsed(question: Question, target: DataCategory) -> Iterator[Term]:
    """Parse some candidates with the regions that the table speaks of."""
    regions = (*question.regions, *_USUAL_REGIONS)[:8]
    candidates = [
        text for text in question.profile.texts if _DIGITS.fullmatch(text) or text[0] in "+t"
    ]
    if not candidates:
        return
    step = max(1, len(candidates) // _PARSED)
    tried = candidates[::step][:_PARSED]
    valid = sum(is_phone_number(text, regions) for text in tried)
    yield seen(
        target,
        likelihood(valid, len(tried), chance=0.35, expected=0.8, cap=2.0),
        f"{percent(valid / len(tried))} of {len(tried)} tried are valid numbers of the "
        "regions at hand (chance: 35 %)",
    )


def is_phone_number(text: str, regions: Sequence[str] = ()) -> bool:
    """Return whether `text` is a valid number, as it stands or in one of `regions`."""
    if text.startswith("00"):
        text = f"+{text[2:]}"
    for region in (None,) if text.startswith("+") else regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


def profiles(question: Question) -> Iterator[Term]:
    """Say what share of values are addresses of people's profiles."""
    profile = question.profile
    if "/" not in profile.joined:
        return
    share = profile.share(_SOCIAL_LINE)
    if share:
        yield seen(
            _SOCIAL,
            graded(share, profile.count, 6.0),
            f"{percent(share)} of {profile.count} values are addresses of profiles on social networks",
            share,
        )


def _missing(count: int) -> float:
    """Return what it is worth that not one of `count` values fits."""
    return -min(5.5, 1.5 + count * 0.8)
