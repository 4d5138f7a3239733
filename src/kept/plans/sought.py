"""By which of its fields a row tells whose it is."""

from dataclasses import replace

from kept.inventory.dataset import Dataset, Field
from kept.plans.plan import Sought
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import CATEGORY_OF, IdentifierKind


def locating(dataset: Dataset) -> tuple[Sought, ...]:
    """Return the ways in which a person decided that rows of `dataset` can be found."""
    ways: list[Sought] = []
    for kind in IdentifierKind:
        fields = tuple(field.name for field in dataset.fields if field.identity is kind)
        if kind.locates and fields:
            ways.append(Sought(kind=kind, fields=fields))
    return tuple(ways)


def telling_apart(dataset: Dataset, *, person: bool = False) -> tuple[Sought, ...]:
    """Return the ways in which rows of `dataset` that were found can be told apart.

    Here the categories count too: a field that holds telephone numbers tells two people
    behind one mailbox apart, whether or not it may find rows by itself.

    Args:
        dataset: The dataset.
        person: Whether each row is one person, so that its own number names one.
    """
    found = {way.kind for way in locating(dataset)}
    ways = [
        Sought(kind=kind, fields=_of_category(dataset, kind, person=person), locates=False)
        for kind in IdentifierKind
        if kind not in found and kind is not IdentifierKind.NAME
    ]
    ways.append(_names(dataset))
    return tuple(way for way in ways if way.fields or way.parts)


def _of_category(dataset: Dataset, kind: IdentifierKind, *, person: bool) -> tuple[str, ...]:
    tagged = tuple(field.name for field in dataset.fields if field.identity is kind)
    if tagged:
        return tagged
    if kind is IdentifierKind.ACCOUNT_ID:
        # A unique number in another field is as likely somebody else's: a reference.
        return dataset.key if person and len(dataset.key) == 1 else ()
    return tuple(field.name for field in dataset.fields if CATEGORY_OF[kind] in field.holds)


def _names(dataset: Dataset) -> Sought:
    # A name that is said to be another's is no name of the row's own person.
    dataset = replace(dataset, fields=tuple(each for each in dataset.fields if not each.of))
    first = _first(dataset, DataCategory.USER_NAME_FIRST)
    last = _first(dataset, DataCategory.USER_NAME_LAST)
    parts: tuple[str, ...] = ()
    if first and last and first != last:
        parts = (first.name, last.name)
    tagged = tuple(field.name for field in dataset.fields if field.identity is IdentifierKind.NAME)
    if not parts and len(tagged) > 1:
        parts = tagged
    whole = tagged or tuple(
        field.name for field in dataset.fields if DataCategory.USER_NAME in field.holds
    )
    return Sought(
        kind=IdentifierKind.NAME,
        fields=tuple(name for name in whole if name not in parts),
        parts=parts,
        locates=False,
    )


def _first(dataset: Dataset, category: DataCategory) -> Field | None:
    return next((field for field in dataset.fields if category in field.holds), None)
