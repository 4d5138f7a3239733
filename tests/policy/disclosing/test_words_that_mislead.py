"""Words that look like a disclosure and are none, in three languages."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source

ALL = ("en", "fr", "ar")
START = {
    "en": "# Privacy policy\n\nWe collect your name and your email address. We use your data to send invoices.\n\n",
    "fr": "# Politique de confidentialité\n\nNous collectons votre nom et votre adresse e-mail. Nous utilisons vos données pour établir vos factures.\n\n",
    "ar": "# سياسة الخصوصية\n\nنجمع اسمك وبريدك الإلكتروني. نستخدم بياناتك لإصدار الفواتير.\n\n",
}

CASES = [
    ("en", "gdpr-13-1-b-dpo", "We are not required to appoint a data protection officer.", "absent"),
    ("en", "gdpr-27-representative", "We have no representative in the EU.", "absent"),
    ("en", "gdpr-13-1-a-identity", "We share your data with Parcel Partners Ltd, 3 Dock Road, Hull.", "absent"),
    ("en", "gdpr-13-1-f-safeguards", "We do not transfer your data outside the EEA without adequate safeguards.", "absent"),
    ("en", "gdpr-13-2-e-mandatory", "We process what you voluntarily provide.", "absent"),
    ("en", "gdpr-13-3-further-purpose", "Our processors may not use your data for any other purpose.", "absent"),
    ("en", "gdpr-13-2-f-automated-decisions", "You have the right not to be subject to automated decisions.", "partial"),
    ("en", "eprivacy-cookie-consent", "We use cookies. You can control cookies through your browser settings.", "absent"),
    ("en", "security-measures", "We guarantee the absolute security of your data.", "absent"),
    ("en", "ccpa-opt-out-of-sale", "We do not sell your personal information.", "absent"),
    ("en", "ccpa-sold-or-shared", "We do not sell your personal information.", "partial"),
    ("en", "ccpa-sold-or-shared", "We do not sell or share your personal information for cross-context behavioral advertising.", "present"),
    ("en", "gdpr-13-2-a-retention", "We keep your data for as long as necessary.", "partial"),
    ("fr", "gdpr-13-1-b-dpo", "Nous n'avons pas désigné de délégué à la protection des données.", "absent"),
    ("fr", "eprivacy-cookie-consent", "Nous utilisons des cookies. Vous pouvez gérer les cookies via les paramètres de votre navigateur.", "absent"),
    ("fr", "gdpr-13-2-a-retention", "Nous conservons vos données aussi longtemps que nécessaire.", "partial"),
    ("fr", "ccpa-sold-or-shared", "Nous ne vendons pas vos données.", "partial"),
    ("fr", "gdpr-13-2-f-automated-decisions", "Nous ne prenons aucune décision automatisée à votre égard.", "present"),
    ("fr", "gdpr-13-1-c-legal-basis", "Nous conservons vos données le temps nécessaire au respect de nos obligations légales.", "absent"),
    ("ar", "gdpr-13-2-a-retention", "نحتفظ ببياناتك طالما كان ذلك ضروريا.", "partial"),
    ("ar", "ccpa-sold-or-shared", "لا نبيع بياناتك الشخصية.", "partial"),
    ("ar", "eprivacy-cookie-consent", "نستخدم ملفات تعريف الارتباط. يمكنك التحكم في ملفات تعريف الارتباط من إعدادات متصفحك.", "absent"),
    ("ar", "gdpr-13-1-b-dpo", "لم نعين مسؤول حماية البيانات.", "absent"),
    ("ar", "gdpr-13-2-f-automated-decisions", "لا نتخذ أي قرارات آلية بشأنك.", "present"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "item", "words", "status"), CASES)
def test_words_count_for_what_they_say(language: str, item: str, words: str, status: str) -> None:
    text = f"{START[language]}{words}\n"
    register = read([Source("policy.md", text.encode())], languages=ALL)
    found = {each.item: each.status for each in register.disclosures if each.language == language}
    assert found[item] == status
