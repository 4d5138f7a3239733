import re
from pathlib import Path

import pytest

from kept.checks.registry import CHECKS
from kept.vocabulary.duty import Duty

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "duties.md"


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", REFERENCE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_reference_has_a_section_for_every_duty_and_no_other() -> None:
    assert list(sections()) == [str(each) for each in Duty]


@pytest.mark.parametrize("duty", Duty)
def test_every_duty_is_proved_by_a_check_or_says_until_when_it_is_unproven(duty: Duty) -> None:
    section = sections()[duty]
    check = CHECKS.get(duty)
    if check is None:
        assert re.search(r"^Unproven until .{20,}\.$", section, re.MULTILINE)
        return
    assert "Unproven until" not in section
    assert f"`{check.name}`. {check.proves}" in section
    assert f"**Fresh for**: {check.cadence}" in section
    assert f"**Cost**: {check.cost}" in section
    for privilege in check.privileges:
        assert privilege in section
