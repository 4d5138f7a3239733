"""Whether a table's rows are about people: its name, its other fields, what it refers to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum

from kept.inventory.catalog import Table
from kept.inventory.classification.lexicon import Leans, Role, Strength, known_words, lexicon
from kept.inventory.classification.naming import Reading, read_name
from kept.inventory.classification.siblings import ADDRESS_PARTS, Siblings, siblings
from kept.inventory.dataset import Because
from kept.vocabulary.data_category import DataCategory

_HIGHEST, _LOWEST = 3.0, -4.0

_HEAD = {
    Role.PEOPLE: 3.0,
    Role.BELONGINGS: 1.0,
    Role.THINGS: -3.2,
    Role.LOGS: -0.5,
    Role.MACHINES: -2.0,
    Role.ANIMALS: -3.2,
    Role.COUNTS: -2.0,
}
_QUALIFIER = {
    Role.PEOPLE: 1.5,
    Role.BELONGINGS: 0.3,
    Role.THINGS: -1.0,
    Role.LOGS: -0.5,
    Role.MACHINES: -0.5,
    Role.ANIMALS: -1.0,
    Role.COUNTS: -0.5,
}

_SIBLINGS_MOST = 3.5
_SIBLINGS_MOST_OF_THINGS = 2.4
_OF_NO_ROWS = frozenset(
    {"tbl", "tb", "t", "dim", "fact", "stg", "raw", "vw", "table", "dataset", "data", "csv", "full"}
    | {
        "sample",
        "train",
        "test",
        "clean",
        "cleaned",
        "final",
        "new",
        "old",
        "backup",
        "bak",
        "copy",
    }
    | {"export", "dump", "mock", "demo", "dummy", "merged", "all"}
)
"""Words of a table's name that say nothing of its rows."""
_PEOPLE_FROM = 1.2
"""Log-odds from which a table counts as about people for those that refer to it."""

_OF_MACHINES = (DataCategory.USER_DEVICE_IP_ADDRESS, DataCategory.USER_DEVICE_DEVICE_ID)
_MACHINE = -12.0
"""More than a name and all values can say: a router's address is as valid as anybody's."""

