from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.promises.difference import Change, Changed, difference
from kept.promises.difference_meaning import Effect
from kept.promises.identity import promise_ids
from kept.promises.promise import Category, Clause, Kind, Promise
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.right import Right


def promise(
    quote: str, category: Category = Category.RETENTION, kind: Kind = Kind.FIRM, **more: object
) -> Promise:
    (name,) = promise_ids([(quote, category)])
    clause = Clause(document="p", start=0, end=len(quote), quote=quote, language="en")
    duties = more.pop("duties", (Duty.RETENTION,))
    return Promise(
        id=name, clause=clause, category=category, kind=kind, duties=duties, **more  # type: ignore[arg-type] - whatever a test names
    )  # fmt: skip


def denies(clause: Clause) -> bool:
    return " never " in clause.quote


def one(old: Promise, new: Promise) -> Changed:
    (changed,) = difference([old], [new], denies)
    return changed


def test_the_same_text_is_unchanged_throughout() -> None:
    said = [promise("We keep it."), promise("We test it.", Category.SECURITY)]
    assert {each.change for each in difference(said, said, denies)} == {Change.UNCHANGED}


def test_other_line_wraps_change_nothing() -> None:
    assert one(promise("We keep  it\nlong."), promise("we keep it long.")).change is (
        Change.UNCHANGED
    )


def test_what_comes_and_goes_stands_in_its_place() -> None:
    first, second, third = (
        promise("We keep your orders for years."),
        promise("Every server is locked away.", Category.SECURITY),
        promise("Cookies remember your language.", Category.COOKIES, Kind.DISCLOSURE),
    )
    changes = difference([first, second], [third, second], denies)
    assert [(each.change, each.old or each.new) for each in changes] == [
        (Change.REMOVED, first),
        (Change.ADDED, third),
        (Change.UNCHANGED, second),
    ]


KEEP = "We keep your orders for {} after your account is closed."


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ("24 months", "36 months", Effect.WEAKENED),
        ("24 months", "2 years", Effect.UNCLEAR),
        ("3 years", "24 months", Effect.STRENGTHENED),
        ("90 days", "1 year", Effect.WEAKENED),
    ],
)
def test_a_longer_period_is_less_for_the_person(before: str, after: str, effect: Effect) -> None:
    changed = one(
        promise(KEEP.format(before), terms={"at_most": before}),
        promise(KEEP.format(after), terms={"at_most": after}),
    )
    (aspect,) = changed.what
    assert (aspect.name, aspect.old, aspect.new) == ("period", before, after)
    assert changed.effect is effect


def test_a_lower_age_is_less_for_the_person() -> None:
    old = promise("Nobody under 16 may join.", Category.CHILDREN, terms={"age": 16})
    new = promise("Nobody under 13 may join.", Category.CHILDREN, terms={"age": 13})
    assert one(old, new).effect is Effect.WEAKENED
    assert one(new, old).effect is Effect.STRENGTHENED


def test_a_firm_promise_that_is_hedged_is_less() -> None:
    firm = promise("We encrypt your data in transit.", Category.SECURITY)
    hedged = promise("We may encrypt your data in transit.", Category.SECURITY, Kind.HEDGED)
    assert one(firm, hedged).effect is Effect.WEAKENED
    assert one(hedged, firm).effect is Effect.STRENGTHENED


def test_a_not_that_goes_is_less() -> None:
    no = promise("We never sell your personal data.", Category.NO_SALE)
    yes = promise("We may sell your personal data.", Category.SHARE, Kind.HEDGED)
    changed = one(no, yes)
    assert "polarity" in {each.name for each in changed.what}
    assert changed.effect is Effect.WEAKENED


def test_more_data_is_less_where_it_is_collected_and_more_where_it_is_not() -> None:
    email, phone = DataCategory.USER_CONTACT_EMAIL, DataCategory.USER_CONTACT_PHONE_NUMBER
    few = promise("We collect your email.", Category.COLLECT, data=(email,))
    more = promise("We collect your email and phone.", Category.COLLECT, data=(email, phone))
    assert one(few, more).effect is Effect.WEAKENED
    not_few = promise("We never collect your email.", Category.COLLECT, data=(email,))
    not_more = promise("We never collect your email, phone.", Category.COLLECT, data=(email, phone))
    assert one(not_few, not_more).effect is Effect.STRENGTHENED


def test_a_right_that_is_gone_is_less() -> None:
    right = promise("You may ask for a copy.", Category.RIGHTS, Kind.RIGHT, rights=(Right.ACCESS,))
    (gone,) = difference([right], [], denies)
    assert (gone.change, gone.effect) == (Change.REMOVED, Effect.WEAKENED)
    (come,) = difference([], [right], denies)
    assert (come.change, come.effect) == (Change.ADDED, Effect.STRENGTHENED)


def test_opposite_effects_are_not_weighed() -> None:
    old = promise("We keep orders for 24 months.", kind=Kind.HEDGED, terms={"at_most": "24 months"})
    new = promise("We keep orders for 36 months.", kind=Kind.FIRM, terms={"at_most": "36 months"})
    assert one(old, new).effect is Effect.UNCLEAR


def test_a_new_date_of_the_policy_is_one_promise() -> None:
    old = promise("Last updated: January 4, 2025", Category.CHANGE, terms={"date": "2025-01-04"})
    new = promise("Effective 1/3/26", Category.CHANGE, terms={"date": "2026-03-01"})
    (aspect,) = one(old, new).what
    assert (aspect.name, aspect.old, aspect.new) == ("date", "2025-01-04", "2026-03-01")


def test_a_number_that_no_term_holds_is_told() -> None:
    old = promise("We make 3 copies of the keys.", Category.SECURITY)
    new = promise("We make 2 copies of the keys.", Category.SECURITY)
    (aspect,) = one(old, new).what
    assert (aspect.name, aspect.old, aspect.new) == ("numbers", ["3"], ["2"])


def test_the_same_words_under_another_heading_are_told() -> None:
    old = promise("Your email address", Category.SHARE, Kind.CONDITIONAL)
    new = promise("Your email address", Category.SHARE, Kind.DISCLOSURE)
    changed = one(old, new)
    assert (changed.change, changed.effect) == (Change.REWORDED, Effect.WEAKENED)


_QUOTES = st.lists(
    st.sampled_from(
        ["We keep it.", "We keep it long.", "We never keep it.", "Ask us.", "Ask us for it.", "١٢"]
    ),
    max_size=6,
)


def named(quotes: Sequence[str]) -> list[Promise]:
    names = promise_ids((quote, Category.RETENTION) for quote in quotes)
    return [
        Promise(
            id=name,
            clause=Clause(document="p", start=0, end=len(quote), quote=quote, language="en"),
            category=Category.RETENTION,
            kind=Kind.FIRM,
            duties=(),
        )
        for name, quote in zip(names, quotes, strict=True)
    ]


@given(_QUOTES, _QUOTES)
def test_every_promise_of_both_versions_is_told_once(before: list[str], after: list[str]) -> None:
    old, new = named(before), named(after)
    changes = difference(old, new, denies)
    assert [each.new for each in changes if each.new] == new
    assert sorted(each.old.id for each in changes if each.old) == sorted(each.id for each in old)
