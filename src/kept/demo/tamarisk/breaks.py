"""How each promise of Tamarisk Cloud is broken on purpose, one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kept.testing import violations
from kept.testing.violations import Planted
from kept.vocabulary.duty import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the company stands, and what a violation may need besides its files.

    Attributes:
        directory: The folder that the company was written into.
        now: The instant that it was written for.
        erase: Carries out a real erasure for the customer with this e-mail address.
    """

    directory: Path
    now: datetime
    erase: Callable[[str], None]

    @property
    def store(self) -> Path:
        """The database file."""
        return self.directory / "data" / "app.sqlite"


Breaking = Callable[[Site], Planted]
"""Plants one violation at a site."""

_CHILD_AGE = timedelta(days=11 * 365 + 200)
_NUMBERS = ("90211-4471903-6", "90344-1182265-1", "90871-3350127-8", "90126-7784410-2")


def _declared_data(site: Site) -> Planted:
    return violations.unstated_category(
        site.store,
        table="customers",
        column="marital_status",
        values=("married", "single", "divorced", "widowed"),
        rows=180,
    )


def _covered_systems(site: Site) -> Planted:
    guests = tuple(
        (
            f"{given} {family}",
            f"{given}.{family}{row}@example.com".lower(),
            f"+49 30 23125 {row:03}",
        )
        for row, (given, family) in enumerate(_GUESTS, 1)
    )
    return violations.unlisted_table(
        site.store,
        table="webinar_guests_2024",
        columns=("full_name", "email", "phone"),
        rows=guests,
    )


_GUESTS = tuple(
    (given, family)
    for given in ("Karla", "Bruno", "Selma", "Ilse", "Viktor", "Nora")
    for family in ("Petersen", "Sander", "Ziegler", "Albrecht")
)


def _card_tokenisation(site: Site) -> Planted:
    # The payment industry's own test number: it passes every check and charges nobody.
    return violations.card_number(
        site.store,
        table="orders",
        column="note",
        text="The token fails. Please charge 4111 1111 1111 1111, good until 08/29.",
    )


def _retention(site: Site) -> Planted:
    moments = tuple(_instant(site.now - timedelta(days=days)) for days in (760, 800, 871))
    return violations.kept_too_long(
        site.store, table="accounts", column="closed_at", moments=moments
    )


def _age_limit(site: Site) -> Planted:
    made = site.now - timedelta(days=30)
    return violations.new_row(
        site.store,
        table="customers",
        values={
            "id": 90_001,
            "customer_number": "TC-990001",
            "full_name": "Mia Vogel",
            "email": "mia.vogel@example.com",
            "date_of_birth": (made - _CHILD_AGE).date().isoformat(),
            "city": "Leipzig",
            "country": "DE",
            "preferred_language": "de",
            "created_at": _instant(made),
            "created_by": 2,
        },
        duty=Duty.AGE_LIMIT,
        field="date_of_birth",
    )


def _right_access(site: Site) -> Planted:
    return violations.left_out_of_answers(
        site.directory / "datamap.toml",
        name="app",
        store=site.store,
        table="login_log",
        column="ip_address",
    )


def _right_erasure(site: Site) -> Planted:
    address = "jonas.weber@example.org"
    site.erase(address)
    # The mailing tool reads in a list that it had exported before the erasure.
    return violations.new_row(
        site.store,
        table="newsletter",
        values={
            "email": address,
            "language": "de",
            "subscribed_at": _instant(site.now - timedelta(days=400)),
        },
        duty=Duty.RIGHT_ERASURE,
        field="email",
    )


def _authentication(site: Site) -> Planted:
    return violations.weak_hashes(site.store, table="accounts", column="password", rows=7)


def _policy_version(site: Site) -> Planted:
    return violations.silent_edit(
        site.directory / "policy.en.md",
        old="We do not use your information for advertising by others.",
        new="We seldom use your information for advertising by others.",
    )


def _encryption_at_rest(site: Site) -> Planted:
    return violations.clear_values(
        site.store, table="customers", column="national_id", values=_NUMBERS
    )


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


BREAKS: Mapping[Duty, Breaking] = {
    Duty.DECLARED_DATA: _declared_data,
    Duty.COVERED_SYSTEMS: _covered_systems,
    Duty.CARD_TOKENISATION: _card_tokenisation,
    Duty.RETENTION: _retention,
    Duty.AGE_LIMIT: _age_limit,
    Duty.RIGHT_ACCESS: _right_access,
    Duty.RIGHT_ERASURE: _right_erasure,
    Duty.AUTHENTICATION: _authentication,
    Duty.POLICY_VERSION: _policy_version,
    Duty.ENCRYPTION_AT_REST: _encryption_at_rest,
}
"""What ``--break`` takes, and what it does."""
