"""Who was erased is recognised in every spelling, and not mistaken for anybody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Suppression
from kept.vocabulary.identifier_kind import IdentifierKind

KEY = Suppression(bytes(range(32)))

values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
)


def test_every_spelling_of_an_identifier_is_recognised() -> None:
    spellings = [" Ana@Example.COM ", "ana@example.com"]
    assert len({KEY.identifier(Identifier(IdentifierKind.EMAIL, each)) for each in spellings}) == 1


def test_one_value_of_two_kinds_is_two_identifiers() -> None:
    kinds = [IdentifierKind.ACCOUNT_ID, IdentifierKind.PHONE, IdentifierKind.NATIONAL_ID]
    assert len({KEY.identifier(Identifier(kind, "12345678")) for kind in kinds}) == 3


def test_an_identifier_is_never_a_row() -> None:
    mail = Identifier(IdentifierKind.EMAIL, "customers")
    assert KEY.identifier(mail) != KEY.row("email", "customers", [])


@given(st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_two_rows_are_one_only_if_their_keys_are(one: list[object], two: list[object]) -> None:
    same = [(type(each), repr(each)) for each in one] == [(type(each), repr(each)) for each in two]
    first, second = KEY.row("app", "t", one), KEY.row("app", "t", two)  # type: ignore[arg-type]  # drawn
    assert (first == second) is same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("app", "orders", [1]), ("app", "orders", ["1"])),
        (("app", "orders", [1]), ("app", "orders", [True])),
        (("app", "orders", ["ab", "c"]), ("app", "orders", ["a", "bc"])),
        (("app", "orders", ["a"]), ("app", "ordersa", [])),
        (("app", "orders", [None]), ("app", "orders", [""])),
        (("app", "orders", [b"a"]), ("app", "orders", ["a"])),
        (("app", "o", [0]), ("ap", "po", [0])),
    ],
)
def test_rows_that_look_alike_are_told_apart(
    one: tuple[str, str, list[object]], two: tuple[str, str, list[object]]
) -> None:
    assert KEY.row(*one) != KEY.row(*two)  # type: ignore[arg-type]  # mixed on purpose


def test_without_the_key_nothing_is_recognised() -> None:
    mail = Identifier(IdentifierKind.EMAIL, "ana@example.com")
    other = Suppression(bytes(32))
    assert other.identifier(mail) != KEY.identifier(mail)
    assert other.id != KEY.id
    assert "00" * 4 not in repr(KEY)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Suppression(bytes(size))


@given(st.sampled_from(IdentifierKind), st.lists(st.text(max_size=40), max_size=8))
def test_hashing_many_at_once_gives_what_hashing_one_by_one_gives(
    kind: IdentifierKind, values: list[str]
) -> None:
    suppression = Suppression(b"k" * 32)
    one_by_one = [suppression.identifier(Identifier(kind, each)) for each in values]
    assert suppression.identifiers(kind, values) == one_by_one
