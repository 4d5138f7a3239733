"""What discovery proposes for datasets that nobody decided about."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kept.inventory.catalog import Catalog
from kept.inventory.datamap import DatasetDecision, FieldDecision, ReferenceDecision
from kept.inventory.dataset import (
    Classified,
    DatasetId,
    Erasing,
    Field,
    Inventory,
    State,
    Whose,
)
from kept.inventory.proposing import links as linking
from kept.inventory.proposing.across import across_stores, by_values
from kept.inventory.proposing.doubts import LIKELY, doubts, names_no_person, unseen
from kept.inventory.proposing.erasing import asked_beyond, beyond, erasing_of
from kept.inventory.proposing.guests import guests
from kept.inventory.proposing.minimums import law_note
from kept.inventory.proposing.ownership import NONE, Owned, Ownership
from kept.inventory.proposing.people import about_of, group_of, is_around, kind_of
from kept.inventory.proposing.periods import periods_of
from kept.inventory.proposing.seen import Evidence, Link, Seen
from kept.inventory.proposing.sharing import asked_client, asked_sharing, companies, without_offices
from kept.inventory.proposing.to_people import by_people
from kept.inventory.proposing.words import Words, has_any, singular_words, vocabulary
from kept.vocabulary.data_category import DataCategory, is_personal
from kept.vocabulary.identifier_kind import IdentifierKind

SURE = 0.8
"""A category needs no second look from this probability on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What discovery would write about one dataset.

    Attributes:
        decision: As ``datamap.toml`` would say it; its state is proposed.
        undeclared: References that no store enforces, by their fields: how sure they are.
        notes: What a person should know before they decide.
        reasons: Per field, why it is thought to hold what it holds. Never a value.
        questions: What only a person can say. While there is one, the dataset stays
            undecided.
    """

    decision: DatasetDecision
    undeclared: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()

    @property
    def id(self) -> DatasetId:
        """The dataset."""
        return self.decision.id


def propose(
    inventory: Inventory,
    catalogs: Iterable[Catalog],
    evidence: Evidence | None = None,
    *,
    establishment: str = "",
) -> tuple[Proposal, ...]:
    """Return a proposal for each dataset that is not decided, in the inventory's order.

    What people decided about other datasets is taken as it stands.

    Args:
        inventory: Every dataset, with what people decided.
        catalogs: The structure of every store.
        evidence: What was seen in the stores.
        establishment: ISO 3166-1 code of the controller, whose law may make it keep rows.
    """
    evidence = evidence or Evidence()
    seen, copies = _seen(inventory, catalogs, evidence)
    named = [*linking.declared(seen), *linking.by_name(seen, evidence)]
    named.extend(across_stores(seen, named, evidence))
    seen = _with_links(seen, named)
    people = Ownership(seen, named)
    more, open_ = by_people(seen, people, named, evidence)
    seen = _with_links(seen, [*named, *more])
    more.extend(by_values(seen, [*named, *more], evidence))
    seen = _with_links(seen, [*named, *more])
    owned = Ownership(seen, list(dict.fromkeys([*named, *more]))).found
    for dataset, question in open_.items():
        if seen[dataset].personal and not owned[dataset].owners:
            owned[dataset].questions.append(question)
    persons = frozenset(each for each, one in owned.items() if one.person)
    for dataset, one in owned.items():
        one.questions.extend(guests(seen[dataset], one, persons))
    for view, copy in copies.items():
        owned[view] = Owned(about=about_of(group_of(copy.words)) if copy.personal else NONE)
    seen = dict(sorted({**seen, **copies}.items()))
    clients = companies(seen.values())
    for each in seen.values():
        owned[each.id].beyond = beyond(each, evidence)
        owned[each.id].questions.extend(asked_beyond(each, owned[each.id]))
        owned[each.id].questions.extend(asked_client(each, owned[each.id], clients))
    erasing = erasing_of(seen, owned)
    return tuple(
        _proposal(each, owned[each.id], erasing[each.id], establishment)
        for each in seen.values()
        if each.dataset.state is not State.DECIDED
    )


def _seen(
    inventory: Inventory, catalogs: Iterable[Catalog], evidence: Evidence
) -> tuple[dict[DatasetId, Seen], dict[DatasetId, Seen]]:
    """Return the datasets, and apart from them the views that keep copies of such."""
    tables = {
        DatasetId(catalog.store, table.name): table
        for catalog in catalogs
        for table in catalog.tables
        if table.keeps_rows
    }
    seen = {
        each.id: Seen(dataset=each, table=tables[each.id], sample=evidence.samples.get(each.id))
        for each in inventory.datasets
        if each.id in tables
    }
    copies = {each: one for each, one in seen.items() if one.table.view}
    return {each: one for each, one in seen.items() if each not in copies}, copies


def _with_links(seen: Mapping[DatasetId, Seen], links: Sequence[Link]) -> dict[DatasetId, Seen]:
    """Note which fields refer to a key elsewhere: they hold nothing by themselves."""
    referring: dict[DatasetId, set[str]] = {each: set() for each in seen}
    for link in links:
        if not link.natural:
            referring[link.dataset].update(link.fields)
    return {each: replace(one, referring=frozenset(referring[each])) for each, one in seen.items()}


def _proposal(each: Seen, owned: Owned, erasing: Erasing | None, establishment: str) -> Proposal:
    references = tuple(
        ReferenceDecision(
            fields=link.fields,
            to=link.to,
            to_fields=link.to_fields,
            whose=whose,
            direction=direction,
        )
        for link, (whose, direction) in owned.links.items()
    )
    identity = without_offices(each, owned, _identity(each, owned))
    decision = DatasetDecision(
        id=each.id,
        state=State.PROPOSED,
        about=owned.about,
        on_erasure=erasing,
        identity=identity,
        identity_periods=() if owned.about == NONE else tuple(periods_of(each)),
        references=references,
        fields={
            held.name: _field(held, owned, each)
            for held in each.dataset.fields
            if likely(held) or (held.personal and owned.about == NONE)
        },
    )
    return Proposal(
        decision=decision,
        undeclared={
            link.fields: _sureness(link)
            for link in owned.links
            if not link.declared and link.decided is None
        },
        reasons={
            held.name: _reason(held, owned, each) for held in each.dataset.fields if held.categories
        },
        notes=tuple(_notes(each, owned, establishment)),
        questions=tuple(
            dict.fromkeys(
                [
                    *owned.questions,
                    *asked_sharing(each, owned, identity),
                    *unseen(each, owned),
                    *doubts(each, owned),
                ]
            )
        ),
    )


def _notes(each: Seen, owned: Owned, establishment: str) -> Iterator[str]:
    """Yield what the proposal cannot say in keys."""
    for held in each.dataset.fields:
        for doubt in held.ambiguous:
            yield f"{held.name} may hold {doubt.category.value} ({doubt.score:.2f}); look at it"
    law = law_note(each.table, establishment)
    if law and owned.about != NONE:
        yield law
    if each.table.virtual and each.table.columns:
        yield (
            f"a virtual table ({each.table.virtual}) keeps copies of its own: what it was"
            " fed from is another dataset"
        )


def _sureness(link: Link) -> str:
    if link.contained is None:
        return "not enforced by the store; its name says so, and there are no rows to compare"
    return f"not enforced by the store; {link.contained:.0%} of the values seen exist there"


def _identity(each: Seen, owned: Owned) -> dict[str, IdentifierKind]:
    """Return by which fields a person can be found in the dataset itself."""
    if owned.beyond or not (owned.person or owned.copy or _is_part_of_person(each, owned)):
        return {}
    found: dict[str, IdentifierKind] = {}
    in_parts = any(DataCategory.USER_NAME_FIRST in held.holds for held in each.held)
    for held in each.dataset.fields:
        kind = None if names_no_person(held, each, owned) else kind_of(held)
        if kind is IdentifierKind.NAME and in_parts:
            # Half a name tells nobody apart.
            continue
        if kind is None and owned.person and _is_own_number(each, held):
            kind = IdentifierKind.ACCOUNT_ID
        if kind is not None and (owned.person or kind.locates):
            found[held.name] = kind
    return found


def _is_part_of_person(each: Seen, owned: Owned) -> bool:
    """Whether a dataset is the rest of a person: their account, their profile."""
    return (
        bool(owned.owners)
        and group_of(each.words) in {"customer", "staff", "applicant", "anybody"}
        and not is_around(each.words)
        and not any(whose is Whose.SHARED for whose, _ in owned.links.values())
    )


def _is_own_number(each: Seen, held: Field) -> bool:
    """Whether a field numbers the person for the company, and not only the row.

    A counter is no such number: customer 1 and employee 1 are different people.
    """
    column = each.table.column(held.name)
    unique = (held.name,) in each.table.uniques
    values = each.values(held.name)
    counts = not values or any(isinstance(value, int | float) for value in values)
    if column.key and counts:
        return False
    named = bool(has_any(singular_words(held.name), vocabulary().own_number))
    return unique and (named or column.key or DataCategory.USER_UNIQUE_ID in held.holds)


def _field(held: Field, owned: Owned, each: Seen) -> FieldDecision:
    if names_no_person(held, each, owned):
        return FieldDecision(categories=())
    if owned.about == NONE:
        # A list of cities is about nobody, whatever a city is in a customer's row.
        return FieldDecision(categories=())
    shared = [link for link, (whose, _) in owned.links.items() if whose is Whose.SHARED]
    of = author = ""
    if shared:
        nearest = _affine(singular_words(held.name), shared)
        if held.holds & _FREE_TEXT and nearest is None:
            author = shared[0].fields[0]
        elif nearest is not None:
            of = nearest.fields[0]
    return FieldDecision(categories=likely(held), of=of, author=author)


def likely(held: Field) -> tuple[DataCategory, ...]:
    """Return the categories of a field that are worth proposing.

    The best, if it is likelier than not; and others that are nearly certain, for a
    field can hold two things.
    """
    if not held.categories or held.categories[0].score < LIKELY:
        return ()
    best = held.categories[0]
    found = [best]
    for each in held.categories[1:]:
        # A last name is a name too: the wider category adds nothing.
        related = any(
            one.category.covers(each.category) or each.category.covers(one.category)
            for one in found
        )
        if each.score >= SURE and not related:
            found.append(each)
    return tuple(each.category for each in found if is_personal(each.category))


def _reason(held: Field, owned: Owned, each: Seen) -> str:
    if each.counts(held.name):
        return "a key that counts rows holds nothing by itself"
    if names_no_person(held, each, owned):
        return "the name of an organisation is no person's"
    if owned.about == NONE:
        return "nobody's: no row refers to a person"
    best = held.categories[0]
    doubt = "" if best.score >= SURE else "; unsure, look at it"
    why = strongest(best)
    return f"{best.score:.2f}{f': {why}' if why else ''}{doubt}"


def strongest(classified: Classified) -> str:
    """Return the evidence that speaks most for a category, or empty."""
    best = max(classified.because, key=lambda each: each.weight, default=None)
    return best.evidence if best is not None and best.weight > 0 else ""


_FREE_TEXT = frozenset({DataCategory.USER_CONTENT, DataCategory.USER_CONTENT_PRIVATE})


def _affine(words: Words, shared: Sequence[Link]) -> Link | None:
    """Return the reference whose own words stand in a field's name."""
    common = set.intersection(*(set(link.words) for link in shared))
    scores = [(len(set(words) & (set(link.words) - common)), link) for link in shared]
    best = max(score for score, _ in scores)
    found = [link for score, link in scores if score == best]
    return found[0] if best and len(found) == 1 else None
