"""Log-odds: chance is taken away, few values weigh less, and every term is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.evidence import CAP, graded, likelihood, percent

shares = st.floats(0, 1)
counts = st.integers(1, 500)


@given(counts, st.floats(0.001, 0.5))
def test_a_check_that_passes_as_often_as_chance_lets_it_speaks_against(
    count: int, chance: float
) -> None:
    assert likelihood(int(count * chance), count, chance=chance) <= 0


@given(counts, st.floats(0.001, 0.5))
def test_a_check_that_all_pass_speaks_for_it_up_to_a_cap(count: int, chance: float) -> None:
    assert 0 <= likelihood(count, count, chance=chance) <= CAP


@given(counts, counts, st.floats(0.001, 0.5))
def test_more_hits_never_weigh_less(first: int, second: int, chance: float) -> None:
    count = max(first, second)
    low, high = sorted((first, second))
    assert likelihood(low, count, chance=chance) <= likelihood(high, count, chance=chance)


@given(shares, shares, counts)
def test_a_larger_share_never_weighs_less(first: float, second: float, count: int) -> None:
    low, high = sorted((first, second))
    assert graded(low, count, 5.0) <= graded(high, count, 5.0) + 1e-9


@given(shares, counts, counts)
def test_more_values_never_weigh_less(share: float, first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert graded(share, low, 5.0) <= graded(share, high, 5.0) + 1e-9


def test_a_check_of_nothing_says_nothing() -> None:
    assert likelihood(0, 0, chance=0.1) == 0.0


@pytest.mark.parametrize(("share", "said"), [(0, "0 %"), (0.004, "under 1 %"), (0.985, "98 %")])
def test_shares_are_said_as_people_read_them(share: float, said: str) -> None:
    assert percent(share) == said
