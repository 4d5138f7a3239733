"""What the names of fields say, in several languages and spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.lexicon import known_words, lexicon
from kept.inventory.classification.naming import read_name
from kept.inventory.classification.words import plain, words_of


def meant(name: str) -> set[str]:
    return {claim.category.value for claim in read_name(name).claims if not claim.turned_by}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("FirstName", "user.name.first"),
        ("FIRSTNAME", "user.name.first"),
        ("first-name", "user.name.first"),
        ("customerFirstName", "user.name.first"),
        ("prénom", "user.name.first"),
        ("Vorname", "user.name.first"),
        ("الاسم_الأول", "user.name.first"),
        ("الإسم الاول", "user.name.first"),
        ("nom_de_famille", "user.name.last"),
        ("nomFamille", "user.name.last"),
        ("userEmailId", "user.contact.email"),
        ("emailaddress", "user.contact.email"),
        ("البريد_الإلكتروني", "user.contact.email"),
        ("correo_electrónico", "user.contact.email"),
        ("author_email", "user.contact.email"),
        ("caller_number", "user.contact.phone_number"),
        ("telefonNummer", "user.contact.phone_number"),
        ("رقم_الهاتف", "user.contact.phone_number"),
        ("raqm_al_hatif", "user.contact.phone_number"),
        ("BillingFax", "user.contact.fax_number"),
        ("BillingPostalCode", "user.contact.address.postal_code"),
        ("straßeHausnummer", "user.contact.address.street"),
        ("IPAddress", "user.device.ip_address"),
        ("last_login_ip", "user.device.ip_address"),
        ("datenaissance", "user.demographic.date_of_birth"),
        ("GeburtsDatum", "user.demographic.date_of_birth"),
        ("تاريخ_الميلاد", "user.demographic.date_of_birth"),
        ("cnicNumber", "user.government_id.national_identification_number"),
        ("pan_last4", "user.financial.credit_card"),
        ("password_hash", "user.authorization.password"),
        ("passwordResetToken", "user.authorization.credentials"),
        ("company_name", "user.professional_information.workplace"),
        ("etat_civil", "user.demographic.marital_status"),
        ("الديانة", "user.demographic.religious_belief"),
        ("codeCIM10", "user.health.medical_diagnosis"),
    ],
)
def test_a_name_means_its_category_however_it_is_written(name: str, category: str) -> None:
    assert category in meant(name)


@pytest.mark.parametrize(
    "name",
    [
        "email_verified", "is_email_confirmed", "emailCount", "nb_emails", "phone_model",
        "ip_version", "address_id", "file_name", "productName", "اسم_المنتج", "zip_file",
        "state_machine", "order_number", "message_id", "password_changed_at", "type_adresse",
        "card_type", "wallet_address", "status_code", "content_type", "serial_number",
    ],
)  # fmt: skip
def test_a_name_that_only_speaks_about_a_category_means_none(name: str) -> None:
    assert meant(name) == set()


def test_an_id_of_people_is_a_reference_and_no_data() -> None:
    assert read_name("customer_id").reference
    assert not read_name("national_id").reference
    assert meant("customer_id") == set()


def test_plain_text_keeps_its_lines() -> None:
    assert plain("É\nß\nأ").split("\n") == ["e", "ss", "ا"]


@given(st.text(max_size=300))
def test_any_text_can_be_a_name(name: str) -> None:
    read_name(name)
    assert all(word for word in words_of(name))
    assert all(word for word in known_words(name))


@given(
    st.lists(
        st.sampled_from(["billing", "postal", "code", "first", "name"]), min_size=1, max_size=8
    )
)
def test_separators_and_humps_do_not_matter(parts: list[str]) -> None:
    written = {"_".join(parts), "-".join(parts), " ".join(parts), "".join(map(str.title, parts))}
    assert len({words_of(each) for each in written}) == 1


def test_no_phrase_surely_means_two_categories() -> None:
    from kept.inventory.classification.lexicon import Strength

    doubled = {
        phrase
        for phrase, meanings in lexicon().meanings.items()
        if sum(each.strength is Strength.STRONG for each in meanings) > 1
    }
    assert doubled == set()


def test_every_phrase_is_read_back_as_it_was_written() -> None:
    for phrase, meanings in lexicon().meanings.items():
        name = "_".join(phrase)
        silent = read_name(name)
        if not silent.claims:
            assert silent.silent or silent.reference, name
            continue
        assert meanings[0].category in {claim.category for claim in silent.claims}, name


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("comment_author_email", "user.contact.email"),
        ("comment_author", "user.name"),
        ("next_of_kin_tel", "user.contact.phone_number"),
        ("company_phone", "user.contact.phone_number"),
        ("user_ip_city", "user.contact.address.city"),
        ("telephone_employeur", "user.contact.phone_number"),
        ("phone_notes", "user.content"),
    ],
)
def test_of_several_meanings_the_head_of_the_name_counts(name: str, category: str) -> None:
    assert meant(name) == {category}


def test_what_stands_side_by_side_counts_together() -> None:
    assert meant("name_and_email") >= {"user.contact.email"}
    assert meant("CityStateZip") >= {
        "user.contact.address.city",
        "user.contact.address.postal_code",
    }
    assert meant("customer_taxvat") == set()
