"""A policy for Californians, and what it lacks once words are left out."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source

SHOP = """# Privacy Policy

Effective January 1, 2026

Harbor Outfitters, Inc. operates harbor.example. This notice applies to our shop.

## Information We Collect
In the past 12 months, we have collected the following categories of personal information and disclosed them to service providers:
- Identifiers, such as your name and email address
- Commercial information, such as your purchases

## Sale and Sharing
We do not sell or share your personal information for cross-context behavioral advertising.

## Retention
We keep identifiers for 3 years and purchase records for 7 years.

## California Privacy Rights
If you are a California resident, you have the right to:
- know what personal information we collect
- delete your personal information
- correct inaccurate personal information
- opt out of the sale or sharing of your personal information
- limit the use of your sensitive personal information
- not be discriminated against for exercising your rights

To submit a request, call us toll-free at 800-555-0100 or use our online form. We will verify your identity before we answer. You may use an authorized agent. We honor the Global Privacy Control.

## Contact
Email us at privacy@harbor.example.
"""


def statuses(text: str) -> dict[str, str]:
    register = read([Source("policy.md", text.encode())])
    return {each.item: each.status for each in register.disclosures}


def test_a_policy_that_states_all_that_california_demands_lacks_nothing_of_it() -> None:
    found = {item: status for item, status in statuses(SHOP).items() if item.startswith("ccpa")}
    assert set(found.values()) == {"present"}, found


@pytest.mark.parametrize(
    ("item", "status", "old", "new"),
    [
        ("ccpa-right-to-know", "absent", "- know what personal information we collect\n", ""),
        ("ccpa-right-to-delete", "absent", "- delete your personal information\n", ""),
        ("ccpa-right-to-delete", "partial", "If you are a California resident, you", "You"),
        ("ccpa-opt-out-of-sale", "absent", "- opt out of the sale or sharing of your personal information\n", ""),
        ("ccpa-limit-sensitive", "absent", "- limit the use of your sensitive personal information\n", ""),
        ("ccpa-non-retaliation", "absent", "- not be discriminated against for exercising your rights\n", ""),
        ("ccpa-categories-12-months", "absent", "In the past 12 months, we", "We"),
        ("ccpa-categories-12-months", "partial", " and disclosed them to service providers", ""),
        ("ccpa-sold-or-shared", "partial", "sell or share your personal information for cross-context behavioral advertising", "sell your personal information"),
        ("ccpa-retention-per-category", "absent", "for 3 years and purchase records for 7 years", "as long as necessary"),
        ("ccpa-request-methods", "partial", "We will verify your identity before we answer. ", ""),
    ],
)  # fmt: skip
def test_what_is_left_out_shows(item: str, status: str, old: str, new: str) -> None:
    assert old in SHOP
    text = (
        SHOP.replace("## California Privacy Rights", "## Rights") if "California" in old else SHOP
    )
    assert statuses(text.replace(old, new))[item] == status
