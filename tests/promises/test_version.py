"""A silent edit is a changed text under an unchanged date."""

from datetime import UTC, datetime

import pytest

from kept.promises.version import PolicyVersion, silent_edits

AT = datetime(2026, 5, 1, tzinfo=UTC)


def version(text: str, stated: str | None) -> PolicyVersion:
    return PolicyVersion(
        document="p.md", sha256=text * 64, version_date=stated, first_seen=AT, last_seen=AT
    )


@pytest.mark.parametrize(
    ("seen", "edits"),
    [
        ([], 0),
        ([("a", "2026-01-01")], 0),
        ([("a", "2026-01-01"), ("b", "2026-01-01")], 1),
        ([("a", "2026-01-01"), ("b", "2026-02-01")], 0),
        ([("a", "2026-01-01"), ("a", "2026-02-01")], 0),
        ([("a", None), ("b", None)], 0),
        ([("a", "2026-01-01"), ("b", None)], 0),
        ([("a", "2026-01-01"), ("b", "2026-01-01"), ("a", "2026-01-01")], 2),
    ],
)
def test_only_a_changed_text_under_its_old_date_is_silent(
    seen: list[tuple[str, str | None]], edits: int
) -> None:
    versions = [version(text, stated) for text, stated in seen]
    found = silent_edits(versions)
    assert len(found) == edits
    assert all(before.sha256 != after.sha256 for before, after in found)
