"""Policies of three trades in three languages, and what each states of the law's list."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source

ALL = ("en", "fr", "ar")

BAKERY = """# Privacy Notice

Last updated: 3 March 2026

Larkspur Bakehouse Ltd ("we", "us") is the controller of your personal data. Our registered office is 14 Mill Lane, Exeter.
You can reach our data protection officer at dpo@larkspur.example.

## What we collect
We collect the following information:
- Your name, email address and delivery address
- Your orders and payment history

If you do not provide your delivery address, we cannot deliver your order.
We also receive your delivery status from third parties, namely our couriers.

## Why we use it
We use your personal data to:
- deliver your orders, on the basis of our contract with you
- send you our newsletter, based on your consent
- prevent fraud, based on our legitimate interests

We make no automated decisions about you.
If we want to use your data for another purpose, we will inform you beforehand.

## Who receives it
We share your data with our hosting provider, our payment processor and couriers.

## Transfers
Your data is transferred to Canada under an adequacy decision of the European Commission.

## How long we keep it
We keep your orders for 6 years. We delete your account data within 12 months after you close your account.

## Your rights under the GDPR
You have the right to:
- access your personal data
- rectify inaccurate personal data
- erase your personal data
- restrict the processing of your personal data
- object to the processing of your personal data
- receive your personal data in a portable format
- withdraw your consent at any time
- lodge a complaint with the supervisory authority

We will answer your request within 30 days.

## Security
We encrypt data in transit and at rest. Access is restricted to authorised staff.
If a personal data breach occurs, we will notify you and the supervisory authority within 72 hours.

## Cookies
We set analytics cookies only with your consent.

## Children
Our shop is not intended for children under 16.
"""

COURSE = """Politique de confidentialité

Dernière mise à jour : 12 mai 2026

1. Qui sommes-nous
La société Tilleul Formation SAS (« nous ») est responsable du traitement. Notre siège social est situé 8 rue des Lilas, 69003 Lyon.
Vous pouvez écrire à notre délégué à la protection des données : dpo@tilleul.example.

2. Données collectées
Nous collectons :
- votre nom et votre adresse e-mail
- votre numéro de téléphone

Les champs marqués d'un astérisque sont obligatoires.

3. Finalités
Nous utilisons vos données pour :
- gérer votre inscription
- vous envoyer notre lettre d'information
- établir vos factures

4. Destinataires
Nous partageons vos données avec nos prestataires.

5. Durée de conservation
Nous conservons vos données pendant 3 ans.

6. Vos droits
Vous avez le droit de :
- accéder à vos données personnelles
- rectifier vos données personnelles
- demander l'effacement de vos données personnelles
- introduire une réclamation auprès de la CNIL

Nous répondrons à votre demande dans un délai raisonnable.

7. Mineurs
Notre site n'est pas destiné aux enfants de moins de 15 ans.
"""

CLINIC = """سياسة الخصوصية

آخر تحديث: 5 أبريل 2026

من نحن
شركة النخيل للرعاية ذ.م.م (يشار إليها باسم "نحن") ومقرها 21 شارع الورد، عمّان.

البيانات التي نجمعها
نجمع البيانات التالية:
- الاسم ورقم الهاتف
- البريد الإلكتروني والعنوان

كيف نستخدم بياناتك
نستخدم بياناتك للأغراض التالية:
- حجز المواعيد
- إصدار الفواتير
- الرد على استفساراتك

مشاركة البيانات
نشارك بياناتك مع مقدمي الخدمات.

مدة الاحتفاظ
نحتفظ ببياناتك لمدة 5 سنوات.

حقوقك
يحق لك:
- الوصول إلى بياناتك الشخصية
- تصحيح بياناتك الشخصية
- طلب حذف بياناتك الشخصية

سنرد على طلبك خلال 30 يومًا.

