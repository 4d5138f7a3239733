"""Invented companies: a schema and generated rows, to be mapped as a stranger's would be."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kept.connectors.sql.store import SqlStore
from kept.connectors.survey import contained_in, survey
from kept.inventory.datamap import DataMap
from kept.inventory.dataset import Direction, Inventory, Whose
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import Proposal, propose
from kept.inventory.proposing.seen import Evidence

FIRST = ["Ana", "Bruno", "Chloé", "David", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas"]
LAST = ["Martin", "Silva", "Dubois", "Schmidt", "Rossi", "Haddad", "Brown", "Novak", "Lopez", "Meyer"]
CITIES = ["Lyon", "Berlin", "Porto", "Madrid", "Leeds", "Gent", "Turin", "Graz"]
STREETS = ["Hill Road", "Station Street", "Rue des Lilas", "Market Lane", "Garden Avenue"]
NOTES = [
    "Please call me back tomorrow, my order has not arrived yet.",
    "Bonjour, je souhaite modifier la date de mon rendez-vous, merci.",
    "I would like to know why I was charged twice last month.",
    "Thank you for the quick answer, everything works again now.",
]

Make = Callable[[random.Random, int], object]


def person(rng: random.Random, _: int) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def first(rng: random.Random, _: int) -> str:
    return rng.choice(FIRST)


def last(rng: random.Random, _: int) -> str:
    return rng.choice(LAST)


def email(_: random.Random, number: int) -> str:
    return f"person{number}@example.com"


def phone(_: random.Random, number: int) -> str:
    return f"+49 30 90182{number:04}"


def birth(rng: random.Random, _: int) -> str:
    return f"{rng.randint(1940, 2004)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def day(rng: random.Random, _: int) -> str:
    return f"{rng.randint(2020, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def street(rng: random.Random, _: int) -> str:
    return f"{rng.randint(1, 99)} {rng.choice(STREETS)}"


def city(rng: random.Random, _: int) -> str:
    return rng.choice(CITIES)


def note(rng: random.Random, number: int) -> str:
    return f"{rng.choice(NOTES)} {number}"


def username(rng: random.Random, number: int) -> str:
    return f"{rng.choice(FIRST).lower()}{number}"


def amount(rng: random.Random, _: int) -> int:
    return rng.randint(100, 99_999)


def thing(_: random.Random, number: int) -> str:
    return f"Item {number}"


def one_of(*values: str) -> Make:
    return lambda rng, _: rng.choice(values)


def to(rows: int, *, holes: bool = False) -> Make:
    return lambda rng, _: None if holes and rng.random() < 0.2 else rng.randint(1, rows)


def own(rng: random.Random, number: int) -> int:  # noqa: ARG001 - has the shape of the others
    return number


@dataclass(frozen=True)
class Mapped:
    """What discovery made of a company."""

    inventory: Inventory
    proposals: dict[str, Proposal]

    def whose(self, table: str) -> dict[str, str]:
        """Return what each reference makes of a row: field to whose, ``>`` where forward."""
        return {
            ",".join(each.fields): f"{each.whose.value}{'>' * (each.direction is Direction.FORWARD)}"
            for each in self.proposals[table].decision.references
        }

    def owned_by(self, table: str) -> set[str]:
        return {
            each.to.name
            for each in self.proposals[table].decision.references
            if each.whose is not Whose.REFERENCED
        }

    def about(self) -> dict[str, str]:
        return {name: each.decision.about for name, each in self.proposals.items()}

    def identity(self, table: str) -> dict[str, str]:
        return {name: kind.value for name, kind in self.proposals[table].decision.identity.items()}

    def erasing(self, table: str) -> str:
        decided = self.proposals[table].decision.on_erasure
        return "" if decided is None else decided.value

    def asked(self) -> set[str]:
        return {name for name, each in self.proposals.items() if each.questions}


def make(path: Path, schema: str, rows: dict[str, tuple[int, Sequence[Make]]]) -> None:
    rng = random.Random(7)  # noqa: S311 - reproducible, not secret
    with sqlite3.connect(path) as connection:
        connection.executescript(schema)
        for table, (count, makers) in rows.items():
            marks = ", ".join("?" * len(makers))
            connection.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})',
                [tuple(each(rng, number) for each in makers) for number in range(1, count + 1)],
            )
    connection.close()


def mapped(path: Path) -> Mapped:
    store = SqlStore("app", f"sqlite:///{path}")
    seen = survey([store])
    assert not seen.failures
    catalogs = list(seen.catalogs.values())
    inventory = inventory_of(catalogs, DataMap(), seen.samples)
    evidence = Evidence(samples=seen.samples, contained=contained_in({"app": store}))
    found = propose(inventory, catalogs, evidence)
    return Mapped(inventory, {each.id.name: each for each in found})
