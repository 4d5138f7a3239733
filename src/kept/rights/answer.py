"""What a person gets who asks what is held on them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kept.inventory.classification.cards import is_card_number
from kept.inventory.classification.secrets import PasswordScheme, password_scheme
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Record
from kept.plans.plan import FieldPart, Hidden, Plan, Remark, Task
from kept.rights.redaction import Redactor
from kept.vocabulary.data_category import DataCategory

FORMAT = 1
_LAST_DIGITS = 4

REASONS: Mapping[Hidden, str] = {
    Hidden.SECRET: "A secret that protects you: handing it out would make it worthless.",
    Hidden.DECIDED: "Left out of answers by decision.",
    Hidden.ANOTHER_PERSON: "About another person (GDPR Art. 15(4)).",
    Hidden.NOBODY_DECIDED: "In a record about several people, and not known to be about you.",
}
"""Why a value is not shown, in words for the person who asked."""

_HASHES = frozenset(
    {
        PasswordScheme.ARGON2,
        PasswordScheme.BCRYPT,
        PasswordScheme.SCRYPT,
        PasswordScheme.YESCRYPT,
        PasswordScheme.PBKDF2,
        PasswordScheme.SHA512_CRYPT,
        PasswordScheme.SHA256_CRYPT,
        PasswordScheme.SCRAM,
        PasswordScheme.PHPASS,
        PasswordScheme.MD5_CRYPT,
        PasswordScheme.LDAP_SALTED_SHA,
        PasswordScheme.LDAP_SHA,
        PasswordScheme.LDAP_MD5,
    }
)
"""Forms that nothing but a stored password has, whatever its column is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHead:
    """What stands above an answer.

    Attributes:
        request: Id of the request.
        controller: Who answers.
        contact: Where to write.
        made_at: When the answer was made (UTC).
        law: Under which law.
    """

    request: str
    controller: str
    contact: str
    made_at: datetime
    law: str


def answer(
    head: AnswerHead,
    plan: Plan,
    records: Iterable[Record],
    *,
    others: frozenset[str],
    marks: frozenset[str],
    remarks: Iterable[Remark],
) -> dict[str, object]:
    """Return the answer to an access request as JSON values.

    Everything that a person's rows hold is in it, or a line that says why it is not:
    secrets, what a decision leaves out, and other people. Texts are searched for others.

    Args:
        head: What stands above.
        plan: The plan that was carried out.
        records: Every row found, of all stores.
        others: Names of other people whom these rows mention.
        marks: Identifiers of the person.
        remarks: What the answer must say of itself.
    """
    held = list(records)
    parts = {
        step.dataset: {part.name: part for part in step.fields}
        for part_of_store in plan.parts
        for step in part_of_store.steps
    }
    own, names = _own(held, parts)
    redactor = Redactor(own=own | marks, names=names, others=others)
    return {
        "kept_package": FORMAT,
        "request": head.request,
        "right": plan.right.value,
        "law": head.law,
        "made_at": head.made_at.isoformat(),
        "controller": {"name": head.controller, "contact": head.contact},
        "groups": [
            _group(dataset, list(rows), parts.get(dataset, {}), redactor)
            for dataset, rows in groupby(held, key=lambda each: each.dataset)
        ],
        "remarks": [remark_json(each) for each in remarks],
        "tasks": [task_json(each) for each in plan.tasks],
    }


def remark_json(remark: Remark) -> dict[str, object]:
    """Return a remark as JSON values."""
    return {
        "code": remark.code.value,
        "store": remark.store,
        "dataset": remark.dataset,
        "field": remark.field,
        "count": remark.count,
        "message": remark.message,
    }


def task_json(task: Task) -> dict[str, object]:
    """Return a task as JSON values."""
    return {
        "store": task.store,
        "dataset": task.dataset,
        "action": task.action,
        "message": task.message,
    }


def _own(
    records: Iterable[Record], parts: Mapping[DatasetId, Mapping[str, FieldPart]]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return what the person's rows hold of them, and which of it is names.

    Found in a text, it is not somebody else.
    """
    found: set[str] = set()
    names: set[str] = set()
    for record in records:
        fields = parts.get(record.dataset, {})
        for name, value in record.values.items():
            part = fields.get(name)
            if part is None or value is None or name in record.hidden or part.text:
                continue
            if record.shared and part.of is None:
                continue
            if isinstance(value, str | int) and part.categories:
                found.add(str(value))
                if any(DataCategory.USER_NAME.covers(each) for each in part.categories):
                    names.add(str(value))
    return frozenset(found), frozenset(names)


def _group(
    dataset: DatasetId,
    records: list[Record],
    parts: Mapping[str, FieldPart],
    redactor: Redactor,
) -> dict[str, object]:
    return {
        "store": dataset.store,
        "dataset": dataset.name,
        "count": len(records),
        "items": [
            {
                "shared": record.shared,
                "data": [
                    _datum(name, value, record.hidden.get(name), parts.get(name), redactor)
                    for name, value in record.values.items()
                ],
            }
            for record in records
        ],
    }


def _datum(
    name: str,
    value: Value,
    hidden: Hidden | None,
    part: FieldPart | None,
    redactor: Redactor,
) -> dict[str, object]:
    categories = sorted(each.value for each in part.categories) if part else []
    datum: dict[str, object] = {"name": name, "categories": categories}
    if value is not None and hidden is None and part is not None and _is_secret(value, part):
        hidden = Hidden.SECRET
    if hidden is not None and value is not None:
        because = part.because if part is not None and part.because else REASONS[hidden]
        return {**datum, "withheld": {"code": hidden.value, "because": because}}
    if isinstance(value, bytes):
        return {**datum, "value": base64.b64encode(value).decode(), "encoding": "base64"}
    if isinstance(value, str) and part is not None:
        return {**datum, **_text(value, part, redactor)}
    return {**datum, "value": value}


def _text(value: str, part: FieldPart, redactor: Redactor) -> dict[str, object]:
    digits = "".join(each for each in value if each.isdigit())
    if DataCategory.USER_FINANCIAL_CREDIT_CARD in part.categories and is_card_number(digits):
        return {
            "value": f"•••• {digits[-_LAST_DIGITS:]}",
            "redacted": [{"kind": "card number", "count": 1}],
        }
    if not part.text:
        return {"value": value}
    text, redactions = redactor.redact(value)
    if not redactions:
        return {"value": text}
    return {
        "value": text,
        "redacted": [
            {"kind": each.kind, "count": each.count, "because": REASONS[Hidden.ANOTHER_PERSON]}
            for each in redactions
        ],
    }


def _is_secret(value: Value, part: FieldPart) -> bool:
    """Return whether a value gives itself away: a password's hash, or a card's code."""
    text = str(value).strip()
    if DataCategory.USER_FINANCIAL_CREDIT_CARD in part.categories:
        # A number of three or four digits beside a card is its code, or its last digits
        # where the column says so; which one it is cannot be told, so it is not shown.
        return text.isdigit() and len(text) in {3, 4} and "last" not in part.name.casefold()
    return isinstance(value, str) and password_scheme(value) in _HASHES
