from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.inventory.change import SeenDataset, SeenField, SeenStore
from kept.storage.database import Database
from kept.storage.looks import KEPT, DjangoLooks

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL = SeenField(name="email", type="TEXT", categories={"user.contact.email": 0.98})
SEEN = SeenStore(
    store="app",
    engine="sqlite",
    datasets=(SeenDataset(name="people", rows=3, fields=(EMAIL,)),),
)


@pytest.fixture
def looks(database: Database) -> DjangoLooks:
    return DjangoLooks(database)


def test_what_was_never_looked_at_has_no_last_look(looks: DjangoLooks) -> None:
    assert looks.last("app") is None


def test_the_last_look_comes_back_as_it_was(looks: DjangoLooks) -> None:
    looks.record(SEEN, at=NOON)
    looks.record(replace(SEEN, store="crm"), at=NOON)
    last = looks.last("app")
    assert last is not None
    assert (last.at, last.seen) == (NOON, SEEN)


def test_the_same_look_again_only_moves_the_time_on(looks: DjangoLooks) -> None:
    for hour in range(3):
        looks.record(SEEN, at=NOON + timedelta(hours=hour))
    last = looks.last("app")
    assert last is not None
    assert last.at == NOON + timedelta(hours=2)
    assert looks._rows().count() == 1


def test_old_looks_go(looks: DjangoLooks) -> None:
    for number in range(KEPT + 5):
        seen = replace(SEEN, datasets=(replace(SEEN.datasets[0], rows=number),))
        looks.record(seen, at=NOON + timedelta(hours=number))
    assert looks._rows().count() == KEPT
