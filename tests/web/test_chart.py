"""The bar is true to the numbers and never hides a small one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kept.web.chart import WIDTH, segments

counts = st.lists(st.integers(0, 5000), max_size=6).map(
    lambda numbers: [(str(index), number) for index, number in enumerate(numbers)]
)


@given(counts)
def test_every_verdict_that_occurs_can_be_seen_and_the_others_cannot(
    pairs: list[tuple[str, int]],
) -> None:
    drawn = segments(pairs)
    assert [each.key for each in drawn] == [key for key, count in pairs if count]
    assert all(each.width >= 6 for each in drawn)


@given(counts)
def test_pieces_fill_the_bar_and_do_not_overlap(pairs: list[tuple[str, int]]) -> None:
    drawn = segments(pairs)
    for before, after in pairwise(drawn):
        assert after.x >= before.x + before.width
    if drawn:
        assert abs(drawn[-1].x + drawn[-1].width - WIDTH) < 0.1


@given(counts)
def test_read_from_the_right_it_is_the_mirror_image(pairs: list[tuple[str, int]]) -> None:
    left, right = segments(pairs), segments(pairs, right_to_left=True)
    for one, other in zip(left, right, strict=True):
        assert abs(one.x + one.width + other.x - WIDTH) < 0.1


@given(counts)
def test_more_is_never_drawn_smaller(pairs: list[tuple[str, int]]) -> None:
    drawn = sorted(segments(pairs), key=lambda each: each.count)
    assert all(a.width <= b.width + 0.02 for a, b in pairwise(drawn))
