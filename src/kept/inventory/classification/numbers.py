"""Whether values are numbers of people with check digits: cards, accounts, identity numbers."""

import re
from collections.abc import Iterator
from functools import cache
from math import log

from kept.inventory.classification.cards import LUHN_CHANCE, is_issued, passes_luhn
from kept.inventory.classification.evidence import (
    CAP,
    ENOUGH_VALUES,
    Term,
    graded,
    likelihood,
    percent,
)
from kept.inventory.classification.national_ids import IdentityNumber, identity_numbers_known
from kept.inventory.classification.profile import Kind, whole_line
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_CARD = DataCategory.USER_FINANCIAL_CREDIT_CARD
_ACCOUNT = DataCategory.USER_FINANCIAL_BANK_ACCOUNT
_IDENTITY = DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER

_CARD_SHAPE = re.compile(
    r"^(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|3\d{3}([ -])\d{6}\2\d{4,5})$",
    re.MULTILINE | re.ASCII,
)
_MASKED = whole_line(
    r"(?:[*xX•#]{4}[ -]?){2,3}[*xX•#]{0,4}\d{3,4}|\d{4,6}[ -]?(?:[*xX•#]{2,4}[ -]?){1,4}\d{4}|[*xX•]{2,12} ?\d{4}"
)
_SEPARATORS = re.compile(r"[ -]")
_IBAN = whole_line(r"[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?", re.ASCII)
_IBAN_CHANCE = 0.01
_BIC = whole_line(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:XXX|[A-Z0-9]{3})?", re.ASCII)
_SORT_CODE = whole_line(r"\d{2}-\d{2}-\d{2}", re.ASCII)
_NO_GUESS = 2.0
"""Log-odds of a shape that is rare enough to need no comparison with rivals."""
_ENOUGH_TO_ASK = 3.6
_TRIED = 60
_GIVEN_UP_AFTER = 14


def cards(question: Question) -> Iterator[Term]:
    """Say whether long numbers are cards: more of them pass Luhn than chance lets pass."""
    profile = question.profile
    if not profile.has_digits:
        return
    shaped = [_SEPARATORS.sub("", found[0]) for found in _CARD_SHAPE.finditer(profile.joined)]
    masked = profile.share(_MASKED)
    if masked:
        yield seen(
            _CARD,
            graded(masked, profile.count, 6.0),
            f"{percent(masked)} of {profile.count} values are masked card numbers",
            masked,
        )
    if len(shaped) < max(1, profile.count * 0.05):
        return
    passed = sum(is_issued(each) and passes_luhn(each) for each in shaped)
    grouped = profile.joined.count(" ") + profile.joined.count("-") >= 2 * len(shaped)
    # One brand's prefix takes a tenth to a third of random numbers of its length.
    chance = LUHN_CHANCE * (0.25 if len({len(each) for each in shaped}) > 1 else 0.4)
    weight = likelihood(passed, len(shaped), chance=chance, expected=0.95)
    share = len(shaped) / profile.count
    yield seen(
        _CARD,
        weight * min(1.0, share * 1.5) + (1.0 if grouped and weight > 0 else 0.0),
        f"{percent(passed / len(shaped))} of {len(shaped)} long numbers have a card brand's "
        f"beginning and pass Luhn (chance: {percent(chance)})",
        passed / profile.count,
    )


def accounts(question: Question) -> Iterator[Term]:
    """Say whether values are IBANs, or codes of banks where the name says so."""
    profile = question.profile
    if profile.kind is Kind.TEXT and profile.has_digits:
        shaped = [found[0] for found in _IBAN.finditer(profile.joined)]
        if shaped:
            passed = sum(map(passes_mod97, shaped[:_TRIED]))
            tried = min(len(shaped), _TRIED)
            weight = likelihood(passed, tried, chance=_IBAN_CHANCE)
            if question.claims(_ACCOUNT):
                weight = max(weight, -0.5)  # test data and masked numbers fail, the name holds
            yield seen(
                _ACCOUNT,
                weight * min(1.0, 1.5 * len(shaped) / profile.count) + (2.0 if weight > 0 else 0.0),
                f"{percent(passed / tried)} of {tried} values of an IBAN's form pass its check "
                "(chance: 1 %)",
                len(shaped) / profile.count,
            )
        elif question.claims(_ACCOUNT) and (share := profile.share(_BIC)):
            yield seen(
                _ACCOUNT,
                graded(share, profile.count, 2.0),
                f"{percent(share)} of {profile.count} values have the form of a bank's code",
                share,
            )
    if question.claims(_ACCOUNT) and (share := profile.share(_SORT_CODE)):
        yield seen(
            _ACCOUNT,
            graded(share, profile.count, 2.0),
            f"{percent(share)} of {profile.count} values have the form of a sort code",
            share,
        )


