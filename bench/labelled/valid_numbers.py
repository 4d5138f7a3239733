"""Numbers of people that pass their checks: drawn until one does."""

import random
from importlib import import_module

_SHAPES = {
    "pk.cnic": "[42101]-ddddddd-D",
    "us.ssn": "ddd-dd-dddd",
    "fr.nir": "",
    "es.dni": "ddddddddA",
    "de.idnr": "ddddddddddd",
    "tr.tckimlik": "ddddddddddd",
    "pl.pesel": "",
    "br.cpf": "ddd.ddd.ddd-dd",
    "nl.bsn": "ddddddddd",
    "in_.aadhaar": "dddd dddd dddd",
    "be.nn": "",
    "ch.ssn": "756.dddd.dddd.dd",
    "hr.oib": "ddddddddddd",
    "cl.rut": "dddddddd-d",
}


def _drawn(rng: random.Random, shape: str) -> str:
    made = []
    for each in shape:
        if each == "d":
            made.append(rng.choice("0123456789"))
        elif each == "D":
            made.append(rng.choice("123456789"))
        elif each == "A":
            made.append(rng.choice("ABCDEFGHJKLMNPQRSTVWXYZ"))
        elif each not in "[]":
            made.append(each)
    return "".join(made)


def passing(rng: random.Random, module: str) -> str:
    """Return a number that python-stdnum's `module` takes for valid."""
    is_valid = import_module(f"stdnum.{module}").is_valid
    while True:
        number = _drawn(rng, _SHAPES[module])
        if is_valid(number):
            return number


def birth(rng: random.Random, form: str) -> str:
    return form.format(
        y=rng.randint(45, 99),
        yyyy=rng.randint(1945, 2005),
        m=rng.randint(1, 12),
        d=rng.randint(1, 28),
    )


def pesel(rng: random.Random) -> str:
    head = birth(rng, "{y:02}{m:02}{d:02}") + f"{rng.randrange(10_000):04}"
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    return head + str(-sum(w * int(c) for w, c in zip(weights, head, strict=True)) % 10)


def nir(rng: random.Random) -> str:
    head = f"{rng.choice('12')}{birth(rng, '{y:02}{m:02}')}{rng.randint(1, 89):02}{rng.randint(1, 400):03}{rng.randint(1, 900):03}"
    return f"{head}{97 - int(head) % 97:02}"


def luhn(head: str) -> str:
    """Return `head` with its check digit."""
    total = 0
    for at, each in enumerate(reversed(head)):
        digit = int(each) * (2 if at % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return head + str(-total % 10)


def imei(rng: random.Random) -> str:
    return luhn(f"35{rng.randrange(10**12):012}")


def saudi(rng: random.Random) -> str:
    return luhn(f"{rng.choice('12')}{rng.randrange(10**8):08}")


def nino(rng: random.Random) -> str:
    return (
        rng.choice("ABCEHJKLMPRSTWXYZ")
        + rng.choice("ABCEHJKLMPRSWXYZ".replace("B", ""))
        + f"{rng.randrange(10**6):06}{rng.choice('ABCD')}"
    )


def egyptian(rng: random.Random) -> str:
    return f"2{birth(rng, '{y:02}{m:02}{d:02}')}{rng.choice(['01', '02', '12', '21', '14'])}{rng.randrange(100_000):05}"


def personnummer(rng: random.Random) -> str:
    head = luhn(birth(rng, "{y:02}{m:02}{d:02}") + f"{rng.randrange(1000):03}")
    return f"{head[:6]}-{head[6:]}"
