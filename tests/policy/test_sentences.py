"""What single sentences of other trades promise: each was once missed or misread."""

import pytest

from kept.policy.reader import Source, read
from kept.vocabulary.duty import Duty

SENTENCES = [
    (
        "Records are kept for ten years after the last visit, and for minors until they are 25.",
        {Duty.RETENTION},
    ),
    (
        "Records are stored on encrypted servers in Ireland.",
        {Duty.ENCRYPTION_AT_REST, Duty.TRANSFERS},
    ),
    (
        "We may transfer data to affiliates abroad under standard contractual clauses.",
        {Duty.TRANSFERS},
    ),
    (
        "We send promotional messages; reply STOP at any time to opt out.",
        {Duty.MARKETING_OPT_OUT},
    ),
    (
        "We will notify you by text message at least 30 days before any material change.",
        {Duty.POLICY_CHANGE_NOTICE},
    ),
    (
        "You may access, rectify, erase, restrict or port your data, and object to processing.",
        {
            Duty.RIGHT_ACCESS,
            Duty.RIGHT_RECTIFICATION,
            Duty.RIGHT_ERASURE,
            Duty.RIGHT_RESTRICTION,
            Duty.RIGHT_PORTABILITY,
            Duty.RIGHT_OBJECTION,
        },
    ),
    (
        "We will not tell anyone what you borrow, unless a court orders us to.",
        {Duty.LAWFUL_DISCLOSURE},
    ),
    (
        "Write to the librarian to see what we hold about you or to have mistakes corrected.",
        {Duty.RIGHT_ACCESS, Duty.RIGHT_RECTIFICATION},
    ),
    ("Deleting your account removes your profile immediately.", {Duty.ERASURE_OR_ANONYMISATION}),
]


@pytest.mark.parametrize(
    ("sentence", "duties"), SENTENCES, ids=[each[0][:40] for each in SENTENCES]
)
def test_a_sentence_makes_the_duties_that_it_speaks_of(sentence: str, duties: set[Duty]) -> None:
    text = f"# Privacy policy\n\nThis policy says what we do with your data.\n\n{sentence}\n"
    register = read([Source("policy.md", text.encode())])
    found = {duty for each in register.promises for duty in each.duties}
    assert duties <= found


def test_other_members_who_see_a_profile_are_no_profiling() -> None:
    register = read([Source("policy.md", b"# Privacy policy\n\nOther members see your profile.\n")])
    assert Duty.RIGHT_OBJECTION not in {duty for each in register.promises for duty in each.duties}
