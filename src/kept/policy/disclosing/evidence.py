"""What there is to judge one language of one document by."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kept.policy.disclosing.statement import Statement
from kept.policy.disclosing.status import Status
from kept.promises.promise import Category, Promise
from kept.vocabulary.duty import Duty

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Ruling:
    """How far an item is stated, and by which promises."""

    status: Status
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The statements of one language of one document, in order.

    Attributes:
        statements: All of them.
        promises: What was read in them, each once.
    """

    statements: Sequence[Statement]
    promises: Sequence[Promise]
    _places: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the statements by signal: every item asks for a few."""
        for at, each in enumerate(self.statements):
            for name in each.says:
                self._places.setdefault(name, []).append(at)

    def saying(self, *names: str) -> list[Statement]:
        """Return the statements whose own words give one of the signals `names`, in order."""
        return [self.statements[at] for at in self._at(names)]

    def stating(self, *names: str) -> list[Statement]:
        """Return the same, headings apart: a heading announces and states nothing."""
        return [each for each in self.saying(*names) if not each.heading]

    def said(self, *names: str) -> bool:
        """Return whether any statement gives one of the signals `names`."""
        return any(name in self._places for name in names)

    def _at(self, names: Iterable[str]) -> list[int]:
        return sorted({at for name in names for at in self._places.get(name, ())})

    def of(self, *categories: Category) -> list[Promise]:
        """Return the promises of these categories."""
        return [each for each in self.promises if each.category in categories]

    def with_duty(self, *duties: Duty) -> list[Promise]:
        """Return the promises that create one of these duties."""
        return [each for each in self.promises if any(duty in each.duties for duty in duties)]

    def about(self, holds: Callable[[Promise], bool]) -> Iterator[Statement]:
        """Yield the statements in which a promise stands of which `holds` is true."""
        return (each for each in self.statements if any(map(holds, each.promises)))

    def near(self, names: Iterable[str], wanted: Iterable[str]) -> bool:
        """Return whether one of `wanted` is said where one of `names` is, or just after."""
        following = frozenset(self._at(wanted))
        return any(not following.isdisjoint(range(at, at + _NEAR)) for at in self._at(names))


def promises_of(statements: Iterable[Statement]) -> tuple[Promise, ...]:
    """Return the promises of `statements`, each once, in order."""
    return tuple({each.id: each for one in statements for each in one.promises}.values())
