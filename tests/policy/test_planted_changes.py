"""That a change planted in one language of a policy is told, whatever the pair of languages."""

from collections.abc import Iterator

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, TextFinding

LEAST_RECALL = 0.98
COMPARED = {
    FindingKind.CONTRADICTION,
    FindingKind.MISSING_TRANSLATION,
    FindingKind.TRANSLATION_DIFFERS,
}

TEXTS = {
    "en": """Privacy policy of Brindle Notes

Last updated: 3 May 2026

This policy explains how Brindle Notes handles your personal data.

1. Data we collect

We collect:

- Your name and e-mail address
- Your IP address
- Your location, with your consent
- Your payment details

We may collect your telephone number.

2. Purposes

We use your data to:

- provide our services
- prevent fraud
- send you our newsletter, with your consent

3. Retention

We keep your account data for 12 months after your last login. We delete log files after 30 days.

4. Sharing

We do not sell your personal data. We share your data with hosting providers, payment providers and delivery companies. We may disclose your data to the authorities where the law requires it.

5. Security

- All data is encrypted in transit and at rest
- Only authorised staff have access to your data

We cannot guarantee absolute security. We will notify you of a data breach within 72 hours.

6. Your rights

You have the right to:

- access your data
- correct your data
- request the deletion of your data
- lodge a complaint with the supervisory authority

We answer your requests within 30 days.

7. Transfers

We do not transfer your data outside the European Union.

8. Children

Brindle Notes is not intended for children under 16. We do not knowingly collect personal data from children under 16.

9. Changes

We will notify you by e-mail 14 days before we change this policy.

10. Contact

Please contact us at privacy@brindle.example.com.
""",
    "fr": """Politique de confidentialité de Brindle Notes

Dernière mise à jour : 3 mai 2026

Cette politique explique comment Brindle Notes traite vos données personnelles.

1. Données que nous collectons

Nous collectons :

- Votre nom et votre adresse e-mail
- Votre adresse IP
- Votre localisation, avec votre consentement
- Vos données de paiement

Nous pouvons collecter votre numéro de téléphone.

2. Finalités

Nous utilisons vos données pour :

- fournir nos services
- prévenir la fraude
- vous envoyer notre lettre d'information, avec votre consentement

3. Conservation

Nous conservons les données de votre compte pendant 12 mois après votre dernière connexion. Nous supprimons les fichiers journaux au bout de 30 jours.

4. Partage

Nous ne vendons pas vos données personnelles. Nous partageons vos données avec des hébergeurs, des prestataires de paiement et des sociétés de livraison. Nous pouvons communiquer vos données aux autorités lorsque la loi l'exige.

5. Sécurité

- Toutes les données sont chiffrées en transit et au repos
- Seul le personnel habilité a accès à vos données

Nous ne pouvons pas garantir une sécurité absolue. Nous vous informerons d'une violation de données dans les 72 heures.

6. Vos droits

Vous avez le droit :

- d'accéder à vos données
- de rectifier vos données
- de demander la suppression de vos données
- d'introduire une réclamation auprès de l'autorité de contrôle

Nous répondons à vos demandes sous 30 jours.

7. Transferts

Nous ne transférons pas vos données en dehors de l'Union européenne.

8. Enfants

Brindle Notes ne s'adresse pas aux enfants de moins de 16 ans. Nous ne collectons pas sciemment de données personnelles auprès d'enfants de moins de 16 ans.

9. Modifications

Nous vous informerons par e-mail 14 jours avant toute modification.

10. Contact

Veuillez nous contacter à privacy@brindle.example.com.
""",
    "ar": """سياسة الخصوصية لتطبيق Brindle Notes

آخر تحديث: 3 مايو 2026

توضح هذه السياسة كيف يتعامل Brindle Notes مع بياناتك الشخصية.

1. البيانات التي نجمعها

نجمع:

- اسمك وبريدك الإلكتروني
- عنوان IP الخاص بك
- موقعك الجغرافي بموافقتك
- بيانات الدفع الخاصة بك

قد نجمع رقم هاتفك.

2. الأغراض

نستخدم بياناتك من أجل:

- تقديم خدماتنا
- منع الاحتيال
- إرسال نشرتنا الإخبارية إليك بموافقتك

3. الاحتفاظ

نحتفظ ببيانات حسابك لمدة 12 شهرا بعد آخر تسجيل دخول لك. نحذف ملفات السجل بعد 30 يوما.

4. المشاركة

نحن لا نبيع بياناتك الشخصية. نشارك بياناتك مع مزودي الاستضافة ومزودي الدفع وشركات التوصيل. قد نفصح عن بياناتك للسلطات عندما يقتضي القانون ذلك.

5. الأمن

- جميع البيانات مشفرة أثناء النقل وأثناء التخزين
- الموظفون المخولون فقط يمكنهم الوصول إلى بياناتك

لا يمكننا ضمان الأمان المطلق. سنخطرك بأي خرق للبيانات خلال 72 ساعة.

6. حقوقك

يحق لك:

- الوصول إلى بياناتك
- تصحيح بياناتك
- طلب حذف بياناتك
- تقديم شكوى إلى الجهة الرقابية

نرد على طلباتك خلال 30 يوما.

7. النقل

لا ننقل بياناتك خارج الاتحاد الأوروبي.

8. الأطفال

تطبيق Brindle Notes غير موجه للأطفال دون سن 16 سنة. لا نجمع عن علم بيانات شخصية من الأطفال دون سن 16 سنة.

9. التغييرات

سنبلغك عبر البريد الإلكتروني قبل 14 يوما من أي تغيير.

10. التواصل

يرجى التواصل معنا على privacy@brindle.example.com.
""",
}

