"""Each text that a policy ever had is remembered, with the times between which it was seen."""

from datetime import UTC, datetime, timedelta

import pytest

from kept.promises.version import silent_edits
from kept.storage.database import Database
from kept.storage.policies import DjangoPolicies

AT = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def policies(database: Database) -> DjangoPolicies:
    return DjangoPolicies(database)


def test_the_same_text_seen_again_is_the_same_version(policies: DjangoPolicies) -> None:
    for day in range(3):
        policies.record_seen("p.md", sha256="a" * 64, version_date="2026-01-01", at=AT + day * DAY)
    [version] = policies.seen("p.md")
    assert (version.first_seen, version.last_seen) == (AT, AT + 2 * DAY)
    assert version.version_date == "2026-01-01"


def test_time_seen_never_goes_back(policies: DjangoPolicies) -> None:
    policies.record_seen("p.md", sha256="a" * 64, version_date=None, at=AT)
    found = policies.record_seen("p.md", sha256="a" * 64, version_date=None, at=AT - DAY)
    assert found.last_seen == AT


def test_a_changed_text_and_a_changed_date_are_new_versions(policies: DjangoPolicies) -> None:
    texts = [("a", "2026-01-01"), ("b", "2026-01-01"), ("b", "2026-02-02"), ("a", None)]
    for day, (text, stated) in enumerate(texts):
        policies.record_seen("p.md", sha256=text * 64, version_date=stated, at=AT + day * DAY)
    assert [(each.sha256[0], each.version_date) for each in policies.seen("p.md")] == texts


def test_a_text_that_comes_back_is_a_change_too(policies: DjangoPolicies) -> None:
    for text in "aba":
        policies.record_seen("p.md", sha256=text * 64, version_date="2026-01-01", at=AT)
    seen = policies.seen("p.md")
    assert len(seen) == 3
    assert len(silent_edits(seen)) == 2


def test_documents_are_kept_apart(policies: DjangoPolicies) -> None:
    policies.record_seen("en/p.md", sha256="a" * 64, version_date=None, at=AT)
    policies.record_seen("fr/p.md", sha256="b" * 64, version_date=None, at=AT)
    assert policies.documents() == ("en/p.md", "fr/p.md")
    assert len(policies.seen("en/p.md")) == 1
    assert policies.seen("ar/p.md") == ()
