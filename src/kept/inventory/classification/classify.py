"""What each field of a table holds, with every reason for and against."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from kept.inventory.catalog import Column, Table
from kept.inventory.classification import (
    contacts,
    dates,
    devices,
    health,
    numbers,
    people,
    places,
    sets,
    text,
    tokens,
)
from kept.inventory.classification.competition import settle
from kept.inventory.classification.evidence import PRIOR, Source, Term, probability
from kept.inventory.classification.lexicon import Leans, Strength, lexicon
from kept.inventory.classification.naming import Reading, read_name
from kept.inventory.classification.paths import leaves, shown
from kept.inventory.classification.profile import Kind, Profile
from kept.inventory.classification.question import Detector, Question
from kept.inventory.classification.secrets import Protection, protection
from kept.inventory.classification.stored_type import of_type
from kept.inventory.classification.surroundings import (
    Neighbourhood,
    Surroundings,
    address,
    context,
    surroundings,
)
from kept.inventory.connector import Sample, Value
from kept.inventory.dataset import Classified
from kept.vocabulary.data_category import DataCategory

HOLDS = 0.5
"""Probability from which a field is said to hold a category."""
ASK = 0.35
"""Probability from which a person is asked whether a field holds a category."""

_STRENGTH = {Strength.STRONG: 6.0, Strength.PLAIN: 4.6, Strength.WEAK: 2.0}
_TURNED = -8.0
_EXPLAINED, _DECIDED = 0.9, 4.5
"""Share of values, and log-odds, from which one explanation needs no rival."""
_NAMED_OTHERWISE = -2.5
_NAMED_ELSEHOW = -1.0
_SHORTEST_SEALED = 30
"""Characters of the shortest ciphertext with its nonce and its tag."""
_REPEATED, _FEW_DIFFERENT = 20, 25
"""Rows per different value, and different values, that say: this is a short list."""
_OF_A_LIST = -3.0
_ENOUGH = 2.2
"""Log-odds of kind beyond which whose it is decides: see `_bounded`."""

# These are sure and quick: where they explain the values, nothing else is asked.
_DECISIVE: tuple[Detector, ...] = (
    contacts.emails,
    contacts.profiles,
    devices.addresses,
    devices.agents,
    tokens.passwords,
    tokens.tokens,
)
_OF_FORMS: tuple[Detector, ...] = (
    contacts.phones,
    devices.identifiers,
    numbers.cards,
    numbers.accounts,
    numbers.identity,
    places.digits,
    places.postal_codes,
    places.positions,
    dates.births,
    dates.ages,
    health.diagnoses,
    text.usernames,
)
_OF_WORDS: tuple[Detector, ...] = (
    people.people,
    places.places,
    sets.members,
    text.jobs,
    text.companies,
    text.prose,
    health.medications,
)

# What lists of words and spreads recognise, and no check digit or form confirms.
_LISTED = (
    DataCategory.USER_NAME,
    DataCategory.USER_CONTACT_ADDRESS,
    DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH,
    DataCategory.USER_PROFESSIONAL_INFORMATION,
    DataCategory.USER_ACCOUNT_USERNAME,
    DataCategory.USER_CONTENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldClassification:
    """What one field holds, and what it may hold.

    Attributes:
        categories: What it holds, best first: scores from `HOLDS` on.
        ambiguous: What a person should be asked about, best first: scores from `ASK`
            on that do not reach `HOLDS`.
    """

    categories: tuple[Classified, ...] = ()
    ambiguous: tuple[Classified, ...] = ()


def classify_table(
    table: Table, sample: Sample, neighbours: Neighbourhood | Collection[Table] = ()
) -> dict[str, tuple[Classified, ...]]:
    """Return what each field of `table` holds, best first; empty where nothing personal.

    The same arguments give the same result. No value leaves: reasons speak in words
    and rates.

    Args:
        table: Its structure.
        sample: Values of its fields; a field that is missing is judged by its name.
        neighbours: The other tables of the store; a `Neighbourhood` where there are many.
    """
    found = classify_fields(table, sample, neighbours)
    return {name: each.categories for name, each in found.items()}


def classify_fields(
    table: Table, sample: Sample, neighbours: Neighbourhood | Collection[Table] = ()
) -> dict[str, FieldClassification]:
    """Return what each field of `table` holds and what to ask about, in the table's order.

    Args:
        table: Its structure.
        sample: Values of its fields; a field that is missing is judged by its name.
        neighbours: The other tables of the store; a `Neighbourhood` where there are many.
    """
    around = surroundings(table, neighbours)
    profiles = {
        column.name: Profile.of(sample.values.get(column.name, ())) for column in table.columns
    }
    regions = _regions(table, profiles)
    keys = {name for key in table.foreign_keys for name in key.fields} | set(table.key)
    found: dict[str, FieldClassification] = {}
    for column in table.columns:
        profile = profiles[column.name]
        if (
            column.name in keys
            and profile.kind in {Kind.WHOLE, Kind.NOTHING}
            and not _speaks(column)
        ):
            found[column.name] = FieldClassification()
            continue
        below = leaves(sample.values.get(column.name, ()))
        if below:
            found[column.name] = _of_paths(column, below, around, regions)
        else:
            listed = _short_list(sample, column.name)
            found[column.name] = _verdict(_weigh(column, profile, around, regions, listed))
    return found


Looked = tuple[Table, Sample]
Spread = Callable[
    [Callable[[Looked], dict[str, FieldClassification]], Iterable[Looked]],
    Iterable[dict[str, FieldClassification]],
]
"""How work is shared out: the built-in ``map``, or that of a pool of processes."""


def classify_many(
    looked: Iterable[Looked],
    neighbours: Neighbourhood | Collection[Table] = (),
    *,
    spread: Spread = map,
) -> Iterable[dict[str, FieldClassification]]:
    """Return what the fields of each table hold, in the order of `looked`.

    Args:
        looked: Tables with their samples.
        neighbours: The other tables of the store.
        spread: Shares the tables out; results are the same whatever it is.
    """
    return spread(partial(_of_one, neighbours), looked)


def _of_one(
    neighbours: Neighbourhood | Collection[Table], looked: Looked
) -> dict[str, FieldClassification]:
    return classify_fields(*looked, neighbours)


def _short_list(sample: Sample, name: str) -> str:
    """Return that few different values fill many rows, as brands do and people do not."""
    different, filled = sample.distinct.get(name, 0), sample.read - sample.nulls.get(name, 0)
    if 0 < different <= _FEW_DIFFERENT and filled >= _REPEATED * different:
        return f"{different} different values fill {filled} rows: a short list"
    return ""


def _named(own: Iterable[Term]) -> bool:
    return any(term.source is Source.NAME and term.weight > 0 for term in own)


def _speaks(column: Column) -> bool:
    """Whether the name of a key says that the key itself is about a person."""
    reading = read_name(column.name)
    return any(
        claim.meaning.strength is not Strength.WEAK and not claim.turned_by
        for claim in reading.claims
    )


def _regions(table: Table, profiles: dict[str, Profile]) -> tuple[str, ...]:
    """Return the countries that the table speaks of in its fields for countries."""
    found: dict[str, None] = {}
    for column in table.columns:
        claim = read_name(column.name).claim(DataCategory.USER_CONTACT_ADDRESS_COUNTRY)
        if claim is not None and not claim.turned_by:
            found.update(dict.fromkeys(places.regions_in(profiles[column.name])))
    return tuple(found)[:6]


def _of_paths(
    column: Column,
    below: dict[str, tuple[Value, ...]],
    around: Surroundings,
    regions: tuple[str, ...],
) -> FieldClassification:
    """Classify what stands at each path of a JSON field, and join it: the surest of each."""
    best: dict[DataCategory, Classified] = {}
    for path, values in below.items():
        inner = replace(column, name=f"{column.name}.{path}", type="JSON")
        for each in _weigh(inner, Profile.of(values), around, regions):
            terms = tuple(
                replace(term, evidence=f"at path {shown(path)!r}: {term.evidence}")
                for term in each.because
            )
            known = best.get(each.category)
            if known is None or each.score > known.score:
                best[each.category] = replace(each, because=terms)
    return _verdict(best.values())


def _verdict(weighed: Iterable[Classified]) -> FieldClassification:
    ranked = sorted(weighed, key=lambda each: (-each.score, each.category))
    return FieldClassification(
        categories=tuple(each for each in ranked if each.score >= HOLDS),
        ambiguous=tuple(each for each in ranked if ASK <= each.score < HOLDS),
    )


def _weigh(
    column: Column,
    profile: Profile,
    around: Surroundings,
    regions: tuple[str, ...],
    listed: str = "",
) -> list[Classified]:
    """Return every category that anything speaks for, with the sum of what does."""
    reading = read_name(column.name)
    claimed = frozenset(claim.category for claim in reading.claims if not claim.turned_by)
    terms = list(_of_name(reading))
    question = Question(profile, claimed, regions, around.fields.claimed)
    if profile.texts:
        terms += _of_values(question)
    terms += of_type(column, profile, claimed)
    by_category: dict[DataCategory, list[Term]] = {}
    for term in terms:
        by_category.setdefault(term.category, []).append(term)
    for category, own in by_category.items():
        _complete(own, category, reading, around)
        if listed and not _named(own) and any(each.covers(category) for each in _LISTED):
            own.append(Term(category, Source.VALUES, _OF_A_LIST, listed))
    settle(by_category)
    return [
        Classified(
            category=category,
            score=round(probability(own), 4),
            because=tuple(term.because for term in own if round(term.weight, 2)),
        )
        for category, own in by_category.items()
        if any(term.weight > 0 for term in own)
    ]


def _of_name(reading: Reading) -> Iterator[Term]:
    """Yield what the name says."""
    for claim in reading.claims:
        words = " ".join(claim.phrase)
        yield Term(
            claim.category,
            Source.NAME,
            _STRENGTH[claim.meaning.strength],
            f"the name says {words!r} ({claim.meaning.language}, {claim.meaning.strength})",
        )
        if claim.turned_by:
            yield Term(
                claim.category,
                Source.NAME,
                _TURNED,
                f"the word {claim.turned_by!r} says that it tells something about it",
            )


def _of_values(question: Question) -> list[Term]:
    """Return what the values say; where they are encrypted, that they say nothing."""
    if question.claimed and _sealed(question.profile.texts):
        return [
            Term(category, Source.VALUES, -0.3, "the values are encrypted: the name alone speaks")
            for category in sorted(question.claimed)
        ]
    found: list[Term] = []
    for detector in _DECISIVE:
        found += detector(question)
    settled = {
        term.category for term in found if term.share >= _EXPLAINED and term.weight >= _DECIDED
    }
    if settled and question.claimed <= settled:
        return found
    for detector in _OF_FORMS:
        found += detector(question)
    if question.claimed or (question.profile.has_letters and not question.profile.coded):
        for detector in _OF_WORDS:
            found += detector(question)
    if not any(term.share >= _EXPLAINED and term.weight >= _DECIDED for term in found):
        found += text.quoted(question)
    return found


def _sealed(texts: Sequence[str]) -> bool:
    tried = texts[:10]
    longest = max(map(len, tried))
    if longest < _SHORTEST_SEALED:
        return False
    return sum(protection(each) is Protection.ENCRYPTED for each in tried) >= len(tried) * 0.8


def _complete(
    own: list[Term], category: DataCategory, reading: Reading, around: Surroundings
) -> None:
    """Add the prior, the doubt that another name casts, and the surroundings to `own`."""
    own.insert(0, Term(category, Source.PRIOR, PRIOR, "before anything is seen"))
    named = any(term.source is Source.NAME for term in own)
    if not named and (reading.silent or reading.reference):
        sure = any(term.share >= _EXPLAINED and term.weight >= _DECIDED for term in own)
        weight = _NAMED_ELSEHOW if sure else _NAMED_OTHERWISE
        own.append(Term(category, Source.NAME, weight, "the name says something else"))
    elif not named and reading.tells and any(each.covers(category) for each in _LISTED):
        own.append(Term(category, Source.NAME, _NAMED_ELSEHOW, "the name does not say so"))
    leans = _leans(category, reading)
    own.extend(
        Term(category, Source.SURROUNDINGS, each.weight, each.evidence)
        for each in address(around, category)
    )
    beside = [
        Term(category, Source.SURROUNDINGS, each.weight, each.evidence)
        for each in context(around, reading, leans, category)
    ]
    own.extend(_bounded(own, category, leans, sum(term.weight for term in beside)))
    own.extend(beside)


def _leans(category: DataCategory, reading: Reading) -> Leans:
    """Return how far `category` depends on the table: a name that only usually means it, more."""
    leans = lexicon().leans.get(category, Leans.WHOLLY)
    claim = reading.claim(category)
    sure = claim is None or claim.meaning.strength is Strength.STRONG
    return leans if sure or leans is not Leans.LITTLE else Leans.SOMEWHAT


def _bounded(
    own: list[Term], category: DataCategory, leans: Leans, beside: float
) -> Iterator[Term]:
    """Keep what kind it is from drowning whose it is.

    A thousand valid telephone numbers in a table of shops are still shops' numbers.
    """
    total = sum(term.weight for term in own)
    if leans is not Leans.LITTLE and beside < 0 and total > _ENOUGH:
        yield Term(
            category,
            Source.SURROUNDINGS,
            _ENOUGH - total,
            "what kind it is is clear; whose it is, the surroundings say",
        )