# Translated as people translate: other commas, other order, numbers in words.
FREE = {
    "en": """Tamar Clinic privacy notice

Effective date: 1 September 2025

This notice tells you how Tamar Clinic looks after your personal information.

What we collect

When you book an appointment we ask for your name, date of birth, telephone number and insurance number. During your treatment we record your health data. Our website may log your IP address and the pages that you visit.

Why we use it

We use your information to treat you, to bill your insurer and to remind you of appointments. We may send you health tips if you agree to it.

Who receives it

We pass your data to your insurer, to the laboratories that analyse your samples and to our hosting provider. All our providers are bound by contract to keep your data confidential. We never sell patient data.

How long we keep it

Medical records are kept for 10 years after your last visit, as the law requires. Appointment reminders are deleted after 6 months.

Security

Every record is encrypted. Some staff members can read records, each with a personal account. No system is completely secure.

Your rights

You can ask for a copy of your data, have mistakes corrected and object to the use of your data. We reply within one month.

Minors

Patients under 18 need the consent of a parent.

Contact

Write to our data protection officer at dpo@tamar-clinic.example.org or call +49 30 1234567.
""",
    "fr": """Avis de confidentialité de la clinique Tamar Clinic

Date d'entrée en vigueur : 1er septembre 2025

Le présent avis vous explique comment Tamar Clinic protège vos informations personnelles.

Ce que nous collectons

Lorsque vous prenez rendez-vous, nous vous demandons votre nom, votre date de naissance, votre numéro de téléphone et votre numéro d'assurance. Au cours de votre traitement, nous enregistrons vos données de santé. Notre site peut enregistrer votre adresse IP et les pages que vous consultez.

Pourquoi nous les utilisons

Nous utilisons vos informations pour vous soigner, facturer votre assureur et vous rappeler vos rendez-vous. Nous pouvons vous envoyer des conseils de santé si vous l'acceptez.

Qui les reçoit

Nous transmettons vos données à votre assureur, aux laboratoires qui analysent vos prélèvements et à notre hébergeur. Tous nos prestataires sont tenus par contrat de garder vos données confidentielles. Nous ne vendons jamais les données des patients.

Combien de temps nous les conservons

Les dossiers médicaux sont conservés pendant 10 ans après votre dernière visite, comme la loi l'exige. Les rappels de rendez-vous sont supprimés au bout de six mois.

Sécurité

Chaque dossier est chiffré. Certains membres du personnel peuvent lire les dossiers, chacun avec un compte personnel. Aucun système n'est totalement sûr.

Vos droits

Vous pouvez demander une copie de vos données, faire corriger les erreurs et vous opposer à l'utilisation de vos données. Nous répondons dans un délai d'un mois.

Mineurs

Les patients de moins de 18 ans ont besoin du consentement d'un parent.

Contact

Écrivez à notre délégué à la protection des données à dpo@tamar-clinic.example.org ou appelez le +49 30 1234567.
""",
    "ar": """إشعار الخصوصية لعيادة Tamar Clinic

تاريخ السريان: 1 سبتمبر 2025

يوضح هذا الإشعار كيف تعتني Tamar Clinic بمعلوماتك الشخصية.

ما الذي نجمعه

عند حجز موعد نطلب منك اسمك وتاريخ ميلادك ورقم هاتفك ورقم تأمينك. وأثناء علاجك نسجل بياناتك الصحية. وقد يسجل موقعنا عنوان IP الخاص بك والصفحات التي تزورها.

لماذا نستخدمها

نستخدم معلوماتك لعلاجك ولإصدار الفواتير لشركة التأمين ولتذكيرك بالمواعيد. وقد نرسل إليك نصائح صحية إذا وافقت على ذلك.

من يتلقاها

ننقل بياناتك إلى شركة التأمين الخاصة بك وإلى المختبرات التي تحلل عيناتك وإلى مزود الاستضافة لدينا. جميع مزودينا ملزمون بموجب عقد بالحفاظ على سرية بياناتك. نحن لا نبيع بيانات المرضى أبدا.

مدة الاحتفاظ

يُحتفظ بالسجلات الطبية لمدة 10 سنوات بعد آخر زيارة لك وفقا لما يقتضيه القانون. وتحذف رسائل التذكير بالمواعيد بعد 6 أشهر.

الأمان

كل سجل مشفر. يستطيع بعض الموظفين قراءة السجلات، ولكل منهم حساب شخصي. لا يوجد نظام آمن تماما.

حقوقك

يمكنك طلب نسخة من بياناتك وتصحيح الأخطاء والاعتراض على استخدام بياناتك. نرد خلال شهر واحد.

القاصرون

يحتاج المرضى دون سن 18 سنة إلى موافقة أحد الوالدين.

اتصل بنا

راسل مسؤول حماية البيانات لدينا على dpo@tamar-clinic.example.org أو اتصل على +49 30 1234567.
""",
}

