"""How a second opinion is asked for, and what of it a person is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kept.errors import RefusedError
from kept.policy.extraction.extraction import extract
from kept.policy.opinion import Opinion, SecondOpinion, hear
from kept.policy.source import Source
from kept.promises.promise import Register
from kept.promises.review import Missed, Review

MOST_POLICIES = 20
"""How many policies are asked about in one run: each is a question that may cost money."""


class ManyPoliciesError(RefusedError):
    """More policies are to be asked about than one run asks about."""

    code: ClassVar[str] = "second-opinion.too-many"
    remedy: str = "Name fewer policies, and ask again for the others."


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a second reader said of each policy, in order.

    Attributes:
        opinions: By the name of the document.
    """

    opinions: tuple[tuple[str, Opinion], ...]

    @property
    def missed(self) -> tuple[Missed, ...]:
        """Everything that a person should decide on."""
        return tuple(each for _, opinion in self.opinions for each in opinion.missed)


def ask(
    sources: Sequence[Source], register: Register, review: Review, second: SecondOpinion
) -> Heard:
    """Ask about each policy, one after the other. The register stays as it is.

    Args:
        sources: The policies as files.
        register: What was read from them, before decisions.
        review: What people decided: nothing of it is proposed anew.
        second: Who is asked.

    Raises:
        ManyPoliciesError: There are more than `MOST_POLICIES`; nobody was asked.
        RefusedError: A policy cannot be asked about.
        UnavailableError: There was no answer; calling again is safe.
    """
    if len(sources) > MOST_POLICIES:
        raise ManyPoliciesError(f"one run asks about {MOST_POLICIES} policies at most")
    return Heard(
        opinions=tuple(
            (source.name, _opinion(source, register, review, second)) for source in sources
        )
    )


def _opinion(source: Source, register: Register, review: Review, second: SecondOpinion) -> Opinion:
    text = extract(source.content, source.name).text
    read = Register(
        documents=tuple(each for each in register.documents if each.name == source.name),
        promises=tuple(
            each
            for each in register.promises
            if source.name in {clause.document for clause in (each.clause, *each.parallel)}
        ),
    )
    return hear(second.propose(text, read), text, source.name, read, review)
