"""What the reader makes of single sentences and small policies."""

from collections.abc import Callable

import pytest

from kept.policy.report import as_json
from kept.promises.promise import Category, FindingKind, Kind, Promise, Register
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.right import Right

Read = Callable[[str], Register]


def only(register: Register) -> Promise:
    assert len(register.promises) == 1, [each.clause.quote for each in register.promises]
    return register.promises[0]


@pytest.mark.parametrize(
    ("sentence", "category", "kind", "duties"),
    [
        ("We erase accounts 24 months after they are closed.", "retention", "firm",
         {"retention", "erasure-or-anonymisation"}),
        ("National identity numbers are encrypted at rest.", "security", "firm",
         {"encryption-at-rest"}),
        ("Passwords are stored only as salted hashes.", "security", "firm", {"authentication"}),
        ("Our services are not for children under 16.", "children", "firm", {"age-limit"}),
        ("This policy covers every system that we operate.", "scope", "firm", {"covered-systems"}),
        ("You can ask for a copy of your data.", "rights", "right", {"right-access"}),
        ("You can ask us to delete your data.", "rights", "right", {"right-erasure"}),
        ("Last updated: 1 March 2026", "change", "firm", {"policy-version"}),
        ("We do not sell your personal data to anyone.", "no-sale", "firm", {"no-sale"}),
        ("We may update this policy from time to time.", "change", "hedged",
         {"policy-change-notice"}),
        ("We will tell you about a data breach within 72 hours.", "incident", "firm",
         {"breach-notification"}),
        ("You are responsible for keeping your password secret.", "user-duty", "user-duty", set()),
        ("We cannot guarantee absolute security.", "disclaimer", "disclaimer", set()),
        ("You may lodge a complaint with the data protection authority.", "rights", "right",
         {"authority-complaint"}),
        ("We use cookies to remember your settings.", "cookies", "disclosure",
         {"cookie-inventory"}),
        ("Our staff are trained in data protection every year.", "security", "firm",
         {"staff-training"}),
        ("You can unsubscribe from our newsletter at any time.", "choice", "right",
         {"marketing-opt-out"}),
        ("We collect only the information that we need to provide the service.", "minimise",
         "firm", {"data-minimisation"}),
        ("We do not transfer your data outside the EEA without adequate safeguards.", "transfer",
         "firm", {"transfers"}),
        ("We keep invoices for eight years because tax law requires it.", "retention", "firm",
         {"retention", "legal-hold"}),
    ],
)  # fmt: skip
def test_a_sentence_is_read_for_what_it_promises(
    read_text: Read, sentence: str, category: str, kind: str, duties: set[str]
) -> None:
    promise = only(read_text(f"Our policy for you and your data\n\n{sentence}\n"))
    assert (promise.category, promise.kind, set(promise.duties)) == (category, kind, duties)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your privacy is important to us.",
        "Please read this policy carefully before you use our services.",
        "We encourage you to review this policy from time to time.",
        "How do we use your information?",
        "Thank you for your trust in us and in the service.",
    ],
)
def test_courtesy_and_questions_promise_nothing(read_text: Read, sentence: str) -> None:
    assert read_text(f"About the policy and the data of our users\n\n{sentence}\n").promises == ()


def test_a_list_item_takes_its_meaning_from_its_lead_in(read_text: Read) -> None:
    register = read_text(
        "We use your information to:\n- Provide our services\n- Send you a newsletter\n\n"
        "We share your data only with:\n- couriers\n- banks\n\n"
        "We disclose your data only when:\n- Required by law\n"
    )
    meanings = [(each.category, each.kind) for each in register.promises]
    assert meanings == [
        ("purpose", "disclosure"),
        ("purpose", "disclosure"),
        ("share", "firm"),
        ("share", "disclosure"),
        ("share", "disclosure"),
        ("share", "firm"),
        ("share", "conditional"),
    ]


def test_what_is_denied_is_no_declared_data(read_text: Read) -> None:
    register = read_text(
        "What we collect from you\n\nWe collect your name and e-mail address. "
        "We do not collect your location.\n"
    )
    stated = {category for each in register.promises for category in each.data}
    assert stated == {DataCategory.USER_NAME, DataCategory.USER_CONTACT_EMAIL}
    assert register.promises[1].terms["denied"] == [DataCategory.USER_LOCATION.value]


