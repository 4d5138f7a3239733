"""Which mandatory items one language of one document states."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from kept.jurisdictions.disclosure_item import disclosure_items
from kept.policy.disclosing import california, conduct, controller, processing, rights
from kept.policy.disclosing.evidence import Evidence, Ruling
from kept.promises.promise import Disclosure
from kept.vocabulary.duty import Duty

_LAW_SIGNALS = {
    "names-eu-gdpr": "eu-gdpr",
    "names-uk-gdpr": "uk-gdpr",
    "names-us-ca-ccpa": "us-ca-ccpa",
}

JUDGES: Mapping[str, Callable[[Evidence], Ruling]] = {
    "gdpr-13-1-a-identity": controller.identity,
    "gdpr-13-1-a-contact": controller.contact,
    "gdpr-27-representative": controller.representative,
    "gdpr-13-1-b-dpo": controller.data_protection_officer,
    "gdpr-13-1-c-purposes": processing.purposes,
    "gdpr-13-1-c-legal-basis": processing.legal_basis,
    "gdpr-13-1-e-recipients": processing.recipients,
    "gdpr-13-1-f-transfer": processing.transfer,
    "gdpr-13-1-f-safeguards": processing.safeguards,
    "gdpr-13-2-a-retention": processing.retention,
    "gdpr-13-2-b-access": partial(rights.granted, duty=Duty.RIGHT_ACCESS),
    "gdpr-13-2-b-rectification": partial(rights.granted, duty=Duty.RIGHT_RECTIFICATION),
    "gdpr-13-2-b-erasure": partial(rights.granted, duty=Duty.RIGHT_ERASURE),
    "gdpr-13-2-b-restriction": partial(rights.granted, duty=Duty.RIGHT_RESTRICTION),
    "gdpr-13-2-b-objection": partial(
        rights.granted, duty=Duty.RIGHT_OBJECTION, half_by=Duty.MARKETING_OPT_OUT
    ),
    "gdpr-13-2-b-portability": partial(rights.granted, duty=Duty.RIGHT_PORTABILITY),
    "gdpr-13-2-c-withdrawal": rights.withdrawal,
    "gdpr-13-2-d-complaint": partial(rights.granted, duty=Duty.AUTHORITY_COMPLAINT),
    "gdpr-13-2-e-mandatory": processing.mandatory,
    "gdpr-13-2-f-automated-decisions": processing.automated_decisions,
    "gdpr-13-3-further-purpose": processing.further_purpose,
    "gdpr-14-1-d-categories": processing.categories,
    "gdpr-14-2-f-source": processing.source,
    "gdpr-12-3-time": rights.answer_time,
    "gdpr-33-34-breach": conduct.breach,
    "eprivacy-cookie-consent": conduct.cookie_consent,
    "children": conduct.children,
    "security-measures": conduct.security,
    "version-date": conduct.version_date,
    "ccpa-right-to-know": rights.right_to_know,
    "ccpa-right-to-delete": partial(rights.in_california, duty=Duty.RIGHT_ERASURE),
    "ccpa-right-to-correct": partial(rights.in_california, duty=Duty.RIGHT_RECTIFICATION),
    "ccpa-opt-out-of-sale": california.opt_out_of_sale,
    "ccpa-limit-sensitive": california.limit_sensitive,
    "ccpa-non-retaliation": california.non_retaliation,
    "ccpa-categories-12-months": california.twelve_months,
    "ccpa-sold-or-shared": california.sold_or_shared,
    "ccpa-retention-per-category": california.retention_per_category,
    "ccpa-request-methods": california.request_methods,
}
"""What judges each item of the law's list."""


def laws_named(evidence: Evidence) -> frozenset[str]:
    """Return the laws that the text itself names, by the identifiers of ``kept.toml``."""
    return frozenset(law for signal, law in _LAW_SIGNALS.items() if evidence.said(signal))


def judge(
    document: str, language: str, evidence: Evidence, named: frozenset[str]
) -> Sequence[Disclosure]:
    """Return every item for one language of a document, in the order of the laws.

    Args:
        document: Its name.
        language: Tag of the language that `evidence` is in.
        evidence: What was said in it.
        named: Laws that the document names; items of others are due "if applicable".
    """
    found = []
    for key, item in disclosure_items().items():
        ruling = JUDGES[key](evidence)
        found.append(
            Disclosure(
                document=document,
                language=language,
                item=key,
                status=ruling.status.word,
                promises=tuple(dict.fromkeys(each.id for each in ruling.promises))
                if ruling.status
                else (),
                laws=tuple(sorted(item.laws)),
                applies="yes" if item.laws & named else "if-applicable",
            )
        )
    return found
