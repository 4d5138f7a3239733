"""That a policy in two languages is one policy, and that every difference is told."""

import re
from collections import Counter
from pathlib import Path

import pytest

from kept.policy.parallel import align, alignments, versions
from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import FindingKind, Register

_MARK = re.compile(r"\[\[(.*?) ¦ .*?\]\]", re.DOTALL)
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
ALL = ("en", "fr", "ar")
COMPARED = {
    FindingKind.CONTRADICTION,
    FindingKind.MISSING_TRANSLATION,
    FindingKind.TRANSLATION_DIFFERS,
}

ENGLISH = """Privacy policy of Brindle Notes

Last updated: 3 May 2026

This policy explains how Brindle Notes handles your personal data.

1. Data we collect

We collect:

- Your name and e-mail address
- Your IP address
- Your location, with your consent

2. Retention

We keep your account data for 12 months after your last login. We delete log files after 30 days.

3. Sharing

We do not sell your personal data. We may share your data with service providers who work on our behalf.

4. Security

- Data is encrypted in transit and at rest
- Only authorised staff have access to your data

We cannot guarantee absolute security.

5. Your rights

You have the right to:

- access your data
- request the deletion of your data
- lodge a complaint with the supervisory authority

We answer within 30 days.

6. Children

Brindle Notes is not intended for children under 16. We do not knowingly collect personal data from children under 16.

7. Contact

Please contact us at privacy@brindle.example.com.
"""

FRENCH = """Politique de confidentialité de Brindle Notes

Dernière mise à jour : 3 mai 2026

Cette politique explique comment Brindle Notes traite vos données personnelles.

1. Données que nous collectons

Nous collectons :

- Votre nom et votre adresse e-mail
- Votre adresse IP
- Votre localisation, avec votre consentement

2. Conservation

Nous conservons les données de votre compte pendant 12 mois après votre dernière connexion. Nous supprimons les fichiers journaux au bout de 30 jours.

3. Partage

Nous ne vendons pas vos données personnelles. Nous pouvons partager vos données avec des prestataires qui travaillent pour notre compte.

4. Sécurité

- Les données sont chiffrées en transit et au repos
- Seul le personnel habilité a accès à vos données

Nous ne pouvons pas garantir une sécurité absolue.

5. Vos droits

Vous avez le droit :

- d'accéder à vos données
- de demander la suppression de vos données
- d'introduire une réclamation auprès de l'autorité de contrôle

Nous répondons sous 30 jours.

6. Enfants

Brindle Notes ne s'adresse pas aux enfants de moins de 16 ans. Nous ne collectons pas sciemment de données personnelles auprès d'enfants de moins de 16 ans.

7. Contact

Veuillez nous contacter à privacy@brindle.example.com.
"""


def both(french: str = FRENCH, english: str = ENGLISH) -> Register:
    return read(
        [Source("en.txt", english.encode()), Source("fr.txt", french.encode())], languages=ALL
    )


def compared(register: Register) -> list[FindingKind]:
    return [each.kind for each in register.findings if each.kind in COMPARED]


def test_two_languages_that_say_the_same_are_one_policy_without_a_finding() -> None:
    register = both()
    assert compared(register) == []
    assert all(
        [each.language for each in promise.parallel] == ["fr"] for promise in register.promises
    )
    assert {each.clause.document for each in register.promises} == {"en.txt"}


def test_two_languages_in_one_file_are_one_policy() -> None:
    register = read([Source("both.txt", f"{ENGLISH}\n{FRENCH}".encode())], languages=ALL)
    assert compared(register) == []
    assert all(len(promise.parallel) == 1 for promise in register.promises)


@pytest.mark.parametrize(
    ("said", "planted", "kind"),
    [
        ("aux enfants de moins de 16", "aux enfants de moins de 13", "translation-differs"),
        ("3 mai 2026", "4 mai 2026", "translation-differs"),
        ("pendant 12 mois", "pendant 24 mois", "translation-differs"),
        ("au bout de 30 jours", "au bout de 90 jours", "translation-differs"),
        ("sous 30 jours", "sous 60 jours", "translation-differs"),
        ("privacy@brindle", "contact@brindle", "translation-differs"),
        (", avec votre consentement", "", "translation-differs"),
        ("- Votre adresse IP\n", "", "missing-translation"),
        ("- d'accéder à vos données\n", "", "missing-translation"),
        (
            " en transit et au repos\n- Seul le personnel habilité a accès à vos données",
            " en transit et au repos",
            "missing-translation",
        ),
        ("Nous ne vendons pas vos données personnelles. ", "", "missing-translation"),
        ("Nous ne collectons pas sciemment de", "Nous collectons des", "contradiction"),
        ("Nous ne pouvons pas garantir une", "Nous garantissons une", "contradiction"),
    ],
)
def test_a_planted_difference_is_told(said: str, planted: str, kind: str) -> None:
    assert said in FRENCH
    assert kind in compared(both(FRENCH.replace(said, planted)))


def test_the_strictest_version_is_the_one_to_keep() -> None:
    register = both(
        FRENCH.replace("moins de 16", "moins de 18").replace("pendant 12 mois", "pendant 6 mois")
    )
    ages = {each.terms["age"] for each in register.promises if "age" in each.terms}
    assert ages == {18}
    assert "6 months" in {each.terms.get("at_most") for each in register.promises}


def test_findings_name_promises_that_are_in_the_register() -> None:
    register = both(FRENCH.replace("16 ans", "15 ans"))
    names = {each.id for each in register.promises}
    assert all(set(finding.promises) <= names for finding in register.findings)


def test_other_policies_are_not_taken_for_versions() -> None:
    folders = ("gold", "fr/gold", "ar/gold")
    sources = [
        Source(path.name, _MARK.sub(r"\1", path.read_text("utf-8")).encode())
        for folder in folders
        for path in sorted((Path(__file__).parent / folder).iterdir())
    ]
    register = read(sources, languages=ALL)
    assert not any(promise.parallel for promise in register.promises)


def test_a_version_aligns_with_itself_wholly() -> None:
    (version,) = versions(read([Source("en.txt", ENGLISH.encode())]).promises)
    found = align(version, version)
    assert found.pairs == tuple((at, at) for at in range(len(version.promises)))
    assert found.shared == 1.0
    assert list(alignments([version])) == []


def test_the_published_pairs_are_compared_as_a_careful_reader_compares_them() -> None:
    folder = SHARED / "policies"
    if not folder.is_dir():
        pytest.skip("the published policies are not beside the project")
    sources = [Source(path.name[:3], path.read_bytes()) for path in sorted(folder.glob("*.txt"))]
    register = read(sources, languages=ALL)
    told = Counter(
        (each.kind.value, each.clause.document)
        for each in register.findings
        if each.kind in COMPARED
    )
    aligned = [each for each in register.promises if each.clause.document == "000"]
    assert len([each for each in aligned if each.parallel]) >= 76
    assert not {key: count for key, count in told.items() if key[1] in {"000", "001"}}
    missing = [
        each
        for each in register.findings
        if each.kind is FindingKind.MISSING_TRANSLATION and each.clause.language == "en"
    ]
    assert len(missing) == 23
    assert told["contradiction", "003"] == 1
