"""Which datasets hold the people themselves, and what a reference says of them."""

from collections.abc import Iterable
from enum import StrEnum

from kept.inventory.dataset import Field
from kept.inventory.proposing.links import table_words
from kept.inventory.proposing.seen import Link, Seen
from kept.inventory.proposing.words import Words, has_any, singular_words, vocabulary
from kept.vocabulary.data_category import DataCategory as Category
from kept.vocabulary.identifier_kind import IdentifierKind as Kind

_KINDS: tuple[tuple[Kind, Category], ...] = (
    (Kind.EMAIL, Category.USER_CONTACT_EMAIL),
    (Kind.PHONE, Category.USER_CONTACT_PHONE_NUMBER),
    (Kind.NATIONAL_ID, Category.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER),
    (Kind.USERNAME, Category.USER_ACCOUNT_USERNAME),
    (Kind.DEVICE_ID, Category.USER_DEVICE_DEVICE_ID),
    (Kind.DATE_OF_BIRTH, Category.USER_DEMOGRAPHIC_DATE_OF_BIRTH),
)
_ENOUGH_KINDS = 2
_NAMING = frozenset({"name", "nom", "title", "label", "libelle", "raison", "sociale", "legal"})
_GROUPS = ("customer", "staff", "applicant", "supplier", "anybody", "organisation")

_DESCRIBING = (
    Category.USER_CONTACT_ADDRESS,
    Category.USER_LOCATION,
    Category.USER_DEMOGRAPHIC_LANGUAGE,
    Category.USER_PROFESSIONAL_INFORMATION,
)

CUSTOMER = "customer"
ORGANISATION = "organisation"
SUPPLIER = "supplier"
STAFF = "staff"
ANYBODY = "anybody"


class Role(StrEnum):
    """What the words of a reference say of the person referred to."""

    NEUTRAL = "neutral"
    OWNER = "owner"
    MENTION = "mention"
    UNKNOWN = "unknown"


def kind_of(field: Field) -> Kind | None:
    """Return the kind of identifier that a field holds, by its best category."""
    if not field.categories:
        return None
    best = field.categories[0].category
    if best is Category.USER_NAME:
        return Kind.NAME
    return next((kind for kind, category in _KINDS if best is category), None)


def kinds_in(each: Seen, *, own_name: bool = True) -> frozenset[str]:
    """Return which kinds of thing that tell a person a dataset holds.

    Args:
        each: The dataset.
        own_name: Whether a field that is called like the dataset counts.
    """
    held = [field for field in each.held if own_name or not _is_called_like(each, field.name)]
    found = {kind.value for field in held if (kind := kind_of(field))}
    for field in held:
        for category in field.holds:
            if Category.USER_NAME.covers(category):
                found.add(Kind.NAME.value)
            if category is Category.USER_AUTHORIZATION_PASSWORD:
                found.add("password")
    return frozenset(found)


def group_of(words: Words) -> str:
    """Return which group of people a table's name names, or empty.

    The head of the name counts: its last word in English, its first in French.

    Examples:
        >>> group_of(("customer",)), group_of(("order", "line")), group_of(("app", "user"))
        ('customer', '', 'anybody')
    """
    words = table_words(words)
    best, found = 0, ""
    for group in _GROUPS:
        for phrase in vocabulary().about[group]:
            ends = words[-len(phrase) :] == phrase
            # A shop's order is no shop: what stands first only names people.
            begins = words[: len(phrase)] == phrase and group != ORGANISATION
            weight = 2 * len(phrase) + ends
            if (ends or begins) and weight > best:
                best, found = weight, group
    return found


def about_of(group: str) -> str:
    """Return whose data a dataset holds whose name names `group`."""
    return CUSTOMER if group in {"", ANYBODY} else group


def group_in(each: Seen) -> str:
    """Return which group of people a dataset's name names, seen with what it holds.

    A tenant can be a person or a company: without a person's particulars it is no person.
    """
    group = group_of(each.words)
    if group != ORGANISATION and names_either(each):
        kinds = kinds_in(each, own_name=False)
        return group if len(kinds) >= _ENOUGH_KINDS or names_people(each) else ORGANISATION
    return group


