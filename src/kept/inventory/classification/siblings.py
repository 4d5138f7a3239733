"""What the names of a table's fields, taken together, say of its rows."""

from dataclasses import dataclass
from functools import lru_cache

from kept.inventory.classification.lexicon import Role, Strength, known_words, lexicon
from kept.inventory.classification.naming import Reading, read_name
from kept.vocabulary.data_category import DataCategory

# What only people have, by the category that a field's name surely means.
_OF_PEOPLE: dict[DataCategory, float] = {
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
    DataCategory.USER_DEMOGRAPHIC_AGE_RANGE: 0.6,
    DataCategory.USER_DEMOGRAPHIC_RACE_ETHNICITY: 0.8,
    DataCategory.USER_DEMOGRAPHIC_RELIGIOUS_BELIEF: 0.8,
    DataCategory.USER_FINANCIAL_CREDIT_CARD: 1.0,
    DataCategory.USER_PROFESSIONAL_INFORMATION: 1.0,
    DataCategory.USER_PROFESSIONAL_INFORMATION_JOB_TITLE: 0.8,
    DataCategory.USER_HEALTH: 0.8,
    DataCategory.USER_HEALTH_MEDICAL_DIAGNOSIS: 0.8,
    DataCategory.USER_NAME: 1.2,
}
# What companies, shops and stations have as well.
_OF_ANYBODY: dict[DataCategory, float] = {
    DataCategory.USER_CONTACT_EMAIL: 0.8,
    DataCategory.USER_CONTACT_PHONE_NUMBER: 0.4,
    DataCategory.USER_FINANCIAL_BANK_ACCOUNT: 0.5,
    DataCategory.USER_DEVICE_IP_ADDRESS: 0.3,
}
_PLACES = (
    DataCategory.USER_CONTACT_ADDRESS,
    DataCategory.USER_LOCATION,
    DataCategory.USER_CONTACT_ADDRESS_STATE,
)

_WHO = (
    DataCategory.USER_NAME,
    DataCategory.USER_CONTACT_EMAIL,
    DataCategory.USER_CONTACT_PHONE_NUMBER,
    DataCategory.USER_GOVERNMENT_ID,
    DataCategory.USER_ACCOUNT,
    DataCategory.USER_AUTHORIZATION,
    DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH,
    DataCategory.USER_UNIQUE_ID,
)
_WORK = (DataCategory.USER_PROFESSIONAL_INFORMATION, DataCategory.USER_FINANCIAL)

ADDRESS_PARTS = (
    DataCategory.USER_CONTACT_ADDRESS_STREET,
    DataCategory.USER_CONTACT_ADDRESS_CITY,
    DataCategory.USER_CONTACT_ADDRESS_STATE,
    DataCategory.USER_CONTACT_ADDRESS_POSTAL_CODE,
    DataCategory.USER_CONTACT_ADDRESS_COUNTRY,
)
"""What a postal address is made of."""

_ACTORS = frozenset({"created", "updated", "modified", "deleted", "approved", "reviewed", "owner"})
_ENOUGH_OTHERS = 2
"""Fields that say something, and nothing of people, from which silence tells."""


@dataclass(frozen=True, slots=True)
class Siblings:
    """What is known of the fields of one table by their names alone.

    Attributes:
        claimed: Categories that names surely or usually mean.
        parts: Parts of postal addresses among the fields, as surely or as weakly.
        people: Log-odds that rows are people, from what only people have.
        anybody: The same from what companies have as well.
        kinds: How many kinds of such fields there are, of both.
        others: Fields whose names say something, and nothing of people.
        refers: Whether a field is named as a reference to a person.
        animals: Whether a field tells the species or the breed.
        companies: Whether a field holds what only companies have: a legal form.
        counts: Whether a field is called as nothing but a count is.
    """

    claimed: frozenset[DataCategory] = frozenset()
    parts: frozenset[DataCategory] = frozenset()
    people: float = 0.0
    anybody: float = 0.0
    kinds: int = 0
    others: int = 0
    refers: bool = False
    animals: bool = False
    companies: bool = False
    counts: bool = False

    @property
    def silent(self) -> bool:
        """Whether several fields say something, and none of them speaks of people."""
        of_people = any(not any(place.covers(each) for place in _PLACES) for each in self.claimed)
        return self.others >= _ENOUGH_OTHERS and not of_people and not self.refers

    @property
    def identified(self) -> bool:
        """Whether a field says who somebody is."""
        return any(kind.covers(each) for kind in _WHO for each in self.claimed)

    @property
    def of_work(self) -> bool:
        """Whether a field is surely or usually about somebody's work."""
        return any(kind.covers(each) for kind in _WORK for each in self.claimed)

    @property
    def of_health(self) -> bool:
        """Whether a field is surely or usually about somebody's health."""
        return any(DataCategory.USER_HEALTH.covers(each) for each in self.claimed)


@lru_cache(maxsize=20_000)
def siblings(names: tuple[str, ...]) -> Siblings:
    """Return what fields with these names say together."""
    readings = [read_name(name) for name in names]
    counted = {phrase for phrase, roles in lexicon().roles.items() if Role.TALLIES in roles}
    sure = {
        claim.category
        for reading in readings
        for claim in reading.claims
        if not claim.turned_by and claim.meaning.strength is not Strength.WEAK
    }
    weighed = [each for each in sure if each in _OF_PEOPLE or each in _OF_ANYBODY]
    states = {
        DataCategory.USER_CONTACT_ADDRESS_STATE
        for reading in readings
        for claim in reading.claims
        if claim.category is DataCategory.USER_CONTACT_ADDRESS_STATE and not claim.turned_by
    }
    return Siblings(
        claimed=frozenset(sure),
        parts=frozenset(sure & set(ADDRESS_PARTS)) | states,
        people=sum(_OF_PEOPLE.get(each, 0.0) for each in weighed),
        anybody=sum(_OF_ANYBODY.get(each, 0.0) for each in weighed),
        kinds=len(weighed),
        others=sum(map(_tells_of_others, readings)),
        refers=any(_refers_to_person(name) for name in names),
        animals=any(Role.ANIMALS in reading.roles for reading in readings),
        companies=any(Role.COMPANIES in reading.roles for reading in readings),
        counts=any(known_words(name) in counted for name in names),
    )


def _tells_of_others(reading: Reading) -> bool:
    """Whether a name says something known or unknown, and claims nothing of a person."""
    claims = any(not claim.turned_by for claim in reading.claims)
    return reading.tells and not claims and not reading.person


def _refers_to_person(name: str) -> bool:
    return read_name(name).reference and not _ACTORS & set(known_words(name))
