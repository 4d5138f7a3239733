"""When an identifier was a person's, whether several share it, and for whom rows are held."""

from collections.abc import Iterable, Iterator, Mapping

from kept.inventory.dataset import DatasetId, IdentityPeriod
from kept.inventory.proposing.ownership import NONE, Owned
from kept.inventory.proposing.people import ORGANISATION, STAFF, group_in, kind_of
from kept.inventory.proposing.seen import Seen
from kept.inventory.proposing.words import Words, singular_words
from kept.vocabulary.identifier_kind import IdentifierKind

# Only words that speak of holding something: a subscription starts and ends too.
_BOUNDS: tuple[tuple[Words, Words], ...] = (
    (("assigned",), ("released",)),
    (("assigned",), ("unassigned",)),
    (("assigned",), ("returned",)),
    (("allocated",), ("released",)),
    (("allocated",), ("deallocated",)),
    (("valid", "from"), ("valid", "to")),
    (("valid", "from"), ("valid", "until")),
    (("effective", "from"), ("effective", "to")),
    (("owned", "from"), ("owned", "until")),
    (("used", "from"), ("used", "until")),
)
# One bound alone says less, and is one of these, or called after the identifier itself.
_SINCE: tuple[Words, ...] = (("assigned",), ("allocated",), ("owned", "from"), ("owned", "since"))
_SINCE_NAMED: tuple[Words, ...] = (*_SINCE, ("since",), ("from",), ("valid", "from"))
_UNTIL_NAMED: tuple[Words, ...] = (("released",), ("until",), ("valid", "until"), ("valid", "to"))
_Identity = Mapping[str, IdentifierKind]
_ENDINGS = frozenset({"at", "on", "date", "time", "timestamp", "ts"})
_REASSIGNED = frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.DEVICE_ID})
_SHARED = frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE})
_TENANTS = frozenset({"tenant", "mandant"})


def periods_of(each: Seen) -> Iterator[IdentityPeriod]:
    """Yield when each identifier of a dataset was a person's, where fields beside it say so."""
    told = [held.name for held in each.held if kind_of(held) in _REASSIGNED]
    names = {_bound(column.name): column.name for column in each.table.columns}
    for name in told:
        # What is called after the identifier speaks of it; what is not, only of a single one.
        prefixes = [singular_words(name), *([()] if len(told) == 1 else [])]
        since, until = next(_bounds(prefixes, names), (None, None))
        if since or until:
            yield IdentityPeriod(field=name, since=since, until=until)


def _bounds(
    prefixes: Iterable[Words], names: Mapping[Words, str]
) -> Iterator[tuple[str | None, str | None]]:
    tried = tuple(prefixes)
    for prefix in tried:
        for since, until in _BOUNDS:
            if (*prefix, *since) in names and (*prefix, *until) in names:
                yield names[*prefix, *since], names[*prefix, *until]
    for prefix in tried:
        for since in _SINCE_NAMED if prefix else _SINCE:
            if (*prefix, *since) in names:
                yield names[*prefix, *since], None
        for until in _UNTIL_NAMED if prefix else ():
            if (*prefix, *until) in names:
                yield None, names[*prefix, *until]


def _bound(name: str) -> Words:
    words = singular_words(name)
    return words[:-1] if words[-1:] and words[-1] in _ENDINGS else words


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


def asked_sharing(each: Seen, owned: Owned, identity: Iterable[str]) -> Iterator[str]:
    """Yield a question for each identifier that several people seem to share.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        identity: Fields by which people would be found in it.
    """
    for name in shared_by(each, owned, identity):
        yield (
            f"The same {name} stands in several rows: is it one person's, or shared by a"
            " family or a department? If shared, leave it out of identity: whoever knows it"
            " would be given everybody's rows"
        )


def companies(seen: Iterable[Seen]) -> frozenset[DatasetId]:
    """Return the datasets of clients that are companies."""
    return frozenset(
        each.id for each in seen if "client" in each.words and group_in(each) == ORGANISATION
    )


def asked_client(each: Seen, owned: Owned, clients: frozenset[DatasetId]) -> Iterator[str]:
    """Yield the question for whom rows are held that name a company they belong to.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        clients: Datasets of clients that are companies.
    """
    if owned.about == NONE or not each.personal:
        return
    own = {link.fields for link in owned.owners}
    linked = {name for link in owned.links if link.to in clients for name in link.fields}
    for column in each.table.columns:
        words = set(singular_words(column.name)) & _TENANTS
        if (column.name,) not in own and (words or column.name in linked):
            yield (
                f"Does {column.name} name a company for which you hold these rows? Then set"
                ' held_as = "processor" and client; otherwise say held_as = "controller"'
            )
            return
