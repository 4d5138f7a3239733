import re
from itertools import pairwise
from pathlib import Path

import pytest

from kept.vocabulary.data_category import SPECIAL, DataCategory, is_personal, is_special
from kept.vocabulary.duty import Duty

DUTIES = Path(__file__).resolve().parents[2].parent / "shared" / "duties.md"


def test_there_are_59_duties_in_the_order_of_the_book() -> None:
    assert len(Duty) == 59
    if not DUTIES.exists():
        pytest.skip("the book of duties is not beside the project")
    written = re.findall(r"^\| `([a-z-]+)` \|", DUTIES.read_text(encoding="utf-8"), re.MULTILINE)
    assert [duty.value for duty in Duty] == written


def test_every_category_has_its_parent() -> None:
    for category in DataCategory:
        parent, dot, _ = category.rpartition(".")
        assert not dot or parent == "system" or DataCategory(parent).covers(category)


def test_covering_is_by_whole_words_of_the_path() -> None:
    assert DataCategory.USER.covers(DataCategory.USER_NAME_FIRST)
    assert not DataCategory.USER_DEVICE_COOKIE.covers(DataCategory.USER_DEVICE_COOKIE_ID)
    for above, below in pairwise(
        [DataCategory.USER, DataCategory.USER_CONTACT, DataCategory.USER_CONTACT_ADDRESS]
    ):
        assert above.covers(below)
        assert not below.covers(above)


def test_special_categories_are_personal_and_say_so_of_what_lies_below() -> None:
    assert all(is_personal(category) for category in SPECIAL)
    assert is_special(DataCategory.USER_HEALTH_GENETIC)
    assert not is_special(DataCategory.USER_CONTACT_EMAIL)
    assert not is_personal(DataCategory.SYSTEM_OPERATIONS)
