"""What single French sentences promise: negation, exceptions, numbers, dates, categories."""

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Promise


def promises(text: str) -> tuple[Promise, ...]:
    return read([Source("p.txt", text.encode())], languages=("en", "fr")).promises


def only(text: str) -> Promise:
    found = promises(text)
    assert len(found) == 1, [each.clause.quote for each in found]
    return found[0]


@pytest.mark.parametrize(
    ("words", "denied"),
    [
        ("Nous ne collectons pas votre date de naissance.", "user.demographic.date_of_birth"),
        ("Nous ne collectons jamais votre numéro de téléphone.", "user.contact.phone_number"),
        ("Aucune donnée de localisation n'est collectée.", "user.location"),
        ("Votre adresse IP n'est jamais enregistrée.", "user.device.ip_address"),
    ],
)
def test_what_is_denied_is_not_taken(words: str, denied: str) -> None:
    promise = only(words)
    assert promise.category == "collect"
    assert promise.kind == "firm"
    assert promise.terms["denied"] == [denied]
    assert not promise.data


def test_ne_que_limits_and_denies_nothing() -> None:
    promise = only("Nous ne collectons que les données nécessaires à votre commande.")
    assert promise.category == "minimise"
    assert "denied" not in promise.terms


@pytest.mark.parametrize(
    "words",
    [
        "Nous ne partageons pas vos données avec des annonceurs sans votre consentement.",
        "Nous partageons vos données avec des annonceurs uniquement si vous l'acceptez.",
        "Vos données ne sont transmises à des partenaires qu'avec votre accord.",
    ],
)
def test_sharing_with_consent_is_conditional(words: str) -> None:
    promise = only(words)
    assert promise.category == "share"
    assert promise.kind == "conditional"
    assert "consent" in promise.duties


def test_an_exception_for_the_law_is_an_entry_of_its_own() -> None:
    kept, longer = promises(
        "Nous conservons vos factures pendant un an, sauf si la loi exige une durée plus longue."
    )
    assert kept.terms["at_most"] == "1 year"
    assert (longer.kind, longer.duties) == ("conditional", ("legal-hold",))


@pytest.mark.parametrize(
    ("words", "period", "anchor"),
    [
        ("Les journaux sont conservés un (1) mois après leur collecte.", "1 month", "collected"),
        ("Les comptes sont supprimés après 24 mois d'inactivité.", "24 months", "last activity"),
        (
            "Vos données sont conservées trois ans à compter de la fin du contrat.",
            "3 years",
            "contract ended",
        ),
        ("Les images sont effacées au bout de trente jours.", "30 days", None),
        ("Les demandes sont conservées pendant vingt-quatre mois.", "24 months", None),
        (
            "Les données sont effacées 90 jours après la fermeture du compte.",
            "90 days",
            "account closed",
        ),
    ],
)
def test_periods_are_read_with_their_beginning(words: str, period: str, anchor: str | None) -> None:
    promise = only(words)
    assert promise.terms["at_most"] == period
    assert promise.terms.get("counted_from") == anchor


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("Dernière mise à jour : 4 janvier 2025", "2025-01-04"),
        ("Entrée en vigueur le 1er mars 2026", "2026-03-01"),
        ("Version du 15 août 2024", "2024-08-15"),
        ("DERNIERE MISE A JOUR : 2 fevrier 2026", "2026-02-02"),
    ],
)
def test_the_date_of_a_version_is_read(words: str, date: str) -> None:
    promise = only(f"Politique de confidentialité\n\n{words}\n")
    assert promise.terms["date"] == date
    assert promise.duties == ("policy-version",)


def test_ages_are_read() -> None:
    promise = only("Nos services ne s'adressent pas aux enfants de moins de 16 ans.")
    assert (promise.category, promise.terms["age"]) == ("children", 16)


@pytest.mark.parametrize(
    ("named", "data"),
    [
        ("numéro de téléphone", "user.contact.phone_number"),
        ("adresse postale", "user.contact.address"),
        ("adresse e-mail", "user.contact.email"),
        ("courriel", "user.contact.email"),
        ("date de naissance", "user.demographic.date_of_birth"),
        ("numéro de sécurité sociale", "user.government_id.national_identification_number"),
        ("RIB", "user.financial.bank_account"),
        ("IBAN", "user.financial.bank_account"),
        ("coordonnées bancaires", "user.financial.bank_account"),
        ("numéro de carte bancaire", "user.financial.credit_card"),
        ("identifiants de connexion", "user.authorization.credentials"),
        ("mot de passe", "user.authorization.password"),
        ("données de connexion", "user.device.telemetry"),
        ("état civil", "user.name"),
        ("situation familiale", "user.demographic.marital_status"),
        ("adresse IP", "user.device.ip_address"),
        ("historique de vos achats", "user.behavior.purchase_history"),
        ("pièce d'identité", "user.government_id"),
        ("données de santé", "user.health"),
    ],
)
def test_categories_of_data_are_named_in_french(named: str, data: str) -> None:
    found = promises(f"Données collectées\n\nNous collectons :\n\n- votre {named}\n- votre nom\n")
    assert [each.value for each in found[-2].data] == [data]


def test_absolute_security_is_impossible_only_where_it_is_claimed() -> None:
    claimed = only("Sécurité\n\nNous garantissons une sécurité absolue de vos données.")
    denied = only("Sécurité\n\nNous ne pouvons garantir une sécurité absolue de vos données.")
    assert claimed.impossible
    assert not denied.impossible
    assert denied.category == "disclaimer"


@pytest.mark.parametrize(
    ("words", "duty"),
    [
        ("Vous pouvez adresser une réclamation à la CNIL.", "authority-complaint"),
        ("Vous disposez d'un droit à l'effacement de vos données.", "right-erasure"),
        ("Vous pouvez retirer votre consentement à tout moment.", "consent-withdrawal"),
        ("Vous pouvez définir des directives post-mortem.", "rights-desk"),
        ("Vous pouvez vous opposer au traitement de vos données.", "right-objection"),
        ("Vous avez droit à la limitation du traitement.", "right-restriction"),
        ("Vous pouvez demander la portabilité de vos données.", "right-portability"),
    ],
)
def test_rights_are_told_apart(words: str, duty: str) -> None:
    promise = only(f"Vos droits\n\n{words}")
    assert (promise.category, promise.kind) == ("rights", "right")
    assert duty in promise.duties


@pytest.mark.parametrize(
    "words",
    [
        "Votre vie privée nous importe.",
        "Nous vous invitons à consulter cette page régulièrement.",
        "Nous attachons une grande importance à la protection de vos données.",
        "Comment utilisons-nous vos données ?",
    ],
)
def test_courtesy_and_questions_promise_nothing(words: str) -> None:
    assert promises(f"Politique de confidentialité\n\n{words}\n") == ()


def test_an_item_takes_the_negation_of_its_lead_in() -> None:
    found = promises(
        "Données collectées\n\nNous ne collectons pas :\n\n- votre numéro de téléphone\n- votre sexe\n"
    )
    items = [each for each in found if "collectons" not in each.clause.quote]
    assert [each.kind.value for each in items] == ["firm", "firm"]
    assert all(each.terms["denied"] and not each.data for each in items)
