"""What a careful reader reports about a text, and what it passes in silence."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kept.jurisdictions.law import laws, named_laws
from kept.policy.languages.loading import available, load
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, Register, TextFinding
from kept.workflows.review_policies import read_as_decided

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
HEADS = {"en": "Privacy policy", "fr": "Politique de confidentialité", "ar": "سياسة الخصوصية"}


def told(text: str, language: str = "en") -> list[TextFinding]:
    content = f"{HEADS[language]}\n\n{text}\n".encode()
    return list(read([Source("policy.txt", content)]).findings)


def kinds(text: str, language: str = "en") -> Counter[str]:
    return Counter(each.kind.value for each in told(text, language))


LOOPHOLES = [
    ("en", "We may share your data with partners as we see fit."),
    ("en", "We may disclose your data at our sole discretion."),
    ("en", "We collect your data, including but not limited to your name and address."),
    ("en", "We may disclose your data where required or permitted by law."),
    ("en", "We may share your data with our affiliates from time to time."),
    ("en", "We may disclose your data to protect our rights and property."),
    ("en", "We collect data only when necessary to operate and improve our services."),
    ("en", "We may change this policy at any time without prior notice."),
    ("fr", "Nous pouvons partager vos données comme bon nous semble."),
    ("fr", "Nous pouvons divulguer vos données à notre seule discrétion."),
    ("fr", "Nous les gardons plus longtemps si cela est requis ou autorisé par la loi."),
    ("fr", "Nous pouvons modifier cette politique à tout moment sans préavis."),
    ("fr", "Nous pouvons divulguer vos données pour protéger nos droits et nos biens."),
    ("ar", "يجوز لنا الإفصاح عن بياناتك وفق تقديرنا المطلق."),
    ("ar", "نجمع بياناتك على سبيل المثال لا الحصر الاسم والعنوان."),
    ("ar", "يجوز لنا تعديل هذه السياسة في أي وقت دون إشعار مسبق."),
    ("ar", "يجوز لنا الإفصاح عن بياناتك لحماية حقوقنا وممتلكاتنا."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), LOOPHOLES)
def test_an_exception_that_swallows_the_promise_is_told(language: str, text: str) -> None:
    assert kinds(text, language)["loophole"] >= 1


OPEN = [
    ("en", "You may have certain rights depending on your location."),
    ("en", "We transfer your data abroad with appropriate safeguards."),
    ("en", "We will take steps to delete the data of children under 13 upon verification."),
    ("en", "We will notify you of changes by posting the new policy on this page."),
    ("en", "Requests are answered within the applicable timelines."),
    ("en", "We protect your data through continuous monitoring of our systems."),
    ("en", "We collect contact details such as your name."),
    ("fr", "Vous disposez de certains droits sur vos données selon votre lieu de résidence."),
    ("fr", "Nous transférons vos données à l'étranger avec des garanties appropriées."),
    ("fr", "Nous vous informerons des modifications en publiant la nouvelle politique ici."),
    ("fr", "Nous protégeons vos données par une surveillance continue de nos systèmes."),
    ("ar", "ننقل بياناتك إلى الخارج مع ضمانات مناسبة."),
    ("ar", "سنبلغك بأي تغييرات من خلال نشر السياسة الجديدة على موقعنا."),
    ("ar", "نراقب أنظمتنا من خلال مراقبة مستمرة لحماية بياناتك."),
]


@pytest.mark.parametrize(("language", "text"), OPEN)
def test_what_is_left_open_is_told_with_what_would_settle_it(language: str, text: str) -> None:
    found = [each for each in told(text, language) if each.kind is FindingKind.VAGUE]
    assert found
    assert all(each.note.rstrip().endswith(".") and ":" in each.note for each in found)


SETTLED = [
    ("en", "Standard contractual clauses are the appropriate safeguards for transfers abroad."),
    ("en", "We will e-mail you 30 days before a new policy is published on this page."),
    ("en", "We answer requests within 30 days."),
    ("en", "We delete your data 24 months after your last order."),
    ("en", "We disclose your data when a court orders it."),
    ("en", "Providers are prohibited from using your data for any purpose other than delivery."),
    ("en", "If we find out that someone is younger, we delete the account within 2 days."),
    ("fr", "Les clauses contractuelles types sont les garanties appropriées pour ces transferts."),
    ("fr", "Nous vous informerons par courriel 30 jours avant de publier la nouvelle politique."),
    ("fr", "Nous supprimons vos données 24 mois après votre dernière commande."),
    ("ar", "نحذف بياناتك بعد 24 شهرا من آخر طلب."),
    ("ar", "سنبلغك بالتغييرات عبر البريد الإلكتروني قبل 30 يوما من نشر السياسة."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SETTLED)
def test_what_is_settled_in_the_same_words_is_passed_in_silence(language: str, text: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You waive any right to complain about the use of your data."),
        ("en", "We are not responsible for any unauthorised access to your data."),
        ("fr", "Vous renoncez à tout droit d'accès à vos données."),
        ("fr", "Nous ne sommes pas responsables en cas d'accès non autorisé à vos données."),
        ("ar", "باستخدامك الموقع فإنك توافق على هذه السياسة."),
    ],
)
def test_words_without_legal_effect_are_told(language: str, text: str) -> None:
    assert kinds(text, language)["invalid"] == 1


GAPS = [
    ("age", "en", "Our games are not for children under 13.", "We ask for your date of birth."),
    ("hashed", "en", "We collect your password, which is stored in our database.",
     "Passwords are stored as salted hashes."),
    ("processor", "en", "We collect your credit card number.",
     "Your card is handled by our payment provider."),
    ("processor", "en", "We collect your debit card details.",
     "Payments are handled by Example Pay."),
    ("processor", "fr", "Nous collectons les données de votre carte de crédit.",
     "Les paiements sont traités par Exemple."),
    ("stop", "en", "We use your address to send promotional offers.",
     "You can unsubscribe at any time."),
    ("age", "fr", "Nos jeux ne sont pas destinés aux enfants de moins de 13 ans.",
     "Nous vérifions votre date de naissance."),
    ("processor", "fr", "Nous collectons le numéro de votre carte bancaire.",
     "Votre carte est traitée par notre prestataire de paiement."),
    ("stop", "fr", "Nous utilisons votre adresse pour envoyer des offres promotionnelles.",
     "Vous pouvez vous désabonner à tout moment."),
    ("age", "ar", "خدماتنا غير موجهة للأطفال دون سن 13 سنة.", "نتحقق من تاريخ ميلاد كل مستخدم."),
    ("stop", "ar", "نستخدم عنوانك لإرسال رسائل ترويجية.", "يمكنك إلغاء الاشتراك في أي وقت."),
]  # fmt: skip


@pytest.mark.parametrize(("about", "language", "text", "answer"), GAPS)
def test_what_the_words_make_one_look_for_is_a_gap_until_it_is_said(
    about: str, language: str, text: str, answer: str
) -> None:
    gaps = [each for each in told(text, language) if each.kind is FindingKind.GAP]
    assert [about in each.note for each in gaps] == [True]
    answered = told(f"{text}\n\n{answer}", language)
    assert not [each for each in answered if each.kind is FindingKind.GAP]


WHOLE = """Scope

