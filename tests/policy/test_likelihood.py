"""What was learned is added up in one way that is fast; here is the plain one beside it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kept.policy.likelihood import Learned, Seen, parse_learned, words_features
from kept.policy.words import Words, read_words

NEAR = 1e-5
CLASSES = ("collect", "none", "share")
TEXTS = ("we collect names", "nothing is shared", "see below", "we we we", "a" * 200)


def words(text: str) -> Words:
    return read_words(text, 0, len(text), {})


NAMES = [*sorted({name for text in TEXTS for name in words_features(words(text))})[:60], "under:a"]
ROWS = some.dictionaries(
    some.sampled_from(NAMES),
    some.dictionaries(some.sampled_from(CLASSES), some.integers(-900, 900), min_size=1),
)
FEATURES = some.dictionaries(
    some.sampled_from(["under:a", "own:b", *NAMES]), some.sampled_from([1.0, 0.5, 1 / 3, 1.4, 0.0])
)


def written(rows: dict[str, dict[str, int]], bias: dict[str, int]) -> str:
    lines = [["corpus", *CLASSES], ["bias", *(f"{key}={value}" for key, value in bias.items())]]
    lines += [[name, *(f"{key}={each}" for key, each in row.items())] for name, row in rows.items()]
    return "".join("\t".join(line) + "\n" for line in lines if len(line) > 1)


def plainly(
    rows: dict[str, dict[str, int]], bias: dict[str, int], text: str, *seen: dict[str, float]
) -> list[float]:
    """Return the score of each class as it is defined: weight times value, one by one."""
    scores = [bias.get(each, 0) / 100 for each in CLASSES]
    for features in (words_features(words(text)), *seen):
        for name, value in features.items():
            for place, each in enumerate(CLASSES):
                scores[place] += rows.get(name, {}).get(each, 0) / 100 * value
    return scores


@given(
    ROWS,
    some.dictionaries(some.sampled_from(CLASSES), some.integers(-900, 900)),
    some.sampled_from(TEXTS),
    FEATURES,
    FEATURES,
)
def test_chances_are_the_plain_sum_of_all_that_is_seen(
    rows: dict[str, dict[str, int]],
    bias: dict[str, int],
    text: str,
    here: dict[str, float],
    above: dict[str, float],
) -> None:
    learned = parse_learned(written(rows, bias))
    place = Seen(above)
    for _ in range(2):  # The second time from what is remembered.
        found = learned.chances(words(text), here, (place,))
        for score, each in zip(plainly(rows, bias, text, here, above), CLASSES, strict=True):
            assert found[each] == pytest.approx(1 / (1 + math.exp(-score)), rel=NEAR)


@given(ROWS, some.sampled_from(TEXTS))
def test_likelihoods_of_one_right_answer_are_one_together(
    rows: dict[str, dict[str, int]], text: str
) -> None:
    likely = parse_learned(written(rows, {})).likelihoods(words(text), {})
    powers = [math.exp(each) for each in plainly(rows, {}, text)]
    assert sum(likely.values()) == pytest.approx(1)
    assert list(likely.values()) == pytest.approx([each / sum(powers) for each in powers], rel=NEAR)


@pytest.mark.parametrize("row", ["w:we\tcollect=x", "w:we\tnobody=3", "w:we\tcollect=99999999"])
def test_a_weight_that_cannot_be_is_refused_when_it_is_asked_for(row: str) -> None:
    learned = parse_learned(f"corpus\tcollect\tnone\n{row}\n")
    with pytest.raises(ValueError, match=r"no weight|invalid literal"):
        learned.likelihoods(words("we collect"), {})


def test_a_line_without_weights_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="length 1"):
        parse_learned("corpus\tcollect\nw:we\n")


def test_what_nobody_was_taught_adds_nothing() -> None:
    assert Learned(("a", "b"), {}).chances(words("we collect"), {"own:a": 1.0}) == {
        "a": 0.5,
        "b": 0.5,
    }