اتصل بنا
يمكنك التواصل معنا على privacy@nakheel.example.
"""


def statuses(text: str, language: str) -> dict[str, str]:
    register = read([Source("policy.md", text.encode())], languages=ALL)
    return {each.item: each.status for each in register.disclosures if each.language == language}


CALIFORNIA = {
    "ccpa-opt-out-of-sale", "ccpa-limit-sensitive", "ccpa-non-retaliation", "ccpa-categories-12-months",
    "ccpa-sold-or-shared",
}  # fmt: skip


def test_a_policy_that_states_all_that_the_gdpr_demands_lacks_nothing_of_it() -> None:
    found = statuses(BAKERY, "en")
    lacking = {item: status for item, status in found.items() if status != "present"}
    assert set(lacking) == {
        "gdpr-27-representative", "ccpa-right-to-know", "ccpa-right-to-delete", "ccpa-right-to-correct",
        "ccpa-request-methods", *CALIFORNIA,
    }  # fmt: skip
    assert {lacking[item] for item in CALIFORNIA} == {"absent"}


@pytest.mark.parametrize(
    ("item", "status"),
    [
        ("gdpr-13-1-a-identity", "present"),
        ("gdpr-13-1-a-contact", "present"),
        ("gdpr-13-1-b-dpo", "present"),
        ("gdpr-13-1-c-purposes", "present"),
        ("gdpr-13-1-c-legal-basis", "absent"),
        ("gdpr-13-1-e-recipients", "partial"),
        ("gdpr-13-1-f-transfer", "absent"),
        ("gdpr-13-2-a-retention", "present"),
        ("gdpr-13-2-b-access", "present"),
        ("gdpr-13-2-b-rectification", "present"),
        ("gdpr-13-2-b-erasure", "present"),
        ("gdpr-13-2-b-portability", "absent"),
        ("gdpr-13-2-d-complaint", "present"),
        ("gdpr-13-2-e-mandatory", "partial"),
        ("gdpr-12-3-time", "partial"),
        ("gdpr-14-1-d-categories", "present"),
        ("gdpr-33-34-breach", "absent"),
        ("children", "present"),
        ("version-date", "present"),
        ("security-measures", "absent"),
    ],
)
def test_a_french_school_is_told_what_it_states(item: str, status: str) -> None:
    assert statuses(COURSE, "fr")[item] == status


@pytest.mark.parametrize(
    ("item", "status"),
    [
        ("gdpr-13-1-a-identity", "present"),
        ("gdpr-13-1-a-contact", "present"),
        ("gdpr-13-1-b-dpo", "absent"),
        ("gdpr-13-1-c-purposes", "present"),
        ("gdpr-13-1-e-recipients", "partial"),
        ("gdpr-13-2-a-retention", "present"),
        ("gdpr-13-2-b-access", "present"),
        ("gdpr-13-2-b-rectification", "present"),
        ("gdpr-13-2-b-erasure", "present"),
        ("gdpr-13-2-b-objection", "absent"),
        ("gdpr-13-2-d-complaint", "absent"),
        ("gdpr-12-3-time", "present"),
        ("gdpr-14-1-d-categories", "present"),
        ("children", "absent"),
        ("version-date", "present"),
    ],
)
def test_an_arab_clinic_is_told_what_it_states(item: str, status: str) -> None:
    assert statuses(CLINIC, "ar")[item] == status


LEFT_OUT = [
    ("gdpr-13-1-b-dpo", "You can reach our data protection officer at dpo@larkspur.example.\n"),
    ("gdpr-13-2-e-mandatory", "If you do not provide your delivery address, we cannot deliver your order.\n"),
    ("gdpr-13-2-f-automated-decisions", "We make no automated decisions about you.\n"),
    ("gdpr-13-3-further-purpose", "If we want to use your data for another purpose, we will inform you beforehand.\n"),
    ("gdpr-13-2-b-access", "- access your personal data\n"),
    ("gdpr-13-2-b-erasure", "- erase your personal data\n"),
    ("gdpr-13-2-b-portability", "- receive your personal data in a portable format\n"),
    ("gdpr-13-2-c-withdrawal", "- withdraw your consent at any time\n"),
    ("gdpr-13-2-d-complaint", "- lodge a complaint with the supervisory authority\n"),
    ("gdpr-12-3-time", "We will answer your request within 30 days.\n"),
    ("eprivacy-cookie-consent", "We set analytics cookies only with your consent.\n"),
    ("children", "Our shop is not intended for children under 16.\n"),
    ("version-date", "Last updated: 3 March 2026\n"),
    ("gdpr-13-1-f-safeguards", "Your data is transferred to Canada under an adequacy decision of the European Commission.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "words"), LEFT_OUT, ids=[item for item, _ in LEFT_OUT])
def test_what_is_left_out_is_absent(item: str, words: str) -> None:
    assert words in BAKERY
    assert statuses(BAKERY, "en")[item] == "present"
    assert statuses(BAKERY.replace(words, ""), "en")[item] == "absent"


HALF_SAID = [
    ("gdpr-13-1-a-identity", "Our registered office is 14 Mill Lane, Exeter.", ""),
    ("gdpr-13-1-b-dpo", "You can reach our data protection officer at dpo@larkspur.example.", "We have a data protection officer."),
    ("gdpr-13-1-e-recipients", "our hosting provider, our payment processor and couriers", "our service providers"),
    ("gdpr-13-1-f-safeguards", " under an adequacy decision of the European Commission", ""),
    ("gdpr-13-2-a-retention", "We keep your orders for 6 years. We delete your account data within 12 months after you close your account.", "We keep your orders for as long as necessary."),
    ("gdpr-13-2-b-erasure", "- erase your personal data", "- erase your personal data where possible"),
    ("gdpr-13-3-further-purpose", "we will inform you beforehand", "we ask for your consent"),
    ("gdpr-12-3-time", "within 30 days", "within a reasonable time"),
    ("gdpr-33-34-breach", "we will notify you and the supervisory authority within 72 hours", "we may notify you where required"),
    ("eprivacy-cookie-consent", "We set analytics cookies only with your consent.", "We use analytics cookies. You can manage them in our cookie settings."),
    ("gdpr-13-2-f-automated-decisions", "We make no automated decisions about you.", "We use profiling."),
]  # fmt: skip


@pytest.mark.parametrize(("item", "full", "half"), HALF_SAID, ids=[item for item, *_ in HALF_SAID])
def test_what_is_hedged_or_cut_short_is_partial(item: str, full: str, half: str) -> None:
    assert full in BAKERY
    assert statuses(BAKERY, "en")[item] == "present"
    assert statuses(BAKERY.replace(full, half), "en")[item] == "partial"


CHANGED = [
    ("fr", "gdpr-13-1-a-identity", "partial", " Notre siège social est situé 8 rue des Lilas, 69003 Lyon.", ""),
    ("fr", "gdpr-13-1-b-dpo", "absent", "Vous pouvez écrire à notre délégué à la protection des données : dpo@tilleul.example.", ""),
    ("fr", "gdpr-13-1-b-dpo", "partial", "Vous pouvez écrire à notre délégué à la protection des données : dpo@tilleul.example.", "Nous avons un délégué à la protection des données."),
    ("fr", "gdpr-13-2-a-retention", "partial", "pendant 3 ans", "aussi longtemps que nécessaire"),
    ("fr", "gdpr-13-2-b-erasure", "absent", "- demander l'effacement de vos données personnelles\n", ""),
    ("fr", "gdpr-13-2-d-complaint", "absent", "- introduire une réclamation auprès de la CNIL\n", ""),
    ("fr", "gdpr-13-2-e-mandatory", "absent", "Les champs marqués d'un astérisque sont obligatoires.", ""),
    ("fr", "gdpr-13-2-e-mandatory", "present", "Les champs marqués d'un astérisque sont obligatoires.", "Si vous ne fournissez pas ces données, nous ne pourrons pas traiter votre inscription."),
    ("fr", "gdpr-12-3-time", "present", "dans un délai raisonnable", "dans un délai d'un mois"),
    ("fr", "gdpr-12-3-time", "absent", "Nous répondrons à votre demande dans un délai raisonnable.", ""),
    ("fr", "gdpr-13-1-e-recipients", "present", "nos prestataires", "notre hébergeur, nos banques et notre expert comptable"),
    ("fr", "gdpr-13-1-e-recipients", "absent", "Nous partageons vos données avec nos prestataires.", ""),
    ("fr", "children", "absent", "Notre site n'est pas destiné aux enfants de moins de 15 ans.", ""),
    ("fr", "version-date", "absent", "Dernière mise à jour : 12 mai 2026", ""),
    ("ar", "gdpr-13-1-a-identity", "partial", " ومقرها 21 شارع الورد، عمّان", ""),
    ("ar", "gdpr-13-2-a-retention", "partial", "لمدة 5 سنوات", "طالما كان ذلك ضروريا"),
    ("ar", "gdpr-13-2-b-erasure", "absent", "- طلب حذف بياناتك الشخصية\n", ""),
    ("ar", "gdpr-12-3-time", "partial", "خلال 30 يومًا", "في أقرب وقت"),
    ("ar", "gdpr-12-3-time", "absent", "سنرد على طلبك خلال 30 يومًا.", ""),
    ("ar", "gdpr-13-1-e-recipients", "absent", "نشارك بياناتك مع مقدمي الخدمات.", ""),
    ("ar", "gdpr-13-1-e-recipients", "present", "مقدمي الخدمات", "شركات الشحن والبنوك"),
    ("ar", "version-date", "absent", "آخر تحديث: 5 أبريل 2026", ""),
]  # fmt: skip


@pytest.mark.parametrize(("language", "item", "status", "old", "new"), CHANGED)
def test_a_change_of_words_changes_the_status(
    language: str, item: str, status: str, old: str, new: str
) -> None:
    text = {"fr": COURSE, "ar": CLINIC}[language]
    assert old in text
    assert statuses(text, language)[item] != status
    assert statuses(text.replace(old, new), language)[item] == status
