"""Which datasets hold people in their own right, and whom."""

from collections.abc import Iterable, Mapping, Sequence

from kept.inventory.dataset import DatasetId
from kept.inventory.proposing.people import (
    ANYBODY,
    CUSTOMER,
    ORGANISATION,
    STAFF,
    SUPPLIER,
    Role,
    about_of,
    is_around,
    may_be_person,
    pairs,
    role_of,
)
from kept.inventory.proposing.seen import Link, Seen

Links = Mapping[DatasetId, Sequence[Link]]

_LOGINS = frozenset({("user",), ("usr",), ("login",), ("account",)})


def find_persons(
    seen: Mapping[DatasetId, Seen], links: Links, groups: Mapping[DatasetId, str]
) -> dict[DatasetId, str]:
    """Return the datasets that hold people themselves, with whom.

    A dataset with names and addresses whose rows refer to a person as theirs holds no
    people: a profile belongs to its user, a delivery to whoever ordered.

    Args:
        seen: Every dataset.
        links: References by the dataset that refers.
        groups: Which people each dataset's name names.
    """
    candidates = {each for each, one in seen.items() if may_be_person(one)}
    parents = {
        each: [link.to for link in _belongs(each, seen, links, groups) if link.to in candidates]
        for each in candidates
    }
    children = {each for each, found in parents.items() if found}
    for each in sorted(children):
        # Two tables that point at each other: the one that more point at holds the people.
        mutual = [to for to in parents[each] if each in parents[to]]
        if mutual and set(mutual) == set(parents[each]):
            first = min([each, *mutual], key=lambda one: (-_referred(one, links), one))
            if first == each:
                children.discard(each)
    return {
        each: STAFF if _is_back_office(each, seen, links, groups) else about_of(groups[each])
        for each in seen
        if each in candidates - children
    }


def _belongs(
    each: DatasetId,
    seen: Mapping[DatasetId, Seen],
    links: Links,
    groups: Mapping[DatasetId, str],
) -> Iterable[Link]:
    """Yield the references by which a dataset's rows are somebody's, and no people."""
    pair = pairs(links[each]) or ()
    around = is_around(seen[each].words) and groups[each] in {"", ANYBODY}
    for link in links[each]:
        to = groups[link.to]
        if link.to == each or around or to in {ORGANISATION, SUPPLIER}:
            continue
        if to == STAFF and groups[each] != STAFF:
            continue
        if link in pair or role_of(link, seen[link.to]) in {Role.NEUTRAL, Role.OWNER}:
            yield link


def _referred(each: DatasetId, links: Links) -> int:
    return sum(link.to == each for found in links.values() for link in found)


def _is_back_office(
    each: DatasetId,
    seen: Mapping[DatasetId, Seen],
    links: Links,
    groups: Mapping[DatasetId, str],
) -> bool:
    """Whether a table of users holds those who work here, beside a table of customers."""
    if groups[each] != ANYBODY or seen[each].words[-1:] not in _LOGINS:
        return False
    others = {
        one
        for one, other in seen.items()
        if one != each and groups[one] in {CUSTOMER, ANYBODY} and may_be_person(other)
    }
    to_here = [
        link for found in links.values() for link in found if link.to == each != link.dataset
    ]
    return bool(others and to_here) and all(
        role_of(link, seen[each]) is Role.MENTION
        or any(other.to in others for other in links[link.dataset])
        for link in to_here
    )
