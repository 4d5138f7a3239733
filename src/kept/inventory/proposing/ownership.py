"""Whose rows each dataset holds, as references and names show it.

The person first, then what refers to a person, then what refers to that. A row is
taken for a person's only where the reference names an owner; who is merely mentioned
is not followed, and what can be read two ways is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kept.inventory.dataset import DatasetId, Direction, Whose
from kept.inventory.proposing.people import (
    ANYBODY,
    CUSTOMER,
    ORGANISATION,
    STAFF,
    SUPPLIER,
    Role,
    about_of,
    describes_nobody,
    group_in,
    is_around,
    is_own_name,
    may_be_copy,
    names_either,
    names_people,
    pairs,
    role_of,
)
from kept.inventory.proposing.persons import find_persons
from kept.inventory.proposing.seen import Link, Seen
from kept.inventory.proposing.words import has_any, vocabulary

NONE = "none"
_NEVER_OWNERS = frozenset({STAFF, SUPPLIER, ORGANISATION})


@dataclass(slots=True)
class Owned:
    """What is proposed for one dataset.

    Attributes:
        about: Whose data it is.
        person: Whether it holds people themselves.
        copy: Whether people are found in it by an identifier alone.
        beyond: Whether no erasure of ours reaches its rows.
        links: Its references with what each makes of the row.
        questions: What only a person can say.
        namesakes: Fields in which an organisation is named, here or where they refer to.
    """

    about: str = NONE
    person: bool = False
    copy: bool = False
    beyond: bool = False
    links: dict[Link, tuple[Whose, Direction]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    namesakes: set[str] = field(default_factory=set)

    @property
    def owners(self) -> tuple[Link, ...]:
        """The references by which its rows are somebody's."""
        return tuple(
            link
            for link, (whose, direction) in self.links.items()
            if whose is not Whose.REFERENCED and direction is Direction.BACKWARD
        )

    def say(self, link: Link, whose: Whose, direction: Direction = Direction.BACKWARD) -> None:
        """Note what a reference makes of the row, unless a person decided it."""
        self.links[link] = (link.decided or whose, direction)


