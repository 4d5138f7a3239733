"""How many names of people in free text are found, and what is taken for one in texts without."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from faker import Faker

from kept.inventory.classification.spans import find
from kept.vocabulary.data_category import DataCategory

ROOT = Path(__file__).parents[2]
LOCALES = {"en": "en_GB", "fr": "fr_FR", "de": "de_DE", "es": "es_ES", "ar": "ar_SA"}
EACH = 60
SHORTEST = 5

# fmt: off
CUED = {
    "en": ["Dear Mr {name}, your parcel is on its way.", "we waited all day.\nKind regards,\n{name}", "my name is {name} and I want a refund", "please ask Mrs {last} about it", "Hi {first}, thanks for the quick help"],
    "fr": ["Bonjour Mme {last}, votre colis est parti", "je m'appelle {name} et j'attends depuis lundi", "merci d'avance. Cordialement, {name}", "M. {last} a rappelé hier", "Cher {first}, merci de votre aide"],
    "de": ["Sehr geehrte Frau {last}, Ihr Paket ist da", "ich warte noch.\nMit freundlichen Grüßen,\n{name}", "bitte Herrn {last} zurückrufen", "Hallo {first}, danke für die Hilfe", "Dr. {last} hat heute angerufen"],
    "es": ["Estimado {first}, gracias por escribirnos", "me llamo {name} y no funciona", "la Sra. {last} llamó ayer", "quedo a la espera. Saludos, {name}", "Hola {first}, su pedido ha salido"],
    "ar": ["السيد {name} لم يستلم الطلب", "مرحبا {first}، شكرا على الرد", "الدكتورة {name} حضرت أمس", "في انتظار ردكم، مع تحياتي، {name}", "اسمي {name} وأريد استرداد المبلغ"],
}
BARE = {
    "en": "yesterday {name} called about the invoice", "fr": "hier {name} a appelé pour la facture",
    "de": "gestern hat {name} wegen der Rechnung angerufen", "es": "ayer {name} llamó por la factura",
}
STREETS = {
    "en": "please send it to {street} before noon", "fr": "à livrer au {street} avant midi",
    "de": "bitte an {street} liefern", "es": "enviar a {street} por la mañana",
}
# fmt: on


def _people(templates: Sequence[str], fake: Faker, rng: random.Random) -> Iterator[tuple[str, str]]:
    for _ in range(EACH):
        first, last = fake.first_name(), fake.last_name()
        template = rng.choice(templates)
        name = first if "{first}" in template else last if "{last}" in template else ""
        name = name or f"{first} {last}"
        yield template.format(name=name, first=first, last=last), name


def _share(made: Sequence[tuple[str, str]], category: DataCategory) -> float:
    hits = 0
    for text, wanted in made:
        spans = [each for each in find(text) if each.category is category]
        hits += any(
            text[each.start : each.end] in wanted or wanted in text[each.start : each.end]
            for each in spans
        )
    return hits / len(made)


def _without_people() -> list[str]:
    """Return the paragraphs of the documentation: its examples name three people."""
    texts = [path.read_text("utf-8") for path in sorted(ROOT.glob("docs/**/*.md"))]
    pieces = [piece for text in texts for piece in text.split("\n\n")]
    return [each for each in pieces if len(each.split()) >= SHORTEST]


def people_in_texts(seed: int) -> None:
    """Print what is found of names and streets, and what is taken for them."""
    rng = random.Random(seed)
    cued: list[tuple[str, str]] = []
    bare: list[tuple[str, str]] = []
    streets: list[tuple[str, str]] = []
    for language, locale in LOCALES.items():
        fake = Faker(locale)
        fake.seed_instance(rng.randrange(10**9))
        cued += _people(CUED[language], fake, rng)
        if language in BARE:
            bare += _people([BARE[language]], fake, rng)
            for _ in range(EACH):
                street = fake.street_address().replace("\n", ", ")
                streets.append((STREETS[language].format(street=street), street))
    name, street = DataCategory.USER_NAME, DataCategory.USER_CONTACT_ADDRESS_STREET
    texts = _without_people()
    taken = sum(any(each.category in {name, street} for each in find(text)) for text in texts)
    print("names and streets in free text of five languages")
    print(
        f"  names beside a title, a greeting, a signature: {_share(cued, name):.1%} (at least 90 %)"
    )
    print(
        f"  bare given and family names: {_share(bare, name):.1%}; streets: {_share(streets, street):.1%}"
    )
    print(
        f"  taken for them in {len(texts)} paragraphs of documentation: "
        f"{taken / len(texts):.2%} (at most 2 %)"
    )
