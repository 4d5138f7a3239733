"""Which field of a dataset tells when a row came into being."""

import re

from kept.checks.event import ACCOUNT_CREATED, COLLECTED, event_of
from kept.inventory.dataset import Dataset, Field

_NAMES = re.compile(
    r"(?:date_?|time_?|dt_?)?(?:created|creation|registered|registration|signed_?up|sign_?up|"
    r"joined|opened|inserted|enrolled|subscribed|added|member_since|customer_since)"
    r"(?:_?(?:at|on|date|time|datetime|ts|timestamp|utc))?|date_?created|date_?joined|"
    r"first_?seen(?:_?at)?",
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def creation_field(dataset: Dataset) -> Field | None:
    """Return the field that tells when a row of `dataset` was created, or ``None``.

    What a person declared comes first; else a name that says so.
    """
    for event in (ACCOUNT_CREATED, COLLECTED):
        for field in dataset.fields:
            if field.anchor and event_of(field.anchor) == event:
                return field
    return next((field for field in dataset.fields if _says_creation(field.name)), None)


def _says_creation(name: str) -> bool:
    return _NAMES.fullmatch(_CAMEL.sub("_", name).lower()) is not None