class Ownership:
    """Works out whose rows there are, store by store, from the people outwards.

    Attributes:
        found: What is proposed, by dataset.
    """

    def __init__(self, seen: Mapping[DatasetId, Seen], links: Sequence[Link]) -> None:
        self._seen = seen
        self._from: dict[DatasetId, list[Link]] = {each: [] for each in seen}
        for link in links:
            self._from[link.dataset].append(link)
        self.found: dict[DatasetId, Owned] = {each: Owned() for each in seen}
        self._groups = {each: group_in(one) for each, one in seen.items()}
        for each, about in find_persons(seen, self._from, self._groups).items():
            self.found[each].person, self.found[each].about = True, about
        self._of_people()
        self._of_theirs()
        self._parts_of_theirs()
        self._of_theirs()
        self._of_staff()
        self._of_theirs()
        self._forward()
        self._mentioned()
        self._left_over()
        self._of_organisations()

    # ── what refers to them ──────────────────────────────────────────────────

    def _of_people(self) -> None:
        for each in self._seen:
            links = [link for link in self._from[each] if self.found[link.to].person]
            outside = [link for link in links if link.to != each]
            for link in links:
                if link.to == each:
                    self.found[each].say(link, Whose.REFERENCED)
            pair = pairs(outside)
            if pair is not None:
                for link in pair:
                    self.found[each].say(link, Whose.SHARED)
                outside = [link for link in outside if link not in pair]
            if outside:
                self._judge(each, outside, shared=pair is not None)
            self._inherit(each)

    def _judge(self, each: DatasetId, links: list[Link], *, shared: bool) -> None:
        """Say of references to people which one owns the row."""
        found = self.found[each]
        roles = {link: role_of(link, self._seen[link.to]) for link in links}
        owning = [
            link
            for link, role in roles.items()
            if role in {Role.NEUTRAL, Role.OWNER} and not self._only_mentions(link)
        ]
        owning = self._nearest_people(owning)
        for link in links:
            found.say(link, Whose.REFERENCED)
        if found.person:
            self._ask_about_people_around(each, roles)
            return
        others = [link for link in owning if self.found[link.to].about != STAFF]
        if others and not shared:
            self._own(each, others)
        self._ask_about_rest(each, roles, owned=bool(found.owners) or shared)

    def _ask_about_people_around(self, each: DatasetId, roles: Mapping[Link, Role]) -> None:
        """Ask of contacts and relatives, who are people too, whether they go with somebody."""
        found = self.found[each]
        if not is_around(self._seen[each].words):
            return
        for link, role in roles.items():
            about = self.found[link.to].about
            if role in {Role.NEUTRAL, Role.OWNER} and about not in {SUPPLIER, ORGANISATION}:
                found.say(link, Whose.OWNED)
                found.about = about
                found.questions.append(
                    f"Are these people in their own right, or part of {link.to.name}?"
                )

    def _own(self, each: DatasetId, links: list[Link]) -> None:
        found = self.found[each]
        best = links[0]
        found.say(best, Whose.OWNED)
        for link in links[1:]:
            if link.to == best.to:
                names = " and ".join(",".join(one.fields) for one in (best, link))
                found.questions.append(f"Whose is the row, when {names} name different people?")
            elif self._groups[link.to] != ANYBODY:
                found.questions.append(
                    f"Is the row about {best.to.name}, about {link.to.name}, or about both?"
                )

    def _ask_about_rest(self, each: DatasetId, roles: Mapping[Link, Role], *, owned: bool) -> None:
        if not self._seen[each].personal:
            return
        for link, role in roles.items():
            fields = ",".join(link.fields)
            alone = not owned and self.found[link.to].about != STAFF
            if link.decided is not None:
                continue
            if role is Role.UNKNOWN and self.found[link.to].about not in _NEVER_OWNERS:
                self.found[each].questions.append(
                    f"Does {fields} name the person whom the row is about?"
                )
            elif role is Role.MENTION and alone:
                self.found[each].questions.append(f"Does {fields} name the person whose row it is?")

    def _only_mentions(self, link: Link) -> bool:
        """Whether people in the target are never owners: suppliers, and whoever serves them."""
        return self.found[link.to].about in {SUPPLIER, ORGANISATION} or (
            self.found[link.dataset].person and self.found[link.to].about == STAFF
        )

    def _nearest_people(self, links: list[Link]) -> list[Link]:
        """Put the surest owner first: a plain customer before a user, a plain name before a role."""
        return sorted(
            links,
            key=lambda link: (
                link.guessed,
                self._groups[link.to] == ANYBODY,
                link.natural,
                role_of(link, self._seen[link.to]) is not Role.NEUTRAL,
                not link.declared,
            ),
        )

    def _of_staff(self) -> None:
        """Take for the staff's own what refers to one of them and is nobody else's."""
        for each, found in self.found.items():
            if found.person or found.owners:
                continue
            links = [
                link
                for link in self._from[each]
                if self.found[link.to].about == STAFF
                and self.found[link.to].person
                and link.to != each
                and role_of(link, self._seen[link.to]) in {Role.NEUTRAL, Role.OWNER}
            ]
            if links and self._is_staff_record(each, links):
                self._own(each, self._nearest_people(links))
                self._inherit(each)

    def _is_staff_record(self, each: DatasetId, links: list[Link]) -> bool:
        seen = self._seen[each]
        names_staff = any(has_any(seen.words, [(self._seen[link.to].words)[-1:]]) for link in links)
        record = has_any(seen.words, vocabulary().things["staff_records"])
        return bool(record) or names_staff or seen.personal

    def _inherit(self, each: DatasetId) -> None:
        """Take over whose data it is from those whose rows they are."""
        found = self.found[each]
        abouts = [self.found[link.to].about for link in found.owners]
        if abouts and not found.person:
            found.about = CUSTOMER if CUSTOMER in abouts else abouts[0]

    # ── what refers to what is theirs ────────────────────────────────────────

    def _of_theirs(self) -> None:
        waiting = True
        while waiting:
            waiting = False
            for each in self._seen:
                found = self.found[each]
                links = [
                    link
                    for link in self._from[each]
                    if link not in found.links and self._is_theirs(link.to) and link.to != each
                ]
                if links:
                    self._compose(each, links)
                    self._inherit(each)
                    waiting = True

    def _is_theirs(self, each: DatasetId) -> bool:
        found = self.found[each]
        return not found.person and bool(found.owners)

    def _compose(self, each: DatasetId, links: list[Link]) -> None:
        """Say which of the rows that a row refers to it is a part of."""
        found = self.found[each]
        parts = [link for link in links if role_of(link, self._seen[link.to]) is not Role.MENTION]
        for link in links:
            found.say(link, Whose.REFERENCED)
        if found.person or self._groups[each] == ORGANISATION or not parts:
            return
        pair = pairs(parts)
        if found.owners:
            self._ask_about_conversation(each, parts)
        elif pair is not None:
            for link in pair:
                found.say(link, Whose.SHARED)
        else:
            best = min(parts, key=lambda link: self._distance(each, link))
            found.say(best, Whose.OWNED)
            if any(link.to == best.to for link in parts if link != best):
                found.questions.append(f"Which reference to {best.to.name} says whose row it is?")
            if self._is_junction(each):
                for link in parts:
                    found.say(link, Whose.OWNED)

    def _parts_of_theirs(self) -> None:
        """Take companions for what they are: people without an identifier, in a row of somebody."""
        for each, found in self.found.items():
            around = is_around(self._seen[each].words)
            links = [
                link
                for link in self._from[each]
                if self._is_theirs(link.to) and role_of(link, self._seen[link.to]) is Role.NEUTRAL
            ]
            if found.person and links and (around or not may_be_copy(self._seen[each])):
                found.person = False
                self._compose(each, links)
                self._inherit(each)
                if around and found.owners:
                    found.questions.append(
                        f"Are these people in their own right, or part of {links[0].to.name}?"
                    )

    def _distance(self, each: DatasetId, link: Link) -> tuple[bool, bool, bool, bool]:
        seen, target = self._seen[each], self._seen[link.to]
        return (
            not has_any(seen.words, [target.words, target.words[-1:]]),
            bool(has_any(target.words, vocabulary().things["attribute"])),
            not link.required,
            not link.in_key,
        )

    def _is_junction(self, each: DatasetId) -> bool:
        table = self._seen[each].table
        linked = {name for link in self._from[each] for name in link.fields}
        return bool(table.key) and set(table.key) <= linked and len(table.key) > 1

    def _ask_about_conversation(self, each: DatasetId, parts: list[Link]) -> None:
        """A message in a ticket is its author's and the ticket's owner's: ask."""
        found = self.found[each]
        direct = [link for link in found.owners if self.found[link.to].person]
        for link in parts:
            talks = has_any(self._seen[link.to].words, vocabulary().things["conversation"])
            owners = {one.to for one in self.found[link.to].owners}
            if talks and any(one.to in owners for one in direct):
                names = ",".join(direct[0].fields)
                found.questions.append(
                    f"Is the row its author's ({names}), or whoever's {link.to.name} it is in?"
                )

    # ── what theirs refers to ────────────────────────────────────────────────

    def _forward(self) -> None:
        for each in self._seen:
            mine = self.found[each]
            if not (mine.person or mine.owners):
                continue
            for link in self._from[each]:
                if link not in mine.links and self._is_reached_forward(link):
                    mine.say(link, Whose.OWNED, Direction.FORWARD)
                    theirs = self.found[link.to]
                    if theirs.about == NONE or mine.about == CUSTOMER:
                        theirs.about = mine.about

    def _is_reached_forward(self, link: Link) -> bool:
        target, found = self._seen[link.to], self.found[link.to]
        return (
            target.personal
            and not found.person
            and not found.owners
            and self._groups[link.to] != ORGANISATION
            and bool(has_any(target.words, vocabulary().things["attribute"]))
        )

    def _mentioned(self) -> None:
        for each, links in self._from.items():
            for link in links:
                if link not in self.found[each].links:
                    self.found[each].say(link, Whose.REFERENCED)

    def _left_over(self) -> None:
        reached = {
            link.to
            for found in self.found.values()
            for link, (whose, direction) in found.links.items()
            if whose is not Whose.REFERENCED and direction is Direction.FORWARD
        }
        for each, seen in self._seen.items():
            found = self.found[each]
            if not seen.personal or found.person or found.owners or each in reached:
                continue
            if describes_nobody(seen):
                found.about = NONE
            elif self._groups[each] == ORGANISATION:
                found.about = ORGANISATION
            elif may_be_copy(seen) and not found.questions:
                found.copy, found.about = True, about_of(self._groups[each])
            else:
                found.about = about_of(self._groups[each])
                found.questions = found.questions or [
                    "Nothing says whose rows these are: how is a person found?"
                ]

    def _of_organisations(self) -> None:
        """Tell names of organisations from names of people, and ask where a word means both."""
        for each, seen in self._seen.items():
            found = self.found[each]
            if found.person and names_either(seen) and not names_people(seen):
                found.questions.append("Are these people, or organisations whose people use it?")
            if self._is_organisation(each):
                found.namesakes.update(
                    held.name for held in seen.held if is_own_name(seen, held.name)
                )
            for link in self._from[each]:
                if self._is_organisation(link.to):
                    found.namesakes.update(link.fields)

    def _is_organisation(self, each: DatasetId) -> bool:
        return self._groups[each] == ORGANISATION and not self.found[each].person
