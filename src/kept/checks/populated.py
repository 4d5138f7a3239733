"""In how many rows fields hold something."""

from dataclasses import dataclass
from typing import ClassVar

from kept.checks.emptiness import is_empty, populated
from kept.checks.port import Columns
from kept.inventory.dataset import DatasetId


@dataclass(slots=True)
class Populated:
    """Counts the rows in which a field holds something."""

    dataset: DatasetId
    name: str
    rows: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The one field."""
        return (self.name,)

    def observe(self, columns: Columns) -> None:
        """Count the values that are not empty."""
        self.rows += populated(columns[0])


@dataclass(slots=True)
class PopulatedRows:
    """Counts the rows in which any of some fields holds something."""

    in_part: ClassVar[bool] = True
    dataset: DatasetId
    fields: tuple[str, ...]
    rows: int = 0

    def observe(self, columns: Columns) -> None:
        """Count rows that are not empty in all of the fields."""
        self.rows += sum(
            1 for row in zip(*columns, strict=True) if not all(is_empty(each) for each in row)
        )
