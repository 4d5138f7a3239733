"""What appeared, moved or vanished in a store between two looks at it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kept.inventory.shape import Shape

_ALIKE_NAMES = 0.5
"""Two names are thought of as one renamed from this likeness on, where nothing else tells."""

_ALIKE_FIELDS = 0.6
"""A dataset is thought of as renamed where this share of all fields is in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenField:
    """One field as one look at its store showed it. No value of it.

    Attributes:
        name: As the store spells it.
        type: The store's type.
        categories: What it holds, by name, with the score.
        shape: What its values are like, ``None`` where none were seen.
    """

    name: str
    type: str
    categories: Mapping[str, float]
    shape: Shape | None = None

    @property
    def holds(self) -> frozenset[str]:
        """The categories alone."""
        return frozenset(self.categories)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDataset:
    """One dataset as one look at its store showed it.

    Attributes:
        name: As in `kept.inventory.dataset.DatasetId.name`.
        rows: How many rows it had, ``None`` where not counted.
        fields: In the store's order.
        sampled: Whether values were read; else nothing is said of what fields hold.
    """

    name: str
    rows: int | None
    fields: tuple[SeenField, ...]
    sampled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStore:
    """One store as one look showed it.

    Attributes:
        store: Its name in ``kept.toml``.
        engine: Its engine.
        datasets: By name.
        unread: Schemas and tables that could not be looked into: nothing vanished there.
    """

    store: str
    engine: str
    datasets: tuple[SeenDataset, ...]
    unread: tuple[str, ...] = ()


