"""Random households that share mailboxes and telephones: nobody is ever taken for another."""

import random
from collections import Counter
from collections.abc import Callable

from kept.plans.errors import IdentityAmbiguousError

SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, nid TEXT, name TEXT,
                       born TEXT, truth INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, contact TEXT, truth INTEGER);
CREATE TABLE contact (id INTEGER PRIMARY KEY, mail TEXT, tel TEXT, nid TEXT, name TEXT,
                      truth INTEGER);
CREATE TABLE newsletter (mail TEXT, truth INTEGER);
"""
DATAMAP = """
[stores.app.datasets.customer]
state = "decided"
on_erasure = "delete"
identity = { email = "email", phone = "phone" }
[stores.app.datasets.customer.fields]
nid = { categories = ["user.government_id.national_identification_number"] }
name = { categories = ["user.name"] }
born = { categories = ["user.demographic.date_of_birth"] }
[stores.app.datasets.orders]
state = "decided"
on_erasure = "delete"
identity = { contact = "email" }
references = [{ fields = ["customer"], to = "customer(id)", whose = "owned" }]
[stores.app.datasets.contact]
state = "decided"
on_erasure = "delete"
identity = { mail = "email", tel = "phone", nid = "national_id" }
[stores.app.datasets.contact.fields]
name = { categories = ["user.name"] }
[stores.app.datasets.newsletter]
state = "decided"
on_erasure = "delete"
identity = { mail = "email" }
"""

Row = dict[str, object]


class Households:
    """People with the identifiers that they use, some of them shared."""

    def __init__(self, seed: int) -> None:
        pick = random.Random(seed)  # noqa: S311 - reproducible, not secret
        mailboxes = [f"m{each}@example.com" for each in range(4)]
        lines = [f"+4930{each}00000" for each in range(3)]
        self.people: list[Row] = [
            {
                "truth": at,
                "emails": pick.sample(mailboxes, pick.randint(1, 2)),
                "phones": pick.sample(lines, pick.randint(0, 2)),
                "nid": f"NID{at:07}",
                "name": f"Given{at} Family{at % 2}",
                "born": f"19{50 + at}-01-01",
            }
            for at in range(pick.randint(1, 4))
        ]
        self.customers: list[tuple[object, ...]] = []
        self.orders: list[tuple[object, ...]] = []
        self.contacts: list[tuple[object, ...]] = []
        self.newsletter: list[tuple[object, ...]] = []
        for person in self.people:
            for _ in range(pick.choice([0, 1, 1, 1, 2])):
                at = len(self.customers)
                self.customers.append(
                    (
                        at,
                        self._spelt(pick, pick.choice(person["emails"])),
                        pick.choice([None, *person["phones"]]),
                        pick.choice([None, person["nid"]]),
                        person["name"],
                        pick.choice([None, person["born"]]),
                        person["truth"],
                    )
                )
                for _ in range(pick.randint(0, 2)):
                    contact = pick.choice([None, *person["emails"]])
                    self.orders.append((len(self.orders), at, contact, person["truth"]))
            if pick.random() < 0.5:
                self.contacts.append(
                    (
                        len(self.contacts),
                        pick.choice([None, *person["emails"]]),
                        pick.choice([None, *person["phones"]]),
                        pick.choice([None, person["nid"]]),
                        person["name"],
                        person["truth"],
                    )
                )
            if pick.random() < 0.6:
                email = pick.choice(person["emails"])
                self.newsletter.append((self._spelt(pick, email), person["truth"]))
        self.asker = pick.choice(self.people)
        self.asked = {"email": "|".join(self.asker["emails"][: pick.randint(1, 2)])}
        for kind, value in (
            ("phone", "|".join(self.asker["phones"])),
            ("name", self.asker["name"]),
            ("national_id", self.asker["nid"]),
            ("date_of_birth", self.asker["born"]),
        ):
            if value and pick.random() < 0.25:
                self.asked[kind] = str(value)

    def _spelt(self, pick: random.Random, email: object) -> str:
        return pick.choice([str(email), str(email).upper(), f" {email}"])

    def could_be(self, truth: object) -> bool:
        """Return whether all that was given is some person's."""
        person = self.people[int(str(truth))]
        held = {
            "email": person["emails"],
            "phone": person["phones"],
            "name": [person["name"]],
            "national_id": [person["nid"]],
            "date_of_birth": [person["born"]],
        }
        return all(set(value.split("|")) & set(held[kind]) for kind, value in self.asked.items())

    def used_by(self, email: str) -> set[object]:
        """Return whose rows, of those that are people, carry an address."""
        wanted = email.strip().casefold()
        rows = [(row[1], row[-1]) for row in (*self.customers, *self.contacts)]
        return {truth for mail, truth in rows if mail and str(mail).strip().casefold() == wanted}


def test_nobody_is_taken_for_another(shop: Callable) -> None:
    outcomes: Counter[str] = Counter()
    made = shop(SQL, DATAMAP)
    for seed in range(150):
        world = Households(seed)
        for table, rows in (
            ("customer", world.customers),
            ("orders", world.orders),
            ("contact", world.contacts),
            ("newsletter", world.newsletter),
        ):
            made.run(f"DELETE FROM {table}")
            if rows:
                marks = ", ".join("?" for _ in rows[0])
                made.base.many(f"INSERT INTO {table} VALUES ({marks})", rows)
        outcomes[_asked(made, world, seed)] += 1
    assert set(outcomes) == {
        "ambiguous",
        "nobody",
        "found",
        "found, with duplicates",
    }


def _asked(made: object, world: Households, seed: int) -> str:
    try:
        reading = made.read(**world.asked)  # type: ignore[attr-defined] - a Shop
    except IdentityAmbiguousError:
        # Rightly so only where an address given is another's too, or of several rows.
        given = world.asked["email"].split("|")
        rows = [row for row in world.customers if str(row[1]).strip().casefold() in given]
        users = {user for email in given for user in world.used_by(email)}
        assert len(users) > 1 or len(rows) > 1, f"seed {seed}"
        return "ambiguous"
    asker = world.asker["truth"]
    truths = {
        record.values["truth"]
        for record in reading.records
        if record.dataset.name in {"customer", "contact"}
    }
    if len(truths - {asker}) == len(truths) == 1 and all(map(world.could_be, truths)):
        # One person, to whom everything fits that was given: nothing tells them apart.
        return "found"
    people = 0
    for record in reading.records:
        table, values = record.dataset.name, record.values
        if table in {"customer", "contact"}:
            people += table == "customer"
            assert values["truth"] == asker, f"seed {seed}: a row of {table} is another's"
        elif table == "newsletter":
            users = world.used_by(str(values["mail"]))
            assert users <= {asker}, f"seed {seed}: a shared address found a subscription"
        elif values["customer"] is not None and people:
            assert values["truth"] == asker, f"seed {seed}: an order is another's"
    if not people:
        return "nobody"
    return "found" if people == 1 else "found, with duplicates"