This policy explains how Brindle handles personal data.

Data

We collect your name. We collect your address. We collect your telephone number.

Sharing

We share your address with the carrier that delivers your order.

Security

Data is encrypted in transit and at rest.

Retention

We keep your orders for 24 months.

Rights

You have the right to access your data. You have the right to request the deletion of your data.

Contact

Please write to privacy@brindle.example.com.
"""


def gaps(text: str) -> set[str]:
    return {each.note.partition(":")[0] for each in told(text) if each.kind is FindingKind.GAP}


def test_a_text_that_says_everything_lacks_nothing() -> None:
    assert gaps(WHOLE) == set()


def test_a_text_that_nobody_can_answer_to_is_told_and_its_rights_too() -> None:
    assert gaps(WHOLE.partition("Contact\n")[0]) == {
        "No way to reach the company is stated",
        "Rights are named and no way to exercise them",
    }


@pytest.mark.parametrize(
    ("language", "asked", "reached"),
    [
        ("en", "Please contact us with any question.", "Use the form on our website."),
        ("en", "Please contact us with any question.", "E-mail: privacy@example.com"),
        ("fr", "Pour toute question, veuillez nous contacter.", "Courriel : dpo@example.com"),
        ("ar", "لأي استفسار يرجى التواصل معنا.", "البريد: dpo@example.com"),
    ],
)
def test_who_asks_to_be_written_to_must_say_where(language: str, asked: str, reached: str) -> None:
    found = [each.note for each in told(asked, language) if each.kind is FindingKind.GAP]
    assert found == [
        "Asks people to write and names no way to: give an address, a number or a form."
    ]
    assert not [e for e in told(f"{asked}\n\n{reached}", language) if e.kind is FindingKind.GAP]


def test_a_text_that_never_says_how_long_is_told() -> None:
    text = WHOLE.replace("Retention\n\nWe keep your orders for 24 months.\n\n", "")
    assert gaps(text) == {"Nothing says how long data is kept"}


def test_a_question_about_sharing_that_is_answered_about_sale_is_evaded() -> None:
    asked = "## Do we share your data with third parties?\n\nWe do not sell your personal data."
    marked = re.sub(r"(?m)^(\w+)$", r"## \1", WHOLE)
    text = marked.replace(
        "## Sharing\n\nWe share your address with the carrier that delivers your order.", asked
    )
    assert gaps(text) == {"The heading asks about sharing, and only sale is answered"}
    assert gaps(marked.replace("## Sharing\n\n", asked + "\n\n")) == set()


@pytest.mark.parametrize(
    ("language", "claim", "against", "exception"),
    [
        ("en", "We only collect the minimum of data needed to provide our service.",
         "We use your address to send promotional offers. You can unsubscribe.",
         "We use your address to send promotional offers with your consent."),
        ("fr", "Nous ne collectons que le strict minimum de données.",
         "Nous utilisons votre adresse pour envoyer des offres promotionnelles.",
         "Nous envoyons des offres promotionnelles avec votre consentement."),
        ("ar", "لا نجمع من البيانات إلا ما يلزم لتقديم الخدمة.",
         "نستخدم عنوانك لإرسال رسائل ترويجية.",
         "نستخدم عنوانك لإرسال رسائل ترويجية إذا وافقت."),
    ],
)  # fmt: skip
def test_the_least_and_more_than_it_are_opposed_unless_one_chooses_it(
    language: str, claim: str, against: str, exception: str
) -> None:
    assert kinds(f"{claim}\n\n{against}", language)["contradiction"] == 1
    assert kinds(f"{claim}\n\n{exception}", language)["contradiction"] == 0


def test_what_the_law_orders_or_a_person_allows_opposes_no_claim() -> None:
    claim = "We never disclose your data to third parties."
    for said in (
        "We may disclose your data to third parties when required by law.",
        "We may disclose your data to our partners with your consent.",
    ):
        assert kinds(f"{claim}\n\n{said}")["contradiction"] == 0
    against = "We may disclose your data to our advertising partners."
    assert kinds(f"{claim}\n\n{against}")["contradiction"] == 1


def test_those_who_work_for_a_company_are_not_the_others_that_it_denies() -> None:
    claim = "We do not share your data with third-party advertisers."
    said = "We may share your data with third-party services that help us run the shop."
    assert kinds(f"{claim}\n\n{said}")["contradiction"] == 0


def test_explicit_consent_and_consent_by_use_are_told_together() -> None:
    text = (
        "We may share your data for other purposes with your explicit consent.\n\n"
        "Your continued use of our site means that you accept this policy."
    )
    assert kinds(text)["invalid"] == 2
    assert kinds(text)["contradiction"] == 0


def decided(text: str, *laws: str) -> Register:
    content = f"{HEADS['en']}\n\n{text}\n".encode()
    return read_as_decided([Source("policy.txt", content)], "", laws=laws).reviewed.register


def test_what_a_law_that_applies_demands_and_nobody_states_is_a_gap_with_its_provision() -> None:
    def absent(register: Register) -> set[str]:
        return {each.note for each in register.findings if "not stated" in each.note}

    assert absent(decided(WHOLE)) == set(), "no law is named: nothing is due"
    due = absent(decided(WHOLE, "eu-gdpr"))
    assert any(each.startswith("GDPR Art. 13(2)(d)") for each in due)
    named = absent(decided(WHOLE + "\nYou have rights under the GDPR.\n"))
    assert any(each.startswith("GDPR Art. 13(2)(d)") for each in named)
    complaint = "\nYou have the right to lodge a complaint with a supervisory authority.\n"
    assert not any(
        each.startswith("GDPR Art. 13(2)(d)")
        for each in absent(decided(WHOLE + complaint, "eu-gdpr"))
    )


@pytest.mark.parametrize("tag", available())
def test_every_matter_that_is_looked_for_can_be_answered(tag: str) -> None:
    rules = [entry.rule for entry in load(tag).lexicon.entries]
    wants = {rule.value for rule in rules if rule.list == "wants"}
    assert wants
    assert wants == {rule.value for rule in rules if rule.list == "offers"}
    assert all(rule.note for rule in rules if rule.list in {"wants", "unsettled", "loophole"})


LAWS = [
    ("en", "We follow the Children's Online Privacy Protection Act (COPPA).", "us-coppa"),
    ("en", "You have rights under PIPEDA.", "ca-pipeda"),
    ("en", "You have rights under the Saudi Personal Data Protection Law.", "sa-pdpl"),
    ("en", "We comply with Law No. 151 of 2020.", "eg-pdpl"),
    ("fr", "Vous disposez de droits au titre de la loi n° 09-08.", "ma-09-08"),
    ("fr", "Nous respectons la loi organique n° 2004-63.", "tn-2004-63"),
    ("fr", "Nous respectons la loi n° 18-07.", "dz-18-07"),
    ("fr", "Nous respectons la Loi 25 du Québec.", "ca-qc-law-25"),
    ("ar", "نلتزم بنظام حماية البيانات الشخصية في المملكة.", "sa-pdpl"),
    ("ar", "نلتزم بالقانون رقم 09-08.", "ma-09-08"),
    ("ar", "نلتزم بالقانون رقم 151 لسنة 2020.", "eg-pdpl"),
]


@pytest.mark.parametrize(("language", "text", "law"), LAWS)
def test_a_law_that_a_text_names_and_nobody_checks_is_told_once(
    language: str, text: str, law: str
) -> None:
    found = [
        each for each in told(f"{text}\n\n{text}", language) if each.kind is FindingKind.REVIEW
    ]
    assert [named_laws()[law].title in each.note for each in found] == [True]


def test_every_law_that_is_recognised_is_described_and_the_other_way_round() -> None:
    for tag in available():
        rules = [entry.rule for entry in load(tag).lexicon.entries]
        assert {rule.value for rule in rules if rule.list == "law"} == named_laws().keys()
    assert all(each.address.startswith("https://") for each in named_laws().values())
    assert not named_laws().keys() & laws().keys()


EXPECTED = {
    "000": [
        ("vague", "Depending on your location"), ("vague", "Objection: Object to certain"),
        ("vague", "Restriction: Request"), ("vague", "Location data (with"),
        ("vague", "Payment information (processed securely"), ("vague", "We may collect personal"),
        ("vague", "such as hosting"), ("vague", "We implement appropriate"),
        ("vague", "These may include"), ("vague", "Regular security"), ("vague", "Secure data storage"),
        ("vague", "We retain your personal"), ("loophole", "unless a longer retention"),
        ("vague", "When we transfer"), ("vague", "We will not transfer"),
        ("loophole", "when we believe"), ("vague", "You can control cookie"),
        ("invalid", "Your continued use"), ("vague", "We will notify you of any changes"),
        ("gap", "To exercise these rights"), ("vague", "We will respond"),
        ("gap", "Our applications are not intended"), ("invalid", "We may share your information for"),
    ],
    "002": [
        ("gap", "This Privacy Policy outlines"), ("gap", "We do not sell customer"),
        ("over-promise", "We use strong encryption"), ("contradiction", "We use strong encryption"),
        ("over-promise", "ensure that your data"), ("contradiction", "ensure that your data"),
        ("contradiction", "We only collect and retain"), ("gap", "This also includes about"),
        ("vague", "Unnecessary data is promptly"), ("gap", "Information related to your account"),
        ("vague", "Access to users"), ("vague", "We keep our software"),
        ("over-promise", "integrating privacy"), ("vague", "While we take all"),
        ("vague", "We continuously review"), ("vague", "This helps ensure"),
    ],
    "003": [
        ("over-promise", "We employ the absolute"), ("contradiction", "We employ the absolute"),
        ("vague", "When you create a Mittal"), ("vague", "We may collect technical"),
        ("vague", "When making payments"), ("vague", "We use the collected"),
        ("over-promise", "You have control"), ("gap", "When making payments"),
        ("loophole", "To protect the rights"), ("loophole", "To investigate or prevent"),
        ("vague", "Please refer to our separate"), ("vague", "We will take steps"),
        ("vague", "We will notify you"), ("gap", "Our Services are not intended"),
    ],
    "004": [
        ("invalid", "By using our services"), ("invalid", "Continued use"),
        ("contradiction", "Ensure compliance"), ("contradiction", "Information is used strictly"),
        ("loophole", "We do not intentionally"), ("loophole", "We collect information only"),
        ("contradiction", "Data is retained only"), ("vague", "Data is retained only"),
        ("over-promise", "Secure deletion methods"), ("over-promise", "Data protection standards"),
        ("over-promise", "We take steps"), ("contradiction", "We take steps"),
        ("loophole", "Required to deliver"), ("vague", "Data is not used for"),
        ("vague", "Third-party service providers"), ("vague", "required to follow"),
        ("vague", "We implement industry-standard"), ("vague", "Regular security reviews"),
        ("vague", "The issue is investigated"), ("vague", "Clients are notified"),
        ("vague", "Continuous monitoring"), ("over-promise", "Prevent unauthorized"),
        ("vague", "07/01/2026"), ("noise", "Articles on"), ("noise", "Was this article"),
        ("noise", "Share your feedback"), ("noise", "Cancel"), ("noise", "Thank you"),
    ],
}  # fmt: skip


def test_what_a_careful_reader_found_in_the_published_texts_is_found() -> None:
    folder = SHARED / "policies"
    if not folder.is_dir():
        pytest.skip("the published policies are not beside the project")
    sources = [Source(path.name[:3], path.read_bytes()) for path in sorted(folder.glob("*.txt"))]
    findings = read(sources).findings
    wanted = [(name, *each) for name, listed in EXPECTED.items() for each in listed]
    missed = [
        (name, kind, words)
        for name, kind, words in wanted
        if not any(
            each.clause.document == name
            and each.kind.value == kind
            and " ".join(each.clause.quote.split()).startswith(words)
            for each in findings
        )
    ]
    assert missed == []
