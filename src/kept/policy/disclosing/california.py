"""Whether a policy states what California alone demands."""

from kept.policy.disclosing.evidence import Evidence, Ruling, promises_of
from kept.policy.disclosing.processing import has_period
from kept.policy.disclosing.status import graded
from kept.promises.promise import Category, Kind
from kept.vocabulary.duty import Duty

_SEVERAL = 2
_METHODS = ("has-email", "phone", "web-form", "postal-address")
_ASKING = frozenset({Category.RIGHTS, Category.CONTACT, Category.CHOICE})


def opt_out_of_sale(evidence: Evidence) -> Ruling:
    """Judge the right to opt out: that nothing is sold does not grant it."""
    found = [
        each
        for each in evidence.with_duty(Duty.NO_SALE)
        if each.kind is Kind.RIGHT and each.category is not Category.NO_SALE
    ]
    said = evidence.stating("opt-out-of-sale")
    return Ruling(graded(present=bool(found or said), partial=False), (*found, *promises_of(said)))


def limit_sensitive(evidence: Evidence) -> Ruling:
    """Judge the right to limit the use of sensitive information."""
    found = evidence.stating("limit-sensitive")
    return Ruling(graded(present=bool(found), partial=False), promises_of(found))


def non_retaliation(evidence: Evidence) -> Ruling:
    """Judge that nobody is treated worse for using a right."""
    found = [
        promise
        for each in evidence.saying("treated-alike")
        for promise in each.promises
        if Duty.NON_DISCRIMINATION in promise.duties
    ]
    firm = [each for each in found if each.kind not in {Kind.HEDGED, Kind.VAGUE}]
    return Ruling(graded(present=bool(firm), partial=bool(found)), tuple(found))


def twelve_months(evidence: Evidence) -> Ruling:
    """Judge the account of the last twelve months: what was collected, and what was given."""
    found = [
        each
        for each in evidence.saying("last-12-months")
        if not any(promise.category is Category.RETENTION for promise in each.promises)
    ]
    said = frozenset[str]().union(*(each.says for each in found))
    both = {"was-collected", "was-given"} <= said
    either = bool(said & {"was-collected", "was-given"})
    return Ruling(graded(present=both, partial=either), promises_of(found))


def sold_or_shared(evidence: Evidence) -> Ruling:
    """Judge whether sale and sharing are told of: "we do not sell" is half of it."""
    found = [
        each
        for each in evidence.with_duty(Duty.NO_SALE)
        if each.category is Category.NO_SALE or each.kind is not Kind.RIGHT
    ]
    both = [
        each for each in evidence.stating("sell-and-share") if "opt-out-of-sale" not in each.says
    ]
    sold = evidence.saying("we-sell")
    return Ruling(
        graded(present=bool(both), partial=bool(found or sold)),
        (*promises_of([*both, *sold]), *found),
    )


def retention_per_category(evidence: Evidence) -> Ruling:
    """Judge whether each category has its period: one alone is half of it."""
    numbered = [each for each in evidence.promises if has_period(each)]
    named = [each for each in numbered if each.data]
    double = [
        each for each in evidence.saying("two-periods") if any(map(has_period, each.promises))
    ]
    many = len(numbered)
    return Ruling(
        graded(
            present=len(named) >= _SEVERAL or many > _SEVERAL or bool(double),
            partial=bool(named) or many >= _SEVERAL,
        ),
        tuple(numbered),
    )


def request_methods(evidence: Evidence) -> Ruling:
    """Judge how requests are made: two ways, how they are verified, and by whom else."""
    asking = [
        each
        for each in evidence.statements
        if "about-requests" in each.says | each.around
        or any(promise.category in _ASKING for promise in each.promises)
    ]
    ways = {name for each in asking for name in each.says if name in _METHODS}
    proof = evidence.said("verifies-requests")
    agent = evidence.said("authorised-agent")
    signal = evidence.said("opt-out-signal")
    return Ruling(
        graded(
            present=len(ways) >= _SEVERAL and proof and (agent or signal),
            partial=agent or signal or (len(ways) >= _SEVERAL and evidence.said("california")),
        ),
        promises_of(evidence.saying("authorised-agent", "opt-out-signal", "verifies-requests")),
    )
