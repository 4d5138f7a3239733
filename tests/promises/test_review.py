import contextlib
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.promises.identity import promise_ids
from kept.promises.promise import (
    Category,
    Clause,
    Document,
    FindingKind,
    Kind,
    Promise,
    Register,
    TextFinding,
)
from kept.promises.review import Missed, Reading, Review, Verb, parse_review
from kept.promises.review_application import apply
from kept.promises.review_errors import ReviewError, ReviewKeyError
from kept.promises.review_writing import propose
from kept.vocabulary.duty import Duty

KEEP = "We keep your orders for 24 months after your account is closed."
SHARE = "We never sell your personal data to anybody."
REGULAR = "We regularly test our systems."


def register(*said: tuple[str, Category, Kind]) -> tuple[Register, str]:
    text = "\n".join(quote for quote, _, _ in said)
    ids = promise_ids((quote, category) for quote, category, _ in said)
    promises = []
    start = 0
    for (quote, category, kind), name in zip(said, ids, strict=True):
        clause = Clause(
            document="p.md", start=start, end=start + len(quote), quote=quote, language="en"
        )
        promises.append(
            Promise(id=name, clause=clause, category=category, kind=kind, duties=(Duty.RETENTION,))
        )
        start += len(quote) + 1
    document = Document(name="p.md", sha256="0", language="en", version_date=None, title="")
    return Register(documents=(document,), promises=tuple(promises)), text


READ, TEXT = register(
    (KEEP, Category.RETENTION, Kind.FIRM),
    (SHARE, Category.NO_SALE, Kind.FIRM),
    (REGULAR, Category.SECURITY, Kind.VAGUE),
)
KEPT, SOLD, TESTED = (each.id for each in READ.promises)


def review(text: str) -> Review:
    return parse_review(text)


def test_no_decisions_change_nothing() -> None:
    reviewed = apply(READ, Review(), {"p.md": TEXT})
    assert reviewed.register == READ
    assert not reviewed.terms


def test_a_correction_replaces_what_was_read_and_keeps_the_id() -> None:
    decided = review(
        f'[promises.{KEPT}]\ndecision = "correct"\ncategory = "delete"\nkind = "vague"\n'
        'duties = ["right-erasure"]\ndata = ["user.contact"]\nterms = { at_most = "25 months" }\n'
    )
    promise = apply(READ, decided, {}).register.promises[0]
    assert (promise.id, promise.category, promise.kind) == (KEPT, Category.DELETE, Kind.VAGUE)
    assert promise.duties == (Duty.RIGHT_ERASURE,)
    assert promise.terms == {"at_most": "25 months"}
    assert promise.clause == READ.promises[0].clause


def test_an_empty_list_takes_every_duty_away_and_no_list_takes_none() -> None:
    emptied = review(f'[promises.{KEPT}]\ndecision = "correct"\nduties = []\n')
    assert apply(READ, emptied, {}).register.promises[0].duties == ()
    silent = review(f'[promises.{KEPT}]\ndecision = "correct"\n')
    assert apply(READ, silent, {}).register.promises[0].duties == (Duty.RETENTION,)


def test_a_refused_reading_is_no_promise_and_is_told_with_its_reason() -> None:
    remark = TextFinding(
        kind=FindingKind.VAGUE,
        clause=READ.promises[2].clause,
        note="When?",
        promises=(TESTED,),
    )
    decided = review(f'[promises.{TESTED}]\ndecision = "refuse"\nreason = "A heading."\n')
    reviewed = apply(replace(READ, findings=(remark,)), decided, {}).register
    assert [each.id for each in reviewed.promises] == [KEPT, SOLD]
    assert [each.kind for each in reviewed.findings] == [FindingKind.REVIEW]
    assert "A heading." in reviewed.findings[0].note


def test_a_proposal_changes_nothing() -> None:
    proposed = review(f'[promises.{KEPT}]\ndecision = "proposed"\nkind = "vague"\n')
    assert apply(READ, proposed, {}).register == READ


