"""Whether a table's rows are about people: its name, its other fields, what it refers to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum

from kept.inventory.catalog import Table
from kept.inventory.classification.lexicon import Leans, Role, Strength, known_words, lexicon
from kept.inventory.classification.naming import Reading, read_name
from kept.inventory.dataset import Because
from kept.vocabulary.data_category import DataCategory

_HIGHEST, _LOWEST = 3.0, -4.0

_HEAD = {
    Role.PEOPLE: 3.0,
    Role.BELONGINGS: 1.0,
    Role.THINGS: -3.2,
    Role.LOGS: -0.5,
    Role.MACHINES: -2.0,
}
_QUALIFIER = {
    Role.PEOPLE: 1.5,
    Role.BELONGINGS: 0.3,
    Role.THINGS: -1.0,
    Role.LOGS: -0.5,
    Role.MACHINES: -0.5,
}

# What other fields of the table say, by the category that their names surely mean.
_SIBLINGS: dict[DataCategory, float] = {
    DataCategory.USER_NAME_FIRST: 1.5,
    DataCategory.USER_NAME_LAST: 1.5,
    DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH: 1.5,
    DataCategory.USER_DEMOGRAPHIC_GENDER: 1.2,
    DataCategory.USER_DEMOGRAPHIC_MARITAL_STATUS: 1.2,
    DataCategory.USER_DEMOGRAPHIC_CITIZENSHIP_OR_IMMIGRATION_STATUS: 0.8,
    DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER: 1.2,
    DataCategory.USER_GOVERNMENT_ID_PASSPORT_NUMBER: 1.2,
    DataCategory.USER_AUTHORIZATION_PASSWORD: 1.0,
    DataCategory.USER_ACCOUNT_USERNAME: 0.8,
    DataCategory.USER_CONTACT_EMAIL: 0.8,
    DataCategory.USER_CONTACT_PHONE_NUMBER: 0.4,
    DataCategory.USER_FINANCIAL_CREDIT_CARD: 1.0,
    DataCategory.USER_FINANCIAL_BANK_ACCOUNT: 0.5,
    DataCategory.USER_PROFESSIONAL_INFORMATION: 1.0,
    DataCategory.USER_PROFESSIONAL_INFORMATION_JOB_TITLE: 0.8,
    DataCategory.USER_HEALTH: 0.8,
    DataCategory.USER_HEALTH_MEDICAL_DIAGNOSIS: 0.8,
    DataCategory.USER_DEVICE_IP_ADDRESS: 0.3,
    DataCategory.USER_NAME: 1.2,
}
_SIBLINGS_MOST = 3.5
_SIBLINGS_MOST_OF_THINGS = 2.4
_PEOPLE_FROM = 1.2
"""Log-odds from which a table counts as about people for those that refer to it."""

_ACTORS = frozenset({"created", "updated", "modified", "deleted", "approved", "reviewed", "owner"})

_OF_MACHINES = (DataCategory.USER_DEVICE_IP_ADDRESS, DataCategory.USER_DEVICE_DEVICE_ID)
_MACHINE = -12.0
"""More than a name and all values can say: a router's address is as valid as anybody's."""

_ADDRESS_PARTS = (
    DataCategory.USER_CONTACT_ADDRESS_STREET,
    DataCategory.USER_CONTACT_ADDRESS_CITY,
    DataCategory.USER_CONTACT_ADDRESS_STATE,
    DataCategory.USER_CONTACT_ADDRESS_POSTAL_CODE,
    DataCategory.USER_CONTACT_ADDRESS_COUNTRY,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around the fields of one table.

    Attributes:
        reasons: What speaks for and against the table's rows being about people.
        logs: Whether its rows are what machines wrote.
        address_parts: Names of parts of postal addresses that the table has.
        machines: Whether its rows are machines and networks.
    """

    reasons: tuple[Because, ...] = ()
    logs: bool = False
    address_parts: frozenset[DataCategory] = frozenset()
    machines: bool = False

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
    return Surroundings(tuple(reasons), own.logs, own.address_parts, own.machines)


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
    siblings, parts = 0.0, set()
    kinds: list[str] = []
    for column in table.columns:
        reading = read_name(column.name)
        for claim in reading.claims:
            if claim.turned_by or claim.meaning.strength is Strength.WEAK:
                continue
            if claim.category in _ADDRESS_PARTS:
                parts.add(claim.category)
            if _SIBLINGS.get(claim.category) and claim.category.value not in kinds:
                kinds.append(claim.category.value)
                siblings += _SIBLINGS[claim.category]
        parts.update(_weak_parts(reading))
    most = _SIBLINGS_MOST_OF_THINGS if name_odds < -1 else _SIBLINGS_MOST
    if siblings:
        reasons.append(
            Because(
                evidence=f"{len(kinds)} fields are named as fields about people",
                weight=min(siblings, most),
            )
        )
    if any(_refers_to_person(column.name) for column in table.columns):
        reasons.append(Because(evidence="a field is named as a reference to a person", weight=1.5))
    return Surroundings(
        tuple(reasons), Role.LOGS in heads, frozenset(parts), Role.MACHINES in heads
    )


def _weak_parts(reading: Reading) -> Iterable[DataCategory]:
    state = reading.claim(DataCategory.USER_CONTACT_ADDRESS_STATE)
    if state is not None and not state.turned_by:
        yield state.category


def _refers_to_person(name: str) -> bool:
    return read_name(name).reference and not _ACTORS & set(known_words(name))


@lru_cache(maxsize=20_000)
def _name_odds(name: str) -> tuple[float, str, frozenset[Role]]:
    """Return what a table's name says: log-odds, the words, and what its rows are.

    The last word is what the rows are, the others say of what: ``customer_address`` is
    an address, ``product_review`` a review. A schema before a dot says nothing.
    """
    words = tuple(
        word
        for word in known_words(name.rsplit(".", maxsplit=1)[-1])
        if word not in {"tbl", "tb", "t", "dim", "fact", "stg", "raw", "vw", "table"}
        and not word.isdigit()
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


def context(
    around: Surroundings, reading: Reading, leans: Leans, category: DataCategory
) -> Iterable[Because]:
    """Yield what the surroundings say of a field that seems to hold `category`.

    Passwords are passwords anywhere, so that the table hardly matters; a telephone may
    be a shop's; a "name" is anybody's.
    """
    share = {Leans.LITTLE: (0.0, 0.1), Leans.SOMEWHAT: (0.4, 0.85), Leans.WHOLLY: (1.0, 1.0)}
    for_it, against = share[leans]
    odds = around.odds
    if odds:
        why = "; ".join(reason.evidence for reason in around.reasons)
        yield Because(evidence=f"table: {why}", weight=odds * (for_it if odds > 0 else against))
    if reading.person and for_it:
        yield Because(evidence=f"the name speaks of people: {reading.person}", weight=1.5)
    elif reading.thing and leans is not Leans.LITTLE:
        yield Because(evidence=f"the name speaks of things: {reading.thing}", weight=-2.5)
    if category in _ADDRESS_PARTS and len(around.address_parts - {category}) > 1:
        yield Because(evidence="other fields are parts of a postal address", weight=1.6)
    if category in _OF_MACHINES and around.odds <= 0 and (around.machines or reading.machine):
        yield Because(evidence="it is a machine's address, and no person's", weight=_MACHINE)
    if around.logs and category is DataCategory.USER_CONTENT:
        yield Because(evidence="the table is a log: machines wrote it", weight=-2.5)
