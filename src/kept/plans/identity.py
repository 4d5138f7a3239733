"""Which of the rows that fit some identifiers are of one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kept.inventory.dataset import DatasetId
from kept.plans.errors import IdentityAmbiguousError
from kept.subjects.identifier import Identifier
from kept.vocabulary.identifier_kind import IdentifierKind

Mark = tuple[IdentifierKind, str]
"""An identifier in the form in which two spellings are equal. Personal data."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that fits some identifier, with what tells whose it is.

    Never shows in ``repr``: it is made of identifiers.

    Attributes:
        dataset: Where the row is.
        row: Names the row inside one transaction.
        person: Whether each row of the dataset is one person.
        marks: Identifiers that the row carries.
        numbered: Those of them that are only the row's own number.
        names: Each name that the row carries, as a set of words.
        born: Dates of birth that the row carries.
        fits: Identifiers given that it carries, names and dates of birth among them.
        misfits: Whether it carries another value of a kind that was given.
    """

    dataset: DatasetId
    row: tuple[object, ...]
    person: bool
    marks: frozenset[Mark] = frozenset()
    numbered: frozenset[Mark] = frozenset()
    names: frozenset[frozenset[str]] = frozenset()
    born: frozenset[str] = frozenset()
    fits: frozenset[Mark] = frozenset()
    misfits: bool = False

    def __repr__(self) -> str:
        return f"Candidate({self.dataset})"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is meant.

    Attributes:
        rows: The rows that are the person's.
        marks: Identifiers that these rows carry and nobody else's do: they find rows.
        shared: Identifiers of the person that another person has too: they do not.
        unconfirmed: Kinds that were given, could be tested, and fit no row of the person.
    """

    rows: frozenset[tuple[DatasetId, tuple[object, ...]]] = frozenset()
    marks: frozenset[Mark] = frozenset()
    shared: frozenset[Mark] = frozenset()
    unconfirmed: frozenset[IdentifierKind] = frozenset()

    def __repr__(self) -> str:
        return f"Resolution({len(self.rows)} rows)"


def marks_of(identifiers: Iterable[Identifier]) -> frozenset[Mark]:
    """Return the identifiers in the form in which they are compared."""
    return frozenset((each.kind, each.normalised) for each in identifiers)


def resolve(
    given: frozenset[Mark],
    fitting: Sequence[Candidate],
    others: Sequence[Candidate] = (),
    *,
    tested: frozenset[IdentifierKind] = frozenset(),
) -> Resolution:
    """Return who is meant by the identifiers given.

    Rows behind one identifier are one person where each row is about one person and they
    carry the same identifier that names one person, or where each was named by such an
    identifier of its own. Otherwise two of them are two people. Where rows are not people
    themselves (subscriptions, attempts to sign in), rows are of one person until they
    contradict each other. Every kind that was given and can be tested must fit some row:
    who gives a second identifier wants it to count.

    Args:
        given: What was given.
        fitting: Rows that fit what was given.
        others: Rows that carry an identifier of a row that fits, and do not fit
            themselves: the same person elsewhere, or another with the same mailbox.
        tested: Kinds by which the stores can tell people apart.

    Raises:
        IdentityAmbiguousError: The rows that fit are more than one person's.
    """
    people = _distinct(fitting)
    for one, two in combinations(people, 2):
        if _two_people(one, two):
            raise _ambiguous(one, two, given)
    open_ = _distinct(others)
    while True:
        known, left, shared = _gathered(given, people, open_)
        # What fits only by identifiers that a stranger has too may be the stranger's.
        common = shared | {mark for each in left for mark in each.fits}
        doubtful = [each for each in people if not each.fits - common]
        if not doubtful:
            break
        people = [each for each in people if each not in doubtful]
        open_ += doubtful
    confirmed = {kind for each in known for kind, _ in each.fits}
    unconfirmed = frozenset({kind for kind, _ in given} & tested - confirmed)
    if unconfirmed:
        return Resolution(shared=frozenset(shared), unconfirmed=unconfirmed)
    taken = set(known)
    rows = {(each.dataset, each.row) for each in (*fitting, *others) if _bare(each) in taken}
    return Resolution(
        rows=frozenset(rows),
        marks=frozenset(
            mark for each in known for mark in each.marks if mark[0].locates and mark not in shared
        ),
        shared=frozenset(shared),
    )


def _gathered(
    given: frozenset[Mark], people: Sequence[Candidate], others: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate], set[Mark]]:
    """Return the rows of one person, those that are left, and what others share with them."""
    known, left, shared = list(people), list(others), set[Mark]()
    while True:
        carried = {mark for each in known for mark in each.marks if mark[0].locates}
        carried.update(mark for mark in given if mark[0].locates)
        accepted = _same_elsewhere(known, left, carried, shared)
        if not accepted:
            return known, left, shared
        known += accepted
        left = [each for each in left if each not in accepted]


def _same_elsewhere(
    known: Sequence[Candidate],
    others: Sequence[Candidate],
    carried: Iterable[Mark],
    shared: set[Mark],
) -> list[Candidate]:
    """Return which of `others` are the same person, and note what others share."""
    accepted: list[Candidate] = []
    for mark in sorted(carried):
        sure = [*known, *accepted]
        behind = [each for each in others if mark in each.marks and each not in accepted]
        same = [each for each in behind if _same_person(each, mark, sure, behind)]
        if len(same) < len(behind) or any(
            _contradict(one, two) and not _united(one, two) for one, two in combinations(same, 2)
        ):
            shared.add(mark)
            same = [each for each in same if any(_united(each, one) for one in sure)]
        elif mark in shared:
            continue
        accepted += same
    return accepted


