"""What a person is told who has to do a part of a request by hand, and what they may answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol

from kept.errors import RefusedError
from kept.plans.plan import Task
from kept.subjects.identifier import Identifier
from kept.vocabulary.right import Right

MOST_NOTE = 300
"""Characters of a note. It says how, not about whom."""

_PERSONAL = re.compile(r"[^\s@]+@[^\s@]+|\d(?:[\s().+-]?\d){6,}")


class NoteRefusedError(RefusedError):
    """A note to an answer holds what must not be kept with a request."""

    code: ClassVar[str] = "requests.note-refused"
    remedy: str = "Say in up to 300 characters what was done or why not, without naming the person."


class Answered(StrEnum):
    """What somebody answered who was asked to do a part of a request."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """One task on its way to a person.

    Attributes:
        request: Id of the request.
        right: What is asked for.
        due: Last day on which the answer to the person is in time.
        task: What has to be done, and where.
        identifiers: By which the person is found there: no more than the settings allow.
    """

    request: str
    right: Right
    due: date
    task: Task
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)

    @property
    def reference(self) -> str:
        """Names the task: the same task has the same one, however often it is handed over."""
        return f"{self.request}/{self.task.store}/{self.task.dataset}/{self.task.action}"

    @property
    def subject(self) -> str:
        """A line without personal data."""
        return f"[{self.request}] {self.task.action}: {self.task.store} (due {self.due})"

    @property
    def text(self) -> str:
        """What has to be done, by when, and how it is answered."""
        place = f"{self.task.store} {self.task.dataset!r}"
        people = [f"  {each.kind.value}: {_one_line(each.value)}" for each in self.identifiers]
        command = (
            f"kept request task {self.request} --store {self.task.store!r}"
            f" --dataset {self.task.dataset!r} --done"
        )
        return "\n".join(
            (
                f"Request {self.request} ({self.right.value}), due on {self.due}.",
                "",
                f"To do in {place}: {self.task.message}.",
                *(("", "The person is found by:", *people) if people else ()),
                "",
                "When it is done, or cannot be done, whoever runs Kept answers with",
                f"  {command}",
                '  (or --refused --note "why not")',
                "The request is not complete before. Delete this message then.",
                "",
            )
        )


class HandsOver(Protocol):
    """Brings tasks to people: by mail, or into a help desk."""

    def hand_over(self, handing: Handing) -> None:
        """Bring one task to whoever does it. Repeating it asks under the same reference.

        Raises:
            UnavailableError: It could not be brought there now.
            RefusedError: It is not taken there.
        """
        ...


def needed(identifiers: Sequence[Identifier], kinds: Sequence[str]) -> tuple[Identifier, ...]:
    """Return the identifiers that may be passed on: of the kinds named, and no others."""
    return tuple(each for each in identifiers if each.kind.value in kinds)


def checked_note(note: str) -> str:
    """Return a note that may be kept with a request.

    Raises:
        NoteRefusedError: It is too long, or holds an address or a number of somebody.
    """
    told = " ".join(note.split())
    if len(told) > MOST_NOTE:
        raise NoteRefusedError(f"a note has at most {MOST_NOTE} characters")
    if _PERSONAL.search(told):
        raise NoteRefusedError("a note must not hold an address or a number of somebody")
    return told


def _one_line(text: str) -> str:
    return " ".join(text.split())
