"""How tasks are handed to people, and how their answers are taken, for ``kept request``."""

from collections.abc import Sequence
from typing import ClassVar

import typer

from kept.errors import RefusedError
from kept.rights.handing import Answered
from kept.rights.request import RightsRequest
from kept.runtime import Company
from kept.subjects.identifier import Identifier
from kept.workflows.answer_request import Outcome
from kept.workflows.hand_tasks import TaskAnswer, answer_task, hand_tasks


class TaskAnswerError(RefusedError):
    """It is not said what became of a task."""

    code: ClassVar[str] = "requests.task-answer"
    remedy: str = "Say --done, or --refused with a --note that says why."


def hand_over(company: Company, outcome: Outcome, identifiers: Sequence[Identifier]) -> None:
    """Bring the tasks of a request to people, where the settings say how.

    What cannot be brought is said on stderr: the request waits for it all the same.
    """
    settings = company.settings
    if not outcome.tasks or not settings.tasks_to:
        return
    from kept.connectors.task_desk import task_desk

    failed = hand_tasks(
        task_desk(settings.tasks_to),
        outcome.request,
        outcome.tasks,
        identifiers,
        kinds=settings.tasks_identity,
    )
    for task, error in failed:
        typer.echo(
            f"the task in {task.store}.{task.dataset} was not handed over ({error.code}): {error}",
            err=True,
        )


def answered(
    company: Company,
    request: str,
    store: str,
    dataset: str,
    *,
    done: bool,
    refused: bool,
    note: str,
) -> RightsRequest:
    """Note what became of a task, and return the request.

    Raises:
        TaskAnswerError: Neither is said, or both, or a refusal without why.
    """
    if done == refused or (refused and not note.strip()):
        raise TaskAnswerError("a task is answered with --done, or with --refused and a --note")
    answer = TaskAnswer(
        store=store,
        dataset=dataset,
        answered=Answered.DONE if done else Answered.REFUSED,
        note=note,
    )
    return answer_task(company.requests, company.log, request, answer, company.now)