class Happened(StrEnum):
    """What became of a dataset or a field."""

    APPEARED = "appeared"
    MOVED = "moved"
    VANISHED = "vanished"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two looks at a store.

    Attributes:
        happened: What.
        store: Where.
        dataset: In which dataset; where it vanished, the one of before.
        field: Which field, or empty where the whole dataset is meant.
        was: For `MOVED`: dataset and field of before.
        categories: What the field holds now, or held where it vanished.
        categories_before: For `CHANGED`: what it held before.
        type: Its type now, or before where it vanished.
        type_before: For `CHANGED`: its type before.
    """

    happened: Happened
    store: str
    dataset: str
    field: str = ""
    was: tuple[str, str] = ("", "")
    categories: tuple[str, ...] = ()
    categories_before: tuple[str, ...] = ()
    type: str = ""
    type_before: str = ""


def changes(before: SeenStore, after: SeenStore) -> tuple[Change, ...]:
    """Return what differs between two looks at one store, datasets first, then by name.

    A dataset that is new and has most of the fields of one that is gone was renamed; so was
    a field that is new and holds the same categories in values of the same shape as one
    that is gone, where only one fits. A new dataset speaks for all of its fields. Nothing
    has vanished from where this look could not reach.
    """
    now = {each.name: each for each in after.datasets}
    then = {each.name: each for each in before.datasets}
    renamed = _renamed_datasets(
        [each for name, each in then.items() if name not in now],
        [each for name, each in now.items() if name not in then],
    )
    came = {new.name: old for old, new in renamed}
    went = {old.name for old, _ in renamed}
    found = [_dataset_change(Happened.MOVED, after, new, was=old.name) for old, new in renamed]
    found += [
        _dataset_change(Happened.APPEARED, after, each)
        for name, each in now.items()
        if name not in then and name not in came
    ]
    found += [
        _dataset_change(Happened.VANISHED, before, each)
        for name, each in then.items()
        if name not in now and name not in went and not _unreached(name, after.unread)
    ]
    pairs = [(came.get(name) or then.get(name), each) for name, each in now.items()]
    for old, new in pairs:
        if old is not None:
            found += _field_changes(after.store, old, new)
    found = _moved_between(found, then, now)
    return tuple(sorted(found, key=lambda each: (each.field != "", each.dataset, each.field)))


def _unreached(name: str, unread: Sequence[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in unread)


def _dataset_change(
    happened: Happened, store: SeenStore, dataset: SeenDataset, *, was: str = ""
) -> Change:
    held = {category for field in dataset.fields for category in field.holds}
    return Change(
        happened=happened,
        store=store.store,
        dataset=dataset.name,
        was=(was, ""),
        categories=tuple(sorted(held)),
    )


def _renamed_datasets(
    gone: Sequence[SeenDataset], new: Sequence[SeenDataset]
) -> list[tuple[SeenDataset, SeenDataset]]:
    fits = [(old, one, _shared(old, one)) for old in gone for one in new]
    fits = [each for each in fits if each[2] >= _ALIKE_FIELDS]
    return [
        (old, one)
        for old, one, share in fits
        if all(
            share > other_share
            for other, another, other_share in fits
            if (other is old) != (another is one)
        )
    ]


def _shared(old: SeenDataset, new: SeenDataset) -> float:
    """Return the share of all fields, of both, that both have, some under another name."""
    ours = {(each.name, each.type) for each in old.fields}
    theirs = {(each.name, each.type) for each in new.fields}
    same = ours & theirs
    renamed = _renamed_fields(
        [each for each in old.fields if (each.name, each.type) not in same],
        [each for each in new.fields if (each.name, each.type) not in same],
    )
    # One that keeps its name, or that everything but its name speaks for, is as good.
    both = len(same) + len([one for one, _ in renamed if one.holds])
    every = len(ours) + len(theirs) - both
    return both / every if same and every else 0.0


def _field_changes(store: str, old: SeenDataset, new: SeenDataset) -> list[Change]:
    then = {each.name: each for each in old.fields}
    now = {each.name: each for each in new.fields}
    gone = [each for name, each in then.items() if name not in now]
    came = [each for name, each in now.items() if name not in then]
    renamed = _renamed_fields(gone, came)
    found = [
        _field_change(Happened.MOVED, store, new.name, one, was=(old.name, other.name))
        for other, one in renamed
    ]
    known = {id(each) for pair in renamed for each in pair}
    found += [
        _field_change(Happened.APPEARED, store, new.name, each)
        for each in came
        if id(each) not in known
    ]
    found += [
        _field_change(Happened.VANISHED, store, new.name, each)
        for each in gone
        if id(each) not in known
    ]
    comparable = old.sampled and new.sampled
    found += [
        _field_change(Happened.CHANGED, store, new.name, now[name], before=then[name])
        for name in then
        if name in now and _differs(then[name], now[name], comparable=comparable)
    ]
    return found


def _differs(then: SeenField, now: SeenField, *, comparable: bool) -> bool:
    return then.type != now.type or (comparable and then.holds != now.holds)


def _field_change(
    happened: Happened,
    store: str,
    dataset: str,
    field: SeenField,
    *,
    was: tuple[str, str] = ("", ""),
    before: SeenField | None = None,
) -> Change:
    return Change(
        happened=happened,
        store=store,
        dataset=dataset,
        field=field.name,
        was=was,
        categories=tuple(sorted(field.holds)),
        categories_before=() if before is None else tuple(sorted(before.holds)),
        type=field.type,
        type_before="" if before is None else before.type,
    )


def _renamed_fields(
    gone: Sequence[SeenField], came: Sequence[SeenField]
) -> list[tuple[SeenField, SeenField]]:
    fits = [
        (old, new, _likeness(old.name, new.name))
        for old in gone
        for new in came
        if _could_be(old, new)
    ]
    return [
        (old, new)
        for old, new, likeness in fits
        if (old.holds or likeness >= _ALIKE_NAMES)
        and all(
            likeness > other_likeness
            for other, another, other_likeness in fits
            if (other is old) != (another is new)
        )
    ]


def _could_be(old: SeenField, new: SeenField, *, in_other_rows: bool = False) -> bool:
    if old.holds != new.holds or old.shape is None or new.shape is None:
        return False
    return old.shape.like(new.shape, in_other_rows=in_other_rows)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _moved_between(
    found: Iterable[Change], then: Mapping[str, SeenDataset], now: Mapping[str, SeenDataset]
) -> list[Change]:
    """Join a field that vanished from one dataset and appeared in another into one move."""
    rest = list(found)
    gone = [each for each in rest if each.happened is Happened.VANISHED and each.field]
    came = [each for each in rest if each.happened is Happened.APPEARED and each.field]
    for old in gone:
        fits = [
            new
            for new in came
            if new.field == old.field
            and old.categories
            and _could_be(_field(then, now, old), _field(now, then, new), in_other_rows=True)
        ]
        if len(fits) == 1 and sum(each.field == old.field for each in gone) == 1:
            new = fits[0]
            rest.remove(old)
            rest[rest.index(new)] = Change(
                happened=Happened.MOVED,
                store=new.store,
                dataset=new.dataset,
                field=new.field,
                was=(old.dataset, old.field),
                categories=new.categories,
                type=new.type,
            )
    return rest


def _field(
    first: Mapping[str, SeenDataset], second: Mapping[str, SeenDataset], change: Change
) -> SeenField:
    """Return the field that a change speaks of, in whichever look had its dataset and it."""
    for look in (first, second):
        dataset = look.get(change.dataset)
        for each in () if dataset is None else dataset.fields:
            if each.name == change.field:
                return each
    return SeenField(name=change.field, type=change.type, categories={})
