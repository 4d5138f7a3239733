"""Whether several people share an identifier, and for whom their rows are held."""

from collections.abc import Iterable, Iterator, Mapping

from kept.inventory.dataset import DatasetId, Field
from kept.inventory.proposing.ownership import NONE, Owned
from kept.inventory.proposing.people import ORGANISATION, STAFF, group_in, kind_of, names_people
from kept.inventory.proposing.seen import Seen
from kept.inventory.proposing.words import has_any, singular_words, vocabulary
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind

_Identity = Mapping[str, IdentifierKind]
_SHARED = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.PHONE,
        IdentifierKind.DEVICE_ID,
        IdentifierKind.USERNAME,
    }
)
_CLIENTS = frozenset({"client", "customer"})


def shared_by(each: Seen, owned: Owned, identity: Iterable[str]) -> tuple[str, ...]:
    """Return the identifiers that were seen in several people's rows.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        identity: Fields by which people would be found in it.
    """
    if not owned.person or each.sample is None:
        return ()
    return tuple(
        name
        for name in identity
        if kind_of(each.dataset.field(name)) in _SHARED and each.repeats(name)
    )


def without_offices(each: Seen, owned: Owned, identity: _Identity) -> _Identity:
    """Return the identity of staff without what an office shares, if they are found anyway."""
    shared = shared_by(each, owned, identity) if owned.about == STAFF else ()
    left = {name: kind for name, kind in identity.items() if name not in shared}
    return left if any(kind.locates for kind in left.values()) else identity


def asked_sharing(each: Seen, owned: Owned, identity: _Identity) -> Iterator[str]:
    """Yield a question for each identifier that several people seem to share.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        identity: Fields by which people would be found in it.
    """
    if owned.person and _is_group(each) and any(kind.locates for kind in identity.values()):
        yield (
            f"A row of {each.id.name} seems to stand for several people, a family or a"
            " department: is its identity one person's? If not, leave identity empty: whoever"
            " knows it would be given everybody's rows"
        )
        return
    for name in shared_by(each, owned, identity):
        yield (
            f"The same {name} stands in several rows: is it one person's, or shared by a"
            " family or a department? If shared, leave it out of identity: whoever knows it"
            " would be given everybody's rows"
        )


def _is_group(each: Seen) -> bool:
    """Return whether a table is called after several people, and a row has no person's name."""
    words = each.words
    known = vocabulary().group
    called = words in known or words[-1:] in known or words[-2:] in known
    return called and not any(_names_one(held) for held in each.held)


def _names_one(held: Field) -> bool:
    """Return whether a field names a person, and not with all of a family."""
    best = held.categories[0].category if held.categories else None
    return best in {DataCategory.USER_NAME, DataCategory.USER_NAME_FIRST}


def companies(seen: Iterable[Seen]) -> frozenset[DatasetId]:
    """Return the datasets of clients that are companies, whose own people's rows we may hold."""
    return frozenset(each.id for each in seen if _is_client_company(each))


def _is_client_company(each: Seen) -> bool:
    """Return whether rows are companies that we work for.

    They are called clients, or pay for what their people use; and they are no people.
    """
    known = vocabulary().clients
    columns = [singular_words(column.name) for column in each.table.columns]
    of_company = group_in(each) == ORGANISATION or (
        not any(kind_of(held) is IdentifierKind.DATE_OF_BIRTH for held in each.held)
        and not names_people(each)
        and any(has_any(words, known["of_company"]) for words in columns)
    )
    if not of_company:
        return False
    pays = any(has_any(words, known["of_subscription"]) for words in columns)
    return pays or not _CLIENTS.isdisjoint(each.words)


def asked_client(each: Seen, owned: Owned, clients: frozenset[DatasetId]) -> Iterator[str]:
    """Yield the question for whom rows are held that name a company they belong to.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        clients: Datasets of clients that are companies.
    """
    if owned.about == NONE or not each.personal or each.id in clients:
        return
    own = {link.fields for link in owned.owners}
    linked = {name for link in owned.links if link.to in clients for name in link.fields}
    said = vocabulary().clients["field"]
    for column in each.table.columns:
        told = has_any(singular_words(column.name), said)
        if (column.name,) not in own and (told or column.name in linked):
            yield (
                f"Does {column.name} name a company for which you hold these rows? Then set"
                ' held_as = "processor" and client; otherwise say held_as = "controller"'
            )
            return
