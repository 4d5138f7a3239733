"""Whether a policy says what is processed, why, on what ground and for whom."""

from kept.policy.disclosing.evidence import Evidence, Ruling, promises_of
from kept.policy.disclosing.statement import Statement
from kept.policy.disclosing.status import graded
from kept.promises.promise import Category, Kind, Promise
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose

_SEVERAL = 2
_BASES = ("basis-contract", "basis-consent", "basis-obligation", "basis-interest", "basis-public")
# A ground named alone is read as a purpose too: it maps nothing.
_GROUND_ALONE = frozenset({Purpose("essential.legal_obligation")})
_SHARING = frozenset({Category.SHARE, Category.THIRD_PARTY})
# "Necessary for contractual obligations" is a reason to keep or to give there, no basis,
# and a right against what rests on a basis names none.
_NO_BASIS = _SHARING | {Category.RETENTION, Category.DELETE, Category.RIGHTS, Category.COOKIES}


def purposes(evidence: Evidence) -> Ruling:
    """Judge the purposes: "various purposes" names none, and one alone is half of it."""
    stated = [
        each
        for each in evidence.promises
        if each.category is Category.PURPOSE
        and (each.purposes or each.kind not in {Kind.VAGUE, Kind.FIRM})
    ]
    by_the_way = [each for each in evidence.of(Category.COLLECT) if each.purposes]
    named = {purpose for each in (*stated, *by_the_way) for purpose in each.purposes}
    bounded = [
        each
        for each in evidence.of(Category.PURPOSE)
        if each.kind is Kind.FIRM and "denied" not in each.terms
    ]
    enough = len(stated) >= _SEVERAL or len(named) > _SEVERAL
    return Ruling(
        graded(
            present=enough and bool(stated or by_the_way), partial=bool(stated or named or bounded)
        ),
        (*stated, *by_the_way),
    )


def legal_basis(evidence: Evidence) -> Ruling:
    """Judge the legal bases: a list that is tied to no purpose is half of it."""
    listed = [each for each in evidence.statements if _bases(each)]
    mapped = [each for each in listed if _is_mapped(each)]
    asked = [
        each
        for each in evidence.with_duty(Duty.CONSENT)
        if each.category in {Category.PURPOSE, Category.COLLECT}
    ]
    named = evidence.of(Category.BASIS)
    bound = [each for each in named if Duty.LEGAL_BASIS in each.duties]
    distinct = {basis for each in mapped for basis in _bases(each)}
    return Ruling(
        graded(
            present=len(mapped) >= _SEVERAL and len(distinct) >= _SEVERAL,
            partial=bool(listed or asked or bound),
        ),
        (*promises_of(listed), *asked, *bound),
    )


def _bases(statement: Statement) -> frozenset[str]:
    if statement.heading or any(each.category in _NO_BASIS for each in statement.promises):
        return frozenset()
    return statement.says & frozenset(_BASES)


def _is_mapped(statement: Statement) -> bool:
    """Whether one or two grounds stand beside the purpose that they are for."""
    purposes_there = {
        purpose for each in statement.promises for purpose in each.purposes
    } - _GROUND_ALONE
    return len(_bases(statement)) <= _SEVERAL and bool(
        purposes_there or "aim-stated" in statement.says
    )


def recipients(evidence: Evidence) -> Ruling:
    """Judge the recipients: "service providers" alone says little of who they are."""
    shared = [
        each
        for each in evidence.statements
        if any(
            promise.category in _SHARING or Duty.KNOWN_RECIPIENTS in promise.duties
            for promise in each.promises
        )
    ]
    kinds = {name for each in shared for name in each.says if name.startswith("recipient-")}
    companies = sum("legal-form" in each.says for each in shared)
    nobody = [each for each in shared if "shared-with-nobody" in each.says]
    return Ruling(
        graded(present=len(kinds) + companies >= _SEVERAL or bool(nobody), partial=bool(shared)),
        promises_of(shared),
    )


def transfer(evidence: Evidence) -> Ruling:
    """Judge whether transfers to third countries are told of, or denied."""
    found = evidence.of(Category.TRANSFER)
    return Ruling(graded(present=bool(found), partial=False), tuple(found))


def safeguards(evidence: Evidence) -> Ruling:
    """Judge countries and mechanism: "appropriate safeguards" names neither."""
    found = list(evidence.about(lambda each: each.category is Category.TRANSFER))
    said = frozenset[str]().union(*(each.says for each in found))
    mechanism = bool(found) and ("mechanism" in said or evidence.said("mechanism"))
    country = "country" in said
    nowhere = "no-transfer" in said
    return Ruling(
        graded(
            present=nowhere or (mechanism and (country or evidence.said("copy-of-safeguards"))),
            partial=mechanism or country,
        ),
        promises_of(found) if mechanism or country or nowhere else (),
    )


def categories(evidence: Evidence) -> Ruling:
    """Judge the categories of data: one alone is half of it."""
    declared = evidence.with_duty(Duty.DECLARED_DATA)
    found = [each for each in declared if each.category is Category.COLLECT and each.data]
    kinds = {category for each in found for category in each.data}
    return Ruling(
        graded(present=len(kinds) >= _SEVERAL, partial=bool(found)),
        tuple(found),
    )


def source(evidence: Evidence) -> Ruling:
    """Judge where data comes from: what others give must be named, or denied."""
    found = evidence.with_duty(Duty.DATA_SOURCE)
    others = [each for each in evidence.saying("source-others") if each.promises]
    return Ruling(
        graded(present=bool(others), partial=bool(found) or evidence.said("source-you")),
        (*promises_of(others), *found),
    )


def mandatory(evidence: Evidence) -> Ruling:
    """Judge whether it is said what must be given, and what follows if it is not."""
    consequence, must = evidence.stating("not-given"), evidence.stating("must-be-given")
    return Ruling(
        graded(present=bool(consequence), partial=bool(must)),
        promises_of([*consequence, *must]),
    )


def automated_decisions(evidence: Evidence) -> Ruling:
    """Judge automated decisions: denied, explained, or only mentioned."""
    denied = evidence.stating("no-automated-decision")
    found = evidence.stating("automated-decision")
    explained = evidence.near(["automated-decision"], ["decision-logic"])
    return Ruling(
        graded(present=bool(denied) or explained, partial=bool(found)),
        promises_of([*denied, *found]),
    )


def further_purpose(evidence: Evidence) -> Ruling:
    """Judge what precedes another purpose: people told of it, or only their consent."""
    found = [
        each
        for each in evidence.saying("other-purpose")
        if not any(promise.category in _SHARING for promise in each.promises)
    ]
    told = [each for each in found if "tells" in each.says]
    asked = [each for each in found if "asks-consent" in each.says]
    return Ruling(graded(present=bool(told), partial=bool(asked)), promises_of([*told, *asked]))


def retention(evidence: Evidence) -> Ruling:
    """Judge how long data is kept: a period with no number is half of it."""
    found = evidence.with_duty(Duty.RETENTION)
    numbered = [each for each in evidence.promises if has_period(each)]
    return Ruling(graded(present=bool(numbered), partial=bool(found)), (*numbered, *found))


def has_period(promise: Promise) -> bool:
    """Return whether `promise` says in numbers how long data is kept."""
    return bool(promise.terms.keys() & {"at_most", "at_least"})
