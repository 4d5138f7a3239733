"""Who the customers of Tamarisk Cloud are: invented, and not spotless.

One person stands there twice, two people share a mailbox, numbers are spelt in many
ways, and some names are in Arabic letters.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.demo.tamarisk.names import MAIL_DOMAINS, PLACES, national_id, phone
from kept.jurisdictions.period import Period, Unit

FOUNDED_AGO = Period(10, Unit.YEAR)
"""How long before the present instant the first account was opened."""

_OLDEST_CLOSING = timedelta(days=600)
"""Accounts closed earlier are gone: the policy promises 24 months."""

_ADULT_DAYS = 18 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One row of ``customers`` and what hangs on it.

    Attributes:
        id: Key of the row.
        number: Customer number, as it stands on invoices.
        name: As the person writes it.
        email: Where mail goes.
        phone: As it was typed.
        born: Date of birth.
        national_id: In clear; the store holds it sealed.
        street: Street and house number.
        postal_code: As the post spells it.
        city: City.
        country: ISO 3166-1 code.
        language: What they prefer to read.
        created: When their account was opened.
        created_by: Key of the administrator who did it.
        closed: When their account was closed.
        username: What they sign in with.
    """

    id: int
    number: str
    name: str
    email: str
    phone: str | None
    born: date
    national_id: str | None
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    created: datetime
    created_by: int
    closed: datetime | None
    username: str


def customers(count: int, *, now: datetime, random: Random, administrators: int) -> list[Customer]:
    """Return `count` invented customers, those of the story first."""
    taken = {"jonas.weber", "bilal.qureshi"}  # kept free for those of the story
    crowd = [
        _customer(number, now=now, random=random, administrators=administrators, taken=taken)
        for number in range(1, count + 1)
    ]
    crowd[:5] = _story(crowd[:5], now=now)
    return crowd


def _customer(
    number: int, *, now: datetime, random: Random, administrators: int, taken: set[str]
) -> Customer:
    place = random.choices(PLACES, weights=[each.weight for each in PLACES])[0]
    given, family = random.choice(place.given), random.choice(place.family)
    username = _free(f"{_ascii(given[0])}.{_ascii(family[0])}", taken)
    first_day = _years_before(now, FOUNDED_AGO.count)
    age = (now - first_day - timedelta(days=4)) * random.random() ** 1.3
    created = (now - timedelta(days=3) - age).replace(microsecond=0)
    city, postal = random.choice(place.cities)
    return Customer(
        id=number,
        number=f"TC-{100_000 + number * 7}",
        name=f"{given[1]} {family[1]}",
        email=f"{username}@{random.choice(MAIL_DOMAINS)}",
        phone=phone(place, random) if likely(92, random) else None,
        born=(created - timedelta(days=_ADULT_DAYS + random.randrange(17_000))).date(),
        national_id=national_id(place, random),
        street=random.choice(place.streets).format(random.randrange(1, 140)),
        postal_code=f"{postal}{random.randrange(1000):03}",
        city=city,
        country=place.country,
        language=place.language,
        created=created,
        created_by=random.randrange(1, administrators + 1),
        closed=_closed(created, now=now, random=random),
        username=username,
    )


def _closed(created: datetime, *, now: datetime, random: Random) -> datetime | None:
    earliest = max(created + timedelta(days=30), now - _OLDEST_CLOSING)
    latest = now - timedelta(days=2)
    if not likely(15, random) or earliest >= latest:
        return None
    return (earliest + (latest - earliest) * random.random()).replace(microsecond=0)


