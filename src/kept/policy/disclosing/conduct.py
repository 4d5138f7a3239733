"""Whether a policy says how data is guarded, and whom and since when it binds."""

from kept.policy.disclosing.evidence import Evidence, Ruling, promises_of
from kept.policy.disclosing.status import graded
from kept.promises.promise import Category, Kind
from kept.vocabulary.duty import Duty

_SEVERAL = 2
_HALF = frozenset({Kind.HEDGED, Kind.CONDITIONAL, Kind.VAGUE})
_MEASURES = frozenset(
    {
        Duty.ENCRYPTION_IN_TRANSIT,
        Duty.ENCRYPTION_AT_REST,
        Duty.ACCESS_CONTROL,
        Duty.AUTHENTICATION,
        Duty.PROTECTED_HOSTS,
        Duty.SECURITY_TESTING,
        Duty.STAFF_TRAINING,
        Duty.PATCHING,
        Duty.PRIVACY_BY_DESIGN,
        Duty.MONITORING_AND_LOGGING,
    }
)


def breach(evidence: Evidence) -> Ruling:
    """Judge what is said of breaches: told "where required" is half of it."""
    told = evidence.with_duty(Duty.BREACH_NOTIFICATION)
    lawful = [
        each
        for each in evidence.saying("breach-clock")
        if any(Duty.BREACH_NOTIFICATION in promise.duties for promise in each.promises)
    ]
    firm = [each for each in told if each.kind not in _HALF]
    handled = [
        each
        for each in evidence.with_duty(Duty.INCIDENT_RESPONSE)
        if each.category is Category.INCIDENT
    ]
    return Ruling(
        graded(present=bool(firm or lawful), partial=bool(told or handled)), (*told, *handled)
    )


def cookie_consent(evidence: Evidence) -> Ruling:
    """Judge consent to cookies: a browser's settings are no consent."""
    about = list(evidence.about(lambda each: each.category is Category.COOKIES))
    about += [each for each in evidence.saying("cookie-consent", "no-cookies") if each not in about]
    asked = [
        each
        for each in about
        if "cookie-consent" in each.says
        or "no-cookies" in each.says
        or any(
            Duty.CONSENT in promise.duties and promise.category is Category.COOKIES
            for promise in each.promises
        )
    ]
    choice = [
        each
        for each in about
        if "cookie-choice-elsewhere" in each.says
        or (
            "browser" not in each.says
            and any(
                Duty.COOKIE_CHOICE in promise.duties and promise.kind is not Kind.DISCLAIMER
                for promise in each.promises
            )
        )
    ]
    hedged = bool(asked) and all("hedge" in each.says for each in asked)
    return Ruling(
        graded(present=bool(asked) and not hedged, partial=bool(choice or asked)),
        promises_of([*asked, *choice]),
    )


def children(evidence: Evidence) -> Ruling:
    """Judge what is said of children: without an age it is half of it."""
    found = evidence.of(Category.CHILDREN)
    aged = [each for each in found if "age" in each.terms]
    return Ruling(graded(present=bool(aged), partial=bool(found)), tuple(found))


def security(evidence: Evidence) -> Ruling:
    """Judge how data is secured: "reasonable measures" is half of it, a boast is nothing."""
    found = [
        each
        for each in evidence.of(Category.SECURITY, Category.MINIMISE, Category.DELETE)
        if each.category is Category.SECURITY and each.duties and not each.impossible
    ]
    named = {
        duty
        for each in found
        if each.kind is not Kind.VAGUE
        for duty in _MEASURES & set(each.duties)
    }
    return Ruling(graded(present=len(named) >= _SEVERAL, partial=bool(found)), tuple(found))


def version_date(evidence: Evidence) -> Ruling:
    """Judge the date of the text: one that can be read in two ways is half of it."""
    stated = [each for each in evidence.with_duty(Duty.POLICY_VERSION) if "date" in each.terms]
    unclear = [
        each
        for each in evidence.with_duty(Duty.POLICY_VERSION)
        if "date" not in each.terms and any(letter.isdigit() for letter in each.clause.quote)
    ]
    return Ruling(graded(present=bool(stated), partial=bool(unclear)), (*stated, *unclear))
