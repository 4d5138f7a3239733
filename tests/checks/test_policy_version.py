from datetime import datetime, timedelta

import pytest

from kept.checks.policy_version import BACKDATED, CHECK, SILENT_EDIT, UNDATED_EDIT
from kept.promises.promise import Category, Document
from kept.promises.verdict import DutyVerdict, Verdict
from kept.promises.version import PolicyVersion
from kept.testing.check_bench import DOCUMENT, NOW, CheckBench
from kept.vocabulary.duty import Duty

OLD, NEW = "a" * 64, "b" * 64
DAY = timedelta(days=1)


def version(sha256: str, date: str | None, first: datetime = NOW - 9 * DAY) -> PolicyVersion:
    return PolicyVersion(
        document=DOCUMENT, version_date=date, sha256=sha256, first_seen=first, last_seen=NOW - DAY
    )


def said(sha256: str, date: str | None, *seen: PolicyVersion, **more: object) -> DutyVerdict:
    document = Document(
        name=DOCUMENT, sha256=sha256, language="en", version_date=date, title="Policy"
    )
    bench = CheckBench(documents=(document,), versions=seen, **more)  # type: ignore[arg-type]
    bench.promise(Duty.POLICY_VERSION, category=Category.CHANGE)
    return bench.said(CHECK)


def test_a_text_that_changed_under_the_same_date_is_a_silent_edit() -> None:
    verdict = said(NEW, "2025-01-04", version(OLD, "2025-01-04"))
    assert verdict.verdict is Verdict.BROKEN
    assert verdict.findings[0].code == SILENT_EDIT
    assert verdict.findings[0].since == NOW


def test_a_silent_edit_stays_one_and_is_told_since_when_it_was_seen() -> None:
    seen = (version(OLD, "2025-01-04"), version(NEW, "2025-01-04", NOW - 2 * DAY))
    verdict = said(NEW, "2025-01-04", *seen)
    assert verdict.verdict is Verdict.BROKEN
    assert verdict.findings[0].since == NOW - 2 * DAY


def test_putting_the_text_back_mends_it_and_so_does_a_new_date() -> None:
    seen = (version(OLD, "2025-01-04"), version(NEW, "2025-01-04", NOW - 2 * DAY))
    assert said(OLD, "2025-01-04", *seen).verdict is Verdict.KEPT
    assert said(NEW, "2026-11-22", *seen).verdict is Verdict.KEPT


def test_the_same_text_and_a_new_date_on_it_are_lawful() -> None:
    assert said(OLD, "2025-01-04", version(OLD, "2025-01-04")).verdict is Verdict.KEPT
    assert said(OLD, "2026-01-04", version(OLD, "2025-01-04")).verdict is Verdict.KEPT
    assert said(NEW, "2026-01-04", version(OLD, "2025-01-04")).verdict is Verdict.KEPT


def test_the_first_sight_of_a_text_proves_nothing() -> None:
    verdict = said(OLD, "2025-01-04")
    assert verdict.verdict is Verdict.UNPROVEN
    assert "first time" in verdict.reason


def test_a_text_without_a_date_proves_nothing_and_breaks_once_it_changes() -> None:
    assert said(OLD, None, version(OLD, None)).verdict is Verdict.UNPROVEN
    verdict = said(NEW, None, version(OLD, None))
    assert verdict.findings[0].code == UNDATED_EDIT


def test_a_new_text_with_an_older_date_than_before_is_backdated() -> None:
    verdict = said(NEW, "2024-01-01", version(OLD, "2025-01-04"))
    assert verdict.findings[0].code == BACKDATED
    seen = (version(NEW, "2024-01-01"), version(OLD, "2025-01-04"))
    assert said(NEW, "2024-01-01", *seen).verdict is Verdict.KEPT


@pytest.mark.parametrize("earlier", [OLD, "c" * 64])
def test_a_text_is_the_same_by_its_words_or_by_its_bytes(earlier: str) -> None:
    verdict = said(OLD, "2025-01-04", version(earlier, "2025-01-04"), texts={DOCUMENT: "c" * 64})
    assert verdict.verdict is Verdict.KEPT