def test_card_numbers_that_are_never_stored_are_denied_and_payments_are_not(
    read_text: Read,
) -> None:
    promise = only(
        read_text(
            "What we collect and how we pay\n\nPayments are handled by our payment provider; "
            "card numbers are never stored in our systems.\n"
        )
    )
    assert Duty.CARD_TOKENISATION in promise.duties
    assert promise.data == (DataCategory.USER_PAYMENT,)
    assert promise.terms["denied"] == [DataCategory.USER_FINANCIAL_CREDIT_CARD.value]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("name, email address, phone number, CNIC, and address", {
            DataCategory.USER_NAME, DataCategory.USER_CONTACT_EMAIL,
            DataCategory.USER_CONTACT_PHONE_NUMBER,
            DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER,
            DataCategory.USER_CONTACT_ADDRESS}),
        ("username, password", {
            DataCategory.USER_ACCOUNT_USERNAME, DataCategory.USER_AUTHORIZATION_PASSWORD}),
        ("IP address, browser type", {
            DataCategory.USER_DEVICE_IP_ADDRESS, DataCategory.USER_DEVICE}),
        ("billing address", {DataCategory.USER_CONTACT_ADDRESS}),
        ("date of birth", {DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH}),
        ("payment details such as credit card number", {
            DataCategory.USER_PAYMENT, DataCategory.USER_FINANCIAL_CREDIT_CARD}),
        ("support requests and communication content", {DataCategory.USER_CONTENT}),
        ("marital status", {DataCategory.USER_DEMOGRAPHIC_MARITAL_STATUS}),
        ("company or organization", {DataCategory.USER_PROFESSIONAL_INFORMATION_WORKPLACE}),
        ("invoices", {DataCategory.USER_FINANCIAL}),
        ("national identity number", {
            DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER}),
    ],
)  # fmt: skip
def test_words_for_data_become_categories(
    read_text: Read, words: str, category: set[DataCategory]
) -> None:
    register = read_text(f"What we collect\n\nWe collect the following data of you:\n- {words}\n")
    assert set(register.promises[-1].data) == category


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("We erase accounts 24 months after they are closed.",
         {"at_most": "24 months", "counted_from": "account closed"}),
        ("We keep call records for ninety (90) days.", {"at_most": "90 days"}),
        ("Logs are kept for at least one year.", {"at_least": "1 year"}),
        ("Our services are not for children under the age of sixteen.", {"age": 16}),
        ("We respond to requests within 30 calendar days.", {"within": "30 days"}),
        ("Last updated: January 4, 2025", {"date": "2025-01-04"}),
        ("Effective date: 2024-02-18", {"date": "2024-02-18"}),
        ("Updated on: 31/12/2024", {"date": "2024-12-31"}),
        ("Updated on: 07/01/2026", {}),
        ("Please contact us at privacy@example.com.", {"contact": "privacy@example.com"}),
    ],
)  # fmt: skip
def test_numbers_dates_and_addresses_become_terms(
    read_text: Read, sentence: str, terms: dict[str, object]
) -> None:
    promise = only(read_text(f"Our policy for you and your data\n\n{sentence}\n"))
    assert dict(promise.terms) == terms


def test_the_address_below_a_lead_in_is_its_contact(read_text: Read) -> None:
    promise = only(
        read_text(
            "If you have questions about our policy, please contact us at:\nhelp@example.com\n"
        )
    )
    assert promise.terms == {"contact": "help@example.com"}


def test_a_right_names_itself(read_text: Read) -> None:
    register = read_text("You have the right to:\n- Access your data\n- Object to processing\n")
    assert [each.rights for each in register.promises] == [(Right.ACCESS,), (Right.OBJECTION,)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody can register alone; our administrators create every account.",
        "We never lose sight of the security of your data.",
        "All traffic is fully encrypted with TLS.",
    ],
)
def test_strong_words_alone_are_not_impossible(read_text: Read, sentence: str) -> None:
    register = read_text(f"Our policy for you and your data\n\n{sentence}\n")
    assert not [each.clause.quote for each in register.promises if each.impossible]


def test_absolute_security_is_impossible_unless_it_is_denied(read_text: Read) -> None:
    claimed = only(
        read_text("Our policy for you\n\nWe guarantee the absolute security of your data.\n")
    )
    assert claimed.impossible
    assert claimed.duties
    denied = read_text("Our policy for you\n\nNo method of transmission is 100% secure.\n")
    assert not only(denied).impossible
    assert denied.findings == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We take appropriate measures to protect your data.", FindingKind.VAGUE),
        ("We provide absolute security for your data.", FindingKind.OVER_PROMISE),
        ("Your continued use of our services means that you accept the new policy.",
         FindingKind.INVALID),
        ("To exercise your rights, please contact us at [email protected].", FindingKind.GAP),
        ("We keep your data longer where this is required or permitted by law.",
         FindingKind.LOOPHOLE),
        ("Last updated: 07/01/2026", FindingKind.VAGUE),
    ],
)  # fmt: skip
def test_a_careful_reader_remarks_on(read_text: Read, sentence: str, kind: FindingKind) -> None:
    register = read_text(f"Our policy for you and your data\n\n{sentence}\n")
    assert kind in {each.kind for each in register.findings}
    named = {name for each in register.findings for name in each.promises}
    assert named <= {each.id for each in register.promises}


def test_a_table_is_read_by_its_columns(read_text: Read) -> None:
    register = read_text(
        "# Our policy\n\n| Purpose | Kept for |\n|---|---|\n"
        "| Sending the parcel to you | 6 months |\n"
    )
    assert [(each.category, each.terms.get("at_most")) for each in register.promises] == [
        (Category.PURPOSE, None),
        (Category.RETENTION, "6 months"),
    ]


def test_a_list_within_a_sentence_is_a_list(read_text: Read) -> None:
    register = read_text(
        "We use your data to (a) run the service; (b) bill you; and (c) stop fraud.\n"
    )
    assert [each.clause.quote for each in register.promises] == [
        "run the service",
        "bill you",
        "stop fraud",
    ]
    assert {each.category for each in register.promises} == {Category.PURPOSE}


def test_the_page_around_a_policy_is_noise(read_text: Read) -> None:
    register = read_text(
        "Our policy\n\nWe do not sell your data.\n\nWas this article helpful?\n\nThank you!\n"
    )
    assert [each.kind for each in register.promises] == [Kind.FIRM]
    noise = [each for each in register.findings if each.kind is FindingKind.NOISE]
    assert [each.clause.quote for each in noise] == ["Was this article helpful?", "Thank you!"]


def test_the_report_has_the_keys_that_other_programs_read(read_text: Read) -> None:
    report = as_json(read_text("# Our policy\n\nLast updated: 1 March 2026\n\nWe sell no data.\n"))
    assert set(report) == {"documents", "promises", "findings", "disclosures"}
    assert report["documents"][0]["version_date"] == "2026-03-01"
    assert report["documents"][0]["title"] == "Our policy"
    assert {
        "id", "document", "start", "end", "quote", "language", "category", "kind", "duties",
        "data", "purposes", "rights", "terms", "parallel",
    } <= set(report["promises"][0])  # fmt: skip
