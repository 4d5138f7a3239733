import json
from pathlib import Path

import pytest

from kept.inventory.exchange_fides import SUBJECTS
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.fideslang import category_of_fides, fides_category
from kept.vocabulary.purpose import Purpose

# The keys of fideslang's default taxonomy, as its package has them.
THEIRS = json.loads(Path(__file__).with_name("fideslang.json").read_text("utf-8"))


@pytest.mark.parametrize("category", list(DataCategory))
def test_fideslang_knows_the_key_that_we_give_it_for_a_category(category: DataCategory) -> None:
    key = fides_category(category)
    assert key in THEIRS["data_categories"] or category in {
        DataCategory.USER_CONTENT,
        DataCategory.SYSTEM,
    }
    back = category_of_fides(key)
    assert back is not None
    assert back.covers(category) or category.value.startswith("user.professional_information")


@pytest.mark.parametrize("key", THEIRS["data_categories"])
def test_a_key_of_fideslang_means_one_of_our_categories(key: str) -> None:
    found = category_of_fides(key)
    assert found is not None
    assert found is not DataCategory.USER or key == "user"


def test_fideslang_knows_our_purposes_and_people() -> None:
    assert {each.value for each in Purpose} <= set(THEIRS["data_uses"])
    assert set(SUBJECTS.values()) <= set(THEIRS["data_subjects"])