def test_terms_settle_a_vague_promise() -> None:
    decided = review(
        f'[promises.{TESTED}]\ndecision = "accept"\n'
        'settled = { at_most = "12 months", counted_from = "last test" }\n'
    )
    assert apply(READ, decided, {}).terms == {
        TESTED: {"at_most": "12 months", "counted_from": "last test"}
    }


def test_a_decision_follows_reworded_words_and_asks_for_another_look() -> None:
    new, text = register(
        ("We keep all your orders for 24 months after your account is closed.",
         Category.RETENTION, Kind.FIRM),
        (SHARE, Category.NO_SALE, Kind.FIRM),
    )  # fmt: skip
    decided = review(
        f'[promises.{KEPT}]\ndecision = "correct"\nquote = "{KEEP}"\nread_as = "retention"\n'
        'kind = "vague"\nterms = { at_most = "25 months" }\n'
    )
    reviewed = apply(new, decided, {"p.md": text})
    assert reviewed.moved == {KEPT: new.promises[0].id}
    assert reviewed.register.promises[0].kind is Kind.VAGUE
    assert reviewed.register.promises[0].terms == {}, "corrected numbers do not follow"
    assert "look again" in reviewed.register.findings[0].note
    assert not reviewed.orphaned


@pytest.mark.parametrize(
    "words",
    [
        ["We keep your orders for 24 months.", "We count after your account is closed."],
        [KEEP.rstrip(".") + " and then delete them."],
    ],
)
@pytest.mark.parametrize("verb", ["accept", "correct", "refuse"])
def test_a_decision_on_words_that_were_split_or_merged_is_shown_and_decides_nothing(
    words: list[str], verb: str
) -> None:
    new, text = register(
        *((each, Category.RETENTION, Kind.FIRM) for each in words),
        (SHARE, Category.NO_SALE, Kind.FIRM),
    )
    quote = (
        KEEP.rstrip(".")
        if len(words) == 1
        else "We keep your orders for 24 months. We count after the account."
    )
    decided = review(
        f'[promises.{KEPT}]\ndecision = "{verb}"\nquote = "{quote}"\nread_as = "retention"\n'
        'kind = "vague"\nreason = "r"\nsettled = { at_most = "1 month" }\n'
    )
    reviewed = apply(new, decided, {"p.md": text})
    assert reviewed.moved == {KEPT: new.promises[0].id}
    assert reviewed.register.promises == new.promises, "nobody decided on these words"
    assert reviewed.terms == {}
    assert "look again" in reviewed.register.findings[0].note
    assert not reviewed.orphaned


def test_a_few_words_that_stand_in_many_are_chance() -> None:
    new, text = register((KEEP + " " + SHARE * 6, Category.RETENTION, Kind.FIRM))
    decided = review(
        f'[promises.{KEPT}]\ndecision = "accept"\nquote = "your orders"\nread_as = "retention"\n'
    )
    assert len(apply(new, decided, {"p.md": text}).orphaned) == 1


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n\n", "\u2028", " \n"])
def test_other_line_endings_and_wraps_leave_decisions_where_they_are(ending: str) -> None:
    wrapped = KEEP.replace(" for ", f"{ending}for ")
    new, text = register((wrapped, Category.RETENTION, Kind.FIRM))
    decided = review(
        f'[promises.{KEPT}]\ndecision = "refuse"\nreason = "r"\nquote = "{KEEP}"\n'
        'read_as = "retention"\n'
    )
    reviewed = apply(new, decided, {"p.md": text})
    assert reviewed.register.promises == ()
    assert not reviewed.orphaned


def test_a_refusal_does_not_silence_new_words() -> None:
    new, _ = register(
        ("We keep your orders for 36 months after your account is closed.",
         Category.RETENTION, Kind.FIRM),
    )  # fmt: skip
    decided = review(
        f'[promises.{KEPT}]\ndecision = "refuse"\nreason = "Old."\nquote = "{KEEP}"\n'
        'read_as = "retention"\n'
    )
    assert len(apply(new, decided, {}).register.promises) == 1


