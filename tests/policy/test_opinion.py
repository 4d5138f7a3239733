from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.policy.opinion import (
    MOST_PROPOSALS,
    Opinion,
    Proposal,
    Refusal,
    SecondOpinion,
    hear,
)
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Category, FindingKind, Kind, Register
from kept.promises.review import Review, Verb, parse_review
from kept.promises.review_application import apply
from kept.promises.review_writing import propose
from kept.vocabulary.duty import Duty

TEXT = """# Privacy policy

## How long we keep it

We keep your orders for 24 months after your account is closed.

## And more

The glass frog looks after\nyour secrets at night.
"""
FROG = "The glass frog looks after your secrets at night."


class Fake:
    """A second reader that says what it was told to say."""

    def __init__(self, *proposals: Proposal) -> None:
        self.proposals = proposals

    def propose(self, text: str, register: Register) -> Iterable[Proposal]:
        assert text
        assert register.documents
        return self.proposals


REGISTER = read([Source("p.md", TEXT.encode())])


def heard(*proposals: Proposal, review: Review | None = None) -> Opinion:
    second: SecondOpinion = Fake(*proposals)
    return hear(second.propose(TEXT, REGISTER), TEXT, "p.md", REGISTER, review or Review())


def proposal(quote: object = FROG, **more: object) -> Proposal:
    said: dict[str, object] = {"category": "security", "kind": "firm", "duties": ["access-control"]}
    return Proposal(quote=quote, **(said | more))


def test_exact_words_become_a_proposal_with_offsets_found_by_us() -> None:
    opinion = heard(proposal(reason="It guards."))
    (missed,) = opinion.missed
    assert missed.verb is Verb.PROPOSED
    assert (missed.reading.category, missed.reading.kind) == (Category.SECURITY, Kind.FIRM)
    assert missed.reading.duties == (Duty.ACCESS_CONTROL,)
    (finding,) = opinion.findings
    clause = finding.clause
    assert TEXT[clause.start : clause.end] == clause.quote == missed.quote
    assert finding.kind is FindingKind.REVIEW


def test_nothing_that_is_proposed_is_a_promise_before_a_person_says_so() -> None:
    opinion = heard(proposal())
    assert not any(each.promises for each in opinion.findings)
    text = propose("", REGISTER, apply(REGISTER, Review(), {}), opinion.missed)
    assert apply(REGISTER, parse_review(text), {"p.md": TEXT}).register.promises == (
        REGISTER.promises
    )
    start = text.index("[[missed]]")
    accepted = text[:start] + text[start:].replace('"proposed"', '"accept"')
    promises = apply(REGISTER, parse_review(accepted), {"p.md": TEXT}).register.promises
    assert {each.category for each in promises if "glass frog" in each.clause.quote} >= {
        Category.SECURITY
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (proposal("The glass frog looks after your money at night."), Refusal.NOT_IN_TEXT),
        (proposal("the glass frog"), Refusal.NOT_IN_TEXT),
        (proposal(""), Refusal.TOO_SHORT),
        (proposal("T"), Refusal.TOO_SHORT),
        (proposal("x" * 5000), Refusal.TOO_SHORT),
        (proposal(category="safety"), Refusal.UNKNOWN_VALUE),
        (proposal(kind="kept"), Refusal.UNKNOWN_VALUE),
        (proposal(duties=["ignore-all-rules"]), Refusal.UNKNOWN_VALUE),
        (proposal(duties="access-control"), Refusal.UNKNOWN_VALUE),
        (proposal(duties=[["access-control"]]), Refusal.UNKNOWN_VALUE),
        (proposal(data=["user.soul"]), Refusal.UNKNOWN_VALUE),
        (proposal(category=None), Refusal.UNKNOWN_VALUE),
        (proposal(quote=7), Refusal.UNKNOWN_VALUE),
    ],
)
def test_what_is_not_in_the_text_or_not_in_the_vocabulary_is_refused(
    wrong: Proposal, why: Refusal
) -> None:
    opinion = heard(wrong)
    assert opinion.missed == ()
    assert opinion.findings == ()
    assert opinion.refused == ((wrong, why),)


def test_a_decision_is_never_overridden() -> None:
    promise = next(each for each in REGISTER.promises if "24 months" in each.clause.quote)
    other = proposal(promise.clause.quote, category="general", kind="disclaimer", duties=[])
    part = proposal("your orders for 24 months", category="general", kind="disclaimer", duties=[])
    assert len(heard(other).missed) == 1
    review = parse_review(f'[promises.{promise.id}]\ndecision = "accept"\n')
    opinion = heard(other, part, review=review)
    assert opinion.missed == ()
    assert {why for _, why in opinion.refused} == {Refusal.DECIDED}
    proposed = parse_review(f'[promises.{promise.id}]\ndecision = "proposed"\n')
    assert len(heard(other, review=proposed).missed) == 1


def test_what_is_read_so_already_is_not_proposed() -> None:
    promise = next(each for each in REGISTER.promises if "24 months" in each.clause.quote)
    same = proposal(
        promise.clause.quote, category=promise.category.value, kind=promise.kind.value, duties=[]
    )
    assert [why for _, why in heard(same).refused] == [Refusal.READ_ALIKE]


def test_what_is_said_twice_or_without_end_is_heard_once() -> None:
    opinion = heard(*[proposal()] * (MOST_PROPOSALS + 5))
    assert len(opinion.missed) == 1
    assert opinion.refused[-1][1] is Refusal.TOO_MANY


def test_a_reason_cannot_command_a_terminal() -> None:
    (missed,) = heard(proposal(reason="\x1b[2Jgone\n" + "long " * 500)).missed
    assert "\x1b" not in missed.reason
    assert "\n" not in missed.reason
    assert len(missed.reason) <= 300


@given(st.builds(Proposal, quote=st.text(max_size=40), category=st.text(), kind=st.text()))
def test_whatever_is_said_the_promises_stay_and_quotes_are_exact(said: Proposal) -> None:
    opinion = heard(said)
    for finding in opinion.findings:
        clause = finding.clause
        assert TEXT[clause.start : clause.end] == clause.quote
