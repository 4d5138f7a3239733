"""Whether a policy grants the rights that law gives, and says how they are used."""

from kept.policy.disclosing.evidence import Evidence, Ruling
from kept.policy.disclosing.statement import Statement
from kept.policy.disclosing.status import Status, graded
from kept.promises.promise import Category, Kind, Promise
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

_GRANTING = frozenset(
    {
        Category.RIGHTS,
        Category.CHOICE,
        Category.DELETE,
        Category.BASIS,
        Category.CONTACT,
        Category.CHILDREN,
    }
)
_HALF = frozenset({Kind.HEDGED, Kind.CONDITIONAL, Kind.VAGUE})
_ACCOUNT = frozenset(each for each in DataCategory if each.value.startswith("user.account"))


def granted(evidence: Evidence, duty: Duty, *, half_by: Duty | None = None) -> Ruling:
    """Judge a right: hedged, or over the account alone, it is half granted.

    Args:
        evidence: What was said.
        duty: The duty that the right creates.
        half_by: A duty that is part of what the right gives.
    """
    best, by = Status.ABSENT, []
    for statement in evidence.statements:
        for promise in statement.promises:
            if duty in promise.duties and _grants(promise):
                best = max(best, _how_far(statement, promise))
                by.append(promise)
    if best is Status.ABSENT and half_by is not None:
        by = [each for each in evidence.with_duty(half_by) if _grants(each)]
        best = graded(present=False, partial=bool(by))
    return Ruling(best, tuple(by))


def _grants(promise: Promise) -> bool:
    return promise.kind is Kind.RIGHT or promise.category in _GRANTING


def _how_far(statement: Statement, promise: Promise) -> Status:
    only_account = bool(promise.data) and _ACCOUNT.issuperset(promise.data)
    half = (
        promise.kind in _HALF
        or "hedge" in statement.says
        or (only_account and "all-data" not in statement.says)
    )
    return graded(present=not half, partial=True)


def withdrawal(evidence: Evidence) -> Ruling:
    """Judge the withdrawal of consent: leaving a mailing list is a part of it."""
    asked = evidence.with_duty(Duty.CONSENT)
    half = Duty.MARKETING_OPT_OUT if asked else None
    return granted(evidence, Duty.CONSENT_WITHDRAWAL, half_by=half)


def answer_time(evidence: Evidence) -> Ruling:
    """Judge how soon requests are answered: "reasonable" is half of it."""
    asked = evidence.saying("answers-requests")
    timed = [
        promise
        for each in asked
        for promise in each.promises
        if promise.terms.get("within") and promise.category is not Category.SECURITY
    ]
    numbered = [each for each in asked if "number-of-days" in each.says]
    vague = [each for each in asked if "vague-time" in each.says]
    found = [*timed, *(promise for each in [*numbered, *vague] for promise in each.promises)]
    return Ruling(
        graded(present=bool(timed or numbered), partial=bool(vague)),
        tuple(found),
    )


def right_to_know(evidence: Evidence) -> Ruling:
    """Judge the right to know: the right of access says half of it."""
    known = granted(evidence, Duty.RIGHT_TO_KNOW)
    return known if known.status else _half_of(granted(evidence, Duty.RIGHT_ACCESS))


def _half_of(ruling: Ruling) -> Ruling:
    """Return what a full right under another law says of one of California's."""
    if ruling.status is Status.PRESENT:
        return Ruling(Status.PARTIAL, ruling.promises)
    return Ruling(Status.ABSENT)


def in_california(evidence: Evidence, duty: Duty) -> Ruling:
    """Judge a right of Californians: granted by another law's name, it is half of it."""
    anywhere = granted(evidence, duty)
    named = [
        promise
        for statement in evidence.statements
        if "california" in statement.says | statement.around
        for promise in statement.promises
        if duty in promise.duties and _grants(promise) and promise.kind not in _HALF
    ]
    if named:
        return Ruling(Status.PRESENT, tuple(named))
    return Ruling(min(anywhere.status, Status.PARTIAL), anywhere.promises)
