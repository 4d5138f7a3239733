"""How much a check looked at, and what it did not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that a check should have looked at and did not, or not wholly.

    Attributes:
        store: Name of the store.
        dataset: Name of the dataset, or empty where the whole store is meant.
        reason: Why, as a clause that continues a sentence: ``"it did not answer"``.
    """

    store: str
    dataset: str = ""
    reason: str

    @property
    def where(self) -> str:
        """The store, with the dataset where one is meant."""
        return f"{self.store}.{self.dataset}" if self.dataset else self.store


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What one check looked at for one promise.

    Attributes:
        stores: Names of the stores looked into.
        datasets: How many datasets were read or compared.
        rows_read: How many of their rows.
        rows: How many rows they have.
        gaps: What was left out. Coverage with a gap proves presence, never absence.
        measures: Further counts that say how far the look went, by name.
    """

    stores: tuple[str, ...] = ()
    datasets: int = 0
    rows_read: int = 0
    rows: int = 0
    gaps: tuple[Gap, ...] = ()
    measures: Mapping[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether everything that was declared was looked at."""
        return not self.gaps and self.rows_read >= self.rows

    @property
    def percent(self) -> int:
        """The rows read of the rows there are, rounded down: 100 means all."""
        return _WHOLE if self.rows <= self.rows_read else self.rows_read * _WHOLE // self.rows

    def as_json(self) -> dict[str, object]:
        """Return the coverage as JSON values, as ``kept check --json`` prints it."""
        body: dict[str, object] = {
            "stores": list(self.stores),
            "datasets": self.datasets,
            "rows_read": self.rows_read,
            "rows": self.rows,
            "complete": self.complete,
            **self.measures,
        }
        if self.gaps:
            body["gaps"] = [
                {"store": gap.store, "dataset": gap.dataset, "reason": gap.reason}
                for gap in self.gaps
            ]
        return body
