"""How what only people can do is brought to them, and how their answers end a request."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from kept.errors import KeptError, RefusedError
from kept.evidence.body import Json
from kept.evidence.entry import Entry
from kept.evidence.log import Log
from kept.plans.plan import Task
from kept.rights.handing import Answered, Handing, HandsOver, checked_note, needed
from kept.rights.request import RequestState, RightsRequest
from kept.subjects.identifier import Identifier
from kept.workflows.request_ports import Requests

_WAITING = frozenset({RequestState.REQUIRES_ACTION})


class TaskUnknownError(RefusedError):
    """A request has no such task, or it does not wait for one."""

    code: ClassVar[str] = "requests.task-unknown"
    remedy: str = "Run `kept request show ID`: it lists the tasks that wait."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """What somebody answered.

    Attributes:
        store: Where the task was.
        dataset: Likewise.
        answered: What became of it.
        note: How, or why not; nothing about the person.
        by: Who answered.
    """

    store: str
    dataset: str
    answered: Answered
    note: str = ""
    by: str = "operator"


def hand_tasks(
    desk: HandsOver,
    request: RightsRequest,
    tasks: Sequence[Task],
    identifiers: Sequence[Identifier],
    *,
    kinds: Sequence[str],
) -> tuple[tuple[Task, KeptError], ...]:
    """Bring every task of a request to people, and return those that could not be, with why.

    Args:
        desk: Who brings them.
        request: The request.
        tasks: Its tasks.
        identifiers: Who the person is.
        kinds: Kinds of identifier that may be passed on.
    """
    failed: list[tuple[Task, KeptError]] = []
    for task in tasks:
        handing = Handing(
            request=request.id,
            right=request.right,
            due=request.due,
            task=task,
            identifiers=needed(identifiers, kinds),
        )
        try:
            desk.hand_over(handing)
        except KeptError as error:
            failed.append((task, error))
    return tuple(failed)


def answer_task(
    requests: Requests, log: Log, request: str, answer: TaskAnswer, at: datetime
) -> RightsRequest:
    """Note what became of a task; with the last one the request ends. Repeatable.

    Every task done, the request is fulfilled. One that was refused leaves it unfulfilled:
    it is never shown as complete.

    Raises:
        TaskUnknownError: The request does not wait for such a task.
        NoteRefusedError: The note holds what must not be kept.
    """
    note = checked_note(answer.note)
    found = requests.load(request)
    tasks = _tasks(found)
    mine = [each for each in tasks if _is(each, answer)]
    if not mine:
        raise TaskUnknownError(f"the request {request} has no task in {answer.store}")
    if all(each.get("answer") == answer.answered.value for each in mine):
        return found
    if found.state not in _WAITING:
        raise TaskUnknownError(
            f"the request {request} is {found.state.value} and waits for no task"
        )
    told = {"answer": answer.answered.value, "note": note, "answered_at": at.isoformat()}
    tasks = [{**each, **told} if _is(each, answer) else each for each in tasks]
    moved = _moved(replace(found, result={**found.result, "tasks": tasks}), tasks, at)
    place = f"{answer.store}/{answer.dataset}/{answer.answered.value}"
    entry = Entry(
        type="request.task",
        at=at,
        operation=f"{found.operation}/task/{place}",
        body={**_body(found, answer, note), "state": moved.state.value},
    )
    # The log first: an answer that is kept twice is one entry, one that is lost is none.
    log.append([entry], at)
    requests.save(moved)
    return moved


def _body(request: RightsRequest, answer: TaskAnswer, note: str) -> dict[str, Json]:
    return {
        "request": request.id,
        "right": request.right.value,
        "store": answer.store,
        "dataset": answer.dataset,
        "answer": answer.answered.value,
        "note_sha256": hashlib.sha256(note.encode()).hexdigest() if note else "",
        "answered_by": answer.by,
    }


def _moved(
    request: RightsRequest, tasks: Sequence[Mapping[str, object]], at: datetime
) -> RightsRequest:
    answers = {each.get("answer") for each in tasks}
    if None in answers:
        return request
    performed = request.moved(RequestState.REQUIRED_ACTION_PERFORMED, at)
    if answers == {Answered.DONE.value}:
        return performed.moved(RequestState.ACCEPTED, at).moved(RequestState.FULFILLED, at)
    return performed.moved(RequestState.UNFULFILLED, at)


def _tasks(request: RightsRequest) -> list[Mapping[str, object]]:
    found = request.result.get("tasks", [])
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _is(task: Mapping[str, object], answer: TaskAnswer) -> bool:
    return task.get("store") == answer.store and task.get("dataset") == answer.dataset
