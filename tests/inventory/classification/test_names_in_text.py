"""Names of people and postal addresses inside free text, in Latin and in Arabic script."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.spans import find

NAME = "user.name"
STREET = "user.contact.address.street"


def found(text: str, *, surely: bool = False) -> list[tuple[str, str]]:
    return [
        (each.category.value, text[each.start : each.end]) for each in find(text, surely=surely)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dear Mr. John Smith, your order is late", "John Smith"),
        ("please call Mrs O'Brien tomorrow", "O'Brien"),
        ("seen by Prof. Dr. Angela Weber today", "Angela Weber"),
        ("Hi Ana,\nthanks for your help", "Ana"),
        ("we wait.\nBest regards,\nJohn Doe", "John Doe"),
        ("Kind regards\nMaria Lopez\nSales", "Maria Lopez"),
        ("I spoke with John Smith yesterday", "John Smith"),
        ("delivered by John F. Kennedy on 5 May", "John F. Kennedy"),
        ("My name is Ana Lopez and I need help", "Ana Lopez"),
        ("Name: Jane Doe, table 4", "Jane Doe"),
        ("Bonjour Mme Durand, votre colis", "Durand"),
        ("M. Lefebvre est venu", "Lefebvre"),
        ("à demain. Cordialement, Claire Petit", "Claire Petit"),
        ("je m'appelle Karim Benali et j'attends", "Karim Benali"),
        ("Sehr geehrter Herr Müller, vielen Dank", "Müller"),
        ("Sehr geehrte Frau Dr. Schmidt-Meier,", "Schmidt-Meier"),
        ("Mit freundlichen Grüßen,\nMax Mustermann", "Max Mustermann"),
        ("Hola María, gracias", "María"),
        ("la cliente Ana María García López llamó", "Ana María García López"),
        ("السيد محمد أحمد لم يستلم الطلب", "محمد أحمد"),
        ("والسيدة فاطمة حسن اتصلت", "فاطمة حسن"),
        ("مرحبا سارة، شكرا على الرد", "سارة"),
        ("مع تحياتي، خالد العتيبي", "خالد العتيبي"),
        ("حضر الدكتور أحمد عبد الله أمس", "أحمد عبد الله"),
    ],
)
def test_a_person_is_found_where_a_text_names_one(text: str, name: str) -> None:
    assert found(text) == [(NAME, name)]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("I live at 221B Baker Street, London NW1 6XE now", "221B Baker Street, London NW1 6XE"),
        ("742 Evergreen Terrace, Springfield, IL 62704", None),
        ("send it to 12 rue des Lilas, 31000 Toulouse svp", "12 rue des Lilas, 31000 Toulouse"),
        ("j'habite 3 bis chemin des Vignes à Lyon", "3 bis chemin des Vignes"),
        ("livré 14 avenue Victor Hugo 75016 Paris", "14 avenue Victor Hugo 75016 Paris"),
        ("Lindenweg 4, 80331 München", None),
        ("er wohnt Hauptstraße 17 in Berlin", "Hauptstraße 17"),
        ("vive en Calle Mayor 5, Madrid", "Calle Mayor 5"),
        ("abita in Via Roma 12, 00184 Roma", "Via Roma 12, 00184 Roma"),
        ("أسكن في شارع الملك فهد رقم 12", "شارع الملك فهد رقم 12"),
        ("عنواني شارع النيل القاهرة", "شارع النيل القاهرة"),
    ],
)
def test_a_postal_address_is_found_with_its_number_and_town(text: str, street: str | None) -> None:
    assert found(text) == [(STREET, street or text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Customer, Dear Sir or Madam, Dear Hiring Manager",
        "Hello World, Hello Kitty bag of 12 pieces",
        "Hi Support Team,",
        "Regards,\nCustomer Care",
        "Guten Tag Herr Kunde, hallo Welt",
        "the Victor Hugo University and the James Webb Museum",
        "we met in rue Victor Hugo and in place Pierre Curie",
        "Martin Luther King Day is a Monday",
        "Charlotte North Carolina, Austin Texas",
        "Windows Server and Visual Studio on Monday Morning",
        "FULL_TIME, Purchase Order 4711, Product Manager",
        "rendez-vous place de la mairie à 12 heures, 14 cours de danse",
        "il y a 3 places libres et 5 routes",
        "Market Street prices rose by 12 percent",
        "14 Garrett Hill\nLondon",
        "Deliver to:\n14 Garrett Hill",
        "Guten Morgen, Die Bestellung Nummer 12 ist da. Vielen Dank. Das Team",
        "شارع النيل مزدحم اليوم",
        "الطلب رقم 12 وصل تالفا من المتجر",
    ],
)
def test_a_text_without_people_names_nobody(text: str) -> None:
    assert found(text) == []


def test_a_bare_name_is_no_sure_one() -> None:
    assert found("John Smith called", surely=True) == []
    assert found("Mr John Smith called", surely=True) == [(NAME, "John Smith")]


@given(st.text(alphabet="AaÉé Bb.,-'\n12عبدالهMr:ß", max_size=200))
def test_whatever_stands_there_spans_are_in_order_and_inside(text: str) -> None:
    at = 0
    for each in find(text):
        assert at <= each.start < each.end <= len(text)
        at = each.end


@pytest.mark.parametrize(
    "piece",
    [
        "A ",
        "Mr ",
        "Dr. ",
        "Ana ",
        "12 ",
        "12 rue ",
        "Bb-",
        "A.\n",
        "السيد ",
        "Mr. A. ",
        "Anna Lopez ",
    ],
)
def test_texts_made_to_be_slow_are_not(piece: str) -> None:
    began = time.process_time()
    for _ in find(piece * (200_000 // len(piece))):
        pass
    assert time.process_time() - began < 4
