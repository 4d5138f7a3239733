"""What the stores hold, held against what the policy declares, field by field.

Three answers, never two: what was found, what was looked for everywhere and is not there,
and what cannot be told because only a sample was read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kept.checks.declared_data import undeclared
from kept.checks.promised import promised_by, words_of
from kept.checks.scope import (
    about_people,
    doubtful,
    listed,
    speaks_of,
    sure,
    telling_fields,
)
from kept.checks.stating import bearer, stated_by, states
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Sample
from kept.inventory.dataset import Dataset, DatasetId, Field, Inventory
from kept.inventory.necessity import Unneeded, unneeded
from kept.inventory.promised import Promised, Words, speaking_of
from kept.inventory.proposals import strongest
from kept.promises.promise import Register
from kept.vocabulary.data_category import DataCategory, is_personal, is_special


class Sureness(StrEnum):
    """How sure an answer is.

    `PROVEN`: seen, or looked for in everything. `SUSPECTED`: seen, and somebody has to say
    what it is. `SAMPLED`: only a sample was read, so nothing is proven.
    """

    PROVEN = "proven"
    SUSPECTED = "suspected"
    SAMPLED = "only sampled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeclared:
    """A category that a field holds and no clause states.

    Attributes:
        because: What in the field speaks for it, never a value.
        words: Of the clause that lists what is collected, or denies this, if there is one.
    """

    category: DataCategory
    dataset: DatasetId
    field: str
    sureness: Sureness
    because: str
    words: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverFound:
    """A category that the policy declares and no store showed.

    Attributes:
        words: That declare it.
        sureness: `PROVEN` where every value was read, else `SAMPLED`.
        partly: Datasets of which only a part was read.
    """

    category: DataCategory
    words: tuple[Words, ...]
    sureness: Sureness
    partly: tuple[DatasetId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """Personal data in no covered system: a store with no system, or a dataset not listed.

    Attributes:
        dataset: Its name, or empty where the whole store is meant.
        holding: Its fields that hold something about people; of a store, such datasets.
    """

    store: str
    dataset: str
    holding: tuple[str, ...]
    sureness: Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive:
    """A field with a special category of data, and the ground that the policy states for it.

    Attributes:
        grounds: Words that name it and a ground; empty where there are none.
        denied: Words that say it is not collected.
        spoken_of: Whether the policy speaks of these people: it does not of staff, nor of
            people whose data are held for a client. Their ground stands elsewhere.
    """

    category: DataCategory
    dataset: DatasetId
    field: str
    sureness: Sureness
    because: str
    grounds: tuple[Words, ...] = ()
    denied: tuple[Words, ...] = ()
    spoken_of: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a field comes from, why it is there, who gets it and where it stands.

    Attributes:
        source: As ``datamap.toml`` says, or empty.
        sources: Words of the policy about where such data come from.
        purposes: Words that say what such data are used for.
        recipients: Words that say who gets such data.
        region: Of its store, or empty.
    """

    dataset: DatasetId
    field: str
    source: str
    sources: tuple[Words, ...]
    purposes: tuple[Words, ...]
    recipients: tuple[Words, ...]
    region: str

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody says."""
        known = {
            "source": self.source or self.sources,
            "purpose": self.purposes,
            "recipient": self.recipients,
            "region": self.region,
        }
        return tuple(name for name, said in known.items() if not said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that stores and policy say differently, and what nobody says."""

    read: bool
    undeclared: tuple[Undeclared, ...] = ()
    never_found: tuple[NeverFound, ...] = ()
    uncovered: tuple[Uncovered, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    unneeded: tuple[Unneeded, ...] = ()
    origins: tuple[Origin, ...] = ()

    @property
    def without_ground(self) -> tuple[Sensitive, ...]:
        """Fields with sensitive data for which the policy states no ground."""
        return tuple(each for each in self.sensitive if not each.grounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was looked at.

    Attributes:
        inventory: What the stores hold.
        catalogs: Of the stores that answered.
        samples: By dataset.
        silent: Stores that did not answer.
        systems: System of each store, where the settings name one.
        regions: Region of each store, where the settings name one.
    """

    inventory: Inventory
    catalogs: tuple[Catalog, ...] = ()
    samples: Mapping[DatasetId, Sample] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    systems: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)


def compare(looked: Looked, register: Register | None) -> Comparison:
    """Return what the stores hold against what the policy declares.

    Args:
        looked: What the stores showed.
        register: What the policy says, ``None`` where none was read: then only what needs
            no policy is said.
    """
    promised = Promised() if register is None else promised_by(register)
    return Comparison(
        read=register is not None,
        undeclared=() if register is None else _undeclared(looked.inventory, register),
        never_found=() if register is None else _never_found(looked, register, promised),
        uncovered=_uncovered(looked),
        sensitive=_sensitive(looked.inventory, promised),
        unneeded=unneeded(looked.inventory, looked.catalogs, looked.samples),
        origins=_origins(looked, promised),
    )


def _undeclared(inventory: Inventory, register: Register) -> tuple[Undeclared, ...]:
    stated = stated_by(register)
    certain = undeclared(inventory, stated)
    told = {(dataset, name) for _, dataset, name in certain}
    fields = {(each.id, one.name): one for each in inventory.datasets for one in each.fields}
    suspected = [
        (category, each.id, one.name)
        for each in inventory.datasets
        if stated and speaks_of(each)
        for one in each.fields
        if (each.id, one.name) not in told
        for category in _suspected(one)
        if not states(stated, category)
    ]
    promises = {
        category: bearer(register, category)
        for category in {each[0] for each in (*certain, *suspected)}
    }
    return tuple(
        Undeclared(
            category=category,
            dataset=dataset,
            field=name,
            sureness=sureness,
            because=_because(fields[dataset, name], category),
            words=words_of(promise) if (promise := promises[category]) is not None else None,
        )
        for sureness, found in ((Sureness.PROVEN, certain), (Sureness.SUSPECTED, sorted(suspected)))
        for category, dataset, name in found
    )


def _suspected(one: Field) -> tuple[DataCategory, ...]:
    """Return what a field may hold and nobody confirmed: its best guess."""
    if doubtful(one):
        return (max(one.categories, key=lambda each: each.score).category,)
    return tuple(each.category for each in one.ambiguous[:1]) if not sure(one) else ()


def _because(one: Field, category: DataCategory) -> str:
    for each in (*one.categories, *one.ambiguous):
        if each.category is category:
            return strongest(each)
    return ""


def _never_found(looked: Looked, register: Register, promised: Promised) -> tuple[NeverFound, ...]:
    held = {
        category
        for dataset in looked.inventory.datasets
        for one in dataset.fields
        for category in (*one.holds, *(each.category for each in one.ambiguous))
    }
    partly = tuple(each.id for each in looked.inventory.datasets if each.only_sampled)
    whole = not partly and not looked.silent and not any(each.unread for each in looked.catalogs)
    declaring = {
        category: tuple(each for each in promised.stating if category in each.data)
        for category in sorted(stated_by(register))
    }
    return tuple(
        NeverFound(
            category=category,
            words=words,
            sureness=Sureness.PROVEN if whole else Sureness.SAMPLED,
            partly=partly,
        )
        for category, words in declaring.items()
        # What words only deny is not declared by them.
        if words and not any(one.covers(category) or states([one], category) for one in held)
    )


def _uncovered(looked: Looked) -> tuple[Uncovered, ...]:
    datasets = looked.inventory.datasets
    personal = [each for each in datasets if about_people(each, looked.inventory)]
    certain = {each.id for each in personal}
    stores = [
        Uncovered(
            store=store,
            dataset="",
            holding=tuple(each.id.name for each in personal if each.id.store == store),
            sureness=Sureness.PROVEN,
        )
        for store in sorted({each.id.store for each in personal})
        if not looked.systems.get(store)
    ]
    unlisted = [
        Uncovered(
            store=each.id.store,
            dataset=each.id.name,
            holding=telling_fields(each),
            sureness=Sureness.PROVEN if each.id in certain else Sureness.SUSPECTED,
        )
        for each in datasets
        if not listed(each) and (each.id in certain or _may_be_personal(each))
    ]
    return (*stores, *unlisted)


def _may_be_personal(dataset: Dataset) -> bool:
    return any(each.personal and doubtful(each) for each in dataset.fields)


def _sensitive(inventory: Inventory, promised: Promised) -> tuple[Sensitive, ...]:
    return tuple(
        Sensitive(
            category=category,
            dataset=dataset.id,
            field=one.name,
            sureness=Sureness.PROVEN if category in sure(one) else Sureness.SUSPECTED,
            because=_because(one, category),
            grounds=_naming(promised.grounds, category) if speaks_of(dataset) else (),
            denied=_naming(promised.denied, category) if speaks_of(dataset) else (),
            spoken_of=speaks_of(dataset),
        )
        for dataset in inventory.datasets
        for one in dataset.fields
        for category in dict.fromkeys((*sorted(sure(one)), *_suspected(one)))
        if is_special(category)
    )


def _naming(words: Iterable[Words], category: DataCategory) -> tuple[Words, ...]:
    """Return the words that name a special category, by itself or by a special kind."""
    return tuple(
        each for each in words if any(is_special(one) and one.covers(category) for one in each.data)
    )


def _origins(looked: Looked, promised: Promised) -> tuple[Origin, ...]:
    return tuple(
        Origin(
            dataset=dataset.id,
            field=one.name,
            source=one.source,
            sources=_of(promised.sources, one),
            purposes=speaking_of(promised.purposes, _personal(one)),
            recipients=speaking_of(promised.recipients, _personal(one)),
            region=looked.regions.get(dataset.id.store, ""),
        )
        for dataset in looked.inventory.datasets
        if speaks_of(dataset)
        for one in dataset.fields
        if one.personal
    )


def _of(words: tuple[Words, ...], one: Field) -> tuple[Words, ...]:
    # Where data come from is said of a kind of data; a clause that names none says nothing.
    return tuple(each for each in words if each.name(_personal(one)))


def _personal(one: Field) -> tuple[DataCategory, ...]:
    return tuple(sorted(each for each in one.holds if is_personal(each)))