CHANGES: dict[str, list[tuple[str, str, str]]] = {
    "en": [
        ("number", "for 12 months", "for 24 months"),
        ("number", "after 30 days", "after 90 days"),
        ("number", "within 30 days", "within 60 days"),
        ("number", "within 72 hours", "within 96 hours"),
        ("number", "14 days before", "7 days before"),
        ("unit", "for 12 months", "for 12 years"),
        ("unit", "within 30 days", "within 30 weeks"),
        ("age", "intended for children under 16", "intended for children under 13"),
        ("contact", "privacy@brindle", "sales@brindle"),
        ("date", "3 May 2026", "4 May 2026"),
        ("date", "3 May 2026", "3 June 2026"),
        ("modality", "We collect:", "We may collect:"),
        ("modality", "We keep your account", "We may keep your account"),
        ("modality", "We may disclose your data to", "We disclose your data to"),
        ("modality", "We will notify you of a data breach", "We may notify you of a data breach"),
        ("consent", "location, with your consent", "location"),
        ("consent", "newsletter, with your consent", "newsletter"),
        ("polarity", "We do not sell your", "We may sell your"),
        ("polarity", "We do not transfer your data", "We may transfer your data"),
        ("polarity", "We do not knowingly collect", "We collect"),
        ("polarity", "We cannot guarantee absolute", "We guarantee absolute"),
        ("dropped", "- Your IP address\n", ""),
        ("dropped", "- correct your data\n", ""),
        ("dropped", "- prevent fraud\n", ""),
        ("dropped", "We do not sell your personal data. ", ""),
        ("dropped", "We delete log files after 30 days.", ""),
        ("added", "- access your data\n", "- access your data\n- object to the processing\n"),
        ("added", "- Your IP address\n", "- Your IP address\n- Your health data\n"),
        ("all", "All data is encrypted", "Some data is encrypted"),
        ("recipient", "hosting providers, payment providers and delivery companies",
         "hosting providers and delivery companies"),
        ("recipient", "payment providers and delivery companies",
         "payment providers, delivery companies and advertisers"),
        ("data", "Your name and e-mail address", "Your name"),
    ],
    "fr": [
        ("number", "pendant 12 mois", "pendant 24 mois"),
        ("number", "au bout de 30 jours", "au bout de 90 jours"),
        ("number", "sous 30 jours", "sous 60 jours"),
        ("number", "les 72 heures", "les 96 heures"),
        ("number", "14 jours avant", "7 jours avant"),
        ("unit", "pendant 12 mois", "pendant 12 ans"),
        ("unit", "sous 30 jours", "sous 30 semaines"),
        ("age", "s'adresse pas aux enfants de moins de 16", "s'adresse pas aux enfants de moins de 13"),
        ("contact", "privacy@brindle", "ventes@brindle"),
        ("date", "3 mai 2026", "4 mai 2026"),
        ("modality", "Nous collectons :", "Nous pouvons collecter :"),
        ("modality", "Nous conservons les données", "Nous pouvons conserver les données"),
        ("modality", "Nous vous informerons d'une", "Nous pouvons vous informer d'une"),
        ("consent", "localisation, avec votre consentement", "localisation"),
        ("consent", "information, avec votre consentement", "information"),
        ("polarity", "Nous ne vendons pas vos", "Nous pouvons vendre vos"),
        ("polarity", "Nous ne transférons pas vos", "Nous pouvons transférer vos"),
        ("polarity", "Nous ne collectons pas sciemment de", "Nous collectons des"),
        ("polarity", "Nous ne pouvons pas garantir une", "Nous garantissons une"),
        ("dropped", "- Votre adresse IP\n", ""),
        ("dropped", "- de rectifier vos données\n", ""),
        ("dropped", "- prévenir la fraude\n", ""),
        ("dropped", "Nous ne vendons pas vos données personnelles. ", ""),
        ("added", "- d'accéder à vos données\n",
         "- d'accéder à vos données\n- de vous opposer au traitement\n"),
        ("added", "- Votre adresse IP\n", "- Votre adresse IP\n- Vos données de santé\n"),
        ("all", "Toutes les données sont", "Certaines données sont"),
        ("recipient", "des hébergeurs, des prestataires de paiement et des sociétés de livraison",
         "des hébergeurs et des sociétés de livraison"),
        ("recipient", "des prestataires de paiement et des sociétés de livraison",
         "des prestataires de paiement, des sociétés de livraison et des annonceurs"),
        ("data", "Votre nom et votre adresse e-mail", "Votre nom"),
    ],
    "ar": [
        ("number", "لمدة 12 شهرا", "لمدة 24 شهرا"),
        ("number", "بعد 30 يوما", "بعد 90 يوما"),
        ("number", "خلال 30 يوما", "خلال 60 يوما"),
        ("number", "خلال 72 ساعة", "خلال 96 ساعة"),
        ("number", "قبل 14 يوما", "قبل 7 أيام"),
        ("unit", "لمدة 12 شهرا", "لمدة 12 سنة"),
        ("unit", "خلال 30 يوما", "خلال 30 أسبوعا"),
        ("age", "موجه للأطفال دون سن 16", "موجه للأطفال دون سن 13"),
        ("contact", "privacy@brindle", "sales@brindle"),
        ("date", "3 مايو 2026", "4 مايو 2026"),
        ("modality", "نجمع:", "قد نجمع:"),
        ("modality", "نحتفظ ببيانات حسابك", "قد نحتفظ ببيانات حسابك"),
        ("modality", "سنخطرك بأي خرق", "قد نخطرك بأي خرق"),
        ("consent", "موقعك الجغرافي بموافقتك", "موقعك الجغرافي"),
        ("consent", "إليك بموافقتك", "إليك"),
        ("polarity", "نحن لا نبيع بياناتك", "قد نبيع بياناتك"),
        ("polarity", "لا ننقل بياناتك", "قد ننقل بياناتك"),
        ("polarity", "لا نجمع عن علم بيانات", "نجمع بيانات"),
        ("polarity", "لا يمكننا ضمان الأمان", "نضمن الأمان"),
        ("dropped", "- عنوان IP الخاص بك\n", ""),
        ("dropped", "- تصحيح بياناتك\n", ""),
        ("dropped", "- منع الاحتيال\n", ""),
        ("dropped", "نحن لا نبيع بياناتك الشخصية. ", ""),
        ("added", "- تصحيح بياناتك\n", "- تصحيح بياناتك\n- الاعتراض على المعالجة\n"),
        ("added", "- عنوان IP الخاص بك\n", "- عنوان IP الخاص بك\n- بياناتك الصحية\n"),
        ("all", "جميع البيانات مشفرة", "بعض البيانات مشفرة"),
        ("recipient", "مزودي الاستضافة ومزودي الدفع وشركات التوصيل", "مزودي الاستضافة وشركات التوصيل"),
        ("recipient", "ومزودي الدفع وشركات التوصيل", "ومزودي الدفع وشركات التوصيل والمعلنين"),
        ("data", "اسمك وبريدك الإلكتروني", "اسمك"),
    ],
}  # fmt: skip
PAIRS = [("en", "fr"), ("en", "ar"), ("fr", "ar")]