def _same_person(
    row: Candidate, mark: Mark, known: Sequence[Candidate], behind: Sequence[Candidate]
) -> bool:
    if any(_united(row, one) for one in known):
        return True
    if row.misfits or any(_contradict(row, one) for one in known):
        return False
    if row.fits and not any(_agree(row, one) for one in known):
        # It carries what was given and was not found by all of it.
        return False
    if mark in row.numbered:
        # A row's own number is an identifier only where somebody refers to it.
        return False
    if row.person:
        alone = sum(each.dataset == row.dataset for each in behind) == 1
        elsewhere = all(one.dataset != row.dataset for one in known)
        sure = mark[0] in _RARELY_SHARED or any(_agree(row, one) for one in known)
        return alone and elsewhere and sure
    return mark[0] in _RARELY_SHARED or any(_agree(row, one) for one in known)


_RARELY_SHARED = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.USERNAME,
        IdentifierKind.NATIONAL_ID,
        IdentifierKind.ACCOUNT_ID,
    }
)
"""What locates by itself in another dataset; a telephone or a device needs a second sign."""


def _two_people(one: Candidate, two: Candidate) -> bool:
    if _united(one, two):
        return False
    if _contradict(one, two):
        return True
    if _each_named(one, two):
        return False
    common = one.fits & two.fits
    if not common:
        return False
    if one.dataset == two.dataset:
        return one.person
    # Two datasets number their rows each for itself: the same number is no sign.
    return common <= (one.numbered & two.numbered) and not _agree(one, two)


def _each_named(one: Candidate, two: Candidate) -> bool:
    """Return whether the asker named each row by an identifier of its own."""
    names_one = {mark for mark in one.fits if mark[0].names_one_person}
    names_two = {mark for mark in two.fits if mark[0].names_one_person}
    return bool(names_one and names_two) and not names_one & names_two


def _united(one: Candidate, two: Candidate) -> bool:
    # A row's own number names that row: two rows whose numbers differ in nothing but outer
    # space are two people, and two datasets number their rows each for itself.
    same = (one.dataset, one.row) == (two.dataset, two.row)
    return any(
        mark[0].names_one_person and (same or mark not in one.numbered & two.numbered)
        for mark in one.marks & two.marks
    )


def _contradict(one: Candidate, two: Candidate) -> bool:
    if one.born and two.born and not one.born & two.born:
        return True
    if _differ(_of(one, IdentifierKind.NATIONAL_ID), _of(two, IdentifierKind.NATIONAL_ID)):
        return True
    if (
        one.dataset == two.dataset
        and not one.person
        and _differ(
            _of(one, IdentifierKind.ACCOUNT_ID) - one.numbered,
            _of(two, IdentifierKind.ACCOUNT_ID) - two.numbered,
        )
    ):
        return True
    return bool(one.names and two.names) and not _names_agree(one, two)


def _agree(one: Candidate, two: Candidate) -> bool:
    return bool(one.born & two.born) or _names_agree(one, two)


def _names_agree(one: Candidate, two: Candidate) -> bool:
    return any(mine <= theirs or theirs <= mine for mine in one.names for theirs in two.names)


def _of(row: Candidate, kind: IdentifierKind) -> frozenset[Mark]:
    return frozenset(mark for mark in row.marks if mark[0] is kind)


def _differ(one: frozenset[Mark], two: frozenset[Mark]) -> bool:
    return bool(one and two) and not one & two


def _distinct(rows: Iterable[Candidate]) -> list[Candidate]:
    """Return the rows; of those that are not people, one for each that tells the same.

    A person may have thousands of attempts to sign in, and they all say one thing.
    """
    return list(dict.fromkeys(_bare(each) for each in rows))


def _bare(row: Candidate) -> Candidate:
    if row.person:
        return row
    return Candidate(
        dataset=row.dataset,
        row=(),
        person=False,
        marks=row.marks - row.numbered,
        names=row.names,
        born=row.born,
        fits=row.fits,
        misfits=row.misfits,
    )


def _ambiguous(one: Candidate, two: Candidate, given: frozenset[Mark]) -> IdentityAmbiguousError:
    kinds = sorted({mark[0].value for mark in given})
    where = sorted({str(one.dataset), str(two.dataset)})
    known: Mapping[str, bool] = {
        IdentifierKind.NAME.value: bool(one.names and two.names),
        IdentifierKind.DATE_OF_BIRTH.value: bool(one.born and two.born),
        **{
            mark[0].value: True
            for mark in one.marks ^ two.marks
            if mark[0].value not in kinds or len(kinds) == 1
        },
    }
    asked = [kind for kind, there in known.items() if there and kind not in kinds]
    tell = f" for example {' or '.join(sorted(asked))}," if asked else ""
    return IdentityAmbiguousError(
        f"{' and '.join(kinds)} fits more than one person in {' and '.join(where)}",
        remedy=f"Give a second --identity,{tell} that tells them apart."
        " Nothing was read out or changed.",
    )
