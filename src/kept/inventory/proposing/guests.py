"""Which rows can be somebody's although the reference to their owner is empty: a guest's order."""

from collections.abc import Iterator

from kept.inventory.dataset import DatasetId
from kept.inventory.proposing.ownership import Owned
from kept.inventory.proposing.people import kind_of
from kept.inventory.proposing.seen import Link, Seen
from kept.vocabulary.identifier_kind import IdentifierKind

_TELLING = frozenset({IdentifierKind.EMAIL, IdentifierKind.PHONE})


def guests(each: Seen, owned: Owned, people: frozenset[DatasetId]) -> Iterator[str]:
    """Yield the question that rows without their owner leave open.

    Such a row is found by no reference. If it carries an address, that is either the
    person's own or somebody else's, such as a receiver's, and only a person can say.

    Args:
        each: The dataset.
        owned: What is proposed for it.
        people: The datasets that hold people.
    """
    direct = [link for link in owned.owners if link.to in people]
    if owned.person or not direct or not all(_may_be_empty(each, link) for link in direct):
        return
    linked = {name for link in owned.links for name in link.fields}
    fields = ", ".join(
        held.name
        for held in each.held
        if kind_of(held) in _TELLING and held.name not in linked and _is_filled(each, held.name)
    )
    if fields:
        owner = ", ".join(name for link in direct for name in link.fields)
        yield (
            f"Whose is a row in which {owner} is empty? If {fields} says it, add it to"
            " identity: otherwise nobody finds such rows"
        )


def _may_be_empty(each: Seen, link: Link) -> bool:
    if not any(each.table.column(name).nullable for name in link.fields):
        return False
    return each.sample is None or any(each.sample.nulls.get(name, 0) for name in link.fields)


def _is_filled(each: Seen, name: str) -> bool:
    return each.sample is None or bool(each.values(name))
