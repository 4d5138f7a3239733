"""What a text says against itself, and what only looks so."""

from collections.abc import Callable, Sequence

import pytest

from kept.policy.languages.loading import load
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, Register, TextFinding

HEADS = {"en": "Privacy policy", "fr": "Politique de confidentialité", "ar": "سياسة الخصوصية"}


def opposed(text: str, language: str = "en") -> Sequence[TextFinding]:
    content = f"{HEADS[language]}\n\n{text}\n".encode()
    register = read([Source("policy.txt", content)], languages=[language])
    return [each for each in register.findings if each.kind is FindingKind.CONTRADICTION]


@pytest.mark.parametrize(
    ("claim", "against"),
    [
        ("We do not share your data with third parties.",
         "We may share your data with our advertising partners."),
        ("We do not collect any personal information.",
         "We collect your name and e-mail address when you register."),
        ("Our site does not use cookies.", "We use analytics cookies to measure visits."),
        ("We keep your data only as long as necessary.",
         "Your data may be deleted after the contract ends."),
        ("We guarantee that your data is secure.",
         "No method of transmission over the internet is completely secure."),
        ("We ensure compliance with data protection law.",
         "We strive to comply with applicable privacy laws."),
    ],
)  # fmt: skip
def test_a_claim_and_what_denies_it_are_found_in_either_order(claim: str, against: str) -> None:
    for text in (f"{claim}\n\n{against}", f"{against}\n\n{claim}"):
        (found,) = opposed(text)
        assert found.clause.quote == claim.rstrip(".")
        assert len(found.promises) == 2


@pytest.mark.parametrize(
    "text",
    [
        (
            "We do not share your data with third parties unless the law requires it.\n\n"
            "We may share your data with our partners."
        ),
        (
            "We do not share your data with anyone without your consent.\n\n"
            "We may share your name with our partners."
        ),
        (
            "We never sell your personal data.\n\nIf our company is sold, your data may be "
            "transferred to the buyer as part of the assets."
        ),
        (
            "We do not collect personal information from children under 13.\n\n"
            "We collect your name and e-mail address."
        ),
        "We do not use advertising cookies.\n\nWe use cookies to remember your settings.",
        "We keep your data only as long as necessary.\n\nWe delete it after 24 months.",
        "You may ask that your data be deleted.\n\nWe keep data only as long as necessary.",
        "Passwords are stored only as salted hashes.\n\nNo system is completely secure.",
        "We do not sell your data.\n\nYou can opt out of sales.",
    ],
)
def test_an_exception_is_no_contradiction(text: str) -> None:
    assert opposed(text) == []


def test_a_limit_that_leaves_its_list_open_opposes_itself() -> None:
    (found,) = opposed("Data is used strictly for defined purposes, including research.")
    assert found.clause.quote.startswith("Data is used strictly")
    assert len(found.promises) == 1


def test_two_texts_are_not_held_against_each_other() -> None:
    one = b"Privacy policy\n\nOur site does not use cookies.\n"
    other = b"Privacy policy\n\nWe use analytics cookies to measure visits.\n"
    register = read([Source("shop.txt", one), Source("game.txt", other)])
    assert not [each for each in register.findings if each.kind is FindingKind.CONTRADICTION]


def test_clean_texts_are_passed_in_silence(read_text: Callable[[str], Register]) -> None:
    register = read_text(
        "Privacy policy\n\nWe collect your name and your e-mail address.\n\n"
        "We share your address with the carrier that delivers your order.\n\n"
        "We never sell your data.\n\nWe delete your data 12 months after your last order.\n"
    )
    assert not [each for each in register.findings if each.kind is FindingKind.CONTRADICTION]


@pytest.mark.parametrize(
    ("language", "claim", "against"),
    [
        ("fr", "Nous ne partageons jamais vos données avec des tiers.",
         "Nous pouvons partager vos données avec nos partenaires publicitaires."),
        ("fr", "Notre site n'utilise pas de cookies.",
         "Nous utilisons des cookies pour mesurer l'audience."),
        ("fr", "Vos données sont conservées uniquement pendant la durée nécessaire.",
         "Vos données peuvent être supprimées à la fin du contrat."),
        ("fr", "Nous garantissons la sécurité de vos données.",
         "Aucune méthode de transmission n'est totalement sûre."),
        ("ar", "لا نشارك بياناتك مع أي طرف ثالث.", "قد نشارك بياناتك مع شركائنا في الإعلان."),
        ("ar", "لا نستخدم ملفات تعريف الارتباط.", "نستخدم ملفات تعريف الارتباط لقياس الزيارات."),
        ("ar", "نضمن أمان بياناتك.", "لا توجد وسيلة نقل آمنة تماما."),
    ],
)  # fmt: skip
def test_claims_in_other_languages_are_held_too(language: str, claim: str, against: str) -> None:
    (found,) = opposed(f"{claim}\n\n{against}", language)
    assert found.clause.quote == claim.rstrip(".")
    assert len(found.promises) == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", ("Nous ne partageons pas vos données avec des tiers sans votre accord.\n\n"
         "Nous pouvons partager votre adresse avec nos partenaires.")),
        ("fr", ("Nous n'utilisons pas de cookies publicitaires.\n\n"
         "Nous utilisons des cookies pour retenir vos réglages.")),
        ("fr", ("Nous ne vendons jamais vos données.\n\nEn cas de cession de l'entreprise, vos "
         "données peuvent être transférées à l'acquéreur.")),
        ("ar", "لا نشارك بياناتك مع أي طرف ثالث دون موافقتك.\n\nقد نشارك بياناتك مع شركائنا."),
        ("ar", "لا نجمع أي بيانات من الأطفال.\n\nنجمع الاسم والبريد الإلكتروني."),
    ],
)  # fmt: skip
def test_exceptions_in_other_languages_are_no_contradictions(language: str, text: str) -> None:
    assert opposed(text, language) == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_claim_has_what_opposes_it_and_a_note(language: str) -> None:
    lexicon = load(language)
    rules = [entry.rule for entry in lexicon.lexicon.entries]
    claims = {rule.value for rule in rules if rule.list == "claims"}
    assert claims
    assert claims == {rule.value for rule in rules if rule.list == "counters"}
    assert all(lexicon.notes[f"opposed_{claim}"] for claim in claims)
