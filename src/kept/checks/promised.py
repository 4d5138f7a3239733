"""Which of a policy's clauses say what of the data held."""

import re
from collections.abc import Callable, Iterable

from kept.checks.stating import denied_by
from kept.inventory.promised import Promised, Words
from kept.policy.polarity import denies
from kept.promises.promise import Category, Clause, Kind, Promise, Register
from kept.vocabulary.data_category import DataCategory, is_personal
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose

_OPEN = re.compile(
    r"(?:\b(?:with|to|for|by|from|only|following|avec|à|aux|pour|que|suivante?s?|de)|:"
    r"|\b(?:إلى|مع|من|على|التالية|التالي|لأجل))\s*$",
    re.IGNORECASE,
)
"""Words that open a list and say nothing without it: "We share it only with"."""

_NONE = re.compile(r"\b(?:no|aucune?)\s+(?!later\b|longer\b|more\b)\w", re.IGNORECASE)
"""Words by which something is no purpose: "they carry no advertising"."""

_ON_GROUND = frozenset({Duty.CONSENT, Duty.LEGAL_BASIS})

_TO_OTHERS = frozenset({Duty.KNOWN_RECIPIENTS, Duty.LAWFUL_DISCLOSURE, Duty.BUSINESS_TRANSFER})


def promised_by(register: Register, *, denying: Callable[[Clause], bool] = denies) -> Promised:
    """Return what the policies say of the data held, in their words.

    What a clause says is not done ("we do not use it for advertising") is no purpose and
    no recipient.
    """
    binding = [each for each in register.promises if each.duties]

    def of(
        *duties: Duty,
        category: Category | None = None,
        among: Iterable[Promise] = binding,
    ) -> tuple[Words, ...]:
        return tuple(
            _words(each)
            for each in among
            if set(duties) & set(each.duties)
            or (category is not None and each.category is category)
        )

    done = [
        each for each in binding if not denying(each.clause) and not _OPEN.search(each.clause.quote)
    ]
    return Promised(
        stating=of(Duty.DECLARED_DATA, among=done)
        or tuple(_words(each) for each in done if each.data),
        sources=of(Duty.DATA_SOURCE, among=done),
        purposes=of(
            Duty.PURPOSE_LIMITATION,
            among=[each for each in done if not _NONE.search(each.clause.quote)],
        ),
        recipients=of(*_TO_OTHERS, among=done),
        transfers=of(Duty.TRANSFERS),
        periods=of(Duty.RETENTION, Duty.LEGAL_HOLD),
        measures=of(category=Category.SECURITY),
        grounds=tuple(_words(each) for each in done if _is_ground(each)),
        contacts=of(Duty.CONTACT_CHANNEL),
        denied=tuple(_words(each, denied_by(each)) for each in binding if denied_by(each)),
    )


def _is_ground(promise: Promise) -> bool:
    return (
        bool(_ON_GROUND & set(promise.duties))
        or promise.category is Category.BASIS
        or Purpose.ESSENTIAL_LEGAL_OBLIGATION in promise.purposes
    ) and promise.kind is not Kind.USER_DUTY


def _words(promise: Promise, data: Iterable[DataCategory] | None = None) -> Words:
    clause = promise.clause
    named = promise.data if data is None else data
    return Words(
        promise=promise.id,
        document=clause.document,
        language=clause.language,
        quote=clause.quote,
        parallel=tuple((each.language, each.quote) for each in promise.parallel),
        data=frozenset(each for each in named if is_personal(each)),
        purposes=promise.purposes,
        at_most=_term(promise, "at_most"),
        counted_from=_term(promise, "counted_from"),
    )


def words_of(promise: Promise) -> Words:
    """Return the words of one promise."""
    return _words(promise)


def _term(promise: Promise, name: str) -> str:
    value = promise.terms.get(name, "")
    return value if isinstance(value, str) else ""
