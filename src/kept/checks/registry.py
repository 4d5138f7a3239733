"""Which checks there are: at most one for each duty."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kept.checks import (
    age_limit,
    authentication,
    card_tokenisation,
    covered_systems,
    declared_data,
    encryption_at_rest,
    policy_version,
    retention,
    right_access,
    right_erasure,
)
from kept.checks.port import Check
from kept.vocabulary.duty import Duty


def registered(checks: Iterable[Check]) -> Mapping[Duty, Check]:
    """Return `checks` by duty.

    Raises:
        ValueError: Two checks are for one duty: nobody would know which one counts.
    """
    by_duty: dict[Duty, Check] = {}
    for check in checks:
        if check.duty in by_duty:
            raise ValueError(f"two checks for {check.duty}")
        by_duty[check.duty] = check
    return MappingProxyType(by_duty)


CHECKS: Mapping[Duty, Check] = registered(
    (
        covered_systems.CHECK,
        declared_data.CHECK,
        card_tokenisation.CHECK,
        retention.CHECK,
        right_access.CHECK,
        right_erasure.CHECK,
        age_limit.CHECK,
        encryption_at_rest.CHECK,
        authentication.CHECK,
        policy_version.CHECK,
    )
)
"""Every check that ships. A duty that is missing here is unproven, never kept."""