_LETTERS = {ord(letter): str(at) for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}


def passes_mod97(text: str) -> bool:
    """Return whether the check digits of an IBAN (ASCII) are right.

    Source: ISO 13616, ISO/IEC 7064 MOD 97-10.

    Examples:
        >>> passes_mod97("DE89 3704 0044 0532 0130 00"), passes_mod97("DE88370400440532013000")
        (True, False)
    """
    compact = text.replace(" ", "").upper()
    return int((compact[4:] + compact[:4]).translate(_LETTERS)) % 97 == 1


@cache
def _by_form(*, letters: bool) -> tuple[IdentityNumber, ...]:
    return tuple(each for each in identity_numbers_known() if each.letters == letters)


_LENGTH = {"min": 6, "max": 24}


def identity(question: Question) -> Iterator[Term]:
    """Say which states' identity numbers the values can be, beyond what chance lets pass.

    Every kind whose shape most values have is tried. The more kinds are tried, the more
    evidence one of them needs: the best of many guesses is lucky.
    """
    profile = question.profile
    longest = max(map(len, profile.texts), default=0)
    if (
        not profile.has_digits
        or longest < _LENGTH["min"]
        or profile.average_length > _LENGTH["max"]
    ):
        return
    fitting: list[tuple[IdentityNumber, list[str]]] = []
    for kind in (
        *_by_form(letters=False),
        *(_by_form(letters=True) if profile.has_letters else ()),
    ):
        if kind.country in question.regions or not kind.letters or profile.has_letters:
            if not any(map(kind.shape.match, profile.spread)):
                continue
            shaped = kind.shape.findall(profile.joined)
            if len(shaped) >= max(1, profile.count * 0.3):
                fitting.append((kind, shaped))
    if not fitting:
        return
    terms = [_identity_term(question, kind, shaped, len(fitting)) for kind, shaped in fitting]
    best: dict[DataCategory, Term] = {}
    for term in terms:
        if term.category not in best or term.weight > best[term.category].weight:
            best[term.category] = term
    yield from (term for term in best.values() if term.weight > 0 or question.claims(term.category))


def _identity_term(
    question: Question, kind: IdentityNumber, shaped: list[str], rivals: int
) -> Term:
    count = question.profile.count
    tried = shaped[:_GIVEN_UP_AFTER]
    passed = sum(map(kind.is_valid, tried))
    if passed >= len(tried) * max(0.5, kind.chance):
        tried = shaped[: max(_TRIED, _GIVEN_UP_AFTER)]
        passed = sum(map(kind.is_valid, tried))
    share = len(shaped) / count
    at_home = 0.7 if kind.country in question.regions else 0.0
    fewer = log(rivals) if kind.rare < _NO_GUESS else 0.0
    told = likelihood(passed, len(tried), chance=kind.chance, cap=4 * CAP)
    weight = min(CAP, told - fewer) + kind.rare + at_home
    if kind.ambiguous:
        # Nothing but a plausible first digit is checked: enough to ask, never to tell.
        weight = _ENOUGH_TO_ASK if passed == len(tried) >= ENOUGH_VALUES else -2.0
    if weight < 0 and question.claims(kind.category):
        weight = max(weight, -0.5)
    doubt = "; a serial number can look the same: ask" if kind.ambiguous else ""
    return seen(
        kind.category,
        weight * min(1.0, share * 1.3) if weight > 0 else weight,
        f"{percent(passed / len(tried))} of {len(tried)} values of this form pass as "
        f"{kind.name} (chance: {percent(kind.chance)}){doubt}",
        share,
    )