def test_an_acceptance_does_not_make_firm_what_is_hedged_now() -> None:
    firm, _ = register(("We encrypt your data in transit.", Category.SECURITY, Kind.FIRM))
    hedged, _ = register(("We may encrypt your data in transit.", Category.SECURITY, Kind.HEDGED))
    held = propose("", firm, apply(firm, Review(), {})).replace('"proposed"', '"accept"')
    reviewed = apply(hedged, parse_review(held), {})
    assert list(reviewed.moved) == [firm.promises[0].id]
    assert reviewed.register.promises == hedged.promises
    assert [each.kind for each in reviewed.register.findings] == [FindingKind.REVIEW]


def test_a_refusal_holds_for_the_same_words_read_as_something_else() -> None:
    new, _ = register((KEEP, Category.GENERAL, Kind.FIRM))
    decided = review(f'[promises.{KEPT}]\ndecision = "refuse"\nreason = "No."\nquote = "{KEEP}"\n')
    reviewed = apply(new, decided, {})
    assert reviewed.register.promises == ()
    assert list(reviewed.moved) == [KEPT]


def test_a_decision_whose_words_are_gone_or_doubtful_is_told() -> None:
    decided = review(
        f'[promises.{KEPT}]\ndecision = "accept"\nquote = "{KEEP}"\nread_as = "retention"\n'
    )
    gone, _ = register((SHARE, Category.NO_SALE, Kind.FIRM))
    assert [each.promise for each in apply(gone, decided, {}).orphaned] == [KEPT]
    two, _ = register(
        (KEEP.replace("orders", "ordersA"), Category.RETENTION, Kind.FIRM),
        (KEEP.replace("orders", "ordersB"), Category.RETENTION, Kind.FIRM),
    )
    assert [each.promise for each in apply(two, decided, {}).orphaned] == [KEPT]


def test_words_read_as_something_else_keep_their_decision() -> None:
    new, _ = register((KEEP, Category.GENERAL, Kind.FIRM))
    decided = review(
        f'[promises.{KEPT}]\ndecision = "correct"\nquote = "{KEEP}"\nread_as = "retention"\n'
        'category = "retention"\n'
    )
    reviewed = apply(new, decided, {})
    assert reviewed.register.promises[0].category is Category.RETENTION
    assert list(reviewed.moved) == [KEPT]


def test_a_missed_promise_is_found_by_its_words_and_stands_in_order() -> None:
    decided = review(
        '[[missed]]\ndocument = "p.md"\nquote = "your orders  for 24 months"\n'
        'category = "retention"\nkind = "firm"\nduties = ["retention"]\n'
    )
    promises = apply(READ, decided, {"p.md": TEXT}).register.promises
    assert len(promises) == 4
    added = promises[1]
    assert TEXT[added.clause.start : added.clause.end] == added.clause.quote
    assert added.clause.quote == "your orders for 24 months"


def test_a_missed_promise_whose_words_are_not_there_is_told() -> None:
    for document in ("p.md", "other.md"):
        decided = review(
            f'[[missed]]\ndocument = "{document}"\nquote = "not there"\n'
            'category = "retention"\nkind = "firm"\n'
        )
        reviewed = apply(READ, decided, {"p.md": TEXT})
        assert reviewed.register == READ
        assert len(reviewed.absent) == 1


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('[promise.a]\ndecision = "accept"', "promises"),
        ('[promises.a]\ndecison = "accept"', "decision"),
        ('[promises.a]\ndecision = "accept"\nsettled = { at_mots = "1 day" }', "at_most"),
        ('[[missed]]\nqoute = "x"', "quote"),
    ],
)
def test_an_unknown_key_is_refused_naming_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(ReviewKeyError) as refused:
        parse_review(text)
    assert nearest in refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "= 1",
        "promises = 1",
        "missed = 1",
        "missed = [1]",
        "[promises]\na = 1",
        "[promises.a]",
        '[promises.a]\ndecision = "acept"',
        "[promises.a]\ndecision = 1",
        '[promises.a]\ndecision = "refuse"',
        '[promises.a]\ndecision = "accept"\nquote = 1',
        '[promises.a]\ndecision = "accept"\nduties = "retention"',
        '[promises.a]\ndecision = "accept"\nduties = ["retentions"]',
        '[promises.a]\ndecision = "accept"\nduties = [["retention"]]',
        '[promises.a]\ndecision = "accept"\nsettled = { at_most = 12 }',
        '[promises.a]\ndecision = "accept"\nsettled = { at_most = "soon" }',
        '[promises.a]\ndecision = "accept"\nsettled = { age = true }',
        '[promises.a]\ndecision = "accept"\nterms = { age = 0 }',
        '[promises.a]\ndecision = "accept"\nterms = { date = 2025-01-04 }',
        '[promises.a]\ndecision = "accept"\nterms = { date = { a = 1 } }',
        '[[missed]]\ndocument = "p"\nquote = " "\ncategory = "scope"\nkind = "firm"',
        '[[missed]]\ndocument = "p"\nquote = "x"\ncategory = "scope"',
        '[[missed]]\ndecision = "refuse"\ndocument = "p"\nquote = "x"\nkind = "firm"',
    ],
)
def test_what_cannot_be_a_decision_is_refused(text: str) -> None:
    with pytest.raises(ReviewError):
        parse_review(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ReviewError):
        parse_review(text)