def names_either(each: Seen) -> bool:
    """Return whether a dataset's name can mean people and can mean organisations."""
    words = table_words(each.words)
    known = vocabulary().about
    people = any(words in known[group] for group in _GROUPS if group != ORGANISATION)
    return people and words in known[ORGANISATION]


def is_own_name(each: Seen, name: str) -> bool:
    """Return whether a field names what a row is, as a company's name does, and no person."""
    left = set(singular_words(name)) - _NAMING - set(each.words)
    return not left or any(left == set(phrase) for phrase in vocabulary().about[ORGANISATION])


def may_be_person(each: Seen) -> bool:
    """Return whether a dataset can hold people themselves, references left aside."""
    kinds = kinds_in(each)
    if any(field.identity is not None for field in each.dataset.fields):
        return True
    group = group_in(each)
    if group == ORGANISATION:
        return Kind.NAME.value in kinds and len(kinds) >= _ENOUGH_KINDS and names_people(each)
    if group:
        return bool(kinds)
    return len(kinds) >= _ENOUGH_KINDS


def may_be_copy(each: Seen) -> bool:
    """Return whether rows can be found by an identifier alone, as in a mailing list."""
    if group_in(each) == ORGANISATION:
        return False
    return any((kind := kind_of(field)) and kind.locates for field in each.held)


def is_around(words: Words) -> bool:
    """Return whether a table's name speaks of other people around a person."""
    return bool(has_any(words, vocabulary().about["around"]))


def role_of(link: Link, target: Seen) -> Role:
    """Return what the words of a reference say, beyond the name of where it leads."""
    known = vocabulary()
    owner, mention = has_any(link.words, known.owner), has_any(link.words, known.mention)
    if len(owner) > len(mention):
        return Role.OWNER
    said = {*target.words, *(word for name in link.to_fields for word in singular_words(name))}
    if link.natural:
        said |= known.identifier
    left = tuple(word for word in link.words if word not in said)
    if not left:
        return Role.NEUTRAL
    owner, mention = has_any(left, known.owner), has_any(left, known.mention)
    if owner and len(owner) >= len(mention):
        return Role.OWNER
    if mention:
        return Role.MENTION
    people = (known.about[group] for group in ("customer", "applicant", "anybody"))
    # A party without its counterpart is the one whom the row is about.
    if any(has_any(left, phrases) for phrases in people) or not known.party.isdisjoint(left):
        return Role.OWNER
    return Role.UNKNOWN


def pairs(links: Iterable[Link]) -> tuple[Link, Link] | None:
    """Return two references of a row that read like the parties to one thing."""
    listed = list(links)
    for one, other in vocabulary().parties:
        first = [link for link in listed if one in link.words]
        second = [link for link in listed if other in link.words]
        for left in first:
            for right in second:
                if left.fields != right.fields and left.to == right.to and _alike(left, right):
                    return left, right
    return None


def _alike(left: Link, right: Link) -> bool:
    """Whether two names differ in the party alone, or nearly so."""
    one, other = set(left.words), set(right.words)
    return len(one ^ other) <= _ENOUGH_KINDS + 1


def names_people(each: Seen) -> bool:
    """Return whether a row has a person's name and not only an organisation's own."""
    return any(
        Category.USER_NAME.covers(category)
        for field in each.held
        for category in field.holds
        if not is_own_name(each, field.name)
    )


def _is_called_like(each: Seen, name: str) -> bool:
    """Whether a field is called like the table or like a company: not merely ``name``."""
    return is_own_name(each, name) and not _NAMING.issuperset(singular_words(name))


def describes_nobody(seen: Seen) -> bool:
    """Return whether all that a dataset holds only describes: a list of cities, of job titles."""
    held = {category for each in seen.held for category in each.holds}
    return all(any(wide.covers(each) for wide in _DESCRIBING) for each in held)
