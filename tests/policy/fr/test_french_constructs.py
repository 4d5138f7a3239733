"""What the constructs of French policies promise: persons, lists, tables, questions, scope."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise

TITLE = "# Politique de confidentialité de la boutique et du site qui la présente\n\n"


def promises(text: str) -> tuple[Promise, ...]:
    return read([Source("p.txt", text.encode())], languages=("en", "fr")).promises


def only(text: str) -> Promise:
    found = promises(text)
    assert len(found) == 1, [each.clause.quote for each in found]
    return found[0]


def told(text: str) -> list[tuple[str, str]]:
    return [(each.category.value, each.kind.value) for each in promises(text)]


@pytest.mark.parametrize(
    ("formal", "familiar"),
    [
        ("Vous pouvez retirer votre consentement.", "Tu peux retirer ton consentement."),
        ("Nous ne vendons pas vos données.", "On ne vend pas tes données."),
        ("Nous enregistrons votre adresse IP.", "On enregistre ton adresse IP."),
        ("Nous effaçons vos données après un an.", "On efface tes données après un an."),
        ("Contactez-nous à a@example.com.", "Contacte-nous à a@example.com."),
        ("Vous avez le droit d'accéder à vos données.", "Tu as le droit d'accéder à tes données."),
        ("Nous vous demanderons votre accord.", "On te demandera ton accord."),
    ],
)
def test_tu_and_on_say_what_vous_and_nous_say(formal: str, familiar: str) -> None:
    head = "Tes données chez nous, et comment nous les traitons pour toi\n\n"
    assert told(head + formal) == told(head + familiar)


@pytest.mark.parametrize(
    "words",
    [
        "Armorique Cloud collecte votre nom et votre adresse.",
        "Armorique Cloud ne cède aucune donnée à des tiers.",
        "Armorique Cloud supprime vos journaux après six mois.",
    ],
)
def test_a_company_that_names_itself_speaks_as_nous_does(words: str) -> None:
    head = "Politique de confidentialité\n\nArmorique Cloud est une société de Vannes.\n\n"
    plain = words.replace("Armorique Cloud", "Notre société")
    assert told(head + words)[-1] == told(head + plain)[-1]


@pytest.mark.parametrize(
    ("question", "answer", "category"),
    [
        ("Et si je veux tout supprimer un jour, je fais quoi ?", "Vous pouvez nous demander d'effacer votre compte.", "rights"),
        ("Est-ce que mes données quittent la France à un moment ?", "Elles ne quittent jamais l'Union européenne.", "transfer"),
        ("Qui d'autre que vous peut donc voir mes données ?", "Notre hébergeur, qui agit sur nos instructions.", "share"),
    ],
)  # fmt: skip
def test_a_question_in_a_line_of_its_own_heads_its_answer(
    question: str, answer: str, category: str
) -> None:
    found = promises(f"Questions fréquentes\n\n{question}\n{answer}\n")
    assert [each.category.value for each in found] == [category]


def test_an_ending_period_goes_with_what_happens_then() -> None:
    promise = only("Une fois le délai écoulé, elles sont effacées de nos serveurs.")
    assert promise.clause.quote.startswith("Une fois le délai écoulé")


def test_a_condition_goes_with_what_it_conditions() -> None:
    promise = only("Si vous nous donnez votre numéro de carte, il est chiffré au moyen de TLS.")
    assert promise.category == "security"
    assert promise.clause.quote.startswith("Si vous")


def test_an_exception_makes_sharing_conditional_and_is_no_entry_of_its_own() -> None:
    promise = only("Nous ne transmettons vos données à aucun tiers, sauf obligation légale.")
    assert (promise.category, promise.kind) == ("share", "conditional")
    assert "lawful-disclosure" in promise.duties


@pytest.mark.parametrize(
    "words",
    [
        "Ne communiquez jamais votre mot de passe à un tiers.",
        "Ne donne pas ton code à quelqu'un.",
        "Il vous appartient de choisir un mot de passe solide.",
        "La sécurité de vos équipements demeure sous votre seule responsabilité.",
    ],
)
def test_what_the_reader_must_do_is_no_promise(words: str) -> None:
    promise = only(f"Sécurité\n\n{words}")
    assert (promise.category, promise.duties) == ("user-duty", ())


def test_the_name_of_a_row_of_periods_is_no_entry_and_says_of_what_they_are() -> None:
    found = promises(
        TITLE + "## Conservation\n\n| Données | Durée de conservation |\n|---|---|\n"
        "| Compte | trois ans après la clôture |\n| Journaux | six mois |\n"
    )
    assert [each.category.value for each in found] == ["retention", "retention"]


def test_a_recipient_and_what_it_does_in_a_table_are_one_entry() -> None:
    found = promises(
        TITLE + "## Destinataires\n\n| Prestataire | Rôle | Pays |\n|---|---|---|\n"
        "| Brise SARL | hébergement du site | France |\n"
    )
    assert [each.category.value for each in found] == ["share", "transfer"]
    assert found[0].clause.quote == "Brise SARL | hébergement du site"


def test_a_list_without_bullets_under_a_heading_of_data_is_a_list_of_data() -> None:
    found = promises(
        "Politique de confidentialité\n\nDonnées collectées\n\n"
        "Identité : nom et prénom de chaque adhérent\n"
        "Vie personnelle : composition du foyer, quotient familial\n"
    )
    assert [each.category.value for each in found] == ["collect", "collect"]


def test_addresses_under_a_contact_are_no_entries_of_their_own() -> None:
    found = promises(
        "## Contact\n\nVous pouvez contacter notre délégué à la protection des données :\n\n"
        "- par courriel à dpd@example.com\n- par courrier au 3 rue du Port, 56000 Vannes\n"
    )
    assert [each.category.value for each in found] == ["contact"]


def test_a_lead_in_says_where_the_data_come_from() -> None:
    found = promises(
        "## Données collectées\n\nCe que notre site enregistre :\n\n- vos clics\n- votre appareil\n"
    )
    assert [set(each.duties) for each in found] == [{"declared-data", "data-source"}] * 2


@pytest.mark.parametrize(
    "words",
    [
        "Un cookie est un petit fichier déposé sur votre appareil.",
        "On entend par « donnée personnelle » toute information sur une personne.",
        "Les modalités de réclamation sont précisées sur le site de la CNIL.",
    ],
)
def test_what_a_word_means_is_no_promise(words: str) -> None:
    assert promises(f"Cookies et réclamations\n\n{words}\n") == ()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Seuls des cookies techniques sont déposés sans votre accord.", "firm"),
        ("Aucun cookie publicitaire n'est déposé sans votre accord.", "conditional"),
        ("Tant que vous n'avez pas choisi, aucun traceur n'est déposé.", "conditional"),
    ],
)
def test_consent_conditions_what_is_denied_without_it(words: str, kind: str) -> None:
    assert only(f"Cookies\n\n{words}").kind == kind
