"""That a new version that gives people less is told so in each language."""

import pytest

from kept.policy.polarity import denies
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.difference import Change, Changed, difference
from kept.promises.difference_meaning import Effect

TEXTS = {
    "en": "Privacy policy\n\nWe keep your account data for 12 months.\n\nWe never sell your data.\n\n"
    "Our service is not intended for children under 16.\n\nYou have the right to:\n\n"
    "- access your data\n- correct your data\n\nWe answer your requests within 30 days.\n",
    "fr": "Politique de confidentialité\n\nNous conservons les données de votre compte pendant 12 mois."
    "\n\nNous ne vendons jamais vos données.\n\nNotre service ne s'adresse pas aux enfants de moins de "
    "16 ans.\n\nVous avez le droit :\n\n- d'accéder à vos données\n- de rectifier vos données\n\n"
    "Nous répondons à vos demandes sous 30 jours.\n",
    "ar": "سياسة الخصوصية\n\nنحتفظ ببيانات حسابك لمدة 12 شهرا.\n\nنحن لا نبيع بياناتك.\n\n"
    "خدمتنا غير موجهة للأطفال دون سن 16 سنة.\n\nيحق لك:\n\n- الوصول إلى بياناتك\n- تصحيح بياناتك\n\n"
    "نرد على طلباتك خلال 30 يوما.\n",
}
LESS = [
    ("en", "12 months", "24 months"),
    ("en", "never sell", "may sell"),
    ("en", "under 16", "under 13"),
    ("en", "- correct your data\n", ""),
    ("en", "within 30 days", "within 60 days"),
    ("fr", "12 mois", "24 mois"),
    ("fr", "ne vendons jamais", "pouvons vendre"),
    ("fr", "16 ans", "13 ans"),
    ("fr", "- de rectifier vos données\n", ""),
    ("fr", "sous 30 jours", "sous 60 jours"),
    ("ar", "12 شهرا", "24 شهرا"),
    ("ar", "نحن لا نبيع", "قد نبيع"),
    ("ar", "سن 16", "سن 13"),
    ("ar", "- تصحيح بياناتك\n", ""),
    ("ar", "خلال 30 يوما", "خلال 60 يوما"),
]


def changes(old: str, new: str) -> list[Changed]:
    before, after = (read([Source("p.txt", text.encode())]) for text in (old, new))
    told = difference(before.promises, after.promises, denies)
    return [each for each in told if each.change is not Change.UNCHANGED]


@pytest.mark.parametrize(("language", "said", "instead"), LESS)
def test_less_for_the_person_is_told_and_nothing_else_is(
    language: str, said: str, instead: str
) -> None:
    text = TEXTS[language]
    assert said in text
    found = changes(text, text.replace(said, instead))
    assert {each.effect for each in found} == {Effect.WEAKENED}
    assert len(found) <= 2


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_are_no_change(language: str, ending: str) -> None:
    text = TEXTS[language]
    assert changes(text, text.replace("\n", ending)) == []
