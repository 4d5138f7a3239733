"""What the pages show: one look at a policy and its stores, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kept.promises.promise import Register
from kept.promises.scoreboard import Scoreboard


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the scoreboard page is made of. Holds nothing about a person.

    Attributes:
        controller: Name of the company.
        published: Address at which people read the policy, or empty.
        at: When the checks ran (UTC).
        register: What was read from the policy.
        scoreboard: What is said of each promise.
        requests: Requests that were carried out, each as ``kept request show --json``
            prints it.
    """

    controller: str
    published: str = ""
    at: datetime
    register: Register
    scoreboard: Scoreboard
    requests: tuple[Mapping[str, object], ...] = field(default=())
