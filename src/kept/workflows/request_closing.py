"""How a request that was carried out is closed: hashes, entry, receipt, state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from kept.errors import UnavailableError
from kept.evidence.body import Json
from kept.evidence.entry import Entry, pseudonym
from kept.plans.connector import Done
from kept.plans.plan import DatasetCounts, Remark, Task
from kept.rights.request import RequestState, RightsRequest
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Suppression
from kept.vocabulary.right import Right
from kept.workflows.request_ports import Ports
from kept.workflows.request_report import counts_json, entry_body
from kept.workflows.request_stores import Failure

REPLAY = "replay"
"""Who opens a request that erases again what a restore brought back."""


class ErasureUnfinishedError(UnavailableError):
    """Rows were erased, and what proves it could not be written yet."""

    code: ClassVar[str] = "requests.unfinished"
    remedy: str = (
        "Put right what the message names, then run `kept request list`: it finishes the "
        "request from what was noted before the rows were erased."
    )


class ErasureInterruptedError(UnavailableError):
    """An erasure was interrupted before a store did its part."""

    code: ClassVar[str] = "requests.interrupted"
    remedy: str = "Run the erasure again: it finds and erases what is left."


@dataclass(frozen=True, slots=True)
class Case:
    """A request, and the name of its person's random key in the vault.

    Attributes:
        request: The request.
        subject: The name of the key.
        person: Who the person is, as far as that is still known. Never shows in ``repr``.
    """

    request: RightsRequest
    subject: str
    person: tuple[Identifier, ...] = field(default=(), repr=False)


def subject_of(suppression: Suppression, identifiers: Iterable[Identifier]) -> str:
    """Return the name of the person's random key: a keyed hash of an identifier."""
    return f"subject/{min(suppression.identifier(each) for each in identifiers).hex()}"


def entry_of(
    ports: Ports, case: Case, kind: str, suffix: str, body: Mapping[str, Json], at: datetime
) -> Entry:
    """Return an entry of the log about a request; one suffix names one entry."""
    request = case.request
    operation = f"{request.operation}/{suffix}" if suffix else request.operation
    return Entry(
        type=kind,
        at=at,
        operation=operation,
        body={
            "request": request.id,
            "right": request.right.value,
            "subject": pseudonym(ports.secret(case.subject), operation),
            "law": request.law,
            "received_at": request.received_at.isoformat(),
            "due": request.due.isoformat(),
            "vouched_by": request.opened_by,
            **body,
        },
    )


def remember(ports: Ports, request: RightsRequest, done: Done) -> None:
    """Keep the hashes of whom and what one store erased. Repeating it changes nothing.

    What is erased again is remembered since it was erased first: who signed up between the
    two is no copy of who went.
    """
    if request.opened_by == REPLAY or not any(each.erased or each.blanked for each in done.counts):
        return
    suppression = ports.suppression
    ports.erasures.record(
        request.id,
        request.received_at,
        identifiers=[
            suppression.identifier(Identifier(kind, value)) for kind, value in sorted(done.marks)
        ],
        rows=[suppression.row(dataset.store, dataset.name, key) for dataset, key in done.erased],
    )


def witness_store(ports: Ports, case: Case, store: str, done: Done, at: datetime) -> None:
    """Append the entry of one store's part, where a request has several stores."""
    body: dict[str, Json] = {"store": store, "datasets": counts_json(done.counts)}
    ports.log.append([entry_of(ports, case, "request.store", store, body, at)], at)


def close(
    ports: Ports,
    case: Case,
    counts: Iterable[DatasetCounts],
    remarks: Iterable[Remark],
    tasks: tuple[Task, ...],
    failures: tuple[Failure, ...],
    at: datetime,
) -> RightsRequest:
    """Append the entry of the whole request, and keep its result, receipt and state.

    An entry that the log has already is not appended again: what it says is the result.
    """
    counts = tuple(counts)
    # Queued before it is closed: whoever finishes it after a crash queues them again.
    notices = (
        ports.recipients.queue(case.request, counts, case.person, at)
        if case.request.right is Right.ERASURE
        else ()
    )
    body = entry_body(counts, remarks, tasks, failures, notices)
    if failures:
        waits = all(isinstance(each.error, UnavailableError) for each in failures)
        state = RequestState.ACTION_DELAYED if waits else RequestState.UNFULFILLED
    elif tasks:
        state = RequestState.REQUIRES_ACTION
    else:
        state = RequestState.FULFILLED
    right = case.request.right.value
    entry = entry_of(ports, case, f"request.{right}", "", {**body, "state": state.value}, at)
    receipt = ports.log.append([entry], at)[0]
    said = receipt.entry.body
    accepted = case.request.moved(RequestState.ACCEPTED, at)
    closed = replace(
        accepted,
        result={name: said[name] for name in body if name in said},
        receipt=receipt.to_json(),
    ).moved(RequestState(str(said["state"])), at)
    ports.requests.save(closed)
    return closed


def sorted_remarks(*groups: Iterable[Remark]) -> tuple[Remark, ...]:
    """Return remarks of several places once each, in order."""
    return tuple(sorted({remark for group in groups for remark in group}))
