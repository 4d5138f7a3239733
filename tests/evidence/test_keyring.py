"""A key speaks for the sizes of the log in which it was the log's, and a page says which."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, read_note, signed
from kept.evidence.errors import MalformedKeyError
from kept.evidence.key import SigningKey
from kept.evidence.keyring import Keyring, Tenure
from kept.evidence.tree import EMPTY_ROOT

NAME = "example.com/log-1"
FIRST, SECOND, THIRD = (SigningKey(NAME, bytes([each]) * 32) for each in (1, 2, 3))
RING = Keyring((Tenure(FIRST.public),)).followed_by(SECOND.public, 9).followed_by(THIRD.public, 20)


def by(key: SigningKey, size: int) -> bool:
    return RING.signed(read_note(signed(Checkpoint(NAME, size, EMPTY_ROOT), key)))


@given(st.integers(0, 60))
def test_exactly_one_key_may_sign_a_size(size: int) -> None:
    may = [by(each, size) for each in (FIRST, SECOND, THIRD)]
    assert may == [size <= 9, 10 <= size <= 20, size > 20]


def test_a_key_that_never_was_the_logs_signs_nothing() -> None:
    assert not by(SigningKey(NAME, bytes(32)), 5)
    assert not RING.signed(read_note(signed(Checkpoint("other", 5, EMPTY_ROOT), FIRST)))


def test_a_page_is_read_as_it_was_written_also_from_the_web() -> None:
    page = str(RING)
    assert Keyring.parse(page) == RING
    assert Keyring.parse(page + "\n") == RING
    frame = f"<!doctype html><title>Keys</title><pre>{html.escape(page)}</pre><p>Contact us</p>"
    assert Keyring.parse(frame) == RING
    rows = "".join(f"<li><code>{line}</code></li>" for line in page.splitlines())
    assert Keyring.parse(f"<ul>{rows}</ul>") == RING


def test_a_single_key_is_a_page_of_keys() -> None:
    ring = Keyring.parse(f"{FIRST.public}\n")
    assert ring == Keyring.of(FIRST.public)
    assert str(ring) == str(FIRST.public)


def test_nothing_is_no_key() -> None:
    assert Keyring.of(None) is None


@pytest.mark.parametrize(
    "page",
    [
        "",
        "no key at all",
        str(FIRST.public)[:-1],
        str(FIRST.public)[:-1] + ("A" if str(FIRST.public)[-1] != "A" else "B"),
        # The end of a tenure that cannot be read is no endless tenure.
        f"{FIRST.public} sizes 0-x",
        f"{FIRST.public} sizes",
        f"{FIRST.public} sizes 0-9",
        f"{FIRST.public} sizes 5-",
        f"{FIRST.public} sizes 0-9\n{SECOND.public} sizes 11-",
        f"{FIRST.public}\n{SECOND.public}",
        f"{SECOND.public} sizes 10-\n{FIRST.public} sizes 0-9",
        f"{FIRST.public} sizes 0-9\n{SigningKey('other', bytes(32)).public} sizes 10-",
    ],
)
def test_a_page_that_does_not_say_one_thing_is_refused(page: str) -> None:
    with pytest.raises(MalformedKeyError):
        Keyring.parse(page)


def test_a_ring_without_keys_or_with_a_key_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(MalformedKeyError):
        Keyring(())
    with pytest.raises(MalformedKeyError):
        Keyring((Tenure(FIRST.public, 0, -1), Tenure(SECOND.public, 0)))


@given(st.text(max_size=200))
def test_any_text_is_keys_or_refused(text: str) -> None:
    with pytest.raises(MalformedKeyError):
        Keyring.parse(text)
