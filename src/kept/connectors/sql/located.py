"""Which rows of a store were found to be a person's, and how."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.plans.connector import Key
from kept.plans.identity import Mark
from kept.plans.plan import Step
from kept.vocabulary.identifier_kind import IdentifierKind


@dataclass(slots=True)
class Rows:
    """The rows found in one dataset, by the key that names them in the transaction.

    Attributes:
        step: The plan's step.
        columns: Names of the values held, in order.
        values: The rows.
        own: Rows that are the person's.
        forward: Those of them that were reached only because a row of the person refers
            to them: another's row may refer to them too.
        shared: Rows that are about others as well.
        foreign: Own rows that somebody else owns too.
    """

    step: Step
    columns: tuple[str, ...]
    values: dict[Key, tuple[Value, ...]] = field(default_factory=dict)
    own: set[Key] = field(default_factory=set)
    forward: set[Key] = field(default_factory=set)
    shared: set[Key] = field(default_factory=set)
    foreign: set[Key] = field(default_factory=set)

    def of(self, keys: Iterable[Key], names: Sequence[str]) -> Iterator[tuple[Key, Key]]:
        """Yield for each of `keys` the key itself and the row's values of `names`."""
        at = [self.columns.index(name) for name in names]
        if len(at) == 1:
            (place,) = at
            for key in keys:
                yield key, (self.values[key][place],)
            return
        for key in keys:
            row = self.values[key]
            yield key, tuple(row[each] for each in at)

    def distinct(self, keys: Iterable[Key], names: Sequence[str]) -> tuple[Key, ...]:
        """Return the distinct values of `names` among the rows, NULL left out."""
        return tuple(dict.fromkeys(each for _, each in self.of(keys, names) if None not in each))

    @property
    def found(self) -> set[Key]:
        """Every row found, that somebody else owns too left out."""
        return (self.own | self.shared) - self.foreign


@dataclass(slots=True)
class Located:
    """Every row found in one store, and what is known of the person.

    Attributes:
        rows: By dataset, in the plan's order.
        marks: Identifiers of the person that nobody else has.
        shared: Identifiers of the person that somebody else has too.
        spellings: How the stores spell these identifiers.
        given: Identifiers that the request names.
        unasked: Kinds of which it was not asked whether somebody else has them too: a whole
            dataset would have had to be read.
    """

    rows: dict[DatasetId, Rows]
    marks: frozenset[Mark] = frozenset()
    shared: frozenset[Mark] = frozenset()
    spellings: frozenset[tuple[Mark, str]] = frozenset()
    given: frozenset[Mark] = frozenset()
    unasked: frozenset[IdentifierKind] = frozenset()