_NO_PERSON = -12.0
"""The same of what rows of animals and of counts say: a cow's age, a country's women."""
_OF_PERSONS = (
    DataCategory.USER_NAME,
    DataCategory.USER_DEMOGRAPHIC,
    DataCategory.USER_HEALTH,
    DataCategory.USER_FINANCIAL,
    DataCategory.USER_PROFESSIONAL_INFORMATION,
    DataCategory.USER_CONTACT_ADDRESS,
    DataCategory.USER_LOCATION,
)
_COMPANIES = -6.0
_SILENT = -3.0
_PLACES = (
    DataCategory.USER_CONTACT_ADDRESS_STREET,
    DataCategory.USER_CONTACT_ADDRESS_CITY,
    DataCategory.USER_CONTACT_ADDRESS_STATE,
    DataCategory.USER_CONTACT_ADDRESS_POSTAL_CODE,
    DataCategory.USER_CONTACT_ADDRESS_COUNTRY,
    DataCategory.USER_LOCATION,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around the fields of one table.

    Attributes:
        reasons: What speaks for and against the table's rows being about people.
        roles: What the last words of the table's name say of its rows.
        of_workers: Whether the table's name speaks of people who work for the company.
        fields: What the names of its fields say together.
    """

    reasons: tuple[Because, ...] = ()
    roles: frozenset[Role] = frozenset()
    of_workers: bool = False
    fields: Siblings = field(default_factory=Siblings)

    @property
    def silent(self) -> bool:
        """Whether neither the table's name nor any of its fields speaks of people."""
        return not self.reasons and self.fields.silent

    @property
    def no_person(self) -> str:
        """Why rows are nobody's: they are animals, or counts of many; empty where they may be."""
        if self.fields.animals or Role.ANIMALS in self.roles:
            return "rows are animals"
        counts = (Role.COUNTS in self.roles or self.fields.counts) and not self.fields.identified
        return "rows are counts" if counts else ""

    @property
    def odds(self) -> float:
        """Log-odds that rows are about people; 0 where nothing is known."""
        return max(_LOWEST, min(_HIGHEST, fsum(reason.weight for reason in self.reasons)))


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The tables of one store, looked up by name and by whom they refer to.

    Making one costs one pass over all tables; make it once for a store.

    Attributes:
        tables: By name.
        referring: Per table name, the tables that refer to it.
    """

    tables: Mapping[str, Table] = field(default_factory=dict)
    referring: Mapping[str, tuple[Table, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Iterable[Table]) -> "Neighbourhood":
        """Return the neighbourhood of `tables`."""
        by_name = {table.name: table for table in tables}
        referring: dict[str, list[Table]] = {}
        for table in by_name.values():
            for key in table.foreign_keys:
                if key.to != table.name:
                    referring.setdefault(key.to, []).append(table)
        return cls(by_name, {name: tuple(found) for name, found in referring.items()})


def surroundings(table: Table, neighbours: "Neighbourhood | Collection[Table]") -> Surroundings:
    """Return what is known around the fields of `table`."""
    near = neighbours if isinstance(neighbours, Neighbourhood) else Neighbourhood.of(neighbours)
    own = _by_itself(table)
    reasons = list(own.reasons)
    thing = any(reason.weight <= _HEAD[Role.THINGS] for reason in own.reasons)
    referred = sorted({key.to for key in table.foreign_keys if key.to != table.name})
    if not thing and any(_is_about_people(near, name) for name in referred):
        reasons.append(Because(evidence="refers to a table about people", weight=2.0))
    elif not thing and any(
        _by_itself(each).odds >= 2 * _PEOPLE_FROM for each in near.referring.get(table.name, ())
    ):
        reasons.append(Because(evidence="a table about people refers to it", weight=1.0))
    return Surroundings(tuple(reasons), own.roles, own.of_workers, own.fields)


def _is_about_people(near: Neighbourhood, name: str) -> bool:
    """Whether the table called `name` is about people, itself or by one more reference."""
    table = near.tables.get(name)
    if table is None:
        return _name_odds(name)[0] >= _PEOPLE_FROM
    if _by_itself(table).odds >= _PEOPLE_FROM:
        return True
    if _by_itself(table).odds < 0:
        return False
    return any(
        further.to in near.tables and _by_itself(near.tables[further.to]).odds >= _PEOPLE_FROM
        for further in table.foreign_keys
    )


@lru_cache(maxsize=20_000)
def _by_itself(table: Table) -> Surroundings:
    """Return what a table's name and fields say, without its neighbours."""
    name_odds, name_words, heads = _name_odds(table.name)
    reasons = []
    if name_odds:
        told = (
            "people"
            if name_odds > 0
            else "things"
            if Role.LOGS not in heads
            else "what machines did"
        )
        reasons.append(
            Because(evidence=f"the table's name speaks of {told}: {name_words}", weight=name_odds)
        )
    fields = siblings(tuple(column.name for column in table.columns))
    reasons += _of_fields(fields, name_odds)
    workers = Role.WORKERS in read_name(table.name).roles
    return Surroundings(tuple(reasons), heads, workers, fields)


def _of_fields(fields: Siblings, name_odds: float) -> Iterable[Because]:
    """Yield what the fields say of the rows: less where the table's name speaks of things.

    Shops and stations have telephones and mail addresses too; beside a person's name
    they are that person's.
    """
    of_things = name_odds < -1
    weight = fields.people + (fields.anybody if fields.people or not of_things else 0.0)
    if weight:
        yield Because(
            evidence=f"{fields.kinds} fields are named as fields about people",
            weight=min(weight, _SIBLINGS_MOST_OF_THINGS if of_things else _SIBLINGS_MOST),
        )
    if fields.refers:
        yield Because(evidence="a field is named as a reference to a person", weight=1.5)
    if fields.companies and not fields.people:
        yield Because(evidence="a field is named as one that companies have", weight=_COMPANIES)


@lru_cache(maxsize=20_000)
def _name_odds(name: str) -> tuple[float, str, frozenset[Role]]:
    """Return what a table's name says: log-odds, the words, and what its rows are.

    The last word is what the rows are, the others say of what: ``customer_address`` is
    an address, ``product_review`` a review. A schema before a dot says nothing.
    """
    words = tuple(
        word
        for word in known_words(name.rsplit(".", maxsplit=1)[-1])
        if word not in _OF_NO_ROWS and not word.isdigit()
    )
    roles, found = lexicon().roles, []
    at = 0
    while at < len(words):
        for length in range(min(4, len(words) - at), 0, -1):
            phrase = words[at : at + length]
            meant = roles.get(phrase, frozenset()) & _HEAD.keys()
            if meant:
                found.append((at + length == len(words), phrase, meant))
                at += length
                break
        else:
            at += 1
    total = 0.0
    for last, _, meant in found:
        weights = _HEAD if last else _QUALIFIER
        total += (
            max(weights[role] for role in meant)
            if Role.THINGS not in meant
            else min(weights[role] for role in meant)
        )
    shown = ", ".join(" ".join(phrase) for _, phrase, _ in found)
    return total, shown, frozenset(role for last, _, meant in found if last for role in meant)


def address(around: Surroundings, category: DataCategory) -> Iterable[Because]:
    """Yield that a field is part of an address: what kind it is, and not whose."""
    if category in ADDRESS_PARTS and len(around.fields.parts - {category}) > 1:
        yield Because(evidence="other fields are parts of a postal address", weight=1.6)


def context(
    around: Surroundings, reading: Reading, leans: Leans, category: DataCategory
) -> Iterable[Because]:
    """Yield what the surroundings say of a field that seems to hold `category`.

    Passwords are passwords anywhere, so that the table hardly matters; a telephone may
    be a shop's; a "name" is anybody's.
    """
    share = {Leans.LITTLE: (0.0, 0.1), Leans.SOMEWHAT: (0.4, 0.85), Leans.WHOLLY: (1.0, 1.0)}
    for_it, against = share[leans]
    things = bool(reading.thing) and not reading.person and leans is not Leans.LITTLE
    odds = around.odds
    if odds and not (things and odds > 0):  # the name itself says whose it is
        why = "; ".join(reason.evidence for reason in around.reasons)
        yield Because(evidence=f"table: {why}", weight=odds * (for_it if odds > 0 else against))
    if reading.person and for_it:
        yield Because(evidence=f"the name speaks of people: {reading.person}", weight=1.5)
    elif things:
        yield Because(evidence=f"the name speaks of things: {reading.thing}", weight=-2.5)
    yield from _of_nobody(around, reading, category)
    if _weakly(reading, category, DataCategory.USER_HEALTH) and around.fields.of_health:
        yield Because(evidence="other fields are about somebody's health", weight=2.4)
    work = DataCategory.USER_PROFESSIONAL_INFORMATION
    if _weakly(reading, category, work) and not (around.fields.of_work or around.of_workers):
        yield Because(evidence="nothing in the table speaks of work", weight=-3.0)


def _weakly(reading: Reading, category: DataCategory, family: DataCategory) -> bool:
    """Whether a name may mean something of a family, and means something else elsewhere."""
    claim = reading.claim(category)
    weak = claim is not None and claim.meaning.strength is Strength.WEAK
    return weak and family.covers(category)


def _of_nobody(around: Surroundings, reading: Reading, category: DataCategory) -> Iterable[Because]:
    """Yield why what has the form of personal data is nobody's here."""
    machines = Role.MACHINES in around.roles or reading.machine
    if category in _OF_MACHINES and around.odds <= 0 and machines:
        yield Because(evidence="it is a machine's address, and no person's", weight=_MACHINE)
    if Role.LOGS in around.roles and category is DataCategory.USER_CONTENT:
        yield Because(evidence="the table is a log: machines wrote it", weight=-2.5)
    nobody = around.no_person
    if nobody and not reading.person and any(each.covers(category) for each in _OF_PERSONS):
        yield Because(evidence=nobody, weight=_NO_PERSON)
    if around.silent and any(each.covers(category) for each in _PLACES):
        yield Because(evidence="nothing in the table speaks of people", weight=_SILENT)
