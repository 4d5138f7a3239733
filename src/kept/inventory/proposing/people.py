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
_GROUPS = ("customer", "staff", "applicant", "supplier", "anybody", "organisation")

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


def kinds_in(each: Seen) -> frozenset[str]:
    """Return which kinds of thing that tell a person a dataset holds."""
    found = {kind.value for field in each.held if (kind := kind_of(field))}
    for field in each.held:
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


def may_be_person(each: Seen) -> bool:
    """Return whether a dataset can hold people themselves, references left aside."""
    kinds = kinds_in(each)
    if any(field.identity is not None for field in each.dataset.fields):
        return True
    group = group_of(each.words)
    if group == ORGANISATION:
        return Kind.NAME.value in kinds and len(kinds) >= _ENOUGH_KINDS and _names_people(each)
    if group:
        return bool(kinds)
    return len(kinds) >= _ENOUGH_KINDS


def may_be_copy(each: Seen) -> bool:
    """Return whether rows can be found by an identifier alone, as in a mailing list."""
    if group_of(each.words) == ORGANISATION:
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


def _names_people(each: Seen) -> bool:
    """Whether an organisation's row has a person's name and not only its own."""
    return any(
        Category.USER_NAME.covers(category)
        for field in each.held
        for category in field.holds
        if field.name.lower() not in {"name", "nom", "title", "label", "libelle"}
    )
