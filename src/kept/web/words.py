"""What the enums are called on a page, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kept.promises.promise import Category
from kept.promises.verdict import Verdict
from kept.vocabulary.duty import Duty
from kept.vocabulary.right import Right

VERDICTS: Mapping[str, tuple[object, object]] = {
    Verdict.BROKEN: (_("Broken"), _("A check found that it is not kept.")),
    Verdict.IMPOSSIBLE: (_("Impossible"), _("No system can keep these words.")),
    Verdict.UNPROVEN: (_("Unproven"), _("Nobody has shown yet that it is kept.")),
    Verdict.AT_RISK: (_("At risk"), _("Kept, and a deadline or an expiry is near.")),
    Verdict.KEPT: (_("Kept"), _("Every check of it ran and found nothing.")),
}
"""Name and meaning of each verdict."""

DUTIES: Mapping[Duty, object] = {
    Duty.COVERED_SYSTEMS: _("Every system is covered"),
    Duty.DECLARED_DATA: _("Only stated data is collected"),
    Duty.DATA_SOURCE: _("Sources of data"),
    Duty.DATA_MINIMISATION: _("Data minimisation"),
    Duty.SENSITIVE_DATA_INTAKE: _("Sensitive data"),
    Duty.CARD_TOKENISATION: _("No card numbers stored"),
    Duty.CARD_DATA_SCOPE: _("Card numbers in one place only"),
    Duty.CALL_RECORDS: _("Call records"),
    Duty.IDENTITY_VERIFICATION: _("Identity verification"),
    Duty.PURPOSE_LIMITATION: _("Purpose limitation"),
    Duty.LEGAL_BASIS: _("Legal basis"),
    Duty.CONSENT: _("Consent"),
    Duty.CONSENT_WITHDRAWAL: _("Withdrawal of consent"),
    Duty.NO_IMPLIED_CONSENT: _("No consent by silence"),
    Duty.RIGHT_OBJECTION: _("Right to object"),
    Duty.RIGHT_RESTRICTION: _("Right to restriction of processing"),
    Duty.MARKETING_OPT_OUT: _("Opting out of marketing"),
    Duty.MESSAGE_CLASSES: _("Kinds of messages"),
    Duty.NO_SALE: _("No sale of data"),
    Duty.NON_DISCRIMINATION: _("No disadvantage for using a right"),
    Duty.KNOWN_RECIPIENTS: _("Only stated recipients"),
    Duty.PROCESSOR_CONTRACTS: _("Contracts with processors"),
    Duty.LAWFUL_DISCLOSURE: _("Disclosure required by law"),
    Duty.BUSINESS_TRANSFER: _("Transfer of the business"),
    Duty.CLIENT_INSTRUCTIONS: _("Instructions of clients"),
    Duty.THIRD_PARTY_LINKS: _("Third-party content"),
    Duty.TRANSFERS: _("Transfers to third countries"),
    Duty.RETENTION: _("Storage period"),
    Duty.LEGAL_HOLD: _("Legal hold"),
    Duty.ERASURE_OR_ANONYMISATION: _("Secure erasure"),
    Duty.CHILD_DATA_DELETION: _("Erasure of children's data"),
    Duty.RIGHTS_DESK: _("Answers to requests"),
    Duty.RIGHT_ACCESS: _("Right of access"),
    Duty.RIGHT_RECTIFICATION: _("Right to rectification"),
    Duty.RIGHT_ERASURE: _("Right to erasure"),
    Duty.RIGHT_PORTABILITY: _("Right to data portability"),
    Duty.RIGHT_TO_KNOW: _("Right to know"),
    Duty.SELF_SERVICE_ACCOUNT: _("Account page"),
    Duty.AUTHORITY_COMPLAINT: _("Complaint to the supervisory authority"),
    Duty.CONTACT_CHANNEL: _("Contact address"),
    Duty.COOKIE_INVENTORY: _("Stated cookies"),
    Duty.COOKIE_CHOICE: _("Choice about cookies"),
    Duty.AGE_LIMIT: _("Age limit"),
    Duty.SECURITY_MEASURES: _("Security measures"),
    Duty.ENCRYPTION_IN_TRANSIT: _("Encryption in transit"),
    Duty.ENCRYPTION_AT_REST: _("Encryption at rest"),
    Duty.ACCESS_CONTROL: _("Access control"),
    Duty.AUTHENTICATION: _("Passwords and sign-in"),
    Duty.PROTECTED_HOSTS: _("Protected servers"),
    Duty.SECURITY_TESTING: _("Security testing"),
    Duty.STAFF_TRAINING: _("Staff training"),
    Duty.PATCHING: _("Security updates"),
    Duty.PRIVACY_BY_DESIGN: _("Data protection by design"),
    Duty.MONITORING_AND_LOGGING: _("Monitoring and logging"),
    Duty.INCIDENT_RESPONSE: _("Incident response"),
    Duty.BREACH_NOTIFICATION: _("Notification of a breach"),
    Duty.POLICY_VERSION: _("Date of the text"),
    Duty.POLICY_CHANGE_NOTICE: _("Notice of changes"),
    Duty.LEGAL_COMPLIANCE: _("Compliance with the law"),
}
"""What each duty is called."""

CATEGORIES: Mapping[Category, object] = {
    Category.SCOPE: _("Scope"),
    Category.COLLECT: _("Collection"),
    Category.PURPOSE: _("Purposes"),
    Category.SHARE: _("Sharing"),
    Category.SECURITY: _("Security"),
    Category.RETENTION: _("Storage period"),
    Category.DELETE: _("Erasure"),
    Category.RIGHTS: _("Rights"),
    Category.CHOICE: _("Choice"),
    Category.COOKIES: _("Cookies"),
    Category.CHILDREN: _("Children"),
    Category.TRANSFER: _("Transfers to third countries"),
    Category.BASIS: _("Legal basis"),
    Category.CHANGE: _("Changes"),
    Category.CONTACT: _("Contact"),
    Category.NO_SALE: _("No sale of data"),
    Category.THIRD_PARTY: _("Third parties"),
    Category.MINIMISE: _("Data minimisation"),
    Category.INCIDENT: _("Incidents"),
    Category.COMPLIANCE: _("Compliance with the law"),
    Category.USER_DUTY: _("What you should do"),
    Category.DISCLAIMER: _("Disclaimer"),
    Category.GENERAL: _("In general"),
}
"""What each topic of a clause is called."""

RIGHTS: Mapping[str, object] = {
    Right.ACCESS: _("Access"),
    Right.RECTIFICATION: _("Rectification"),
    Right.ERASURE: _("Erasure"),
    Right.RESTRICTION: _("Restriction of processing"),
    Right.PORTABILITY: _("Data portability"),
    Right.OBJECTION: _("Objection"),
    Right.WITHDRAW_CONSENT: _("Withdrawal of consent"),
}
"""What each right is called where somebody exercises it."""
