"""Which fields refer to people by a role's name or by an identifier."""

from collections.abc import Mapping, Sequence

from kept.inventory.dataset import DatasetId
from kept.inventory.proposing import links as linking
from kept.inventory.proposing.ownership import Ownership
from kept.inventory.proposing.people import kind_of, pairs
from kept.inventory.proposing.seen import Evidence, Link, Seen
from kept.inventory.proposing.words import has_any, vocabulary

_PARTLY = 0.2
"""Share of values that must exist for the second of two parties: others are outsiders."""


def by_people(
    seen: Mapping[DatasetId, Seen],
    people: Ownership,
    named: Sequence[Link],
    evidence: Evidence,
) -> tuple[list[Link], dict[DatasetId, str]]:
    """Return references by a role's name or by an identifier, now that people are known.

    And, by dataset, the question that is left where a role can mean several tables.
    """
    persons = [each for each in seen.values() if people.found[each.id].person]
    taken = {(link.dataset, name) for link in named for name in link.fields}
    found: list[Link] = []
    open_: dict[DatasetId, str] = {}
    for each in seen.values():
        if people.found[each.id].person:
            continue
        for column in each.table.columns:
            if (each.id, column.name) in taken or not names_role(column.name):
                continue
            links = linking.by_role(each, column, persons, evidence)
            if len(links) > 1:
                names = ", ".join(link.to.name for link in links)
                open_[each.id] = f"Whom does {column.name} name: one of {names}?"
            else:
                found.extend(links)
        if not any(link.dataset == each.id for link in (*named, *found)):
            found.extend(_by_identifiers(each, persons, evidence))
    return found, open_


def names_role(name: str) -> bool:
    """Return whether a field's name says what somebody is, and not in which table."""
    words = linking.key_words(name)
    known = vocabulary()
    return linking.is_reference_name(name) and bool(
        has_any(words, known.owner)
        or has_any(words, known.about["anybody"])
        or any(party in words for pair in known.parties for party in pair)
    )


def _by_identifiers(each: Seen, persons: Sequence[Seen], evidence: Evidence) -> list[Link]:
    """Return references by a mail address or a number that tells one person there."""
    tried: list[Link] = []
    for held in each.held:
        kind = kind_of(held)
        if kind is None or not kind.locates:
            continue
        for person in persons:
            for target in person.held:
                if kind_of(target) is kind and not person.repeats(target.name):
                    link = linking.by_identifier(each, held.name, person, target.name, evidence)
                    if link is not None:
                        tried.append(link)
    sure = [link for link in tried if (link.contained or 0) >= linking.ENOUGH]
    pair = pairs([link for link in tried if (link.contained or 0) >= _PARTLY])
    if pair is not None and any(link in sure for link in pair):
        return list(pair)
    # A copy that stands alone, such as a mailing list, is found by its own identifier.
    return sure if len(each.table.columns) > len(sure) and _tells_of_others(each, sure) else []


def _tells_of_others(each: Seen, sure: Sequence[Link]) -> bool:
    """Whether several rows can be one person's: an event, not a copy of the person."""
    return any(each.repeats(link.fields[0]) for link in sure)