def _story(crowd: list[Customer], *, now: datetime) -> list[Customer]:
    """Give the first customers the parts that the demonstration tells of."""
    nadia, jonas, claire, paul, bilal = crowd
    opened = {years: _years_before(now, years) + timedelta(days=9) for years in (10, 5, 4)}
    return [
        replace(
            nadia,
            name="Nadia Rahman",
            email="nadia.rahman@example.com",
            username="nadia.rahman.1",
            phone="+44 7700 900 215",
            national_id="90211-4471903-6",
            country="PK",
            city="Karachi",
            street="Plot 27, Block 5, Clifton",
            postal_code="75600",
            language="en",
            created=opened[4],
            born=opened[4].date() - timedelta(days=11_700),
            closed=None,
        ),
        replace(
            jonas,
            name="Jonas Weber",
            email="jonas.weber@example.org",
            username="jonas.weber.1",
            phone="030 / 23125-418",
            national_id=None,
            country="DE",
            city="Berlin",
            street="Lindenstraße 61",
            postal_code="10969",
            language="de",
            created=opened[10],
            born=opened[10].date() - timedelta(days=10_350),
            closed=None,
        ),
        *(
            replace(
                each,
                name=f"{name} Moreau",
                email="atelier.moreau@example.net",
                username=f"{name.lower()}.moreau.1",
                phone="06.39.98.41.07",
                national_id=None,
                country="FR",
                city="Lyon",
                street="8 quai Ouest",
                postal_code="69002",
                language="fr",
                created=opened[5],
                closed=None,
                born=opened[5].date() - timedelta(days=days),
            )
            for each, name, days in ((claire, "Claire", 14_200), (paul, "Paul", 15_100))
        ),
        replace(
            bilal,
            name="Bilal Qureshi",
            email="bilal.qureshi@example.com",
            username="bilal.qureshi.1",
            phone="+44 7700 900 388",
            national_id="90344-1182265-1",
            country="PK",
            city="Lahore",
            street="14 Canal View",
            postal_code="54000",
            language="en",
            created=opened[5],
            born=opened[5].date() - timedelta(days=9_800),
            closed=None,
        ),
    ]


def duplicate_of(person: Customer, *, number: int, now: datetime) -> Customer:
    """Return the same person a second time, as an administrator typed them in again."""
    return replace(
        person,
        id=number,
        number=f"TC-{100_000 + number * 7}",
        name=f"M. {person.name}",
        email=person.email.replace(".", "", 1),
        phone=None,
        username=f"{person.username}.b",
        created=_years_before(now, 1),
    )


class Sealer:
    """Seals national identity numbers as the company's application does.

    A fresh nonce for each value, so that equal numbers look different: nobody can be
    found by a sealed number, and no table of all numbers opens it.
    """

    def __init__(self, *, seed: int, random: Random) -> None:
        key = hashlib.sha256(f"a sample company's key, worth nothing: {seed}".encode()).digest()
        self._cipher = AESGCM(key)
        self._random = random

    def seal(self, clear: str, *, row: str) -> str:
        """Return the envelope of `clear`, bound to the row it belongs to."""
        nonce = self._random.randbytes(12)
        sealed = self._cipher.encrypt(nonce, clear.encode(), row.encode())
        return f"enc:v1:{base64.b64encode(nonce + sealed).decode()}"


def password_records(random: Random) -> Iterator[str]:
    """Yield encoded password hashes without end, most argon2id, older ones PBKDF2.

    The digests are random: so is the digest of a password that nobody knows, and
    computing hundreds of real ones would take a minute, which is their purpose.
    """
    while True:
        if likely(80, random):
            salt, digest = _b64(random.randbytes(16)), _b64(random.randbytes(32))
            yield f"$argon2id$v=19$m=19456,t=2,p=1${salt.rstrip('=')}${digest.rstrip('=')}"
        else:
            salt = "".join(random.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ", k=22))
            yield f"pbkdf2_sha256$600000${salt}${_b64(random.randbytes(32))}"


def likely(percent: int, random: Random) -> bool:
    """Return true `percent` times of a hundred."""
    return random.randrange(100) < percent


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _ascii(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in folded.lower() if letter.isascii() and letter.isalpha())


def _free(wanted: str, taken: set[str]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}{count}"
    taken.add(name)
    return name


def _years_before(instant: datetime, years: int) -> datetime:
    """Return the same clock time `years` earlier, to the second."""
    day = Period(years, Unit.YEAR).before(instant.date())
    return instant.replace(year=day.year, month=day.month, day=day.day, microsecond=0)
