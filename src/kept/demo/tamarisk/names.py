"""What invented people are called, where they live, and how they are reached.

Nothing here reaches anybody: mail goes to the domains of RFC 2606, telephone numbers
come from ranges that regulators keep for films (Bundesnetzagentur, ARCEP, Ofcom), and
identity numbers begin with digits that no authority gives out.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a group of customers comes from.

    Attributes:
        country: ISO 3166-1 code.
        language: What they prefer to read.
        weight: How many of a hundred customers come from here.
        given: Given names, each in Latin letters and as its owner writes it.
        family: Family names, likewise.
        streets: Names of streets, with a place for the house number.
        cities: City and the beginning of its postal codes.
    """

    country: str
    language: str
    weight: int
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]


def _same(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


_ARABIC_GIVEN = (
    ("Ahmed", "أحمد"),
    ("Fatima", "فاطمة"),
    ("Khalid", "خالد"),
    ("Mariam", "مريم"),
    ("Omar", "عمر"),
    ("Noura", "نورة"),
    ("Salem", "سالم"),
    ("Hessa", "حصة"),
    ("Yousef", "يوسف"),
    ("Layla", "ليلى"),
)
_ARABIC_FAMILY = (
    ("AlMansoori", "المنصوري"),
    ("AlHarbi", "الحربي"),
    ("AlKuwari", "الكواري"),
    ("AlZahrani", "الزهراني"),
    ("AlSuwaidi", "السويدي"),
    ("AlAnsari", "الأنصاري"),
    ("Haddad", "حداد"),
    ("Khoury", "خوري"),
)

PLACES = (
    Place(
        country="DE",
        language="de",
        weight=42,
        given=_same(
            "Anna",
            "Jonas",
            "Lena",
            "Felix",
            "Marie",
            "Paul",
            "Clara",
            "Emil",
            "Ida",
            "Moritz",
            "Greta",
            "Oskar",
            "Jule",
            "Hannes",
            "Frieda",
            "Anton",
            "Käthe",
            "Jürgen",
        ),
        family=_same(
            "Weber",
            "Schulz",
            "Hoffmann",
            "Koch",
            "Richter",
            "Wolf",
            "Neumann",
            "Krüger",
            "Zimmermann",
            "Hartmann",
            "Lange",
            "Schäfer",
            "Vogel",
            "Brandt",
            "Engel",
            "Großmann",
        ),
        streets=(
            "Lindenstraße {}",
            "Am Kanal {}",
            "Gartenweg {}",
            "Schillerstr. {}",
            "Hafenplatz {}",
        ),
        cities=(
            ("Berlin", "10"),
            ("Hamburg", "20"),
            ("Leipzig", "04"),
            ("Köln", "50"),
            ("München", "80"),
        ),
    ),
    Place(
        country="FR",
        language="fr",
        weight=22,
        given=_same(
            "Claire",
            "Hugo",
            "Camille",
            "Lucas",
            "Inès",
            "Théo",
            "Zoé",
            "Étienne",
            "Margot",
            "Rémi",
            "Élodie",
            "Bastien",
        ),
        family=_same(
            "Moreau",
            "Lefèvre",
            "Girard",
            "Rousseau",
            "Fontaine",
            "Mercier",
            "Blanchard",
            "Garnier",
            "Chevalier",
            "Perrot",
            "Lacroix",
            "D'Amboise",
        ),
        streets=(
            "{} rue des Tanneurs",
            "{} avenue du Port",
            "{} place Saint-Jean",
            "{} quai Ouest",
        ),
        cities=(("Paris", "75"), ("Lyon", "69"), ("Nantes", "44"), ("Lille", "59")),
    ),
    Place(
        country="PK",
        language="en",
        weight=21,
        given=_same(
            "Ayesha",
            "Bilal",
            "Hina",
            "Imran",
            "Sana",
            "Usman",
            "Zainab",
            "Faisal",
            "Mehwish",
            "Tariq",
        ),
        family=_same(
            "Qureshi",
            "Rahman",
            "Siddiqui",
            "Chaudhry",
            "Mirza",
            "Baig",
            "Shaikh",
            "Abbasi",
            "Khokhar",
        ),
        streets=("House {}, Street 12, F-7", "Plot {}, Block 5, Clifton", "{} Canal View"),
        cities=(("Karachi", "75"), ("Lahore", "54"), ("Islamabad", "44")),
    ),
    Place(
        country="AE",
        language="ar",
        weight=10,
        given=_ARABIC_GIVEN,
        family=_ARABIC_FAMILY,
        streets=("{} Corniche Road", "Villa {}, Al Wasl Road"),
        cities=(("Dubai", "00"), ("Abu Dhabi", "00")),
    ),
    Place(
        country="QA",
        language="ar",
        weight=5,
        given=_ARABIC_GIVEN,
        family=_ARABIC_FAMILY,
        streets=("{} Al Sadd Street", "{} شارع الكورنيش"),
        cities=(("Doha", "00"),),
    ),
)

MAIL_DOMAINS = ("example.com", "example.org", "example.net")


def phone(place: Place, random: Random) -> str:
    """Return a number that rings nowhere, written as people write numbers."""
    match place.country:
        case "DE":
            number = random.randrange(1000)
            return random.choice(
                (
                    f"+49 30 23125 {number:03}",
                    f"030 / 23125-{number:03}",
                    f"0049 30 23125{number:03}",
                )
            )
        case "FR":
            four = random.randrange(10_000)
            head, tail = divmod(four, 100)
            return random.choice(
                (f"+33 6 39 98 {head:02} {tail:02}", f"06.39.98.{head:02}.{tail:02}")
            )
        case _:
            # Neither Pakistan nor the Gulf keeps a range for fiction; these are Ofcom's.
            return f"+44 7700 900{random.randrange(1000):03}"


def national_id(place: Place, random: Random) -> str | None:
    """Return an identity number in the country's form that no authority gives out.

    ``None`` where local law lets a server be rented without one.
    """
    match place.country:
        case "PK":  # no province of Pakistan begins with 9
            head, middle = 90_000 + random.randrange(10_000), random.randrange(10**7)
            return f"{head}-{middle:07}-{random.randrange(10)}"
        case "AE":  # the four digits are the year of birth, and nobody was born in the year 0
            return f"784-0000-{random.randrange(10**7):07}-{random.randrange(10)}"
        case _:
            return None
