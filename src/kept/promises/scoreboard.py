"""How a whole policy stands: its promises counted by verdict, and their order on a board."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, PromiseVerdict, Verdict, worst

NO_PROMISE = "no_promise"
"""Where a clause that promises nothing is counted."""

_ORDER = ("kept", "at_risk", "broken", "unproven", "impossible", NO_PROMISE)


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """The verdicts of a policy, in the order of its text.

    Attributes:
        verdicts: One for each clause of the register, clauses that promise nothing included.
    """

    verdicts: tuple[PromiseVerdict, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many promises have each verdict; every key is there, zero included."""
        counts = dict.fromkeys(_ORDER, 0)
        for each in self.verdicts:
            counts[NO_PROMISE if each.verdict is None else str(each.verdict)] += 1
        return counts

    @property
    def worst_first(self) -> tuple[tuple[Verdict, tuple[PromiseVerdict, ...]], ...]:
        """The promises grouped by verdict, worst group first, in the text's order within."""
        return tuple(
            (verdict, group)
            for verdict in Verdict
            if (group := tuple(each for each in self.verdicts if each.verdict is verdict))
        )


def verdict_of(promise: Promise, duties: Sequence[DutyVerdict]) -> PromiseVerdict:
    """Return what is said of `promise`, given what was said of each of its duties.

    The worst duty counts, and a duty of which nothing was said is unproven. Words that
    nothing can keep are `IMPOSSIBLE`, and still broken where a duty of theirs is.
    """
    said = [each.verdict for each in duties]
    if not set(promise.duties) <= {each.duty for each in duties}:
        said.append(Verdict.UNPROVEN)
    if promise.impossible and promise.duties:
        said.append(Verdict.IMPOSSIBLE)
    return PromiseVerdict(
        promise=promise.id,
        quote=promise.clause.quote,
        verdict=worst(said) if promise.duties else None,
        duties=tuple(duties),
    )


def scoreboard(
    promises: Iterable[Promise], duties: Mapping[str, Sequence[DutyVerdict]]
) -> Scoreboard:
    """Return the board of `promises`, given the verdicts of their duties by promise id."""
    return Scoreboard(tuple(verdict_of(each, duties.get(each.id, ())) for each in promises))
