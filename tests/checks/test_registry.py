import pytest

from kept.checks.port import Privilege, Sees
from kept.checks.registry import CHECKS, registered
from kept.vocabulary.duty import Duty

REQUIRED = {
    Duty.DECLARED_DATA,
    Duty.COVERED_SYSTEMS,
    Duty.CARD_TOKENISATION,
    Duty.RETENTION,
    Duty.AGE_LIMIT,
    Duty.RIGHT_ACCESS,
    Duty.RIGHT_ERASURE,
    Duty.AUTHENTICATION,
    Duty.POLICY_VERSION,
    Duty.ENCRYPTION_AT_REST,
}


def test_two_checks_for_one_duty_are_refused() -> None:
    check = CHECKS[Duty.RETENTION]
    with pytest.raises(ValueError, match="two checks for retention"):
        registered([check, check])


def test_the_checks_that_ship_prove_what_they_say_under_their_own_name() -> None:
    assert set(CHECKS) >= REQUIRED
    for duty, check in CHECKS.items():
        assert check.duty is duty
        assert check.name == f"{duty}/{check.version}"
        assert check.proves.endswith(".")


def test_checks_only_read() -> None:
    for check in CHECKS.values():
        assert check.privileges <= {Privilege.READ_CATALOG, Privilege.READ_ROWS}
        assert (Privilege.READ_ROWS in check.privileges) == (Sees.ROWS in check.sees)


def test_no_check_can_be_added_behind_the_registry() -> None:
    with pytest.raises(TypeError):
        CHECKS[Duty.RETENTION] = CHECKS[Duty.AGE_LIMIT]  # type: ignore[index]
