"""Which datasets a policy speaks of, and how sure a field's label is."""

from collections.abc import Iterable

from kept.inventory.dataset import Classified, Dataset, DecidedBy, Field, Inventory, State
from kept.vocabulary.data_category import DataCategory

SURE = 0.8
"""A label that discovery gave counts as found from this probability on; below, somebody decides."""

NOBODY = "none"
"""What ``about`` says of a dataset in which nobody's data should be."""

OTHERS: frozenset[str] = frozenset(
    {
        NOBODY,
        "staff",
        "employee",
        "employees",
        "applicant",
        "applicants",
        "candidate",
        "contractor",
        "supplier",
        "organisation",
    }
)
"""Whose data a policy for customers and users does not speak of, as ``about`` says it."""

PROCESSOR = "processor"

IDENTIFYING: tuple[DataCategory, ...] = (
    DataCategory.USER_NAME,
    DataCategory.USER_CONTACT_EMAIL,
    DataCategory.USER_CONTACT_PHONE_NUMBER,
    DataCategory.USER_CONTACT_FAX_NUMBER,
    DataCategory.USER_CONTACT_SOCIAL_URL,
    DataCategory.USER_CONTACT_ADDRESS_STREET,
    DataCategory.USER_GOVERNMENT_ID,
    DataCategory.USER_FINANCIAL,
    DataCategory.USER_HEALTH,
    DataCategory.USER_BIOMETRICS,
    DataCategory.USER_AUTHORIZATION,
    DataCategory.USER_ACCOUNT_USERNAME,
    DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH,
    DataCategory.USER_DEVICE_IP_ADDRESS,
    DataCategory.USER_DEVICE_DEVICE_ID,
    DataCategory.USER_DEVICE_COOKIE_ID,
    DataCategory.USER_LOCATION_PRECISE,
    DataCategory.USER_CHILDREN,
    DataCategory.USER_CRIMINAL_HISTORY,
)
"""Categories that make a row personal by themselves.

A city, a country or a language describes; a table of countries holds nobody's data
unless its rows refer to people.
"""


def speaks_of(dataset: Dataset) -> bool:
    """Return whether what the policy promises is held against `dataset`.

    Personnel files are not its people, and what is held for a client is under the
    client's policy.
    """
    return dataset.about.strip().lower() not in OTHERS and dataset.held_as != PROCESSOR


def listed(dataset: Dataset) -> bool:
    """Return whether ``datamap.toml`` lists `dataset`."""
    return dataset.state is not State.UNLISTED


def sure(field: Field) -> tuple[DataCategory, ...]:
    """Return the categories that `field` holds without doubt.

    A person's label counts as it stands. Of discovery's labels, which are alternatives
    as often as they are companions, the best counts where it is likely enough.
    """
    if field.decided_by is DecidedBy.PERSON:
        return tuple(each.category for each in field.categories)
    best = _best(field)
    return (best.category,) if best is not None and best.score >= SURE else ()


def doubtful(field: Field) -> bool:
    """Return whether discovery suspects something in `field` that nobody confirmed."""
    best = _best(field)
    return field.decided_by is not DecidedBy.PERSON and best is not None and best.score < SURE


def covers_any(stated: Iterable[DataCategory], found: Iterable[DataCategory]) -> bool:
    """Return whether any of `stated` covers any of `found`."""
    wanted = tuple(found)
    return any(each.covers(other) for each in stated for other in wanted)


def about_people(dataset: Dataset, inventory: Inventory) -> bool:
    """Return whether the rows of `dataset` are about people.

    They are where a field identifies somebody, or where a field describes and the
    rows refer to a dataset that identifies.
    """
    if _identifies(dataset):
        return True
    if not any(sure(field) for field in dataset.fields if field.personal):
        return False
    people = {each.id for each in inventory.datasets if _identifies(each)}
    return any(reference.to in people for reference in dataset.references)


def telling_fields(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields that surely hold something about people, those that identify first."""
    personal = [each for each in dataset.fields if each.personal and sure(each)]
    personal.sort(key=lambda each: not covers_any(IDENTIFYING, sure(each)))
    return tuple(each.name for each in personal)


def _identifies(dataset: Dataset) -> bool:
    return any(covers_any(IDENTIFYING, sure(field)) for field in dataset.fields)


def _best(field: Field) -> Classified | None:
    return max(field.categories, key=lambda each: each.score, default=None)
