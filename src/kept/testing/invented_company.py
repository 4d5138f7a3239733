"""Invented companies: a schema and generated rows, mapped as a stranger's would be.

A column is filled by a maker, which is given a seeded source of chance and the number
of the row, so that the same company comes out every time. Nobody in it exists.
"""

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import evidence_of, survey
from kept.inventory.catalog import Catalog
from kept.inventory.datamap import DataMap
from kept.inventory.dataset import Direction, Inventory
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import Proposal, propose

FIRST = ["Ana", "Bruno", "Chloé", "David", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas"]
LAST = [
    "Martin",
    "Silva",
    "Dubois",
    "Schmidt",
    "Rossi",
    "Haddad",
    "Brown",
    "Novak",
    "Lopez",
    "Meyer",
]
CITIES = ["Lyon", "Berlin", "Porto", "Madrid", "Leeds", "Gent", "Turin", "Graz"]
STREETS = ["Hill Road", "Station Street", "Rue des Lilas", "Market Lane", "Garden Avenue"]
NOTES = [
    "Please call me back tomorrow, my order has not arrived yet.",
    "Bonjour, je souhaite modifier la date de mon rendez-vous, merci.",
    "I would like to know why I was charged twice last month.",
    "Thank you for the quick answer, everything works again now.",
]

_HOLES = 0.2

Make = Callable[[random.Random, int], object]


def person(rng: random.Random, _: int) -> str:
    """Return a first and a last name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def first(rng: random.Random, _: int) -> str:
    """Return a first name."""
    return rng.choice(FIRST)


def last(rng: random.Random, _: int) -> str:
    """Return a last name."""
    return rng.choice(LAST)


def email(_: random.Random, number: int) -> str:
    """Return the mail address of the person of that number."""
    return f"person{number}@example.com"


def phone(_: random.Random, number: int) -> str:
    """Return the telephone number of the person of that number."""
    return f"+49 30 90182{number:04}"


def birth(rng: random.Random, _: int) -> str:
    """Return a date of birth."""
    return f"{rng.randint(1940, 2004)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def day(rng: random.Random, _: int) -> str:
    """Return a recent date."""
    return f"{rng.randint(2020, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def street(rng: random.Random, _: int) -> str:
    """Return a street with its number."""
    return f"{rng.randint(1, 99)} {rng.choice(STREETS)}"


def city(rng: random.Random, _: int) -> str:
    """Return a city."""
    return rng.choice(CITIES)


def note(rng: random.Random, number: int) -> str:
    """Return a sentence that somebody wrote."""
    return f"{rng.choice(NOTES)} {number}"


def username(rng: random.Random, number: int) -> str:
    """Return a sign-in name."""
    return f"{rng.choice(FIRST).lower()}{number}"


def amount(rng: random.Random, _: int) -> int:
    """Return an amount in cents."""
    return rng.randint(100, 99_999)


def thing(_: random.Random, number: int) -> str:
    """Return the name of a thing."""
    return f"Item {number}"


def one_of(*values: str) -> Make:
    """Return a maker that chooses one of `values`."""
    return lambda rng, _: rng.choice(values)


def to(rows: int, *, holes: bool = False) -> Make:
    """Return a maker of references to one of `rows` rows, with holes where nothing is."""
    return lambda rng, _: None if holes and rng.random() < _HOLES else rng.randint(1, rows)


def own(rng: random.Random, number: int) -> int:  # noqa: ARG001 - has the shape of the others
    """Return the row's own number."""
    return number


@dataclass(frozen=True)
class Mapped:
    """What discovery made of a company."""

    catalogs: tuple[Catalog, ...]
    inventory: Inventory
    proposals: dict[str, Proposal]

    def whose(self, table: str) -> dict[str, str]:
        """Return what each reference makes of a row: field to whose, ``>`` where forward."""
        return {
            ",".join(
                each.fields
            ): f"{each.whose.value}{'>' * (each.direction is Direction.FORWARD)}"
            for each in self.proposals[table].decision.references
        }

    def about(self) -> dict[str, str]:
        """Return whose data each table holds."""
        return {name: each.decision.about for name, each in self.proposals.items()}

    def identity(self, table: str) -> dict[str, str]:
        """Return by which fields people are found in `table`."""
        return {name: kind.value for name, kind in self.proposals[table].decision.identity.items()}

    def erasing(self, table: str) -> str:
        """Return what an erasure does to rows of `table`, or empty."""
        decided = self.proposals[table].decision.on_erasure
        return "" if decided is None else decided.value

    def asked(self) -> set[str]:
        """Return the tables about which a person is asked."""
        return {name for name, each in self.proposals.items() if each.questions}


def write_company(path: Path, schema: str, rows: dict[str, tuple[int, Sequence[Make]]]) -> None:
    """Make an SQLite file with `schema` and, by table, that many rows from those makers."""
    rng = random.Random(7)
    with sqlite3.connect(path) as connection:
        connection.executescript(schema)
        for table, (count, makers) in rows.items():
            marks = ", ".join("?" * len(makers))
            connection.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})',
                [tuple(each(rng, number) for each in makers) for number in range(1, count + 1)],
            )
    connection.close()


def map_company(path: Path) -> Mapped:
    """Return what discovery makes of an SQLite file about which nobody decided anything."""
    return map_store(f"sqlite:///{path}")


def map_store(url: str) -> Mapped:
    """Return what discovery makes of a store about which nobody decided anything."""
    store = SqlStore("app", url)
    seen = survey([store])
    catalogs = tuple(seen.catalogs.values())
    inventory = inventory_of(catalogs, DataMap(), seen.samples)
    evidence = evidence_of(seen, {"app": store})
    found = propose(inventory, catalogs, evidence)
    return Mapped(catalogs, inventory, {each.id.name: each for each in found})
