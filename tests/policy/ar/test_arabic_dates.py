"""Which dates Arabic policies are read to state, in either calendar."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, Register
from kept.vocabulary.duty import Duty

_REST = "\nنجمع اسمك وبريدك الإلكتروني عند التسجيل. لا نبيع بياناتك لأحد.\n"


def _read(line: str) -> Register:
    return read([Source("policy.txt", f"سياسة الخصوصية\n{line}\n{_REST}".encode())])


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("آخر تحديث: 3 كانون الثاني 2025", "2025-01-03"),
        ("آخر تحديث: 3 يناير 2025", "2025-01-03"),
        ("آخر تحديث: 3 جانفي 2025", "2025-01-03"),
        ("تم التحديث في ٢ غشت ٢٠٢٤", "2024-08-02"),
        ("تاريخ السريان: 03/04/2025", "2025-04-03"),
        ("آخر تحديث: ١٥ رمضان ١٤٤٦ هـ", "1446-09-15 AH"),
        ("آخر تحديث: 1 جمادى الآخرة 1445هـ", "1445-06-01 AH"),
        ("تسري هذه السياسة اعتباراً من 20 ذي القعدة 1446هـ", "1446-11-20 AH"),
        ("صدرت بتاريخ 01/09/1446هـ", "1446-09-01 AH"),
        ("صدرت بتاريخ 1446/09/01هـ", "1446-09-01 AH"),
        ("نُشرت في ١٠ رمضان ١٤٤٧هـ الموافق ٢٧ فبراير ٢٠٢٦م", "2026-02-27"),
    ],
)
def test_a_date_is_read_in_the_calendar_that_states_it(line: str, date: str) -> None:
    register = _read(line)
    assert register.documents[0].version_date == date
    assert not [each for each in register.findings if each.kind is FindingKind.VAGUE]


@pytest.mark.parametrize(
    "line",
    ["آخر تحديث: 31 رمضان 1446", "آخر تحديث: 10/13/1446", "آخر تحديث: رمضان"],
)
def test_no_day_of_the_islamic_calendar_is_made_up(line: str) -> None:
    assert _read(line).documents[0].version_date is None


def test_a_month_without_a_day_is_asked_for_one() -> None:
    register = _read("آخر تحديث: رمضان 1446")
    (promise,) = [each for each in register.promises if Duty.POLICY_VERSION in each.duties]
    assert "date" not in promise.terms
    assert [each for each in register.findings if each.kind is FindingKind.VAGUE]


def test_two_calendars_are_never_said_to_differ() -> None:
    english = "Privacy policy\nLast updated: 15 March 2025\n\nWe never sell your data to anyone.\n"
    arabic = "سياسة الخصوصية\nآخر تحديث: ١٥ رمضان ١٤٤٦ هـ\n\nلا نبيع بياناتك لأحد أبداً.\n"
    register = read([Source("one.txt", english.encode()), Source("two.txt", arabic.encode())])
    assert not [each for each in register.findings if "date" in each.note]