def told(first: str, second: str) -> list[TextFinding]:
    register = read([Source("one.txt", first.encode()), Source("two.txt", second.encode())])
    return [each for each in register.findings if each.kind in COMPARED]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_clean_pair_raises_nothing(pair: tuple[str, str]) -> None:
    one, other = pair
    assert told(TEXTS[one], TEXTS[other]) == []
    assert told(TEXTS[other], TEXTS[one]) == []


MOST_FALSE_ALARMS = 1


@pytest.mark.parametrize("pair", PAIRS)
def test_a_free_translation_raises_next_to_nothing(pair: tuple[str, str]) -> None:
    found = told(FREE[pair[0]], FREE[pair[1]])
    assert len(found) <= MOST_FALSE_ALARMS, [(each.note, each.clause.quote) for each in found]
    assert not [each for each in found if each.kind is not FindingKind.MISSING_TRANSLATION]


def planted() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield each change of each language, held against each other language."""
    for one, other in PAIRS:
        for changed, kept in ((one, other), (other, one)):
            for what, said, instead in CHANGES[changed]:
                assert said in TEXTS[changed], said
                text = TEXTS[changed].replace(said, instead)
                yield f"{changed} against {kept}: {what}: {said!r}", what, text, kept, changed


def test_planted_changes_are_told() -> None:
    missed = []
    count = 0
    for name, _, text, kept, _ in planted():
        count += 1
        if not told(TEXTS[kept], text):
            missed.append(name)
    assert count >= 60
    assert 1 - len(missed) / count >= LEAST_RECALL, missed


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("We will notify you of a data breach", "We may notify you of a data breach"),
        ("newsletter, with your consent", "newsletter"),
    ],
)
def test_what_one_language_promises_is_not_loosened_by_another(said: str, instead: str) -> None:
    def kept(first: str, second: str) -> list[tuple[str, tuple[str, ...]]]:
        register = read([Source("one.txt", first.encode()), Source("two.txt", second.encode())])
        where = ("breach", "newsletter")
        return [
            (each.kind.value, tuple(each.duties))
            for each in register.promises
            if any(word in each.clause.quote for word in where)
        ]

    assert said in TEXTS["en"]
    loosened = TEXTS["en"].replace(said, instead)
    assert kept(loosened, TEXTS["fr"]) == kept(TEXTS["en"], TEXTS["fr"])


def test_a_very_long_policy_is_compared_and_its_one_change_is_told() -> None:
    def long(data: str, keep: str, unit: str, sold: str) -> str:
        parts = [
            f"{keep.format(data=data)} {at % 7 + 1} {unit}." if at % 3 else sold
            for at in range(1, 1_201)
        ]
        return "\n\n".join(parts)

    english = "Privacy policy of Brindle Notes\n\n" + long(
        "your order data", "Brindle Notes keeps {data} for", "years", "We never sell your data."
    )
    french = "Politique de confidentialité de Brindle Notes\n\n" + long(
        "vos données de commande",
        "Brindle Notes conserve {data} pendant",
        "ans",
        "Nous ne vendons jamais vos données.",
    )
    assert told(english, french) == []
    at = french.index("pendant 5 ans", len(french) // 2)
    changed = french[:at] + french[at:].replace("pendant 5 ans", "pendant 9 ans", 1)
    (found,) = told(english, changed)
    assert found.kind is FindingKind.TRANSLATION_DIFFERS
    assert found.clause.quote.endswith("9 ans")
