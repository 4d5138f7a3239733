"""How promises in plain words are read: a verb names who receives, a heading denies its list."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise


def promises(text: str) -> tuple[Promise, ...]:
    """Read an English policy that is `text`."""
    return read([Source("policy.txt", f"Privacy policy\n\n{text}\n".encode())]).promises


@pytest.mark.parametrize(
    ("text", "category", "kind", "duty"),
    [
        ("Who sees it\nCouriers see your address.", "share", "disclosure", "known-recipients"),
        ("Adults\nLoans are only offered to adults over 21.", "children", "firm", "age-limit"),
        ("Calls\nWe never record the content of your calls.", "collect", "firm", "call-records"),
        (
            "Offers\nYou may tell us at any time to stop sending you offers.",
            "choice", "right", "marketing-opt-out",
        ),
        (
            "Machines\nWe take no decision about you by automated means alone.",
            "purpose", "firm", "purpose-limitation",
        ),
    ],
)  # fmt: skip
def test_plain_words_promise_what_they_say(text: str, category: str, kind: str, duty: str) -> None:
    (promise,) = promises(text)
    assert (promise.category, promise.kind) == (category, kind)
    assert duty in promise.duties


def test_a_list_of_rights_in_one_sentence_keeps_each_of_them() -> None:
    (promise,) = promises(
        "Your rights\nYou have the right to see your data, to have it put right if it is wrong, "
        "to take your data elsewhere and to complain to the regulator."
    )
    assert set(promise.duties) == {
        "right-access", "right-rectification", "right-portability", "authority-complaint",
    }  # fmt: skip


def test_what_stands_under_a_heading_that_denies_is_not_collected() -> None:
    found = promises("## What we don't save\n\n- Your real name\n- Your phone number\n")
    assert [(each.category, each.kind) for each in found] == [("collect", "firm")] * 2
    assert not any(each.data for each in found)
    assert all(each.terms["denied"] for each in found)


def test_what_stands_under_a_heading_that_denies_nothing_is_collected() -> None:
    found = promises("## What we save\n\n- Your real name\n- Your phone number\n")
    assert [(each.category, each.kind) for each in found] == [("collect", "disclosure")] * 2
    assert all(each.data for each in found)


def test_a_label_says_of_which_data_its_period_is() -> None:
    (promise,) = promises("How long we keep it\n\n- IP addresses: we delete them within 90 days.")
    assert [str(each) for each in promise.data] == ["user.device.ip_address"]
