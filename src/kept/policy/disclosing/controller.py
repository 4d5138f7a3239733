"""Whether a policy says who is responsible, and how they are reached."""

from kept.policy.disclosing.evidence import Evidence, Ruling, promises_of
from kept.policy.disclosing.statement import Statement
from kept.policy.disclosing.status import graded
from kept.promises.promise import Category

# Names in sentences about others are theirs.
_OTHERS = frozenset(
    {Category.SHARE, Category.THIRD_PARTY, Category.COOKIES, Category.TRANSFER, Category.PURPOSE}
)
_REACHED = ("has-email", "phone", "postal-address")


def identity(evidence: Evidence) -> Ruling:
    """Judge the controller's name and address: a name alone is half of it."""
    presented = [
        each
        for each in evidence.statements
        if "who-we-are" in each.around and not each.heading and not _tells_of_others(each)
    ]
    formal = [
        each
        for each in evidence.saying("controller-named", "legal-form")
        if not _tells_of_others(each)
    ]
    found = [*evidence.saying("self-named"), *formal, *presented[:1]]
    address = evidence.said("postal-address")
    status = graded(present=bool(found) and address, partial=bool(found))
    return Ruling(status, promises_of(found))


def contact(evidence: Evidence) -> Ruling:
    """Judge how the controller is reached: a channel with no address is half of it."""
    ours = [
        each
        for each in evidence.saying(*_REACHED, "contact-page")
        if not _tells_of_others(each) and "authority" not in each.says
    ]
    usable = [promise for promise in evidence.promises if promise.terms.get("contact")]
    asked = [
        each
        for each in evidence.saying("contact-us", "has-hidden-email")
        if any(
            promise.category in {Category.CONTACT, Category.RIGHTS, Category.CHOICE}
            for promise in each.promises
        )
    ]
    status = graded(present=bool(ours or usable), partial=bool(asked))
    return Ruling(status, (*promises_of([*ours, *asked]), *usable))


def representative(evidence: Evidence) -> Ruling:
    """Judge the representative in the Union: named and reachable, or only mentioned."""
    return _officer(evidence, "representative")


def data_protection_officer(evidence: Evidence) -> Ruling:
    """Judge the data protection officer: reachable, or only mentioned."""
    return _officer(evidence, "dpo")


def _officer(evidence: Evidence, name: str) -> Ruling:
    found = evidence.saying(name)
    reached = evidence.near([name], [*_REACHED, "contact-page"]) or any(
        promise.terms.get("contact") for each in found for promise in each.promises
    )
    return Ruling(graded(present=reached, partial=bool(found)), promises_of(found))


def _tells_of_others(statement: Statement) -> bool:
    return any(promise.category in _OTHERS for promise in statement.promises)
