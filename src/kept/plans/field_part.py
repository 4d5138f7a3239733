"""What happens to each field of a person's row."""

from collections.abc import Mapping

from kept.inventory.catalog import Table
from kept.inventory.dataset import Dataset, DatasetId, Field, Reference
from kept.plans.plan import FieldPart, Hidden
from kept.vocabulary.data_category import DataCategory, is_personal

_SECRET = (DataCategory.USER_AUTHORIZATION, DataCategory.SYSTEM_AUTHENTICATION)
_TEXT_TYPES = ("CHAR", "TEXT", "CLOB", "STRING", "JSON")


def field_parts(
    dataset: Dataset, table: Table, people: Mapping[DatasetId, bool]
) -> tuple[FieldPart, ...]:
    """Return one part for each field of `dataset`, in its order.

    Args:
        dataset: The dataset.
        table: Its structure.
        people: Which datasets hold something about people: a value that refers to such
            a row is shown only to the person whose row it is.
    """
    return tuple(_part(dataset, table, field, people) for field in dataset.fields)


def _part(
    dataset: Dataset, table: Table, field: Field, people: Mapping[DatasetId, bool]
) -> FieldPart:
    of = _describes(dataset, field, people)
    hidden, because = _hidden(dataset, field)
    return FieldPart(
        name=field.name,
        categories=field.holds,
        text=_is_text(field),
        hidden=hidden,
        because=because,
        of=of,
        author=_reference(dataset, field.author),
        erased=(field.personal or _may_tell(table, field)) and not _stays(dataset, table, field),
    )


def _may_tell(table: Table, field: Field) -> bool:
    """Return whether words of a field may be about a person, and nobody said they are not.

    Words that name rows stay until somebody decides: other rows can refer to them.
    """
    naming = {name for names in (*table.uniques, table.key) for name in names}
    return may_be_personal(field) and field.name not in naming and _has_text_type(field)


def may_be_personal(field: Field) -> bool:
    """Return whether discovery cannot tell if a field is personal, and nobody decided."""
    return not field.holds and any(is_personal(each.category) for each in field.ambiguous)


def _hidden(dataset: Dataset, field: Field) -> tuple[Hidden | None, str]:
    if any(secret.covers(each) for each in field.holds for secret in _SECRET):
        return Hidden.SECRET, ""
    if not field.disclosed:
        return Hidden.DECIDED, field.not_disclosed_because
    if field.of and _reference(dataset, field.of) is None:
        return Hidden.NOBODY_DECIDED, ""
    return None, ""


def _describes(
    dataset: Dataset, field: Field, people: Mapping[DatasetId, bool]
) -> Reference | None:
    """Return the reference to the person that a field speaks of, where the map says one.

    A number that refers to somebody's row speaks of that person, whoever asks.
    """
    if field.of:
        return _reference(dataset, field.of)
    if field.name in dataset.key:
        return None
    for reference in dataset.references:
        if field.name in reference.fields and people.get(reference.to, False):
            return reference
    return None


def _reference(dataset: Dataset, field: str) -> Reference | None:
    if not field:
        return None
    return next((each for each in dataset.references if field in each.fields), None)


def _is_text(field: Field) -> bool:
    if any(DataCategory.USER_CONTENT.covers(each) for each in field.holds):
        return True
    # What nobody classified and can hold sentences may hold other people.
    return not field.holds and _has_text_type(field)


def _has_text_type(field: Field) -> bool:
    return any(word in field.type.upper() for word in _TEXT_TYPES)


def _stays(dataset: Dataset, table: Table, field: Field) -> bool:
    """Return whether blanking leaves a field: a bare number that keeps rows together.

    A key that is itself personal (an address, a national number) does not stay.
    """
    links = {name for reference in dataset.references for name in reference.fields}
    links.update(name for key in table.foreign_keys for name in key.fields)
    if field.name not in links and field.name not in table.key:
        return False
    return all(
        DataCategory.USER_UNIQUE_ID.covers(each) for each in field.holds if is_personal(each)
    )