def test_a_proposal_is_written_for_each_promise_and_reads_back() -> None:
    text = propose("", READ, apply(READ, Review(), {}))
    parsed = parse_review(text)
    assert {each.promise for each in parsed.decisions} == {KEPT, SOLD, TESTED}
    assert all(each.verb is Verb.PROPOSED for each in parsed.decisions)
    assert apply(READ, parsed, {}).register == READ
    assert "settled" in text, "a vague promise says how it can be settled"
    assert propose(text, READ, apply(READ, parsed, {})) == text


def test_writing_never_touches_a_decision_or_a_comment() -> None:
    held = (
        "# our lawyer read these\n"
        f'[promises.{KEPT}]  # 2 March\ndecision = "refuse"\nreason = "No."\n'
    )
    text = propose(held, READ, apply(READ, parse_review(held), {}))
    assert text.startswith(held.rstrip())
    assert tomllib.loads(text)["promises"][KEPT] == {"decision": "refuse", "reason": "No."}
    assert len(tomllib.loads(text)["promises"]) == 3


def test_accepting_what_a_decision_moved_to_lets_the_old_entry_go() -> None:
    new, _ = register(
        ("We keep all your orders for 24 months after your account is closed.",
         Category.RETENTION, Kind.FIRM),
    )  # fmt: skip
    held = (
        f'[promises.{KEPT}]\ndecision = "correct"\nquote = "{KEEP}"\nread_as = "retention"\n'
        'kind = "vague"\n'
    )
    text = propose(held, new, apply(new, parse_review(held), {}))
    assert f'moved_from = "{KEPT}"' in text
    accepted = text.replace('"proposed"', '"accept"')
    reviewed = apply(new, parse_review(accepted), {})
    assert reviewed.register.promises[0].kind is Kind.VAGUE
    assert not reviewed.orphaned
    assert not reviewed.moved


def test_what_a_second_opinion_proposes_is_written_once_and_adds_nothing() -> None:
    proposed = Missed(
        document="p.md",
        quote="your orders for 24 months",
        reading=Reading(category=Category.RETENTION, kind=Kind.FIRM, duties=(Duty.RETENTION,)),
        verb=Verb.PROPOSED,
        reason="It names a period.",
    )
    text = propose("", READ, apply(READ, Review(), {}), [proposed])
    parsed = parse_review(text)
    assert parsed.missed == (proposed,)
    assert apply(READ, parsed, {"p.md": TEXT}).register == READ
    assert propose(text, READ, apply(READ, parsed, {}), [proposed]) == text


def test_the_example_of_the_reference_is_read() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "promises.md"
    example = page.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    parsed = parse_review(example)
    assert [each.verb for each in parsed.decisions] == [Verb.ACCEPT, Verb.ACCEPT, Verb.REFUSE]
    assert len(parsed.missed) == 1
