from hypothesis import given
from hypothesis import strategies as st

from kept.promises.verdict import Verdict, worst

ORDER = [Verdict.BROKEN, Verdict.IMPOSSIBLE, Verdict.UNPROVEN, Verdict.AT_RISK, Verdict.KEPT]


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_the_worst_duty_counts(verdicts: list[Verdict]) -> None:
    assert worst(verdicts) == next(each for each in ORDER if each in verdicts)


def test_an_empty_list_of_duties_is_never_kept() -> None:
    assert worst([]) is None


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_kept_means_that_every_duty_is_kept(verdicts: list[Verdict]) -> None:
    assert (worst(verdicts) is Verdict.KEPT) == (set(verdicts) == {Verdict.KEPT})
